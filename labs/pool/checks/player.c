/* SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* fopencookie */
#endif
#include "pool.h"
#include "work.h"

#include <interlock/player.h>

#include <assert.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Set before a pool is made, so that workers have it. */
static struct work *work;
static struct notes *notes;

/* A process that pool_create started has a copy from before it returned. */
static bool pool_create_returned;

/* What a process knows of itself. One that it forks begins with a copy of it, and finds
 * that it is somebody else's. */
static struct {
	int process;
	int number;	    /* 0: none yet */
	int prepared;	    /* how often the initializer was called with its argument */
	bool called;	    /* the initializer, with whatever argument */
	struct map *met_in; /* the last map whose meeting it went to */
} self;

static void know_yourself(void)
{
	int process = (int)mp_current_id();
	if (self.process == process)
		return;
	self.process = process;
	self.number = 0;
	self.prepared = 0;
	self.called = false;
	self.met_in = NULL;
}

static void prepare(void *argument)
{
	know_yourself();
	if (!self.called && self.process != notes->caller)
		interlock_note_add(&notes->workers_prepared, 1);
	self.called = true;
	if (argument == work)
		self.prepared++;
	/* A pool whose workers end and are started for ever does not come to an end. */
	bool workers_are_started_for_ever =
		interlock_note_add(&notes->prepared, 1) >= work->most_prepared;
	assert(!workers_are_started_for_ever);
}

static void wait_for_other_calls(struct mp_semaphore *semaphore)
{
	if (work->patience_ms == 0)
		mp_semaphore_acquire(semaphore);
	else
		(void)mp_semaphore_acquire_timeout(semaphore, work->patience_ms);
}

/* Waits until as many processes as the meeting needs have come, and gives one that should
 * not be there a moment to come as well. */
static void meet(struct map *map, struct seen *seen)
{
	int arrived = interlock_note_add(&seen->arrived, 1) + 1;
	int meeting = seen->conduct.meeting;
	if (arrived > meeting) {
		mp_semaphore_release(&map->someone_else_is_here);
	} else if (arrived == meeting) {
		(void)mp_semaphore_acquire_timeout(&map->someone_else_is_here, MOMENT_MS);
		for (int i = 1; i < meeting; i++)
			mp_semaphore_release(&map->everyone_is_here);
	} else {
		wait_for_other_calls(&map->everyone_is_here);
	}
	interlock_note_add(&seen->company, atomic_load(&seen->arrived));
}

/* The slow item waits for all items but those of its own chunk. */
static void wait_for_others(struct map *map, struct seen *seen, size_t index)
{
	const struct conduct *conduct = &seen->conduct;
	if (index == conduct->slow) {
		wait_for_other_calls(&map->only_the_slow_is_left);
		interlock_note_set(&seen->done_before, atomic_load(&seen->others_done));
	} else if (index / conduct->chunk != conduct->slow / conduct->chunk &&
		   interlock_note_add(&seen->others_done, 1) + 1 == conduct->others) {
		mp_semaphore_release(&map->only_the_slow_is_left);
	}
}

static void meet_fate(enum fate fate)
{
	if (fate == IS_KILLED)
		kill(getpid(), SIGKILL);
	if (fate == CALLS_EXIT)
		mp_process_exit(work->exit_code);
}

static ssize_t note_flush(void *unused, const char *text, size_t bytes)
{
	(void)unused;
	(void)text;
	interlock_note_add(&notes->workers_flushed, 1);
	return (ssize_t)bytes;
}

/* Output that stays in the buffer until its process ends, and is lost if that is killed. */
static void write_something(void)
{
	FILE *output =
		fopencookie(NULL, "w", (cookie_io_functions_t){.write = note_flush});
	assert(output);
	fputs("something", output);
}

static void introduce_yourself(void)
{
	self.number = interlock_note_add(&notes->workers_seen, 1) + 1;
	if (pool_create_returned)
		interlock_note_add(&notes->workers_late, 1);
	write_something();
}

static long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void take_time(struct map *map, struct note *note, int takes_ms)
{
	interlock_note_set(&note->begun_ms, (int)(now_ms() - map->called_ms));
	(void)mp_semaphore_acquire_timeout(&map->nobody_releases_it, takes_ms);
}

static void look_around(struct map *map, size_t index)
{
	struct seen *seen = &notes->maps[map - work->maps];
	const struct conduct *conduct = &seen->conduct;
	struct note *note = &seen->items[index];
	if (self.number == 0 && self.process != notes->caller)
		introduce_yourself();
	interlock_note_set(&note->worker, self.number);
	interlock_note_set(&note->prepared, self.prepared);
	interlock_note_add(&note->calls, 1);
	if (self.process == notes->caller)
		return;
	if (conduct->meeting && self.met_in != map) {
		self.met_in = map;
		meet(map, seen);
	}
	if (conduct->others)
		wait_for_others(map, seen, index);
	meet_fate(conduct->fates[index]);
	if (index < conduct->slow_count)
		take_time(map, note, conduct->takes_ms);
}

/* `odd`: what the function of every second map adds. */
static long compute(long item, long odd)
{
	long place = item / ITEM_SPREAD;
	long map = place / MOST_ITEMS;
	know_yourself();
	if (item > 0 && item % ITEM_SPREAD != 0 && map < work->maps_count &&
		map % 2 == odd)
		look_around(&work->maps[map], (size_t)(place % MOST_ITEMS));
	else
		interlock_note_add(&notes->strangers, 1);
	return item * work->factor % MODULUS + odd;
}

static long of_even_maps(long item)
{
	return compute(item, 0);
}

static long of_odd_maps(long item)
{
	return compute(item, 1);
}

static void give(struct pool *pool, int index)
{
	struct map *map = &work->maps[index];
	map->called_ms = now_ms();
	map->returned = pool_map(pool, index % 2 == 0 ? of_even_maps : of_odd_maps,
		map->items, map->results, map->count, map->chunk);
	map->milliseconds = now_ms() - map->called_ms;
}

static int use(void *argument)
{
	work = argument;
	notes = interlock_notes();
	interlock_note_set(&notes->caller, (int)mp_current_id());
	struct pool *other = work->two_pools ? pool_create(1, 1, NULL, NULL) : NULL;
	struct pool *pool =
		pool_create(work->workers, work->maxtasksperchild, prepare, work);
	pool_create_returned = true;
	work->no_pool = !pool || (work->two_pools && !other);
	if (work->no_pool)
		return 0;
	for (int i = 0; i < work->maps_count; i++)
		give(other && i % 2 == 0 ? other : pool, i);
	if (other)
		pool_close(other);
	pool_close(pool);
	return 0;
}

const struct player_entry player_entries[] = {{"use", use}, {NULL, NULL}};
