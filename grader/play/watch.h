/* SPDX-License-Identifier: MIT */
/*
 * Tells a run that cannot go on from one that is merely slow, however busy the machine
 * is.
 *
 *	struct watch watch = {.root = player_pid};
 *	do poll(..., WATCH_INTERVAL_MS); while (watch_look(&watch) == WATCH_GOING);
 *
 * A process that could run but gets no CPU is in state R, and its time does not count.
 * Only time in which every process of the run slept counts: soon if they wait for each other
 * (deadlock), later if they wake up in between by themselves (sleeping in small portions).
 */
#ifndef INTERLOCK_PLAY_WATCH_H
#define INTERLOCK_PLAY_WATCH_H

#include <stdint.h>
#include <sys/types.h>

enum {
	WATCH_INTERVAL_MS = 100,
	WATCH_STUCK_MS = 1000, /* asleep, and only another could end that */
	WATCH_IDLE_MS = 10000, /* asleep, waking up now and then */
};

struct watch {
	pid_t root;	    /* its descendants are watched */
	uint64_t signature; /* of the last look */
	long stuck_ms;
	long idle_ms;
	long cpu_ms; /* used since the first look, by those that ended as well */
	long cpu_ticks_before;
	int processes; /* seen at the last look */
};

enum watch_state { WATCH_GOING, WATCH_STUCK };

/* To be called every WATCH_INTERVAL_MS or less often. */
enum watch_state watch_look(struct watch *watch);

/* The processor time that the root and its descendants have used, those included that ended
 * and were waited for. */
long watch_cpu_ms(pid_t root);

#endif
