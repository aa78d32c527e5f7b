/* SPDX-License-Identifier: MIT */
#include "grade/referee.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/text.h"
#include "grade/judge.h"
#include "grade/standard.h"
#include "play/play.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* More would seldom find a criterion whose needs are decided. */
enum { MOST_SEATS = 4 };
enum { JUDGED = 86 };

enum stand { WAITING, BEING_JUDGED, DECIDED };

/* A criterion, as far as the referee is with it. */
struct matter {
	enum stand stand;
	bool again;  /* its judge died, and another one tries */
	bool holds;  /* once decided: nothing speaks against it */
	size_t seat; /* while it is being judged */
	pid_t pid;
	char *path; /* of the result that holds what is seen of it */
};

struct referee {
	struct judge judge;
	struct matter *matters; /* for each criterion */
	bool *seats;		/* which are taken: so many criteria are judged at once */
	size_t seats_count;
};

/* Nobody waits for the whole report to learn that something is wrong. */
static void show_failure(const struct referee *referee, size_t criterion)
{
	const struct lab_criterion *rule = &referee->judge.lab->criteria[criterion];

	if (referee->judge.workshop->options->progress && !rule->hidden)
		fprintf(stderr, "\r\033[KNot passed: %s\n", rule->title);
}

/* What nobody got to see is an error of ours. */
static void note_unjudged(
	struct result *result, const struct lab *lab, size_t criterion, const char *why)
{
	struct evidence *evidence = result_add_evidence(
		result, criterion, lab->criteria[criterion].stages[0], VERDICT_ERROR);

	evidence_set_reason(evidence, "The lab's checks did not finish: %s.", why);
	text_replace(&result->notice, "The lab's checks did not finish: %s.", why);
}

static const char *explain_status(int status)
{
	if (!WIFSIGNALED(status))
		return "they ended their process";
	return WTERMSIG(status) == PLAY_PATIENCE_SIGNAL
		       ? "they took longer than check_seconds allows"
		       : strsignal(WTERMSIG(status));
}

/* The one processor, of those there are, that belongs to a seat. */
static cpu_set_t processor_of(const cpu_set_t *all, size_t seat)
{
	cpu_set_t one;
	size_t skip = CPU_COUNT(all) > 0 ? seat % (size_t)CPU_COUNT(all) : 0;

	CPU_ZERO(&one);
	for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++)
		if (CPU_ISSET(i, all) && skip-- == 0)
			CPU_SET(i, &one);
	return one;
}

/* What a judge's process does; its result is its exit code. */
static int judge_one(struct referee *referee, size_t criterion)
{
	struct judge *judge = &referee->judge;
	struct error error;

	if (referee->seats_count > 1)
		judge->to_explore = processor_of(
			&judge->processors, referee->matters[criterion].seat);
	judge_criterion(judge, criterion);
	if (interrupt_seen())
		return 1;
	if (result_write(judge->result, referee->matters[criterion].path, &error) == 0)
		return 0;
	fprintf(stderr, "interlock: %s\n", error.message);
	return 1;
}

static int start_judge(
	struct referee *referee, size_t criterion, size_t seat, struct error *error)
{
	struct matter *matter = &referee->matters[criterion];
	pid_t parent = getpid();

	free(matter->path);
	matter->path = text_format("%s/%d-%zu.json", referee->judge.workshop->folder,
		(int)parent, criterion);
	matter->seat = seat;
	fflush(NULL);
	matter->pid = fork();
	if (matter->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(getppid() == parent ? judge_one(referee, criterion) : 1);
	}
	if (matter->pid < 0)
		return error_system(error, "cannot start a judge");
	matter->stand = BEING_JUDGED;
	referee->seats[seat] = true;
	return 0;
}

static size_t free_seat(const struct referee *referee)
{
	size_t seat = 0;

	while (seat < referee->seats_count && referee->seats[seat])
		seat++;
	return seat;
}

/* What a criterion needs stands above it. */
static void weigh_needs(const struct referee *referee, const struct lab_criterion *rule,
	bool *decided, bool *hold)
{
	*decided = *hold = true;
	for (unsigned i = 0; i < rule->needs_count; i++) {
		int needed = lab_find_criterion(referee->judge.lab, rule->needs[i]);
		const struct matter *matter = &referee->matters[needed];
		*decided = *decided && matter->stand == DECIDED;
		*hold = *hold && matter->stand == DECIDED && matter->holds;
	}
}

/* The lab's checks ended a judge over the criterion, twice. If what the lab's own solution
 * leaves does not do that to them, the submission has. */
static bool is_the_submissions_doing(struct referee *referee, size_t criterion)
{
	struct judge *judge = &referee->judge;
	int status = 0;

	if (!standard_is_there(judge->lab))
		return false;
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* Not 0, which is what checks that end their process may choose. */
		_exit(judge_solution(judge, criterion) == 0 ? JUDGED : 1);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		if (interrupt_seen())
			kill(pid, SIGTERM);
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == JUDGED;
}

static void note_death(struct referee *referee, size_t criterion, const char *why)
{
	const struct lab *lab = referee->judge.lab;
	struct result *result = referee->judge.result;

	if (!is_the_submissions_doing(referee, criterion)) {
		note_unjudged(result, lab, criterion, why);
		return;
	}
	struct evidence *evidence = result_add_evidence(
		result, criterion, lab->criteria[criterion].stages[0], VERDICT_FAIL);
	evidence_set_reason(evidence,
		"The lab's checks could not read what the program left in shared memory: "
		"%s.",
		why);
}

/* Gives every free seat to the first criterion that can be judged now. */
static int start_judges(struct referee *referee, struct error *error)
{
	const struct lab *lab = referee->judge.lab;
	int status = 0;

	for (size_t i = 0; status == 0 && i < lab->criteria_count; i++) {
		struct matter *matter = &referee->matters[i];
		size_t seat = free_seat(referee);
		bool decided = false;
		bool hold = false;
		if (matter->stand != WAITING)
			continue;
		weigh_needs(referee, &lab->criteria[i], &decided, &hold);
		if (decided && (!hold || !judge_is_needed(&lab->criteria[i]))) {
			matter->stand = DECIDED;
			matter->holds = hold && judge_holds(referee->judge.result, i);
		} else if (decided && seat < referee->seats_count) {
			status = start_judge(referee, i, seat, error);
		}
	}
	return status;
}

/* A judge has ended: what it saw comes into the result. */
static void hear_judge(struct referee *referee, size_t criterion, int status)
{
	struct matter *matter = &referee->matters[criterion];
	struct result *result = referee->judge.result;
	struct error error = {""};
	struct result *seen = result_read(matter->path, &error);

	if (seen) {
		struct criterion_result old = result->criteria[criterion];
		result->criteria[criterion] = seen->criteria[criterion];
		seen->criteria[criterion] = old;
	} else if (!matter->again && !interrupt_seen()) {
		matter->again = true;
		matter->stand = WAITING;
	} else {
		note_death(referee, criterion, explain_status(status));
	}
	result_free(seen);
	unlink(matter->path);
	referee->seats[matter->seat] = false;
	if (matter->stand == WAITING)
		return;
	matter->stand = DECIDED;
	matter->holds = judge_holds(result, criterion);
	if (!matter->holds && !interrupt_seen())
		show_failure(referee, criterion);
}

static bool is_being_judged(const struct referee *referee)
{
	for (size_t i = 0; i < referee->seats_count; i++)
		if (referee->seats[i])
			return true;
	return false;
}

static void stop_judges(const struct referee *referee)
{
	for (size_t i = 0; i < referee->judge.lab->criteria_count; i++)
		if (referee->matters[i].stand == BEING_JUDGED)
			kill(referee->matters[i].pid, SIGTERM);
}

/* Waits until a judge has ended, and stores the result with what it saw. */
static int await_judge(struct referee *referee, const char *path, struct error *error)
{
	int status = 0;
	pid_t pid = waitpid(-1, &status, 0);

	if (interrupt_seen())
		stop_judges(referee);
	if (pid < 0)
		return errno == EINTR ? 0
				      : error_system(error, "cannot wait for a judge");
	for (size_t i = 0; i < referee->judge.lab->criteria_count; i++)
		if (referee->matters[i].stand == BEING_JUDGED &&
			referee->matters[i].pid == pid)
			hear_judge(referee, i, status);
	return result_write(referee->judge.result, path, error);
}

static int judge_all(struct referee *referee, const char *path, struct error *error)
{
	int status = judge_load(&referee->judge, error);

	if (status == 0)
		status = start_judges(referee, error);
	while (status == 0 && is_being_judged(referee)) {
		status = await_judge(referee, path, error);
		if (status == 0 && !interrupt_seen())
			status = start_judges(referee, error);
	}
	if (status == 0 && interrupt_seen())
		status = error_set(error, "stopped");
	if (referee->judge.workshop->options->progress)
		fputs("\r\033[K", stderr);
	return status;
}

/* A box without a process namespace of its own ends all processes of its user, who is the
 * same for all boxes of one submission. */
static size_t seats_for(const struct grade_options *options)
{
	bool share = options->trusted || options->tier <= BOX_TIER_B;

	if (!share || options->judges < 2)
		return 1;
	return options->judges < MOST_SEATS ? (size_t)options->judges : MOST_SEATS;
}

/* What the referee's process does; its result is its exit code. */
static int referee_main(struct referee *referee, const char *path)
{
	const struct grade_options *options = referee->judge.workshop->options;
	size_t count = referee->judge.lab->criteria_count;
	struct error error;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (sched_getaffinity(0, sizeof(cpu_set_t), &referee->judge.processors))
		CPU_ZERO(&referee->judge.processors);
	referee->matters = memory_new(count, sizeof(*referee->matters));
	referee->seats_count = seats_for(options);
	referee->judge.others = (int)referee->seats_count - 1;
	referee->seats = memory_new(referee->seats_count, sizeof(*referee->seats));
	int status = judge_all(referee, path, &error);
	if (status && !interrupt_seen())
		fprintf(stderr, "interlock: %s\n", error.message);
	for (size_t i = 0; i < count; i++)
		free(referee->matters[i].path);
	free(referee->seats);
	free(referee->matters);
	return status ? 1 : 0;
}

/* What a referee that died did not get to is not judged. */
static void note_end(struct result *result, const struct lab *lab, const char *why)
{
	for (unsigned i = 0; i < lab->criteria_count; i++)
		if (result->criteria[i].evidence_count == 0)
			note_unjudged(result, lab, i, why);
}

static void await_referee(const struct lab *lab, pid_t pid, struct result **judged,
	const char *path, struct error *error)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		if (interrupt_seen())
			kill(pid, SIGTERM);
	*judged = result_read(path, error);
	if (*judged && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
		note_end(*judged, lab, explain_status(status));
}

struct result *referee_judge(const struct workshop *workshop, const char *folder,
	struct result *result, struct error *error)
{
	struct referee referee = {.judge = {.workshop = workshop,
					  .lab = workshop->lab,
					  .folder = folder,
					  .result = result}};
	char *path = text_format("%s/%d.json", workshop->folder, (int)getpid());
	struct result *judged = NULL;

	fflush(NULL);
	pid_t pid = result_write(result, path, error) ? -1 : fork();
	if (pid == 0)
		_exit(referee_main(&referee, path));
	if (pid < 0)
		error_system(error, "cannot start the referee");
	else
		await_referee(workshop->lab, pid, &judged, path, error);
	unlink(path);
	free(path);
	result_free(result);
	return judged;
}
