/* SPDX-License-Identifier: MIT */
/*
 * The keeper is the box's one trusted process. In tiers A and B it is PID 1 of the PID
 * namespace: when it ends, for whatever reason, the kernel ends everything in the box,
 * and only then can the grader reap it. Elsewhere it is a subreaper, to which every orphan
 * of the box comes home, and it must do the killing itself.
 *
 * The way there in A and B:
 *
 *	grader --fork--> dropper: gives up root, then --clone(CLONE_PARENT | NEW...)-->
 * keeper
 *
 * The drop comes first since a namespace made by root would remember that it was: a mount
 * bound read-only could be made writable again. CLONE_PARENT makes the keeper the
 * grader's own child, so that it dies with the grader and the grader can reap it.
 */
#include "base/file.h"
#include "sandbox/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/close_range.h>

/* How often limits that the kernel does not hold are looked at. At a person's own desk that
 * reads all of the machine's /proc, in many boxes at once, and nobody means harm. */
#define TICK_MS 20
#define DESK_TICK_MS 100

/* Where keeper_watch moves what it needs before it closes all else. */
enum { REPORT_FD, OUTPUT_FD, WORK_FD, SCRATCH_FD, KEPT };

static long long now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void write_map(const struct plan *plan, const char *path, const char *map)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, map, strlen(map)) < 0)
		plan_fail(plan, path);
	(void)close(fd);
}

/* Asked to die with the grader, we may be too late: then there is nobody to say go. */
static void wait_for_go(const struct plan *plan)
{
	char go;

	if (read(plan->go_fd, &go, 1) != 1)
		_exit(127);
}

static void fork_program(const struct plan *plan)
{
	pid_t keeper = getpid(), program;
	sigset_t waited;

	sigemptyset(&waited);
	sigaddset(&waited, SIGCHLD);
	sigaddset(&waited, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &waited, NULL);
	program = fork();
	if (program < 0)
		plan_fail(plan, "forking the program");
	if (program == 0)
		program_run(plan, keeper);
	keeper_watch(plan, program);
}

/* PID 1 of the box. */
static _Noreturn void keeper_confined(struct plan *plan)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		plan_fail(plan, "asking to die with the grader");
	(void)setsid();
	write_map(plan, "/proc/self/setgroups", "deny");
	write_map(plan, "/proc/self/uid_map", plan->uid_map);
	write_map(plan, "/proc/self/gid_map", plan->gid_map);
	wait_for_go(plan);
	if (unshare(CLONE_NEWCGROUP))
		plan_fail(plan, "making a cgroup namespace");
	if (plan_has(plan, BOX_LAYER_IPC) && sethostname("box", 3))
		plan_fail(plan, "naming the box");
	if (plan->own_root)
		root_build(plan);
	/* From here on nobody in the box may look into this process. */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	fork_program(plan);
	_exit(127);
}

static _Noreturn void drop_and_clone(struct plan *plan)
{
	unsigned long flags = CLONE_PARENT | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS;
	pid_t keeper;

	if (plan->cgroup && cgroup_enter(plan->cgroup, plan->keeper_fd))
		plan_fail(plan, "entering the cgroup");
	if (plan->drop &&
		(setgroups(0, NULL) || setresgid(plan->gid, plan->gid, plan->gid) ||
			setresuid(plan->uid, plan->uid, plan->uid)))
		plan_fail(plan, "dropping root");
	/* The change of user took it away, and with it the right to write the maps. */
	(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	if (plan_has(plan, BOX_LAYER_NETWORK))
		flags |= CLONE_NEWNET;
	if (plan_has(plan, BOX_LAYER_IPC))
		flags |= CLONE_NEWIPC | CLONE_NEWUTS;
	keeper = (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
	if (keeper < 0)
		plan_fail(plan, "making namespaces");
	if (keeper == 0) {
		(void)close(plan->keeper_fd);
		keeper_confined(plan);
	}
	if (write(plan->keeper_fd, &keeper, sizeof(keeper)) != sizeof(keeper))
		_exit(127);
	_exit(0);
}

void keeper_run(struct plan *plan)
{
	if (plan->confined)
		drop_and_clone(plan);
	/* Not SIGKILL: this keeper has to kill what is left before it goes. */
	if (plan_has(plan, BOX_LAYER_PROCESSES) &&
		(prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) ||
			prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)))
		plan_fail(plan, "becoming the subreaper");
	(void)setsid();
	wait_for_go(plan);
	fork_program(plan);
	_exit(127);
}

/* The keeper holds none of the grader's descriptors while the program runs. */
static void descriptors_keep(const struct plan *plan)
{
	int kept[KEPT] = {plan->report_fd, plan->output_fd, -1, -1};

	if (plan->work && plan->work->writable)
		kept[WORK_FD] = open(plan->own_root ? "/box" : plan->work->path,
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (plan->scratch[0])
		kept[SCRATCH_FD] =
			open(plan->scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < KEPT; i++)
		kept[i] = fcntl(
			kept[i] >= 0 ? kept[i] : plan->null_fd, F_DUPFD_CLOEXEC, KEPT);
	for (int i = 0; i < KEPT; i++)
		if (kept[i] < 0 || dup2(kept[i], i) < 0)
			plan_fail(plan, "keeping descriptors");
	if (syscall(SYS_close_range, (unsigned)KEPT, ~0U, 0))
		plan_fail(plan, "closing descriptors");
}

/* What is no folder, since there is none, is never full. */
static bool folder_is_full(pid_t keeper, int fd, long long most)
{
	return disk_in_use(fd, most) + disk_nameless(keeper, fd) > most;
}

/* The first limit that is exceeded now, of those that the kernel does not hold. */
static enum box_limit limit_exceeded(
	const struct plan *plan, pid_t keeper, long long deadline_ms, long tick)
{
	const struct box_limits *limits = &plan->limits;
	struct stat status;

	if (plan_has(plan, BOX_LAYER_WATCH)) {
		if (now_ms() >= deadline_ms)
			return BOX_LIMIT_WALL;
		if (plan->output_fd >= 0 && fstat(OUTPUT_FD, &status) == 0 &&
			status.st_size > limits->output_bytes)
			return BOX_LIMIT_OUTPUT;
		/* Walking a folder costs more than the other looks, so it is rarer. */
		if (tick % 5 == 4 &&
			(folder_is_full(keeper, WORK_FD, limits->disk_bytes) ||
				folder_is_full(keeper, SCRATCH_FD, limits->disk_bytes)))
			return BOX_LIMIT_DISK;
	}
	if (plan->options->tier != BOX_TIER_A && plan_has(plan, BOX_LAYER_MEMORY) &&
		memory_in_use(keeper, limits->memory_bytes) > limits->memory_bytes)
		return BOX_LIMIT_MEMORY;
	return BOX_LIMIT_NONE;
}

static enum box_limit limit_of_signal(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return BOX_LIMIT_CPU;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
		return BOX_LIMIT_FILE;
	return BOX_LIMIT_NONE;
}

/* Reaps whoever has ended; true if the program was among them. */
static bool reap(pid_t program, struct plan_report *report)
{
	bool ended = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != program)
			continue;
		ended = true;
		report->status = status;
		report->limit = limit_of_signal(status);
	}
	return ended;
}

static long cpu_of_children_ms(void)
{
	struct rusage used;

	(void)getrusage(RUSAGE_CHILDREN, &used);
	return (long)((used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
		      (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000);
}

void keeper_watch(const struct plan *plan, pid_t program)
{
	const long tick_ms = plan->options->trusted ? DESK_TICK_MS : TICK_MS;
	const struct timespec tick_time = {.tv_nsec = tick_ms * 1000000L};
	long long deadline_ms = now_ms() + plan->limits.wall_ms;
	struct plan_report report = {0};
	pid_t keeper = getpid();
	sigset_t waited;
	struct error ignored;
	bool ended = false;

	descriptors_keep(plan);
	sigemptyset(&waited);
	sigaddset(&waited, SIGCHLD);
	sigaddset(&waited, SIGTERM);
	for (long tick = 0; !ended; tick++) {
		int number = sigtimedwait(&waited, NULL, &tick_time);

		ended = reap(program, &report);
		if (!ended && number == SIGTERM)
			break;
		if (!ended && number < 0)
			report.limit = limit_exceeded(plan, keeper, deadline_ms, tick);
		ended |= report.limit != BOX_LIMIT_NONE;
	}
	if (plan_has(plan, BOX_LAYER_PROCESSES))
		processes_end(plan);
	if (!plan->confined && plan->drop)
		shared_memory_remove(plan);
	if (plan->scratch[0])
		(void)folder_remove(plan->scratch, &ignored);
	report.cpu_ms = cpu_of_children_ms();
	if (write(REPORT_FD, &report, sizeof(report)) != sizeof(report))
		_exit(127);
	_exit(0);
}
