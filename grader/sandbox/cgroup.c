/* SPDX-License-Identifier: MIT */
#include "sandbox/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ROOT "/sys/fs/cgroup"
#define PREFIX "interlock-"
#define BOX PREFIX "box-"
/* Where we move ourselves in version 2: a group with children may hold no process. */
#define HOME PREFIX "home"

static int write_text(const char *folder, const char *name, const char *text)
{
	char path[640];
	int fd, result;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	result = write(fd, text, strlen(text)) < 0 ? -1 : 0;
	(void)close(fd);
	return result;
}

static int read_text(const char *folder, const char *name, char *text, size_t size)
{
	char path[640];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	length = read(fd, text, size - 1);
	(void)close(fd);
	text[length > 0 ? length : 0] = '\0';
	return length < 0 ? -1 : 0;
}

/* The line of /proc/self/cgroup for a controller; "" is version 2's. */
static int own_path(const char *controller, char *path, size_t size)
{
	char text[8192], *line, *rest = text;

	if (read_text("/proc/self", "cgroup", text, sizeof(text)))
		return -1;
	while ((line = strsep(&rest, "\n"))) {
		char *controllers = strchr(line, ':'), *place;
		char *each;

		place = controllers ? strchr(controllers + 1, ':') : NULL;
		if (!place)
			continue;
		*place++ = '\0';
		controllers++;
		while ((each = strsep(&controllers, ","))) {
			if (strcmp(each, controller) != 0)
				continue;
			snprintf(path, size, "%s", strcmp(place, "/") == 0 ? "" : place);
			return 0;
		}
	}
	return -1;
}

/* A descriptor of the folder with its lock, or -1 if somebody has the lock. It goes with the
 * last process that has the descriptor, however that ends: numbers of processes would say
 * nothing of graders in other namespaces that share this tree. */
static int lock_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

/* Groups whose owners are dead; rmdir refuses those that hold a process. */
static void sweep(const char *base)
{
	DIR *folder = opendir(base);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		char path[1024];
		int fd;

		if (strncmp(entry->d_name, BOX, strlen(BOX)) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", base, entry->d_name);
		fd = lock_folder(path);
		if (fd < 0)
			continue;
		(void)rmdir(path);
		(void)close(fd);
	}
	if (folder)
		(void)closedir(folder);
}

/* Whether the path still names what the descriptor is of. */
static bool is_there(const char *path, int fd)
{
	struct stat named, opened;

	return stat(path, &named) == 0 && fstat(fd, &opened) == 0 &&
	       named.st_ino == opened.st_ino && named.st_dev == opened.st_dev;
}

/* Another grader may sweep a group that is not locked yet: then there is another one. */
static int make_group(struct cgroup *group, const char *base)
{
	enum { ATTEMPTS = 100 };
	int saved = EBUSY;

	for (int i = 0; i < ATTEMPTS; i++) {
		uint64_t number;

		if (getrandom(&number, sizeof(number), 0) != sizeof(number))
			continue;
		snprintf(group->path, sizeof(group->path), "%.460s/" BOX "%016llx", base,
			(unsigned long long)number);
		if (mkdir(group->path, 0755)) {
			saved = errno;
			break;
		}
		group->lock = lock_folder(group->path);
		if (group->lock >= 0 && is_there(group->path, group->lock))
			return 0;
		if (group->lock >= 0)
			(void)close(group->lock);
	}
	group->path[0] = '\0';
	errno = saved;
	return -1;
}

static int create_v1(struct cgroup *group, const char *limit)
{
	char own[256], base[320];

	if (own_path("memory", own, sizeof(own)))
		return -1;
	snprintf(base, sizeof(base), ROOT "/memory%s", own);
	if (access(base, F_OK))
		snprintf(base, sizeof(base), ROOT "/memory");
	sweep(base);
	if (make_group(group, base))
		return -1;
	group->version = 1;
	if (write_text(group->path, "memory.limit_in_bytes", limit))
		return -1;
	/* There only if the kernel accounts for swap. */
	(void)write_text(group->path, "memory.memsw.limit_in_bytes", limit);
	return 0;
}

/* Moves every process of base into a group below it, so that base may have controllers. One
 * that is born there meanwhile is moved in the next attempt. */
static int move_home(const char *base)
{
	enum { ATTEMPTS = 5 };
	char home[560], text[8192];
	int result = -1;

	snprintf(home, sizeof(home), "%s/" HOME, base);
	if (mkdir(home, 0755) && errno != EEXIST)
		return -1;
	for (int i = 0; result && i < ATTEMPTS; i++) {
		char *line, *rest = text;

		if (read_text(base, "cgroup.procs", text, sizeof(text)))
			return -1;
		while ((line = strsep(&rest, "\n")))
			if (*line && write_text(home, "cgroup.procs", line) &&
				errno != ESRCH)
				return -1;
		result = write_text(base, "cgroup.subtree_control", "+memory");
		if (result && errno != EBUSY)
			return -1;
	}
	return result;
}

/* Whether the list of controllers names that one. */
static bool has_controller(const char *base, const char *list)
{
	char text[256], *word, *rest = text;
	bool has = false;

	if (read_text(base, list, text, sizeof(text)))
		return false;
	while ((word = strsep(&rest, " \n")))
		has = has || strcmp(word, "memory") == 0;
	if (!has)
		errno = ENOTSUP;
	return has;
}

int cgroup_create_below(struct cgroup *group, const char *own, long long memory_bytes)
{
	char base[512], limit[32];
	char *home;

	memset(group, 0, sizeof(*group));
	snprintf(base, sizeof(base), "%s", own);
	snprintf(limit, sizeof(limit), "%lld", memory_bytes);
	home = strrchr(base, '/');
	if (home && strcmp(home + 1, HOME) == 0)
		*home = '\0';
	if (!has_controller(base, "cgroup.controllers"))
		return -1;
	if (!has_controller(base, "cgroup.subtree_control") && move_home(base))
		return -1;
	sweep(base);
	if (make_group(group, base))
		return -1;
	group->version = 2;
	if (write_text(group->path, "memory.max", limit))
		return -1;
	(void)write_text(group->path, "memory.swap.max", "0");
	/* All of the box or nothing: half a box would only hang. */
	(void)write_text(group->path, "memory.oom.group", "1");
	return 0;
}

static int create_v2(struct cgroup *group, long long memory_bytes)
{
	char own[256], base[320];

	if (own_path("", own, sizeof(own)))
		return -1;
	snprintf(base, sizeof(base), ROOT "%s", own);
	return cgroup_create_below(group, base, memory_bytes);
}

int cgroup_create(struct cgroup *group, long long memory_bytes, struct error *error)
{
	char limit[32];
	int reason;

	memset(group, 0, sizeof(*group));
	snprintf(limit, sizeof(limit), "%lld", memory_bytes);
	if (create_v2(group, memory_bytes) == 0)
		return 0;
	cgroup_remove(group);
	if (create_v1(group, limit) == 0)
		return 0;
	reason = errno;
	cgroup_remove(group);
	errno = reason;
	return error_system(error, "making a memory cgroup");
}

/* fork() into the group, as a sibling rather than a child. */
static int enter_v2(const struct cgroup *group, int pid_fd)
{
	struct clone_args arguments = {.flags = CLONE_INTO_CGROUP | CLONE_PARENT};
	int fd = open(group->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	pid_t pid;

	if (fd < 0)
		return -1;
	arguments.cgroup = (unsigned)fd;
	pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
	if (pid > 0)
		_exit(write(pid_fd, &pid, sizeof(pid)) == sizeof(pid) ? 0 : 127);
	if (pid == 0)
		(void)close(fd);
	return pid < 0 ? -1 : 0;
}

int cgroup_enter(const struct cgroup *group, int pid_fd)
{
	if (group->version == 2)
		return enter_v2(group, pid_fd);
	/* "0" in the list of threads is the only move that takes no global lock. */
	return write_text(group->path, "tasks", "0");
}

bool cgroup_ran_out(const struct cgroup *group)
{
	const char *name = group->version == 2 ? "memory.events" : "memory.oom_control";
	char text[512], *kills;

	if (!group->version || read_text(group->path, name, text, sizeof(text)))
		return false;
	kills = strstr(text, "oom_kill ");
	return kills && strtol(kills + strlen("oom_kill "), NULL, 10) > 0;
}

void cgroup_remove(struct cgroup *group)
{
	const struct timespec moment = {.tv_nsec = 1000000};

	/* The last process is reaped, but the kernel may still be letting go of it. */
	for (int i = 0; group->path[0] && rmdir(group->path) && errno == EBUSY && i < 200;
		i++)
		(void)nanosleep(&moment, NULL);
	if (group->path[0])
		(void)close(group->lock);
	memset(group, 0, sizeof(*group));
}
