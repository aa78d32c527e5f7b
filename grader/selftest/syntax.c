/* SPDX-License-Identifier: MIT */
#include "selftest/syntax.h"

#include <string.h>

static bool opens(const struct tokens *tokens, size_t index)
{
	return token_is(tokens, index, "(") || token_is(tokens, index, "[") ||
	       token_is(tokens, index, "{");
}

static bool closes(const struct tokens *tokens, size_t index)
{
	return token_is(tokens, index, ")") || token_is(tokens, index, "]") ||
	       token_is(tokens, index, "}");
}

size_t syntax_partner(const struct tokens *tokens, size_t index)
{
	long depth = 0;

	for (; index < tokens->count; index++) {
		depth += opens(tokens, index) - closes(tokens, index);
		if (depth == 0)
			return index;
	}
	return tokens->count;
}

static size_t behind(const struct tokens *tokens, size_t index)
{
	return index < tokens->count ? index + 1 : tokens->count;
}

/* if (...) statement [else statement], while, for and switch: from the bracket on. */
static size_t controlled_end(const struct tokens *tokens, size_t bracket)
{
	return syntax_statement_end(
		tokens, behind(tokens, syntax_partner(tokens, bracket)));
}

static size_t simple_end(const struct tokens *tokens, size_t index)
{
	while (index < tokens->count && !token_is(tokens, index, ";") &&
		!token_is(tokens, index, "}"))
		index = opens(tokens, index)
				? behind(tokens, syntax_partner(tokens, index))
				: index + 1;
	return token_is(tokens, index, ";") ? index + 1 : index;
}

size_t syntax_statement_end(const struct tokens *tokens, size_t index)
{
	if (token_is(tokens, index, "{"))
		return behind(tokens, syntax_partner(tokens, index));
	if (token_is(tokens, index, "while") || token_is(tokens, index, "for") ||
		token_is(tokens, index, "switch"))
		return controlled_end(tokens, index + 1);
	if (token_is(tokens, index, "do"))
		return simple_end(tokens, syntax_statement_end(tokens, index + 1));
	if (!token_is(tokens, index, "if"))
		return simple_end(tokens, index);
	size_t end = controlled_end(tokens, index + 1);
	return token_is(tokens, end, "else") ? syntax_statement_end(tokens, end + 1)
					     : end;
}

/* The bracket that opens what the one at index closes. */
static size_t opening(const struct tokens *tokens, size_t index)
{
	long depth = 0;

	for (size_t i = index + 1; i-- > 0;) {
		depth += closes(tokens, i) - opens(tokens, i);
		if (depth == 0)
			return i;
	}
	return tokens->count;
}

bool syntax_is_body(const struct tokens *tokens, size_t index)
{
	if (index == 0)
		return false;
	if (token_is(tokens, index - 1, "else") || token_is(tokens, index - 1, "do"))
		return true;
	if (!token_is(tokens, index - 1, ")"))
		return false;
	size_t head = opening(tokens, index - 1);
	return head > 0 && head < tokens->count &&
	       (token_is(tokens, head - 1, "if") || token_is(tokens, head - 1, "while") ||
		       token_is(tokens, head - 1, "for") ||
		       token_is(tokens, head - 1, "switch"));
}

bool syntax_starts_statement(const struct tokens *tokens, size_t index)
{
	if (index == 0 || index >= tokens->count)
		return false;
	return token_is(tokens, index - 1, ";") || token_is(tokens, index - 1, "{") ||
	       token_is(tokens, index - 1, "}") || syntax_is_body(tokens, index);
}

bool syntax_is_call(const struct tokens *tokens, size_t index)
{
	static const char *const keywords[] = {
		"if", "while", "for", "switch", "sizeof", "return", "_Alignof", "typeof"};

	if (index >= tokens->count || tokens->list[index].kind != TOKEN_WORD ||
		!token_is(tokens, index + 1, "("))
		return false;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (token_is(tokens, index, keywords[i]))
			return false;
	return true;
}

char *syntax_argument(const struct tokens *tokens, size_t index, size_t number)
{
	size_t end = syntax_partner(tokens, index + 1);
	size_t first = index + 2;

	for (size_t i = first; i <= end && i < tokens->count; i++) {
		if (i < end && opens(tokens, i))
			i = syntax_partner(tokens, i);
		else if (i == end || token_is(tokens, i, ",")) {
			if (number-- == 0)
				return i > first ? tokens_text(tokens, first, i - 1)
						 : NULL;
			first = i + 1;
		}
	}
	return NULL;
}

/* A body at the outermost level is that of a function if ")" stands before it. */
size_t syntax_function(const struct tokens *tokens, size_t index)
{
	for (size_t i = 0; i < tokens->count; i++) {
		if (!token_is(tokens, i, "{"))
			continue;
		size_t end = syntax_partner(tokens, i);
		if (index > i && index < end && i > 0 && token_is(tokens, i - 1, ")")) {
			size_t bracket = opening(tokens, i - 1);
			return bracket > 0 && bracket < tokens->count ? bracket - 1
								      : tokens->count;
		}
		i = end;
	}
	return tokens->count;
}

bool syntax_returns_nothing(const struct tokens *tokens, size_t name)
{
	return name > 0 && name < tokens->count && token_is(tokens, name - 1, "void");
}
