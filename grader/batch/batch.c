/* SPDX-License-Identifier: MIT */
#include "batch/batch.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/screen.h"
#include "batch/output.h"
#include "batch/progress.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void batch_release(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		free(batch->submissions[i].name);
		free(batch->submissions[i].path);
		result_free(batch->submissions[i].result);
	}
	free(batch->submissions);
	batch->submissions = NULL;
	batch->count = 0;
}

/* On a line of its own, also where the batch shows how far it is. */
static void tell(const struct batch *batch, const struct error *error)
{
	bool redraws = batch->progress && screen_of(STDERR_FILENO).redraws;

	fprintf(stderr, "%sinterlock: %s\n", redraws ? "\r\033[K" : "", error->message);
}

/* In a process of its own; its result is its exit code. What could not be judged has a
 * result all the same, which says why. */
static int grade_one(const struct batch *batch, const struct submission *submission,
	const char *output)
{
	struct error error;
	int trouble = 0;

	if (batch->options)
		batch->options->secret = submission->secret;
	struct result *result =
		grade(batch->workshop, submission->path, submission->name, &error);
	if (!result && !interrupt_seen()) {
		trouble = 1;
		result = result_unjudged(batch->lab, submission->name, error.message);
	}
	if (trouble)
		tell(batch, &error);
	if (result && output_write(result, output, &error)) {
		trouble = 1;
		tell(batch, &error);
	}
	trouble = trouble || !result;
	result_free(result);
	return trouble ? 2 : 0;
}

/* A grading that ended without leaving anything: it crashed, or was ended from outside. */
static void note_crash(const struct batch *batch, const struct submission *submission,
	const char *output)
{
	struct error error;
	struct result *result = result_unjudged(batch->lab, submission->name,
		"The grading ended without a result; a person has to look at it.");

	if (output_write(result, output, &error))
		fprintf(stderr, "interlock: %s\n", error.message);
	result_free(result);
}

static pid_t start_one(const struct batch *batch, size_t index, const char *output)
{
	fflush(NULL);
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(2);
	_exit(grade_one(batch, &batch->submissions[index], output));
}

/* What is under way. */
struct run {
	struct batch *batch;
	const char *output;
	pid_t *pids; /* of each submission; 0: it is not being graded */
	size_t next, running, done, wanted;
	struct progress progress;
};

/* Children of a terminal hear of Ctrl-C themselves; those of a batch that was sent a
 * signal do not. */
static void stop_all(const struct run *run)
{
	for (size_t i = 0; i < run->next; i++)
		if (run->pids[i] > 0)
			kill(run->pids[i], SIGTERM);
}

static void show_progress(struct run *run)
{
	if (run->batch->progress)
		progress_show(&run->progress, run->done);
}

/* Starts what is next, if anything is. One fork that fails is tried again when another grading
 * has ended. */
static int start_next(struct run *run, struct error *error)
{
	struct batch *batch = run->batch;

	while (run->next < batch->count && batch->submissions[run->next].skip)
		run->next++;
	if (run->next == batch->count)
		return 0;
	if (batch->watch.begins &&
		batch->watch.begins(batch->watch.context, run->next, error))
		return -1;
	pid_t pid = start_one(batch, run->next, run->output);
	if (pid < 0)
		return run->running > 0
			       ? 0
			       : error_system(error, "cannot start a grading; what is "
						     "done is kept: run it again");
	run->pids[run->next++] = pid;
	run->running++;
	return 0;
}

static bool more_to_start(const struct run *run)
{
	const struct batch *batch = run->batch;
	size_t next = run->next;

	while (next < batch->count && batch->submissions[next].skip)
		next++;
	return next < batch->count && run->running < (size_t)batch->jobs;
}

static int end_one(struct run *run, pid_t pid, int status, struct error *error)
{
	struct batch *batch = run->batch;
	size_t i = 0;

	while (i < run->next && run->pids[i] != pid)
		i++;
	if (i == run->next)
		return 0; /* not a grading of ours */
	run->pids[i] = 0;
	run->running--;
	run->done++;
	bool crashed = !WIFEXITED(status) || WEXITSTATUS(status) > 2;
	if (interrupt_seen() && status)
		return 0;
	if (crashed)
		note_crash(batch, &batch->submissions[i], run->output);
	show_progress(run);
	return batch->watch.ended
		       ? batch->watch.ended(batch->watch.context, i, status == 0, error)
		       : 0;
}

/* Starts submissions as long as there is room and nobody asked to stop; returns once all
 * that were started have ended. */
static int run_jobs(struct run *run, struct error *error)
{
	int failed = 0;

	show_progress(run);
	for (;;) {
		int status = 0;
		while (!failed && !interrupt_seen() && more_to_start(run)) {
			size_t before = run->running;
			failed = start_next(run, error);
			if (run->running == before)
				break;
		}
		if (run->running == 0)
			break;
		if (failed || interrupt_seen())
			stop_all(run);
		pid_t pid = waitpid(-1, &status, 0);
		if (pid < 0 && errno != EINTR)
			return error_system(error, "cannot wait for a grading");
		struct error second;
		if (pid > 0 && end_one(run, pid, status, failed ? &second : error))
			failed = -1;
	}
	if (run->batch->progress)
		progress_clear(&run->progress);
	return failed;
}

/* A result that an earlier batch left would be taken for this one's. */
static size_t forget_old(const struct batch *batch, const char *output)
{
	size_t wanted = 0;

	for (size_t i = 0; i < batch->count; i++) {
		if (batch->submissions[i].skip)
			continue;
		char *folder = output_folder(output, batch->submissions[i].name);
		char *path = path_join(folder, "result.json");
		unlink(path);
		free(path);
		free(folder);
		wanted++;
	}
	return wanted;
}

int batch_run(struct batch *batch, const char *output, struct error *error)
{
	struct run run = {.batch = batch, .output = output};

	run.wanted = forget_old(batch, output);
	run.progress = progress_start(run.wanted, screen_of(STDERR_FILENO));
	run.pids = memory_new(batch->count + 1, sizeof(*run.pids));
	int status = run_jobs(&run, error);
	free(run.pids);
	if (status == 0 && interrupt_seen())
		return error_set(error, "stopped; %zu of %zu submissions were graded",
			run.done, run.wanted);
	return status;
}

void batch_read(struct batch *batch, const char *output)
{
	struct error unread;

	for (size_t i = 0; i < batch->count; i++) {
		char *folder = output_folder(output, batch->submissions[i].name);
		char *path = path_join(folder, "result.json");
		batch->submissions[i].result = result_read(path, &unread);
		free(path);
		free(folder);
	}
}
