/* SPDX-License-Identifier: MIT */
/*
 * As much of C's grammar as mutants need: partners of brackets, where statements end,
 * calls and the function around a token. Indices are of tokens; what is not found is the
 * index of the end, tokens->count.
 *
 *	size_t end = syntax_statement_end(&tokens, first);
 *	char *statement = tokens_text(&tokens, first, end - 1);
 */
#ifndef INTERLOCK_SELFTEST_SYNTAX_H
#define INTERLOCK_SELFTEST_SYNTAX_H

#include "build/tokens.h"

/* The bracket that closes the one at index: any of ( [ {. */
size_t syntax_partner(const struct tokens *tokens, size_t index);

/* Behind the last token of the statement or declaration that starts at index. */
size_t syntax_statement_end(const struct tokens *tokens, size_t index);

/* Whether a statement starts at index, as what stands before it tells. */
bool syntax_starts_statement(const struct tokens *tokens, size_t index);

/* Whether that statement is all that an if, an else or a loop has for a body. */
bool syntax_is_body(const struct tokens *tokens, size_t index);

/* Whether the word at index is called there: not a keyword, and followed by brackets. */
bool syntax_is_call(const struct tokens *tokens, size_t index);

/* Argument `number`, from 0, of the call at index, to be freed; NULL if it has none. */
char *syntax_argument(const struct tokens *tokens, size_t index, size_t number);

/* The name of the function whose body the token is in. */
size_t syntax_function(const struct tokens *tokens, size_t index);

/* Whether the function of that name's index returns nothing. */
bool syntax_returns_nothing(const struct tokens *tokens, size_t name);

#endif
