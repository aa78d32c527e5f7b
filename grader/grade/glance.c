/* SPDX-License-Identifier: MIT */
#include "grade/glance.h"

#include "base/interrupt.h"
#include "base/memory.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GOOD_SO_FAR, FAILS };

struct glance {
	struct judge judge;
	size_t seats;
	size_t next;  /* the criterion to be looked at next */
	pid_t *pids;  /* for each criterion: who is looking at it, or 0 */
	bool *failed; /* for each criterion */
};

void glance_tell(const struct lab_criterion *criterion)
{
	fprintf(stderr, "\r\033[KNot passed: %s\n", criterion->title);
}

static size_t being_looked_at(const struct glance *glance)
{
	size_t count = 0;

	for (size_t i = 0; i < glance->next; i++)
		count += glance->pids[i] != 0;
	return count;
}

/* False if no process can be started: then nobody looks. */
static bool look_at_next(struct glance *glance)
{
	size_t criterion = glance->next++;
	const struct lab_criterion *rule = &glance->judge.lab->criteria[criterion];
	pid_t parent = getpid();

	if (rule->hidden || !lab_stage_decides(rule, STAGE_EXPLORE))
		return true;
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(GOOD_SO_FAR);
		if (glance->seats > 1)
			judge_sit(&glance->judge, criterion % glance->seats);
		_exit(judge_glance(&glance->judge, criterion) ? FAILS : GOOD_SO_FAR);
	}
	glance->pids[criterion] = pid > 0 ? pid : 0;
	return pid > 0;
}

static void await_one(struct glance *glance)
{
	int status = 0;
	pid_t pid = waitpid(-1, &status, 0);

	for (size_t i = 0; i < glance->next; i++) {
		if (pid < 0 && glance->pids[i] && interrupt_seen())
			kill(glance->pids[i], SIGTERM);
		if (pid <= 0 || glance->pids[i] != pid)
			continue;
		glance->pids[i] = 0;
		glance->failed[i] = WIFEXITED(status) && WEXITSTATUS(status) == FAILS;
	}
}

/* What an earlier criterion has to say is waited for; -1 while nothing fails. */
static int first_failed(const struct glance *glance)
{
	for (size_t i = 0; i < glance->next; i++)
		if (glance->pids[i] || glance->failed[i])
			return glance->pids[i] ? -1 : (int)i;
	return -1;
}

static void stop_looking(struct glance *glance)
{
	for (size_t i = 0; i < glance->next; i++)
		if (glance->pids[i])
			kill(glance->pids[i], SIGTERM);
	while (being_looked_at(glance) > 0)
		await_one(glance);
}

int glance_at_all(const struct judge *judge, size_t seats)
{
	size_t count = judge->lab->criteria_count;
	struct glance glance = {.judge = *judge,
		.seats = seats,
		.pids = memory_new(count, sizeof(pid_t)),
		.failed = memory_new(count, sizeof(bool))};
	bool able = true;

	fprintf(stderr, "\r\033[K%s: a first look", judge->result->submission);
	while (first_failed(&glance) < 0 && !interrupt_seen()) {
		while (able && glance.next < count && being_looked_at(&glance) < seats)
			able = look_at_next(&glance);
		if (being_looked_at(&glance) == 0)
			break;
		await_one(&glance);
	}
	stop_looking(&glance);
	int first = first_failed(&glance);
	free(glance.failed);
	free(glance.pids);
	if (first >= 0 && !interrupt_seen())
		glance_tell(&judge->lab->criteria[first]);
	return first;
}
