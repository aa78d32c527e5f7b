/* SPDX-License-Identifier: MIT */
#include "play/watch.h"

#include "base/memory.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* More are a fork bomb, which other limits end. */
enum { MOST_PROCESSES = 4096 };

struct look {
	uint64_t signature;
	bool someone_runs;
	bool someone_naps;
	long ticks;
	int processes;
	pid_t root;
};

static void mix(struct look *look, uint64_t value)
{
	look->signature = (look->signature ^ value) * 0x100000001b3u;
}

/* State, and the CPU time that /proc/PID/task/TID/stat counts in ticks: its own, and that of
 * the children its process waited for (fields 3, 14 to 17). */
static void look_at_times(struct look *look, const char *stat)
{
	const char *after_name = strrchr(stat, ')');
	char state = '?';
	unsigned long user = 0;
	unsigned long system = 0;
	long of_children[2] = {0, 0};

	/* NOLINTBEGIN(cert-err34-c): the kernel writes numbers that fit */
	if (!after_name ||
		sscanf(after_name,
			") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld",
			&state, &user, &system, &of_children[0], &of_children[1]) != 5)
		return;
	/* NOLINTEND(cert-err34-c) */
	look->someone_runs |= state == 'R' || state == 'D';
	mix(look, (uint64_t)state);
	mix(look, user);
	mix(look, system);
	look->ticks += (long)(user + system) + of_children[0] + of_children[1];
}

static size_t read_small(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t count = file ? fread(text, 1, size - 1, file) : 0;

	text[count] = '\0';
	if (file)
		fclose(file);
	return count;
}

static void look_at_switches(struct look *look, const char *status)
{
	const char *switches = strstr(status, "\nvoluntary_ctxt_switches:");

	if (switches)
		mix(look, strtoul(switches + strlen("\nvoluntary_ctxt_switches:"), NULL,
				  10));
}

static void look_at_process(struct look *look, pid_t pid);

/* Processes can be made a chain as deep as the lab allows, so the text that is open while
 * the next one is looked at is not on the stack. */
static void look_at_children(struct look *look, const char *path)
{
	enum { MOST_BYTES = 16384 };
	char *text = memory_new(MOST_BYTES, 1);
	char *rest = text;

	read_small(path, text, MOST_BYTES);
	for (char *word = strtok_r(rest, " \n", &rest); word;
		word = strtok_r(NULL, " \n", &rest))
		look_at_process(look, (pid_t)strtol(word, NULL, 10));
	free(text);
}

/* Where it sleeps. In a futex or a wait for a process it may wake up now and then to see
 * whether the other still lives, as the library's waits do: only another process can end
 * that. A sleep for a time ends by itself. A place that is hidden from us counts as neither. */
static void look_at_place(struct look *look, pid_t pid, const char *tid)
{
	char path[80];
	char text[4096];

	snprintf(path, sizeof(path), "/proc/%d/task/%.16s/wchan", (int)pid, tid);
	read_small(path, text, sizeof(text));
	look->someone_naps |= strstr(text, "nanosleep") != NULL;
	if (strstr(text, "futex") || strcmp(text, "do_wait") == 0)
		return;
	snprintf(path, sizeof(path), "/proc/%d/task/%.16s/status", (int)pid, tid);
	if (read_small(path, text, sizeof(text)))
		look_at_switches(look, text);
}

/* The root is the box's keeper, which wakes up all the time to look after its limits:
 * what it does says nothing of the run. */
static bool look_at_one(struct look *look, pid_t pid, const char *tid)
{
	char path[80];
	char text[4096];

	if (pid == look->root)
		return true;

	snprintf(path, sizeof(path), "/proc/%d/task/%.16s/stat", (int)pid, tid);
	if (!read_small(path, text, sizeof(text)))
		return false;
	mix(look, strtoul(tid, NULL, 10));
	look_at_times(look, text);
	look_at_place(look, pid, tid);
	return true;
}

static void look_at_task(struct look *look, pid_t pid, const char *tid)
{
	char path[80];

	if (!look_at_one(look, pid, tid))
		return;
	snprintf(path, sizeof(path), "/proc/%d/task/%.16s/children", (int)pid, tid);
	look_at_children(look, path);
}

static void look_at_process(struct look *look, pid_t pid)
{
	char path[32];
	struct dirent *entry = NULL;

	if (++look->processes > MOST_PROCESSES)
		return;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	DIR *tasks = opendir(path);
	while (tasks && (entry = readdir(tasks)))
		if (entry->d_name[0] != '.')
			look_at_task(look, pid, entry->d_name);
	if (tasks)
		closedir(tasks);
}

static struct look look_once(pid_t root)
{
	struct look look = {.signature = 0xcbf29ce484222325u, .root = root};

	look_at_process(&look, root);
	return look;
}

/* What a process prints makes us look, just when it is awake. Whoever runs, or wants to,
 * still does a moment later; whoever only woke up sleeps again. */
static struct look look_for_runners(pid_t root)
{
	enum { LOOKS = 3, PAUSE_NS = 7000000 };
	struct look look = look_once(root);

	for (int looks = 1; look.someone_runs && looks < LOOKS; looks++) {
		nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
		look = look_once(root);
	}
	return look;
}

enum watch_state watch_look(struct watch *watch)
{
	struct look look = look_for_runners(watch->root);

	bool same = look.signature == watch->signature;
	watch->signature = look.signature;
	watch->processes = look.processes;
	if (watch->cpu_ticks_before == 0)
		watch->cpu_ticks_before = look.ticks + 1;
	watch->cpu_ms =
		(look.ticks + 1 - watch->cpu_ticks_before) * 1000 / sysconf(_SC_CLK_TCK);
	if (look.someone_runs || look.someone_naps || !same)
		watch->stuck_ms = 0;
	else
		watch->stuck_ms += WATCH_INTERVAL_MS;
	if (!look.someone_runs)
		watch->idle_ms += WATCH_INTERVAL_MS;
	return watch->stuck_ms >= WATCH_STUCK_MS || watch->idle_ms >= WATCH_IDLE_MS
		       ? WATCH_STUCK
		       : WATCH_GOING;
}

long watch_cpu_ms(pid_t root)
{
	/* Not that of the keeper, but of all below it. */
	return look_once(root).ticks * 1000 / sysconf(_SC_CLK_TCK);
}
