/* SPDX-License-Identifier: MIT */
/*
 * The box's own file tree.
 *
 * A small tmpfs becomes the root and is made read-only once the mount points exist. Every
 * piece of the host is cloned as a detached mount with open_tree(), made read-only while
 * still detached, and only then attached: there is no moment at which the box could write
 * to it. A caller that is root clones before it drops, which is how its private folders
 * get in; an ordinary user clones from inside the new namespaces. What can be written is
 * the work folder, if it was not asked to be read-only, and one tmpfs of bounded size
 * that serves as /tmp and as /dev/shm.
 */
#include "sandbox/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Any folder that every system has; it is covered only inside the box's namespace. */
#define STAGE "/tmp"

static int clone_tree(const struct plan_tree *tree)
{
	struct mount_attr attributes = {.attr_set = MOUNT_ATTR_NOSUID};
	int fd, reason;

	fd = open_tree(AT_FDCWD, tree->path,
		OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW);
	if (fd < 0)
		return -1;
	if (!tree->writable && !tree->device)
		attributes.attr_set |= MOUNT_ATTR_RDONLY;
	if (!tree->device)
		attributes.attr_set |= MOUNT_ATTR_NODEV;
	if (!tree->executable)
		attributes.attr_set |= MOUNT_ATTR_NOEXEC;
	if (mount_setattr(fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes,
		    sizeof(attributes))) {
		reason = errno;
		(void)close(fd);
		errno = reason;
		return -1;
	}
	return fd;
}

void root_open_trees(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->tree_count; i++)
		if (plan->trees[i].kind != PLAN_LINK && plan->trees[i].fd < 0)
			plan->trees[i].fd = clone_tree(&plan->trees[i]);
}

/* mkdir -p of all that comes before the last slash; path is put back as it was. */
static int make_parents(char *path)
{
	for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		int failed;

		*slash = '\0';
		failed = mkdir(path, 0755) && errno != EEXIST;
		*slash = '/';
		if (failed)
			return -1;
	}
	return 0;
}

static int attach_tree(const struct plan_tree *tree)
{
	int fd;

	if (make_parents(tree->inside))
		return -1;
	if (tree->kind == PLAN_LINK)
		return symlink(tree->target, tree->inside);
	if (tree->kind == PLAN_FOLDER) {
		if (mkdir(tree->inside, 0755) && errno != EEXIST)
			return -1;
	} else {
		fd = open(tree->inside, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
		if (fd < 0)
			return -1;
		(void)close(fd);
	}
	return move_mount(tree->fd, "", AT_FDCWD, tree->inside, MOVE_MOUNT_F_EMPTY_PATH);
}

/* Conveniences; a bind of the same name wins. */
static int make_links(void)
{
	static const struct {
		const char *target, *path;
	} LINKS[] = {
		{"/proc/self/fd", "dev/fd"},
		{"/proc/self/fd/0", "dev/stdin"},
		{"/proc/self/fd/1", "dev/stdout"},
		{"/proc/self/fd/2", "dev/stderr"},
		{"/scratch/shm", "dev/shm"},
		{"/scratch", "tmp"},
		{"/scratch", "box"},
	};

	for (size_t i = 0; i < sizeof(LINKS) / sizeof(LINKS[0]); i++)
		if (symlink(LINKS[i].target, LINKS[i].path) && errno != EEXIST)
			return -1;
	return 0;
}

static int enter(void)
{
	if (syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/"))
		return -1;
	return mount(NULL, "/", NULL,
		MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL);
}

void root_build(struct plan *plan)
{
	const unsigned long inert = MS_NOSUID | MS_NODEV | MS_NOEXEC;
	char step[sizeof(((struct plan_failure *)NULL)->step)];
	size_t i;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		plan_fail(plan, "keeping the host's mounts apart");
	root_open_trees(plan);
	if (mount("tmpfs", STAGE, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m") ||
		chdir(STAGE))
		plan_fail(plan, "mounting the box's root");
	for (i = 0; i < plan->tree_count; i++) {
		const struct plan_tree *tree = &plan->trees[i];

		if (attach_tree(tree) == 0)
			continue;
		snprintf(step, sizeof(step), "showing %.100s", tree->path);
		plan_fail(plan, step);
	}
	if (mkdir("proc", 0555) || mount("proc", "proc", "proc", inert, "subset=pid"))
		plan_fail(plan, "mounting /proc");
	if (mkdir("scratch", 0700) ||
		mount("tmpfs", "scratch", "tmpfs", inert, plan->tmpfs_options) ||
		mkdir("scratch/shm", 0700) || (mkdir("dev", 0755) && errno != EEXIST) ||
		make_links())
		plan_fail(plan, "mounting /tmp");
	if (enter())
		plan_fail(plan, "moving into the box's root");
}
