/* SPDX-License-Identifier: MIT */
#include "explore/self_check.h"

#include "base/file.h"
#include "base/memory.h"
#include "explore/explore.h"
#include "explore/program.h"

#include <stdlib.h>
#include <string.h>

/*
 * Two processes on shared memory. With RACE they add without the lock, with DEADLOCK they
 * take two locks in opposite orders, with neither all is well.
 */
static const char source[] =
	"#include <pthread.h>\n"
	"#include <sys/mman.h>\n"
	"#include <sys/wait.h>\n"
	"#include <unistd.h>\n"
	"struct shared { pthread_mutex_t locks[2]; int balance; };\n"
	"static void work(struct shared *s, int first)\n"
	"{\n"
	"#ifndef RACE\n"
	"	pthread_mutex_lock(&s->locks[first]);\n"
	"	pthread_mutex_lock(&s->locks[1 - first]);\n"
	"#endif\n"
	"	s->balance++;\n"
	"#ifndef RACE\n"
	"	pthread_mutex_unlock(&s->locks[1 - first]);\n"
	"	pthread_mutex_unlock(&s->locks[first]);\n"
	"#endif\n"
	"}\n"
	"int main(void)\n"
	"{\n"
	"	struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE,\n"
	"		MAP_SHARED | MAP_ANONYMOUS, -1, 0);\n"
	"#ifdef DEADLOCK\n"
	"	int opposite = 1;\n"
	"#else\n"
	"	int opposite = 0;\n"
	"#endif\n"
	"	if (fork() == 0) { work(s, 0); _exit(0); }\n"
	"	if (fork() == 0) { work(s, opposite); _exit(0); }\n"
	"	while (wait(NULL) > 0) { }\n"
	"	return 0;\n"
	"}\n";

static int expect(
	char *path, const char *flag, enum defect_kind kind, struct error *error)
{
	char *flags[] = {text_copy(flag)};
	struct program_sources sources = {
		.files = &path, .files_count = 1, .flags = flags, .flags_count = 1};
	struct explore_options options = explore_defaults;
	struct explorer *explorer = NULL;
	const struct finding *finding;
	int status = -1;
	options.samples = 4;
	options.budget = 1000;
	struct program *program = program_build(&sources, error);
	if (program)
		explorer = explorer_new(&options, program_spawn, program, error);
	if (!explorer)
		goto out;
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
	program_free(program);
	free(flags[0]);
	return status;
}

int explore_self_check(struct error *error)
{
	struct error ignored;
	char *folder = folder_make_temporary(error);
	if (!folder)
		return -1;
	char *path = text_format("%s/self_check.c", folder);
	int status = file_replace(path, source, strlen(source), error);
	if (!status)
		status = expect(path, "-DRACE", DEFECT_RACE, error);
	if (!status)
		status = expect(path, "-DDEADLOCK", DEFECT_DEADLOCK, error);
	if (!status)
		status = expect(path, "-DCORRECT", DEFECT_NONE, error);
	if (folder_remove(folder, &ignored) && !status)
		status = error_set(error, "%s", ignored.message);
	free(path);
	free(folder);
	return status;
}
