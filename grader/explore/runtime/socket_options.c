/* SPDX-License-Identifier: MIT */
/*
 * Options of sockets. The kernel keeps those that mean nothing to the order of things; how long a
 * call waits, and who may share a port, are ours.
 */
#include "files.h"
#include "ipc.h"
#include "sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/syscall.h>
#include <sys/time.h>

static bool number_in(const void *value, socklen_t size, int *number)
{
	if (size < sizeof *number)
		return false;
	real.memcpy(number, value, sizeof *number);
	return true;
}

static bool limit_in(const void *value, socklen_t size, uint64_t *limit)
{
	struct timeval time;
	if (size < sizeof time)
		return false;
	real.memcpy(&time, value, sizeof time);
	*limit = (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_usec * 1000;
	return true;
}

/* The kernel keeps them. */
static bool is_harmless(int option)
{
	switch (option) {
	case SO_REUSEADDR:
	case SO_KEEPALIVE:
	case SO_BROADCAST:
	case SO_LINGER:
	case SO_DONTROUTE:
	case SO_SNDBUF:
	case SO_RCVBUF:
	case SO_PRIORITY:
	case SO_TYPE:
	case SO_ACCEPTCONN:
		return true;
	default:
		return false;
	}
}

static int set_of_socket(
	int fd, struct socket_end *end, int option, const void *value, socklen_t size)
{
	int number = 0;
	bool fits = true;
	if (option == SO_REUSEPORT) {
		fits = number_in(value, size, &number);
		end->shares_port = number != 0;
	} else if (option == SO_RCVTIMEO) {
		fits = limit_in(value, size, &end->receive_limit);
	} else if (option == SO_SNDTIMEO) {
		fits = limit_in(value, size, &end->send_limit);
	} else if (is_harmless(option)) {
		return (int)kernel(
			SYS_setsockopt, fd, SOL_SOCKET, option, (long)value, size, 0);
	} else {
		execution_uncovered("this option of a socket");
	}
	return fits ? 0 : -EINVAL;
}

static int passed_on(long result)
{
	return result < 0 ? fails((int)-result) : 0;
}

int runtime_setsockopt(int fd, int level, int option, const void *value, socklen_t size)
{
	struct socket_end *end = socket_of(fd);
	int number = 0, result = 0;
	if (!end)
		return passed_on(
			kernel(SYS_setsockopt, fd, level, option, (long)value, size, 0));
	access_memory(value, size, 0, explore_self.frame->pc);
	if (level == SOL_SOCKET) {
		result = set_of_socket(fd, end, option, value, size);
	} else if (level == IPPROTO_IPV6 && option == IPV6_V6ONLY) {
		result = number_in(value, size, &number) ? 0 : -EINVAL;
		end->only_version_6 = number != 0;
	} else if (level != IPPROTO_TCP) {
		execution_uncovered("this option of a socket");
	}
	changed();
	return result < 0 ? fails(-result) : 0;
}

static void told(void *value, socklen_t *size, const void *what, socklen_t length)
{
	if (*size > length)
		*size = length;
	access_memory(value, *size, FLAG_WRITE, explore_self.frame->pc);
	real.memcpy(value, what, *size);
}

static void tell_limit(void *value, socklen_t *size, uint64_t limit)
{
	struct timeval time = {.tv_sec = (time_t)(limit / SECOND),
		.tv_usec = (suseconds_t)(limit % SECOND / 1000)};
	told(value, size, &time, sizeof time);
}

int runtime_getsockopt(int fd, int level, int option, void *value, socklen_t *size)
{
	struct socket_end *end = socket_of(fd);
	int number = 0;
	if (!end)
		return passed_on(kernel(
			SYS_getsockopt, fd, level, option, (long)value, (long)size, 0));
	if (level == SOL_SOCKET && option == SO_RCVTIMEO) {
		tell_limit(value, size, end->receive_limit);
		return 0;
	}
	if (level == SOL_SOCKET && option == SO_SNDTIMEO) {
		tell_limit(value, size, end->send_limit);
		return 0;
	}
	if (level == SOL_SOCKET && option == SO_ERROR) {
		number = end->refused ? ECONNREFUSED : 0;
		end->refused = 0;
	} else if (level == SOL_SOCKET && option == SO_DOMAIN) {
		number = end->domain;
	} else if (level == SOL_SOCKET && option == SO_REUSEPORT) {
		number = end->shares_port;
	} else if (level == IPPROTO_IPV6 && option == IPV6_V6ONLY) {
		number = end->only_version_6;
	} else if (level == SOL_SOCKET && is_harmless(option)) {
		long result = kernel(
			SYS_getsockopt, fd, level, option, (long)value, (long)size, 0);
		if (result == 0)
			access_memory(value, *size, FLAG_WRITE, explore_self.frame->pc);
		return result < 0 ? fails((int)-result) : 0;
	} else {
		execution_uncovered("this option of a socket");
	}
	told(value, size, &number, sizeof number);
	return 0;
}
