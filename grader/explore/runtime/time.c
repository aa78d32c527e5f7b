/* SPDX-License-Identifier: MIT */
/*
 * Time is virtual. It passes when nobody can run, up to the earliest deadline, and with each
 * sleep. A sleeping task may be chosen at any time, since nothing orders a sleep before what
 * another task does meanwhile; it merely stands back for the others. A timed wait may
 * give up at any time, too (schedule.c), and the clock then jumps to its deadline.
 */
#include "runtime.h"

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

static void sleep_until(uint64_t deadline)
{
	struct operation operation = operation_at(STEP_SLEEP, 0, NULL);
	yield_turn();
	explore_self.task->yielded = 1;
	point(&operation);
	if (time_advance(deadline))
		point(&operation); /* those whose time is up may be faster */
}

static int nap(const struct timespec *length)
{
	if (length->tv_sec < 0 || length->tv_nsec < 0 || length->tv_nsec >= (long)SECOND)
		return EINVAL;
	sleep_until(control->time + (uint64_t)length->tv_sec * SECOND +
		    (uint64_t)length->tv_nsec);
	return 0;
}

int runtime_nanosleep(const struct timespec *length, struct timespec *left)
{
	(void)left;
	errno = explore_self.task ? nap(length) : 0;
	return errno ? -1 : 0;
}

int runtime_clock_nanosleep(
	clockid_t clock, int flags, const struct timespec *length, struct timespec *left)
{
	(void)clock;
	(void)left;
	if (!explore_self.task)
		return 0;
	if (!(flags & TIMER_ABSTIME))
		return nap(length);
	sleep_until(deadline_of(length));
	return 0;
}

int runtime_usleep(useconds_t microseconds)
{
	if (explore_self.task)
		sleep_until(control->time + microseconds * 1000ull);
	return 0;
}

unsigned runtime_sleep(unsigned seconds)
{
	if (explore_self.task)
		sleep_until(control->time + seconds * SECOND);
	return 0;
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
