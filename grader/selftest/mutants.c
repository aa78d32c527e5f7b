/* SPDX-License-Identifier: MIT */
#include "selftest/mutants.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "selftest/difference.h"
#include "selftest/syntax.h"

#include <stdlib.h>
#include <string.h>

bool is_synchronisation(const struct tokens *tokens, size_t index)
{
	static const char *const verbs[] = {"acquire", "release", "lock", "wait", "post",
		"notify", "signal", "broadcast", "join", "wake", "barrier", "event",
		"start", "fork", "create", "close", "put", "get", "send", "receive"};
	static const char *const others[] = {
		"_init", "_destroy", "_new", "_free", "_id", "clock_gettime"};

	if (!syntax_is_call(tokens, index))
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (token_ends(tokens, index, others[i]))
			return false;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (token_holds(tokens, index, verbs[i]))
			return true;
	return false;
}

static char *apply(const char *text, const struct edit *edits, size_t count)
{
	struct buffer changed = {0};
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		buffer_add(&changed, text + at, edits[i].start - at);
		buffer_text(&changed, edits[i].put);
		at = edits[i].end;
	}
	buffer_text(&changed, text + at);
	return buffer_take(&changed);
}

static bool is_known(const struct mutation *mutation, const char *text)
{
	const struct mutants *mutants = mutation->mutants;

	if (strcmp(mutation->tokens->text, text) == 0)
		return true;
	for (size_t i = 0; i < mutants->count; i++)
		if (strcmp(mutants->list[i].file, mutation->file) == 0 &&
			strcmp(mutants->list[i].text, text) == 0)
			return true;
	return false;
}

static size_t token_at(const struct tokens *tokens, size_t place)
{
	size_t index = 0;

	while (index < tokens->count && token_end(tokens, index) <= place)
		index++;
	return index;
}

void mutation_add(struct mutation *mutation, const char *mistake,
	const struct edit *edits, size_t count)
{
	const struct tokens *tokens = mutation->tokens;
	struct mutants *mutants = mutation->mutants;
	char *text = apply(tokens->text, edits, count);

	if (is_known(mutation, text)) {
		free(text);
		return;
	}
	size_t index = token_at(tokens, edits[0].start);
	size_t function = syntax_function(tokens, index);
	char *name =
		function < tokens->count ? token_text(tokens, function) : text_copy("");
	mutants->list =
		memory_grow(mutants->list, mutants->count + 1, sizeof(*mutants->list));
	mutants->list[mutants->count++] = (struct mutant){
		.mistake = mistake,
		.file = text_copy(mutation->file),
		.text = text,
		.diff = difference(mutation->file, name, tokens->text, text),
		.line = tokens->list[index].line,
	};
	free(name);
}

static void make_all(struct mutation *mutation, const mutation_fn *mistakes)
{
	for (; *mistakes; mistakes++)
		for (size_t i = 0; i < mutation->tokens->count; i++)
			if (mutation->tokens->list[i].solution)
				(*mistakes)(mutation, i);
}

void mutants_make(struct mutants *mutants, const char *file, const char *solution)
{
	struct tokens tokens;
	struct mutation mutation = {.tokens = &tokens, .file = file, .mutants = mutants};

	tokens_read(&tokens, solution);
	make_all(&mutation, mistakes_of_synchronisation);
	make_all(&mutation, mistakes_of_atomics);
	make_all(&mutation, mistakes_of_c);
	tokens_release(&tokens);
}

void mutants_release(struct mutants *mutants)
{
	for (size_t i = 0; i < mutants->count; i++) {
		free(mutants->list[i].file);
		free(mutants->list[i].text);
		free(mutants->list[i].diff);
	}
	free(mutants->list);
	*mutants = (struct mutants){0};
}
