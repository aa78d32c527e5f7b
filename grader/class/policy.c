/* SPDX-License-Identifier: MIT */
#include "class/policy.h"

#include "base/memory.h"
#include "class/moment.h"
#include "class/statement.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY = 86400 };

struct lateness lateness_of(
	const struct policy *policy, const char *due, const char *handed_in)
{
	struct lateness lateness = {.kind = LATENESS_NONE};
	long long limit = 0, moment = 0;

	if (!moment_read(due, &limit) || !*handed_in)
		return lateness;
	lateness.kind = LATENESS_UNKNOWN;
	if (!moment_read(handed_in, &moment))
		return lateness;
	lateness.kind = LATENESS_ON_TIME;
	if (moment <= limit + policy->grace_minutes * 60)
		return lateness;
	lateness.kind = LATENESS_LATE;
	lateness.seconds = moment - limit;
	long long penalty = (lateness.seconds + DAY - 1) / DAY * policy->penalty;
	lateness.penalty = penalty > policy->cap ? policy->cap : (long)penalty;
	return lateness;
}

char *lateness_text(const struct lateness *lateness)
{
	switch (lateness->kind) {
	case LATENESS_ON_TIME:
		return text_copy("on time");
	case LATENESS_UNKNOWN:
		return text_copy("unknown");
	case LATENESS_LATE: {
		char *span = moment_span(lateness->seconds);
		char *text = text_format("late: %s", span);
		free(span);
		return text;
	}
	default:
		return text_copy("");
	}
}

int policy_keep(const struct policy *policy, struct database *database, const char *lab,
	struct error *error)
{
	return statement_write(database_connection(database), error,
		"INSERT OR REPLACE INTO policy VALUES (?, ?, ?, ?, ?, ?)", "ttnnnn", lab,
		policy->due, policy->grace_minutes, policy->penalty, policy->cap,
		(long)policy->best);
}

int policy_load(struct policy *policy, struct database *database, const char *lab,
	struct error *error)
{
	struct statement statement;

	*policy = POLICY_DEFAULTS;
	if (statement_begin(&statement, database_connection(database),
		    "SELECT due, grace_minutes, penalty, cap, best FROM policy "
		    "WHERE lab = ?",
		    error))
		return -1;
	statement_bind(&statement, "t", lab);
	int row = statement_row(&statement, error);
	if (row == 1) {
		snprintf(policy->due, sizeof(policy->due), "%s",
			statement_text(&statement, 0));
		policy->grace_minutes = statement_number(&statement, 1);
		policy->penalty = statement_number(&statement, 2);
		policy->cap = statement_number(&statement, 3);
		policy->best = statement_number(&statement, 4) != 0;
	}
	statement_end(&statement);
	return row < 0 ? -1 : 0;
}
