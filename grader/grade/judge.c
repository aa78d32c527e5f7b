/* SPDX-License-Identifier: MIT */
#include "grade/judge.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/text.h"
#include "build/build.h"
#include "detect/helgrind.h"
#include "grade/standard.h"
#include "play/play.h"

#include <dlfcn.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { OUTPUT_KEPT = 16384 };

/* How each stage plays: with which program, and how often. */
static const struct staging {
	enum build_variant variant;
	enum arena_mode mode;
} stagings[STAGE_COUNT] = {
	[STAGE_STRESS] = {BUILD_FORK, ARENA_FORK},
	[STAGE_EXPLORE] = {BUILD_EXPLORE, ARENA_ONCE},
	[STAGE_HELGRIND] = {BUILD_THREADS, ARENA_THREADS},
};

static long runs_in(const struct lab *lab, enum stage stage)
{
	return stage == STAGE_EXPLORE	 ? lab->explore.executions
	       : stage == STAGE_HELGRIND ? lab->helgrind.runs
					 : lab->stress.runs;
}

/* What is needed was seen to fail, so that the criterion will not count. */
static bool is_a_consequence(const struct judge *judge, size_t criterion)
{
	const struct lab_criterion *rule = &judge->lab->criteria[criterion];

	for (unsigned i = 0; i < rule->needs_count; i++) {
		size_t needed = (size_t)lab_find_criterion(judge->lab, rule->needs[i]);
		if (judge->failing[needed] || is_a_consequence(judge, needed))
			return true;
	}
	return false;
}

/* Nobody at a terminal waits for the whole report to learn that something is wrong. */
static void tell_failure(void *context)
{
	const struct judge *judge = context;
	const struct lab_criterion *rule = &judge->lab->criteria[judge->criterion];
	bool told = atomic_exchange(&judge->failing[judge->criterion], true);

	if (judge->workshop->options->progress && !told && !rule->hidden &&
		!is_a_consequence(judge, judge->criterion))
		fprintf(stderr, "\r\033[KNot passed: %s\n", rule->title);
}

/* The same seed draws the same inputs again, for each criterion its own. */
static struct play_options options_for(
	const struct judge *judge, enum stage stage, const char *place)
{
	const struct grade_options *options = judge->workshop->options;

	return (struct play_options){
		.stage = stage,
		.player =
			{
				.folder = place,
				.program = BUILD_PROGRAM,
				.mode = stagings[stage].mode,
				.helgrind = stage == STAGE_HELGRIND,
				.limits = &judge->lab->limits,
				.tier = options->tier,
				.trusted = options->trusted,
				.others = judge->others,
				.without = options->without,
			},
		.suite = judge->suite,
		.hidden = judge->hidden,
		.runs = runs_in(judge->lab, stage),
		.steps = (uint32_t)judge->lab->explore.steps,
		.seed = strtoull(judge->result->seed, NULL, 16),
	};
}

static struct evidence *note(
	struct judge *judge, size_t criterion, enum stage stage, enum verdict verdict)
{
	return result_add_evidence(judge->result, criterion, stage, verdict);
}

static void note_reproduction(
	const struct judge *judge, struct evidence *evidence, size_t criterion)
{
	const struct grade_options *options = judge->workshop->options;

	if (options->reproduce)
		evidence->reproduce = text_format("%s --only %s --inputs %s",
			options->reproduce, judge->lab->criteria[criterion].name,
			judge->result->seed);
}

/* Names of the program's, as work_done or results[3], stay as they are. */
static char *sentence(const char *text)
{
	size_t length = strlen(text);
	size_t word = strspn(text, "abcdefghijklmnopqrstuvwxyz");
	bool ends = length > 0 && text[length - 1] == '.';
	bool is_word = word > 0 && (!text[word] || strchr(" ,:;'", text[word]));
	char *copy = text_format("%s%s", text, ends ? "" : ".");

	if (is_word)
		copy[0] = (char)(copy[0] - 'a' + 'A');
	return copy;
}

/* The witness with all that interlock replay needs besides. */
static char *whole_witness(
	const struct judge *judge, const char *criterion, const char *witness)
{
	json_t *json = json_loads(witness, 0, NULL);
	json_t *origin = json_pack("{s:s, s:s, s:s, s:s, s:s}", "lab", judge->lab->folder,
		"submission", judge->result->path, "criterion", criterion, "compiler",
		judge->workshop->options->compiler, "seed", judge->result->seed);
	json_object_update(json, origin);
	char *text = json_dumps(json, JSON_COMPACT);
	json_decref(origin);
	json_decref(json);
	return text;
}

/* The file that the report will have, run again step by step. */
static void note_replay(const struct judge *judge, struct evidence *evidence)
{
	const char *reports = judge->workshop->options->reports;
	if (!reports)
		return;
	char *path = text_format(
		"%s/%s/%s", reports, judge->result->submission, evidence->witness);
	char *word = text_shell(path);
	text_replace(&evidence->reproduce, "interlock replay %s", word);
	free(word);
	free(path);
}

static void note_exploration(const struct judge *judge, struct evidence *evidence,
	const char *criterion, const struct exploration *exploration)
{
	evidence->coverage = text_copy(exploration->coverage);
	if (!exploration->found)
		return;
	evidence->place.file = text_copy(exploration->file);
	evidence->place.function = text_copy(exploration->function);
	evidence->place.line = exploration->line;
	evidence->detail = text_valid(exploration->ladder, strlen(exploration->ladder));
	evidence->ladder = text_copy(exploration->rungs);
	if (!exploration->witness)
		return;
	evidence->witness = text_format("witness-%s.json", criterion);
	evidence->schedule = whole_witness(judge, criterion, exploration->witness);
	note_replay(judge, evidence);
}

/* What the lab's check saw, as evidence. */
static void note_finding(struct judge *judge, size_t criterion, enum stage stage,
	const struct play_finding *finding)
{
	struct evidence *evidence = note(
		judge, criterion, stage, finding->failed ? VERDICT_FAIL : VERDICT_PASS);

	if (finding->failed) {
		char *reason = sentence(finding->reason);
		evidence_set_reason(evidence, "%s", reason);
		free(reason);
		note_reproduction(judge, evidence, criterion);
	} else {
		evidence_set_reason(evidence, "It held in %ld run%s.", finding->runs,
			finding->runs == 1 ? "" : "s");
	}
	if (stage == STAGE_EXPLORE)
		note_exploration(judge, evidence, judge->lab->criteria[criterion].name,
			&finding->exploration);
	/* What explore covered is said in words. */
	if (stage != STAGE_EXPLORE) {
		evidence->runs = finding->runs;
		evidence->failures = finding->failed;
	}
	if (finding->failed && finding->shown && *finding->shown) {
		free(evidence->detail);
		free(evidence->ladder);
		evidence->ladder = NULL;
		evidence->detail = text_valid(finding->shown, strlen(finding->shown));
	}
	evidence->expected = text_copy(finding->expected);
	evidence->actual = text_copy(finding->actual);
	if (finding->output_size > 0) {
		char *valid = text_valid(finding->output, finding->output_size);
		evidence->output = text_cut(valid, OUTPUT_KEPT);
		free(valid);
	}
}

/* What was seen of a criterion in one stage. */
struct sight {
	struct play_finding finding;
	struct helgrind_report helgrind; /* in HELGRIND */
};

static void sight_release(struct sight *sight)
{
	play_finding_release(&sight->finding);
	helgrind_release(&sight->helgrind);
}

/* The first race on memory that the lab's tasks share: all of it if they are threads. */
static const struct helgrind_error *find_race(
	const struct helgrind_report *report, const struct lab *lab)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct helgrind_error *error = &report->errors[i];
		if (error->address &&
			(lab->helgrind.threads || arena_is_shared(error->address)))
			return error;
	}
	return NULL;
}

/* Processes run as threads here, which share what processes have for themselves and end
 * together. So all but a race on shared memory is said and decides nothing: what the lab's
 * checks saw, how runs ended, and a report that was cut off. */
static char *describe_rest(const struct sight *sight)
{
	const char *said = sight->finding.failed       ? sight->finding.reason
			   : sight->helgrind.count > 0 ? sight->helgrind.errors[0].what
			   : !sight->helgrind.complete ? "its report ends before the end"
						       : NULL;

	if (!said)
		return text_format("Helgrind saw no race in %ld run%s.",
			sight->finding.runs, sight->finding.runs == 1 ? "" : "s");
	return text_format(
		"Helgrind saw no race on memory that the tasks share. A note, since "
		"it runs them as threads of one process: %s",
		said);
}

static void note_helgrind(
	struct judge *judge, size_t criterion, const struct sight *sight)
{
	const struct helgrind_error *race = find_race(&sight->helgrind, judge->lab);
	struct evidence *evidence = note(
		judge, criterion, STAGE_HELGRIND, race ? VERDICT_FAIL : VERDICT_PASS);

	evidence->runs = sight->finding.runs;
	if (!race) {
		char *rest = describe_rest(sight);
		char *valid = text_valid(rest, strlen(rest));
		evidence_set_reason(evidence, "%s", valid);
		free(valid);
		free(rest);
		return;
	}
	evidence_set_reason(evidence, "Helgrind: %s.", race->what);
	evidence->place.file = text_valid(race->file, strlen(race->file));
	evidence->place.line = race->line;
	evidence->place.function = text_copy(race->function);
	evidence->detail = text_valid(race->stacks, strlen(race->stacks));
	evidence->failures = 1;
	note_reproduction(judge, evidence, criterion);
}

/* Looks at the player in the folder, in one stage of one criterion, with a player of its own:
 * the arena has one address, and what a hung or hostile run left behind ends here. */
static int look(struct judge *judge, const char *folder, size_t criterion,
	enum stage stage, struct sight *sight, struct error *error)
{
	const struct lab_criterion *rule = &judge->lab->criteria[criterion];
	char *place = build_place(folder, stagings[stage].variant);
	struct play_options options = options_for(judge, stage, place);
	struct play *play = NULL;
	int status = -1;

	*sight = (struct sight){0};
	/* Not for what is found in the lab's own solution, or what that uses. */
	if (folder == judge->folder) {
		options.found = tell_failure;
		options.told = judge;
		options.player.spending = judge->spending;
	}
	if (explored_detect(rule->detect, rule->detect_count, &options.detect, error) ==
		0)
		play = play_new(&options, error);
	if (play)
		status = play_criterion(play, rule->name, &sight->finding, error);
	if (status == 0 && stage == STAGE_HELGRIND)
		status = helgrind_read(&sight->helgrind, sight->finding.xml,
			sight->finding.xml_size, judge->lab, error);
	play_free(play);
	free(place);
	return status;
}

/* As look(), at the lab's own solution. */
static int look_at_solution(
	struct judge *judge, size_t criterion, enum stage stage, struct error *error)
{
	char *folder = standard_build(judge->workshop, stagings[stage].variant, error);
	struct sight sight = {0};
	int status = folder ? look(judge, folder, criterion, stage, &sight, error) : -1;

	sight_release(&sight);
	standard_remove(folder);
	return status;
}

/* The criterion cannot be judged. What causes that is asked of the lab's own solution; without
 * one, of who had a hand in it. */
static void note_unjudgeable(struct judge *judge, size_t criterion, enum stage stage,
	bool refused, const char *why)
{
	struct error ignored;
	bool theirs = refused;

	if (judge->workshop->options->without & GUARD_STANDARD)
		theirs = false;
	else if (standard_is_there(judge->lab))
		theirs = look_at_solution(judge, criterion, stage, &ignored) == 0;
	enum verdict verdict = !theirs || interrupt_seen() ? VERDICT_ERROR
			       : stage == STAGE_HELGRIND   ? VERDICT_PASS
							   : VERDICT_FAIL;
	struct evidence *evidence = note(judge, criterion, stage, verdict);
	char *valid = text_valid(why, strlen(why));

	if (verdict == VERDICT_PASS) {
		evidence_set_reason(evidence,
			"Helgrind cannot follow this program, which decides nothing: "
			"%s.",
			valid);
	} else if (verdict == VERDICT_FAIL) {
		evidence_set_reason(
			evidence, "This program cannot be judged: %s.", valid);
		note_reproduction(judge, evidence, criterion);
	} else {
		evidence_set_reason(
			evidence, "Interlock could not judge this: %s.", valid);
	}
	free(valid);
}

static void judge_stage(struct judge *judge, size_t criterion, enum stage stage)
{
	enum { ATTEMPTS = 2 };
	struct sight sight = {0};
	struct error error = {""};
	int status = -1;

	for (int i = 0; status && i < ATTEMPTS && !interrupt_seen(); i++) {
		sight_release(&sight);
		status = look(judge, judge->folder, criterion, stage, &sight, &error);
	}
	if (status) {
		note_unjudgeable(
			judge, criterion, stage, sight.finding.refused, error.message);
	} else if (stage == STAGE_HELGRIND) {
		note_helgrind(judge, criterion, &sight);
	} else {
		note_finding(judge, criterion, stage, &sight.finding);
	}
	sight_release(&sight);
}

static void show_progress(const struct judge *judge, size_t criterion, enum stage stage)
{
	if (judge->workshop->options->progress)
		fprintf(stderr, "\r\033[K%s: %s (%zu of %zu), %s",
			judge->result->submission, judge->lab->criteria[criterion].name,
			criterion + 1, (size_t)judge->lab->criteria_count,
			stage_name(stage));
}

static bool is_played(enum stage stage)
{
	return stage == STAGE_STRESS || stage == STAGE_EXPLORE || stage == STAGE_HELGRIND;
}

bool judge_is_needed(const struct lab_criterion *criterion)
{
	for (unsigned i = 0; i < criterion->stages_count; i++)
		if (is_played(criterion->stages[i]))
			return true;
	return false;
}

bool judge_holds(const struct result *result, size_t criterion)
{
	const struct criterion_result *seen = &result->criteria[criterion];

	for (size_t i = 0; i < seen->evidence_count; i++)
		if (seen->evidence[i].verdict != VERDICT_PASS)
			return false;
	return true;
}

/* The one processor, of those there are, that belongs to a seat. */
void judge_sit(struct judge *judge, size_t seat)
{
	const cpu_set_t *all = &judge->processors;
	size_t skip = CPU_COUNT(all) > 0 ? seat % (size_t)CPU_COUNT(all) : 0;

	CPU_ZERO(&judge->to_explore);
	for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&judge->to_explore) == 0; i++)
		if (CPU_ISSET(i, all) && skip-- == 0)
			CPU_SET(i, &judge->to_explore);
}

/* Explorer and player take turns, which is quickest within one processor. */
static void choose_processors(const struct judge *judge, enum stage stage)
{
	const cpu_set_t *set =
		stage == STAGE_EXPLORE ? &judge->to_explore : &judge->processors;

	/* Only time is lost if it is refused. */
	if (CPU_COUNT(&judge->to_explore) > 0)
		sched_setaffinity(0, sizeof(*set), set);
}

static bool was_failed(const struct result *result, size_t index)
{
	const struct criterion_result *criterion = &result->criteria[index];

	for (size_t i = 0; i < criterion->evidence_count; i++)
		if (criterion->evidence[i].verdict == VERDICT_FAIL)
			return true;
	return false;
}

/* Helgrind is slow, so it is not asked about what has failed already. A stage that could not
 * judge leaves the others their say: one that fails decides. */
void judge_criterion(struct judge *judge, size_t index)
{
	const struct lab_criterion *criterion = &judge->lab->criteria[index];
	long started = clock_ms();

	judge->criterion = index;
	for (unsigned i = 0; i < criterion->stages_count; i++) {
		if (!is_played(criterion->stages[i]) || was_failed(judge->result, index))
			continue;
		show_progress(judge, index, criterion->stages[i]);
		choose_processors(judge, criterion->stages[i]);
		judge_stage(judge, index, criterion->stages[i]);
		if (was_failed(judge->result, index))
			tell_failure(judge);
	}
	judge->result->criteria[index].duration_ms = clock_ms() - started;
}

int judge_solution(struct judge *judge, size_t index)
{
	const struct lab_criterion *criterion = &judge->lab->criteria[index];
	struct error error;
	int status = 0;

	for (unsigned i = 0; status == 0 && i < criterion->stages_count; i++)
		if (is_played(criterion->stages[i]))
			status = look_at_solution(
				judge, index, criterion->stages[i], &error);
	return status;
}

/* Zeroed memory that all judges have, who are processes of their own. */
static void *share(size_t bytes, struct error *error)
{
	void *memory = mmap(
		NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory != MAP_FAILED)
		return memory;
	error_system(error, "cannot share memory with other judges");
	return NULL;
}

int judge_load(struct judge *judge, struct error *error)
{
	char *path = path_join(judge->workshop->folder, "checks.so");
	void *library = dlopen(path, RTLD_NOW);

	if (library) {
		*(void **)&judge->hidden = dlsym(library, "hidden_suite");
		*(void **)&judge->suite = dlsym(library, "checks_suite");
	}
	free(path);
	if (!library || !judge->suite)
		return error_set(
			error, "the lab's checks cannot be loaded: %s", dlerror());
	judge->failing =
		share(judge->lab->criteria_count * sizeof(*judge->failing), error);
	judge->spending = share(sizeof(*judge->spending), error);
	if (!judge->failing || !judge->spending)
		return -1;
	atomic_store(&judge->spending->ms, judge->spent_ms);
	judge->spending->most_ms = judge->lab->limits.budget_seconds * 1000;
	return 0;
}

static int replay_with(struct judge *judge, const struct witness_file *file,
	size_t criterion, char **shown, struct error *error)
{
	const struct lab_criterion *rule = &judge->lab->criteria[criterion];
	char *place = build_place(judge->folder, BUILD_EXPLORE);
	struct play_options options = options_for(judge, STAGE_EXPLORE, place);
	struct play_finding finding = {0};
	struct play *play = NULL;
	int status = -1;

	options.seed = file->seed;
	options.witness = &file->witness;
	if (explored_detect(rule->detect, rule->detect_count, &options.detect, error) ==
		0)
		play = play_new(&options, error);
	if (play)
		status = play_criterion(play, rule->name, &finding, error);
	if (status == 0 && finding.exploration.found)
		*shown = text_format(
			"%s\n\n%s", finding.reason, finding.exploration.ladder);
	play_finding_release(&finding);
	play_free(play);
	free(place);
	return status;
}

int judge_replay(const struct workshop *workshop, const char *folder,
	const struct witness_file *file, char **shown, struct error *error)
{
	struct judge judge = {
		.workshop = workshop, .lab = workshop->lab, .folder = folder};

	*shown = NULL;
	for (size_t i = 0; i < workshop->lab->criteria_count; i++) {
		if (strcmp(workshop->lab->criteria[i].name, file->criterion) != 0)
			continue;
		judge.result = result_new(workshop->lab, "replay");
		int status = judge_load(&judge, error);
		if (status == 0)
			status = replay_with(&judge, file, i, shown, error);
		result_free(judge.result);
		return status;
	}
	return error_set(error, "lab %s has no criterion %s", workshop->lab->name,
		file->criterion);
}
