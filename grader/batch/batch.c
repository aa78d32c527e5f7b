/* SPDX-License-Identifier: MIT */
#include "batch/batch.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/text.h"
#include "batch/output.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int by_name(const void *left, const void *right)
{
	const struct submission *a = left;
	const struct submission *b = right;

	return strcmp(a->name, b->name);
}

static bool is_taken(const struct batch *batch, const char *name)
{
	for (size_t i = 0; i < batch->count; i++)
		if (strcmp(batch->submissions[i].name, name) == 0)
			return true;
	return false;
}

/* A folder may have any bytes for a name; a report cannot show all of them. Such a submission
 * is called by its bytes in hexadecimal, and never as another one is. */
static void name_unnameable(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct submission *submission = &batch->submissions[i];
		char *valid = text_valid(submission->name, strlen(submission->name));
		bool nameable = strcmp(valid, submission->name) == 0;

		free(valid);
		if (nameable)
			continue;
		char *name = text_file_name(submission->name);
		while (is_taken(batch, name))
			text_replace(&name, "%s~", name);
		free(submission->name);
		submission->name = name;
	}
}

int batch_list(struct batch *batch, struct error *error)
{
	DIR *folder = opendir(batch->folder);
	struct dirent *entry = NULL;

	if (!folder)
		return error_system(
			error, "cannot open the class's folder %s", batch->folder);
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		batch->submissions = memory_grow(batch->submissions, batch->count + 1,
			sizeof(*batch->submissions));
		batch->submissions[batch->count++] = (struct submission){
			.name = text_copy(entry->d_name),
			.path = path_join(batch->folder, entry->d_name),
		};
	}
	closedir(folder);
	name_unnameable(batch);
	if (batch->count == 0)
		return error_set(error,
			"%s has no submissions; put a folder there for each student",
			batch->folder);
	qsort(batch->submissions, batch->count, sizeof(*batch->submissions), by_name);
	return 0;
}

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

/* In a process of its own; its result is its exit code. */
static int grade_one(const struct batch *batch, const struct submission *submission,
	const char *output)
{
	struct error error;

	if (batch->options)
		batch->options->secret = submission->secret;
	struct result *result =
		grade(batch->workshop, submission->path, submission->name, &error);
	int status = result ? output_write(result, output, &error) : -1;

	if (status && !interrupt_seen())
		fprintf(stderr, "%sinterlock: %s\n", batch->progress ? "\r\033[K" : "",
			error.message);
	result_free(result);
	return status ? 2 : 0;
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

/* Children of a terminal hear of Ctrl-C themselves; those of a batch that was sent a
 * signal do not. */
static void stop_all(const pid_t *pids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (pids[i] > 0)
			kill(pids[i], SIGTERM);
}

static void forget_ended(pid_t *pids, size_t count, pid_t ended)
{
	for (size_t i = 0; i < count; i++)
		if (pids[i] == ended)
			pids[i] = 0;
}

static void show_progress(const struct batch *batch, size_t done)
{
	if (batch->progress)
		fprintf(stderr, "\r\033[K%zu of %zu graded", done, batch->count);
}

/* Starts submissions as long as there is room and nobody asked to stop; returns once all
 * that were started have ended. */
static int run_jobs(
	struct batch *batch, const char *output, pid_t *pids, struct error *error)
{
	size_t started = 0;
	size_t ended = 0;

	show_progress(batch, 0);
	while (ended < batch->count) {
		while (!interrupt_seen() && started < batch->count &&
			started - ended < (size_t)batch->jobs) {
			pids[started] = start_one(batch, started, output);
			if (pids[started] < 0)
				return error_system(error, "cannot start a grading");
			started++;
		}
		if (started == ended)
			break;
		if (interrupt_seen())
			stop_all(pids, started);
		pid_t pid = waitpid(-1, NULL, 0);
		if (pid < 0 && errno != EINTR)
			return error_system(error, "cannot wait for a grading");
		if (pid < 0)
			continue;
		forget_ended(pids, started, pid);
		show_progress(batch, ++ended);
	}
	if (batch->progress)
		fputs("\r\033[K", stderr);
	return 0;
}

/* A result that an earlier batch left would be taken for this one's. */
static void forget_old(const struct batch *batch, const char *output)
{
	for (size_t i = 0; i < batch->count; i++) {
		char *folder = output_folder(output, batch->submissions[i].name);
		char *path = path_join(folder, "result.json");
		unlink(path);
		free(path);
		free(folder);
	}
}

int batch_run(struct batch *batch, const char *output, struct error *error)
{
	struct error unread;
	size_t read = 0;

	forget_old(batch, output);
	pid_t *pids = memory_new(batch->count, sizeof(*pids));
	int status = run_jobs(batch, output, pids, error);
	free(pids);
	for (size_t i = 0; i < batch->count; i++) {
		char *folder = output_folder(output, batch->submissions[i].name);
		char *path = path_join(folder, "result.json");
		batch->submissions[i].result = result_read(path, &unread);
		read += batch->submissions[i].result != NULL;
		free(path);
		free(folder);
	}
	if (status == 0 && interrupt_seen())
		return error_set(error, "stopped; %zu of %zu submissions were graded",
			read, batch->count);
	if (status == 0 && read == 0)
		return error_set(
			error, "no submission in %s could be graded", batch->folder);
	return status;
}
