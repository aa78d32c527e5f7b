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
#include <sys/stat.h>
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

/* The reference library as the explorer follows it: ours, wherever it is installed. */
static bool is_ours(const char *file)
{
	char *library = path_of("lib/interlock/libmp-explore.a");
	struct stat own, given;
	bool same = stat(library, &own) == 0 && stat(file, &given) == 0 &&
		    own.st_dev == given.st_dev && own.st_ino == given.st_ino;
	free(library);
	return same;
}

static int compile_one(const struct program_sources *sources, const char *file,
	const char *object, struct error *error)
{
	const char *compiler = sources->compiler ? sources->compiler : "cc";
	struct words command = {0};
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
	add_copy(&command, file);
	int status = run(&command, error);
	words_free(&command);
	return status;
}

/* Makes objects one, whose code lies in a section of the script's. */
static int join(const struct words *objects, const char *script, const char *joined,
	struct error *error)
{
	struct words command = {0};
	add_copy(&command, "ld");
	add_copy(&command, "-r");
	add_copy(&command, "-T");
	add(&command, path_of(script));
	add_copy(&command, "-o");
	add_copy(&command, joined);
	for (size_t i = 0; i < objects->count; i++)
		add_copy(&command, objects->items[i]);
	int status = run(&command, error);
	words_free(&command);
	return status;
}

/* One object of all that the program brings along, in *joined. */
static int compile(const struct program_sources *sources, const struct program *program,
	struct words *joined, struct words *ours, struct error *error)
{
	struct words own = {0}, all = {0};
	char *text = text_format("%s/program.o", program->folder);
	char *with_foreign = text_format("%s/all.o", program->folder);
	int status = 0;
	for (int i = 0; i < sources->files_count && !status; i++) {
		const char *file = sources->files[i];
		if (is_source(file)) {
			add(&own, text_format("%s/%d.o", program->folder, i));
			status = compile_one(
				sources, file, own.items[own.count - 1], error);
		} else {
			add_copy(is_ours(file) ? ours : &all, file);
		}
	}
	bool foreign = all.count > 0;
	if (!status && own.count) {
		status = join(&own, "lib/interlock/program.ld", text, error);
		add_copy(&all, text);
	}
	if (!status && foreign)
		status = join(&all, "lib/interlock/foreign.ld", with_foreign, error);
	if (!status && all.count)
		add_copy(joined, foreign ? with_foreign : text);
	free(with_foreign);
	free(text);
	words_free(&all);
	words_free(&own);
	return status;
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

static int build(const struct program_sources *sources, struct program *program,
	struct error *error)
{
	struct words link = {0}, ours = {0};
	add_copy(&link, sources->compiler ? sources->compiler : "cc");
	int status = compile(sources, program, &link, &ours, error);
	for (size_t i = 0; i < ours.count; i++)
		add_copy(&link, ours.items[i]);
	if (!status)
		status = add_stubs(&link, program, error);
	add(&link, path_of("lib/interlock/explore.o"));
	add_all(&link, instrument_link_flags());
	add_copy(&link, "-o");
	add_copy(&link, program->path);
	if (!status)
		status = run(&link, error);
	if (!status)
		status = census_take(program->path, &program->census, error);
	words_free(&ours);
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
	if (build(sources, program, error)) {
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
	census_release(&program->census);
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
	if (census_write(&program->census, memory_fd, error))
		return -1;
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
