/* SPDX-License-Identifier: MIT */
/* What a person reads of a witness: the program's own names and values, and no rows more. */
#include "explored.h"

#include "explore/witness.h"

static char *shown(const char *compiler, const char *file)
{
	struct error error;
	char *text = NULL;
	size_t size = 0;
	struct program *program = fixture_build(file, "", compiler);
	struct explorer *explorer = explored_whole(program, &explore_defaults);
	const struct finding *finding = explorer_main_finding(explorer);
	ck_assert(finding != NULL);
	struct symbols *symbols =
		symbols_new(program->path, explorer_load_bias(explorer), &error);
	ck_assert_msg(symbols != NULL, "%s", error.message);
	FILE *out = open_memstream(&text, &size);
	defect_print(out, finding, symbols);
	witness_print(out, finding, symbols, 80);
	fclose(out);
	symbols_free(symbols);
	explorer_free(explorer);
	program_free(program);
	return text;
}

static void expect(const char *text, const char *words)
{
	ck_assert_msg(strstr(text, words) != NULL, "no '%s' in\n%s", words, text);
}

static void names_with(const char *compiler)
{
	char *text = shown(compiler, "names.c");
	expect(text, "write bank->accounts[2].balance = 0.5\n");
	expect(text, "write table.hits[1][0] = 1\n");
	expect(text, "read calls = 0\n");
	expect(text, "write total = -1\n");
	expect(text, "write bank->sign = -1\n");
	expect(text, "write bank->open = true\n");
	expect(text, "lock bank->lock\n");
	expect(text, "read bank->visits[0] = 0\n");
	ck_assert_msg(strstr(text, "0x") == NULL, "%s", text);
	free(text);
}

START_TEST(memory_has_the_programs_names)
{
	names_with("gcc");
	names_with("clang");
}
END_TEST

START_TEST(who_waits_is_said_to_wait_for_what_it_does)
{
	char *text = shown(NULL, "asleep.c");
	expect(text, "in on_condition (on condition ");
	expect(text, "in on_semaphore (on semaphore ");
	expect(text, "in on_mutex (woken, lock ");
	free(text);
}
END_TEST

/* Three updates each, of which the first is lost: the deposits lie within one withdrawal. */
START_TEST(a_lost_update_takes_as_few_rows_as_there_are_accesses)
{
	char *text = shown(NULL, "account.c");
	expect(text, "1 preemption (none has fewer), 14 steps");
	ck_assert_msg(strstr(text, "no source line") == NULL, "%s", text);
	ck_assert_msg(strstr(text, " \n") == NULL, "blanks at a line's end in\n%s", text);
	free(text);
}
END_TEST

START_TEST(a_stack_that_overflows_in_a_thread_is_told_as_that)
{
	char *text = shown(NULL, "overflow.c");
	expect(text, "crash: stack overflow\n    T2 at overflow.c:");
	free(text);
}
END_TEST

/* Two that try for ever: some turns of the loop, and how many more there were. */
START_TEST(what_goes_round_in_a_loop_is_shown_once)
{
	char *text = shown(NULL, "tries.c");
	size_t rows = 0;
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		rows++;
	expect(text, "livelock: ");
	expect(text, " times more\n");
	ck_assert_msg(rows < 40, "%s", text);
	free(text);
}
END_TEST

static const TTest *const *const tests[] = {&memory_has_the_programs_names,
	&who_waits_is_said_to_wait_for_what_it_does,
	&a_lost_update_takes_as_few_rows_as_there_are_accesses,
	&a_stack_that_overflows_in_a_thread_is_told_as_that,
	&what_goes_round_in_a_loop_is_shown_once};

int main(void)
{
	return suite_run("explore's words", tests, sizeof(tests) / sizeof(tests[0]));
}
