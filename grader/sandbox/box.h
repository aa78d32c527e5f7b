/* SPDX-License-Identifier: MIT */
/*
 * Runs a program that nobody trusts, so that it can reach nothing but what it was given.
 *
 *	const char *const argv[] = {"/usr/bin/gcc", "-o", "a.out", "a.c", NULL};
 *	struct box_options options = {.argv = argv, .work_dir = scratch,
 *		.tier = box_probe(&error)};
 *	struct box_result result;
 *	if (box_run(&options, &result, &error))
 *		return -1;	(the box failed, which is never the program's fault)
 *	... result.status says how it ended, result.output what it printed ...
 *	box_result_release(&result);
 *
 * The compiler, the player and valgrind all run in it. How strong it is depends on what
 * the host allows: see enum box_tier, and .github/SECURITY.md for what each one promises.
 */
#ifndef INTERLOCK_SANDBOX_BOX_H
#define INTERLOCK_SANDBOX_BOX_H

#include "base/error.h"
#include "sandbox/cgroup.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* From the strongest to none. A smaller number is a stronger box; 0 is not a tier. */
enum box_tier {
	BOX_TIER_A = 1, /* namespaces, a root of its own, and memory held by a cgroup */
	BOX_TIER_B,	/* the same, memory held by a watchdog that samples it */
	BOX_TIER_C, /* Landlock and seccomp on the host's own file tree, a subreaper */
	BOX_TIER_D, /* nothing: only trusted programs start */
};

/* What stands in the way of an attack. Tests and the bench switch them off one by one. */
enum box_layer {
	BOX_LAYER_DROP = 1 << 0, /* root becomes a user of this box's own */
	BOX_LAYER_PROCESSES =
		1 << 1,		  /* PID namespace, or subreaper: all ends with the box */
	BOX_LAYER_FILES = 1 << 2, /* a root of its own */
	BOX_LAYER_NETWORK = 1 << 3,  /* network namespace */
	BOX_LAYER_IPC = 1 << 4,	     /* IPC and UTS namespaces */
	BOX_LAYER_LANDLOCK = 1 << 5, /* files, TCP, abstract sockets and signals */
	BOX_LAYER_SECCOMP = 1 << 6,  /* system calls that no lab has a use for */
	BOX_LAYER_RLIMITS = 1 << 7,  /* processes, descriptors, file sizes, CPU time */
	BOX_LAYER_MEMORY = 1 << 8,   /* cgroup or watchdog */
	BOX_LAYER_WATCH = 1 << 9,    /* wall time, output, disk */
	BOX_LAYER_DESCRIPTORS =
		1 << 10, /* every descriptor closed that was not handed in */
	BOX_LAYER_ENVIRONMENT = 1 << 11,  /* the environment is ours alone */
	BOX_LAYER_CAPABILITIES = 1 << 12, /* none left, no_new_privs */
	BOX_LAYERS_ALL = (1 << 13) - 1,
};

/* Which limit ended the box, if one did. */
enum box_limit {
	BOX_LIMIT_NONE,
	BOX_LIMIT_CPU,
	BOX_LIMIT_WALL,
	BOX_LIMIT_MEMORY,
	BOX_LIMIT_OUTPUT,
	BOX_LIMIT_FILE,
	BOX_LIMIT_DISK,
};

/* 0 in a field means the default that stands behind it. */
struct box_limits {
	long cpu_seconds;	/* 60; of each process, not of all together */
	long wall_ms;		/* 120000; of the whole box */
	long processes;		/* 128; threads count too */
	long open_files;	/* 256; of each process */
	long long memory_bytes; /* 1 GiB; of the whole box */
	long long file_bytes;	/* 64 MiB; the largest file that can be written */
	long long disk_bytes;	/* 256 MiB; all of the work folder, and all of /tmp */
	long long output_bytes; /* 1 MiB; captured output */
};

/* A file or folder of the host that the box sees, at the same path. */
struct box_bind {
	const char *path;
	bool writable;
};

/* A descriptor handed in: outside is the caller's number, inside the program's. */
struct box_fd {
	int outside, inside;
};

struct box_options {
	/* The program, by absolute path or relative to work_dir, and its arguments. */
	const char *const *argv;
	/* NAME=value, ended by NULL, added to PATH, HOME, TMPDIR and LC_ALL; may be NULL.
	 */
	const char *const *environment;
	/*
	 * The current folder of the program: refer to files in it by relative names,
	 * since its own name is /box in tiers A and B and the host's in C. A caller that
	 * is root hands the folder over to the box's user, who stays the same for every
	 * box that uses it. Files in it must be readable by others. NULL: there is none.
	 */
	const char *work_dir;
	bool work_read_only; /* the program may read the work folder and no more */
	const struct box_bind *binds;
	size_t bind_count;
	/*
	 * Of 0, 1 and 2 those that are not named here are /dev/null, or with capture set
	 * 1 and 2 are kept for box_output().
	 */
	const struct box_fd *fds;
	size_t fd_count;
	bool capture;
	struct box_limits limits;
	enum box_tier tier;
	bool trusted;	  /* no box: a person's own program at their own desk */
	bool fixed_code;  /* only what the loader maps is executable; for programs that
			       make no code, as valgrind and the explorer do */
	unsigned without; /* layers to leave out, for tests that must see them bite */
	/* Runs in the box in place of argv; its result is the exit code. For self-tests.
	 */
	int (*function)(void *argument);
	void *argument;
};

struct box_status {
	bool signalled; /* by a signal, else by exit; not set when a limit ended it */
	int code;	/* the exit code or the signal's number */
	enum box_limit
		limit; /* not NONE: the box was ended by it, or it killed the program */
	long cpu_ms, wall_ms;
};

struct box {
	pid_t keeper;  /* PID 1 of the box, or its subreaper; our child */
	int report_fd; /* readable once the program has ended */
	int output_fd; /* a memfd, or -1 */
	bool confined, ended;
	long long started_ns;
	long wall_ms;
	long long output_bytes;
	struct cgroup cgroup;
	char scratch[256]; /* where there is no root of its own: TMPDIR; else "" */
	struct box_status status;
};

/*
 * Starts the program. 0 once it has been executed; -1 if the box could not be built or
 * the program not be executed, and then nothing is left of it. The calling thread is the
 * one whose death ends the box: start it from one that lives. Refuses tier D unless
 * trusted. The options are needed during the call only.
 */
int box_start(struct box *box, const struct box_options *options, struct error *error);

/* A descriptor that poll() says is readable once the program has ended. Not to be read.
 */
int box_fd(const struct box *box);

/*
 * Waits until the program has ended and every process of the box with it. May be called
 * again, with the same answer. -1 only if the box itself failed.
 */
int box_wait(struct box *box, struct box_status *status, struct error *error);

/* Ends the box now; when it returns every process of it is dead and reaped. */
void box_kill(struct box *box);

/*
 * What was captured, at most limits.output_bytes of it and a NUL after it, to be freed by
 * the caller. Hostile bytes. To be called when the box has ended.
 */
int box_output(const struct box *box, char **output, size_t *length, struct error *error);

/* Kills what is left and gives everything back. Legal on a zeroed box. */
void box_release(struct box *box);

struct box_result {
	struct box_status status;
	char *output; /* NUL-terminated, hostile */
	size_t length;
};

/* box_start, box_wait, box_output and box_release in one; captures always. */
int box_run(const struct box_options *options, struct box_result *result,
	struct error *error);
void box_result_release(struct box_result *result);

/*
 * The strongest tier that works here, found by running a small battery in each.
 * INTERLOCK_TIER=A, B, C or D in the environment can only make it weaker. BOX_TIER_D
 * comes with the reason in error; it is the only tier that sets it. Takes some
 * milliseconds: ask once.
 */
enum box_tier box_probe(struct error *error);

/* Whether the battery passes in this very tier; error says why not. */
bool box_tier_works(enum box_tier tier, struct error *error);

/* "A", "B", "C", "D". */
const char *box_tier_name(enum box_tier tier);

/* One line for reports: what the tier holds, and for C and D what it does not. */
const char *box_tier_meaning(enum box_tier tier);

/* "cpu time", "memory" and so on; "" for none. */
const char *box_limit_name(enum box_limit limit);

#endif
