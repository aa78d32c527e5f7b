/* SPDX-License-Identifier: MIT */
/*
 * eventfd, signalfd and timerfd. What they hold lies in the control memory, like the signals and
 * timers that they tell of. Their descriptors are the kernel's, so that dup, fork, select
 * and epoll work as ever: an eventfd each, marked with the number of its source (F_SETSIG keeps it
 * with the open file), and made readable or not just before the kernel is asked.
 */
#include "files.h"
#include "ipc.h"
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { DESCRIPTORS_LOOKED_AT = 256 };

static uint64_t source_key(uint32_t source)
{
	return (uint64_t)&control->sources[source];
}

uint32_t source_of(int fd)
{
	if (!control->sources_used)
		return 0;
	long mark = kernel(SYS_fcntl, fd, F_GETSIG, 0, 0, 0, 0);
	return mark > 0 && mark <= (long)control->sources_used ? (uint32_t)mark : 0;
}

int source_new(enum source_kind kind, int flags, uint32_t *source)
{
	long fd =
		kernel(SYS_eventfd2, 0, flags & (EFD_CLOEXEC | EFD_NONBLOCK), 0, 0, 0, 0);
	if (fd < 0)
		return fails((int)-fd);
	if (control->sources_used + 1 >= SOURCES_MAX)
		execution_full("descriptors of events, signals, timers and queues");
	*source = ++control->sources_used;
	control->sources[*source] = (struct event_source){.kind = (uint8_t)kind};
	kernel(SYS_fcntl, fd, F_SETSIG, *source, 0, 0, 0);
	return (int)fd;
}

static uint64_t signals_here(uint64_t mask)
{
	return (explore_self.task->signals |
		       control->processes[process_private.process].signals) &
	       mask;
}

static bool source_ready(uint32_t number)
{
	const struct event_source *source = &control->sources[number];
	const struct message_queue *queue = &control->queues[source->place];
	if (source->kind == SOURCE_SIGNALS)
		return signals_here(source->mask);
	if (source->kind == SOURCE_QUEUE)
		return queue->messages > 0;
	return source->count > 0;
}

static void source_look(int fd, uint32_t source)
{
	uint64_t value = 1;
	struct pollfd now = {.fd = fd, .events = POLLIN};
	bool readable = real.poll(&now, 1, 0) > 0 && now.revents & POLLIN;
	if (readable == source_ready(source))
		return;
	if (readable)
		kernel(SYS_read, fd, (long)&value, sizeof value, 0, 0, 0);
	else
		kernel(SYS_write, fd, (long)&value, sizeof value, 0, 0, 0);
}

void sources_look(void)
{
	uint64_t seen = 0;
	for (int fd = 3; control->sources_used && fd < DESCRIPTORS_LOOKED_AT; fd++) {
		uint32_t source = source_of(fd);
		if (source && !(seen >> source & 1))
			source_look(fd, source);
		seen |= source ? 1ull << source : 0;
	}
}

void source_expired(uint32_t source, uint64_t times)
{
	control->sources[source].count += times;
	pipes_changed();
}

static int source_wait(enum step_kind kind, int fd, uint32_t source, bool able)
{
	struct operation operation = operation_at(kind, source_key(source), NULL);
	bool blocking = !(kernel(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0) & O_NONBLOCK);
	yield_turn();
	enum interruption interruption =
		arrive_interruptibly(&operation, able || !blocking, 0);
	while (!source_ready(source)) {
		if (!blocking)
			return EAGAIN;
		if (interruption == WAIT_ENDED)
			return EINTR;
		interruption = arrive_interruptibly(&operation, false, 0);
	}
	return 0;
}

static ssize_t read_signals(uint64_t mask, struct signalfd_siginfo *to, size_t most)
{
	size_t count = 0;
	siginfo_t info;
	while (count < most && signal_take(mask, &info)) {
		real.memset(&to[count], 0, sizeof *to);
		to[count].ssi_signo = (uint32_t)info.si_signo;
		to[count].ssi_code = info.si_code;
		to[count].ssi_pid = (uint32_t)info.si_pid;
		to[count].ssi_uid = info.si_uid;
		to[count].ssi_status = info.si_status;
		to[count].ssi_int = info.si_value.sival_int;
		to[count].ssi_ptr = (uint64_t)info.si_value.sival_ptr;
		count++;
	}
	return (ssize_t)(count * sizeof *to);
}

ssize_t source_read(int fd, uint32_t number, void *buffer, size_t size)
{
	struct event_source *source = &control->sources[number];
	size_t least = source->kind == SOURCE_SIGNALS ? sizeof(struct signalfd_siginfo)
						      : sizeof(uint64_t);
	if (size < least)
		return fails(EINVAL);
	int trouble = source_wait(STEP_PIPE_READ, fd, number, source_ready(number));
	if (trouble)
		return fails(trouble);
	access_memory(buffer, least, FLAG_WRITE, explore_self.frame->pc);
	if (source->kind == SOURCE_SIGNALS)
		return read_signals(source->mask, buffer, size / least);
	uint64_t value = source->semaphore ? 1 : source->count;
	source->count -= value;
	real.memcpy(buffer, &value, sizeof value);
	object_acquire(source_key(number));
	pipes_changed();
	explore_self.task->quiet = 0;
	return sizeof value;
}

ssize_t source_write(int fd, uint32_t number, const void *buffer, size_t size)
{
	uint64_t value;
	(void)fd;
	if (size < sizeof value || control->sources[number].kind != SOURCE_EVENT)
		return fails(EINVAL);
	access_memory(buffer, sizeof value, 0, explore_self.frame->pc);
	real.memcpy(&value, buffer, sizeof value);
	if (value > UINT32_MAX)
		execution_full("the value of an eventfd");
	struct operation operation =
		operation_at(STEP_PIPE_WRITE, source_key(number), NULL);
	point(&operation);
	object_release(source_key(number));
	control->sources[number].count += value;
	pipes_changed();
	explore_self.task->quiet = 0;
	return sizeof value;
}

int runtime_eventfd(unsigned count, int flags)
{
	uint32_t source;
	int fd = source_new(SOURCE_EVENT, flags, &source);
	if (fd < 0)
		return fd;
	control->sources[source].count = count;
	control->sources[source].semaphore = (flags & EFD_SEMAPHORE) != 0;
	return fd;
}

int runtime_eventfd_read(int fd, eventfd_t *value)
{
	return runtime_read(fd, value, sizeof *value) == sizeof *value ? 0 : -1;
}

int runtime_eventfd_write(int fd, eventfd_t value)
{
	return runtime_write(fd, &value, sizeof value) == sizeof value ? 0 : -1;
}

int runtime_signalfd(int fd, const sigset_t *set, int flags)
{
	uint32_t source = fd < 0 ? 0 : source_of(fd);
	if (fd < 0)
		fd = source_new(SOURCE_SIGNALS, flags, &source);
	if (fd < 0 || control->sources[source].kind != SOURCE_SIGNALS)
		return fails(EINVAL);
	real.memcpy(&control->sources[source].mask, set, sizeof(uint64_t));
	return fd;
}

int runtime_timerfd_create(clockid_t clock, int flags)
{
	uint32_t source;
	(void)clock;
	int fd = source_new(SOURCE_TIMER, flags, &source);
	if (fd >= 0)
		control->sources[source].place = (uint16_t)timer_for(source);
	return fd;
}

int runtime_timerfd_settime(
	int fd, int flags, const struct itimerspec *value, struct itimerspec *old)
{
	uint32_t source = source_of(fd);
	if (!source || control->sources[source].kind != SOURCE_TIMER)
		return fails(EINVAL);
	control->sources[source].count = 0;
	return runtime_timer_settime(
		(timer_t)(uintptr_t)(control->sources[source].place + 1), flags, value,
		old);
}

int runtime_timerfd_gettime(int fd, struct itimerspec *value)
{
	uint32_t source = source_of(fd);
	if (!source || control->sources[source].kind != SOURCE_TIMER)
		return fails(EINVAL);
	return runtime_timer_gettime(
		(timer_t)(uintptr_t)(control->sources[source].place + 1), value);
}
