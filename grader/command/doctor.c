/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "command/command.h"
#include "explore/self_check.h"
#include "grade/grade.h"
#include "lab/lab.h"
#include "sandbox/box.h"
#include "sandbox/host.h"
#include "score/result.h"
#include "selftest/fresh.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct argp argp = {
	.doc = "Say how strong the sandbox is here, what each of its layers does and how "
	       "to get a stronger one, and test that helgrind and the explorer find what "
	       "is there to be found, and that a right answer is graded so. Exit codes: "
	       "0 other people's code can be graded "
	       "here, 2 it cannot."};

/* Returns the strongest that works. */
static enum box_tier show_tiers(void)
{
	enum box_tier best = BOX_TIER_D;

	puts("Tiers");
	for (int tier = BOX_TIER_A; tier <= BOX_TIER_C; tier++) {
		struct error error = {""};
		bool works = box_tier_works((enum box_tier)tier, &error);

		if (works && best == BOX_TIER_D)
			best = (enum box_tier)tier;
		printf("  %s  %-5s %s\n", box_tier_name((enum box_tier)tier),
			works ? "works" : "no",
			works ? box_tier_meaning((enum box_tier)tier) : error.message);
	}
	return best;
}

static void show_layer(const char *name, const char *state, const char *what)
{
	printf("  %-12s %-12s %s\n", name, state, what);
}

static void show_layers(const struct host *host, enum box_tier tier)
{
	bool namespaces = tier <= BOX_TIER_B;
	char landlock[32];
	char cgroup[32] = "watchdog";

	snprintf(landlock, sizeof(landlock), "ABI %d", host->landlock_abi);
	if (tier == BOX_TIER_A)
		snprintf(cgroup, sizeof(cgroup), "cgroup v%d", host->cgroup_version);
	puts("\nLayers");
	show_layer("user", host->root ? "dropped" : "yours",
		host->root ? "each box runs as a user whom nobody else is"
			   : "boxes run as you; root would give each a user of its own");
	show_layer("processes", namespaces ? "namespace" : "subreaper",
		"everything that a program started ends with it");
	show_layer("files", namespaces ? "own root" : "host's",
		namespaces ? "the rest of the host's files does not exist in the box"
			   : "names of the host's files can be seen, not their contents");
	show_layer("network", namespaces ? "namespace" : "seccomp",
		"no sockets but the one that was handed in");
	show_layer("Landlock", host->landlock_abi ? landlock : "no",
		host->landlock_abi >= 6
			? "files, TCP, signals and abstract sockets outside are closed"
			: "files outside are closed; ABI 6 (Linux 6.12) closes signals "
			  "too");
	show_layer("seccomp", "yes",
		"ptrace, io_uring, keyrings, mounts, namespaces, sockets are refused");
	show_layer("memory", cgroup,
		tier == BOX_TIER_A ? "the kernel holds the limit"
				   : "sampled every 20 ms; a fast balloon overshoots");
	show_layer("limits", "yes",
		"processes, CPU and wall time, open files, file sizes, disk, output");
}

static void show_advice(const struct host *host, enum box_tier tier)
{
	if (tier == BOX_TIER_A)
		return;
	puts("\nA stronger sandbox");
	if (tier >= BOX_TIER_C)
		fputs(host_advice(host->obstacle), stdout);
	if (!host->cgroup_version)
		printf("No memory cgroup (%s). As an ordinary user under systemd,\n"
		       "    systemd-run --user --scope -p Delegate=yes interlock ...\n"
		       "gives you one; so does running as root.\n",
			host->cgroup_reason.message);
	if (!host->landlock_abi)
		puts("Landlock is not in this kernel, or not in its boot parameter "
		     "lsm=.");
}

/* Two threads, one variable, no lock. */
static const char RACE[] = "#include <pthread.h>\n"
			   "static int shared;\n"
			   "static void *add(void *nothing)\n"
			   "{\n"
			   "\tshared++;\n"
			   "\treturn nothing;\n"
			   "}\n"
			   "int main(void)\n"
			   "{\n"
			   "\tpthread_t thread;\n"
			   "\tpthread_create(&thread, 0, add, 0);\n"
			   "\tshared++;\n"
			   "\treturn pthread_join(thread, 0);\n"
			   "}\n";

enum { RACE_SEEN = 99 };

/* Runs a program in the box, in folder; its exit code, or -1 and why. */
static int run(const char *const *argv, const char *folder, enum box_tier tier,
	struct error *error)
{
	struct box_options options = {.argv = argv, .work_dir = folder, .tier = tier};
	struct box_result result;
	int code = -1;

	if (box_run(&options, &result, error))
		return -1;
	if (result.status.signalled || result.status.limit != BOX_LIMIT_NONE)
		error_set(error, "%s was ended", argv[0]);
	else
		code = result.status.code;
	if (code != 0)
		error_set(error, "%s: %.400s", argv[0], result.output);
	box_result_release(&result);
	return code;
}

static int find_race_in(const char *folder, enum box_tier tier, struct error *error)
{
	static const char *const compile[] = {
		"/usr/bin/gcc", "-g", "-pthread", "-o", "race", "race.c", NULL};
	static const char *const helgrind[] = {"/usr/bin/valgrind", "--tool=helgrind",
		"-q", "--vgdb=no", "--error-exitcode=99", "./race", NULL};
	char *source = path_join(folder, "race.c");
	int code = file_replace(source, RACE, strlen(RACE), error);

	if (code == 0 && (chmod(source, 0644) || chmod(folder, 0755)))
		code = error_system(error, "%s", source);
	free(source);
	if (code == 0 && run(compile, folder, tier, error) != 0)
		code = -1;
	if (code == 0 && run(helgrind, folder, tier, error) != RACE_SEEN)
		code = -1;
	return code;
}

/* A detector that finds nothing in a racy program would pass every submission. */
static bool test_helgrind(enum box_tier tier)
{
	struct error error = {"it found no race in a racy program"}, ignored;
	char *folder = folder_make_temporary(&error);
	bool works = folder && find_race_in(folder, tier, &error) == 0;

	printf("  helgrind     %s%s\n",
		works ? "finds a known race" : "FAILED: ", works ? "" : error.message);
	if (folder)
		folder_remove(folder, &ignored);
	free(folder);
	return works;
}

static bool test_explorer(void)
{
	struct error error;
	bool works = explore_self_check(&error) == 0;

	printf("  explorer     %s%s\n",
		works ? "finds a known race and a known deadlock" : "FAILED: ",
		works ? "" : error.message);
	return works;
}

static int grade_solution(
	const char *folder, enum box_tier tier, bool *passed, struct error *error)
{
	const struct grade_options options = {
		.compiler = "gcc", .tier = tier, .secret = 1};
	struct workshop *workshop = NULL;
	struct result *result = NULL;
	char *solution = path_join(folder, "solution");
	struct lab *lab = lab_open(folder, error);

	if (lab)
		workshop = workshop_open(lab, &options, error);
	if (workshop)
		result = grade(workshop, solution, "solution", error);
	int status = result ? 0 : -1;
	*passed = result && result->verdict == VERDICT_PASS;
	result_free(result);
	workshop_close(workshop);
	lab_close(lab);
	free(solution);
	return status;
}

/* All that grading does, once: a small lab is made in TMPDIR, compiled, and its solution graded
 * in this tier. What stops a grading stops this one. */
static bool test_grading(enum box_tier tier)
{
	struct error error = {""}, ignored;
	bool passed = false;
	char *template = path_of("share/interlock/lab-template");
	char *folder = path_is_folder(template) ? folder_make_temporary(&error) : NULL;
	char *lab = folder ? path_join(folder, "lab") : NULL;
	bool works = lab && fresh_lab("doctor", lab, &error) == 0 &&
		     grade_solution(lab, tier, &passed, &error) == 0 && passed;

	if (!path_is_folder(template))
		printf("  grading      not tried: %s is not installed\n", template);
	else if (works)
		puts("  grading      gives a small lab's solution full marks");
	else
		printf("  grading      FAILED: %s\n",
			*error.message ? error.message : "a right answer lost points");
	works |= !path_is_folder(template);
	if (folder)
		folder_remove(folder, &ignored);
	free(lab);
	free(folder);
	free(template);
	return works;
}

int command_doctor(int argc, char **argv)
{
	enum box_tier best, tier;
	struct error error = {""};
	struct host host;
	bool works = true;

	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	best = show_tiers();
	tier = best == BOX_TIER_D ? best : box_probe(&error);
	host_look(&host);
	printf("\nThis is tier %s: %s.\n", box_tier_name(tier), box_tier_meaning(tier));
	if (tier != best)
		puts("INTERLOCK_TIER made it weaker than it could be.");
	if (tier != BOX_TIER_D) {
		show_layers(&host, tier);
		puts("\nSelf-tests");
		works = test_helgrind(tier);
		works &= test_explorer();
		works &= test_grading(tier);
	}
	show_advice(&host, best);
	return works && tier != BOX_TIER_D ? EXIT_PASSED : EXIT_TROUBLE;
}
