/* SPDX-License-Identifier: MIT */
/* Atomic operations made plain, which others may get in between: see mutants.h. */
#include "base/buffer.h"
#include "selftest/mutants.h"
#include "selftest/syntax.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What the operation does, step by step. P, V and E are its arguments, T the plain type
 * of what is pointed to. */
struct plain {
	const char *name; /* as in atomic_NAME, atomic_NAME_explicit and __atomic_NAME */
	const char *body;
};

#define PLAIN_TYPE "__typeof__((void)0, *(P))"
#define UPDATE(expression)                                                               \
	"({ T *plain_ = (T *)(P); T old_ = *plain_; *plain_ = " expression "; old_; })"

static const struct plain plains[] = {
	{"load", "(*(volatile T *)(P))"},
	{"load_n", "(*(volatile T *)(P))"},
	{"store", "(*(volatile T *)(P) = (V))"},
	{"store_n", "(*(volatile T *)(P) = (V))"},
	{"exchange", UPDATE("(V)")},
	{"exchange_n", UPDATE("(V)")},
	{"fetch_add", UPDATE("old_ + (V)")},
	{"fetch_sub", UPDATE("old_ - (V)")},
	{"fetch_or", UPDATE("old_ | (V)")},
	{"fetch_and", UPDATE("old_ & (V)")},
	{"fetch_xor", UPDATE("old_ ^ (V)")},
	{"compare_exchange_strong",
		"({ T *plain_ = (T *)(P); T *want_ = (T *)(V); int "
		"same_ = *plain_ == *want_; if (same_) *plain_ = (E); "
		"else *want_ = *plain_; same_; })"},
	{"compare_exchange_weak",
		"({ T *plain_ = (T *)(P); T *want_ = (T *)(V); int same_ "
		"= *plain_ == *want_; if (same_) *plain_ = (E); else "
		"*want_ = *plain_; same_; })"},
	{"compare_exchange_n",
		"({ T *plain_ = (T *)(P); T *want_ = (T *)(V); int same_ = "
		"*plain_ == *want_; if (same_) *plain_ = (E); else *want_ = "
		"*plain_; same_; })"},
};

/* The plain operation that the word names, or NULL. */
static const struct plain *find_plain(const struct tokens *tokens, size_t index)
{
	char *word = token_text(tokens, index);
	char *name = strncmp(word, "atomic_", 7) == 0	  ? word + 7
		     : strncmp(word, "__atomic_", 9) == 0 ? word + 9
							  : NULL;
	size_t length = name ? strlen(name) : 0;
	const struct plain *found = NULL;

	if (length > 9 && strcmp(name + length - 9, "_explicit") == 0)
		name[length - 9] = '\0';
	for (size_t i = 0; name && i < sizeof(plains) / sizeof(*plains); i++)
		if (strcmp(plains[i].name, name) == 0)
			found = &plains[i];
	free(word);
	return found;
}

static bool stands_alone(const char *body, const char *at)
{
	return (at == body || !(isalnum((unsigned char)at[-1]) || at[-1] == '_')) &&
	       !(isalnum((unsigned char)at[1]) || at[1] == '_');
}

/* The body with the arguments in the place of P, V and E. */
static void expand(struct buffer *text, const char *body, char *const *arguments)
{
	static const char letters[] = "PVE";

	for (const char *at = body; *at; at++) {
		const char *letter = stands_alone(body, at) ? strchr(letters, *at) : NULL;
		if (letter && arguments[letter - letters])
			buffer_text(text, arguments[letter - letters]);
		else if (*at == 'T' && stands_alone(body, at))
			expand(text, PLAIN_TYPE, arguments);
		else
			buffer_add(text, at, 1);
	}
}

static void make_plain(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;
	const struct plain *plain =
		syntax_is_call(tokens, index) ? find_plain(tokens, index) : NULL;
	size_t end = plain ? syntax_partner(tokens, index + 1) : tokens->count;
	char *arguments[3] = {NULL};
	struct buffer body = {0};

	if (end >= tokens->count)
		return;
	for (size_t i = 0; i < 3; i++)
		arguments[i] = syntax_argument(tokens, index, i);
	expand(&body, plain->body, arguments);
	struct edit edit = {
		tokens->list[index].start, token_end(tokens, end), body.bytes};
	mutation_add(mutation, "atomic made plain", &edit, 1);
	buffer_release(&body);
	for (size_t i = 0; i < 3; i++)
		free(arguments[i]);
}

const mutation_fn mistakes_of_atomics[] = {make_plain, NULL};
