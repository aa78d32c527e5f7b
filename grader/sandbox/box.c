/* SPDX-License-Identifier: MIT */
/*
 * The grader's side of the box: start the keeper, hear from it, reap it. See keeper.c for
 * what happens on the other side.
 *
 * Four pipes. keeper: the numbers of the processes that became our children on the way to
 * the keeper, which is the last of them. start: whoever fails before the program runs
 * writes what failed; all its ends are closed by the time the program has been executed,
 * so end of file means that it was. go, a socket so that writing to
 * the dead is no signal: one byte lets the keeper on; end of file means
 * that the grader is dead. report: how the program ended.
 */
#include "sandbox/box.h"

#include "base/file.h"
#include "sandbox/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The keeper holds the deadline; if it is overdue by this much something is wrong with
 * it. */
#define KEEPER_GRACE_MS 20000

static long long now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* Reads until the buffer is full or the pipe ends; how much, or -1. */
static ssize_t read_full(int fd, void *buffer, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t length = read(fd, (char *)buffer + used, size - used);

		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return -1;
		if (length == 0)
			break;
		used += (size_t)length;
	}
	return (ssize_t)used;
}

static void reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

struct pipes {
	int start[2], go[2], report[2], keeper[2];
};

static void pipes_close(struct pipes *pipes)
{
	int *each = &pipes->start[0];

	for (size_t i = 0; i < sizeof(*pipes) / sizeof(*each); i++)
		close_fd(&each[i]);
}

static int pipes_open(struct pipes *pipes, struct error *error)
{
	memset(pipes, -1, sizeof(*pipes));
	if (pipe2(pipes->start, O_CLOEXEC) ||
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pipes->go) ||
		pipe2(pipes->report, O_CLOEXEC) || pipe2(pipes->keeper, O_CLOEXEC)) {
		error_system(error, "making the box's pipes");
		pipes_close(pipes);
		return -1;
	}
	return 0;
}

/* In the child: only its own ends stay open, or it would keep itself from seeing an end.
 */
static _Noreturn void child_run(struct plan *plan, struct pipes *pipes)
{
	close_fd(&pipes->start[0]);
	close_fd(&pipes->go[1]);
	close_fd(&pipes->report[0]);
	close_fd(&pipes->keeper[0]);
	plan->start_fd = pipes->start[1];
	plan->go_fd = pipes->go[0];
	plan->report_fd = pipes->report[1];
	plan->keeper_fd = pipes->keeper[1];
	keeper_run(plan);
}

/* Reads the numbers up to the keeper's and reaps those before it. */
static pid_t keeper_announced(int keeper_fd, pid_t child)
{
	pid_t announced[2] = {0};
	ssize_t length = read_full(keeper_fd, announced, sizeof(announced));

	reap(child);
	if (length == sizeof(announced))
		reap(announced[0]);
	return announced[length == sizeof(announced) ? 1 : 0];
}

/* Forks the keeper and lets it go on. */
static int keeper_start(
	struct box *box, struct plan *plan, struct pipes *pipes, struct error *error)
{
	pid_t child = fork();

	if (child < 0)
		return error_system(error, "forking the box");
	if (child == 0)
		child_run(plan, pipes);
	close_fd(&pipes->start[1]);
	close_fd(&pipes->go[0]);
	close_fd(&pipes->report[1]);
	close_fd(&pipes->keeper[1]);
	box->keeper = plan->confined ? keeper_announced(pipes->keeper[0], child) : child;
	/* Without a keeper the reason is on the start pipe. */
	if (send(pipes->go[1], "", 1, MSG_NOSIGNAL) != 1 && errno != EPIPE)
		return error_system(error, "starting the box");
	return 0;
}

/* Waits for the end of the start pipe. */
static int started(int start_fd, const char *program, struct error *error)
{
	struct plan_failure failure = {0};
	ssize_t length = read_full(start_fd, &failure, sizeof(failure));

	if (length == 0)
		return 0;
	if (length != sizeof(failure))
		return error_set(error, "the box fell silent while it was being built");
	failure.step[sizeof(failure.step) - 1] = '\0';
	errno = failure.error;
	if (program && strcmp(failure.step, program) == 0)
		return error_system(error, "running %s in the box", program);
	return error_system(error, "building the box, at \"%s\"", failure.step);
}

static int prepare(struct box *box, struct plan *plan, const struct box_options *options,
	struct error *error)
{
	int failed;

	memset(box, 0, sizeof(*box));
	box->report_fd = box->output_fd = -1;
	plan_init(plan, options);
	if (!options->trusted &&
		(options->tier < BOX_TIER_A || options->tier >= BOX_TIER_D))
		return error_set(error,
			"nothing here can confine a program (tier %s), and it is not "
			"trusted",
			box_tier_name(options->tier));
	failed = plan_make(plan, error);
	memcpy(box->scratch, plan->scratch, sizeof(box->scratch));
	if (failed)
		return -1;
	if (options->capture) {
		box->output_fd = memfd_create("output", MFD_CLOEXEC);
		if (box->output_fd < 0 || fcntl(box->output_fd, F_SETFL, O_APPEND))
			return error_system(error, "keeping the output");
	}
	plan->output_fd = box->output_fd;
	if (plan->confined && options->tier == BOX_TIER_A &&
		plan_has(plan, BOX_LAYER_MEMORY)) {
		plan->cgroup = &box->cgroup;
		return cgroup_create(&box->cgroup, plan->limits.memory_bytes, error);
	}
	return 0;
}

int box_start(struct box *box, const struct box_options *options, struct error *error)
{
	struct pipes pipes;
	struct plan plan;
	int result = -1;

	memset(&pipes, -1, sizeof(pipes));
	if (prepare(box, &plan, options, error) || pipes_open(&pipes, error))
		goto out;
	box->confined = plan.confined;
	box->wall_ms = plan.limits.wall_ms;
	box->output_bytes = plan.limits.output_bytes;
	box->started_ns = now_ns();
	if (keeper_start(box, &plan, &pipes, error))
		goto out;
	box->report_fd = pipes.report[0];
	pipes.report[0] = -1;
	result = started(pipes.start[0], options->argv ? options->argv[0] : NULL, error);
	if (result == 0 && !box->keeper)
		result = error_set(error, "the box ended before it was built");
out:
	pipes_close(&pipes);
	plan_release(&plan);
	if (result)
		box_release(box);
	return result;
}

int box_fd(const struct box *box)
{
	return box->report_fd;
}

void box_kill(struct box *box)
{
	if (box->keeper > 0 && !box->ended) {
		/* As PID 1 it takes all with it; as a subreaper it must be let to clean
		 * up. */
		(void)kill(box->keeper, box->confined ? SIGKILL : SIGTERM);
		reap(box->keeper);
		box->status.wall_ms = (long)((now_ns() - box->started_ns) / 1000000);
		box->status.signalled = true;
		box->status.code = SIGKILL;
		box->ended = true;
	}
}

/* Until the keeper says something or dies; false if it does neither. */
static bool wait_for_report(const struct box *box)
{
	long long deadline_ms =
		box->started_ns / 1000000 + box->wall_ms + KEEPER_GRACE_MS;
	struct pollfd report = {.fd = box->report_fd, .events = POLLIN};
	int ready;

	do {
		long long left = deadline_ms - now_ns() / 1000000;

		ready = poll(&report, 1, left > 0 ? (int)left : 0);
	} while (ready < 0 && errno == EINTR);
	return ready > 0;
}

int box_wait(struct box *box, struct box_status *status, struct error *error)
{
	struct plan_report report = {0};
	ssize_t length;

	if (box->ended) {
		*status = box->status;
		return 0;
	}
	length = wait_for_report(box) ? read_full(box->report_fd, &report, sizeof(report))
				      : -1;
	box_kill(box); /* if it reported it is on its way out already */
	box->status.cpu_ms = report.cpu_ms;
	box->status.limit = report.limit;
	box->status.signalled = WIFSIGNALED(report.status);
	box->status.code = WIFSIGNALED(report.status) ? WTERMSIG(report.status)
						      : WEXITSTATUS(report.status);
	if (cgroup_ran_out(&box->cgroup))
		box->status.limit = BOX_LIMIT_MEMORY;
	*status = box->status;
	if (length == sizeof(report) || box->status.limit == BOX_LIMIT_MEMORY)
		return 0;
	return error_set(error, "the box's keeper died without a report");
}

int box_output(const struct box *box, char **output, size_t *length, struct error *error)
{
	struct stat status;
	size_t size;
	ssize_t got;

	*output = NULL;
	*length = 0;
	if (box->output_fd < 0 || fstat(box->output_fd, &status))
		return error_set(error, "the box's output was not captured");
	size = (size_t)status.st_size;
	if (size > (size_t)box->output_bytes)
		size = (size_t)box->output_bytes;
	*output = malloc(size + 1);
	if (!*output)
		return error_set(error, "out of memory");
	got = pread(box->output_fd, *output, size, 0);
	*length = got > 0 ? (size_t)got : 0;
	(*output)[*length] = '\0';
	return 0;
}

void box_release(struct box *box)
{
	struct error ignored;

	box_kill(box);
	/* 0 is what a zeroed box has. */
	if (box->report_fd > 0)
		close_fd(&box->report_fd);
	if (box->output_fd > 0)
		close_fd(&box->output_fd);
	cgroup_remove(&box->cgroup);
	/* The keeper did it, unless there never was one. */
	if (box->scratch[0])
		(void)folder_remove(box->scratch, &ignored);
	memset(box, 0, sizeof(*box));
}

int box_run(
	const struct box_options *options, struct box_result *result, struct error *error)
{
	struct box_options capturing = *options;
	struct box box;
	int failed;

	memset(result, 0, sizeof(*result));
	capturing.capture = true;
	if (box_start(&box, &capturing, error))
		return -1;
	failed = box_wait(&box, &result->status, error) ||
		 box_output(&box, &result->output, &result->length, error);
	box_release(&box);
	return failed ? -1 : 0;
}

void box_result_release(struct box_result *result)
{
	free(result->output);
	memset(result, 0, sizeof(*result));
}

const char *box_limit_name(enum box_limit limit)
{
	static const char *const NAMES[] = {
		[BOX_LIMIT_NONE] = "",
		[BOX_LIMIT_CPU] = "processor time",
		[BOX_LIMIT_WALL] = "time",
		[BOX_LIMIT_MEMORY] = "memory",
		[BOX_LIMIT_OUTPUT] = "output",
		[BOX_LIMIT_FILE] = "file size",
		[BOX_LIMIT_DISK] = "disk space",
	};

	return NAMES[limit];
}
