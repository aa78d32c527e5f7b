/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

typedef char *text_function(const char *);

static void expect(char *actual, const char *expected)
{
	ck_assert_str_eq(actual, expected);
	free(actual);
}

/* Whether the bytes are valid UTF-8, by another road than base/text.c's. */
static int is_utf8(const char *text)
{
	static const unsigned lowest[] = {0, 0, 0x80, 0x800, 0x10000};

	while (*text) {
		unsigned char first = (unsigned char)*text++;
		unsigned length = first < 0x80	  ? 1
				  : first >= 0xF0 ? 4
				  : first >= 0xE0 ? 3
						  : 2;
		unsigned code = length == 1 ? first : first & (0xFFU >> (length + 1));
		if ((first >= 0x80 && first < 0xC0) || first >= 0xF8)
			return 0;
		for (unsigned i = 1; i < length; i++, text++) {
			if (((unsigned char)*text & 0xC0) != 0x80)
				return 0;
			code = code << 6 | ((unsigned char)*text & 0x3F);
		}
		if (code < lowest[length] || code > 0x10FFFF ||
			(code >= 0xD800 && code <= 0xDFFF))
			return 0;
	}
	return 1;
}

/* clang-format off */
static const struct { const char *bytes; size_t length; const char *valid; } invalid[] = {
	{"plain", 5, "plain"},
	{"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 9, "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"},
	{"a\0b", 3, "a\xEF\xBF\xBD" "b"},
	{"\x80", 1, "\xEF\xBF\xBD"},
	{"\xC0\xAF", 2, "\xEF\xBF\xBD\xEF\xBF\xBD"},             /* overlong '/' */
	{"\xE0\x80\xAF", 3, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
	{"\xED\xA0\x80", 3, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* a surrogate */
	{"\xF4\x90\x80\x80", 4, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
	{"\xE2\x82", 2, "\xEF\xBF\xBD"},                          /* cut short */
	{"\xE2\x82x", 3, "\xEF\xBF\xBDx"},
	{"\xF0\x9F\x98" "e", 4, "\xEF\xBF\xBD" "e"},
	{"\xEF\xBF\xBE|\xEF\xBF\xBF", 7, "\xEF\xBF\xBD|\xEF\xBF\xBD"}, /* U+FFFE, U+FFFF */
	{"\xFF\xFE", 2, "\xEF\xBF\xBD\xEF\xBF\xBD"},
	{"\x1b[31m\t\n\r", 8, "\x1b[31m\t\n\r"},
	{"", 0, ""},
};
/* clang-format on */

START_TEST(bytes_become_valid_utf8)
{
	expect(text_valid(invalid[_i].bytes, invalid[_i].length), invalid[_i].valid);
}
END_TEST

/* Every pair of bytes, alone and before something that must survive. */
START_TEST(every_pair_of_bytes_becomes_valid_utf8)
{
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		char bytes[] = {(char)(pair >> 8), (char)pair, 'z'};
		char *valid = text_valid(bytes, sizeof(bytes));
		char *visible = text_visible(valid);
		ck_assert(is_utf8(valid));
		ck_assert(is_utf8(visible));
		ck_assert_int_eq(valid[strlen(valid) - 1], 'z');
		for (const char *next = visible; *next; next++)
			ck_assert((unsigned char)*next >= 0x20 || *next == '\t' ||
				  *next == '\n');
		free(valid);
		free(visible);
	}
}
END_TEST

START_TEST(what_cannot_be_seen_is_spelled_out)
{
	expect(text_visible("\x1b[2Jgone"), "\\x1b[2Jgone");
	expect(text_visible("100%\rPASS"), "100%\\rPASS");
	expect(text_visible("one\r\ntwo\n"), "one\ntwo\n");
	expect(text_visible("a\tb\x07\x7f"), "a\tb\\x07\\x7f");
	expect(text_visible("\xC2\x9B"
			    "31m"),
		"\\u009b31m"); /* CSI in one character */
	expect(text_visible("\xE2\x80\xAE;)txet\xE2\x80\xAC"), "\\u202e;)txet\\u202c");
	expect(text_visible("\xE2\x81\xA6x\xE2\x81\xA9"), "\\u2066x\\u2069");
	expect(text_visible("\xE2\x80\xA8"), "\\u2028");
	expect(text_visible("\xD8\x9C\xE2\x80\x8F"), "\\u061c\\u200f");
	expect(text_visible("\xFF"), "\xEF\xBF\xBD");
	expect(text_visible("\xD7\xA9\xD7\x9C"), "\xD7\xA9\xD7\x9C"); /* Hebrew stays */
	expect(text_line("a\n::error::b\tc\r\nd"), "a\\n::error::b c\\nd");
}
END_TEST

START_TEST(a_cut_ends_at_a_character)
{
	const char *euros = "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC";

	expect(text_cut("short", 5), "short");
	expect(text_cut("longer", 4), "long [2 more bytes are not shown]");
	expect(text_cut("line\nline\n", 5), "line\n[5 more bytes are not shown]");
	expect(text_cut("line\nline\n", 7), "line\nli\n[3 more bytes are not shown]");
	for (size_t bytes = 0; bytes < 9; bytes++) {
		char *cut = text_cut(euros, bytes);
		ck_assert(is_utf8(cut));
		ck_assert(strncmp(cut, euros, bytes / 3 * 3) == 0);
		ck_assert(strncmp(cut, euros, bytes / 3 * 3 + 1) != 0);
		free(cut);
	}
	expect(text_cut("\x80\x80\x80\x80\x80\x80", 5),
		"\x80\x80\x80\x80\x80 [1 more bytes are not shown]");
}
END_TEST

START_TEST(columns_are_counted_as_a_terminal_does)
{
	ck_assert_uint_eq(text_columns(""), 0);
	ck_assert_uint_eq(text_columns("plain"), 5);
	ck_assert_uint_eq(text_columns("Zo\xC3\xAB"), 3);
	ck_assert_uint_eq(text_columns("e\xCC\x81"), 1);		/* combining */
	ck_assert_uint_eq(text_columns("\xE6\x9D\x8E\xE6\x98\x8E"), 4); /* wide */
	ck_assert_uint_eq(text_columns("\xFF"), 1);
}
END_TEST

START_TEST(markup_is_escaped)
{
	expect(text_html("<b a='\"'>&\x1b"), "&#60;b a=&#39;&#34;&#39;&#62;&#38;\\x1b");
	expect(text_html("]]>"), "]]&#62;");
	expect(text_markdown("a|b\n# `x`"), "a&#124;b&#92;n&#35; &#96;x&#96;");
	expect(text_markdown("[x](http://y)"),
		"&#91;x&#93;&#40;http&#58;&#47;&#47;y&#41;");
}
END_TEST

START_TEST(workflow_commands_cannot_be_forged)
{
	expect(text_github_data("100%\n::error::x"), "100%25%0A::error::x");
	expect(text_github_data("a\rb"), "a\\rb");
	expect(text_github_property("a,line=1:b\n%"), "a%2Cline=1%3Ab\\n%25");
}
END_TEST

START_TEST(a_shell_takes_any_text_as_one_word)
{
	expect(text_shell("class/alice-2"), "class/alice-2");
	expect(text_shell(""), "''");
	expect(text_shell("-rf"), "'-rf'");
	expect(text_shell("a b"), "'a b'");
	expect(text_shell("$(x);`y`\n"), "'$(x);`y`\\n'");
	expect(text_shell("it's"), "'it'\\''s'");
}
END_TEST

START_TEST(file_names_are_plain_and_distinct)
{
	char long_name[1000];

	expect(text_file_name("alice-2.c"), "alice-2.c");
	expect(text_file_name(".."), "%2E.");
	expect(text_file_name("../../etc/passwd"), "%2E.%2F..%2Fetc%2Fpasswd");
	expect(text_file_name("a b"), "a%20b");
	expect(text_file_name("a%20b"), "a%2520b");
	expect(text_file_name(""), "%");
	expect(text_file_name("\xC3\xA9\n"), "%C3%A9%0A");
	memset(long_name, 'x', sizeof(long_name));
	long_name[999] = '\0';
	char *one = text_file_name(long_name);
	long_name[998] = 'y';
	char *other = text_file_name(long_name);
	ck_assert_uint_eq(strlen(one), 128);
	ck_assert_str_ne(one, other);
	free(one);
	free(other);
}
END_TEST

START_TEST(nothing_stays_nothing)
{
	static text_function *const functions[] = {text_visible, text_line, text_html,
		text_markdown, text_github_data, text_github_property, text_shell,
		text_file_name};

	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		ck_assert_ptr_null(functions[i](NULL));
	ck_assert_ptr_null(text_valid(NULL, 0));
	ck_assert_ptr_null(text_cut(NULL, 3));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tcase = tcase_create("text");
	SRunner *runner = srunner_create(suite);

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, bytes_become_valid_utf8, 0,
		(int)(sizeof(invalid) / sizeof(*invalid)));
	tcase_add_test(tcase, every_pair_of_bytes_becomes_valid_utf8);
	tcase_add_test(tcase, what_cannot_be_seen_is_spelled_out);
	tcase_add_test(tcase, a_cut_ends_at_a_character);
	tcase_add_test(tcase, columns_are_counted_as_a_terminal_does);
	tcase_add_test(tcase, markup_is_escaped);
	tcase_add_test(tcase, workflow_commands_cannot_be_forged);
	tcase_add_test(tcase, a_shell_takes_any_text_as_one_word);
	tcase_add_test(tcase, file_names_are_plain_and_distinct);
	tcase_add_test(tcase, nothing_stays_nothing);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
