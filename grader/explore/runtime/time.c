/* SPDX-License-Identifier: MIT */
/*
 * Time is virtual. It passes when nobody can run, up to the earliest deadline, and with each
 * sleep. A sleeping task may be chosen at any time, since nothing orders a sleep before what
 * another task does meanwhile; it merely stands back for the others. A timed wait may
 * give up at any time, too (schedule.c), and the clock then jumps to its deadline.
 */
#include "signals.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

uint64_t deadline_of(const struct timespec *absolute)
{
	uint64_t deadline =
		(uint64_t)absolute->tv_sec * SECOND + (uint64_t)absolute->tv_nsec;
	return deadline > WHEN_STUCK ? deadline : WHEN_STUCK + 1;
}

/* True if a handler has run meanwhile, which ends the sleep. */
static bool sleep_until(uint64_t deadline)
{
	struct operation operation = operation_at(STEP_SLEEP, 0, NULL);
	yield_turn();
	explore_self.task->yielded = 1;
	if (arrive_interruptibly(&operation, true, 0) >= HANDLED)
		return true;
	while (control->time < deadline) {
		uint64_t next = timers_next();
		bool woke = time_advance(next < deadline ? next : deadline);
		/* those whose time is up may be faster */
		if (woke && arrive_interruptibly(&operation, true, 0) >= HANDLED)
			return true;
	}
	return false;
}

static uint64_t left_until(uint64_t deadline)
{
	return deadline > control->time ? deadline - control->time : 0;
}

/* As clock_nanosleep() returns it. */
static int nap(const struct timespec *length, struct timespec *left)
{
	if (length->tv_sec < 0 || length->tv_nsec < 0 || length->tv_nsec >= (long)SECOND)
		return EINVAL;
	uint64_t deadline = control->time + (uint64_t)length->tv_sec * SECOND +
			    (uint64_t)length->tv_nsec;
	if (!sleep_until(deadline))
		return 0;
	if (left) {
		left->tv_sec = (time_t)(left_until(deadline) / SECOND);
		left->tv_nsec = (long)(left_until(deadline) % SECOND);
	}
	return EINTR;
}

int runtime_nanosleep(const struct timespec *length, struct timespec *left)
{
	int trouble = explore_self.task ? nap(length, left) : 0;
	if (trouble)
		errno = trouble;
	return trouble ? -1 : 0;
}

int runtime_clock_nanosleep(
	clockid_t clock, int flags, const struct timespec *length, struct timespec *left)
{
	(void)clock;
	if (!explore_self.task)
		return 0;
	if (!(flags & TIMER_ABSTIME))
		return nap(length, left);
	return sleep_until(deadline_of(length)) ? EINTR : 0;
}

int runtime_usleep(useconds_t microseconds)
{
	if (!explore_self.task || !sleep_until(control->time + microseconds * 1000ull))
		return 0;
	errno = EINTR;
	return -1;
}

unsigned runtime_sleep(unsigned seconds)
{
	if (!explore_self.task)
		return 0;
	uint64_t deadline = control->time + seconds * SECOND;
	if (!sleep_until(deadline))
		return 0;
	return (unsigned)((left_until(deadline) + SECOND / 2) / SECOND);
}

/*
 * Reading the clock takes no time, or no two states would be alike; but to a task that does
 * nothing else, a microsecond, so that loops on it end.
 */
static uint64_t read_clock(void)
{
	if (explore_self.task) {
		explore_self.task->clock_read = 1;
		if (++explore_self.task->quiet > 8)
			time_advance(control->time + 1000);
		if (control->pending_used)
			signals_deliver();
	}
	return control->time;
}

int runtime_clock_gettime(clockid_t clock, struct timespec *now)
{
	if (!explore_self.task)
		return (int)kernel(SYS_clock_gettime, clock, (long)now, 0, 0, 0, 0);
	uint64_t time = read_clock();
	now->tv_sec = (time_t)(time / SECOND);
	now->tv_nsec = (long)(time % SECOND);
	return 0;
}

int runtime_gettimeofday(struct timeval *now, void *zone)
{
	struct timespec time;
	(void)zone;
	runtime_clock_gettime(CLOCK_REALTIME, &time);
	now->tv_sec = time.tv_sec;
	now->tv_usec = time.tv_nsec / 1000;
	return 0;
}

time_t runtime_time(time_t *result)
{
	struct timespec now;
	runtime_clock_gettime(CLOCK_REALTIME, &now);
	if (result)
		*result = now.tv_sec;
	return now.tv_sec;
}

clock_t runtime_clock(void)
{
	struct timespec now;
	runtime_clock_gettime(CLOCK_REALTIME, &now);
	return (clock_t)now.tv_sec * CLOCKS_PER_SEC + now.tv_nsec / 1000;
}

int runtime_sched_yield(void)
{
	if (!explore_self.task)
		return 0;
	struct operation operation = operation_at(STEP_YIELD, 0, NULL);
	yield_turn();
	explore_self.task->yielded = 1;
	point(&operation);
	return 0;
}
