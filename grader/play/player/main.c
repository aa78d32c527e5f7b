/* SPDX-License-Identifier: MIT */
/*
 * The player's own part: main() of the program that the student's files are linked into.
 *
 * It serves runs, and says so with a byte of its own at the start. A byte on the socket asks for one; a child is forked, which starts the
 * planned processes by the reference library, joins them and exits; the server, which
 * never calls a student's function, answers how that child ended and what it left behind.
 * Forking from a process that is loaded and linked already is what makes hundreds of runs
 * cheap. With the thread library the same plan runs in this process, once more for each
 * byte, and the program ends properly at the end of the input, so that helgrind can say
 * what it saw.
 */
#include "play/arena.h"
#include "play/player/notes.h"

#include <interlock/player.h>
#include <mp/process.h>

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Not by strcmp, which the explorer would take for the program's own look at the plan. */
static int is_named(const struct player_entry *entry, const char *name)
{
	size_t i = 0;

	while (entry->name[i] && entry->name[i] == name[i])
		i++;
	return entry->name[i] == name[i];
}

/* Most labs have no hidden entries: the linker leaves the address 0. */
#pragma weak hidden_entries

static const struct player_entry *find_in(
	const struct player_entry *entry, const char *name)
{
	for (; entry && entry->name; entry++)
		if (is_named(entry, name))
			return entry;
	return NULL;
}

static const struct player_entry *find_entry(const char *name)
{
	const struct player_entry *entry = find_in(player_entries, name);

	return entry ? entry : find_in(hidden_entries, name);
}

static struct arena *arena_here(void)
{
	return (struct arena *)ARENA_ADDRESS; /* NOLINT(performance-no-int-to-ptr) */
}

/* All processes of a run begin together: they contend more, and helgrind, to which a thread
 * that ends before the next one is made comes before it, sees them as concurrent. Bare
 * futex calls, so that it takes no order from the wait either. */
static void await_go(struct arena *arena)
{
	while (arena->mode != ARENA_ONCE && !atomic_load(&arena->go))
		syscall(SYS_futex, &arena->go, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void let_go(struct arena *arena)
{
	atomic_store(&arena->go, 1);
	if (arena->mode != ARENA_ONCE)
		syscall(SYS_futex, &arena->go, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static int call_entry(void *argument)
{
	struct arena_process *process = argument;
	const struct player_entry *entry = find_entry(process->entry);

	await_go(arena_here());
	process->value = entry->function(process->argument);
	process->returned = 1;
	return 0;
}

static int entries_are_known(struct arena *arena)
{
	for (uint32_t i = 0; i < arena->process_count; i++) {
		arena->processes[i].entry[ARENA_ENTRY_BYTES - 1] = '\0';
		if (!find_entry(arena->processes[i].entry))
			return 0;
	}
	return 1;
}

/* 0, or the exit code that says why nothing of the student's was called. */
static int run_plan(struct arena *arena)
{
	static struct mp_process processes[ARENA_PROCESSES];
	uint32_t count = arena->process_count;
	uint32_t started = 0;

	if (count > ARENA_PROCESSES || !entries_are_known(arena))
		return ARENA_NO_ENTRY;
	memset(processes, 0, sizeof(processes));
	for (; started < count; started++) {
		struct arena_process *plan = &arena->processes[started];
		if (mp_process_start(&processes[started], call_entry, plan) != MP_OK)
			break;
		plan->pid = (int32_t)mp_process_id(&processes[started]);
	}
	let_go(arena);
	for (uint32_t i = 0; i < started; i++) {
		int code = 0;
		mp_process_join(&processes[i]);
		mp_process_exit_code(&processes[i], &code);
		arena->processes[i].exit_code = code;
	}
	return 0;
}

/* The referee counts the CPU time of a run and ends it. This is for a run whose processes
 * outlive that: twice as much, since the kernel's limit goes by ticks, which count more than
 * what is used when the machine is busy. */
static void limit_cpu(int seconds)
{
	struct rlimit limit = {2 * (rlim_t)seconds, 2 * (rlim_t)seconds + 1};

	if (seconds > 0)
		setrlimit(RLIMIT_CPU, &limit);
}

/* Orphans of the run come to the server, its subreaper. Those that are still alive are
 * ended by the kernel's list of the server's children. */
static int kill_children(void)
{
	FILE *list = fopen("/proc/thread-self/children", "re");
	int killed = 0;
	int pid = 0;

	if (!list)
		return 0;
	/* NOLINTNEXTLINE(cert-err34-c): the kernel writes no number that is too large */
	while (fscanf(list, "%d", &pid) == 1)
		killed += kill(pid, SIGKILL) == 0;
	fclose(list);
	return killed;
}

/* As waitpid, and counts the CPU time that the child and its own children used. */
static pid_t wait_counting(
	pid_t pid, int *status, int options, struct arena_report *report)
{
	struct rusage used;
	pid_t ended = wait4(pid, status, options, &used);

	if (ended > 0) {
		long ms = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
			  (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
		report->cpu_ms += (int32_t)ms;
	}
	return ended;
}

static void collect_left(struct arena_report *report)
{
	pid_t pid = 0;

	while ((pid = wait_counting(-1, NULL, WNOHANG, report)) > 0)
		report->left_zombies++;
	/* Ended parents hand their children up, so this may take several turns. */
	while (pid == 0) {
		kill_children();
		if (wait_counting(-1, NULL, 0, report) > 0)
			report->left_alive++;
		while ((pid = wait_counting(-1, NULL, WNOHANG, report)) > 0)
			report->left_alive++;
	}
}

static struct arena_report run_in_child(struct arena *arena)
{
	struct arena_report report = {0};
	pid_t pid = fork();

	if (pid == 0) {
		close(ARENA_SOCKET);
		limit_cpu(arena->cpu_seconds);
		_exit(run_plan(arena));
	}
	if (pid < 0) {
		report.wait_status = -1;
		return report;
	}
	while (wait_counting(pid, &report.wait_status, 0, &report) < 0 && errno == EINTR)
		;
	collect_left(&report);
	return report;
}

static int serve(struct arena *arena)
{
	char command = 0;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (send(ARENA_SOCKET, "", 1, MSG_NOSIGNAL) < 0)
		return 1;
	while (recv(ARENA_SOCKET, &command, 1, 0) == 1) {
		struct arena_report report = {0};
		if (arena->mode == ARENA_FORK)
			report = run_in_child(arena);
		else
			(void)run_plan(arena);
		if (send(ARENA_SOCKET, &report, sizeof(report), MSG_NOSIGNAL) < 0)
			return 1;
	}
	return 0;
}

int main(void)
{
	struct arena *arena = mmap(arena_here(), ARENA_BYTES, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_FIXED_NOREPLACE, ARENA_FD, 0);

	if (arena == MAP_FAILED) {
		perror("player: the arena cannot be mapped");
		return 1;
	}
	close(ARENA_FD);
	/* Threads in the place of processes would have them open to each other. */
	if (arena->mode != ARENA_THREADS)
		notes_close();
	if (arena->mode == ARENA_ONCE) {
		return run_plan(arena);
	}
	return serve(arena);
}
