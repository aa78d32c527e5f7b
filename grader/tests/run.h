/* SPDX-License-Identifier: MIT */
/*
 * Runs the real interlock, or any program, and keeps what it printed.
 *
 *	struct ran ran = run_interlock("grade", lab, path, "-o", out, NULL);
 *	ck_assert_int_eq(ran.code, 1);
 *	expect_holds(ran.output, "the file account.c is missing");
 *	ran_release(&ran);
 */
#ifndef INTERLOCK_TESTS_RUN_H
#define INTERLOCK_TESTS_RUN_H

#include "suite.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/wait.h>

enum { RUN_MOST_ARGUMENTS = 24 };

struct ran {
	int code; /* exit code, or minus the signal */
	char *output;
	char *errors;
};

static inline void ran_release(struct ran *ran)
{
	free(ran->output);
	free(ran->errors);
}

/* Starts a program that is argv[0], its output going to two files of the scratch folder. */
static inline pid_t run_start(
	const char *const *argv, const char *output, const char *errors)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	int out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int err = open(errors, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(out, 1);
	dup2(err, 2);
	execv(argv[0], (char **)(uintptr_t)argv);
	_exit(127);
}

static inline int run_wait(pid_t pid)
{
	int status = 0;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static inline struct ran run_program(const char *const *argv)
{
	char *output = scratch_path("%d.out", (int)getpid());
	char *errors = scratch_path("%d.err", (int)getpid());
	struct ran ran = {.code = run_wait(run_start(argv, output, errors))};

	ran.output = file_get(output);
	ran.errors = file_get(errors);
	unlink(output);
	unlink(errors);
	free(output);
	free(errors);
	return ran;
}

/* Arguments are ended by NULL. */
static inline struct ran run_interlock(const char *command, ...)
	__attribute__((sentinel));
static inline struct ran run_interlock(const char *command, ...)
{
	const char *argv[RUN_MOST_ARGUMENTS + 1] = {path_of("interlock"), command};
	va_list arguments;
	int count = 2;

	va_start(arguments, command);
	while (count < RUN_MOST_ARGUMENTS && (argv[count] = va_arg(arguments, char *)))
		count++;
	va_end(arguments);
	struct ran ran = run_program(argv);
	free((char *)(uintptr_t)argv[0]);
	return ran;
}

#endif
