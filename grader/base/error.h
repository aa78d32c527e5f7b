/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, in words for the person at the terminal.
 *
 *	struct error error;
 *	if (lab_read(&lab, path, &error))
 *		return error_context(&error, "grading %s", name);
 *
 * A function that can fail takes a struct error last, returns 0 or -1 and sets the
 * error only when it fails. The message says what was tried, on which file or test, and
 * what the system said.
 */
#ifndef INTERLOCK_BASE_ERROR_H
#define INTERLOCK_BASE_ERROR_H

struct error {
	char message[1024];
};

/* Sets the message, cut to fit. Returns -1, so that callers can return it. */
int error_set(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* As error_set, followed by ": " and the words for the current errno. Returns -1. */
int error_system(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts context and ": " before the message that is there. Returns -1. */
int error_context(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
