/* SPDX-License-Identifier: MIT */
/* A witness file brings back what it was written about, and says so when it does not. */
#include "run.h"

static struct ran explore_into(const char *witness, const char *flag, const char *file)
{
	return flag ? run_interlock("explore", "--witness", witness, flag, file, NULL)
		    : run_interlock("explore", "--witness", witness, file, NULL);
}

/* What is drawn of the witness: from its head to the end of the ladder. */
static char *ladder_of(const char *output)
{
	const char *start = strstr(output, "witness:");
	ck_assert_msg(start != NULL, "no witness in: %s", output);
	const char *end = strstr(start, "\nfound in");
	return text_format("%.*s", (int)(end ? end - start : (long)strlen(start)), start);
}

static void expect_program_replays(const char *flag, const char *file)
{
	char *witness = scratch_path("witness.json");
	struct ran found = explore_into(witness, flag, file);
	struct ran again = run_interlock("replay", witness, NULL);

	ck_assert_msg(found.code == 1, "%s", found.errors);
	ck_assert_msg(again.code == 1, "%s%s", again.output, again.errors);
	char *before = ladder_of(found.output);
	char *after = ladder_of(again.output);
	ck_assert_str_eq(before, after);
	free(before);
	free(after);
	ran_release(&found);
	ran_release(&again);
	free(witness);
}

START_TEST(a_program_goes_the_same_way_again)
{
	expect_program_replays(NULL, "grader/tests/explore/account.c");
	expect_program_replays("-DFORK", "grader/explore/corpus/detectors/livelock.c");
}
END_TEST

/* The witness file of the lab's submission without a lock, below the scratch folder. */
static char *grade_one(void)
{
	char *reports = scratch_path("reports");
	struct ran graded = run_interlock("grade", "-o", reports, "--only",
		"no_update_is_lost", "labs/critical-section",
		"labs/critical-section/wrong/no-lock", NULL);

	ck_assert_msg(graded.code == 1, "%s", graded.errors);
	char *witness = text_format("%s/no-lock/witness-no_update_is_lost.json", reports);
	expect_holds(graded.output, "interlock replay");
	expect_holds(graded.output, witness);
	free(reports);
	ran_release(&graded);
	return witness;
}

START_TEST(a_submission_goes_the_same_way_again)
{
	char *witness = grade_one();
	struct ran once = run_interlock("replay", witness, NULL);
	struct ran twice = run_interlock("replay", witness, NULL);

	ck_assert_msg(once.code == 1, "%s%s", once.output, once.errors);
	expect_holds(once.output, "the balance after");
	expect_holds(once.output, "witness: ");
	expect_holds(once.output, " preemption");
	expect_holds(once.output, "steps, in account.c");
	ck_assert_str_eq(once.output, twice.output);
	ran_release(&once);
	ran_release(&twice);
	free(witness);
}
END_TEST

START_TEST(a_mended_submission_does_not_show_it)
{
	char *witness = grade_one();
	char *text = file_get(witness);
	char *wrong = strstr(text, "wrong/no-lock");

	ck_assert_ptr_nonnull(wrong);
	/* "solution" takes its place, in what is a path from the top of the repository */
	char *mended = text_format("%.*ssolution%s", (int)(wrong - text), text,
		wrong + strlen("wrong/no-lock"));
	file_put(witness, mended);
	struct ran again = run_interlock("replay", witness, NULL);
	ck_assert_msg(again.code == 0, "%s%s", again.output, again.errors);
	expect_holds(again.output, "did not show");
	ran_release(&again);
	free(mended);
	free(text);
	free(witness);
}
END_TEST

START_TEST(what_is_no_witness_is_refused)
{
	static const char *const texts[] = {"", "{}", "[1]",
		"{\"format\": \"interlock-witness-1\", \"finding\": {\"kind\": "
		"\"race\"}}",
		"{\"format\": \"interlock-witness-1\", \"finding\": {\"kind\": "
		"\"race\"}, "
		"\"lab\": \"x\", \"compiler\": \"gcc\", \"submission\": \"y\"}"};
	char *path = scratch_path("none.json");

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		file_put(path, texts[i]);
		struct ran refused = run_interlock("replay", path, NULL);
		ck_assert_int_eq(refused.code, 2);
		expect_holds(refused.errors, "is not a witness");
		ran_release(&refused);
	}
	free(path);
}
END_TEST

static const TTest *const *const tests[] = {
	&a_program_goes_the_same_way_again,
	&a_submission_goes_the_same_way_again,
	&a_mended_submission_does_not_show_it,
	&what_is_no_witness_is_refused,
};
SUITE_MAIN("replay", tests)
