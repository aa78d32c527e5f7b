/* SPDX-License-Identifier: MIT */
/*
 * C source as a list of tokens, each knowing where it stands, so that a mutant can be made
 * by editing the text. Comments, white space and preprocessor lines are no tokens.
 *
 *	struct tokens tokens;
 *	tokens_read(&tokens, "if (n < 3) stop();");
 *	token_is(&tokens, 0, "if");
 *	tokens_release(&tokens);
 *
 * Any text has tokens; whether they are C is for the compiler to say.
 */
#ifndef INTERLOCK_BUILD_TOKENS_H
#define INTERLOCK_BUILD_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
	TOKEN_WORD, /* names and keywords */
	TOKEN_NUMBER,
	TOKEN_QUOTED, /* strings and characters */
	TOKEN_SIGN,   /* operators and punctuation, the longest that C knows */
	TOKEN_END     /* the last of every list */
};

struct token {
	enum token_kind kind;
	size_t start; /* in the text */
	size_t length;
	long line;     /* from 1 */
	bool solution; /* between BEGIN SOLUTION and END SOLUTION */
};

struct tokens {
	const char *text; /* the caller's; must outlive the tokens */
	struct token *list;
	size_t count; /* without the TOKEN_END behind them */
};

void tokens_read(struct tokens *tokens, const char *text);
void tokens_release(struct tokens *tokens);

/* Whether the token with this index is that text. Any index may be asked for. */
bool token_is(const struct tokens *tokens, size_t index, const char *text);

/* Whether the token's text ends so, or holds this. */
bool token_ends(const struct tokens *tokens, size_t index, const char *end);
bool token_holds(const struct tokens *tokens, size_t index, const char *part);

/* The token's text, or the text from the start of one token to the end of another, to be
 * freed. */
char *token_text(const struct tokens *tokens, size_t index);
char *tokens_text(const struct tokens *tokens, size_t first, size_t last);

/* Where in the text the token ends. */
size_t token_end(const struct tokens *tokens, size_t index);

#endif
