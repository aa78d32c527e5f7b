/* SPDX-License-Identifier: MIT */
/*
 * Several servers that search at once come to what one alone does, to the last step. A part
 * of the corpus is compared; INTERLOCK_CORPUS=all in the environment compares the whole of it.
 */
#include "suite.h"

#include "explore/bench/corpus.h"
#include "explore/explore.h"
#include "explore/program.h"

enum { JOBS = 3, WORDS = 32, EACH = 15, PART = 4 };

static struct explorer *explore(struct program *program, uint32_t jobs)
{
	struct error error;
	struct explore_options options = explore_defaults;
	options.jobs = jobs;
	options.samples = 20; /* the search is what is compared */
	options.budget = 3000;
	struct explorer *explorer =
		explorer_new(&options, program_spawn, program, &error);
	ck_assert_msg(explorer != NULL, "%s", error.message);
	while (explorer_next(explorer))
		ck_assert_msg(explorer_run(explorer, &error) == 0, "%s", error.message);
	ck_assert_str_eq(explorer_divergence(explorer), "");
	return explorer;
}

static void compare_findings(
	const char *name, const struct explorer *one, const struct explorer *other)
{
	uint32_t count, others;
	const struct finding *findings = explorer_findings(one, &count);
	const struct finding *matches = explorer_findings(other, &others);
	ck_assert_uint_eq(count, others);
	for (uint32_t i = 0; i < count; i++) {
		ck_assert_msg(findings[i].execution == matches[i].execution &&
				      findings[i].defect.kind == matches[i].defect.kind &&
				      findings[i].defect.pc == matches[i].defect.pc,
			"%s: finding %u differs", name, i);
		ck_assert_msg(trace_equal(&findings[i].trace, &matches[i].trace),
			"%s: witness %u differs", name, i);
	}
}

static void compare(const char *name, struct program *program)
{
	struct explorer *one = explore(program, 1);
	struct explorer *other = explore(program, JOBS);
	struct coverage_report alone, together;
	char words[2][512];

	explorer_coverage(one, &alone);
	explorer_coverage(other, &together);
	coverage_sentence(&alone, words[0], sizeof(words[0]));
	coverage_sentence(&together, words[1], sizeof(words[1]));
	ck_assert_msg(
		strcmp(words[0], words[1]) == 0, "%s: %s, %s", name, words[0], words[1]);
	ck_assert_uint_eq(alone.minimising, together.minimising);
	ck_assert_uint_eq(alone.steps, together.steps);
	ck_assert_uint_eq(alone.outcomes, together.outcomes);
	compare_findings(name, one, other);
	explorer_free(one);
	explorer_free(other);
}

static void compare_program(const struct corpus_program *entry)
{
	struct error error;
	const char *words[WORDS + 1] = {NULL};
	char *copy, *flags[WORDS];
	struct program_sources sources = {.files_count = 1, .flags = flags};

	corpus_arguments(entry, words, WORDS, &copy);
	int count = 0;
	for (; words[count]; count++)
		flags[count] = (char *)(uintptr_t)words[count];
	sources.flags_count = count - 1; /* the last word is the file */
	sources.files = &flags[count - 1];
	struct program *program = program_build(&sources, &error);
	ck_assert_msg(program != NULL, "%s: %s", entry->name, error.message);
	compare(entry->name, program);
	program_free(program);
	free(copy);
}

/* Its search counts some states more or less each time, one server or several. */
static bool differs_by_itself(const struct corpus_program *entry)
{
	return strncmp(entry->name, "pipe_full", strlen("pipe_full")) == 0;
}

START_TEST(any_number_of_servers_finds_the_same)
{
	struct error error;
	const char *choice = getenv("INTERLOCK_CORPUS");
	bool all = choice && strcmp(choice, "all") == 0;
	struct corpus *corpus = corpus_read(&error);

	ck_assert_msg(corpus != NULL, "%s", error.message);
	for (unsigned i = 0; i < corpus->programs_count; i++) {
		const struct corpus_program *entry = &corpus->programs[i];
		if (!entry->slow && !differs_by_itself(entry) &&
			(all || i % EACH == PART))
			compare_program(entry);
	}
	corpus_free(corpus);
}
END_TEST

static const TTest *const *const tests[] = {&any_number_of_servers_finds_the_same};

int main(void)
{
	suite_hang_seconds = 1800;
	return suite_run("explore's servers", tests, sizeof(tests) / sizeof(tests[0]));
}
