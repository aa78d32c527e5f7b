/* SPDX-License-Identifier: MIT */
/*
 * A ring of stations after Dijkstra: station 0 has the token while its number equals the
 * last one's, any other while its number differs from its neighbour's before it. Exactly
 * one station has the token, as long as only that one moves. The buggy station 0 moves
 * whether it has the token or not.
 */
#include "../tasks.h"

#ifndef STATIONS
#define STATIONS 3
#endif
#define NUMBERS (STATIONS + 1)
#define TURNS 2

struct state {
	pthread_mutex_t lock;
	int number[STATIONS];
};

static int tokens(const struct state *s)
{
	int count = s->number[0] == s->number[STATIONS - 1];

	for (int i = 1; i < STATIONS; i++)
		count += s->number[i] != s->number[i - 1];
	return count;
}

static void move(struct state *s, int station)
{
	if (station > 0)
		s->number[station] = s->number[station - 1];
#ifdef CORRECT
	else if (s->number[0] == s->number[STATIONS - 1])
#else
	else
#endif
		s->number[0] = (s->number[0] + 1) % NUMBERS;
}

static void station(void *shared, int number)
{
	struct state *s = shared;

	for (int turn = 0; turn < TURNS; turn++) {
		pthread_mutex_lock(&s->lock);
		move(s, number);
		assert(tokens(s) == 1);
		pthread_mutex_unlock(&s->lock);
	}
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	for (int i = 0; i < STATIONS; i++)
		tasks_start(station, s, i);
	tasks_join();
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
