/* SPDX-License-Identifier: MIT */
#include "build/tokens.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	struct tokens *tokens;
	const char *at;
	long line;
	bool solution;
	bool fresh; /* nothing but white space on this line so far */
};

/* Longer ones first: the first that fits is the longest that fits. */
static const char *const signs[] = {"<<=", ">>=", "...", "->", "++", "--", "<<", ">>",
	"<=", ">=", "==", "!=", "&&", "||",
	"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t sign_length(const char *at)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (strncmp(at, signs[i], strlen(signs[i])) == 0)
			return strlen(signs[i]);
	return 1;
}

static size_t quoted_length(const char *at)
{
	const char *end = at + 1;

	while (*end && *end != *at && *end != '\n')
		end += end[0] == '\\' && end[1] ? 2 : 1;
	return (size_t)(end - at) + (*end == *at);
}

/* Digits, letters, points, and the signs of an exponent. */
static size_t number_length(const char *at)
{
	size_t length = 0;

	while (is_word(at[length]) || at[length] == '.' ||
		((at[length] == '+' || at[length] == '-') && length > 0 &&
			strchr("eEpP", at[length - 1]) && at[1] != 'x'))
		length++;
	return length;
}

static void skip(struct reader *reader, size_t length)
{
	for (; length > 0; length--, reader->at++)
		if (*reader->at == '\n') {
			reader->line++;
			reader->fresh = true;
		}
}

static size_t comment_length(const char *at)
{
	if (at[1] == '/')
		return strcspn(at, "\n");
	const char *end = strstr(at + 2, "*/");
	return end ? (size_t)(end + 2 - at) : strlen(at);
}

static void read_comment(struct reader *reader)
{
	size_t length = comment_length(reader->at);

	if (memmem(reader->at, length, "BEGIN SOLUTION", strlen("BEGIN SOLUTION")))
		reader->solution = true;
	if (memmem(reader->at, length, "END SOLUTION", strlen("END SOLUTION")))
		reader->solution = false;
	skip(reader, length);
}

/* To the end of the line, and on where a backslash says so. */
static size_t directive_length(const char *at)
{
	size_t length = strcspn(at, "\n");

	while (at[length] && length > 0 && at[length - 1] == '\\')
		length += 1 + strcspn(at + length + 1, "\n");
	return length;
}

static void read_token(struct reader *reader)
{
	struct tokens *tokens = reader->tokens;
	char c = *reader->at;
	struct token token = {.start = (size_t)(reader->at - tokens->text),
		.line = reader->line,
		.solution = reader->solution};

	if (isdigit((unsigned char)c)) {
		token.kind = TOKEN_NUMBER;
		token.length = number_length(reader->at);
	} else if (is_word(c)) {
		token.kind = TOKEN_WORD;
		while (is_word(reader->at[token.length]))
			token.length++;
	} else if (c == '"' || c == '\'') {
		token.kind = TOKEN_QUOTED;
		token.length = quoted_length(reader->at);
	} else {
		token.kind = TOKEN_SIGN;
		token.length = sign_length(reader->at);
	}
	tokens->list =
		memory_grow(tokens->list, tokens->count + 2, sizeof(*tokens->list));
	tokens->list[tokens->count++] = token;
	reader->fresh = false;
	skip(reader, token.length);
}

void tokens_read(struct tokens *tokens, const char *text)
{
	*tokens = (struct tokens){
		.text = text, .list = memory_new(1, sizeof(struct token))};
	struct reader reader = {.tokens = tokens, .at = text, .line = 1, .fresh = true};

	while (*reader.at) {
		if (isspace((unsigned char)*reader.at))
			skip(&reader, 1);
		else if (reader.at[0] == '/' &&
			 (reader.at[1] == '*' || reader.at[1] == '/'))
			read_comment(&reader);
		else if (*reader.at == '#' && reader.fresh)
			skip(&reader, directive_length(reader.at));
		else
			read_token(&reader);
	}
	tokens->list[tokens->count] = (struct token){
		.kind = TOKEN_END, .start = strlen(text), .line = reader.line};
}

void tokens_release(struct tokens *tokens)
{
	free(tokens->list);
	*tokens = (struct tokens){0};
}

bool token_is(const struct tokens *tokens, size_t index, const char *text)
{
	if (index >= tokens->count)
		return false;
	const struct token *token = &tokens->list[index];
	return token->length == strlen(text) &&
	       memcmp(tokens->text + token->start, text, token->length) == 0;
}

bool token_ends(const struct tokens *tokens, size_t index, const char *end)
{
	if (index >= tokens->count || tokens->list[index].length < strlen(end))
		return false;
	return memcmp(tokens->text + token_end(tokens, index) - strlen(end), end,
		       strlen(end)) == 0;
}

bool token_holds(const struct tokens *tokens, size_t index, const char *part)
{
	if (index >= tokens->count)
		return false;
	const struct token *token = &tokens->list[index];
	return memmem(tokens->text + token->start, token->length, part, strlen(part)) !=
	       NULL;
}

char *token_text(const struct tokens *tokens, size_t index)
{
	return tokens_text(tokens, index, index);
}

char *tokens_text(const struct tokens *tokens, size_t first, size_t last)
{
	size_t start = tokens->list[first].start;

	return text_format(
		"%.*s", (int)(token_end(tokens, last) - start), tokens->text + start);
}

size_t token_end(const struct tokens *tokens, size_t index)
{
	return tokens->list[index].start + tokens->list[index].length;
}
