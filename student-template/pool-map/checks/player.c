/* SPDX-License-Identifier: MIT */
#include "pool_map.h"
#include "work.h"

#include <interlock/player.h>

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The work of the pool_map that runs now, and what is seen of it. A run has only one at a
 * time. */
static struct work *work;
static struct seen *seen;

static struct note *note_of(long item)
{
	const struct plan *plan = &seen->plan;
	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i] == item)
			return &seen->items[i];
	return NULL;
}

/* True the first time that a process asks. */
static int is_first_call_of(int process)
{
	for (size_t i = 0; i < seen->plan.count; i++)
		if (atomic_load(&seen->items[i].process) == process)
			return 0;
	return 1;
}

static void wait_at_most(struct mp_semaphore *semaphore, int patience_ms)
{
	if (patience_ms == 0)
		mp_semaphore_acquire(semaphore);
	else
		(void)mp_semaphore_acquire_timeout(semaphore, patience_ms);
}

/* Waits until as many processes as the meeting needs have come, and gives one that should
 * not be there a moment to come as well. */
static void meet(void)
{
	int arrived = interlock_note_add(&seen->arrived, 1) + 1;
	int meeting = seen->plan.meeting;
	if (arrived > meeting) {
		mp_semaphore_release(&work->someone_else_is_here);
	} else if (arrived == meeting) {
		wait_at_most(&work->someone_else_is_here, work->patience_ms);
		for (int i = 1; i < meeting; i++)
			mp_semaphore_release(&work->everyone_is_here);
	} else {
		mp_semaphore_acquire(&work->everyone_is_here);
	}
	interlock_note_add(&seen->company, atomic_load(&seen->arrived));
}

/* The slow item waits for all items but those of its own chunk. */
static void wait_for_others(size_t index)
{
	const struct plan *plan = &seen->plan;
	if (index == plan->slow) {
		wait_at_most(&work->only_the_slow_is_left, work->patience_ms);
		interlock_note_set(&seen->done_before, atomic_load(&seen->others_done));
	} else if (index / plan->chunk != plan->slow / plan->chunk &&
		   interlock_note_add(&seen->others_done, 1) + 1 == plan->others) {
		mp_semaphore_release(&work->only_the_slow_is_left);
	}
}

static void die(void)
{
	if (seen->plan.exit_code >= 0)
		mp_process_exit(seen->plan.exit_code);
	kill(getpid(), SIGKILL);
}

static long compute(long item)
{
	struct note *note = note_of(item);
	int process = (int)mp_current_id();
	if (note) {
		int meets = seen->plan.meeting && is_first_call_of(process);
		interlock_note_set(&note->process, process);
		interlock_note_add(&note->calls, 1);
		if (meets)
			meet();
		if (seen->plan.others)
			wait_for_others((size_t)(note - seen->items));
		if (seen->plan.deadly == item && process != atomic_load(&seen->caller))
			die();
	}
	return item * item + work->salt;
}

/* The list that is next, for map_one in this process or in a daemon. */
static int next_list;

static int map_one(void *argument)
{
	struct notes *notes = interlock_notes();
	work = argument;
	seen = &notes->maps[next_list];
	interlock_note_set(&seen->caller, (int)mp_current_id());
	work->status = pool_map(work->workers, compute, work->items, work->results,
		work->count, work->chunk);
	return 0;
}

/* A daemon may not start processes. */
static void map_in_daemon(struct work *list)
{
	struct mp_process process = {0};
	mp_process_start_daemon(&process, map_one, list);
	mp_process_join(&process);
}

enum { MARKED = 64, MARK = 0x5a };

static unsigned char *fill(unsigned char *bytes)
{
	return bytes ? memset(bytes, MARK, MARKED) : NULL;
}

static bool is_filled(const unsigned char *bytes)
{
	for (int i = 0; bytes && i < MARKED; i++)
		if (bytes[i] != MARK)
			return false;
	return true;
}

static int map(void *argument)
{
	struct works *works = argument;
	/* Lies behind what the first call allocated and kept, if it kept something. */
	unsigned char *behind = NULL;
	for (int i = 0; i < works->count; i++) {
		next_list = i;
		if (works->work[i].in_daemon)
			map_in_daemon(&works->work[i]);
		else
			map_one(&works->work[i]);
		if (!behind)
			behind = fill(malloc(MARKED));
	}
	works->written_behind = !is_filled(behind);
	free(behind);
	return 0;
}

const struct player_entry player_entries[] = {{"map", map}, {NULL, NULL}};
