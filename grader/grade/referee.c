/* SPDX-License-Identifier: MIT */
#include "grade/referee.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/text.h"
#include "build/build.h"
#include "detect/helgrind.h"
#include "play/play.h"
#include "play/random.h"

#include <dlfcn.h>
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_KEPT = 16384 };

struct referee {
	const struct workshop *workshop;
	const struct lab *lab;
	const char *folder;
	struct result *result;
	Suite *(*suite)(void);
	bool *holds; /* for each criterion so far: nothing speaks against it */
};

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

/* What is explored depends on the submission alone: the same files, the same verdict. */
static uint64_t seed_of_files(const struct result *result)
{
	uint64_t seed = 0;

	for (size_t i = 0; i < result->file_count; i++)
		seed = random_seed_for(seed, result->files[i].sha256);
	return seed;
}

/* The seed's inputs come again with the same seed, for each stage its own. */
static struct play_options options_for(const struct referee *referee, enum stage stage)
{
	const struct grade_options *options = referee->workshop->options;

	return (struct play_options){
		.stage = stage,
		.player =
			{
				.folder = referee->folder,
				.program = build_program(stagings[stage].variant),
				.mode = stagings[stage].mode,
				.helgrind = stage == STAGE_HELGRIND,
				.limits = &referee->lab->limits,
				.tier = options->tier,
				.trusted = options->trusted,
			},
		.suite = referee->suite,
		.runs = runs_in(referee->lab, stage),
		.steps = (uint32_t)referee->lab->explore.steps,
		.seed = stage == STAGE_EXPLORE ? seed_of_files(referee->result)
					       : options->seed,
	};
}

static struct evidence *note(
	struct referee *referee, size_t criterion, enum stage stage, enum verdict verdict)
{
	if (verdict != VERDICT_PASS)
		referee->holds[criterion] = false;
	return result_add_evidence(referee->result, criterion, stage, verdict);
}

static void note_reproduction(
	const struct referee *referee, struct evidence *evidence, size_t criterion)
{
	const struct grade_options *options = referee->workshop->options;

	if (options->reproduce)
		evidence->reproduce = text_format("%s --only %s --seed %016llx",
			options->reproduce, referee->lab->criteria[criterion].name,
			(unsigned long long)options->seed);
}

static char *sentence(const char *text)
{
	size_t length = strlen(text);
	bool ends = length > 0 && text[length - 1] == '.';
	char *copy = text_format("%s%s", text, ends ? "" : ".");

	if (copy[0] >= 'a' && copy[0] <= 'z')
		copy[0] = (char)(copy[0] - 'a' + 'A');
	return copy;
}

/* The witness with all that interlock replay needs besides. */
static char *whole_witness(
	const struct referee *referee, const char *criterion, const char *witness)
{
	char seed[17];
	json_t *json = json_loads(witness, 0, NULL);
	snprintf(seed, sizeof(seed), "%016llx",
		(unsigned long long)seed_of_files(referee->result));
	json_t *origin =
		json_pack("{s:s, s:s, s:s, s:s, s:s}", "lab", referee->lab->folder,
			"submission", referee->result->path, "criterion", criterion,
			"compiler", referee->workshop->options->compiler, "seed", seed);
	json_object_update(json, origin);
	char *text = json_dumps(json, JSON_INDENT(1));
	json_decref(origin);
	json_decref(json);
	return text;
}

/* The file that the report will have, run again step by step. */
static void note_replay(const struct referee *referee, struct evidence *evidence)
{
	const char *reports = referee->workshop->options->reports;
	if (!reports)
		return;
	char *path = text_format(
		"%s/%s/%s", reports, referee->result->submission, evidence->witness);
	char *word = text_shell(path);
	text_replace(&evidence->reproduce, "interlock replay %s", word);
	free(word);
	free(path);
}

static void note_exploration(const struct referee *referee, struct evidence *evidence,
	const char *criterion, const struct exploration *exploration)
{
	evidence->coverage = text_copy(exploration->coverage);
	if (!exploration->found)
		return;
	evidence->place.file = text_copy(exploration->file);
	evidence->place.function = text_copy(exploration->function);
	evidence->place.line = exploration->line;
	evidence->detail = text_valid(exploration->ladder, strlen(exploration->ladder));
	if (!exploration->witness)
		return;
	evidence->witness = text_format("witness-%s.json", criterion);
	evidence->schedule = whole_witness(referee, criterion, exploration->witness);
	note_replay(referee, evidence);
}

/* What the lab's check saw, as evidence. */
static void note_finding(struct referee *referee, size_t criterion, enum stage stage,
	const struct play_finding *finding)
{
	struct evidence *evidence = note(
		referee, criterion, stage, finding->failed ? VERDICT_FAIL : VERDICT_PASS);

	if (finding->failed) {
		char *reason = sentence(finding->reason);
		evidence_set_reason(evidence, "%s", reason);
		free(reason);
		note_reproduction(referee, evidence, criterion);
	} else {
		evidence_set_reason(evidence, "It held in %ld run%s.", finding->runs,
			finding->runs == 1 ? "" : "s");
	}
	if (stage == STAGE_EXPLORE)
		note_exploration(referee, evidence,
			referee->lab->criteria[criterion].name, &finding->exploration);
	/* What explore covered is said in words. */
	if (stage != STAGE_EXPLORE) {
		evidence->runs = finding->runs;
		evidence->failures = finding->failed;
	}
	if (finding->failed && finding->shown && *finding->shown) {
		free(evidence->detail);
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

/* What helgrind itself says of the runs. */
static int note_helgrind(struct referee *referee, size_t criterion,
	const struct play_finding *finding, struct error *error)
{
	struct helgrind_report report;

	if (helgrind_read(&report, finding->xml, finding->xml_size, referee->lab, error))
		return -1;
	if (report.count > 0) {
		const struct helgrind_error *first = &report.errors[0];
		struct evidence *evidence =
			note(referee, criterion, STAGE_HELGRIND, VERDICT_FAIL);
		evidence_set_reason(evidence, "Helgrind: %s.", first->what);
		evidence->place.file = text_valid(first->file, strlen(first->file));
		evidence->place.line = first->line;
		evidence->place.function = text_copy(first->function);
		evidence->detail = text_valid(first->stacks, strlen(first->stacks));
		evidence->runs = finding->runs;
		evidence->failures = 1;
		note_reproduction(referee, evidence, criterion);
	} else if (!finding->failed && !report.complete) {
		struct evidence *evidence =
			note(referee, criterion, STAGE_HELGRIND, VERDICT_INCONCLUSIVE);
		evidence_set_reason(evidence, "Helgrind's report is not complete.");
	}
	helgrind_release(&report);
	return 0;
}

static int judge_stage(struct referee *referee, size_t criterion, enum stage stage,
	struct play *play, struct error *error)
{
	struct play_finding finding;
	int status = play_criterion(
		play, referee->lab->criteria[criterion].name, &finding, error);

	if (status == 0)
		note_finding(referee, criterion, stage, &finding);
	if (status == 0 && stage == STAGE_HELGRIND)
		status = note_helgrind(referee, criterion, &finding, error);
	play_finding_release(&finding);
	return status;
}

/* One stage of one criterion, with a player of its own: the arena has one address, and
 * what a hung or hostile run left behind ends here. */
static void judge_with_new_player(
	struct referee *referee, size_t criterion, enum stage stage)
{
	struct play_options options = options_for(referee, stage);
	struct error error;
	const struct lab_criterion *rule = &referee->lab->criteria[criterion];
	struct play *play = NULL;

	if (explored_detect(rule->detect, rule->detect_count, &options.detect, &error) ==
		0)
		play = play_new(&options, &error);

	if (!play || judge_stage(referee, criterion, stage, play, &error)) {
		struct evidence *evidence =
			note(referee, criterion, stage, VERDICT_ERROR);
		char *valid = text_valid(error.message, strlen(error.message));
		evidence_set_reason(
			evidence, "Interlock could not judge this: %s.", valid);
		free(valid);
	}
	play_free(play);
}

static void show_progress(
	const struct referee *referee, size_t criterion, enum stage stage)
{
	if (referee->workshop->options->progress)
		fprintf(stderr, "\r\033[K%s: %s (%zu of %zu), %s",
			referee->result->submission,
			referee->lab->criteria[criterion].name, criterion + 1,
			(size_t)referee->lab->criteria_count, stage_name(stage));
}

/* Nobody waits for the whole report to learn that something is wrong. */
static void show_failure(const struct referee *referee, size_t criterion)
{
	const struct lab_criterion *rule = &referee->lab->criteria[criterion];

	if (referee->workshop->options->progress && !rule->hidden)
		fprintf(stderr, "\r\033[KNot passed: %s\n", rule->title);
}

static bool is_played(enum stage stage)
{
	return stage == STAGE_STRESS || stage == STAGE_EXPLORE || stage == STAGE_HELGRIND;
}

static bool needs_hold(
	const struct referee *referee, const struct lab_criterion *criterion)
{
	for (unsigned i = 0; i < criterion->needs_count; i++)
		if (!referee->holds[lab_find_criterion(
			    referee->lab, criterion->needs[i])])
			return false;
	return true;
}

/* Helgrind is slow, so it is not asked about what has failed already. */
static void judge_criterion(struct referee *referee, size_t index)
{
	const struct lab_criterion *criterion = &referee->lab->criteria[index];
	long started = clock_ms();

	referee->holds[index] = needs_hold(referee, criterion);
	if (!referee->holds[index])
		return;
	for (unsigned i = 0; referee->holds[index] && i < criterion->stages_count; i++) {
		if (!is_played(criterion->stages[i]))
			continue;
		show_progress(referee, index, criterion->stages[i]);
		judge_with_new_player(referee, index, criterion->stages[i]);
	}
	if (!referee->holds[index])
		show_failure(referee, index);
	referee->result->criteria[index].duration_ms = clock_ms() - started;
}

static int load_checks(struct referee *referee, struct error *error)
{
	char *path = path_join(referee->workshop->folder, "checks.so");
	void *library = dlopen(path, RTLD_NOW);

	if (library)
		*(void **)&referee->suite = dlsym(library, "checks_suite");
	free(path);
	if (!library || !referee->suite)
		return error_set(
			error, "the lab's checks cannot be loaded: %s", dlerror());
	return 0;
}

static int judge_all(struct referee *referee, const char *path, struct error *error)
{
	const struct lab *lab = referee->lab;
	int status = load_checks(referee, error);

	referee->holds = memory_new(lab->criteria_count, sizeof(*referee->holds));
	for (size_t i = 0; status == 0 && i < lab->criteria_count; i++) {
		judge_criterion(referee, i);
		if (interrupt_seen()) {
			status = error_set(error, "stopped");
			break;
		}
		status = result_write(referee->result, path, error);
	}
	if (referee->workshop->options->progress)
		fputs("\r\033[K", stderr);
	free(referee->holds);
	return status;
}

/* What the child does; its result is its exit code. */
static int child(struct referee *referee, const char *path)
{
	struct error error;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (judge_all(referee, path, &error) == 0)
		return 0;
	if (!interrupt_seen())
		fprintf(stderr, "interlock: %s\n", error.message);
	return 1;
}

/* What a referee that died did not get to is an error of ours. */
static void note_unjudged(struct result *result, const struct lab *lab, const char *why)
{
	for (unsigned i = 0; i < lab->criteria_count; i++) {
		const struct lab_criterion *rule = &lab->criteria[i];
		if (result->criteria[i].evidence_count > 0)
			continue;
		struct evidence *evidence =
			result_add_evidence(result, i, rule->stages[0], VERDICT_ERROR);
		evidence_set_reason(
			evidence, "The lab's checks did not finish: %s.", why);
	}
}

static const char *explain_status(int status)
{
	if (!WIFSIGNALED(status))
		return "see standard error";
	return WTERMSIG(status) == PLAY_PATIENCE_SIGNAL
		       ? "they took longer than check_seconds allows"
		       : strsignal(WTERMSIG(status));
}

static void await_child(const struct lab *lab, pid_t pid, struct result **judged,
	const char *path, struct error *error)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		if (interrupt_seen())
			kill(pid, SIGTERM);
	*judged = result_read(path, error);
	if (!*judged || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
		return;
	text_replace(&(*judged)->notice, "The lab's checks did not finish: %s.",
		explain_status(status));
	note_unjudged(*judged, lab, explain_status(status));
}

struct result *referee_judge(const struct workshop *workshop, const char *folder,
	struct result *result, struct error *error)
{
	struct referee referee = {.workshop = workshop,
		.lab = workshop->lab,
		.folder = folder,
		.result = result};
	char *path = text_format("%s/%d.json", workshop->folder, (int)getpid());
	struct result *judged = NULL;

	fflush(NULL);
	pid_t pid = result_write(result, path, error) ? -1 : fork();
	if (pid == 0)
		_exit(child(&referee, path));
	if (pid < 0)
		error_system(error, "cannot start the referee");
	else
		await_child(workshop->lab, pid, &judged, path, error);
	unlink(path);
	free(path);
	result_free(result);
	return judged;
}

static int replay_with(struct referee *referee, const struct witness_file *file,
	size_t criterion, char **shown, struct error *error)
{
	const struct lab_criterion *rule = &referee->lab->criteria[criterion];
	struct play_options options = options_for(referee, STAGE_EXPLORE);
	struct play_finding finding;

	options.seed = file->seed;
	options.witness = &file->witness;
	if (explored_detect(rule->detect, rule->detect_count, &options.detect, error))
		return -1;
	struct play *play = play_new(&options, error);
	if (!play)
		return -1;
	int status = play_criterion(play, rule->name, &finding, error);
	if (status == 0 && finding.exploration.found)
		*shown = text_copy(finding.exploration.ladder);
	play_finding_release(&finding);
	play_free(play);
	return status;
}

int referee_replay(const struct workshop *workshop, const char *folder,
	const struct witness_file *file, char **shown, struct error *error)
{
	struct referee referee = {
		.workshop = workshop, .lab = workshop->lab, .folder = folder};

	*shown = NULL;
	for (size_t i = 0; i < workshop->lab->criteria_count; i++) {
		if (strcmp(workshop->lab->criteria[i].name, file->criterion) != 0)
			continue;
		referee.result = result_new(workshop->lab, "replay");
		int status = load_checks(&referee, error);
		if (status == 0)
			status = replay_with(&referee, file, i, shown, error);
		result_free(referee.result);
		return status;
	}
	return error_set(error, "lab %s has no criterion %s", workshop->lab->name,
		file->criterion);
}
