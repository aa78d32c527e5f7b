/* SPDX-License-Identifier: MIT */
#include "report/concept.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "ladder/ladder.h"

#include <string.h>

static const char *task_of(const struct ladder *ladder, const struct rung *rung)
{
	return ladder->tasks[rung->task].name;
}

static const char *object_of(const struct rung *rung)
{
	return rung->object ? rung->object : "the same memory";
}

static const struct arrow *find_arrow(const struct ladder *ladder, enum arrow_kind kind)
{
	for (uint32_t i = 0; i < ladder->arrow_count; i++)
		if (ladder->arrows[i].kind == kind)
			return &ladder->arrows[i];
	return NULL;
}

/* The last write of another task to the same object between the two. */
static const struct rung *lost_write(
	const struct ladder *ladder, const struct arrow *arrow)
{
	const struct rung *write = &ladder->rungs[arrow->to];

	for (uint32_t i = arrow->to; i-- > arrow->from;) {
		const struct rung *rung = &ladder->rungs[i];
		if (rung->task != write->task && rung->kind != RUNG_READ &&
			rung->object && write->object &&
			strcmp(rung->object, write->object) == 0)
			return rung;
	}
	return NULL;
}

static void put_place(struct buffer *words, const struct rung *rung)
{
	if (rung->line > 0)
		buffer_print(words, " in line %ld", rung->line);
}

static void put_value(struct buffer *words, const char *before, const struct rung *rung)
{
	if (rung->value)
		buffer_print(words, "%s%s", before, rung->value);
}

static void lost_update(
	struct buffer *words, const struct ladder *ladder, const struct arrow *arrow)
{
	const struct rung *read = &ladder->rungs[arrow->from];
	const struct rung *write = &ladder->rungs[arrow->to];
	const struct rung *lost = lost_write(ladder, arrow);

	buffer_print(words,
		"A lost update. To change %s a task reads it, computes, and writes "
		"it back: three things, and others may run between them. %s read",
		object_of(write), task_of(ladder, read));
	put_value(words, " ", read);
	put_place(words, read);
	if (lost) {
		buffer_print(words, ". Then %s wrote", task_of(ladder, lost));
		put_value(words, " ", lost);
		put_place(words, lost);
	}
	buffer_print(words, ". After that %s wrote", task_of(ladder, write));
	put_value(words, " ", write);
	put_place(words, write);
	buffer_print(words,
		", computed from what it had read before. What %s wrote is gone.",
		lost ? task_of(ladder, lost) : "the other");
}

static void race(
	struct buffer *words, const struct ladder *ladder, const struct arrow *arrow)
{
	const struct rung *one = &ladder->rungs[arrow->from];
	const struct rung *two = &ladder->rungs[arrow->to];

	buffer_print(
		words, "A data race. %s uses %s", task_of(ladder, one), object_of(one));
	put_place(words, one);
	buffer_print(words, ", and %s uses it", task_of(ladder, two));
	put_place(words, two);
	buffer_text(words,
		". At least one of them writes. Nothing makes one of the two happen "
		"before the other: no lock that both take, no wait for the other. "
		"So either may come first, and what the second sees is chance.");
}

static void deadlock(struct buffer *words, const struct ladder *ladder)
{
	buffer_text(words, "A deadlock. Nobody can go on:");
	for (uint32_t i = 0; i < ladder->waiting_count; i++) {
		const struct waiting *waiting = &ladder->waiting[i];
		buffer_print(words, "%s %s waits", i ? ";" : "",
			ladder->tasks[waiting->task].name);
		if (waiting->object)
			buffer_print(words, " for %s", waiting->object);
		if (waiting->holder == (int)waiting->task)
			buffer_text(words, ", which it holds itself");
		else if (waiting->holder >= 0)
			buffer_print(words, ", which %s holds",
				ladder->tasks[waiting->holder].name);
	}
	buffer_text(words, ". Whoever waits gives nothing back, so each waits for ever.");
}

/* Kinds that need no names. */
static const struct {
	const char *kind, *words;
} general[] = {
	{"livelock", "A livelock. The tasks do run, and go round the same steps again "
		     "and again, "
		     "also when each that can run gets its turn. None comes nearer to "
		     "its end."},
	{"unlock", "Only the task that took a lock may release it. A release by another "
		   "lets a "
		   "third one in while the first still works."},
	{"held", "A lock that is still held when its task ends is never free again: "
		 "whoever "
		 "wants it afterwards waits for ever."},
	{"destroyed",
		"A lock or semaphore was destroyed while somebody could still use it."},
	{"freed", "Memory is used after it was given back. Another task may have got it "
		  "meanwhile."},
	{"children", "A process that was started was not waited for. Nobody learns how "
		     "it ended, "
		     "and it may still run when all is thought done."},
	{"leak", "What was made is not taken away again. It stays when the program has "
		 "ended."},
	{"serial", "Two pieces of work that may run at the same time never did, in any "
		   "schedule. "
		   "Something makes one wait for the other without need."},
};

char *concept_words(const struct ladder *ladder)
{
	struct buffer words = {0};
	const struct arrow *stale = find_arrow(ladder, ARROW_STALE);
	const struct arrow *racing = find_arrow(ladder, ARROW_RACE);

	if (strcmp(ladder->kind, "deadlock") == 0 && ladder->waiting_count)
		deadlock(&words, ladder);
	else if (stale)
		lost_update(&words, ladder, stale);
	else if (racing)
		race(&words, ladder, racing);
	for (size_t i = 0; i < sizeof(general) / sizeof(*general); i++)
		if (!words.length && strcmp(general[i].kind, ladder->kind) == 0)
			buffer_text(&words, general[i].words);
	return words.length ? buffer_take(&words) : NULL;
}
