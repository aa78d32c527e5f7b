/* SPDX-License-Identifier: MIT */
#include "base/verdict.h"

#include <string.h>

static const char *const verdict_names[VERDICT_COUNT] = {
	"pass", "fail", "blocked", "inconclusive", "error"};

static const char *const stage_names[STAGE_COUNT] = {
	"build", "stress", "explore", "helgrind"};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

const char *stage_name(enum stage stage)
{
	return stage_names[stage];
}

static int find(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

int verdict_by_name(const char *name)
{
	return find(verdict_names, VERDICT_COUNT, name);
}

int stage_by_name(const char *name)
{
	return find(stage_names, STAGE_COUNT, name);
}
