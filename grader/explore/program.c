/* SPDX-License-Identifier: MIT */
#include "explore/program.h"

#include "base/file.h"
#include "base/language.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "build/instrument.h"
#include "explore/control.h"
#include "explore/together.h"
#include "explore/undefined.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>
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

/* One object of all that a program brings along, in *joined. How to compile it, `how` says. */
static int compile(const struct program_sources *how,
	const struct program_sources *sources, const char *place, struct words *joined,
	struct words *ours, struct error *error)
{
	struct words own = {0}, all = {0};
	char *text = text_format("%s.o", place);
	char *with_foreign = text_format("%s-all.o", place);
	int status = 0;
	for (int i = 0; i < sources->files_count && !status; i++) {
		const char *file = sources->files[i];
		if (is_source(file)) {
			add(&own, text_format("%s-%d.o", place, i));
			status = compile_one(how, file, own.items[own.count - 1], error);
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

/* Its names are its own, but that of its main(), which has a number. */
static int hide_names(const struct program_sources *sources, int number,
	const char *object, struct error *error)
{
	struct words command = {0};
	bool has_main = false;
	if (undefined_has(object, "main", &has_main, error))
		return -1;
	if (!has_main)
		return error_set(error,
			"%s has no main(): each program that runs needs one",
			sources->files[0]);
	add_copy(&command, "objcopy");
	add(&command, text_format("--redefine-sym=main=" TOGETHER_MAIN "%d", number));
	add(&command, text_format("--keep-global-symbol=" TOGETHER_MAIN "%d", number));
	add_copy(&command, object);
	int status = run(&command, error);
	words_free(&command);
	return status;
}

static int compile_together(const struct program_sources *sources,
	const struct program *program, struct words *joined, struct words *ours,
	struct error *error)
{
	int number = 0, status = 0;
	char *place = text_format("%s/together", program->folder);
	char *driver = text_format("%s/together.c", program->folder);
	struct program_sources own = {.files = &driver, .files_count = 1};
	for (const struct program_sources *each = sources; each && !status;
		each = each->beside) {
		char *object = text_format("%s/program-%d", program->folder, number);
		size_t before = joined->count;
		status = compile(sources, each, object, joined, ours, error);
		if (!status && joined->count == before)
			status = error_set(error, "%s is no program", each->files[0]);
		if (!status)
			status = hide_names(each, number, joined->items[before], error);
		free(object);
		number++;
	}
	if (!status)
		status = together_write(sources, driver, error);
	if (!status)
		status = compile(sources, &own, place, joined, ours, error);
	free(place);
	free(driver);
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
	char *place = text_format("%s/program-0", program->folder);
	int status = sources->beside
			     ? compile_together(sources, program, &link, &ours, error)
			     : compile(sources, sources, place, &link, &ours, error);
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
	free(place);
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
	return sources->beside ? look_at_files(sources->beside, error) : 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* The words that they are started with, one program's behind the other's. */
static int give_arguments(const struct program_sources *sources, struct program *program,
	struct error *error)
{
	struct words words = {0};
	for (const struct program_sources *each = sources; each; each = each->beside) {
		const char *name =
			sources->beside ? base_name(each->files[0]) : "program";
		add_copy(&words, name);
		for (int i = 0; i < each->arguments_count; i++)
			add_copy(&words, each->arguments[i]);
		if (!sources->beside)
			break;
		if (program->count == PROGRAMS_MAX) {
			words_free(&words);
			return error_set(
				error, "more than %d programs at once", PROGRAMS_MAX);
		}
		snprintf(program->names[program->count++], FILE_SHOWN, "%.*s",
			FILE_SHOWN - 1, name);
	}
	program->argv = words.items;
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
	if (give_arguments(sources, program, error) || build(sources, program, error)) {
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
	for (char **word = program->argv; word && *word; word++)
		free(*word);
	free(program->argv);
	census_release(&program->census);
	free(program->path);
	free(program->folder);
	free(program);
}

/* Which of several programs a task is of, the runtime says. */
static int write_names(const struct program *program, int memory_fd, struct error *error)
{
	if (pwrite(memory_fd, &program->count, sizeof program->count,
		    offsetof(struct control_memory, programs_count)) !=
			sizeof program->count ||
		pwrite(memory_fd, program->names, sizeof program->names,
			offsetof(struct control_memory, programs)) !=
			sizeof program->names)
		return error_system(error, "writing the names of the programs");
	return 0;
}

pid_t program_spawn(void *context, int memory_fd, int command_fd, struct error *error)
{
	struct program *program = context;
	char environment[64];
	snprintf(environment, sizeof environment, CONTROL_ENVIRONMENT "=%d,%d", MEMORY_FD,
		COMMAND_FD);
	char *variables[] = {environment, NULL};
	if (census_write(&program->census, memory_fd, error) ||
		write_names(program, memory_fd, error))
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
