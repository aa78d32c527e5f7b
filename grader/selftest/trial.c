/* SPDX-License-Identifier: MIT */
#include "selftest/trial.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "build/arguments.h"
#include "sandbox/box.h"

#include <sys/types.h>

#include <sha2.h>
#include <stdlib.h>
#include <string.h>

static void add_flags(struct arguments *arguments, const struct trial *trial)
{
	static const char *const flags[] = {"-std=gnu11", "-Wall", "-Wextra", "-O2",
		"-fsanitize=thread", "-g0", "-c", "-Werror=implicit-function-declaration",
		"-o", "trial.o"};
	char *include = path_of("include");

	arguments_format(arguments, "/usr/bin/%s", trial->compiler);
	arguments_format(arguments, "-I%s/include", trial->lab->folder);
	arguments_format(arguments, "-I%s", include);
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		arguments_add(arguments, flags[i]);
	free(include);
}

/* Adds the object's bytes to all, what the compiler says to words. */
static int compile_one(const struct trial *trial, const char *folder, const char *file,
	struct buffer *all, struct buffer *words, struct error *error)
{
	struct arguments arguments = {0};
	add_flags(&arguments, trial);
	arguments_add(&arguments, file);
	struct box_options options = {.argv = (const char *const *)arguments.list,
		.work_dir = folder,
		.trusted = true};
	struct box_result result;
	int status = box_run(&options, &result, error);
	bool compiled =
		status == 0 && !result.status.signalled && result.status.code == 0;

	if (status == 0)
		buffer_text(words, result.output);
	box_result_release(&result);
	arguments_release(&arguments);
	if (status || !compiled)
		return status ? -1 : 1;
	char *object = path_join(folder, "trial.o");
	size_t size = 0;
	char *bytes = file_read(object, 1 << 26, &size, error);
	if (bytes)
		buffer_add(all, bytes, size);
	free(object);
	free(bytes);
	return bytes ? 0 : -1;
}

int trial_compile(const struct trial *trial, const char *folder,
	struct trial_outcome *outcome, struct error *error)
{
	struct buffer all = {0};
	struct buffer words = {0};
	int status = 0;

	*outcome = (struct trial_outcome){0};
	for (unsigned i = 0; status == 0 && i < trial->lab->files_count; i++) {
		const char *file = trial->lab->files[i];
		if (strlen(file) > 2 && strcmp(file + strlen(file) - 2, ".c") == 0)
			status = compile_one(trial, folder, file, &all, &words, error);
	}
	outcome->compiles = status == 0;
	if (outcome->compiles)
		SHA256Data((const uint8_t *)all.bytes, all.length, outcome->code);
	outcome->words = buffer_take(&words);
	buffer_release(&all);
	return status < 0 ? -1 : 0;
}

void trial_outcome_release(struct trial_outcome *outcome)
{
	free(outcome->words);
	*outcome = (struct trial_outcome){0};
}
