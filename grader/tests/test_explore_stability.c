/* SPDX-License-Identifier: MIT */
/*
 * The same exploration says the same, byte for byte: with every core kept busy by others, and
 * under gdb. In make check each program is explored a few times, in make check-long more often;
 * make explore-stability does so as many times as INTERLOCK_STABILITY says.
 */
#include "explored.h"

#include "explore/symbols.h"
#include "explore/witness.h"

#include <jansson.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { BURNERS_MAX = 64, FEW = 3, MANY = 100 };

/* A race, a correct program and a deadlock. */
static const char *const kinds[] = {"-DRACY", "-DLOCK", "-DLOCK -DOPPOSITE"};

static pid_t burners[BURNERS_MAX];
static long burners_count;

/* Processes that do nothing but compute, one more than there are cores. */
static void keep_cores_busy(void)
{
	burners_count = sysconf(_SC_NPROCESSORS_ONLN) + 1;
	if (burners_count > BURNERS_MAX)
		burners_count = BURNERS_MAX;
	for (long i = 0; i < burners_count; i++) {
		burners[i] = fork();
		ck_assert_int_ge(burners[i], 0);
		if (burners[i] == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (volatile unsigned turns = 0;; turns++)
				;
		}
	}
}

static void leave_cores_alone(void)
{
	for (long i = 0; i < burners_count; i++) {
		kill(burners[i], SIGKILL);
		waitpid(burners[i], NULL, 0);
	}
}

/* All that there is to say: what was covered, what was found, the ladder and the JSON. */
static char *said(struct program *program)
{
	struct error error;
	char sentence[512], *text = NULL;
	size_t size = 0;
	struct coverage_report report;
	struct explorer *explorer = explored_whole(program, &explore_defaults);
	struct symbols *symbols =
		symbols_new(program->path, explorer_load_bias(explorer), &error);
	ck_assert_msg(symbols != NULL, "%s", error.message);
	FILE *out = open_memstream(&text, &size);
	const struct finding *finding = explorer_main_finding(explorer);
	explorer_coverage(explorer, &report);
	coverage_sentence(&report, sentence, sizeof(sentence));
	fprintf(out, "%s\n", sentence);
	if (finding) {
		json_t *json = finding_json(finding, symbols, true);
		defect_print(out, finding, symbols);
		witness_print(out, finding, symbols, 80);
		json_dumpf(json, out, JSON_INDENT(1));
		json_decref(json);
	}
	fclose(out);
	symbols_free(symbols);
	explorer_free(explorer);
	return text;
}

/* For comparing with what another run of this test said. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0;
	for (; *text; text++)
		hash = control_mix(hash ^ (unsigned char)*text) + 1;
	return hash;
}

static void explore_again(long times)
{
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct program *program = fixture_build("account.c", kinds[i], NULL);
		char *alone = said(program);
		keep_cores_busy();
		for (long k = 0; k < times; k++) {
			char *again = said(program);
			ck_assert_str_eq(again, alone);
			free(again);
		}
		leave_cores_alone();
		if (is_long_run())
			printf("%s: %ld explorations with all cores busy, one report "
			       "(%016llx):\n"
			       "  %.*s\n",
				kinds[i], times, (unsigned long long)hash_of(alone),
				(int)strcspn(alone, "\n"), alone);
		free(alone);
		program_free(program);
	}
}

START_TEST(every_exploration_says_the_same)
{
	explore_again(FEW);
}
END_TEST

START_LONG_TEST(many_explorations_say_the_same, every_exploration_says_the_same)
{
	const char *wanted = getenv("INTERLOCK_STABILITY");

	explore_again(wanted ? strtol(wanted, NULL, 10) : MANY);
}
END_TEST

static bool have_gdb(void)
{
	return system("command -v gdb >/dev/null 2>&1") == 0;
}

/* What the witness says that interlock explore leaves, started by the tool. */
static char *witness_by(const char *tool, const char *flags, const char *name)
{
	struct error error;
	char *interlock = path_of("interlock"), *file = scratch_path("%s.json", name);
	char *log = scratch_path("%s.log", name);
	char *command = text_format(
		"%s%s explore --witness %s %s grader/tests/explore/account.c >%s 2>&1",
		tool, interlock, file, flags, log);
	int status = system(command);
	char *text = file_read(file, 1 << 24, NULL, &error);
	ck_assert_msg(text != NULL, "%s: status %d, no witness", command, status);
	free(command);
	free(log);
	free(file);
	free(interlock);
	return text;
}

START_TEST(the_witness_is_the_same_under_gdb)
{
	if (!have_gdb()) {
		puts("there is no gdb: nothing is compared with it");
		return;
	}
	static const char gdb[] = "gdb -batch -nx -ex run --args ";
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i += 2) {
		char *expected = witness_by("", kinds[i], "plain");
		char *traced = witness_by(gdb, kinds[i], "gdb");
		ck_assert_str_eq(traced, expected);
		free(traced);
		free(expected);
	}
}
END_TEST

static void add_tests(TCase *tcase)
{
	tcase_set_timeout(tcase, is_long_run() ? 0 : suite_hang_seconds);
	add_short_test(tcase, every_exploration_says_the_same, 0, 1);
	add_short_test(tcase, the_witness_is_the_same_under_gdb, 0, 1);
	add_long_test(tcase, many_explorations_say_the_same, 0, 1);
}

int main(void)
{
	return suite_run_case(
		"explore-stability", add_tests, scratch_make, scratch_remove);
}
