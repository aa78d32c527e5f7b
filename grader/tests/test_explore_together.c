/* SPDX-License-Identifier: MIT */
/* Several programs at once: a server and its client, linked as one and told apart. */
#include "run.h"

static void is_complete(const char *how)
{
	struct ran ran = run_interlock("explore", how, "--samples=1",
		"grader/tests/explore/together_server.c", "--", "server", "+",
		"grader/tests/explore/together_client.c", NULL);

	ck_assert_msg(
		ran.code == 0, "%s: %d: %s%s", how, ran.code, ran.output, ran.errors);
	expect_holds(ran.output, "complete: all interleavings of 3 processes");
	ran_release(&ran);
}

/* Each with its own arguments, variables and functions. */
START_TEST(a_pair_over_a_fifo_a_queue_memory_or_a_socket_is_searched_whole)
{
	is_complete("-DHOW=1");
	is_complete("-DHOW=2");
	is_complete("-DHOW=3");
	is_complete("-DHOW=4");
}
END_TEST

START_TEST(a_server_that_waits_for_its_next_client_is_no_deadlock)
{
	is_complete("-DHOW=5");
}
END_TEST

START_TEST(a_server_that_does_not_wait_is_found_and_the_witness_says_whose_tasks_they_are)
{
	char *witness = scratch_path("%d.json", (int)getpid());
	char *option = text_format("--witness=%s", witness);
	struct ran ran = run_interlock("explore", "-DHOW=3", "-DWRONG", option,
		"grader/tests/explore/together_server.c", "--", "server", "+",
		"grader/tests/explore/together_client.c", NULL);

	ck_assert_msg(ran.code == 1, "%d: %s%s", ran.code, ran.output, ran.errors);
	expect_holds(ran.output, "assert: assertion failed: value == 42");
	expect_holds(ran.output, "P3 at together_client.c:");
	expect_holds(
		ran.output, "programs: together_server.c: P2; together_client.c: P3\n");
	ran_release(&ran);
	ran = run_interlock("replay", witness, NULL);
	ck_assert_msg(ran.code == 1, "%d: %s%s", ran.code, ran.output, ran.errors);
	expect_holds(ran.output, "assert: assertion failed: value == 42");
	expect_holds(ran.output, "together_client.c: P3\n");
	ran_release(&ran);
	free(option);
	free(witness);
}
END_TEST

START_TEST(json_says_which_tasks_are_of_which_program)
{
	struct ran ran = run_interlock("explore", "-DHOW=3", "-DWRONG", "--json",
		"grader/tests/explore/together_server.c", "--", "server", "+",
		"grader/tests/explore/together_client.c", NULL);
	ck_assert_int_eq(ran.code, 1);
	expect_holds(ran.output, "\"program\": \"together_server.c\"");
	expect_holds(ran.output, "\"program\": \"together_client.c\"");
	ran_release(&ran);
}
END_TEST

START_TEST(a_plus_among_the_arguments_is_one_of_them)
{
	char *path = scratch_path("%d.c", (int)getpid());
	struct error error;
	const char *text = "#include <string.h>\n"
			   "int main(int argc, char **argv)\n"
			   "{\n"
			   "	return argc != 4 || strcmp(argv[2], \"+\");\n"
			   "}\n";

	ck_assert_int_eq(file_replace(path, text, strlen(text), &error), 0);
	struct ran ran = run_interlock("explore", path, "--", "1", "+", "2", NULL);
	ck_assert_msg(ran.code == 0, "%d: %s%s", ran.code, ran.output, ran.errors);
	ran_release(&ran);
	free(path);
}
END_TEST

static void is_refused(const char *second, const char *third, const char *words)
{
	struct ran ran = run_interlock("explore", "-DHOW=1",
		"grader/tests/explore/together_server.c", "+", second, third, NULL);

	ck_assert_msg(ran.code == 2, "%d: %s%s", ran.code, ran.output, ran.errors);
	expect_holds(ran.errors, words);
	ran_release(&ran);
}

START_TEST(what_is_no_second_program_is_told_by_name)
{
	char *path = scratch_path("helper-%d.c", (int)getpid());
	struct error error;

	ck_assert_int_eq(file_replace(path, "int help;\n", 10, &error), 0);
	is_refused(path, NULL, "has no main(): each program that runs needs one");
	is_refused("-DMORE", "client.c", "-DMORE: options come before the first program");
	is_refused(NULL, NULL, "name the files of the program behind +");
	is_refused("missing.c", NULL, "there is no file missing.c");
	free(path);
}
END_TEST

static const TTest *const *const tests[] = {
	&a_pair_over_a_fifo_a_queue_memory_or_a_socket_is_searched_whole,
	&a_server_that_waits_for_its_next_client_is_no_deadlock,
	&a_server_that_does_not_wait_is_found_and_the_witness_says_whose_tasks_they_are,
	&json_says_which_tasks_are_of_which_program,
	&a_plus_among_the_arguments_is_one_of_them,
	&what_is_no_second_program_is_told_by_name,
};
SUITE_MAIN("explore: programs at once", tests)
