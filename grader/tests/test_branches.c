/* SPDX-License-Identifier: MIT */
/*
 * A small program stands for a submission: compiled as one, joined, with its table, and linked to
 * the code that reads it. Without the compiler's switches the same program gets where it
 * should not, which ends it with 7.
 */
#include "run.h"

#include "build/branches.h"
#include "explore/functions.h"

#include <signal.h>

/* The student's part. What it works out is _exit, by its distance from printf, which the
 * program is told: so nothing of it is named. */
static const char student[] =
	"#include <pthread.h>\n#include <signal.h>\n#include <stdint.h>\n"
	"#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
	"typedef int given(int);\n"
	"struct many { double d; long l; char c[40]; };\n"
	"static int twice(int n) { return 2 * n; }\n"
	"static int add_all(int n, int depth) { return depth ? n + add_all(n, depth - 1) "
	": 0; }\n"
	"static int by_number(const void *a, const void *b)\n"
	"{ return *(const int *)a - *(const int *)b; }\n"
	"static struct many many(double d, long l) { struct many m = {d, l, \"many\"}; "
	"return m; }\n"
	"static struct many (*volatile many_of)(double, long) = many;\n"
	"static given *volatile kept = twice;\n"
	"static int (*volatile say)(const char *, ...) = printf;\n"
	"static volatile int handled;\n"
	"static void handle(int s) { handled += s == SIGUSR1; }\n"
	"static void *in_thread(void *a) { return a; }\n"
	"static void at_end(void) { puts(\"ended\"); }\n"
	"static int choose(int n)\n"
	"{ switch (n) { case 0: return 4; case 1: return 9; case 2: return 1; case 3: "
	"return 7;\n"
	"  case 4: return 3; case 5: return 8; default: return 0; } }\n"
	"static volatile uintptr_t *volatile frame;\n"
	"static __attribute__((noipa)) void overwrite(int code, uintptr_t to)\n"
	"{ volatile uintptr_t here[1]; frame = here;\n"
	"  for (int i = 0; i < 6; i++) frame[i] = to; handled = code; }\n"
	"int honest(given *lab)\n{\n"
	"  int n[] = {3, 1, 2}; pthread_t t; void *r = NULL; struct many m = "
	"many_of(1.5, 4);\n"
	"  qsort(n, 3, sizeof(*n), by_number); signal(SIGUSR1, handle); raise(SIGUSR1);\n"
	"  pthread_create(&t, NULL, in_thread, n); pthread_join(t, &r); atexit(at_end);\n"
	"  say(\"%d %d %d %d %.1f %ld %d %d %s\\n\", n[0], kept(4), lab(5), handled, "
	"m.d, m.l,\n"
	"    r == n, add_all(2, 3), m.c);\n"
	"  return choose(n[1]);\n}\n"
	"void cheat(const char *how, uintptr_t distance)\n{\n"
	"  given *to = (given *)((uintptr_t)printf + distance);\n"
	"  if (!strcmp(how, \"call\")) { kept = to; kept(7); }\n"
	"  if (!strcmp(how, \"middle\")) { kept = (given *)((uintptr_t)twice + 1); "
	"kept(7); }\n"
	"  if (!strcmp(how, \"return\")) overwrite(7, (uintptr_t)to);\n"
	"  if (!strcmp(how, \"callback\")) atexit((void (*)(void))to);\n"
	"}\n";

/* Of player.c: a function that is given, one that calls. */
static const char lab[] =
	"#include <stdint.h>\n#include <stdio.h>\n#include <string.h>\n#include "
	"<unistd.h>\n"
	"int honest(int (*)(int));\nvoid cheat(const char *, uintptr_t);\n"
	"static int thrice(int n) { return 3 * n; }\n"
	"int main(int count, char **how)\n{\n"
	"  if (count == 1) return honest(thrice);\n"
	"  cheat(how[1], (uintptr_t)_exit - (uintptr_t)printf);\n  return 0;\n}\n";

static void shell(const char *command)
{
	char *text = text_format("cd %s && %s", scratch, command);

	ck_assert_msg(system(text) == 0, "%s", text); /* NOLINT(cert-env33-c) */
	free(text);
}

static char *joined(const char *const *list)
{
	char *text = text_copy("");

	for (; *list; list++)
		text_replace(&text, "%s %s", text, *list);
	return text;
}

static void put(const char *name, const char *text)
{
	char *path = scratch_path("%s", name);

	file_put(path, text);
	free(path);
}

/* Makes NAME.s, the table of NAME.o, in the scratch folder. */
static void make_table(const char *name)
{
	char *list = text_format("objdump -d --no-show-raw-insn %s.o > listing; nm "
				 "--format=sysv %s.o > symbols",
		name, name);
	shell(list);
	char *listing_path = scratch_path("listing"),
	     *symbols_path = scratch_path("symbols");
	char *listing = file_get(listing_path), *symbols = file_get(symbols_path);
	char *complaint = branches_complaint(listing, symbols, NULL);
	ck_assert_msg(complaint == NULL, "%s: %s", name, complaint);
	char *table = branches_table(name, listing, symbols, true);
	char *file = text_format("%s.s", name);
	put(file, table);
	free(file);
	free(table);
	free(symbols);
	free(listing);
	free(symbols_path);
	free(listing_path);
	free(list);
}

/* Builds scratch/guarded and scratch/open, the same without the switches. */
static void prepare(void)
{
	scratch_make();
	char *flags = joined(branches_flags());
	char *returns = joined(branches_return_flags());
	char *renames = joined(branches_renames());
	char *reader = path_of("lib/interlock/branches.o");
	char *library = path_of("lib/libmp.a");
	char *compile = text_format(
		"gcc -O2 -w%s -c student.c -o one.o && ld -r -T script one.o -o "
		"student.o && objcopy%s student.o && gcc -w%s -c lab.c && "
		"objcopy --add-symbol interlock_lab=.text:0,global lab.o",
		flags, renames, returns);
	char *link = text_format("gcc -o guarded student.o lab.o student.s lab.s %s "
				 "%s && gcc -O2 -w -o open student.c lab.c",
		reader, library);

	put("student.c", student);
	put("lab.c", lab);
	put("script", branches_script);
	shell(compile);
	make_table("student");
	make_table("lab");
	shell(link);
	free(link);
	free(compile);
	free(library);
	free(reader);
	free(renames);
	free(returns);
	free(flags);
}

static struct ran run(const char *name, const char *how)
{
	char *path = scratch_path("%s", name);
	struct ran ran = run_program((const char *const[]){path, how, NULL});

	free(path);
	return ran;
}

static void expect_stopped(const char *how, const char *what)
{
	struct ran open = run("open", how), guarded = run("guarded", how);

	ck_assert_int_eq(open.code, 7);
	ck_assert_int_eq(guarded.code, -SIGABRT);
	expect_holds(guarded.errors, what);
	ran_release(&guarded);
	ran_release(&open);
}

START_TEST(honest_code_does_as_without)
{
	struct ran open = run("open", NULL), guarded = run("guarded", NULL);

	ck_assert_str_eq(open.output, "1 8 15 1 1.5 4 1 6 many\nended\n");
	ck_assert_str_eq(guarded.output, open.output);
	ck_assert_int_eq(guarded.code, open.code);
	ran_release(&guarded);
	ran_release(&open);
}
END_TEST

START_TEST(a_call_reaches_no_address_that_was_worked_out)
{
	expect_stopped("call", "a call through a pointer leads");
}
END_TEST

START_TEST(a_function_is_called_at_its_beginning)
{
	struct ran guarded = run("guarded", "middle");

	ck_assert_int_eq(guarded.code, -SIGABRT);
	ran_release(&guarded);
}
END_TEST

START_TEST(a_return_that_was_overwritten_goes_nowhere)
{
	expect_stopped("return", "a return leads");
}
END_TEST

START_TEST(the_c_library_is_given_no_address_that_was_worked_out)
{
	struct ran guarded = run("guarded", "callback");

	ck_assert_int_eq(guarded.code, -SIGABRT);
	ran_release(&guarded);
}
END_TEST

START_TEST(what_goes_past_the_tables_is_told)
{
	static const char call[] =
		"Disassembly of section .text:\n\n0000000000000000 <f>:\n"
		"   0:\tcall   *%rax\n";
	static const char other[] = "Disassembly of section .text.f:\n   0:\tnop\n";
	static const char used[] = "sigaction |    |   U  |   NOTYPE|  |  |*UND*\n";
	char *first = branches_complaint(call, "", functions_stray);
	char *second = branches_complaint(other, "", functions_stray);
	char *third = branches_complaint("", used, functions_stray);

	expect_holds(first, "branch in a way");
	expect_holds(second, "branch in a way");
	expect_holds(third, "sigaction is called");
	ck_assert_ptr_null(branches_complaint("", used, NULL));
	free(third);
	free(second);
	free(first);
}
END_TEST

/* The explorer's table says which those are; one more of them needs a line in build/branches.c
 * and a function in play/player/callbacks.c, without which the program is not linked. */
START_TEST(what_calls_what_it_is_given_is_checked)
{
	char *renames = joined(branches_renames());
	char *checked = path_of("lib/interlock/branches.o");
	char *command = text_format("nm -g --defined-only %s > checked", checked);
	shell(command);
	char *path = scratch_path("checked");
	char *symbols = file_get(path);
	const char *name = NULL;
	size_t count = 0;

	while ((name = functions_that_call(count))) {
		char *rename = text_format(" %s=interlock_%s", name, name);
		char *symbol = text_format(" T interlock_%s\n", name);
		expect_holds(renames, rename);
		expect_holds(symbols, symbol);
		free(symbol);
		free(rename);
		count++;
	}
	ck_assert_int_gt((int)count, 10);
	free(symbols);
	free(path);
	free(command);
	free(checked);
	free(renames);
}
END_TEST

static const TTest *const *const tests[] = {&honest_code_does_as_without,
	&a_call_reaches_no_address_that_was_worked_out,
	&a_function_is_called_at_its_beginning,
	&a_return_that_was_overwritten_goes_nowhere,
	&the_c_library_is_given_no_address_that_was_worked_out,
	&what_goes_past_the_tables_is_told, &what_calls_what_it_is_given_is_checked};

int main(void)
{
#ifdef __x86_64__
	return suite_run_with("branches", tests, sizeof(tests) / sizeof(*tests), prepare,
		scratch_remove);
#else
	(void)tests;
	(void)prepare;
	return EXIT_SUCCESS;
#endif
}
