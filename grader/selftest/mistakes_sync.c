/* SPDX-License-Identifier: MIT */
/* The mistakes with locks, waits and tasks: see mutants.h. */
#include "base/buffer.h"
#include "base/memory.h"
#include "selftest/mutants.h"
#include "selftest/syntax.h"

#include <stdlib.h>
#include <string.h>

static void replace(
	struct mutation *mutation, const char *mistake, size_t index, const char *put)
{
	struct edit edit = {mutation->tokens->list[index].start,
		token_end(mutation->tokens, index), put};

	mutation_add(mutation, mistake, &edit, 1);
}

/* A whole line goes with the statement if there is nothing else on it. */
static struct edit taking_out(const struct tokens *tokens, size_t first, size_t last)
{
	struct edit edit = {tokens->list[first].start, token_end(tokens, last), ""};
	const char *text = tokens->text;
	size_t start = edit.start;

	if (syntax_is_body(tokens, first)) {
		edit.put = ";";
		return edit;
	}
	while (start > 0 && (text[start - 1] == ' ' || text[start - 1] == '\t'))
		start--;
	if ((start == 0 || text[start - 1] == '\n') && text[edit.end] == '\n') {
		edit.start = start;
		edit.end++;
	}
	return edit;
}

/* Whether the call at index is a statement of its own. */
static bool is_statement(const struct tokens *tokens, size_t index)
{
	return syntax_starts_statement(tokens, index) &&
	       token_is(tokens, syntax_partner(tokens, index + 1) + 1, ";");
}

static void drop_call(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;

	if (!is_synchronisation(tokens, index))
		return;
	size_t end = syntax_partner(tokens, index + 1);
	if (end == tokens->count)
		return;
	struct edit edit = is_statement(tokens, index)
				   ? taking_out(tokens, index, end + 1)
				   : (struct edit){tokens->list[index].start,
					     token_end(tokens, end), "0"};
	mutation_add(mutation,
		token_holds(tokens, index, "notify") ||
				token_holds(tokens, index, "signal") ||
				token_holds(tokens, index, "broadcast") ||
				token_holds(tokens, index, "wake")
			? "notification dropped"
		: token_holds(tokens, index, "join") ? "join dropped"
						     : "call dropped",
		&edit, 1);
}

/* Each with its opposite, as the ends of names. */
static const char *const opposites[][2] = {
	{"_acquire", "_release"},
	{"_release", "_acquire"},
	{"_unlock", "_lock"},
	{"_lock", "_unlock"},
	{"_rdlock", "_wrlock"},
	{"_wrlock", "_rdlock"},
	{"sem_wait", "sem_post"},
	{"sem_post", "sem_wait"},
	{"_broadcast", "_signal"},
	{"_put", "_get"},
	{"_get", "_put"},
};

static void swap_call(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;

	if (!is_synchronisation(tokens, index))
		return;
	for (size_t i = 0; i < sizeof(opposites) / sizeof(*opposites); i++) {
		const char *end = opposites[i][0];
		if (!token_ends(tokens, index, end))
			continue;
		char *name = token_text(tokens, index);
		name[strlen(name) - strlen(end)] = '\0';
		text_replace(&name, "%s%s", name, opposites[i][1]);
		replace(mutation, "opposite call", index, name);
		free(name);
	}
}

/* One of many is woken. */
static void notify_one(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;

	if (!syntax_is_call(tokens, index) || !token_ends(tokens, index, "_notify_all"))
		return;
	size_t end = syntax_partner(tokens, index + 1);
	if (end == tokens->count)
		return;
	char *name = token_text(tokens, index);
	name[strlen(name) - strlen("_all")] = '\0';
	const struct edit edits[] = {
		{tokens->list[index].start, token_end(tokens, index), name},
		{tokens->list[end].start, token_end(tokens, end), ", 1)"},
	};
	mutation_add(mutation, "one notified in place of all", edits, 2);
	free(name);
}

/* A statement, or an if around one, that starts, orders or ends other tasks. */
static bool synchronises(const struct tokens *tokens, size_t first, size_t end)
{
	if (token_is(tokens, first, "if"))
		end = syntax_partner(tokens, first + 1);
	else if (token_is(tokens, first, "while") || token_is(tokens, first, "for") ||
		 token_is(tokens, first, "do") || token_is(tokens, first, "{"))
		return false;
	for (size_t i = first; i < end; i++)
		if (is_synchronisation(tokens, i))
			return true;
	return false;
}

static bool is_jump(const struct tokens *tokens, size_t index)
{
	return token_is(tokens, index, "return") || token_is(tokens, index, "break") ||
	       token_is(tokens, index, "continue") || token_is(tokens, index, "goto");
}

/* The statement at index and the one behind it change places: an acquire comes after what
 * it guards, a release before; two locks are taken in the other order. */
static void move_call(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;

	if (!syntax_starts_statement(tokens, index) || token_is(tokens, index, "}") ||
		is_jump(tokens, index))
		return;
	size_t next = syntax_statement_end(tokens, index);
	size_t end = syntax_statement_end(tokens, next);
	if (next >= tokens->count || end > tokens->count || end <= next ||
		!tokens->list[next].solution || token_is(tokens, next, "}") ||
		is_jump(tokens, next) || syntax_is_body(tokens, index) ||
		(!synchronises(tokens, index, next) && !synchronises(tokens, next, end)))
		return;
	char *first = tokens_text(tokens, index, next - 1);
	char *second = tokens_text(tokens, next, end - 1);
	const struct edit edits[] = {
		{tokens->list[index].start, token_end(tokens, next - 1), second},
		{tokens->list[next].start, token_end(tokens, end - 1), first},
	};
	mutation_add(mutation, "call moved", edits, 2);
	free(second);
	free(first);
}

/* Whether both calls are of one family: the same name up to its last underscore. */
static bool are_akin(const struct tokens *tokens, size_t one, size_t other)
{
	char *first = token_text(tokens, one);
	char *second = token_text(tokens, other);
	char *end = strrchr(first, '_');
	bool akin = end && strncmp(first, second, (size_t)(end - first) + 1) == 0;

	free(second);
	free(first);
	return akin;
}

static void replace_argument(
	struct mutation *mutation, const char *mistake, size_t call, const char *argument)
{
	const struct tokens *tokens = mutation->tokens;
	char *old = syntax_argument(tokens, call, 0);
	struct edit edit = {.start = tokens->list[call + 2].start, .put = argument};

	edit.end = edit.start + strlen(old);
	mutation_add(mutation, mistake, &edit, 1);
	free(old);
}

/* What another call of the family is about. */
static void take_other_lock(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;
	char *own = is_synchronisation(tokens, index) ? syntax_argument(tokens, index, 0)
						      : NULL;

	for (size_t i = 0; own && i < tokens->count; i++) {
		if (!tokens->list[i].solution || !is_synchronisation(tokens, i) ||
			!are_akin(tokens, index, i))
			continue;
		char *other = syntax_argument(tokens, i, 0);
		if (other && strcmp(own, other) != 0)
			replace_argument(mutation, "other lock", index, other);
		free(other);
	}
	free(own);
}

static size_t body_of(const struct tokens *tokens, size_t function)
{
	size_t body = syntax_partner(tokens, function + 1) + 1;

	return token_is(tokens, body, "{") ? body : tokens->count;
}

/* Of the calls in a body that are about one lock, up to MOST_CALLS are edited. */
enum { MOST_CALLS = 30 };

/* All calls of a function that are about one lock get one that only this function has. */
static void take_private_lock(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;
	struct edit edits[MOST_CALLS + 1];
	size_t count = 1;
	char *own = is_synchronisation(tokens, index) &&
				    (token_ends(tokens, index, "acquire") ||
					    token_ends(tokens, index, "_lock"))
			    ? syntax_argument(tokens, index, 0)
			    : NULL;
	size_t body =
		own ? body_of(tokens, syntax_function(tokens, index)) : tokens->count;

	if (body < tokens->count) {
		char *declaration =
			text_format("\n\tstatic __typeof__(*(%s)) private_lock;", own);
		edits[0] = (struct edit){
			token_end(tokens, body), token_end(tokens, body), declaration};
		size_t end = syntax_partner(tokens, body);
		for (size_t i = body; i < end && count <= MOST_CALLS; i++) {
			char *about = is_synchronisation(tokens, i)
					      ? syntax_argument(tokens, i, 0)
					      : NULL;
			size_t start = tokens->list[about ? i + 2 : i].start;
			if (about && strcmp(about, own) == 0)
				edits[count++] = (struct edit){
					start, start + strlen(about), "&private_lock"};
			free(about);
		}
		mutation_add(mutation, "other lock", edits, count);
		free(declaration);
	}
	free(own);
}

static bool takes(const struct tokens *tokens, size_t index)
{
	return is_synchronisation(tokens, index) &&
	       !token_holds(tokens, index, "release") &&
	       !token_holds(tokens, index, "unlock") &&
	       !token_holds(tokens, index, "post");
}

/* Two calls that take something, one after the other, take it in the other order. */
static void turn_order(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;
	char *own = takes(tokens, index) ? syntax_argument(tokens, index, 0) : NULL;
	char *name = own ? token_text(tokens, index) : NULL;

	for (size_t i = index + 1; own && i < tokens->count; i++) {
		if (!takes(tokens, i) || !token_is(tokens, i, name))
			continue;
		char *other = syntax_argument(tokens, i, 0);
		size_t first = tokens->list[index + 2].start;
		size_t second = tokens->list[i + 2].start;
		if (other && strcmp(own, other) != 0 && tokens->list[i].solution &&
			syntax_function(tokens, i) == syntax_function(tokens, index)) {
			const struct edit edits[] = {{first, first + strlen(own), other},
				{second, second + strlen(other), own}};
			mutation_add(mutation, "order turned", edits, 2);
		}
		free(other);
		break;
	}
	free(name);
	free(own);
}

/* Back to the caller right after a call, perhaps with a lock held. */
static void return_early(struct mutation *mutation, size_t index)
{
	const struct tokens *tokens = mutation->tokens;

	if (!syntax_starts_statement(tokens, index) || syntax_is_body(tokens, index))
		return;
	size_t end = syntax_statement_end(tokens, index);
	if (end > tokens->count || end <= index || token_is(tokens, index, "{") ||
		!synchronises(tokens, index, end) || !tokens->list[end - 1].solution)
		return;
	const char *text = tokens->text;
	size_t line = tokens->list[index].start;
	while (line > 0 && text[line - 1] != '\n')
		line--;
	char *put = text_format("\n%.*s%s", (int)strspn(text + line, " \t"), text + line,
		syntax_returns_nothing(tokens, syntax_function(tokens, index))
			? "return;"
			: "return 0;");
	struct edit edit = {token_end(tokens, end - 1), token_end(tokens, end - 1), put};
	mutation_add(mutation, "return early", &edit, 1);
	free(put);
}

const mutation_fn mistakes_of_synchronisation[] = {drop_call, swap_call, notify_one,
	turn_order, move_call, take_other_lock, take_private_lock, return_early, NULL};
