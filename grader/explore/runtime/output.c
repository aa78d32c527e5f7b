/* SPDX-License-Identifier: MIT */
/*
 * What an execution prints goes to a file of the server's, in memory: its start is kept for the
 * report, and its hash tells executions apart that printed something else. Like all that the
 * program prints into a file, it is buffered until the process ends or flushes it.
 */
#include "runtime.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ROOM = 1 << 20 };

/* In the server, before any execution. */
void output_make(void)
{
	int fd = memfd_create("output", MFD_CLOEXEC);
	control->output_fd =
		(int32_t)kernel(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 500, 0, 0, 0);
	real.close(fd);
	kernel(SYS_fcntl, control->output_fd, F_SETFL, O_APPEND, 0, 0, 0);
	struct stat status = {0};
	fstat(control->output_fd, &status);
	control->output_inode = status.st_ino;
}

/* In the execution that begins. */
void output_give(void)
{
	kernel(SYS_dup2, control->output_fd, 1, 0, 0, 0, 0);
	kernel(SYS_dup2, control->output_fd, 2, 0, 0, 0, 0);
}

static void take(const unsigned char *bytes, size_t size)
{
	struct execution_result *result = &control->result;
	for (size_t i = 0; i < size; i++) {
		if (result->output_size < PRINTED_KEPT - 1)
			result->output_text[result->output_size] = (char)bytes[i];
		result->output_size++;
		result->output = (result->output ^ bytes[i]) * 0x100000001b3ull;
	}
}

/* What is in the file is counted, and the file is empty again. */
void output_take(void)
{
	static unsigned char bytes[4096];
	long size, at = 0;
	while ((size = kernel(SYS_pread64, control->output_fd, (long)bytes, sizeof bytes,
			at, 0, 0)) > 0) {
		take(bytes, (size_t)size);
		at += size;
	}
	kernel(SYS_ftruncate, control->output_fd, 0, 0, 0, 0, 0);
	real.memset(bytes, 0, sizeof bytes);
}

/* Where the program prints: a long output does not fill the memory. */
void output_limit(const struct stat *status)
{
	if (status->st_ino == control->output_inode && S_ISREG(status->st_mode) &&
		status->st_size > ROOM)
		output_take();
}
