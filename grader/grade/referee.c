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

enum { SOLUTION_JUDGED = 86 };

enum stand { WAITING, BEING_JUDGED, JUDGED, DECIDED };

/* A criterion, as far as the referee is with it. */
struct matter {
	enum stand stand;
	bool again;  /* its judge died, and another one tries */
	bool holds;  /* once decided: nothing speaks against it */
	size_t seat; /* while it is being judged */
	pid_t pid;
	char *path;	     /* of the result that holds what is seen of it */
	struct result *seen; /* that result, once JUDGED */
	int status;	     /* how its judge ended */
};

struct referee {
	struct judge judge;
	struct matter *matters; /* for each criterion */
	bool *seats;		/* which are taken: so many criteria are judged at once */
	size_t seats_count;
};

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

/* What a judge's process does; its result is its exit code. */
static int judge_one(struct referee *referee, size_t criterion)
{
	struct judge *judge = &referee->judge;
	struct error error;

	if (referee->seats_count > 1)
		judge_sit(judge, referee->matters[criterion].seat);
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

/* What a criterion needs stands above it. They hold if all are decided and hold; they fail as
 * soon as one is decided and does not. */
static void weigh_needs(const struct referee *referee, const struct lab_criterion *rule,
	bool *hold, bool *fail)
{
	*hold = true;
	*fail = false;
	for (unsigned i = 0; i < rule->needs_count; i++) {
		int needed = lab_find_criterion(referee->judge.lab, rule->needs[i]);
		const struct matter *matter = &referee->matters[needed];
		bool decided = matter->stand == DECIDED;
		*hold = *hold && decided && matter->holds;
		*fail = *fail || (decided && !matter->holds);
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
		_exit(judge_solution(judge, criterion) == 0 ? SOLUTION_JUDGED : 1);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		if (interrupt_seen())
			kill(pid, SIGTERM);
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == SOLUTION_JUDGED;
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

/* What the judge saw comes into the result. */
static void take_seen(struct referee *referee, size_t criterion)
{
	struct matter *matter = &referee->matters[criterion];
	struct result *result = referee->judge.result;

	if (matter->seen) {
		struct criterion_result old = result->criteria[criterion];
		result->criteria[criterion] = matter->seen->criteria[criterion];
		matter->seen->criteria[criterion] = old;
	} else {
		note_death(referee, criterion, explain_status(matter->status));
	}
}

static void decide(struct referee *referee, size_t criterion, bool hold)
{
	struct matter *matter = &referee->matters[criterion];

	if (hold && matter->stand == JUDGED)
		take_seen(referee, criterion);
	result_free(matter->seen);
	matter->seen = NULL;
	matter->holds = hold && judge_holds(referee->judge.result, criterion);
	matter->stand = DECIDED;
}

/* Decides what can be: nobody needs to have been judged whose needs fail. */
static void decide_all(struct referee *referee)
{
	const struct lab *lab = referee->judge.lab;

	for (size_t i = 0; i < lab->criteria_count; i++) {
		struct matter *matter = &referee->matters[i];
		bool hold = false;
		bool fail = false;
		weigh_needs(referee, &lab->criteria[i], &hold, &fail);
		bool ready =
			matter->stand == JUDGED ||
			(matter->stand == WAITING && !judge_is_needed(&lab->criteria[i]));
		if (matter->stand == BEING_JUDGED && fail)
			kill(matter->pid, SIGTERM);
		else if ((matter->stand == WAITING && fail) || (ready && (hold || fail)))
			decide(referee, i, hold);
	}
}

/* Gives free seats to criteria in the order of the lab: to those whose needs hold, or to any
 * whose needs are not decided yet. */
static int fill_seats(struct referee *referee, bool ahead, struct error *error)
{
	const struct lab *lab = referee->judge.lab;
	int status = 0;

	for (size_t i = 0; status == 0 && i < lab->criteria_count; i++) {
		size_t seat = free_seat(referee);
		bool hold = false;
		bool fail = false;
		weigh_needs(referee, &lab->criteria[i], &hold, &fail);
		if (referee->matters[i].stand == WAITING && seat < referee->seats_count &&
			(hold || ahead))
			status = start_judge(referee, i, seat, error);
	}
	return status;
}

/* A seat that would stay empty is given to a criterion whose turn has not come. What is seen
 * of it counts once it is known that its needs hold, and not at all if they fail. */
static int start_judges(struct referee *referee, struct error *error)
{
	decide_all(referee);
	return fill_seats(referee, false, error) || fill_seats(referee, true, error) ? -1
										     : 0;
}

/* A judge has ended. One that died gets another try. */
static void hear_judge(struct referee *referee, size_t criterion, int status)
{
	struct matter *matter = &referee->matters[criterion];
	struct error error = {""};
	bool hold = false;
	bool fail = false;

	weigh_needs(referee, &referee->judge.lab->criteria[criterion], &hold, &fail);
	matter->seen = result_read(matter->path, &error);
	matter->status = status;
	matter->stand = JUDGED;
	if (!matter->seen && !matter->again && !fail && !interrupt_seen()) {
		matter->again = true;
		matter->stand = WAITING;
	}
	unlink(matter->path);
	referee->seats[matter->seat] = false;
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

static int await_judge(struct referee *referee, struct error *error)
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
	return 0;
}

static int judge_all(struct referee *referee, const char *path, struct error *error)
{
	int status = judge_load(&referee->judge, error);

	if (status == 0)
		status = start_judges(referee, error);
	while (status == 0 && is_being_judged(referee)) {
		status = await_judge(referee, error);
		if (status == 0 && !interrupt_seen())
			status = start_judges(referee, error) ||
						 result_write(referee->judge.result, path,
							 error)
					 ? -1
					 : 0;
	}
	if (status == 0 && interrupt_seen())
		status = error_set(error, "stopped");
	if (referee->judge.workshop->options->progress)
		fputs("\r\033[K", stderr);
	return status;
}

/* A box without a process namespace of its own ends all processes of its user, who is the
 * same for all boxes of one submission. */
static size_t seats_for(const struct grade_options *options, size_t criteria)
{
	bool share = options->trusted || options->tier <= BOX_TIER_B;

	if (!share || options->judges < 2)
		return 1;
	return (size_t)options->judges < criteria ? (size_t)options->judges : criteria;
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
	referee->seats_count = seats_for(options, count);
	referee->judge.others = (int)referee->seats_count - 1;
	referee->seats = memory_new(referee->seats_count, sizeof(*referee->seats));
	int status = judge_all(referee, path, &error);
	if (status && !interrupt_seen())
		fprintf(stderr, "interlock: %s\n", error.message);
	for (size_t i = 0; i < count; i++) {
		result_free(referee->matters[i].seen);
		free(referee->matters[i].path);
	}
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
	struct result *result, long spent_ms, struct error *error)
{
	struct referee referee = {.judge = {.workshop = workshop,
					  .lab = workshop->lab,
					  .folder = folder,
					  .result = result,
					  .spent_ms = spent_ms}};
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
