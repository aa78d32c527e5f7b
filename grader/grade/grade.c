/* SPDX-License-Identifier: MIT */
#include "grade/grade.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "base/text.h"
#include "build/build.h"
#include "explore/functions.h"
#include "explore/self_check.h"
#include "grade/judge.h"
#include "grade/referee.h"
#include "grade/seed.h"
#include "grade/workshop.h"
#include "intake/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct build workshop_build(const struct workshop *workshop, const char *folder)
{
	return (struct build){
		.lab = workshop->lab,
		.lab_folder = workshop->folder,
		.folder = folder,
		.compiler = workshop->options->compiler,
		.tier = workshop->options->tier,
		.trusted = workshop->options->trusted,
		.without = workshop->options->without,
		.follows = functions_are_followed,
		.strays = functions_stray,
	};
}

/* Whether any criterion of the lab is decided by that stage. */
enum { MOST_SOURCE = 64 << 10 }; /* of a file that reports show */

static bool uses(const struct lab *lab, enum stage stage)
{
	for (unsigned i = 0; i < lab->criteria_count; i++)
		if (lab_stage_decides(&lab->criteria[i], stage))
			return true;
	return false;
}

/* An explorer that could not find a known race and a known deadlock would grade nobody. */
struct workshop *workshop_open(
	const struct lab *lab, const struct grade_options *options, struct error *error)
{
	char *folder = folder_make_temporary(error);

	if (!folder)
		return NULL;
	struct workshop *workshop = memory_new(1, sizeof(*workshop));
	workshop->lab = lab;
	workshop->options = options;
	workshop->folder = folder;
	/* The box's user links against what is in here. */
	struct build build = workshop_build(workshop, folder);
	int status = chmod(folder, 0755) || build_lab(&build, error);
	if (status)
		error_context(error, "lab %s", lab->name);
	else if (uses(lab, STAGE_EXPLORE))
		status = explore_self_check(error);
	if (status) {
		workshop_close(workshop);
		return NULL;
	}
	workshop->lab_hash = seed_of_lab(lab, error);
	if (!workshop->lab_hash) {
		workshop_close(workshop);
		return NULL;
	}
	workshop->toolchain = build_toolchain(&build);
	return workshop;
}

void workshop_close(struct workshop *workshop)
{
	struct error error;

	if (!workshop)
		return;
	if (folder_remove(workshop->folder, &error))
		fprintf(stderr, "interlock: %s\n", error.message);
	free(workshop->folder);
	free(workshop->toolchain);
	free(workshop->lab_hash);
	free(workshop);
}

static void describe(
	struct result *result, const struct workshop *workshop, const char *path)
{
	const struct grade_options *options = workshop->options;
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(result->started, sizeof(result->started), "%Y-%m-%dT%H:%M:%SZ", &utc);
	result->path = text_valid(path, strlen(path));
	result->sandbox =
		text_copy(options->trusted ? "none" : box_tier_name(options->tier));
	result->toolchain = text_copy(workshop->toolchain);
	if (!options->trusted && options->tier > BOX_TIER_B)
		result->notice = text_format("The sandbox was weak (tier %s: %s).",
			box_tier_name(options->tier), box_tier_meaning(options->tier));
}

/* What reports show of it. */
static char *source_text(const char *folder, const char *name)
{
	struct error ignored;
	size_t size = 0;
	char *path = path_join(folder, name);
	char *bytes = file_read(path, MOST_SOURCE, &size, &ignored);
	char *text = bytes ? text_valid(bytes, size) : NULL;

	free(bytes);
	free(path);
	return text;
}

static void list_files(struct result *result, struct intake *intake, const char *folder)
{
	result->files = memory_new(intake->file_count, sizeof(*result->files));
	result->file_count = intake->file_count;
	for (size_t i = 0; i < intake->file_count; i++) {
		struct submitted_file *file = &result->files[i];
		file->name = text_copy(intake->files[i].name);
		snprintf(file->sha256, sizeof(file->sha256), "%s",
			intake->files[i].sha256);
		file->bytes = intake->files[i].bytes;
		if (!intake->complaint)
			file->text = source_text(folder, file->name);
	}
}

/* Needs the list of files. */
static void draw_seed(struct result *result, const struct workshop *workshop)
{
	const struct grade_options *options = workshop->options;
	uint64_t seed = options->inputs
				? *options->inputs
				: seed_of(result, workshop->lab_hash, options->secret);

	snprintf(result->seed, sizeof(result->seed), "%016llx", (unsigned long long)seed);
}

/* Says of every criterion that the build decides how the build ended. */
static struct evidence *note_build(struct result *result, const struct lab *lab,
	enum verdict verdict, const char *reason)
{
	struct evidence *evidence = NULL;

	for (unsigned i = 0; i < lab->criteria_count; i++) {
		if (!lab_stage_decides(&lab->criteria[i], STAGE_BUILD))
			continue;
		evidence = result_add_evidence(result, i, STAGE_BUILD, verdict);
		evidence_set_reason(evidence, "%s", reason);
	}
	return evidence;
}

static void note_complaint(
	struct result *result, const struct lab *lab, const struct build_outcome *outcome)
{
	char *reason = text_valid(outcome->complaint, strlen(outcome->complaint));
	struct evidence *evidence = note_build(result, lab, VERDICT_FAIL, reason);

	if (evidence && outcome->file) {
		evidence->place.file = text_valid(outcome->file, strlen(outcome->file));
		evidence->place.line = outcome->line;
	}
	if (evidence && outcome->diagnostics)
		evidence->detail =
			text_valid(outcome->diagnostics, strlen(outcome->diagnostics));
	free(reason);
}

/* One of the players. 1: it cannot be built, which the result says. */
static int build_one(const struct build *build, enum build_variant variant,
	struct result *result, struct error *error)
{
	struct build_outcome outcome;
	int status = build_player(build, variant, &outcome, error);

	if (status == 0 && outcome.complaint) {
		note_complaint(result, build->lab, &outcome);
		status = 1;
	} else if (status == 0 && variant == BUILD_FORK) {
		struct evidence *evidence = note_build(
			result, build->lab, VERDICT_PASS, "The files compile.");
		if (evidence && outcome.diagnostics)
			evidence->detail = text_valid(
				outcome.diagnostics, strlen(outcome.diagnostics));
	}
	build_outcome_release(&outcome);
	return status;
}

static bool is_built(const struct lab *lab, enum build_variant variant)
{
	return variant == BUILD_FORK ||
	       (variant == BUILD_EXPLORE && uses(lab, STAGE_EXPLORE)) ||
	       (variant == BUILD_THREADS && uses(lab, STAGE_HELGRIND));
}

/* The player that stress runs comes first: what its build prints is for the student. The
 * budget of a submission's processor time is for its compilers as well. */
static int build_all(
	const struct build *build, struct result *result, struct error *error)
{
	static const enum build_variant order[] = {
		BUILD_FORK, BUILD_EXPLORE, BUILD_THREADS};
	const long most = build->lab->limits.budget_seconds;
	int status = 0;

	for (size_t i = 0; status == 0 && i < sizeof(order) / sizeof(*order); i++) {
		if (!is_built(build->lab, order[i]))
			continue;
		status = build_one(build, order[i], result, error);
		if (status == 0 && *build->spent_ms > most * 1000) {
			char *reason = text_format(
				"The compilers have used up the %ld s of processor time "
				"that a submission has in all.",
				most);
			note_build(result, build->lab, VERDICT_FAIL, reason);
			free(reason);
			status = 1;
		}
	}
	return status;
}

/* Takes the submission in and builds it. 0: to be judged; 1: its result is complete. */
static int prepare(const struct workshop *workshop, const char *path, const char *folder,
	struct result *result, long *spent_ms, struct error *error)
{
	struct build build = workshop_build(workshop, folder);
	struct intake intake;
	int status = intake_take(
		&intake, workshop->lab, path, folder, workshop->options->without, error);

	build.spent_ms = spent_ms;
	if (status == 0)
		list_files(result, &intake, folder);
	draw_seed(result, workshop);
	if (status == 0 && intake.complaint) {
		char *reason = text_valid(intake.complaint, strlen(intake.complaint));
		note_build(result, workshop->lab, VERDICT_FAIL, reason);
		free(reason);
		status = 1;
	}
	intake_release(&intake);
	if (status == 0)
		status = build_all(&build, result, error);
	return status;
}

struct result *grade(struct workshop *workshop, const char *path, const char *name,
	struct error *error)
{
	struct error ignored;
	long started = clock_ms();
	char *folder = folder_make_temporary(error);

	if (!folder)
		return NULL;
	struct result *result = result_new(workshop->lab, name);
	describe(result, workshop, path);
	long spent_ms = 0;
	int status = prepare(workshop, path, folder, result, &spent_ms, error);
	if (status == 0)
		result = referee_judge(workshop, folder, result, spent_ms, error);
	else if (status < 0) {
		result_free(result);
		result = NULL;
	}
	folder_remove(folder, &ignored);
	free(folder);
	/* What a compiler says that was ended by Ctrl-C is not the student's. */
	if (result && interrupt_seen()) {
		result_free(result);
		result = NULL;
		error_set(error, "stopped");
	}
	if (!result) {
		error_context(error, "%s", name);
		return NULL;
	}
	result_score(result, workshop->lab);
	result->duration_ms = clock_ms() - started;
	return result;
}

int grade_replay(struct workshop *workshop, const struct witness_file *file, char **shown,
	struct error *error)
{
	struct error ignored;
	struct intake intake;
	char *folder = folder_make_temporary(error);

	if (!folder)
		return -1;
	int status =
		intake_take(&intake, workshop->lab, file->submission, folder, 0, error);
	if (status == 0 && intake.complaint)
		status = error_set(error, "%s", intake.complaint);
	intake_release(&intake);
	struct build build = workshop_build(workshop, folder);
	struct build_outcome outcome = {0};
	if (status == 0)
		status = build_player(&build, BUILD_EXPLORE, &outcome, error);
	if (status == 0 && outcome.complaint)
		status = error_set(error, "%s", outcome.complaint);
	build_outcome_release(&outcome);
	if (status == 0)
		status = judge_replay(workshop, folder, file, shown, error);
	folder_remove(folder, &ignored);
	free(folder);
	return status;
}
