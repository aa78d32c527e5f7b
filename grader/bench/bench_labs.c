/* SPDX-License-Identifier: MIT */
/*
 * What a student waits for: `interlock check` at the desk, for every lab that is there, or for
 * those that are named as arguments. The lab's solution is checked a few times, and of its
 * wrong submissions as many as INTERLOCK_BENCH_WRONG says (4, or "all"), evenly spread, once
 * each. The time of a right answer is that of the whole check, which starts with compiling the
 * lab's checks and ends with the report; that of a wrong one is until a terminal shows the
 * first criterion that is not passed. How long this machine takes to compile one function is
 * said first: most of a check is programs started and processes forked, as that is.
 */
#include "bench/measure.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "lab/lab.h"

#include <dirent.h>
#include <pty.h>
#include <signal.h>
#include <string.h>

/* A wrong answer whose first failure comes later than LATE_MS is named. */
enum { RIGHT_ROUNDS = 3, WRONG_TAKEN = 4, LATE_MS = 2000 };

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Puts the submission's files into the handout in place of what is there. */
static int put_files(
	const struct lab *lab, const char *from, const char *handout, struct error *error)
{
	int status = 0;

	for (unsigned i = 0; status == 0 && i < lab->files_count; i++) {
		char *source = path_join(from, lab->files[i]);
		char *target = path_join(handout, lab->files[i]);
		if (path_is_file(source))
			status = file_copy(source, target, error);
		free(target);
		free(source);
	}
	return status;
}

/* Milliseconds until the program's terminal shows the words, when the program is ended; or
 * until its end if it does not show them, negative if that is not with this exit code. */
static double time_words(const char *const *argv, const char *words, int code)
{
	struct buffer shown = {0};
	double started = now_ms();
	double first = -1;
	char bytes[4096];
	int terminal = -1;
	int status = -1;
	ssize_t count = 0;
	pid_t pid = forkpty(&terminal, NULL, NULL, NULL);

	if (pid == 0) {
		execv(argv[0], (char **)(uintptr_t)argv);
		_exit(127);
	}
	while (pid > 0 && (count = read(terminal, bytes, sizeof(bytes))) > 0) {
		buffer_add(&shown, bytes, (size_t)count);
		if (first < 0 && strstr(shown.bytes, words)) {
			first = now_ms() - started;
			kill(pid, SIGINT);
		}
	}
	bool ended = pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
		     (first >= 0 || WEXITSTATUS(status) == code);
	if (pid > 0)
		close(terminal);
	buffer_release(&shown);
	return !ended ? -1 : first < 0 ? now_ms() - started : first;
}

/* Milliseconds, or negative with the error set. A wrong answer is one that ends with 1. */
static double time_check(const struct lab *lab, const char *from, const char *handout,
	int code, struct error *error)
{
	char *interlock = path_of("interlock");
	const char *const argv[] = {interlock, "check", handout, NULL};
	double ms = -1;

	if (put_files(lab, from, handout, error) == 0)
		ms = code == 1 ? time_words(argv, "Not passed: ", code)
			       : time_program(argv, code);
	if (ms < 0)
		error_set(error, "the check of %s did not end with exit code %d", from,
			code);
	free(interlock);
	return ms;
}

static int time_right(const struct lab *lab, const char *handout, struct error *error)
{
	double values[RIGHT_ROUNDS];
	char *solution = path_join(lab->folder, "solution");
	int status = 0;

	for (int i = 0; status == 0 && i < RIGHT_ROUNDS; i++) {
		values[i] = time_check(lab, solution, handout, 0, error);
		status = values[i] < 0 ? -1 : 0;
	}
	if (status == 0)
		print_median(lab->name, values, RIGHT_ROUNDS, "ms");
	free(solution);
	return status;
}

static int time_wrong(
	const struct lab *lab, const char *handout, long wanted, struct error *error)
{
	struct dirent **entries = NULL;
	char *wrong = path_join(lab->folder, "wrong");
	int count = scandir(wrong, &entries, visible, alphasort);
	long taken = wanted < count ? wanted : count;
	double *values = memory_new((size_t)taken + 1, sizeof(*values));
	int status = 0;

	for (long i = 0; status == 0 && i < taken; i++) {
		const char *name = entries[i * count / taken]->d_name;
		char *from = path_join(wrong, name);
		values[i] = time_check(lab, from, handout, 1, error);
		status = values[i] < 0 ? -1 : 0;
		if (values[i] > LATE_MS)
			printf("    late: %-38s %8.0f ms\n", name, values[i]);
		free(from);
	}
	if (status == 0 && taken > 0) {
		char *what = text_format("  %ld of its %d wrong ones", taken, count);
		print_median(what, values, (int)taken, "ms");
		free(what);
	}
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free((void *)entries);
	free(values);
	free(wrong);
	return status;
}

static int bench_lab(
	const char *name, const char *folder, long wanted, struct error *error)
{
	struct lab *lab = lab_open(name, error);
	char *interlock = path_of("interlock");
	char *handout = path_join(folder, name);
	const char *const make[] = {interlock, "handout", name, "-o", handout, NULL};
	int status = -1;

	if (lab && time_program(make, 0) < 0)
		error_set(error, "no handout of %s can be made", name);
	else if (lab)
		status = time_right(lab, handout, error) ||
					 time_wrong(lab, handout, wanted, error)
				 ? -1
				 : 0;
	free(handout);
	free(interlock);
	lab_close(lab);
	return status;
}

static bool is_lab(const char *labs, const char *name)
{
	char *path = text_format("%s/%s/lab.yaml", labs, name);
	bool found = path_is_file(path);

	free(path);
	return found;
}

static long wrong_wanted(void)
{
	const char *wanted = getenv("INTERLOCK_BENCH_WRONG");

	if (!wanted)
		return WRONG_TAKEN;
	return strcmp(wanted, "all") == 0 ? 1000 : strtol(wanted, NULL, 10);
}

static int time_compiler(const char *folder, struct error *error)
{
	char *source = path_join(folder, "one.c");
	char *object = path_join(folder, "one.o");
	const char *const argv[] = {"/usr/bin/gcc", "-c", source, "-o", object, NULL};
	const char *text = "int one(void)\n{\n\treturn 1;\n}\n";
	double values[RIGHT_ROUNDS];
	int status = file_replace(source, text, strlen(text), error);

	for (int i = 0; status == 0 && i < RIGHT_ROUNDS; i++) {
		values[i] = time_program(argv, 0);
		if (values[i] < 0)
			status = error_set(error, "gcc cannot compile %s", source);
	}
	if (status == 0)
		print_median("gcc alone, one function", values, RIGHT_ROUNDS, "ms");
	free(object);
	free(source);
	return status;
}

static int bench_all(const char *folder, struct error *error)
{
	struct dirent **entries = NULL;
	char *labs = path_of("share/interlock/labs");
	int count = scandir(labs, &entries, visible, alphasort);
	int status = count < 0 ? error_set(error, "%s cannot be read", labs) : 0;

	for (int i = 0; i < count; i++) {
		if (status == 0 && is_lab(labs, entries[i]->d_name))
			status = bench_lab(
				entries[i]->d_name, folder, wrong_wanted(), error);
		free(entries[i]);
	}
	free((void *)entries);
	free(labs);
	return status;
}

int main(int argc, char **argv)
{
	struct error error = {""};
	struct error ignored;
	char *folder = folder_make_temporary(&error);
	int status = folder ? 0 : -1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("What a check at the desk takes: right answers, and the first failure of "
	       "wrong ones\n");
	if (status == 0)
		status = time_compiler(folder, &error);
	if (status == 0 && argc == 1)
		status = bench_all(folder, &error);
	for (int i = 1; status == 0 && i < argc; i++)
		status = bench_lab(argv[i], folder, wrong_wanted(), &error);
	if (status)
		fprintf(stderr, "bench_labs: %s\n", error.message);
	if (folder)
		folder_remove(folder, &ignored);
	free(folder);
	return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
