/* SPDX-License-Identifier: MIT */
/*
 * poll, select and epoll: the kernel is asked without blocking, the task waits in the model
 * and asks again when something has happened to some pipe, socket or event.
 */
#include "files.h"
#include "ipc.h"
#include "signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>

enum { SELECT_MOST = 64 };

static int poll_now(struct pollfd *fds, nfds_t count)
{
	sources_look();
	return real.poll(fds, count, 0);
}

/* What made it ready happened before. */
static void poll_acquire(const struct pollfd *fds, nfds_t count)
{
	uint64_t key;
	for (nfds_t i = 0; i < count; i++)
		if (fds[i].revents && is_pipe(fds[i].fd, &key)) {
			object_acquire(incoming(key));
			if (fds[i].revents & (POLLHUP | POLLRDHUP | POLLERR))
				pipe_found_closed(key);
		}
}

int poll_until(struct pollfd *fds, nfds_t count, bool blocking, uint64_t deadline)
{
	struct operation operation = operation_at(STEP_PIPE_READ, 0, NULL);
	if (!blocking || deadline)
		yield_turn();
	int status = poll_now(fds, count);
	enum interruption interruption =
		arrive_interruptibly(&operation, status != 0 || !blocking, deadline);
	while ((status = poll_now(fds, count)) == 0 && blocking) {
		if (explore_self.task->timed_out)
			break;
		if (interruption >= HANDLED)
			return fails(EINTR);
		interruption = arrive_interruptibly(&operation, false, deadline);
	}
	poll_acquire(fds, count);
	access_memory(fds, count * sizeof *fds, FLAG_WRITE, explore_self.frame->pc);
	return status;
}

static bool in_model(void)
{
	return explore_self.task && !explore_self.inside;
}

int runtime_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	if (!in_model())
		return real.poll(fds, count, timeout_ms);
	uint64_t wait = timeout_ms > 0 ? (uint64_t)timeout_ms * (SECOND / 1000) : 0;
	return poll_until(fds, count, timeout_ms != 0, wait ? control->time + wait : 0);
}

/* With another mask while it waits. A signal that this opens comes at once, and ends the wait. */
static uint64_t mask_begin(const sigset_t *mask)
{
	uint64_t before = explore_self.task->signals_blocked, wanted;
	if (mask) {
		real.memcpy(&wanted, mask, sizeof wanted);
		signals_block(wanted);
	}
	return before;
}

static int mask_end(uint64_t before, int status)
{
	int error = errno;
	signals_block(before);
	signals_deliver();
	errno = error;
	return status;
}

static uint64_t after(const struct timespec *timeout)
{
	if (!timeout || (!timeout->tv_sec && !timeout->tv_nsec))
		return 0;
	return control->time + (uint64_t)timeout->tv_sec * SECOND +
	       (uint64_t)timeout->tv_nsec;
}

static bool waits(const struct timespec *timeout)
{
	return !timeout || timeout->tv_sec || timeout->tv_nsec;
}

/* Whether a signal was waiting for the mask to open: its handler has run now. */
static bool opened_by(const sigset_t *mask)
{
	if (!mask)
		return false;
	explore_self.task->interruption = NOT_INTERRUPTED;
	signals_deliver();
	return explore_self.task->interruption >= HANDLED;
}

int runtime_ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
	const sigset_t *mask)
{
	if (!in_model())
		return fails(ENOSYS);
	uint64_t before = mask_begin(mask);
	int status = opened_by(mask)
			     ? fails(EINTR)
			     : poll_until(fds, count, waits(timeout), after(timeout));
	return mask_end(before, status);
}

/* The sets of select() as poll() has them. */
static nfds_t select_read(int most, const fd_set *in, const fd_set *out,
	const fd_set *urgent, struct pollfd *fds)
{
	nfds_t count = 0;
	for (int fd = 0; fd < most; fd++) {
		short events = 0;
		events |= in && FD_ISSET(fd, in) ? POLLIN : 0;
		events |= out && FD_ISSET(fd, out) ? POLLOUT : 0;
		events |= urgent && FD_ISSET(fd, urgent) ? POLLPRI : 0;
		if (!events)
			continue;
		if (count == SELECT_MOST)
			execution_full("descriptors of one select()");
		fds[count++] = (struct pollfd){.fd = fd, .events = events};
	}
	return count;
}

static int select_keep(fd_set *set, const struct pollfd *poll, short wanted, short found)
{
	if (!set || !(poll->events & wanted))
		return 0;
	if (poll->revents & found)
		return 1;
	FD_CLR(poll->fd, set);
	return 0;
}

static int select_until(int most, fd_set *in, fd_set *out, fd_set *urgent, bool blocking,
	uint64_t deadline)
{
	struct pollfd fds[SELECT_MOST];
	nfds_t count = select_read(most, in, out, urgent, fds);
	int found = 0, status = poll_until(fds, count, blocking, deadline);
	if (status < 0)
		return status;
	for (nfds_t i = 0; i < count; i++) {
		if (fds[i].revents & POLLNVAL)
			return fails(EBADF);
		found += select_keep(in, &fds[i], POLLIN, POLLIN | POLLHUP | POLLERR);
		found += select_keep(out, &fds[i], POLLOUT, POLLOUT | POLLERR);
		found += select_keep(urgent, &fds[i], POLLPRI, POLLPRI);
	}
	return found;
}

int runtime_select(
	int most, fd_set *in, fd_set *out, fd_set *urgent, struct timeval *timeout)
{
	struct timespec wait = {0};
	if (timeout) {
		wait.tv_sec = timeout->tv_sec;
		wait.tv_nsec = timeout->tv_usec * 1000;
	}
	const struct timespec *limit = timeout ? &wait : NULL;
	uint64_t deadline = after(limit);
	int status = select_until(most, in, out, urgent, waits(limit), deadline);
	if (timeout) {
		uint64_t left = deadline > control->time ? deadline - control->time : 0;
		timeout->tv_sec = (time_t)(left / SECOND);
		timeout->tv_usec = (suseconds_t)(left % SECOND / 1000);
	}
	return status;
}

int runtime_pselect(int most, fd_set *in, fd_set *out, fd_set *urgent,
	const struct timespec *timeout, const sigset_t *mask)
{
	uint64_t before = mask_begin(mask);
	int status = opened_by(mask) ? fails(EINTR)
				     : select_until(most, in, out, urgent, waits(timeout),
					       after(timeout));
	return mask_end(before, status);
}

static int epoll_until(
	int fd, struct epoll_event *events, int most, bool blocking, uint64_t deadline)
{
	struct pollfd own = {.fd = fd, .events = POLLIN};
	for (;;) {
		int status = poll_until(&own, 1, blocking, deadline);
		if (status <= 0)
			return status;
		if (own.revents & POLLNVAL)
			return fails(EBADF);
		long count = kernel(SYS_epoll_wait, fd, (long)events, most, 0, 0, 0);
		if (count < 0)
			return fails((int)-count);
		if (count > 0)
			access_memory(events, (size_t)count * sizeof *events, FLAG_WRITE,
				explore_self.frame->pc);
		if (count > 0 || !blocking)
			return (int)count;
	}
}

static uint64_t after_ms(int timeout_ms)
{
	return timeout_ms > 0 ? control->time + (uint64_t)timeout_ms * (SECOND / 1000)
			      : 0;
}

int runtime_epoll_wait(int fd, struct epoll_event *events, int most, int timeout_ms)
{
	return epoll_until(fd, events, most, timeout_ms != 0, after_ms(timeout_ms));
}

int runtime_epoll_pwait(int fd, struct epoll_event *events, int most, int timeout_ms,
	const sigset_t *mask)
{
	uint64_t before = mask_begin(mask);
	int status = opened_by(mask) ? fails(EINTR)
				     : epoll_until(fd, events, most, timeout_ms != 0,
					       after_ms(timeout_ms));
	return mask_end(before, status);
}

/* A descriptor that is ready already may make somebody's wait end. */
int runtime_epoll_ctl(int fd, int what, int target, struct epoll_event *event)
{
	if (event)
		access_memory(event, sizeof *event, 0, explore_self.frame->pc);
	long result = kernel(SYS_epoll_ctl, fd, what, target, (long)event, 0, 0);
	if (result < 0)
		return fails((int)-result);
	pipes_changed();
	return 0;
}
