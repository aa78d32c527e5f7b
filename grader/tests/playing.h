/* SPDX-License-Identifier: MIT */
/*
 * For tests of the verbs of checks: a suite that is part of the test judges submissions of a
 * small lab, built once for stress and for explore.
 *
 *	playing_open(tiny_lab("lab"), suite_of_all);
 *	playing_compile(folder);
 *	status = playing_judge(STAGE_STRESS, folder, 1, 5, "holds", &finding, &error);
 *	expect_held(&finding);
 *	playing_close();
 */
#ifndef INTERLOCK_TESTS_PLAYING_H
#define INTERLOCK_TESTS_PLAYING_H

#include "tiny.h"

#include "build/build.h"
#include "play/play.h"

static struct playing {
	struct lab *lab;
	char *compiled; /* the folder with the lab's own objects */
	enum box_tier tier;
	Suite *(*suite)(void);
	struct spending *spending; /* of the submission, or NULL */
	int found; /* how often a finding of explore was told, in the last judging */
} playing;

/* A criterion of the suite, named like its one test. */
static inline void playing_add(Suite *suite, const char *name, const TTest *test)
{
	TCase *tcase = tcase_create(name);

	tcase_add_test(tcase, test);
	suite_add_tcase(suite, tcase);
}
#define PLAYING_ADD(suite, test) playing_add(suite, #test, test)

static inline struct build playing_build(const char *submission)
{
	return (struct build){.lab = playing.lab,
		.lab_folder = playing.compiled,
		.folder = submission,
		.compiler = "gcc",
		.tier = playing.tier};
}

/* Takes over the lab's folder; a scratch folder is there. */
static inline void playing_open(char *lab_folder, Suite *(*suite)(void))
{
	struct error error = {""};

	playing.compiled = scratch_path("compiled");
	ck_assert_int_eq(folder_make(playing.compiled, &error), 0);
	playing.lab = lab_open(lab_folder, &error);
	ck_assert_msg(playing.lab != NULL, "%s", error.message);
	playing.tier = box_probe(&error);
	playing.suite = suite;
	struct build build = playing_build(NULL);
	ck_assert_msg(build_lab(&build, &error) == 0, "%s", error.message);
	free(lab_folder);
}

static inline void playing_compile(const char *submission)
{
	static const enum build_variant variants[] = {BUILD_FORK, BUILD_EXPLORE};
	struct error error = {""};
	struct build build = playing_build(submission);

	for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++) {
		struct build_outcome outcome;
		int status = build_player(&build, variants[i], &outcome, &error);
		ck_assert_msg(status == 0, "%s", error.message);
		ck_assert_msg(!outcome.complaint, "%s\n%s", outcome.complaint,
			outcome.diagnostics);
		build_outcome_release(&outcome);
	}
}

static inline void playing_close(void)
{
	lab_close(playing.lab);
	free(playing.compiled);
}

static inline void playing_count(void *counter)
{
	++*(int *)counter;
}

static inline int playing_judge(enum stage stage, const char *submission, uint64_t seed,
	long runs, const char *criterion, struct play_finding *finding,
	struct error *error)
{
	bool explore = stage == STAGE_EXPLORE;
	char *place = build_place(submission, explore ? BUILD_EXPLORE : BUILD_FORK);
	struct play_options options = {.stage = stage,
		.player = {.folder = place,
			.program = BUILD_PROGRAM,
			.mode = explore ? ARENA_ONCE : ARENA_FORK,
			.limits = &playing.lab->limits,
			.spending = playing.spending,
			.tier = playing.tier},
		.suite = playing.suite,
		.runs = runs,
		.steps = 2000,
		.seed = seed,
		.found = playing_count,
		.told = &playing.found};

	playing.found = 0;
	ck_assert_int_eq(explored_detect(NULL, 0, &options.detect, error), 0);
	struct play *play = play_new(&options, error);
	ck_assert_msg(play != NULL, "%s", error->message);
	int status = play_criterion(play, criterion, finding, error);
	play_free(play);
	free(place);
	return status;
}

/* Releases the finding. */
static inline void expect_held(struct play_finding *finding)
{
	ck_assert_msg(!finding->failed, "%s", finding->reason);
	play_finding_release(finding);
}

/* The reason is these words. Releases the finding. */
static inline void expect_failed(struct play_finding *finding, const char *reason)
{
	ck_assert(finding->failed);
	ck_assert_str_eq(finding->reason, reason);
	play_finding_release(finding);
}

#endif
