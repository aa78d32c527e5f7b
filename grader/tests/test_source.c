/* SPDX-License-Identifier: MIT */
/* What an answer's source may say: its bytes, and what the preprocessor makes of them. */
#include "suite.h"

#include "build/code.h"
#include "build/source.h"

static char account[] = "account.c", own_header[] = "own.h";
static char *files[] = {account, own_header};
static char folder[] = "labs/critical-section";
static const struct lab lab = {.folder = folder, .files = files, .files_count = 2};

static struct source read_source(const char *bytes)
{
	struct source source;

	source_read(&source, &lab, "account.c", bytes, strlen(bytes));
	return source;
}

static void expect_split(const char *bytes, const char *prelude, const char *body)
{
	struct source source = read_source(bytes);

	ck_assert_msg(!source.complaint, "%s", source.complaint);
	ck_assert_str_eq(source.prelude, prelude);
	ck_assert_str_eq(source.body, body);
	source_release(&source);
}

static void expect_bytes_refused(const char *bytes, long line, const char *part)
{
	struct source source = read_source(bytes);

	ck_assert_msg(source.complaint != NULL, "%s", bytes);
	expect_holds(source.complaint, part);
	ck_assert_int_eq(source.line, line);
	source_release(&source);
}

START_TEST(includes_and_what_they_depend_on_go_before_the_file)
{
	expect_split("#define _GNU_SOURCE\nint a;\n  # include <stdio.h> // x\nint b;\n",
		"#define _GNU_SOURCE\n#line 3 \"account.c\"\n#include <stdio.h>\n",
		"\nint a;\n\nint b;\n\n");
	expect_split("%: include \"account.h\"\n#define N 3\n",
		"#line 1 \"account.c\"\n#include \"account.h\"\n", "\n#define N 3\n\n");
	expect_split("#inc\\\nlude <er\\\nrno.h>\n#include \"own.h\"\n",
		"#line 1 \"account.c\"\n#include <errno.h>\n",
		"\n\n\n#include \"own.h\"\n\n");
}
END_TEST

START_TEST(the_body_has_as_many_lines_and_no_comments_or_splices)
{
	expect_split("a /* x\n\n*/ b\nc \"/* \\\" */\" d // e \\\n f\n'\"' g\n", "",
		"a   b\n\n\nc \"/* \\\" */\" d  \n\n'\"' g\n\n");
	expect_split("\\\\\n\nint a;", "", "\n\nint a;\n");
}
END_TEST

START_TEST(a_macro_of_the_students_cannot_reach_into_a_header)
{
	struct source source = read_source(
		"#define extern __asm__(\"\"); extern\n#include <string.h>\n");

	expect_lacks(source.prelude, "extern");
	expect_holds(source.prelude, "#include <string.h>");
	expect_holds(source.body, "#define extern");
	source_release(&source);
	source = read_source("#define _GNU_SOURCE asm\n");
	expect_lacks(source.prelude, "_GNU_SOURCE");
	source_release(&source);
}
END_TEST

START_TEST(a_file_that_is_no_header_is_not_included)
{
	expect_bytes_refused("\n#include __FILE__\n", 2, "does not name a file");
	expect_bytes_refused("#include \"account.c\"\n", 1, "account.c is not among");
	expect_bytes_refused("#include \"/dev/zero\"\n", 1, "/dev/zero is not among");
	expect_bytes_refused("#include \"../checks/work.h\"\n", 1, "is not among");
	expect_bytes_refused("#include <immintrin.h>\n", 1, "immintrin.h is not among");
	expect_bytes_refused("#include <valgrind/helgrind.h>\n", 1, "is not among");
	expect_bytes_refused("#include <mp/../stdio.h>\n", 1, "is not among");
	expect_bytes_refused("#include_next <stdio.h>\n", 1, "#include_next is not");
	expect_bytes_refused("#\\\nimport <stdio.h>\n", 1, "#import is not");
}
END_TEST

START_TEST(nothing_tells_which_files_there_are_or_where_code_comes_from)
{
	expect_bytes_refused("#if __has_include(\"player\")\n", 1, "__has_include");
	expect_bytes_refused("\n#line 3 \"a.c\"\n", 2, "#line");
	expect_bytes_refused("# 1 \"/usr/include/string.h\" 1\n", 1, "#line");
	expect_bytes_refused("%:/**/line 3\n", 1, "#line");
	expect_bytes_refused("/**/ # /*\n*/ 7 \"a.c\"\n", 1, "#line");
	expect_bytes_refused("#ident \"x\"\n", 1, "#ident is not");
}
END_TEST

static void expect_code(const char *code)
{
	char *complaint = code_complaint(&lab,
		"extern int *__errno_location (void);\nint f(void) __asm__ (\"g\");\n",
		code);

	ck_assert_msg(!complaint, "%s", complaint);
}

static void expect_code_refused(const char *code, const char *part)
{
	char *complaint = code_complaint(&lab, "void __asm__ (int);\n", code);

	ck_assert_msg(complaint != NULL, "%s", code);
	expect_holds(complaint, part);
	free(complaint);
}

START_TEST(c_and_its_harmless_extensions_are_fine)
{
	expect_code("");
	expect_code("# 1 \"account.c\"\nint a;\n# 3 \"account.c\" 3 4\n((void *)0)\n");
	expect_code(
		"int *e = (*__errno_location ());\nconst char *s = \"asm \\\" asm\";\n");
	expect_code("static inline __attribute__((__noinline__, unused)) int f(int x)\n"
		    "{ return __builtin_expect(x, 0) ? __builtin_clzl(3) : 'a'; }\n");
	expect_code("__attribute__((format(printf, 1, 2))) void p(const char *, ...);\n");
	expect_code("#pragma GCC diagnostic push\n__extension__ __typeof__(3) a;\n");
	expect_code("int b[2]; int c = b[b[0]]; x <: 1 :> = 2; goto end;\n");
	expect_code("__atomic_fetch_add(&a, 1, 5); __sync_synchronize();\n");
	expect_code("# 1 \"own.h\" 1\nint of_own;\n# 2 \"account.c\" 2\n");
}
END_TEST

START_TEST(assembler_is_refused_by_any_name)
{
	expect_code_refused("asm(\"nop\");", "assembler");
	expect_code_refused("\n\n__asm volatile (\"nop\");", "account.c:3: assembler");
	expect_code_refused("register long r __asm__(\"rax\");", "assembler");
}
END_TEST

START_TEST(attributes_that_are_not_known_are_refused)
{
	static const char *const codes[] = {"__attribute__((no_sanitize(\"thread\")))",
		"__attribute((__no_sanitize_thread__))",
		"__attribute__((section(\".text\")))",
		"__attribute__((unused, alias(\"f\")))",
		"__attribute__((aligned(8), ifunc(\"f\")))",
		"__attribute__((constructor))", "__attribute__((optimize(\"O3\")))",
		"__attribute__ (\n# 7 \"account.c\" 3 4\n( naked))",
		"__attribute__((weak))", "[[gnu::no_sanitize(\"thread\")]]",
		"<:<:gnu::section(\"x\"):>:>", "[[gnu::unused, gnu::target(\"avx\")]]"};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		expect_code_refused(
			codes[i], "is not among those that an answer may use");
	expect_code("__attribute__((unused)) [[gnu::unused]] int a;");
}
END_TEST

START_TEST(words_of_the_compilers_that_are_not_known_are_refused)
{
	static const char *const codes[] = {"*(long __seg_gs *)p += 1;",
		"__builtin_ia32_movnti(p, 1);", "__builtin_return_address(0);",
		"__builtin_longjmp(b, 1);", "__transaction_atomic { }",
		"__tsan_read8(p);", "__GIMPLE", "__declspec(naked)"};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		expect_code_refused(codes[i], "which are the compiler's");
	expect_code_refused("void *p; goto *p;", "computed");
	expect_code_refused("_Pragma(\"x\")", "_Pragma");
}
END_TEST

START_TEST(what_could_pass_for_something_else_is_refused)
{
	expect_code_refused("R\"(\n# 1 \"account.c\"\n)\"", "raw string");
	expect_code_refused("u8R\"()\"", "raw string");
	expect_code_refused("\xc3\xa4R", "character");
	expect_code_refused("\\u0061sm", "character");
	expect_code_refused("# 1 \"other.c\"\n", "another file");
	expect_code_refused("# 1 \"/usr/include/string.h\" 1 3\n", "another file");
	expect_code_refused(
		"#pragma GCC optimize(\"O3\")\n", "is not among the directives");
	expect_code_refused("#pragma weak f\n", "is not among the directives");
	expect_code_refused("#ident \"x\"\n", "is not among the directives");
}
END_TEST

START_TEST(a_format_that_writes_is_refused)
{
	expect_code_refused("printf(\"%*d%ln\", 3, 0, &a);", "%n is used");
	expect_code_refused("printf(\"%1$n\", &a);", "%n is used");
	expect_code("printf(\"%%n %d\\n 100%\", 3); char c = '%';\n");
}
END_TEST

static const TTest *const *const tests[] = {
	&includes_and_what_they_depend_on_go_before_the_file,
	&the_body_has_as_many_lines_and_no_comments_or_splices,
	&a_macro_of_the_students_cannot_reach_into_a_header,
	&a_file_that_is_no_header_is_not_included,
	&nothing_tells_which_files_there_are_or_where_code_comes_from,
	&c_and_its_harmless_extensions_are_fine,
	&assembler_is_refused_by_any_name,
	&attributes_that_are_not_known_are_refused,
	&words_of_the_compilers_that_are_not_known_are_refused,
	&what_could_pass_for_something_else_is_refused,
	&a_format_that_writes_is_refused,
};
SUITE_MAIN("source", tests)
