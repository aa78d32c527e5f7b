/* SPDX-License-Identifier: MIT */
#include "sandbox/plan.h"

#include "base/temporary.h"
#include "sandbox/inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * What a compiler, a linker, a C library and valgrind need, and nothing under which labs
 * with their checks could be installed: neither /usr/share nor /usr/local.
 */
static const char *const SYSTEM_PATHS[] = {
	"/usr/bin",
	"/usr/include",
	"/usr/lib",
	"/usr/lib32",
	"/usr/lib64",
	"/usr/libx32",
	"/usr/libexec",
	"/bin",
	"/lib",
	"/lib32",
	"/lib64",
	"/libx32",
	"/etc/alternatives",
	"/etc/ld.so.cache",
	"/etc/ld.so.conf",
	"/etc/ld.so.conf.d",
};

static const char *const DEVICES[] = {
	"/dev/null",
	"/dev/zero",
	"/dev/full",
	"/dev/random",
	"/dev/urandom",
};

/* Users of boxes whose caller is root: numbers that no system hands out. */
#define FIRST_USER 0x70000000U
#define USERS 0x01000000U
#define NOBODY 65534

bool plan_has(const struct plan *plan, enum box_layer layer)
{
	return plan->layers & (unsigned)layer;
}

void plan_fail(const struct plan *plan, const char *step)
{
	struct plan_failure failure = {.error = errno};

	strncpy(failure.step, step, sizeof(failure.step) - 1);
	if (write(plan->start_fd, &failure, sizeof(failure)) < 0)
		_exit(126);
	_exit(127);
}

static long long or_default(long long value, long long fallback)
{
	return value > 0 ? value : fallback;
}

static struct box_limits limits_fill(const struct box_limits *given)
{
	return (struct box_limits){
		.cpu_seconds = (long)or_default(given->cpu_seconds, 60),
		.wall_ms = (long)or_default(given->wall_ms, 120000),
		.processes = (long)or_default(given->processes, 128),
		.open_files = (long)or_default(given->open_files, 256),
		.memory_bytes = or_default(given->memory_bytes, 1LL << 30),
		.file_bytes = or_default(given->file_bytes, 64LL << 20),
		.disk_bytes = or_default(given->disk_bytes, 256LL << 20),
		.output_bytes = or_default(given->output_bytes, 1LL << 20),
	};
}

/* Appends a tree; a path that does not exist is no error unless it is required. */
static int tree_add(struct plan *plan, const char *path, const struct plan_tree *like,
	bool required, struct error *error)
{
	struct plan_tree *trees, tree = *like;
	struct stat status;
	char target[PATH_MAX];
	ssize_t length;

	if (lstat(path, &status)) {
		if (!required && errno == ENOENT)
			return 0;
		return error_system(error, "the box cannot show %s", path);
	}
	if (S_ISLNK(status.st_mode) && (required || stat(path, &status)))
		return required ? error_set(error,
					  "the box cannot show %s: it is a "
					  "symbolic link",
					  path)
				: 0;
	tree.kind = S_ISDIR(status.st_mode) ? PLAN_FOLDER : PLAN_FILE;
	tree.fd = -1;
	length = readlink(path, target, sizeof(target) - 1);
	if (length > 0) {
		target[length] = '\0';
		tree.kind = PLAN_LINK;
		tree.target = strdup(target);
	}
	tree.path = strdup(path);
	tree.inside = strdup(like->inside ? like->inside : path + 1);
	trees = realloc(plan->trees, (plan->tree_count + 1) * sizeof(*trees));
	if (trees)
		plan->trees = trees;
	if (!trees || !tree.path || !tree.inside || (length > 0 && !tree.target)) {
		free(tree.path);
		free(tree.inside);
		free(tree.target);
		return error_set(error, "out of memory");
	}
	plan->trees[plan->tree_count++] = tree;
	return 0;
}

static int trees_make(struct plan *plan, struct error *error)
{
	const struct box_options *options = plan->options;
	const struct plan_tree program = {.executable = true}, device = {.device = true};
	size_t i;

	for (i = 0; i < sizeof(SYSTEM_PATHS) / sizeof(SYSTEM_PATHS[0]); i++)
		if (tree_add(plan, SYSTEM_PATHS[i], &program, false, error))
			return -1;
	for (i = 0; i < sizeof(DEVICES) / sizeof(DEVICES[0]); i++)
		if (tree_add(plan, DEVICES[i], &device, false, error))
			return -1;
	for (i = 0; i < options->bind_count; i++) {
		const struct plan_tree bind = {
			.executable = true, .writable = options->binds[i].writable};

		if (options->binds[i].path[0] != '/')
			return error_set(error,
				"the box needs absolute paths, and %s is none",
				options->binds[i].path);
		if (tree_add(plan, options->binds[i].path, &bind, true, error))
			return -1;
	}
	if (options->work_dir) {
		struct plan_tree work = {.executable = true,
			.writable = !options->work_read_only,
			.inside = (char[]){"box"}};
		char path[PATH_MAX];

		if (!realpath(options->work_dir, path))
			return error_system(
				error, "the work folder %s", options->work_dir);
		if (tree_add(plan, path, &work, true, error))
			return -1;
	}
	/* Only now, since the array moves as it grows. */
	if (options->work_dir)
		plan->work = &plan->trees[plan->tree_count - 1];
	return 0;
}

/* Programs count on a place for temporary files: valgrind does not start without one. */
static int scratch_make(struct plan *plan, struct error *error)
{
	const struct plan_tree scratch = {.writable = true};
	const char *folder = NULL;

	if (plan->own_root || plan->options->trusted)
		return 0;
	folder = folder_of_temporaries(error);
	if (!folder)
		return -1;
	if (folder[0] != '/' || strlen(folder) > sizeof(plan->scratch) / 2)
		return error_set(error,
			"TMPDIR names %s: it must be absolute, and shorter", folder);
	snprintf(plan->scratch, sizeof(plan->scratch), "%s/XXXXXX", folder);
	if (!mkdtemp(plan->scratch)) {
		plan->scratch[0] = '\0';
		return error_system(error, "making a temporary folder in %s", folder);
	}
	if (plan->drop && chown(plan->scratch, plan->uid, plan->gid))
		return error_system(error, "handing %s to the box", plan->scratch);
	return tree_add(plan, plan->scratch, &scratch, true, error);
}

/* Opened here, and not after the drop, so that folders of root's own can be handed in. */
static int trees_open(struct plan *plan, struct error *error)
{
	size_t i;

	if (plan->own_root) {
		if (geteuid() == 0)
			root_open_trees(plan);
		return 0;
	}
	for (i = 0; i < plan->tree_count; i++) {
		struct plan_tree *tree = &plan->trees[i];

		tree->fd = open(tree->path, O_PATH | O_CLOEXEC);
		if (tree->fd < 0)
			return error_system(error, "the box cannot show %s", tree->path);
	}
	return 0;
}

/* Whether this user namespace has the numbers that we would take. */
static bool users_mapped(const char *map)
{
	FILE *file = fopen(map, "re");
	char line[128], *rest;
	bool mapped = false;

	/* First number inside, first number outside, how many. */
	while (file && fgets(line, sizeof(line), file)) {
		unsigned long first = strtoul(line, &rest, 10), count;

		(void)strtoul(rest, &rest, 10);
		count = strtoul(rest, NULL, 10);
		mapped |= first <= FIRST_USER && count >= FIRST_USER - first + USERS;
	}
	if (file)
		(void)fclose(file);
	return mapped;
}

/* The user of all boxes of this work folder, when the caller is root. */
static int choose_user(struct plan *plan, struct error *error)
{
	struct stat status;
	unsigned number = 0;

	plan->uid = geteuid();
	plan->gid = getegid();
	plan->drop = plan->uid == 0 && !plan->options->trusted &&
		     plan_has(plan, BOX_LAYER_DROP);
	if (!plan->drop)
		return 0;
	plan->uid = NOBODY;
	plan->gid = NOBODY;
	if (users_mapped("/proc/self/uid_map") && users_mapped("/proc/self/gid_map")) {
		if (getrandom(&number, sizeof(number), 0) != sizeof(number))
			return error_system(error, "drawing a user for the box");
		plan->uid = FIRST_USER + number % USERS;
		plan->gid = plan->uid;
	}
	if (!plan->options->work_dir)
		return 0;
	if (stat(plan->options->work_dir, &status))
		return error_system(error, "the work folder %s", plan->options->work_dir);
	if (status.st_uid >= FIRST_USER && status.st_uid - FIRST_USER < USERS) {
		plan->uid = status.st_uid;
		plan->gid = status.st_uid;
	} else if (!plan->options->work_read_only &&
		   chown(plan->options->work_dir, plan->uid, plan->gid)) {
		return error_system(error, "handing the work folder %s to the box",
			plan->options->work_dir);
	}
	return 0;
}

/* Threads of this user on the host, which RLIMIT_NPROC counts where we have no user
 * namespace of our own. */
static unsigned threads_of_user(uid_t uid)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	unsigned threads = 0;

	while (processes && (entry = readdir(processes))) {
		char path[300];
		struct stat status;

		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%s/task", entry->d_name);
		if (stat(path, &status) == 0 && status.st_uid == uid)
			threads += (unsigned)status.st_nlink - 2;
	}
	if (processes)
		(void)closedir(processes);
	return threads;
}

static char **strings_copy(const char *const *first, const char *const *second)
{
	size_t count = 0, used = 0;
	char **copy;

	for (const char *const *each = first; each && *each; each++)
		count++;
	for (const char *const *each = second; each && *each; each++)
		count++;
	copy = calloc(count + 1, sizeof(*copy));
	for (const char *const *each = first; copy && each && *each; each++)
		copy[used++] = strdup(*each);
	for (const char *const *each = second; copy && each && *each; each++)
		copy[used++] = strdup(*each);
	return copy;
}

static void strings_free(char **strings)
{
	for (char **each = strings; each && *each; each++)
		free(*each);
	free(strings);
}

static int strings_make(struct plan *plan, struct error *error)
{
	const struct box_options *options = plan->options;
	const char *home = plan->own_root ? "/box" : plan->work ? plan->work->path : "/";
	char home_variable[PATH_MAX + 16], tmp_variable[PATH_MAX + 16];
	/* One's own tools are where one's own PATH says. */
	const char *path = options->trusted ? getenv("PATH") : NULL;
	const char *own_tmp = options->trusted ? getenv("TMPDIR") : NULL;
	char path_variable[PATH_MAX];
	const char *const base[] = {
		path_variable, "LC_ALL=C", home_variable, tmp_variable, NULL};

	snprintf(path_variable, sizeof(path_variable), "PATH=%s",
		path ? path : "/usr/bin:/bin");
	snprintf(home_variable, sizeof(home_variable), "HOME=%s", home);
	snprintf(tmp_variable, sizeof(tmp_variable), "TMPDIR=%s",
		plan->own_root	   ? "/scratch"
		: plan->scratch[0] ? plan->scratch
		: own_tmp	   ? own_tmp
				   : "/tmp");
	plan->argv = strings_copy(options->argv, NULL);
	plan->environment = plan_has(plan, BOX_LAYER_ENVIRONMENT)
				    ? strings_copy(base, options->environment)
				    : strings_copy((const char *const *)environ, base);
	if (!plan->argv || !plan->environment)
		return error_set(error, "out of memory");
	snprintf(plan->uid_map, sizeof(plan->uid_map), "1000 %u 1", plan->uid);
	snprintf(plan->gid_map, sizeof(plan->gid_map), "1000 %u 1", plan->gid);
	snprintf(plan->tmpfs_options, sizeof(plan->tmpfs_options),
		"mode=700,nr_inodes=8192,size=%lld", plan->limits.disk_bytes);
	return 0;
}

void plan_init(struct plan *plan, const struct box_options *options)
{
	memset(plan, 0, sizeof(*plan));
	plan->options = options;
	plan->null_fd = plan->start_fd = plan->report_fd = -1;
	plan->go_fd = plan->output_fd = plan->keeper_fd = -1;
	plan->limits = limits_fill(&options->limits);
	plan->layers = BOX_LAYERS_ALL & ~options->without;
	if (options->trusted)
		plan->layers &= ~(unsigned)(BOX_LAYER_LANDLOCK | BOX_LAYER_SECCOMP |
					    BOX_LAYER_DROP | BOX_LAYER_CAPABILITIES);
	plan->confined = !options->trusted && options->tier <= BOX_TIER_B;
	plan->own_root = plan->confined && plan_has(plan, BOX_LAYER_FILES);
}

int plan_make(struct plan *plan, struct error *error)
{
	if (plan_has(plan, BOX_LAYER_LANDLOCK))
		plan->landlock_abi = landlock_abi();
	if (choose_user(plan, error) || scratch_make(plan, error) ||
		trees_make(plan, error) || trees_open(plan, error) ||
		strings_make(plan, error))
		return -1;
	plan->nproc = (unsigned)plan->limits.processes + 2;
	if (!plan->confined && !plan->drop)
		plan->nproc += threads_of_user(plan->uid);
	if (plan_has(plan, BOX_LAYER_SECCOMP) &&
		seccomp_make(&plan->filter, plan->options->fixed_code, error))
		return -1;
	plan->null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (plan->null_fd < 0)
		return error_system(error, "opening /dev/null");
	return 0;
}

static void close_if_open(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

void plan_release(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->tree_count; i++) {
		free(plan->trees[i].path);
		free(plan->trees[i].inside);
		free(plan->trees[i].target);
		close_if_open(plan->trees[i].fd);
	}
	free(plan->trees);
	free(plan->filter.filter);
	strings_free(plan->argv);
	strings_free(plan->environment);
	close_if_open(plan->null_fd);
	close_if_open(plan->start_fd);
	close_if_open(plan->report_fd);
	close_if_open(plan->go_fd);
	close_if_open(plan->keeper_fd);
}
