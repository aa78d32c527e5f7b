/* SPDX-License-Identifier: MIT */
#include "explore/bench/trial.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { OUTPUT_MOST = 16 << 20 };

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The child's side, after the fork and so with async-signal-safe calls only. */
static void execute(const char *const argv[], int output)
{
	int empty = open("/dev/null", O_RDONLY | O_CLOEXEC);

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (empty >= 0 && dup2(empty, 0) == 0 && dup2(output, 1) == 1 &&
		dup2(output, 2) == 2)
		execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* Whether the process ended in time. Leaves it to be reaped. */
static bool ends_in_time(pid_t pid, long timeout_ms)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd end = {.fd = fd, .events = POLLIN};
	long deadline = now_ms() + timeout_ms;
	int ready;

	do {
		long left = deadline - now_ms();
		ready = poll(&end, 1, left > 0 ? (int)left : 0);
	} while (ready < 0 && errno == EINTR);
	close(fd);
	return ready > 0;
}

static char *read_output(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	size_t length = size > OUTPUT_MOST ? OUTPUT_MOST : size > 0 ? (size_t)size : 0;
	char *text = memory_new(length + 1, 1);
	ssize_t got = pread(fd, text, length, 0);

	text[got > 0 ? got : 0] = '\0';
	return text;
}

int trial_run(const char *const argv[], long timeout_ms, struct trial *trial,
	struct error *error)
{
	long started = now_ms();
	int status;

	*trial = (struct trial){0};
	int output = memfd_create("output", MFD_CLOEXEC);
	if (output < 0)
		return error_system(error, "making a file for the output of %s", argv[0]);
	pid_t pid = fork();
	if (pid < 0) {
		close(output);
		return error_system(error, "starting %s", argv[0]);
	}
	if (pid == 0)
		execute(argv, output);
	trial->timed_out = !ends_in_time(pid, timeout_ms);
	kill(-pid, SIGKILL);
	kill(pid, SIGKILL); /* should it not have come as far as to have a session */
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	trial->ms = now_ms() - started;
	if (WIFSIGNALED(status))
		trial->signal = WTERMSIG(status);
	else
		trial->code = WEXITSTATUS(status);
	trial->output = read_output(output);
	close(output);
	if (!trial->timed_out && trial->code == 127) {
		trial_release(trial);
		return error_set(error, "%s could not be started", argv[0]);
	}
	return 0;
}

void trial_release(struct trial *trial)
{
	free(trial->output);
	trial->output = NULL;
}

bool trial_passed(const struct trial *trial)
{
	return !trial->timed_out && trial->signal == 0 && trial->code == 0;
}
