/* SPDX-License-Identifier: MIT */
/* The mistakes with conditions, loops and numbers: see mutants.h. */
#include "base/memory.h"
#include "selftest/mutants.h"
#include "selftest/syntax.h"

#include <ctype.h>
#include <stdlib.h>

static void replace(
	struct mutation *mutation, const char *mistake, size_t index, const char *put)
{
	struct edit edit = {mutation->tokens->list[index].start,
		token_end(mutation->tokens, index), put};

	mutation_add(mutation, mistake, &edit, 1);
}

static void turn(struct mutation *mutation, size_t first, size_t last)
{
	const struct tokens *tokens = mutation->tokens;
	char *condition = tokens_text(tokens, first, last);
	char *put = text_format("!(%s)", condition);
	struct edit edit = {tokens->list[first].start, token_end(tokens, last), put};

	mutation_add(mutation, "condition turned", &edit, 1);
	free(put);
	free(condition);
}

static void turn_condition(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;
	bool loop = token_is(tokens, index, "for");

	if (!loop && !token_is(tokens, index, "if") && !token_is(tokens, index, "while"))
		return;
	size_t end = syntax_partner(tokens, index + 1);
	size_t first = index + 2;
	if (loop) {
		while (first < end && !token_is(tokens, first - 1, ";"))
			first++;
		size_t last = first;
		while (last < end && !token_is(tokens, last, ";"))
			last++;
		end = last;
	}
	if (end < tokens->count && end > first)
		turn(mutation, first, end - 1);
}

/* Each with what it is taken for. */
static const char *const confused[][2] = {
	{"<", "<="},
	{"<", ">="},
	{"<=", "<"},
	{"<=", ">"},
	{">", ">="},
	{">", "<="},
	{">=", ">"},
	{">=", "<"},
	{"==", "!="},
	{"!=", "=="},
	{"&&", "||"},
	{"||", "&&"},
	{"++", "--"},
	{"--", "++"},
	{"+=", "-="},
	{"-=", "+="},
};

static void confuse(struct mutation *mutation, size_t index)
{
	for (size_t i = 0; i < sizeof(confused) / sizeof(*confused); i++) {
		char first = *confused[i][0];
		if (token_is(mutation->tokens, index, confused[i][0]))
			replace(mutation,
				first == '<' || first == '>'   ? "comparison"
				: first == '+' || first == '-' ? "+ and -"
							       : "condition turned",
				index, confused[i][1]);
	}
}

/* Between two operands; the sign of a number is left alone. */
static void confuse_signs(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;
	bool plus = token_is(tokens, index, "+");

	if ((!plus && !token_is(tokens, index, "-")) || index == 0)
		return;
	enum token_kind before = tokens->list[index - 1].kind;
	if ((before == TOKEN_WORD && !token_is(tokens, index - 1, "return")) ||
		before == TOKEN_NUMBER || token_is(tokens, index - 1, ")") ||
		token_is(tokens, index - 1, "]"))
		replace(mutation, "+ and -", index, plus ? "-" : "+");
}

/* The while of a do, too: if (C) does not compile there, so its condition becomes 0. */
static void wait_once(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;

	if (!token_is(tokens, index, "while"))
		return;
	size_t end = syntax_partner(tokens, index + 1);
	bool of_do = index > 0 && token_is(tokens, index - 1, "}") &&
		     token_is(tokens, end + 1, ";");
	if (!of_do) {
		replace(mutation, "wait without a loop", index, "if");
	} else if (end < tokens->count) {
		struct edit edit = {
			token_end(tokens, index + 1), tokens->list[end].start, "0"};
		mutation_add(mutation, "wait without a loop", &edit, 1);
	}
}

static void miss_by_one(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;
	char *text = tokens->list[index].kind == TOKEN_NUMBER ? token_text(tokens, index)
							      : NULL;
	char *end = text;
	unsigned long number = text ? strtoul(text, &end, 0) : 0;

	while (text && isalpha((unsigned char)*end) && (*end | 32) != 'e')
		end++;
	if (text && *end == '\0') {
		char *more = text_format("%lu", number + 1);
		char *less = text_format("%lu", number - 1);
		replace(mutation, "off by one", index, more);
		if (number > 0)
			replace(mutation, "off by one", index, less);
		free(less);
		free(more);
	}
	free(text);
}

const mutation_fn mistakes_of_c[] = {
	wait_once, turn_condition, confuse, confuse_signs, miss_by_one, NULL};
