/* SPDX-License-Identifier: MIT */
#include "play/play.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "play/random.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct play {
	struct play_options options;
	struct player *player;
	timer_t patience;	      /* with the lab's checks */
	struct play_finding *finding; /* of the criterion that is being judged */
	uint64_t criterion_seed;
	uint64_t inputs; /* state of this run's random numbers */
	size_t heap_used;
	bool has_run;		   /* what play_next_run began has been run */
	struct player_run run;	   /* the last */
	struct explored *explored; /* while a criterion is explored, else NULL */
	long failed_run;	   /* the last that the check's own words failed */
	bool cut_short; /* the explorer ended the execution: there is nothing to judge */
	bool over;	/* the explorer wants no more executions */
	bool trouble;	/* error says what the grader could not do */
	struct error *error;
};

/* Check's test functions take no argument of ours, so the one play in hand stands here.
 */
static struct play *current;

struct play *play_new(const struct play_options *options, struct error *error)
{
	struct player *player = player_new(&options->player, error);

	if (!player)
		return NULL;
	struct play *play = memory_new(1, sizeof(*play));
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = PLAY_PATIENCE_SIGNAL};
	play->options = *options;
	play->player = player;
	if (timer_create(CLOCK_MONOTONIC, &event, &play->patience)) {
		error_system(error, "cannot make a timer");
		player_free(player);
		free(play);
		return NULL;
	}
	return play;
}

void play_free(struct play *play)
{
	if (!play)
		return;
	timer_delete(play->patience);
	player_free(play->player);
	free(play);
}

void play_finding_release(struct play_finding *finding)
{
	free(finding->reason);
	free(finding->expected);
	free(finding->actual);
	free(finding->shown);
	free(finding->output);
	free(finding->xml);
	exploration_release(&finding->exploration);
	*finding = (struct play_finding){0};
}

/* Ends the test: the submission failed the criterion. */
static void end_failed(void)
{
	struct play *play = current;

	play->finding->failed = true;
	if (play->explored && !play->over)
		explored_judge(play->explored, true, play->finding->reason);
	ck_abort_msg("%s", play->finding->reason);
}

/* Ends the test: the grader or the lab's checks could not do their work. */
static void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void give_up(const char *format, ...)
{
	char message[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (!current->trouble)
		error_set(current->error, "%s", message);
	current->trouble = true;
	ck_abort_msg("%s", message);
}

/* Check catches signals that ask us to stop while it runs tests, and passes them on to our
 * whole process group, whoever started it. So they wait until Check has begun, and are
 * then caught as before. */
static void hold_signals(int how)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(how, &signals, NULL);
}

static void take_signals_back(void)
{
	interrupt_catch();
	hold_signals(SIG_UNBLOCK);
}

/* The lab's checks have the word. They run outside of any box and look at what hostile
 * programs left, so they may spin or wait for ever: then the timer's signal ends the referee,
 * which is an error of ours. Not SIGALRM: Check has uses of its own for that. */
static void give_word(struct play *play)
{
	const struct itimerspec patience = {
		.it_value.tv_sec = play->options.player.limits->check_seconds};

	timer_settime(play->patience, 0, &patience, NULL);
}

static void take_word(struct play *play)
{
	timer_settime(play->patience, 0, &(const struct itimerspec){0}, NULL);
}

/* A pass of the loop in which nothing was run would be no evidence, however it ended. */
static void expect_was_run(const struct play *play)
{
	if (play->finding->runs > 0 && !play->has_run)
		give_up("the lab's checks begin run %ld and run nothing in it",
			play->finding->runs);
}

/* Shortening a witness can take longer than finding it: who waits is told before. */
static bool next_execution(struct play *play)
{
	bool more = explored_next(play->explored);

	if (play->options.found && explored_found(play->explored)) {
		play->options.found(play->options.told);
		play->options.found = NULL;
	}
	return more;
}

bool play_next_run(void)
{
	struct play *play = current;
	char number[32];

	take_word(play);
	expect_was_run(play);
	take_signals_back();
	if (interrupt_seen())
		give_up("stopped");
	if (player_is_spent(play->player)) {
		play->finding->refused = true;
		give_up("it has used up the %ld s of processor time that a submission "
			"has in all",
			play->options.player.limits->budget_seconds);
	}
	if (play->explored)
		play->over = !next_execution(play);
	else
		play->over = play->finding->runs >= play->options.runs;
	if (play->over) {
		give_word(play);
		return false;
	}
	play->has_run = false;
	text_replace(&play->finding->shown, "%s", "");
	/* All executions of an exploration have the same inputs. */
	snprintf(number, sizeof(number), "%ld", play->explored ? 0 : play->finding->runs);
	play->finding->runs++;
	play->inputs = random_seed_for(play->criterion_seed, number);
	play->heap_used = 0;
	player_reset(play->player);
	give_word(play);
	return true;
}

void *play_shared(size_t bytes)
{
	struct arena *arena = player_arena(current->player);
	size_t room = ARENA_BYTES - ARENA_NOTES_BYTES - offsetof(struct arena, heap) -
		      current->heap_used;
	size_t rounded = (bytes + 63) / 64 * 64;

	if (rounded < bytes || rounded > room)
		give_up("the lab's checks ask for %zu bytes of shared memory; %zu are "
			"left",
			bytes, room);
	void *memory = arena->heap + current->heap_used;
	current->heap_used += rounded;
	return memory;
}

void *play_kept(size_t bytes)
{
	if (bytes > ARENA_KEPT_BYTES)
		give_up("the lab's checks ask to keep %zu bytes; there are %d", bytes,
			ARENA_KEPT_BYTES);
	return player_arena(current->player)->kept;
}

void *play_notes(size_t bytes)
{
	if (bytes > ARENA_NOTES_BYTES)
		give_up("the lab's checks ask for %zu bytes of notes; there are %d",
			bytes, ARENA_NOTES_BYTES);
	return (char *)player_arena(current->player) + (ARENA_NOTES - ARENA_ADDRESS);
}

long play_random(long low, long high)
{
	if (low > high)
		give_up("the lab's checks draw a number from %ld to %ld", low, high);
	return random_between(&current->inputs, low, high);
}

long play_choose(long full, long small)
{
	return current->options.stage == STAGE_STRESS ? full : small;
}

int play_start(const char *entry, void *argument)
{
	struct arena *arena = player_arena(current->player);
	uint32_t index = arena->process_count;

	if (index >= PLAY_MAX_PROCESSES)
		give_up("the lab's checks start more than %d processes in a run",
			PLAY_MAX_PROCESSES);
	struct arena_process *process = &arena->processes[index];
	snprintf(process->entry, sizeof(process->entry), "%s", entry);
	process->argument = argument;
	arena->process_count = index + 1;
	return (int)index;
}

static enum play_end run_plan(struct play *play)
{
	if (player_arena(play->player)->process_count == 0)
		give_up("the lab's checks run no process");
	play->has_run = true;
	take_word(play);
	int status = play->explored
			     ? explored_run(play->explored, &play->run, play->error)
			     : player_run(play->player, &play->run, play->error);
	give_word(play);
	if (status < 0) {
		play->trouble = true;
		/* Nothing else runs where the explorer's part of it does. */
		if (play->explored && !interrupt_seen()) {
			play->finding->refused = true;
			error_context(play->error,
				"it ended, stopped or overwrote what watches it");
		}
		give_up("%s", play->error->message);
	}
	if (status > 0) {
		play->cut_short = true;
		ck_abort_msg("the execution was cut short");
	}
	if (play->run.no_entry)
		give_up("the lab's checks start an entry that its player.c does not "
			"list");
	return play->run.end;
}

enum play_end play_try_run(void)
{
	enum play_end end = run_plan(current);

	if (current->explored)
		explored_tolerate(current->explored);
	return end;
}

void play_run(void)
{
	if (run_plan(current) == PLAY_RETURNED ||
		current->options.player.without & GUARD_ENDINGS)
		return;
	current->finding->reason = player_explain(current->player, &current->run);
	end_failed();
}

int play_left_alive(void)
{
	return current->run.left_alive;
}

int play_left_zombies(void)
{
	return current->run.left_zombies;
}

bool play_time_jumped(void)
{
	return current->explored && explored_time_jumped(current->explored);
}

int play_returned(int process)
{
	const struct arena *arena = player_arena(current->player);

	return process >= 0 && process < PLAY_MAX_PROCESSES
		       ? arena->processes[process].value
		       : 0;
}

void play_expect_equal(long actual, long expected, const char *what, ...)
{
	struct play_finding *finding = current->finding;
	char name[256];
	va_list arguments;

	if (actual == expected)
		return;
	va_start(arguments, what);
	vsnprintf(name, sizeof(name), what, arguments);
	va_end(arguments);
	finding->reason =
		text_format("%s is %ld; it should be %ld", name, actual, expected);
	finding->expected = text_format("%ld", expected);
	finding->actual = text_format("%ld", actual);
	current->failed_run = finding->runs;
	end_failed();
}

void play_expect(bool condition, const char *reason, ...)
{
	char text[512];
	va_list arguments;

	if (condition)
		return;
	va_start(arguments, reason);
	vsnprintf(text, sizeof(text), reason, arguments);
	va_end(arguments);
	current->finding->reason = text_copy(text);
	current->failed_run = current->finding->runs;
	end_failed();
}

void play_expect_at_once(long wanted, const char *items)
{
	struct play *play = current;

	if (!play->explored)
		return;
	if (!play->over)
		give_up("the lab's checks ask what was in progress at once before "
			"play_next_run has said that no more runs are wanted");
	long seen = explored_at_once(play->explored);
	play_expect(seen >= wanted,
		"In %ld executions there %s never more than %ld %s in progress at once; "
		"%ld "
		"can be",
		play->finding->runs, seen == 1 ? "was" : "were", seen, items, wanted);
}

bool play_kept_busy(void)
{
	return current->explored && explored_kept_busy(current->explored);
}

void play_show(const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	text_replace(&current->finding->shown, "%s%s",
		current->finding->shown ? current->finding->shown : "", text);
}

/* A plain ck_assert of the lab failed: its message is the reason. */
static void take_check_message(struct play *play, SRunner *runner)
{
	TestResult **failures = srunner_failures(runner);

	play->finding->failed = true;
	if (!play->finding->reason)
		play->finding->reason = text_copy(tr_msg(failures[0]));
	free((void *)failures);
}

static int run_tests(struct play *play, const char *criterion, struct error *error)
{
	give_word(play);
	SRunner *runner = srunner_create(play->options.suite());

	if (play->options.hidden)
		srunner_add_suite(runner, play->options.hidden());
	srunner_set_fork_status(runner, CK_NOFORK);
	hold_signals(SIG_BLOCK);
	srunner_run(runner, NULL, criterion, CK_SILENT);
	take_word(play);
	hold_signals(SIG_UNBLOCK);
	int tests = srunner_ntests_run(runner);
	if (!play->trouble && !play->cut_short && srunner_ntests_failed(runner) > 0)
		take_check_message(play, runner);
	srunner_free(runner);
	if (play->trouble)
		return -1;
	if (tests == 0 || play->finding->runs == 0 || !play->has_run)
		return error_set(error,
			"the lab's checks have no test that runs anything for '%s'",
			criterion);
	/* A second test would find all runs used up, and pass. */
	if (tests > 1)
		return error_set(error,
			"the lab's checks have %d tests for '%s'; write one", tests,
			criterion);
	return 0;
}

/* Keeps only what the last failing execution said; words that were there are freed. */
static void keep_words(struct play_finding *words, struct play_finding *said)
{
	free(words->reason);
	free(words->expected);
	free(words->actual);
	free(words->shown);
	words->reason = said->reason;
	words->expected = said->expected;
	words->actual = said->actual;
	words->shown = said->shown;
	said->reason = said->expected = said->actual = said->shown = NULL;
}

/* A failing expectation leaves the test's loop, so the test is entered again until the
 * explorer has seen enough, has made the witness smaller and has replayed it. *last is what
 * the last failing execution said. */
static int run_executions(struct play *play, const char *criterion,
	struct play_finding *last, struct error *error)
{
	struct play_finding *finding = play->finding;
	int status = 0;

	do {
		if (finding->reason)
			keep_words(last, finding);
		finding->failed = false;
		play->over = false;
		play->cut_short = false;
		status = run_tests(play, criterion, error);
	} while (status == 0 && !play->over && (finding->failed || play->cut_short));
	return status;
}

static int conclude_exploration(
	struct play *play, struct play_finding *last, struct error *error)
{
	struct play_finding *finding = play->finding;
	int status = explored_conclude(play->explored, &finding->exploration, error);

	finding->refused = status != 0;
	/* What fails once the search is over is about all executions: it has no witness. */
	bool about_all = play->over && finding->failed && !finding->exploration.found;
	/* The last failing execution was a replay of the witness. */
	if (!about_all)
		keep_words(finding, last);
	finding->failed = finding->exploration.found || about_all;
	/* The last run was a replay of the witness: the check's words on it are about that. */
	bool in_words = play->failed_run == finding->runs;
	if (finding->exploration.found && !finding->exploration.by_check && !in_words) {
		struct play_finding other = {
			.reason = text_copy(finding->exploration.reason)};
		keep_words(finding, &other);
	}
	finding->runs = finding->exploration.executions;
	return status;
}

static int explore_tests(struct play *play, const char *criterion, struct error *error)
{
	struct explored_options options = {.detect = play->options.detect,
		.executions = (uint32_t)play->options.runs,
		.steps = play->options.steps,
		.seed = play->criterion_seed,
		.witness = play->options.witness};
	struct play_finding last = {0};

	play->explored = explored_new(play->player, &options, error);
	if (!play->explored)
		return -1;
	int status = run_executions(play, criterion, &last, error);
	if (status == 0)
		status = conclude_exploration(play, &last, error);
	play_finding_release(&last);
	explored_free(play->explored);
	play->explored = NULL;
	return status;
}

int play_criterion(struct play *play, const char *criterion, struct play_finding *finding,
	struct error *error)
{
	*finding = (struct play_finding){0};
	play->finding = finding;
	play->error = error;
	play->trouble = false;
	play->has_run = false;
	play->failed_run = 0;
	play->criterion_seed = random_seed_for(play->options.seed, criterion);
	current = play;
	int status = play->options.stage == STAGE_EXPLORE
			     ? explore_tests(play, criterion, error)
			     : run_tests(play, criterion, error);
	current = NULL;
	finding->output = player_output(play->player, &finding->output_size);
	if (status == 0 && play->options.player.helgrind)
		finding->xml = player_xml(play->player, &finding->xml_size);
	return status;
}
