/* SPDX-License-Identifier: MIT */
/*
 * Signals, for those who send them or wait: children, timers, calls that a handler ends.
 *
 *	if (arrive_interruptibly(&operation, able, deadline) == WAIT_ENDED && !able_now())
 *		return fails(EINTR);
 */
#ifndef INTERLOCK_EXPLORE_SIGNALS_H
#define INTERLOCK_EXPLORE_SIGNALS_H

#include "runtime.h"

#include <signal.h>

#define SIGNAL_KEYS (1ull << 61) /* of happens-before objects */

uint64_t signal_bit(int number);
uint32_t signal_receiver(uint32_t process, int number);
void signal_send(const struct pending_signal *sent);
void signals_deliver(void);
void signals_block(uint64_t blocked);
void action_set(int number, const struct action *action);

/* pending.c; receiver 0: the process itself */
struct pending_signal *pending_find(uint32_t process, uint32_t receiver, int number);
void pending_add(const struct pending_signal *sent);
void pending_drop(uint32_t process, uint64_t set);
/* Takes the first of the set that is open to the calling task. */
bool pending_next(uint64_t set, struct pending_signal *taken);
void signal_information(siginfo_t *info, const struct pending_signal *taken);
bool signal_take(
	uint64_t set, siginfo_t *info); /* for a signalfd, whose signals are blocked */
void signals_drop(uint32_t process);

/* What happened to a wait while it lasted: `interruption` of the task. */
enum interruption arrive_interruptibly(
	const struct operation *operation, bool able, uint64_t deadline);

/* timers.c, for timerfd */
struct itimerspec;
uint32_t timer_for(uint32_t source); /* its place */
int runtime_timer_settime(
	timer_t name, int flags, const struct itimerspec *value, struct itimerspec *old);
int runtime_timer_gettime(timer_t name, struct itimerspec *value);

/* process.c: children and job control */
void child_news(uint32_t index, int code, int status);
void process_stop(uint32_t process, int number);
void process_continue(uint32_t process);

#endif
