/* SPDX-License-Identifier: MIT */
#include "build/code.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char *const attributes[] = {"access", "aligned", "alloc_align", "alloc_size",
	"always_inline", "assume_aligned", "cleanup", "cold", "const", "deprecated",
	"designated_init", "error", "fallthrough", "flatten", "format", "format_arg",
	"gnu_inline", "hot", "leaf", "malloc", "may_alias", "maybe_unused", "mode",
	"nodiscard", "noclone", "noinline", "nonnull", "nonstring", "noreturn", "nothrow",
	"packed", "pure", "returns_nonnull", "sentinel", "tls_model", "transparent_union",
	"unused", "used", "vector_size", "visibility", "warn_unused_result", "warning",
	NULL};

static const char *const pragmas[] = {"STDC ", "GCC diagnostic ", "clang diagnostic ",
	"GCC unroll ", "GCC ivdep", "GCC poison ", "GCC error ", "GCC warning ",
	"message", "once", "region", "endregion", "push_macro", "pop_macro", NULL};

/* The compiler's own words, without the underscores around them, and what macros of glibc's
 * headers declare where they are used. */
static const char *const words[] = {"FUNCTION", "PRETTY_FUNCTION", "alignof", "arr",
	"auto_type", "cancel_arg", "cancel_buf", "cancel_routine", "complex", "const",
	"cpu", "d", "extension", "float128", "func", "i", "imag", "imax", "inline",
	"int128", "int128_t", "label", "not_first_call", "null", "real", "restrict",
	"result", "signed", "thread", "typeof", "uint128_t", "volatile", NULL};

/* Families of words, by how they begin. */
static const char *const families[] = {
	"__atomic_", "__sync_", "__c11_atomic_", "__tgmath_", NULL};

/* Functions of the compiler's that compute, or that are the C library's of that name. */
static const char *const builtins[] = {"abort", "abs", "alloca", "alloca_with_align",
	"assume_aligned", "calloc", "choose_expr", "complex", "constant_p",
	"convertvector", "copysign", "dynamic_object_size", "expect",
	"expect_with_probability", "fabs", "fabsf", "fabsl", "FILE", "fpclassify", "free",
	"FUNCTION", "has_attribute", "ia32_pause", "inff", "infl", "isfinite",
	"isgreater", "isgreaterequal", "isinf", "isinf_sign", "isless", "islessequal",
	"islessgreater", "isnan", "isnormal", "isunordered", "labs", "LINE", "llabs",
	"malloc", "memchr", "memcmp", "memcpy", "memmove", "memset", "nan", "nanf",
	"nanl", "object_size", "offsetof", "prefetch", "printf", "realloc", "shuffle",
	"shufflevector", "signbit", "signbitf", "signbitl", "snprintf", "sprintf",
	"strcat", "strchr", "strcmp", "strcpy", "strlen", "strncat", "strncmp", "strncpy",
	"strrchr", "strstr", "tgmath", "trap", "types_compatible_p", "unreachable", NULL};

static const char *const builtin_families[] = {"add_", "sub_", "mul_", "sadd", "ssub",
	"smul", "uadd", "usub", "umul", "bswap", "clz", "ctz", "clrsb", "ffs", "parity",
	"popcount", "huge_val", "va_", NULL};

struct token {
	enum { END, WORD, NUMBER, LITERAL, MARK } kind;
	const char *text;
	size_t length;
};

struct reader {
	const struct lab *lab;
	const char *file; /* of the lab's */
	const char *headers;
	const char *at;
	bool fresh; /* at a line's start */
	long line;
	char *complaint;
};

static void complain(struct reader *reader, const char *why)
{
	if (!reader->complaint)
		reader->complaint =
			text_format("%s:%ld: %s", reader->file, reader->line, why);
}

static void complain_of(struct reader *reader, const char *format_before,
	const struct token *token, const char *after)
{
	char *why = text_format("%s%.*s%s", format_before,
		(int)(token->length < 60 ? token->length : 60), token->text, after);

	complain(reader, why);
	free(why);
}

static bool is_one_of(const char *word, size_t length, const char *const *list)
{
	for (; *list; list++)
		if (strlen(*list) == length && memcmp(*list, word, length) == 0)
			return true;
	return false;
}

static bool starts_as_one_of(const char *word, size_t length, const char *const *list)
{
	for (; *list; list++)
		if (strlen(*list) <= length && memcmp(*list, word, strlen(*list)) == 0)
			return true;
	return false;
}

/* Underscores around a word make no other word of it. */
static struct token without_underscores(struct token token)
{
	while (token.length > 0 && *token.text == '_')
		token.text++, token.length--;
	while (token.length > 0 && token.text[token.length - 1] == '_')
		token.length--;
	return token;
}

/* `# 12 "account.c" 3 4`: the preprocessor's word on lines, or one that looks like it. It may
 * name what is handed in; whatever else it says, what follows is the student's. */
static void read_line_marker(struct reader *reader, const char *line, size_t length)
{
	const char *name = memchr(line, '"', length);
	size_t name_length = name ? strcspn(name + 1, "\"\n") : 0;

	for (unsigned i = 0; name && i < reader->lab->files_count; i++)
		if (strlen(reader->lab->files[i]) == name_length &&
			memcmp(reader->lab->files[i], name + 1, name_length) == 0) {
			reader->file = reader->lab->files[i];
			reader->line = strtol(line + 1, NULL, 10) - 1;
			return;
		}
	complain(reader,
		"a file is included in a way that is not followed, or #line says "
		"that code is another file's");
}

static void read_directive(struct reader *reader)
{
	const char *line = reader->at;
	size_t length = strcspn(line, "\n");
	size_t word = strlen("#pragma ");

	if (length > 2 && line[1] == ' ' && strspn(line + 2, "0123456789") > 0)
		read_line_marker(reader, line, length);
	else if (length < word || strncmp(line, "#pragma ", word) != 0 ||
		 !starts_as_one_of(line + word, length - word, pragmas))
		complain_of(reader, "", &(struct token){MARK, line, length},
			" is not among the directives that an answer may use");
	reader->at += length;
}

/* Past a string or a character, which ends on its line. */
static const char *skip_literal(const char *at)
{
	char quote = *at++;

	while (*at && *at != '\n' && *at != quote)
		at += at[0] == '\\' && at[1] && at[1] != '\n' ? 2 : 1;
	return *at == quote ? at + 1 : at;
}

/* Whether a format in the literal asks printf to write where nobody sees it: %n. */
static bool asks_to_write(const char *literal, size_t length)
{
	static const char between[] = "0123456789*.$hlLqjzt+-# '";

	for (size_t i = 0; i + 1 < length; i++) {
		if (literal[i] != '%')
			continue;
		for (i++; i < length && strchr(between, literal[i]); i++)
			;
		if (i < length && literal[i] == 'n')
			return true;
	}
	return false;
}

/* Over blanks, line ends, and lines that are the preprocessor's. */
static void skip_between(struct reader *reader)
{
	while (!reader->complaint && *reader->at) {
		if (*reader->at == '\n') {
			reader->line++;
			reader->fresh = true;
		} else if (*reader->at == '#' && reader->fresh) {
			read_directive(reader);
			continue;
		} else if (!strchr(" \t\v\f\r", *reader->at)) {
			return;
		}
		reader->at++;
	}
}

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$"
			      "0123456789";

/* A raw string goes on over lines, so what stands in it could pass for code. */
static struct token read_word(struct reader *reader)
{
	struct token token = {WORD, reader->at, strspn(reader->at, letters)};
	char next = token.text[token.length];

	if (strchr("0123456789", *token.text))
		token.kind = NUMBER;
	if (next == '"' && memchr(token.text, 'R', token.length))
		complain(
			reader, "a raw string (R\"...\") is used; write an ordinary one");
	reader->at += token.length;
	return token;
}

static struct token next(struct reader *reader)
{
	struct token token = {END, "", 0};

	skip_between(reader);
	reader->fresh = false;
	if (reader->complaint || !*reader->at)
		return token;
	if (strchr(letters, *reader->at))
		return read_word(reader);
	token = (struct token){MARK, reader->at, 1};
	if (*reader->at == '"' || *reader->at == '\'') {
		token.kind = LITERAL;
		token.length = (size_t)(skip_literal(reader->at) - reader->at);
		if (asks_to_write(token.text, token.length))
			complain(reader, "a format with %n is used, which writes to "
					 "memory out of the checkers' sight");
	} else if (strncmp(reader->at, "<:", 2) == 0) {
		token.text = "[";
		reader->at++;
	} else if (strncmp(reader->at, ":>", 2) == 0) {
		token.text = "]";
		reader->at++;
	} else if (*reader->at == '\\' || (unsigned char)*reader->at >= 0x80) {
		complain(reader, "there is a character that C does not have, outside of "
				 "strings and comments");
	}
	reader->at += token.length;
	return token;
}

static bool is_mark(const struct token *token, char mark)
{
	return token->kind == MARK && *token->text == mark;
}

/* The names in a list of attributes, up to the end of the brackets. */
static void check_attributes(struct reader *reader, int depth, char open, char close)
{
	int names_at = depth; /* so deep are names; deeper is what they are given */
	bool name_next = true;

	while (depth > 0 && !reader->complaint) {
		struct token token = next(reader);
		if (token.kind == END)
			return;
		if (is_mark(&token, open) || is_mark(&token, '('))
			depth++;
		else if (is_mark(&token, close) || is_mark(&token, ')'))
			depth--;
		else if (depth == names_at && is_mark(&token, ','))
			name_next = true;
		else if (depth == names_at && token.kind == WORD && name_next) {
			struct token bare = without_underscores(token);
			static const char *const spaces[] = {"gnu", "clang", NULL};
			if (open == '[' && is_one_of(bare.text, bare.length, spaces))
				continue;
			if (!is_one_of(bare.text, bare.length, attributes))
				complain_of(reader, "the attribute ", &token,
					" is not among those that an answer may use: the "
					"checkers have to see all of its code");
			name_next = false;
		}
	}
}

/* __attribute__((...)) */
static void check_gnu_attributes(struct reader *reader)
{
	struct token first = next(reader);
	struct token second = next(reader);

	if (is_mark(&first, '(') && is_mark(&second, '('))
		check_attributes(reader, 2, '(', ')');
	else
		complain(reader, "__attribute__ is not followed by ((");
}

/* Whether the headers use that word. */
static bool is_known_to_headers(const struct reader *reader, const struct token *token)
{
	char *word = text_format("%.*s", (int)token->length, token->text);
	bool found = false;

	for (const char *at = reader->headers; !found && (at = strstr(at, word));
		at += token->length)
		found = (at == reader->headers || !strchr(letters, at[-1])) &&
			(!at[token->length] || !strchr(letters, at[token->length]));
	free(word);
	return found;
}

static bool is_allowed(const struct reader *reader, const struct token *token)
{
	static const char builtin[] = "__builtin_";
	struct token bare = without_underscores(*token);
	size_t length = strlen(builtin);

	if (token->length > length && memcmp(token->text, builtin, length) == 0)
		return is_one_of(
			       token->text + length, token->length - length, builtins) ||
		       starts_as_one_of(token->text + length, token->length - length,
			       builtin_families);
	return is_one_of(bare.text, bare.length, words) ||
	       starts_as_one_of(token->text, token->length, families) ||
	       is_known_to_headers(reader, token);
}

static void check_word(struct reader *reader, const struct token *token)
{
	struct token bare = without_underscores(*token);
	bool reserved = token->length > 2 && memcmp(token->text, "__", 2) == 0;

	if (bare.length == 3 && memcmp(bare.text, "asm", 3) == 0)
		complain(reader, "assembler is used; the checkers do not see what it "
				 "does, so say it in C");
	else if (reserved && bare.length == 9 && memcmp(bare.text, "attribute", 9) == 0)
		check_gnu_attributes(reader);
	else if (bare.length == 6 && memcmp(bare.text, "Pragma", 6) == 0)
		complain(reader, "_Pragma is used where the preprocessor leaves it");
	else if (reserved && !is_allowed(reader, token))
		complain_of(reader, "", token,
			" is used; of names that begin with __, which are the "
			"compiler's, an answer may use those of C and its headers");
}

char *code_complaint(const struct lab *lab, const char *headers, const char *own)
{
	struct reader reader = {.lab = lab,
		.file = lab->files[0],
		.headers = headers,
		.at = own,
		.fresh = true,
		.line = 1};
	struct token before = {END, "", 0};

	for (;;) {
		struct token token = next(&reader);
		if (token.kind == END || reader.complaint)
			return reader.complaint;
		bool jumps = before.kind == WORD && before.length == 4 &&
			     memcmp(before.text, "goto", 4) == 0;
		if (jumps && is_mark(&token, '*'))
			complain(&reader, "goto goes to a place that is computed; name a "
					  "label");
		if (is_mark(&before, '[') && is_mark(&token, '['))
			check_attributes(&reader, 2, '[', ']');
		else if (token.kind == WORD)
			check_word(&reader, &token);
		before = token;
	}
}
