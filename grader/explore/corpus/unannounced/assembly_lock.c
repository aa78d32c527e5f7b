/* SPDX-License-Identifier: MIT */
/*
 * Locks of textbooks, by inline assembly: an exchange, a compare and exchange, an addition
 * (tickets), a bit that is set. The buggy version goes on whether it got the lock or not.
 */
#include "../tasks.h"

#define EXCHANGE 0
#define COMPARE 1
#define TICKET 2
#define BIT 3

struct state {
	volatile int lock;
	volatile int served;
	int count;
};

static int exchange(volatile int *to, int value)
{
	__asm__ volatile("xchgl %0, %1" : "+m"(*to), "+r"(value) : : "memory");
	return value;
}

#if KIND == EXCHANGE
static int taken(struct state *s)
{
	return exchange(&s->lock, 1) == 0;
}
#elif KIND == COMPARE
static int taken(struct state *s)
{
	int expected = 0;

	__asm__ volatile("lock; cmpxchgl %2, %0"
			 : "+m"(s->lock), "+a"(expected)
			 : "r"(1)
			 : "memory", "cc");
	return expected == 0;
}
#elif KIND == BIT
static int taken(struct state *s)
{
	unsigned char was;

	__asm__ volatile("lock; btsl $3, %0; setc %1"
			 : "+m"(s->lock), "=q"(was)
			 :
			 : "memory", "cc");
	return !was;
}
#endif

static int add(volatile int *to, int amount)
{
	__asm__ volatile("lock; xaddl %1, %0"
			 : "+m"(*to), "+r"(amount)
			 :
			 : "memory", "cc");
	return amount;
}

static void enter(struct state *s)
{
#if KIND == TICKET
	int ticket = add(&s->lock, 1);
#ifdef CORRECT
	while (add(&s->served, 0) != ticket)
		;
#endif
	(void)ticket;
#elif defined(CORRECT)
	while (!taken(s))
		;
#else
	taken(s);
#endif
}

static void leave(struct state *s)
{
#if KIND == TICKET
	add(&s->served, 1);
#else
	exchange(&s->lock, 0);
#endif
}

static void update(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	(void)add;
	enter(s);
	s->count++;
	leave(s);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(update, s, 0);
	tasks_start(update, s, 1);
	tasks_join();
	assert(s->count == 2);
	tasks_free(s, sizeof(*s));
	return 0;
}
