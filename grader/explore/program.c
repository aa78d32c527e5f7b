/* SPDX-License-Identifier: MIT */
#include "explore/program.h"

#include "base/file.h"
#include "base/language.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "build/instrument.h"
#include "explore/control.h"
#include "explore/undefined.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* The numbers are the same in every run, as everything is that the program may see. */
enum { MEMORY_FD = 198, COMMAND_FD = 199 };

struct words {
	char **items;
	size_t count;
};

static void add(struct words *words, char *word)
{
	words->items = memory_grow(words->items, words->count + 2, sizeof *words->items);
	words->items[words->count++] = word;
	words->items[words->count] = NULL;
}

static void add_copy(struct words *words, const char *word)
{
	add(words, text_copy(word));
}

static void add_all(struct words *words, const char *const *list)
{
	for (; *list; list++)
		add_copy(words, *list);
}

static void words_free(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->items[i]);
	free(words->items);
}

static int run(struct words *command, struct error *error)
{
	extern char **environ;
	pid_t pid;
	int status = 0;
	int trouble = posix_spawnp(
		&pid, command->items[0], NULL, NULL, command->items, environ);
	if (trouble) {
		errno = trouble;
		return error_system(error, "starting %s", command->items[0]);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		return error_set(error, "%s failed", command->items[0]);
	return 0;
}

static bool is_source(const char *file)
{
	size_t length = strlen(file);
	return length > 2 && !strcmp(file + length - 2, ".c");
}

/* The words behind the compiler are the objects: what they call and is not followed. */
static int add_stubs(
	struct words *link, const struct program *program, struct error *error)
{
	char *stubs = text_format("%s/stubs.s", program->folder);
	bool wanted = false;
	int status =
		undefined_stubs(link->items + 1, link->count - 1, stubs, &wanted, error);
	if (!status && wanted)
		add_copy(link, stubs);
	free(stubs);
	return status;
}

static int compile(const struct program_sources *sources, const struct program *program,
	struct error *error)
{
	const char *compiler = sources->compiler ? sources->compiler : "cc";
	struct words link = {0};
	char *runtime = path_of("lib/interlock/explore.o");
	int status = 0;
	add_copy(&link, compiler);
	for (int i = 0; i < sources->files_count && !status; i++) {
		if (!is_source(sources->files[i])) {
			add_copy(&link, sources->files[i]);
			continue;
		}
		struct words command = {0};
		char *object = text_format("%s/%d.o", program->folder, i);
		add_copy(&command, compiler);
		add_copy(&command, "-std=gnu11");
		add_all(&command, instrument_flags(compiler));
		for (int k = 0; k < sources->flags_count; k++)
			add_copy(&command, sources->flags[k]);
		add_copy(&command, "-I");
		add(&command, path_of("include"));
		add_copy(&command, "-c");
		add_copy(&command, "-o");
		add_copy(&command, object);
		add_copy(&command, sources->files[i]);
		add(&link, object);
		status = run(&command, error);
		words_free(&command);
	}
	if (!status)
		status = add_stubs(&link, program, error);
	if (!status) {
		add(&link, runtime);
		runtime = NULL;
		add_all(&link, instrument_link_flags());
		add_copy(&link, "-o");
		add_copy(&link, program->path);
		status = run(&link, error);
	}
	free(runtime);
	words_free(&link);
	return status;
}

/* A compiler says of a missing file that it failed, and of C++ nothing, whose own functions the
 * explorer does not follow. */
static int look_at_files(const struct program_sources *sources, struct error *error)
{
	for (int i = 0; i < sources->files_count; i++) {
		const char *file = sources->files[i];
		if (!path_is_file(file))
			return error_set(error, "there is no file %s", file);
		if (language_is_cpp(file))
			return error_set(
				error, "%s is C++; programs in C are explored", file);
	}
	return 0;
}

struct program *program_build(const struct program_sources *sources, struct error *error)
{
	if (look_at_files(sources, error))
		return NULL;
	char *folder = folder_make_temporary(error);
	if (!folder)
		return NULL;
	struct program *program = memory_new(1, sizeof *program);
	program->folder = folder;
	program->path = text_format("%s/program", program->folder);
	program->argv = memory_new((size_t)sources->arguments_count + 2, sizeof(char *));
	program->argv[0] = text_copy("program");
	for (int i = 0; i < sources->arguments_count; i++)
		program->argv[i + 1] = text_copy(sources->arguments[i]);
	if (compile(sources, program, error)) {
		program_free(program);
		return NULL;
	}
	return program;
}

void program_free(struct program *program)
{
	if (!program)
		return;
	struct error ignored;
	folder_remove(program->folder, &ignored);
	for (char **word = program->argv; *word; word++)
		free(*word);
	free(program->argv);
	free(program->path);
	free(program->folder);
	free(program);
}

pid_t program_spawn(void *context, int memory_fd, int command_fd, struct error *error)
{
	struct program *program = context;
	char environment[64];
	snprintf(environment, sizeof environment, CONTROL_ENVIRONMENT "=%d,%d", MEMORY_FD,
		COMMAND_FD);
	char *variables[] = {environment, NULL};
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid < 0)
		return error_system(error, "forking");
	if (pid > 0)
		return pid;
	/* From here to exec: only what is safe in a signal handler. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent && dup2(memory_fd, MEMORY_FD) >= 0 &&
		dup2(command_fd, COMMAND_FD) >= 0)
		execve(program->path, program->argv, variables);
	_exit(126);
}
