/* SPDX-License-Identifier: MIT */
/*
 * Results for tests of reports: one that fails and says everything hostile that a
 * submission can say, one that passes, one that the grader could not judge.
 *
 *	struct result *result = failing_result();
 *	char *text = format_tap(result, &options, &error);
 */
#ifndef INTERLOCK_TESTS_RESULTS_H
#define INTERLOCK_TESTS_RESULTS_H

#include "base/memory.h"
#include "score/result.h"
#include "tests/sample.h"

#include <string.h>

#define HOSTILE                                                                          \
	"\x1b[2J\x01\x02]]>\xEF\xBF\xBE\xFF<b>&\r::error::x\n[[ATTACHMENT|/etc/"         \
	"passwd]]\n"

/* alice fails `finishes` with everything hostile that a submission can say. */
static inline struct result *failing_result(void)
{
	struct result *result = result_new(&sample_lab, "alice");

	result->path = text_copy("class/alice");
	result->duration_ms = 61234;
	memcpy(result->started, "2026-01-31T12:00:00Z", sizeof(result->started));
	result_add_evidence(result, COMPILES, STAGE_BUILD, VERDICT_PASS);
	struct evidence *evidence =
		result_add_evidence(result, FINISHES, STAGE_STRESS, VERDICT_FAIL);
	evidence_set_reason(evidence, "A chance failure.");
	evidence->place =
		(struct source_place){text_copy("account.c"), 2, text_copy("withdraw")};
	evidence = result_add_evidence(result, FINISHES, STAGE_EXPLORE, VERDICT_FAIL);
	evidence_set_reason(evidence, "The balance was 99, not 100.");
	evidence->expected = text_copy("100");
	evidence->actual = text_copy("99" HOSTILE);
	evidence->detail = text_copy("withdraw read 100\n" HOSTILE);
	evidence->output = text_copy(HOSTILE);
	evidence->witness = text_copy("alice/finishes.witness");
	evidence->reproduce = text_copy("interlock replay alice/finishes.witness");
	evidence->runs = 12;
	evidence->failures = 1;
	evidence = result_add_evidence(result, FINISHES, STAGE_HELGRIND, VERDICT_FAIL);
	evidence_set_reason(evidence, "A possible race.");
	result->criteria[FINISHES].duration_ms = 1005;
	result_score(result, &sample_lab);
	return result;
}

static inline struct result *passing_result(const char *name)
{
	struct result *result = result_new(&sample_lab, name);

	result_add_evidence(result, COMPILES, STAGE_BUILD, VERDICT_PASS);
	for (size_t i = FINISHES; i <= NO_UPDATE_IS_LOST; i++) {
		result_add_evidence(result, i, STAGE_STRESS, VERDICT_PASS);
		result_add_evidence(result, i, STAGE_EXPLORE, VERDICT_PASS);
	}
	result_score(result, &sample_lab);
	return result;
}

static inline struct result *unjudged_result(void)
{
	struct result *result = passing_result("carol");

	result_add_evidence(result, FINISHES, STAGE_EXPLORE, VERDICT_ERROR);
	result_score(result, &sample_lab);
	return result;
}

#endif
