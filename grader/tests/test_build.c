/* SPDX-License-Identifier: MIT */
/* With the real compilers, in the box. */
#include "tiny.h"

#include "build/build.h"

#define INCLUDE "#include \"work.h\"\n"
#define GOOD INCLUDE "long work(long n) { return 2 * n; }\n"

/* The tiny lab is made and compiled once for each compiler and each change of its lab.yaml: the
 * tests find what an earlier one has left in the scratch folder. */
static struct lab *made_lab(
	const char *compiler, const char *forbidden, char **lab_folder, char **compiled)
{
	struct error error = {""};
	unsigned change = 0;

	for (const char *at = forbidden; at && *at; at++)
		change = change * 31 + (unsigned char)*at;
	char *name = text_format("lab-%s-%u", compiler, change);
	*lab_folder = scratch_path("%s", name);
	*compiled = scratch_path("%s-compiled", name);
	bool made = path_is_folder(*compiled);
	if (!made) {
		free(tiny_lab(name));
		if (forbidden)
			tiny_replace(*lab_folder, "lab.yaml", "stress:", forbidden);
		ck_assert_int_eq(folder_make(*compiled, &error), 0);
	}
	struct lab *lab = lab_open(*lab_folder, &error);
	ck_assert_msg(lab != NULL, "%s", error.message);
	struct build build = {.lab = lab,
		.lab_folder = *compiled,
		.folder = *compiled,
		.compiler = compiler,
		.tier = box_probe(&error)};
	ck_assert_msg(made || build_lab(&build, &error) == 0, "%s", error.message);
	free(name);
	return lab;
}

/* Builds this work.c in every way that stress and helgrind need. */
static struct build_outcome build_text(const char *name, const char *compiler,
	const char *forbidden, enum build_variant variant, const char *source)
{
	struct error error = {""};
	struct build_outcome outcome;
	char *folder = tiny_submission(name, source);
	char *lab_folder, *compiled;
	struct lab *lab = made_lab(compiler, forbidden, &lab_folder, &compiled);
	struct build build = {.lab = lab,
		.lab_folder = compiled,
		.folder = folder,
		.compiler = compiler,
		.tier = box_probe(&error)};
	ck_assert_msg(build_player(&build, variant, &outcome, &error) == 0, "%s",
		error.message);
	char *place = build_place(folder, variant);
	char *program = path_join(place, BUILD_PROGRAM);
	ck_assert_int_eq(path_is_file(program), !outcome.complaint);
	free(program);
	free(place);
	lab_close(lab);
	free(compiled);
	free(lab_folder);
	free(folder);
	return outcome;
}

static void expect_built(const char *name, const char *source)
{
	struct build_outcome outcome = build_text(name, "gcc", NULL, BUILD_FORK, source);

	ck_assert_msg(!outcome.complaint, "%s\n%s", outcome.complaint,
		outcome.diagnostics ? outcome.diagnostics : "");
	build_outcome_release(&outcome);
}

static void expect_complaint(const char *name, const char *source, const char *part)
{
	struct build_outcome outcome = build_text(name, "gcc", NULL, BUILD_FORK, source);

	ck_assert_msg(outcome.complaint != NULL, "built:\n%s", source);
	expect_holds(outcome.complaint, part);
	build_outcome_release(&outcome);
}

START_TEST(both_compilers_build_every_player)
{
	static const char *const compilers[] = {"gcc", "clang"};

	for (size_t i = 0; i < 2; i++)
		for (int variant = BUILD_FORK; variant <= BUILD_THREADS; variant++) {
			char *name = text_format("both-%s-%d", compilers[i], variant);
			struct build_outcome outcome = build_text(name, compilers[i],
				NULL, (enum build_variant)variant, GOOD);
			ck_assert_msg(!outcome.complaint, "%s", outcome.complaint);
			ck_assert_msg(!outcome.diagnostics, "%s", outcome.diagnostics);
			build_outcome_release(&outcome);
			free(name);
		}
}
END_TEST

START_TEST(a_compile_error_has_its_file_and_line)
{
	static const char *const compilers[] = {"gcc", "clang"};

	for (size_t i = 0; i < 2; i++) {
		char *name = text_format("error-%s", compilers[i]);
		struct build_outcome outcome = build_text(name, compilers[i], NULL,
			BUILD_FORK, INCLUDE "long work(long n)\n{\n\treturn m;\n}\n");
		ck_assert_ptr_nonnull(outcome.complaint);
		expect_holds(outcome.complaint, "work.c:4: ");
		ck_assert_str_eq(outcome.file, "work.c");
		ck_assert_int_eq(outcome.line, 4);
		expect_holds(outcome.diagnostics, "return m;");
		build_outcome_release(&outcome);
		free(name);
	}
}
END_TEST

START_TEST(warnings_are_kept_and_are_no_complaint)
{
	struct build_outcome outcome = build_text("warning", "gcc", NULL, BUILD_FORK,
		INCLUDE "long work(long n) { int unused; return 2 * n; }\n");

	ck_assert_ptr_null(outcome.complaint);
	expect_holds(outcome.diagnostics, "unused");
	build_outcome_release(&outcome);
}
END_TEST

START_TEST(a_missing_function_is_named)
{
	expect_complaint("missing", INCLUDE "long wrok(long n) { return 2 * n; }\n",
		"the function work is not defined");
	expect_complaint("empty", "", "the function work is not defined");
	expect_complaint("static",
		"static long work(long n) { return n; }\n"
		"long (*keep)(long) = work;\n",
		"the function work is not defined");
	expect_complaint("calls",
		INCLUDE "long help(long);\nlong work(long n) { return "
			"help(n); }\n",
		"the function help is not defined");
}
END_TEST

/* Each of these would end or silence the grader if it took the place of ours. That the
 * grader's own calls do not reach them is for test_grading to show. */
START_TEST(functions_of_the_students_do_not_clash_with_ours)
{
	expect_built("own-main", GOOD "int main(void) { return 0; }\n");
	expect_built("own-libc",
		GOOD "void *malloc(unsigned long n) { (void)n; return (void *)8; }\n"
		     "void exit(int n) { (void)n; for (;;); }\n"
		     "long recv(void) { return -1; }\n");
	expect_built("own-framework",
		GOOD "int mp_lock_acquire(void *lock) { (void)lock; return 0; }\n"
		     "int mp_process_start(void) { return 0; }\n"
		     "int player_entries;\n");
}
END_TEST

START_TEST(what_belongs_to_the_checkers_is_refused)
{
	expect_complaint("tsan", GOOD "void __tsan_write4(void *p) { (void)p; }\n",
		"__tsan_write4 is used");
	expect_complaint("tsan-static",
		GOOD "static void __tsan_write8(void *p) { (void)p; }\n"
		     "void *keep = __tsan_write8;\n",
		"__tsan_write8 is used");
	expect_complaint("asan",
		GOOD "const char *__asan_default_options(void) { return "
		     "\"\"; }\n",
		"__asan_default_options is used");
	expect_complaint("hook",
		"void mp_checker_before(int, void *);\n" INCLUDE
		"long work(long n) { mp_checker_before(0, 0); return 2 * n; }\n",
		"mp_checker_before is used");
}
END_TEST

START_TEST(code_that_would_run_outside_of_the_runs_is_refused)
{
	expect_complaint("constructor",
		GOOD
		"int x; __attribute__((constructor)) static void f(void) { x = 1; }\n",
		"the attribute constructor");
	expect_complaint("destructor",
		GOOD
		"int x; __attribute__((destructor)) static void f(void) { x = 1; }\n",
		"the attribute destructor");
	expect_complaint("array",
		GOOD "static void f(void) {}\n"
		     "__attribute__((section(\".preinit_array\"), used))\n"
		     "static void (*p)(void) = f;\n",
		"the attribute section");
	expect_complaint("init",
		GOOD "__asm__(\".section .init,\\\"ax\\\"\\n ud2\\n .text\");\n",
		"assembler");
	expect_complaint("ifunc",
		GOOD "static int one(void) { return 1; }\n"
		     "static void *pick(void) { return one; }\n"
		     "int chosen(void) __attribute__((ifunc(\"pick\")));\n",
		"the attribute ifunc");
}
END_TEST

/* By both compilers, in the build for helgrind; what the student's own diagnostics come from,
 * the first build, says nothing. */
START_TEST(what_the_checkers_would_not_see_is_refused)
{
	static const struct {
		const char *source, *complaint;
	} hidden[] = {
		{"void f(void) { __asm__ volatile(\"nop\"); }\n", "assembler"},
		{"asm(\".globl g\");\n", "assembler"},
		{"#define S(x) _Pragma(#x)\n__attribute__((__no_sanitize__(\"thread\"))) "
		 "void f(void) {}\n",
			"see all of its code"},
		{"#line 7 \"other.c\"\nvoid f(void) {}\n", "#line"},
		{"#line 7 \"work.h\"\nvoid f(void) {}\n", "#line"},
		{"# 7 \"<built-in>\"\nvoid f(void) {}\n", "#line"},
		{"%:/* */ line 7 \"<command-line>\"\nvoid f(void) {}\n", "#line"},
		{"const char *f = R\"(\n)\";\n", "R"}, /* clang has none in C */
	};
	static const char *const compilers[] = {"gcc", "clang"};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden) * 2; i++) {
		char *name = text_format("hidden-%zu", i);
		char *source = text_format("%s" GOOD, hidden[i / 2].source);
		struct build_outcome outcome =
			build_text(name, compilers[i % 2], NULL, BUILD_THREADS, source);
		ck_assert_msg(outcome.complaint != NULL, "%s", source);
		expect_holds(outcome.complaint, hidden[i / 2].complaint);
		build_outcome_release(&outcome);
		free(source);
		free(name);
	}
}
END_TEST

START_TEST(a_forbidden_function_is_named)
{
	struct build_outcome outcome = build_text("forbidden", "gcc",
		"forbidden: [getpid]\nstress:", BUILD_FORK,
		INCLUDE
		"#include <unistd.h>\nlong work(long n) { return n + getpid(); }\n");

	ck_assert_ptr_nonnull(outcome.complaint);
	expect_holds(outcome.complaint, "getpid is used");
	build_outcome_release(&outcome);
	outcome = build_text("allowed", "gcc",
		"forbidden: [getppid]\nstress:", BUILD_FORK,
		INCLUDE
		"#include <unistd.h>\nlong work(long n) { return n + getpid(); }\n");
	ck_assert_ptr_null(outcome.complaint);
	build_outcome_release(&outcome);
}
END_TEST

START_TEST(a_file_cannot_tell_the_builds_apart)
{
	static const char probe[] =
		"#if defined(__OPTIMIZE__) || "
		"defined(__SANITIZE_THREAD__) || "
		"defined(__NO_INLINE__) || defined(__PIC__) || "
		"defined(__pie__) || !defined(_REENTRANT)\n#error\n#endif\n" GOOD;

	for (int variant = BUILD_FORK; variant < BUILD_VARIANTS; variant++) {
		char *name = text_format("apart-%d", variant);
		struct build_outcome outcome =
			build_text(name, "gcc", NULL, (enum build_variant)variant, probe);
		ck_assert_msg(!outcome.complaint, "%s", outcome.complaint);
		build_outcome_release(&outcome);
		free(name);
	}
}
END_TEST

START_TEST(the_checks_cannot_be_read_by_what_is_compiled)
{
	char *checks = scratch_path("include-lab/checks/checks.c");
	char *source = text_format("#include \"%s\"\n" GOOD, checks);

	expect_complaint("include", source, "work.c:1: ");
	free(source);
	source = text_format(
		"#if __has_include(\"%s\")\n#error seen\n#endif\n" GOOD, checks);
	expect_complaint("include", source, "__has_include asks");
	free(source);
	free(checks);
}
END_TEST

START_TEST(a_compiler_that_uses_too_much_is_ended)
{
	expect_complaint("giant", GOOD "char giant[] = {[8UL << 30] = 1};\n", "");
	expect_complaint("zero", "#include \"/dev/zero\"\n", "");
	expect_complaint("bomb",
		"#define A B B B B B B B B B B\n#define B C C C C C C C C C C\n"
		"#define C D D D D D D D D D D\n#define D E E E E E E E E E E\n"
		"#define E F F F F F F F F F F\n#define F G G G G G G G G G G\n"
		"#define G H H H H H H H H H H\n#define H I I I I I I I I I I\n"
		"#define I 1+1+1+1+\nlong work(long n) { return A 0; }\n",
		"");
}
END_TEST

START_TEST(checks_that_do_not_compile_are_the_labs_fault)
{
	struct error error = {""};
	char *folder = tiny_lab("broken-checks");
	char *compiled = scratch_path("broken-compiled");

	tiny_replace(folder, "checks/checks.c", "play_run();", "play_ran();\n\tint;;x");
	ck_assert_int_eq(folder_make(compiled, &error), 0);
	struct lab *lab = lab_open(folder, &error);
	struct build build = {.lab = lab,
		.lab_folder = compiled,
		.compiler = "gcc",
		.tier = box_probe(&error)};
	ck_assert_int_eq(build_lab(&build, &error), -1);
	expect_holds(error.message, "checks.c");
	expect_holds(error.message, "error:");
	lab_close(lab);
	free(compiled);
	free(folder);
}
END_TEST

/* As gcc, but it meets a defect of its own in what is instrumented. */
START_TEST(a_defect_of_the_compiler_is_no_error_of_the_students)
{
	static const char compiler[] =
		"#!/bin/sh\ncase \"$*\" in\n*\" -E \"*) exec /usr/bin/gcc \"$@\" ;;\n"
		"esac\necho \"work.c:1:1: internal compiler error: in f, at g.cc:7\" "
		">&2\n"
		"exit 4\n";
	struct error error = {""};
	struct build_outcome outcome;
	char *folder = tiny_submission("crashes", GOOD);
	char *path = scratch_path("crashing");
	char *lab_folder, *compiled;
	struct lab *lab = made_lab("gcc", NULL, &lab_folder, &compiled);
	struct build build = {.lab = lab,
		.lab_folder = compiled,
		.folder = folder,
		.compiler = path,
		.trusted = true};

	file_put(path, compiler);
	ck_assert_int_eq(chmod(path, 0755), 0);
	ck_assert_int_eq(build_player(&build, BUILD_FORK, &outcome, &error), -1);
	expect_holds(error.message, "by a defect of its own");
	expect_holds(error.message, "in f, at g.cc:7");
	build_outcome_release(&outcome);
	lab_close(lab);
	free(compiled);
	free(lab_folder);
	free(path);
	free(folder);
}
END_TEST

/* Nested so deeply that the compiler's stack does not hold it. */
START_TEST(a_compiler_that_lacks_stack_says_so)
{
	enum { DEPTH = 200000 };
	char *source = memory_new(2 * DEPTH + sizeof(GOOD) + 100, 1);
	size_t length = (size_t)sprintf(source, "%s\nlong deep = ", GOOD);

	memset(source + length, '(', DEPTH);
	source[length + DEPTH] = '1';
	memset(source + length + DEPTH + 1, ')', DEPTH);
	source[length + 2 * DEPTH + 1] = ';';
	expect_complaint("deep", source, "need more memory or a deeper stack");
	free(source);
}
END_TEST

START_TEST(the_compiler_is_named_by_its_first_line)
{
	struct build build = {.compiler = "gcc"};
	char *line = build_toolchain(&build);

	expect_holds(line, "gcc");
	expect_lacks(line, "\n");
	free(line);
}
END_TEST

static const TTest *const *const tests[] = {
	&both_compilers_build_every_player,
	&a_compile_error_has_its_file_and_line,
	&warnings_are_kept_and_are_no_complaint,
	&a_missing_function_is_named,
	&functions_of_the_students_do_not_clash_with_ours,
	&what_belongs_to_the_checkers_is_refused,
	&code_that_would_run_outside_of_the_runs_is_refused,
	&what_the_checkers_would_not_see_is_refused,
	&a_forbidden_function_is_named,
	&a_file_cannot_tell_the_builds_apart,
	&the_checks_cannot_be_read_by_what_is_compiled,
	&a_compiler_that_uses_too_much_is_ended,
	&a_defect_of_the_compiler_is_no_error_of_the_students,
	&a_compiler_that_lacks_stack_says_so,
	&checks_that_do_not_compile_are_the_labs_fault,
	&the_compiler_is_named_by_its_first_line,
};
SUITE_MAIN("build", tests)
