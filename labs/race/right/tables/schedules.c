#include "scheduler.h"

#include <stddef.h>

struct turn {
	int task;
	int steps;
};

static void give(const struct turn *turns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		step(turns[i].task, turns[i].steps);
}

#define GIVE(table) give(table, sizeof(table) / sizeof(*(table)))

void ends_with_100(void)
{
	static const struct turn table[] = {{WITHDRAW, 1}, {WITHDRAW, 2}, {DEPOSIT, 3}};
	GIVE(table);
}

void ends_with_99(void)
{
	static const struct turn table[] = {
		{WITHDRAW, 2}, {DEPOSIT, 2}, {DEPOSIT, 1}, {WITHDRAW, 1}};
	GIVE(table);
}

void ends_with_101(void)
{
	static const struct turn table[] = {
		{WITHDRAW, 1}, {DEPOSIT, 2}, {WITHDRAW, 2}, {DEPOSIT, 1}};
	GIVE(table);
}

void farthest(int turns)
{
	const int all = 3 * turns;
	const struct turn table[] = {{FIRST, 2}, {THIRD, all - 3}, {SECOND, all},
		{FIRST, 1}, {THIRD, 2}, {FIRST, all - 3}, {THIRD, 1}};
	GIVE(table);
}
