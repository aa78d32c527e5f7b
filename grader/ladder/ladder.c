/* SPDX-License-Identifier: MIT */
#include "ladder/ladder.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct ladder *ladder_new(void)
{
	struct ladder *ladder = memory_new(1, sizeof(*ladder));

	ladder->said = memory_new(1, sizeof(*ladder->said));
	return ladder;
}

void rung_release(struct rung *rung)
{
	free(rung->deed);
	free(rung->object);
	free(rung->value);
	free(rung->file);
	free(rung->function);
	free(rung->held);
	free(rung->note);
	for (uint32_t i = 0; i < rung->left_count; i++) {
		free(rung->left[i].object);
		free(rung->left[i].value);
	}
	free(rung->left);
}

void ladder_free(struct ladder *ladder)
{
	if (!ladder)
		return;
	for (uint32_t i = 0; i < ladder->rung_count; i++)
		rung_release(&ladder->rungs[i]);
	for (uint32_t i = 0; i < ladder->task_count; i++) {
		free(ladder->tasks[i].name);
		free(ladder->tasks[i].runs);
	}
	for (uint32_t i = 0; i < ladder->waiting_count; i++)
		free(ladder->waiting[i].object);
	for (char **line = ladder->said; *line; line++)
		free(*line);
	free((void *)ladder->said);
	free(ladder->kind);
	free(ladder->tasks);
	free(ladder->rungs);
	free(ladder->arrows);
	free(ladder->waiting);
	free(ladder);
}

/* The room doubles. */
struct rung *ladder_add(struct ladder *ladder)
{
	uint32_t count = ladder->rung_count++;

	if ((count & (count - 1)) == 0)
		ladder->rungs = memory_grow(ladder->rungs, count ? 2 * (size_t)count : 1,
			sizeof(struct rung));
	ladder->rungs[count] = (struct rung){0};
	return &ladder->rungs[count];
}

void ladder_say(struct ladder *ladder, const char *text, size_t length)
{
	size_t count = 0;

	while (ladder->said[count])
		count++;
	ladder->said =
		memory_grow((void *)ladder->said, count + 2, sizeof(*ladder->said));
	ladder->said[count] = text_format("%.*s", (int)length, text);
	ladder->said[count + 1] = NULL;
}

void ladder_unsay(struct ladder *ladder)
{
	for (char **line = ladder->said; *line; line++) {
		free(*line);
		*line = NULL;
	}
}

char *rung_words(const struct rung *rung)
{
	return text_format("%s%s%s", rung->deed, rung->value ? " = " : "",
		rung->value ? rung->value : "");
}
