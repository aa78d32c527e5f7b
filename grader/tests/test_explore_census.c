/* SPDX-License-Identifier: MIT */
/*
 * The census finds each access that a compiler does not announce, and none that it does. Its
 * own test takes away the rights to all shared memory in one execution, so that the processor
 * tells of each access, and compares.
 */
#include "base/file.h"
#include "base/memory.h"
#include "explore/bench/corpus.h"
#include "explore/explore.h"
#include "explore/program.h"
#include "explore/server.h"
#include "explore/symbols.h"

#include "../../reference/tests/long_test.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TIMEOUT_S = 3600, WORDS = 16 };

static const char *const compilers[] = {"gcc", "clang"};

static struct program *build(
	const char *compiler, char **files, int files_count, char **flags)
{
	struct error error;
	struct program_sources sources = {.compiler = compiler,
		.files = files,
		.files_count = files_count,
		.flags = flags};
	while (flags && flags[sources.flags_count])
		sources.flags_count++;
	struct program *program = program_build(&sources, &error);
	ck_assert_msg(program != NULL, "%s", error.message);
	return program;
}

static struct program *build_text(const char *compiler, const char *text)
{
	char path[] = "/tmp/interlock-census-XXXXXX.c";
	char *file = path;
	int fd = mkstemps(path, 2);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(dprintf(fd, "%s", text), (int)strlen(text));
	close(fd);
	struct program *program = build(compiler, &file, 1, NULL);
	unlink(path);
	return program;
}

static struct program *build_entry(
	const char *compiler, const struct corpus_program *entry)
{
	const char *words[WORDS + 1] = {NULL};
	char *copy, *flags[WORDS] = {NULL};
	corpus_arguments(entry, words, WORDS, &copy);
	int count = 0;
	for (; words[count]; count++)
		flags[count] = (char *)(uintptr_t)words[count];
	char *file = flags[count - 1];
	flags[count - 1] = NULL;
	struct program *program = build(compiler, &file, 1, flags);
	free(copy);
	return program;
}

/* What the processor saw in one execution. */
struct seen {
	uint64_t checked, missed;
	char place[128];
};

static struct seen run_protected(struct program *program)
{
	struct error error;
	struct server server;
	struct seen seen = {0};
	ck_assert_msg(server_start(&server, program_spawn, program, &error) == 0, "%s",
		error.message);
	server.memory->request = (struct request){.strategy = STRATEGY_FIRST,
		.max_steps = 10000,
		.hash_from = UINT32_MAX,
		.detect = DETECT_ALL,
		.protect = 1};
	server_set_plan(&server, NULL, 0);
	ck_assert_msg(server_execute(&server, &error) == 0, "%s", error.message);
	seen.checked = server.memory->accesses_checked;
	seen.missed = server.memory->accesses_missed;
	struct place place;
	struct symbols *symbols = symbols_new(program->path, 0, &error);
	if (seen.missed && symbols &&
		symbols_find(symbols, server.memory->missed_pc, &place))
		snprintf(seen.place, sizeof seen.place, "%s:%d in %s (%#lx, %s)",
			place.file, place.line, place.function,
			(unsigned long)server.memory->missed_pc,
			server.memory->missed_write ? "written" : "read");
	symbols_free(symbols);
	server_stop(&server);
	return seen;
}

static void compare_with_the_processor(
	const char *compiler, bool (*wanted)(const struct corpus_program *))
{
	struct error error;
	struct corpus *corpus = corpus_read(&error);
	uint64_t checked = 0;
	ck_assert_msg(corpus != NULL, "%s", error.message);
	for (unsigned i = 0; i < corpus->programs_count; i++) {
		const struct corpus_program *entry = &corpus->programs[i];
		if (!wanted(entry))
			continue;
		struct program *program = build_entry(compiler, entry);
		struct seen seen = run_protected(program);
		ck_assert_msg(!seen.missed,
			"%s by %s: %lu accesses were not announced, %s", entry->name,
			compiler, (unsigned long)seen.missed, seen.place);
		checked += seen.checked;
		program_free(program);
	}
	ck_assert_uint_gt(checked, 0);
	corpus_free(corpus);
}

/* The buggy version of a program has the same accesses. */
static bool has_accesses_of_a_kind_of_its_own(const struct corpus_program *entry)
{
	return !entry->slow && strstr(entry->file, "unannounced/") &&
	       strstr(entry->name, "-correct");
}

START_TEST(the_processor_sees_no_access_that_was_not_announced)
{
	compare_with_the_processor(compilers[_i], has_accesses_of_a_kind_of_its_own);
}
END_TEST

static bool is_settled(const struct corpus_program *entry)
{
	return !entry->open;
}

START_LONG_TEST(the_processor_sees_no_access_of_the_corpus_that_was_not_announced,
	the_processor_sees_no_access_that_was_not_announced)
{
	compare_with_the_processor(compilers[_i], is_settled);
}
END_TEST

/* The same without the census: its test would fail. */
START_TEST(a_program_without_its_breakpoints_has_accesses_that_nobody_announces)
{
	char *file = text_copy("grader/explore/corpus/unannounced/updates.c");
	char shape[] = "-DSHAPE=13", *flags[] = {shape, NULL}; /* assembly */
	struct program *program = build(compilers[_i], &file, 1, flags);
	ck_assert_uint_gt(program->census.count, 0);
	program->census.count = 0;
	struct seen seen = run_protected(program);
	ck_assert_uint_gt(seen.missed, 0);
	program_free(program);
	free(file);
}
END_TEST

START_TEST(what_is_announced_needs_no_breakpoint)
{
	static const char *const files[] = {"grader/explore/corpus/published/counter.c",
		"grader/explore/corpus/published/work_stealing.c",
		"grader/explore/corpus/detectors/access_sizes.c",
		"grader/explore/corpus/detectors/torn_copy.c"};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *file = text_copy(files[i]);
		struct program *program = build(compilers[_i], &file, 1, NULL);
		ck_assert_msg(!program->census.count, "%s by %s has %u", file,
			compilers[_i], program->census.count);
		program_free(program);
		free(file);
	}
}
END_TEST

/* Of which kind the only breakpoint of the program is. */
static void check_kind(const char *assembly, enum breakpoint_kind kind)
{
	char *text = text_format(
		"int x[4]; int main(void) { __asm__ volatile(%s); return 0; }\n",
		assembly);
	struct program *program = build_text("gcc", text);
	ck_assert_msg(program->census.count == 1 &&
			      program->census.list[0].kind == (uint8_t)kind,
		"%s: %u breakpoints, the first of kind %u", assembly,
		program->census.count,
		program->census.count ? program->census.list[0].kind : 99u);
	program_free(program);
	free(text);
}

START_TEST(each_instruction_is_what_it_does_to_memory)
{
	check_kind("\"movl $1, %0\" : \"=m\"(x[1])", BREAKPOINT_ACCESS);
	check_kind(
		"\"pushq %0; popq %%rax\" : : \"m\"(x[0]) : \"rax\"", BREAKPOINT_ACCESS);
	check_kind("\"lock; incl %0\" : \"+m\"(x[1])", BREAKPOINT_UPDATE);
	check_kind("\"xchgl %%eax, %0\" : \"+m\"(x[1]) : : \"eax\"", BREAKPOINT_UPDATE);
	check_kind("\"lock; cmpxchgl %%ecx, %0\" : \"+m\"(x[1]) : : \"eax\", \"ecx\"",
		BREAKPOINT_EXCHANGE);
	check_kind(
		"\"rep; stosb\" : : \"D\"(x), \"c\"(3), \"a\"(0)", BREAKPOINT_REPEATED);
	check_kind("\"btsl %%eax, %0\" : \"+m\"(x[1]) : : \"eax\"", BREAKPOINT_UNKNOWN);
	check_kind("\"syscall\" : : \"a\"(39) : \"rcx\", \"r11\"", BREAKPOINT_SYSCALL);
	check_kind("\".byte 0x06\" : : : \"memory\"", BREAKPOINT_UNKNOWN);
}
END_TEST

static void check_not_covered(const char *text, const char *what)
{
	struct error error;
	struct coverage_report report;
	struct program *program = build_text("gcc", text);
	struct explorer *explorer =
		explorer_new(&explore_defaults, program_spawn, program, &error);
	ck_assert_msg(explorer != NULL, "%s", error.message);
	while (explorer_next(explorer))
		ck_assert_msg(explorer_run(explorer, &error) == 0, "%s", error.message);
	explorer_coverage(explorer, &report);
	ck_assert_int_ne(report.kind, COVERAGE_COMPLETE);
	ck_assert_uint_eq(report.uncovered_count, 1);
	ck_assert_str_eq(report.uncovered[0].what, what);
	explorer_free(explorer);
	program_free(program);
}

START_TEST(an_instruction_that_nobody_knows_is_not_covered)
{
	check_not_covered(
		"static int x; int main(void) { __asm__ volatile(\"btsl %%eax, %0\" : "
		"\"+m\"(x) : : \"eax\"); return 0; }\n",
		"an instruction whose accesses are not known");
}
END_TEST

/* Machine code that the program writes itself makes a system call. */
START_TEST(a_system_call_from_code_that_was_not_read_is_not_covered)
{
	check_not_covered(
		"#include <string.h>\n#include <sys/mman.h>\n"
		"int main(void) {\n"
		"	static const unsigned char code[] = {0xb8, 39, 0, 0, 0, 0x0f, 5, "
		"0xc3};\n"
		"	void *page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,\n"
		"		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n"
		"	memcpy(page, code, sizeof code);\n"
		"	return ((int (*)(void))page)() == 77;\n"
		"}\n",
		"a system call from code that was not read beforehand");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("census");
	TCase *tcase = tcase_create("census");
	tcase_set_timeout(tcase, TIMEOUT_S);
	add_short_test(tcase, the_processor_sees_no_access_that_was_not_announced, 0, 2);
	add_long_test(tcase,
		the_processor_sees_no_access_of_the_corpus_that_was_not_announced, 0, 2);
	tcase_add_loop_test(tcase,
		a_program_without_its_breakpoints_has_accesses_that_nobody_announces, 0,
		2);
	tcase_add_loop_test(tcase, what_is_announced_needs_no_breakpoint, 0, 2);
	tcase_add_test(tcase, each_instruction_is_what_it_does_to_memory);
	tcase_add_test(tcase, an_instruction_that_nobody_knows_is_not_covered);
	tcase_add_test(tcase, a_system_call_from_code_that_was_not_read_is_not_covered);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
