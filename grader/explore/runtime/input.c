/* SPDX-License-Identifier: MIT */
/*
 * Standard input is recorded once, when an execution first asks for it, up to its end; each
 * execution is given the record from its start. It is a file in memory, which is sealed when
 * the record is whole. All servers have the same one.
 */
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RECORD_MOST = 64 << 20, LOOK_MS = 1000, ABOVE_THE_PROGRAMS = 500 };

static int given_fd = -1, record_fd = -1;

/* In the server; its twins come with both. */
void input_make(void)
{
	struct stat status = {0};
	if (record_fd < 0) {
		int fd = memfd_create("input", MFD_CLOEXEC | MFD_ALLOW_SEALING);
		record_fd = (int)kernel(
			SYS_fcntl, fd, F_DUPFD_CLOEXEC, ABOVE_THE_PROGRAMS, 0, 0, 0);
		given_fd = (int)kernel(
			SYS_fcntl, 0, F_DUPFD_CLOEXEC, ABOVE_THE_PROGRAMS, 0, 0, 0);
		real.close(fd);
	}
	fstat(record_fd, &status);
	control->input_inode = status.st_ino;
}

/* In the execution that begins: with a position of its own. */
void input_give(void)
{
	char path[] = "/proc/self/fd/000";
	for (int fd = record_fd, i = 0; i < 3; i++, fd /= 10)
		path[sizeof path - 2 - (size_t)i] = (char)('0' + fd % 10);
	long fd = kernel(SYS_openat, AT_FDCWD, (long)path, O_RDONLY, 0, 0, 0);
	kernel(SYS_dup2, fd, 0, 0, 0, 0, 0);
	kernel(SYS_close, fd, 0, 0, 0, 0, 0);
}

/* Whoever writes there may take long: that is no sign that the program hangs. */
static long read_given(char *bytes, size_t size)
{
	struct pollfd given = {.fd = given_fd, .events = POLLIN};
	while (real.poll(&given, 1, LOOK_MS) == 0)
		control->result.ticks++;
	return kernel(SYS_read, given_fd, (long)bytes, (long)size, 0, 0, 0);
}

static void record_all(void)
{
	static char bytes[4096];
	uint64_t whole = 0;
	long size;
	while ((size = read_given(bytes, sizeof bytes)) > 0 || size == -EINTR) {
		whole += size > 0 ? (uint64_t)size : 0;
		if (whole > RECORD_MOST)
			execution_full("standard input: 64 MB");
		if (size > 0)
			kernel(SYS_write, record_fd, (long)bytes, size, 0, 0, 0);
	}
	real.memset(bytes, 0, sizeof bytes); /* they are no part of the state */
}

/* A terminal belongs to interlock: it would not let us read. */
static void input_wanted(void)
{
	enum { WHOLE = F_SEAL_WRITE | F_SEAL_GROW };
	struct flock all = {.l_type = F_WRLCK};
	explore_self.left_behind = 1;
	if (kernel(SYS_fcntl, record_fd, F_GET_SEALS, 0, 0, 0, 0) & F_SEAL_WRITE)
		return;
	kernel(SYS_fcntl, record_fd, F_SETLKW, (long)&all, 0, 0, 0);
	if (isatty(given_fd))
		control->result.terminal_asked = 1;
	else if (!(kernel(SYS_fcntl, record_fd, F_GET_SEALS, 0, 0, 0, 0) & F_SEAL_WRITE))
		record_all();
	if (!control->result.terminal_asked)
		kernel(SYS_fcntl, record_fd, F_ADD_SEALS, WHOLE, 0, 0, 0);
	all.l_type = F_UNLCK;
	kernel(SYS_fcntl, record_fd, F_SETLK, (long)&all, 0, 0, 0);
}

void input_read(int fd)
{
	struct stat status;
	if (explore_self.task && control->request.has_streams &&
		fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
		status.st_ino == control->input_inode)
		input_wanted();
}
