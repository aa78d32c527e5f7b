/* SPDX-License-Identifier: MIT */
#include "explore/self_check.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/temporary.h"
#include "explore/explore.h"
#include "explore/program.h"

#include <stdlib.h>
#include <string.h>

/*
 * Two processes on shared memory. Told "race" they add without the lock, told "deadlock" they
 * take two locks in opposite orders, told neither all is well.
 */
static const char source[] =
	"#include <pthread.h>\n"
	"#include <sys/mman.h>\n"
	"#include <sys/wait.h>\n"
	"#include <unistd.h>\n"
	"struct shared { pthread_mutex_t locks[2]; int balance; };\n"
	"static void work(struct shared *s, int first, int race)\n"
	"{\n"
	"	if (!race) {\n"
	"		pthread_mutex_lock(&s->locks[first]);\n"
	"		pthread_mutex_lock(&s->locks[1 - first]);\n"
	"	}\n"
	"	s->balance++;\n"
	"	if (!race) {\n"
	"		pthread_mutex_unlock(&s->locks[1 - first]);\n"
	"		pthread_mutex_unlock(&s->locks[first]);\n"
	"	}\n"
	"}\n"
	"static void start(struct shared *s)\n"
	"{\n"
	"	pthread_mutexattr_t attributes;\n"
	"	pthread_mutexattr_init(&attributes);\n"
	"	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);\n"
	"	pthread_mutex_init(&s->locks[0], &attributes);\n"
	"	pthread_mutex_init(&s->locks[1], &attributes);\n"
	"}\n"
	"int main(int argc, char **argv)\n"
	"{\n"
	"	int race = argc > 1 && argv[1][0] == 'r';\n"
	"	int opposite = argc > 1 && argv[1][0] == 'd';\n"
	"	struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE,\n"
	"		MAP_SHARED | MAP_ANONYMOUS, -1, 0);\n"
	"	start(s);\n"
	"	if (fork() == 0) { work(s, 0, race); _exit(0); }\n"
	"	if (fork() == 0) { work(s, opposite, race); _exit(0); }\n"
	"	while (wait(NULL) > 0) { }\n"
	"	return 0;\n"
	"}\n";

/* Explores the program when it is told that word. */
static int expect(struct program *program, const char *word, enum defect_kind kind,
	struct error *error)
{
	struct explore_options options = explore_defaults;
	const struct finding *finding;
	int status = -1;
	options.samples = 4;
	options.budget = 1000;
	text_replace(&program->argv[1], "%s", word);
	struct explorer *explorer = explorer_new(&options, program_spawn, program, error);
	if (!explorer)
		return -1;
	while (explorer_next(explorer))
		if (explorer_run(explorer, error))
			goto out;
	finding = explorer_main_finding(explorer);
	if ((finding ? finding->defect.kind : DEFECT_NONE) == (unsigned)kind &&
		!explorer_divergence(explorer)[0])
		status = 0;
	else
		error_set(error, "the explorer's check of itself: expected %s, found %s",
			defect_name(kind),
			finding ? defect_name(finding->defect.kind) : "nothing");
out:
	explorer_free(explorer);
	return status;
}

static int check_in(const char *folder, struct error *error)
{
	char *path = text_format("%s/self_check.c", folder);
	char *word = text_copy("neither");
	struct program_sources sources = {.files = &path,
		.files_count = 1,
		.arguments = &word,
		.arguments_count = 1};
	struct program *program = NULL;
	int status = file_replace(path, source, strlen(source), error);

	if (status == 0)
		program = program_build(&sources, error);
	if (!program || expect(program, "race", DEFECT_RACE, error) ||
		expect(program, "deadlock", DEFECT_DEADLOCK, error) ||
		expect(program, "neither", DEFECT_NONE, error))
		status = -1;
	program_free(program);
	free(word);
	free(path);
	return status;
}

int explore_self_check(struct error *error)
{
	struct error ignored;
	char *folder = folder_make_temporary(error);

	if (!folder)
		return -1;
	int status = check_in(folder, error);
	if (folder_remove(folder, &ignored) && !status)
		status = error_set(error, "%s", ignored.message);
	free(folder);
	return status;
}
