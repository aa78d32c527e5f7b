/* SPDX-License-Identifier: MIT */
/*
 * The memory that referee and player share, mapped at the same address in both, so that a
 * pointer into it means the same on both sides.
 *
 *	struct arena *arena = arena_map(fd);
 *	snprintf(arena->processes[0].entry, sizeof(arena->processes[0].entry),
 * "withdraw"); arena->process_count = 1;
 *
 * The referee writes the plan of a run before it asks for the run; the player writes what
 * it saw. A student's process can write anywhere in here but to the notes, so the referee
 * reads the rest as the claims of a stranger: each index and length is checked, and no claim
 * makes a pass.
 */
#ifndef INTERLOCK_PLAY_ARENA_H
#define INTERLOCK_PLAY_ARENA_H

#include <stddef.h>
#include <stdint.h>

/* Free in plain, address-sanitized and valgrind's address spaces (tried on each). */
#define ARENA_ADDRESS ((uintptr_t)0x7e8000000000)

/* What the lab's entries note. Only the player's own functions write here: for all else the
 * pages can be read and no more, save where threads stand for processes. */
#define ARENA_NOTES (ARENA_ADDRESS + ARENA_BYTES - ARENA_NOTES_BYTES)

/* Where the player for helgrind maps what its processes share (player/shared.c). */
#define ARENA_SHARED_ADDRESS ((uintptr_t)0x7e8100000000)
#define ARENA_SHARED_BYTES ((size_t)1 << 32)

enum {
	ARENA_BYTES = 8 << 20,
	ARENA_NOTES_BYTES = 256 << 10, /* of these, at the end: see below */
	ARENA_KEPT_BYTES = 64 << 10,
	ARENA_PROCESSES = 16,
	ARENA_ENTRY_BYTES = 64,
	ARENA_FD = 3,	  /* the player's descriptor of the arena */
	ARENA_SOCKET = 4, /* and of its end of the command socket */
	ARENA_NO_ENTRY =
		86, /* exit code of a run whose plan names what the player lacks */
};

/* How the player runs what it is asked to. */
enum arena_mode {
	ARENA_FORK,    /* fork server: each run in a child */
	ARENA_THREADS, /* each run in the player itself, its processes being threads */
	ARENA_ONCE     /* the plan once, as a program's main, for the explorer */
};

struct arena_process {
	char entry[ARENA_ENTRY_BYTES]; /* written by the referee */
	void *argument;		       /* likewise */
	int32_t pid;		       /* the rest by the player */
	int32_t returned;	       /* 1 once the entry has returned */
	int32_t value;		       /* what it returned */
	int32_t exit_code;	       /* exit code, or minus the signal that ended it */
};

struct arena {
	uint32_t mode;
	uint32_t process_count;
	int32_t cpu_seconds; /* that each process of a run may use */
	_Atomic uint32_t go; /* a futex: 1 once all processes of the run are started */
	struct arena_process processes[ARENA_PROCESSES];
	/* For play_kept. Up to here an instrumented program that reads or writes fails. */
	_Alignas(64) unsigned char kept[ARENA_KEPT_BYTES];
	_Alignas(64) unsigned char heap[]; /* for play_shared, up to ARENA_NOTES */
};

/* Whether an address in helgrind's player is one that the lab's processes would share. */
static inline int arena_is_shared(uintptr_t address)
{
	return (address >= ARENA_ADDRESS && address - ARENA_ADDRESS < ARENA_BYTES) ||
	       (address >= ARENA_SHARED_ADDRESS &&
		       address - ARENA_SHARED_ADDRESS < ARENA_SHARED_BYTES);
}

/* What the player's server answers to each byte on its socket, after the run. */
struct arena_report {
	int32_t wait_status;  /* of the run's first process, as by waitpid */
	int32_t left_alive;   /* processes that nobody waited for, still alive */
	int32_t left_zombies; /* or ended */
	int32_t cpu_ms;	      /* used by all processes of the run together */
};

#endif
