/* SPDX-License-Identifier: MIT */
#include "selftest/cases.h"

#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/paths.h"
#include "lab/skeleton.h"
#include "selftest/trial.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Adds the case, unless --only leaves it out; takes over name and path. */
static struct selftest_case *add(
	struct selftest *test, enum selftest_kind kind, char *name, char *path)
{
	if (test->only && fnmatch(test->only, name, 0) != 0) {
		free(name);
		free(path);
		return NULL;
	}
	test->cases = memory_grow(test->cases, test->count + 1, sizeof(*test->cases));
	struct selftest_case *fresh = &test->cases[test->count++];
	*fresh = (struct selftest_case){.kind = kind, .name = name, .path = path};
	return fresh;
}

/* "/" "* fails CRITERION: why" as the first line of one of the lab's files. */
static char *read_expectation(const struct lab *lab, const char *folder)
{
	char criterion[65] = "";

	for (unsigned i = 0; i < lab->files_count && !*criterion; i++) {
		struct error none;
		char *path = path_join(folder, lab->files[i]);
		char *text =
			path_is_file(path) ? file_read(path, 1 << 20, NULL, &none) : NULL;
		if (text)
			(void)sscanf(text, "/* fails %64[a-z0-9_]:", criterion);
		free(text);
		free(path);
	}
	return *criterion ? text_copy(criterion) : NULL;
}

/* Whether an earlier one shows the same: any right answer, or a wrong one that fails the
 * criterion that this one names. */
static bool is_shown(const struct selftest *test, const struct selftest_case *fresh)
{
	for (const struct selftest_case *other = test->cases; other < fresh; other++)
		if (other->kind == fresh->kind &&
			(fresh->kind == SELFTEST_RIGHT ||
				(other->expected && fresh->expected &&
					strcmp(other->expected, fresh->expected) == 0)))
			return true;
	return false;
}

static void drop_last(struct selftest *test)
{
	struct selftest_case *last = &test->cases[--test->count];

	free(last->name);
	free(last->path);
	free(last->expected);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int collect_folder(struct selftest *test, enum selftest_kind kind,
	const char *name, struct error *error)
{
	char *folder = path_join(test->lab->folder, name);
	struct dirent **entries = NULL;
	int count = path_is_folder(folder) ? scandir(folder, &entries, visible, alphasort)
					   : 0;
	int status = 0;

	if (count < 0)
		status = error_system(error, "cannot read %s", folder);
	for (int i = 0; i < count; i++) {
		struct selftest_case *fresh =
			add(test, kind, text_format("%s-%s", name, entries[i]->d_name),
				path_join(folder, entries[i]->d_name));
		if (fresh && kind == SELFTEST_WRONG)
			fresh->expected = read_expectation(test->lab, fresh->path);
		if (fresh && test->sample && is_shown(test, fresh))
			drop_last(test);
		free(entries[i]);
	}
	free((void *)entries);
	free(folder);
	return status;
}

/* The box's user must get at what is in it. */
static char *make_folder(
	const struct selftest *test, const char *name, struct error *error)
{
	char *folder = path_join(test->folder, name);

	if (folder_make(folder, error) == 0 && chmod(folder, 0755) == 0)
		return folder;
	free(folder);
	return NULL;
}

int cases_collect(struct selftest *test, struct error *error)
{
	add(test, SELFTEST_SOLUTION, text_copy("solution"),
		path_join(test->lab->folder, "solution"));
	char *skeleton = make_folder(test, "skeleton", error);
	if (!skeleton || skeleton_write(test->lab, skeleton, error)) {
		free(skeleton);
		return -1;
	}
	add(test, SELFTEST_SKELETON, text_copy("skeleton"), skeleton);
	if (collect_folder(test, SELFTEST_RIGHT, "right", error) ||
		collect_folder(test, SELFTEST_WRONG, "wrong", error))
		return -1;
	return 0;
}

static int make_mutants(struct selftest *test, struct error *error)
{
	int status = 0;

	for (unsigned i = 0; status == 0 && i < test->lab->files_count; i++) {
		char *path = text_format(
			"%s/solution/%s", test->lab->folder, test->lab->files[i]);
		char *text = file_read(path, 1 << 20, NULL, error);
		if (text)
			mutants_make(&test->mutants, test->lab->files[i], text);
		else
			status = -1;
		free(text);
		free(path);
	}
	return status;
}

static char *mutant_name(size_t index)
{
	return text_format("mutant-%03zu", index + 1);
}

/* Whether --only leaves any mutant; if not, none needs to be compiled. */
static bool wants_mutants(const struct selftest *test)
{
	bool wanted = !test->only;

	for (size_t i = 0; i < test->mutants.count && !wanted; i++) {
		char *name = mutant_name(i);
		wanted = fnmatch(test->only, name, 0) == 0;
		free(name);
	}
	return wanted;
}

/* The solution's files but for the one in which the mutant differs. */
static int write_mutant(const struct selftest *test, const struct mutant *mutant,
	const char *folder, struct error *error)
{
	int status = 0;

	for (unsigned i = 0; status == 0 && i < test->lab->files_count; i++) {
		const char *name = test->lab->files[i];
		char *target = path_join(folder, name);
		char *source = text_format("%s/solution/%s", test->lab->folder, name);
		if (strcmp(name, mutant->file) == 0)
			status = file_replace(
				target, mutant->text, strlen(mutant->text), error);
		else
			status = file_copy(source, target, error);
		free(source);
		free(target);
	}
	return status;
}

/* Compiles what is in a folder; the code's hash goes to the file "code" in it, which is
 * not there if it does not compile. */
static int note_code(const struct selftest *test, const char *folder, struct error *error)
{
	struct trial trial = {.lab = test->lab, .compiler = test->options->compiler};
	struct trial_outcome outcome;
	char *path = path_join(folder, "code");
	int status = trial_compile(&trial, folder, &outcome, error);

	if (status == 0 && outcome.compiles)
		status = file_replace(path, outcome.code, strlen(outcome.code), error);
	trial_outcome_release(&outcome);
	free(path);
	return status;
}

/* Of `jobs` processes, each writes and compiles every one whose turn it is. */
static int write_share(const struct selftest *test, size_t share, struct error *error)
{
	int status = 0;

	for (size_t i = share;
		i < test->mutants.count && status == 0 && !interrupt_seen();
		i += (size_t)test->jobs) {
		char *name = mutant_name(i);
		char *folder = make_folder(test, name, error);
		if (!folder ||
			write_mutant(test, &test->mutants.list[i], folder, error) ||
			note_code(test, folder, error))
			status = -1;
		free(folder);
		free(name);
	}
	return status;
}

static int write_all(const struct selftest *test, struct error *error)
{
	int failed = 0;

	fflush(NULL);
	for (int share = 0; share < test->jobs; share++) {
		pid_t pid = fork();
		if (pid == 0) {
			int status = write_share(test, (size_t)share, error);
			if (status)
				fprintf(stderr, "interlock: %s\n", error->message);
			_exit(status ? 1 : 0);
		}
		failed += pid < 0;
	}
	int status = 0;
	while (wait(&status) > 0)
		failed += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	return failed ? error_set(error, "the mutants could not be compiled") : 0;
}

static char *read_code(const struct selftest *test, const char *name)
{
	struct error none;
	char *folder = path_join(test->folder, name);
	char *path = path_join(folder, "code");
	char *code = path_is_file(path) ? file_read(path, 64, NULL, &none) : NULL;

	free(path);
	free(folder);
	return code;
}

static bool is_among(char *const *codes, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(codes[i], code) == 0)
			return true;
	return false;
}

/* Leaves out the mutants that do not compile or that are the same as one before. */
static void add_different(struct selftest *test, char *solution)
{
	char **codes = memory_new(test->mutants.count + 1, sizeof(*codes));
	size_t count = 0;

	codes[count++] = solution;
	for (size_t i = 0; i < test->mutants.count; i++) {
		char *name = mutant_name(i);
		char *code = read_code(test, name);
		bool same = code && is_among(codes, count, code);
		test->not_compiling += !code;
		test->same_code += same;
		if (code && !same) {
			struct selftest_case *fresh = add(test, SELFTEST_MUTANT,
				text_copy(name), path_join(test->folder, name));
			if (fresh)
				fresh->mutant = &test->mutants.list[i];
			codes[count++] = code;
			code = NULL;
		}
		free(code);
		free(name);
	}
	while (count > 1)
		free(codes[--count]);
	free(codes);
}

static int compile_mutants(struct selftest *test, struct error *error)
{
	char *folder = make_folder(test, "same", error);
	char *from = path_join(test->lab->folder, "solution");
	char *solution = NULL;
	int status = -1;

	if (folder && folder_copy(from, folder, error) == 0 &&
		note_code(test, folder, error) == 0)
		status = write_all(test, error);
	if (status == 0 && !(solution = read_code(test, "same")))
		status = error_set(error, "the solution in %s does not compile", from);
	if (status == 0 && solution)
		add_different(test, solution);
	free(solution);
	free(from);
	free(folder);
	return status;
}

int cases_add_mutants(struct selftest *test, struct error *error)
{
	if (make_mutants(test, error))
		return -1;
	if (!wants_mutants(test)) {
		mutants_release(&test->mutants);
		return 0;
	}
	if (test->progress)
		fprintf(stderr, "\r\033[Kcompiling %zu mutants", test->mutants.count);
	int status = compile_mutants(test, error);
	if (test->progress)
		fputs("\r\033[K", stderr);
	return status;
}
