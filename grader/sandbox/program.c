/* SPDX-License-Identifier: MIT */
/*
 * The last steps of the way in, taken by the process that becomes the program. Their
 * order matters: descriptors while they can still be moved, the user before what the
 * change of user resets (the death signal), the filter last since it forbids the steps
 * before it.
 */
#include "sandbox/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/seccomp.h>

static void signals_reset(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		(void)sigaction(
			number, &action, NULL); /* two of them cannot be changed */
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static int inside_number(const struct box_options *options, int inside)
{
	for (size_t i = 0; i < options->fd_count; i++)
		if (options->fds[i].inside == inside)
			return options->fds[i].outside;
	return -1;
}

/* Copies fd to a number no descriptor of the program will have. */
static int lift(const struct plan *plan, int fd, int above)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, above + 1);

	if (copy < 0)
		plan_fail(plan, "copying a descriptor");
	return copy;
}

/*
 * Everything is lifted out of the way first, since a number inside may be taken by
 * another one's outside. Moves start_fd and the ruleset's descriptor as well.
 */
static void descriptors_arrange(struct plan *plan, int *ruleset_fd)
{
	const struct box_options *options = plan->options;
	int highest = 2, standard[3], given[16];
	size_t i, count = options->fd_count;

	errno = EMFILE;
	if (count > sizeof(given) / sizeof(given[0]))
		plan_fail(plan, "handing in descriptors");
	for (i = 0; i < count; i++)
		if (options->fds[i].inside > highest)
			highest = options->fds[i].inside;
	plan->start_fd = lift(plan, plan->start_fd, highest);
	if (*ruleset_fd >= 0)
		*ruleset_fd = lift(plan, *ruleset_fd, highest);
	for (i = 0; i < count; i++)
		given[i] = lift(plan, options->fds[i].outside, highest);
	for (int fd = 0; fd < 3; fd++)
		standard[fd] = lift(plan,
			fd > 0 && plan->output_fd >= 0 ? plan->output_fd : plan->null_fd,
			highest);
	if (plan_has(plan, BOX_LAYER_DESCRIPTORS) &&
		syscall(SYS_close_range, 0U, ~0U, CLOSE_RANGE_CLOEXEC))
		plan_fail(plan, "closing descriptors");
	for (int fd = 0; fd < 3; fd++)
		if (inside_number(options, fd) < 0 && dup2(standard[fd], fd) < 0)
			plan_fail(plan, "arranging the standard descriptors");
	for (i = 0; i < count; i++)
		if (dup2(given[i], options->fds[i].inside) < 0)
			plan_fail(plan, "arranging descriptors");
}

/* A function in place of a program: nothing closes what is marked, so this does. */
static void descriptors_close_as_exec_would(void)
{
	for (int fd = 0; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) & FD_CLOEXEC)
			(void)close(fd); /* also where it is not open: -1 has every bit */
}

static void limit(const struct plan *plan, int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard}, now;

	if (getrlimit((__rlimit_resource_t)resource, &now) == 0) {
		if (limit.rlim_max > now.rlim_max)
			limit.rlim_max = now.rlim_max;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
	}
	if (setrlimit((__rlimit_resource_t)resource, &limit))
		plan_fail(plan, "setting a resource limit");
}

static void limits_set(const struct plan *plan)
{
	const struct box_limits *limits = &plan->limits;
	rlim_t seconds = (rlim_t)limits->cpu_seconds, files = (rlim_t)limits->open_files;

	limit(plan, RLIMIT_CORE, 0, 0);
	if (!plan_has(plan, BOX_LAYER_RLIMITS))
		return;
	limit(plan, RLIMIT_CPU, seconds, seconds + 1);
	limit(plan, RLIMIT_FSIZE, (rlim_t)limits->file_bytes, (rlim_t)limits->file_bytes);
	limit(plan, RLIMIT_NOFILE, files, files);
	limit(plan, RLIMIT_NPROC, plan->nproc, plan->nproc);
	limit(plan, RLIMIT_STACK, 8UL << 20, 64UL << 20);
	limit(plan, RLIMIT_MEMLOCK, 1UL << 20, 1UL << 20);
	limit(plan, RLIMIT_MSGQUEUE, 0, 0);
	limit(plan, RLIMIT_NICE, 0, 0);
	limit(plan, RLIMIT_RTPRIO, 0, 0);
	limit(plan, RLIMIT_SIGPENDING, 1024, 1024);
}

/* While we still may: a change of user takes the right to do it. */
static void capabilities_bound(void)
{
	for (unsigned long each = 0; prctl(PR_CAPBSET_READ, each, 0, 0, 0) == 1; each++)
		(void)prctl(
			PR_CAPBSET_DROP, each, 0, 0, 0); /* fails where we have none */
}

static void capabilities_drop(const struct plan *plan)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};

	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &header, none))
		plan_fail(plan, "dropping capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		plan_fail(plan, "forbidding new privileges");
}

/* Tiers A and B dropped before they made their namespaces; here the keeper stays root. */
static void user_change(const struct plan *plan)
{
	if (setgroups(0, NULL) || setresgid(plan->gid, plan->gid, plan->gid) ||
		setresuid(plan->uid, plan->uid, plan->uid))
		plan_fail(plan, "dropping root");
}

static void folder_enter(const struct plan *plan)
{
	const char *path = plan->own_root ? "/box" : plan->work ? plan->work->path : "/";

	if (plan->work && !plan->own_root ? fchdir(plan->work->fd) : chdir(path))
		plan_fail(plan, "entering the work folder");
}

static void death_follow(const struct plan *plan, pid_t keeper)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		plan_fail(plan, "asking to die with the keeper");
	if (getppid() != keeper)
		_exit(127);
}

void program_run(const struct plan *original, pid_t keeper)
{
	struct plan moved = *original;
	const struct plan *plan = &moved;
	const struct box_options *options = plan->options;
	int ruleset_fd = -1;

	(void)setsid();
	signals_reset();
	folder_enter(plan);
	if (plan->landlock_abi)
		ruleset_fd = landlock_prepare(plan);
	descriptors_arrange(&moved, &ruleset_fd);
	if (plan_has(plan, BOX_LAYER_CAPABILITIES))
		capabilities_bound();
	if (plan->drop && !plan->confined)
		user_change(plan);
	death_follow(plan, keeper);
	limits_set(plan);
	if (plan_has(plan, BOX_LAYER_CAPABILITIES))
		capabilities_drop(plan);
	else if (prctl(PR_SET_NO_NEW_PRIVS,
			 plan_has(plan, BOX_LAYER_SECCOMP) ||
				 plan_has(plan, BOX_LAYER_LANDLOCK),
			 0, 0, 0) &&
		 errno != EINVAL)
		plan_fail(plan, "forbidding new privileges");
	(void)umask(022);
	if (plan->landlock_abi)
		landlock_enter(plan, ruleset_fd);
	if (plan->filter.len &&
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &plan->filter))
		plan_fail(plan, "entering the system-call filter");
	if (options->function) {
		descriptors_close_as_exec_would();
		_exit(options->function(options->argument));
	}
	(void)execve(plan->argv[0], plan->argv, plan->environment);
	plan_fail(plan, plan->argv[0]);
}
