/* SPDX-License-Identifier: MIT */
/* What explore does not follow is told, by name and line, and is never a pass. */
#include "run.h"

#include "explore/followed.h"

static struct ran explore_text(const char *option, const char *text)
{
	char *path = scratch_path("%d.c", (int)getpid());

	struct error error;

	ck_assert_msg(
		file_replace(path, text, strlen(text), &error) == 0, "%s", error.message);
	struct ran ran = option ? run_interlock("explore", option, path, NULL)
				: run_interlock("explore", path, NULL);
	free(path);
	return ran;
}

static const char watching[] = "#include <sys/inotify.h>\n"
			       "int main(void)\n"
			       "{\n"
			       "	return inotify_init() < 0;\n"
			       "}\n";

START_TEST(a_call_that_is_not_followed_is_told_by_name_and_line)
{
	struct ran ran = explore_text(NULL, watching);

	ck_assert_msg(ran.code == 2, "%d: %s", ran.code, ran.output);
	expect_holds(ran.output, "not covered: inotify_init at ");
	expect_holds(ran.output, ".c:4 in main");
	expect_holds(ran.errors, "not covered: inotify_init at ");
	expect_lacks(ran.output, "complete");
	ran_release(&ran);
}
END_TEST

START_TEST(json_tells_it_as_well)
{
	struct ran ran = explore_text("--json", watching);

	ck_assert_msg(ran.code == 2, "%d: %s", ran.code, ran.output);
	expect_holds(ran.output, "\"coverage\": \"partial\"");
	expect_holds(ran.output, "not covered: inotify_init at ");
	ran_release(&ran);
}
END_TEST

START_TEST(a_call_that_is_never_reached_takes_nothing_from_complete)
{
	struct ran ran = explore_text(NULL, "#include <sys/inotify.h>\n"
					    "int main(int argc, char **argv)\n"
					    "{\n"
					    "	(void)argv;\n"
					    "	return argc > 1 ? inotify_init() : 0;\n"
					    "}\n");

	ck_assert_msg(ran.code == 0, "%d: %s", ran.code, ran.output);
	expect_holds(ran.output, "complete: ");
	ran_release(&ran);
}
END_TEST

START_TEST(what_is_found_before_such_a_call_is_found)
{
	struct ran ran = explore_text(NULL,
		"#include <pthread.h>\n"
		"#include <stdlib.h>\n"
		"static int count;\n"
		"static void *work(void *argument) { count++; return argument; }\n"
		"int main(void)\n"
		"{\n"
		"	pthread_t a, b;\n"
		"	pthread_create(&a, NULL, work, NULL);\n"
		"	pthread_create(&b, NULL, work, NULL);\n"
		"	pthread_join(a, NULL);\n"
		"	pthread_join(b, NULL);\n"
		"	return system(\"true\");\n"
		"}\n");

	ck_assert_msg(ran.code == 1, "%d: %s", ran.code, ran.output);
	expect_holds(ran.output, "race: ");
	expect_holds(ran.output, "not covered: system at ");
	ran_release(&ran);
}
END_TEST

START_TEST(what_is_too_large_to_be_followed_is_no_pass)
{
	struct ran ran = explore_text(NULL, "#include <unistd.h>\n"
					    "int main(void)\n"
					    "{\n"
					    "	for (;;)\n"
					    "		fork();\n"
					    "}\n");

	ck_assert_msg(ran.code == 2, "%d: %s", ran.code, ran.output);
	expect_holds(ran.errors, "not everything was looked at: more processes");
	ran_release(&ran);
}
END_TEST

START_TEST(a_function_that_nobody_has_is_the_linkers_to_tell)
{
	struct ran ran = explore_text(NULL, "int no_such_function(void);\n"
					    "int main(void)\n"
					    "{\n"
					    "	return no_such_function();\n"
					    "}\n");

	ck_assert_msg(ran.code == 2, "%d: %s", ran.code, ran.output);
	expect_holds(ran.errors, "no_such_function");
	expect_lacks(ran.errors, "not covered");
	ran_release(&ran);
}
END_TEST

START_TEST(the_table_says_what_is_known_and_what_the_box_allows)
{
	struct error error;
	struct followed *functions = followed_read(&error);

	ck_assert_msg(functions != NULL, "%s", error.message);
	ck_assert_int_eq(followed_find(functions, "pthread_mutex_lock"), FUNCTION_BOX);
	ck_assert_int_eq(followed_find(functions, "snprintf"), FUNCTION_BOX);
	ck_assert_int_eq(followed_find(functions, "sinf"), FUNCTION_BOX);
	ck_assert_int_eq(followed_find(functions, "setrlimit"), FUNCTION_DESK);
	ck_assert_int_eq(followed_find(functions, "eventfd"), FUNCTION_DESK);
	ck_assert_int_eq(followed_find(functions, "inotify_init"), FUNCTION_UNKNOWN);
	ck_assert_int_eq(followed_find(functions, "__tsan_read4"), FUNCTION_BOX);
	followed_free(functions);
}
END_TEST

static const TTest *const *const tests[] = {
	&a_call_that_is_not_followed_is_told_by_name_and_line,
	&json_tells_it_as_well,
	&a_call_that_is_never_reached_takes_nothing_from_complete,
	&what_is_found_before_such_a_call_is_found,
	&what_is_too_large_to_be_followed_is_no_pass,
	&a_function_that_nobody_has_is_the_linkers_to_tell,
	&the_table_says_what_is_known_and_what_the_box_allows,
};
SUITE_MAIN("what explore does not follow is told", tests)
