/* SPDX-License-Identifier: MIT */
/*
 * What the keeper samples and what it kills. It runs in a process that was forked with
 * fork(), single-threaded, so that the C library's allocation is sound.
 *
 * Memory: the sum of resident sizes is cheap and never too small for what is mapped, but
 * counts a shared page once for each process; only when that sum exceeds the limit are
 * the proportional sizes read, which cost much more. Pages that nobody maps are bounded
 * otherwise: memfd_create and System V shared memory are forbidden, /tmp and /dev/shm
 * have a size.
 */
#include "sandbox/inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* More processes than any limit lets a box have. */
#define MOST_PROCESSES 16384
#define DEEPEST_FOLDER 32

struct process {
	pid_t pid, parent;
	bool ours;
};

/* Reads a file of /proc into text; its length, or -1. */
static ssize_t read_proc(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	length = read(fd, text, size - 1);
	(void)close(fd);
	text[length > 0 ? length : 0] = '\0';
	return length;
}

static pid_t parent_of(pid_t pid)
{
	char text[512], *name_end;

	if (read_proc(pid, "stat", text, sizeof(text)) <= 0)
		return 0;
	name_end = strrchr(text, ')'); /* the name in brackets is the program's choice */
	return name_end && strlen(name_end) > 4 ? (pid_t)strtol(name_end + 4, NULL, 10)
						: 0;
}

/* A box that was left without a file tree of its own sees the host's /proc from a namespace of
 * its own: the numbers there are not its processes'. */
static bool proc_is_ours(void)
{
	char text[32] = "";
	ssize_t length = readlink("/proc/self", text, sizeof(text) - 1);

	return length > 0 && strtol(text, NULL, 10) == getpid();
}

static size_t processes_list(struct process *list, size_t size)
{
	DIR *folder = proc_is_ours() ? opendir("/proc") : NULL;
	struct dirent *entry;
	size_t count = 0;

	while (folder && count < size && (entry = readdir(folder))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid > 0)
			list[count++] = (struct process){pid, parent_of(pid), false};
	}
	if (folder)
		(void)closedir(folder);
	return count;
}

static bool is_ours(const struct process *list, size_t count, pid_t pid, pid_t keeper)
{
	if (pid == keeper)
		return true;
	for (size_t i = 0; i < count; i++)
		if (list[i].pid == pid)
			return list[i].ours;
	return false;
}

/* Marks every descendant of the keeper; repeats until nothing changes, since a process
 * may be listed before its parent. Returns how many. */
static size_t mark_descendants(struct process *list, size_t count, pid_t keeper)
{
	size_t marked = 0, before;

	do {
		before = marked;
		for (size_t i = 0; i < count; i++)
			if (!list[i].ours &&
				is_ours(list, count, list[i].parent, keeper)) {
				list[i].ours = true;
				marked++;
			}
	} while (marked != before);
	return marked;
}

static long long resident_bytes(pid_t pid)
{
	char text[128], *second;

	if (read_proc(pid, "statm", text, sizeof(text)) <= 0)
		return 0;
	second = strchr(text, ' ');
	return second ? strtoll(second, NULL, 10) * sysconf(_SC_PAGESIZE) : 0;
}

static long long proportional_bytes(pid_t pid)
{
	char text[2048], *line;

	if (read_proc(pid, "smaps_rollup", text, sizeof(text)) <= 0)
		return resident_bytes(pid);
	line = strstr(text, "\nPss:");
	return line ? strtoll(line + 5, NULL, 10) * 1024 : 0;
}

long long memory_in_use(pid_t keeper, long long enough)
{
	struct process *list = calloc(MOST_PROCESSES, sizeof(*list));
	long long resident = 0, proportional = 0;
	size_t count, i;

	if (!list)
		return 0;
	count = processes_list(list, MOST_PROCESSES);
	(void)mark_descendants(list, count, keeper);
	for (i = 0; i < count; i++)
		if (list[i].ours)
			resident += resident_bytes(list[i].pid);
	if (resident > enough)
		for (i = 0; i < count; i++)
			if (list[i].ours)
				proportional += proportional_bytes(list[i].pid);
	free(list);
	return resident > enough ? proportional : resident;
}

/* As the box's user, whom nobody else is, everything of it dies in one system call. */
static void kill_user(const struct plan *plan)
{
	pid_t killer = fork();

	if (killer == 0) {
		if (setgroups(0, NULL) || setresgid(plan->gid, plan->gid, plan->gid) ||
			setresuid(plan->uid, plan->uid, plan->uid))
			_exit(1);
		(void)kill(-1, SIGKILL);
		_exit(0);
	}
	if (killer > 0)
		(void)waitpid(killer, NULL, 0);
}

/* Stops all before it kills any: one that is stopped cannot fork itself out of reach. */
static void kill_descendants(struct process *list)
{
	pid_t keeper = getpid();
	size_t count, marked, before = 0;
	int round;

	for (round = 0; round < 16; round++) {
		count = processes_list(list, MOST_PROCESSES);
		marked = mark_descendants(list, count, keeper);
		for (size_t i = 0; i < count; i++)
			if (list[i].ours)
				(void)kill(list[i].pid, SIGSTOP);
		if (marked == before)
			break;
		before = marked;
	}
	for (size_t i = 0; i < count; i++)
		if (list[i].ours)
			(void)kill(list[i].pid, SIGKILL);
}

void processes_end(const struct plan *plan)
{
	struct process *list = calloc(MOST_PROCESSES, sizeof(*list));

	/* A subreaper without children has no descendants: none could outlive its chain.
	 */
	while (list && waitpid(-1, NULL, WNOHANG) >= 0) {
		if (plan->confined)
			(void)kill(-1, SIGKILL);
		else if (plan->drop)
			kill_user(plan);
		kill_descendants(list);
		(void)usleep(500);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
	free(list);
}

void shared_memory_remove(const struct plan *plan)
{
	DIR *folder = opendir("/dev/shm");
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		struct stat status;

		if (fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) ==
				0 &&
			status.st_uid == plan->uid && !S_ISDIR(status.st_mode))
			(void)unlinkat(dirfd(folder), entry->d_name, 0);
	}
	if (folder)
		(void)closedir(folder);
}

static long long disk_below(int folder_fd, long long enough, int depth)
{
	int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	long long sum = 0;

	if (!folder && fd >= 0)
		(void)close(fd);
	while (folder && sum <= enough && (entry = readdir(folder))) {
		struct stat status;
		int below;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
			fstatat(folder_fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW))
			continue;
		sum += status.st_blocks * 512LL + 1024; /* an inode is not free */
		if (!S_ISDIR(status.st_mode))
			continue;
		if (depth == DEEPEST_FOLDER) {
			sum = enough + 1; /* no compiler nests like this */
			break;
		}
		below = openat(folder_fd, entry->d_name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below < 0)
			continue;
		sum += disk_below(below, enough - sum, depth + 1);
		(void)close(below);
	}
	if (folder)
		(void)closedir(folder);
	return sum;
}

long long disk_in_use(int folder_fd, long long enough)
{
	return disk_below(folder_fd, enough, 0);
}

/* Files that have no name any more, each counted once. */
struct nameless {
	dev_t device;
	ino_t seen[1024];
	size_t count;
	long long bytes;
};

static void nameless_add(struct nameless *nameless, const struct stat *status)
{
	if (!S_ISREG(status->st_mode) || status->st_nlink > 0 ||
		status->st_dev != nameless->device)
		return;
	for (size_t i = 0; i < nameless->count; i++)
		if (nameless->seen[i] == status->st_ino)
			return;
	/* What finds no place in the list may be counted more than once. */
	if (nameless->count < sizeof(nameless->seen) / sizeof(nameless->seen[0]))
		nameless->seen[nameless->count++] = status->st_ino;
	nameless->bytes += status->st_blocks * 512LL;
}

static void nameless_of(struct nameless *nameless, pid_t pid)
{
	char path[64];
	struct dirent *entry;
	struct stat status;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	folder = opendir(path);
	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.' &&
			fstatat(dirfd(folder), entry->d_name, &status, 0) == 0)
			nameless_add(nameless, &status);
	if (folder)
		(void)closedir(folder);
}

long long disk_nameless(pid_t keeper, int folder_fd)
{
	struct process *list = calloc(MOST_PROCESSES, sizeof(*list));
	struct nameless nameless = {0};
	struct stat status;
	size_t count;

	if (list && fstat(folder_fd, &status) == 0 && S_ISDIR(status.st_mode)) {
		nameless.device = status.st_dev;
		count = processes_list(list, MOST_PROCESSES);
		(void)mark_descendants(list, count, keeper);
		for (size_t i = 0; i < count; i++)
			if (list[i].ours)
				nameless_of(&nameless, list[i].pid);
	}
	free(list);
	return nameless.bytes;
}
