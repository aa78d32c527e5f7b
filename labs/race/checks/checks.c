/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>
#include <stdio.h>

enum { BALANCE = 100 };

/* A schedule as the referee knows it, whatever becomes of shared memory. */
struct schedule {
	int call;
	char name[64];		  /* of the function, and which call it was */
	const char *const *names; /* of the tasks */
	int task_count;
	int turns;
	long changes[MOST_TASKS];

	int steps[MOST_STEPS + 1];
	int step_count;
	long replayed; /* the balance that the processes left */
	bool returned; /* the function did */
	bool endless;  /* it used up its time */
};

/* What a task has done so far when the referee follows a schedule. */
struct follower {
	int steps;
	long own; /* its copy of the balance */
};

static const char *const of_two[] = {"withdraw", "deposit"};
static const char *const of_three[] = {"first", "second", "third"};
static const char *const which_call[CALLS] = {"", " (second call)", " (third call)"};

static void name_call(struct schedule *schedule, const char *function, int call)
{
	schedule->call = call;
	snprintf(schedule->name, sizeof(schedule->name), "%s%s", function,
		which_call[call]);
}

static struct schedule of_withdraw_and_deposit(const char *function, int call)
{
	struct schedule schedule = {
		.names = of_two, .task_count = 2, .turns = 1, .changes = {-1, 1}};
	name_call(&schedule, function, call);
	return schedule;
}

/* The first call has the fewest turns that there can be; the others so many that no drawing
 * on paper has room for them, an even number and an odd one. */
static struct schedule of_three_deposits(int call)
{
	struct schedule schedule = {
		.names = of_three, .task_count = 3, .changes = {1, 1, 1}};
	int many = 2 * (int)play_random(MOST_TURNS / 3, MOST_TURNS / 2 - 1);
	schedule.turns = call == 0 ? FEWEST_TURNS : many + (call == CALLS - 1);
	name_call(&schedule, "farthest", call);
	return schedule;
}

/* Gives the call an account, and a process for each task that takes the steps. */
static void start_tasks(const struct schedule *schedule, struct work *work)
{
	work->balance = BALANCE;
	work->task_count = schedule->task_count;
	for (int i = 0; i < schedule->task_count; i++) {
		work->tasks[i].work = work;
		work->tasks[i].turns = schedule->turns;
		work->tasks[i].change = schedule->changes[i];
		play_start("task", &work->tasks[i]);
	}
}

static void take_over(
	struct schedule *schedule, const struct work *work, enum play_end end)
{
	bool last = schedule->call == CALLS - 1;
	schedule->returned = work->returned && (!last || end == PLAY_RETURNED);
	schedule->endless = !schedule->returned && end == PLAY_SPUN;
	schedule->replayed = work->balance;
	int count = work->step_count;
	schedule->step_count = count < 0	    ? 0
			       : count > MOST_STEPS ? MOST_STEPS + 1
						    : count;
	for (int i = 0; i < schedule->step_count; i++)
		schedule->steps[i] = work->steps[i];
}

/* Lets the function make its schedules: one process calls it several times, and what it left
 * in its variables one time must not matter the next time. */
static void replay(const char *function, struct schedule schedules[CALLS])
{
	struct work *works = play_shared(CALLS * sizeof(*works));
	play_start(function, works);
	for (int call = 0; call < CALLS; call++)
		start_tasks(&schedules[call], &works[call]);
	enum play_end end = play_try_run();
	for (int call = 0; call < CALLS; call++)
		take_over(&schedules[call], &works[call], end);
}

static void replay_farthest(struct schedule schedules[CALLS])
{
	for (int call = 0; call < CALLS; call++)
		schedules[call] = of_three_deposits(call);
	replay("farthest", schedules);
}

/* A row of the drawing: what one task does, the others standing still, and the balance. */
static void show_row(const struct schedule *schedule, int number, int task,
	const char *what, long balance)
{
	play_show("%5d  ", number);
	for (int i = 0; i < schedule->task_count; i++)
		play_show("%-16s", i == task ? what : "|");
	play_show("%5ld\n", balance);
}

static void show_heading(const struct schedule *schedule)
{
	if (schedule->call > 0)
		play_show("\n%s\n", which_call[schedule->call] + 1);
	play_show(" step  ");
	for (int i = 0; i < schedule->task_count; i++)
		play_show("%-16s", schedule->names[i]);
	play_show("balance\n");
	show_row(schedule, 0, -1, "", BALANCE);
}

/* Takes the step in a copy of the account, and draws it. */
static void follow(const struct schedule *schedule, int index, struct follower *followers,
	long *balance)
{
	int task = schedule->steps[index];
	struct follower *follower = &followers[task];
	char what[32];

	switch (follower->steps++ % STEPS_OF_AN_UPDATE) {
	case 0:
		follower->own = *balance;
		snprintf(what, sizeof(what), "read %ld", follower->own);
		break;
	case 1:
		follower->own += schedule->changes[task];
		snprintf(what, sizeof(what), "%s: %ld",
			schedule->changes[task] < 0 ? "subtract" : "add", follower->own);
		break;
	default:
		*balance = follower->own;
		snprintf(what, sizeof(what), "write %ld", follower->own);
		break;
	}
	show_row(schedule, index + 1, task, what, *balance);
}

/* A step has to be that of a task that has one left. */
static void expect_step(
	const struct schedule *schedule, int index, const struct follower *followers)
{
	int task = schedule->steps[index];
	play_expect(task >= 0 && task < schedule->task_count,
		"Step %d of %s is for task %d, and there is no such task.", index + 1,
		schedule->name, task);
	play_expect(followers[task].steps < STEPS_OF_AN_UPDATE * schedule->turns,
		"Step %d of %s is for the task %s, which has taken its %d steps already.",
		index + 1, schedule->name, schedule->names[task], followers[task].steps);
}

static void expect_all_ended(
	const struct schedule *schedule, const struct follower *followers)
{
	play_expect(!schedule->endless, "The function %s does not come to an end.",
		schedule->name);
	for (int i = 0; i < schedule->task_count; i++)
		play_expect(followers[i].steps == STEPS_OF_AN_UPDATE * schedule->turns,
			"When %s is over, the task %s has taken %d of its %d steps.",
			schedule->name, schedule->names[i], followers[i].steps,
			STEPS_OF_AN_UPDATE * schedule->turns);
	play_expect(
		schedule->returned, "The function %s did not return.", schedule->name);
}

/* The balance at the end of what must be a schedule. */
static long balance_after(const struct schedule *schedule)
{
	struct follower followers[MOST_TASKS] = {{0, 0}};
	long balance = BALANCE;

	show_heading(schedule);
	for (int i = 0; i < schedule->step_count; i++) {
		expect_step(schedule, i, followers);
		follow(schedule, i, followers, &balance);
	}
	expect_all_ended(schedule, followers);
	play_expect_equal(schedule->replayed, balance,
		"the balance that the tasks leave when they take the steps of %s",
		schedule->name);
	return balance;
}

static void expect_end(const char *function, long balance)
{
	while (play_next_run()) {
		struct schedule schedules[CALLS];
		for (int call = 0; call < CALLS; call++)
			schedules[call] = of_withdraw_and_deposit(function, call);
		replay(function, schedules);
		for (int call = 0; call < CALLS; call++)
			play_expect_equal(balance_after(&schedules[call]), balance,
				"the balance at the end of %s", schedules[call].name);
	}
}

START_TEST(is_100)
{
	expect_end("ends_with_100", BALANCE);
}
END_TEST

START_TEST(is_99)
{
	expect_end("ends_with_99", BALANCE - 1);
}
END_TEST

START_TEST(is_101)
{
	expect_end("ends_with_101", BALANCE + 1);
}
END_TEST

static void expect_loss(const struct schedule *schedule)
{
	long right = BALANCE + 3L * schedule->turns;
	play_expect(balance_after(schedule) < right,
		"With %d turns, %s ends with %ld: no deposit is lost.", schedule->turns,
		schedule->name, right);
}

START_TEST(loses_deposits)
{
	while (play_next_run()) {
		struct schedule schedules[CALLS];
		replay_farthest(schedules);
		for (int call = 0; call < CALLS; call++)
			expect_loss(&schedules[call]);
	}
}
END_TEST

/* As few as can be are left, however many turns there are. */
static void expect_greatest_loss(const struct schedule *schedule)
{
	long balance = balance_after(schedule);
	long lost = BALANCE + 3L * schedule->turns - balance;
	play_expect(balance == BALANCE + 2,
		"With %d turns, %s ends with %ld: of %d deposits %ld are lost, and it "
		"can "
		"be more.",
		schedule->turns, schedule->name, balance, 3 * schedule->turns, lost);
}

START_TEST(loses_as_many_as_can_be)
{
	while (play_next_run()) {
		struct schedule schedules[CALLS];
		replay_farthest(schedules);
		for (int call = 0; call < CALLS; call++)
			expect_greatest_loss(&schedules[call]);
	}
}
END_TEST

static void add(Suite *suite, const char *criterion, const TTest *test)
{
	TCase *tcase = tcase_create(criterion);
	tcase_add_test(tcase, test);
	suite_add_tcase(suite, tcase);
}

Suite *checks_suite(void)
{
	Suite *suite = suite_create("race");
	add(suite, "ends_with_100", is_100);
	add(suite, "ends_with_99", is_99);
	add(suite, "ends_with_101", is_101);
	add(suite, "loses_deposits", loses_deposits);
	add(suite, "loses_as_many_as_can_be", loses_as_many_as_can_be);
	return suite;
}
