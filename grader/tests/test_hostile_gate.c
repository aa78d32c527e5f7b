/* SPDX-License-Identifier: MIT */
/*
 * What the build refuses would have worked: the cheats that stop at "compiles" are made into
 * programs without the gate, and do what they were written for.
 */
#include "run.h"

#define CHEATS "grader/tests/hostile/cheats/"

/* The cheat as a program with this main. */
static char *compile(const char *cheat, const char *main_text, const char *option)
{
	char *source = scratch_path("%s.c", cheat);
	char *program = scratch_path("%s%s", cheat, option);
	char *from = text_format(CHEATS "%s.c", cheat);
	char *body = file_get(from);
	char *text = text_format(
		"#define _GNU_SOURCE\n#include \"account.h\"\n%s\n%s", body, main_text);
	char *include = path_of("include");
	char *mp = path_of("lib/libmp.a");
	char *include_option = text_format("-I%s", include);

	file_put(source, text);
	struct ran ran = run_program((const char *const[]){"/usr/bin/gcc", "-std=gnu11",
		"-w", "-g", option, "-Ilabs/critical-section/include", include_option,
		"-o", program, source, mp, "-pthread", NULL});
	ck_assert_msg(ran.code == 0, "%s: %s", cheat, ran.errors);
	ran_release(&ran);
	free(include_option);
	free(mp);
	free(include);
	free(text);
	free(body);
	free(from);
	free(source);
	return program;
}

START_TEST(code_before_main_would_end_the_program_with_success)
{
	static const char *const early[] = {
		"constructor", "constructor-section", "constructor-assembler", "ifunc"};

	for (size_t i = 0; i < sizeof(early) / sizeof(*early); i++) {
		char *program =
			compile(early[i], "int main(void) { return 1; }\n", "-O1");
		struct ran ran = run_program((const char *const[]){program, NULL});
		ck_assert_msg(ran.code == 0, "%s: %d", early[i], ran.code);
		ran_release(&ran);
		free(program);
	}
}
END_TEST

/* Two threads at one account, which the cheats do not lock. */
#define RACE                                                                             \
	"#include <pthread.h>\nstatic struct account account;\n"                         \
	"static void *work(void *nothing)\n{\n"                                          \
	"\taccount_withdraw(&account, 3, 1);\n\treturn nothing;\n}\n"                    \
	"int main(void)\n{\n\tpthread_t threads[2];\n"                                   \
	"\tfor (int i = 0; i < 2; i++) pthread_create(&threads[i], 0, work, 0);\n"       \
	"\tfor (int i = 0; i < 2; i++) pthread_join(threads[i], 0);\n\treturn 0;\n}\n"

static int helgrind_says(const char *program)
{
	struct ran ran = run_program((const char *const[]){"/usr/bin/valgrind",
		"--tool=helgrind", "-q", "--error-exitcode=99", program, NULL});
	int code = ran.code;

	ran_release(&ran);
	return code;
}

START_TEST(a_request_to_valgrind_would_silence_helgrind)
{
	char *silent = compile("client-request", RACE, "-O0");
	char *loud = compile("no-sanitize", RACE, "-O0");

#ifdef __x86_64__ /* whose instructions the cheat is made of */
	ck_assert_int_eq(helgrind_says(silent), 0);
#endif
	ck_assert_int_eq(helgrind_says(loud), 99);
	free(loud);
	free(silent);
}
END_TEST

static const TTest *const *const tests[] = {
	&code_before_main_would_end_the_program_with_success,
	&a_request_to_valgrind_would_silence_helgrind,
};
SUITE_MAIN("hostile gate", tests)
