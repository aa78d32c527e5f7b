/* SPDX-License-Identifier: MIT */
/*
 * alarm(), setitimer() and timer_create(), in virtual time. A timer's signal comes when time
 * has come to it: when nobody else can run, and while somebody sleeps. It may also come
 * early, as a choice like that of a timed wait to give up, to a task that waits. It does not
 * come early between two steps of a task that runs: an alarm a second ahead is not expected
 * to meet the few instructions before pause().
 */
#include "files.h"
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

/* What its owner did until it was set comes before its signal. */
uint64_t timer_key(uint32_t index)
{
	return (uint64_t)&control->timers[index];
}

static struct timer *timer_new(bool posix, int number)
{
	uint32_t i = 0;
	while (i < control->timers_used && control->timers[i].used)
		i++;
	if (i >= TIMERS_MAX)
		execution_full("timers");
	if (i == control->timers_used)
		control->timers_used++;
	control->timers[i] = (struct timer){.used = 1,
		.posix = posix,
		.number = (uint8_t)number,
		.process = (uint16_t)process_private.process};
	return &control->timers[i];
}

/* The one that alarm() and setitimer() share. */
static struct timer *real_timer(void)
{
	for (uint32_t i = 0; i < control->timers_used; i++) {
		struct timer *timer = &control->timers[i];
		if (timer->used && !timer->posix &&
			timer->process == process_private.process)
			return timer;
	}
	return timer_new(false, SIGALRM);
}

static uint64_t time_left(const struct timer *timer)
{
	return timer->deadline > control->time ? timer->deadline - control->time : 0;
}

static void timer_set(struct timer *timer, uint64_t deadline, uint64_t interval)
{
	timer->deadline = deadline;
	timer->interval = interval;
	timer->overruns = 0;
	if (deadline)
		control->timed = 1;
	object_set(timer_key((uint32_t)(timer - control->timers)));
	touched();
}

static void timer_fire(struct timer *timer)
{
	uint32_t missed = 0;
	if (!timer->interval)
		timer->deadline = 0;
	while (timer->deadline && timer->deadline <= control->time) {
		timer->deadline += timer->interval;
		missed++;
	}
	timer->overruns = missed ? missed - 1 : 0;
	if (timer->source)
		source_expired(timer->source, missed ? missed : 1);
	if (timer->number)
		signal_send(&(struct pending_signal){.process = timer->process,
			.receiver = timer->receiver,
			.number = timer->number,
			.code = timer->posix ? SI_TIMER : SI_KERNEL,
			.value = timer->value,
			.from_timer = (uint8_t)(timer - control->timers + 1)});
}

bool timers_fire(void)
{
	bool some = false;
	for (uint32_t i = 0; i < control->timers_used; i++) {
		struct timer *timer = &control->timers[i];
		if (!timer->deadline || timer->deadline > control->time)
			continue;
		timer_fire(timer);
		some = true;
	}
	return some;
}

uint64_t timers_next(void)
{
	uint64_t next = UINT64_MAX;
	for (uint32_t i = 0; i < control->timers_used; i++)
		if (control->timers[i].deadline && control->timers[i].deadline < next)
			next = control->timers[i].deadline;
	return next;
}

static bool reaches(const struct timer *timer, uint32_t index)
{
	const struct task *task = &control->tasks[index];
	uint64_t bit = timer->number ? signal_bit(timer->number) : 0;
	if (!timer->deadline || timer->process != task->process)
		return false;
	if (!((control->processes[task->process].caught & ~task->signals_blocked) & bit ||
		    task->signals_awaited & bit))
		return false;
	return index + 1 ==
	       (timer->receiver ? timer->receiver
				: signal_receiver(task->process, timer->number));
}

uint64_t timer_of(uint32_t task)
{
	uint64_t next = 0;
	for (uint32_t i = 0; i < control->timers_used; i++) {
		const struct timer *timer = &control->timers[i];
		if (reaches(timer, task) && (!next || timer->deadline < next))
			next = timer->deadline;
	}
	return next;
}

void timers_drop(uint32_t process)
{
	for (uint32_t i = 0; i < control->timers_used; i++)
		if (control->timers[i].process == process)
			control->timers[i] = (struct timer){0};
}

/* A task that computes: nothing else moves the clock on. False: no timer runs. */
bool timers_pass(void)
{
	uint64_t next = timers_next();
	if (next == UINT64_MAX)
		return false;
	time_advance(next);
	signals_deliver();
	return true;
}

/* alarm() and its kin */

static uint64_t of_timeval(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * SECOND + (uint64_t)time->tv_usec * 1000;
}

static struct timeval to_timeval(uint64_t time)
{
	return (struct timeval){
		(time_t)(time / SECOND), (suseconds_t)(time % SECOND / 1000)};
}

unsigned runtime_alarm(unsigned seconds)
{
	struct timer *timer = real_timer();
	uint64_t left = time_left(timer);
	timer_set(timer, seconds ? control->time + seconds * SECOND : 0, 0);
	return (unsigned)((left + SECOND - 1) / SECOND);
}

useconds_t runtime_ualarm(useconds_t first, useconds_t interval)
{
	struct timer *timer = real_timer();
	uint64_t left = time_left(timer);
	timer_set(timer, first ? control->time + first * 1000ull : 0, interval * 1000ull);
	return (useconds_t)(left / 1000);
}

int runtime_getitimer(int which, struct itimerval *value)
{
	if (which != ITIMER_REAL)
		execution_full("timers understood: one runs by the processor's time");
	const struct timer *timer = real_timer();
	value->it_value = to_timeval(time_left(timer));
	value->it_interval = to_timeval(timer->interval);
	return 0;
}

int runtime_setitimer(int which, const struct itimerval *value, struct itimerval *old)
{
	if (which != ITIMER_REAL)
		execution_full("timers understood: one runs by the processor's time");
	if (old)
		runtime_getitimer(which, old);
	if (value->it_value.tv_usec < 0 || value->it_value.tv_usec >= 1000000 ||
		value->it_interval.tv_usec < 0 || value->it_interval.tv_usec >= 1000000) {
		errno = EINVAL;
		return -1;
	}
	uint64_t first = of_timeval(&value->it_value);
	timer_set(real_timer(), first ? control->time + first : 0,
		of_timeval(&value->it_interval));
	return 0;
}

/* timer_create() and its kin: the name of a timer is its place in the table, and one. */

static struct timer *timer_named(timer_t name)
{
	uint64_t number = (uint64_t)name;
	if (!number || number > control->timers_used)
		return NULL;
	struct timer *timer = &control->timers[number - 1];
	bool own = timer->process == process_private.process;
	return timer->used && timer->posix && own ? timer : NULL;
}

static int no_timer(void)
{
	errno = EINVAL;
	return -1;
}

int runtime_timer_create(clockid_t clock, struct sigevent *event, timer_t *name)
{
	if (clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID)
		execution_full("timers understood: one runs by the processor's time");
	if (event && event->sigev_notify == SIGEV_THREAD)
		execution_full("timers understood: one starts threads");
	int number = event ? event->sigev_signo : SIGALRM;
	if (event && event->sigev_notify == SIGEV_NONE)
		number = 0;
	struct timer *timer = timer_new(true, number);
	uint64_t place = (uint64_t)(timer - control->timers) + 1;
	*name = (timer_t)place;
	timer->value = event ? (uint64_t)event->sigev_value.sival_ptr : place;
	if (event && event->sigev_notify == SIGEV_THREAD_ID)
		timer->receiver = (uint16_t)(explore_self.index + 1);
	return 0;
}

uint32_t timer_for(uint32_t source)
{
	struct timer *timer = timer_new(true, 0);
	timer->source = (uint8_t)source;
	return (uint32_t)(timer - control->timers);
}

int runtime_timer_gettime(timer_t name, struct itimerspec *value)
{
	const struct timer *timer = timer_named(name);
	if (!timer)
		return no_timer();
	uint64_t left = time_left(timer);
	value->it_value =
		(struct timespec){(time_t)(left / SECOND), (long)(left % SECOND)};
	value->it_interval = (struct timespec){
		(time_t)(timer->interval / SECOND), (long)(timer->interval % SECOND)};
	return 0;
}

static uint64_t of_timespec(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * SECOND + (uint64_t)time->tv_nsec;
}

int runtime_timer_settime(
	timer_t name, int flags, const struct itimerspec *value, struct itimerspec *old)
{
	struct timer *timer = timer_named(name);
	if (!timer || value->it_value.tv_nsec < 0 ||
		value->it_value.tv_nsec >= (long)SECOND)
		return no_timer();
	if (old)
		runtime_timer_gettime(name, old);
	uint64_t first = of_timespec(&value->it_value);
	if (first && !(flags & TIMER_ABSTIME))
		first += control->time;
	timer_set(timer, first, of_timespec(&value->it_interval));
	return 0;
}

int runtime_timer_getoverrun(timer_t name)
{
	const struct timer *timer = timer_named(name);
	return timer ? (int)timer->overruns : no_timer();
}

int runtime_timer_delete(timer_t name)
{
	struct timer *timer = timer_named(name);
	if (!timer)
		return no_timer();
	*timer = (struct timer){0};
	touched();
	return 0;
}
