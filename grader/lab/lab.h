/* SPDX-License-Identifier: MIT */
/*
 * A lab: the folder with lab.yaml, the handout, the checks, the solution and the
 * known-wrong submissions.
 *
 *	struct lab *lab = lab_open("critical-section", &error);
 *	for (unsigned i = 0; i < lab->criteria_count; i++)
 *		puts(lab->criteria[i].title);
 *	lab_close(lab);
 *
 * Files of a lab's folder:
 *	lab.yaml           this description
 *	README.md          the handout
 *	include/           headers that the student's files and the checks include
 *	solution/          the model solution, with BEGIN SOLUTION / END SOLUTION markers
 *	checks/checks.c    the Check suite, compiled into the referee
 *	checks/player.c    starts the student's functions, compiled into the player
 *	checks/hidden.c, checks/hidden_player.c  the same for hidden criteria; may be missing
 *	wrong/NAME/        known-wrong submissions; the first line of each names what it fails
 *	right/NAME/        correct submissions that differ in style from the solution
 *	equivalent-mutants.yaml  mutants of the solution that are right programs after all
 */
#ifndef INTERLOCK_LAB_LAB_H
#define INTERLOCK_LAB_LAB_H

#include "base/error.h"
#include "base/verdict.h"

#include <stdbool.h>
#include <stddef.h>

struct lab_criterion {
	char *name; /* of the tcase in the lab's Check suite, and of the JUnit testcase */
	char *title;	    /* what holds when it passes: "No update is lost" */
	long points;	    /* 0 or more */
	bool hidden;	    /* only instructors see it */
	enum stage *stages; /* whose evidence decides it; at least one */
	unsigned stages_count;
	char **needs; /* criteria, named earlier, without which it is not judged */
	unsigned needs_count;
	char **detect; /* what explore looks for besides the lab's check: "race", ... */
	unsigned detect_count;
	char *hint; /* shown to a student who fails it, or NULL */
};

struct lab_limits {
	long cpu_seconds;    /* of one run, all its processes together */
	long processes;	     /* at once, in one run */
	long memory_mb;	     /* of the player and all its processes */
	long output_kb;	     /* kept of what one criterion's runs print */
	long file_kb;	     /* of each submitted file */
	long budget_seconds; /* CPU time of all runs of a submission together */
	long check_seconds;  /* that the lab's own checks may take over one run */
};

struct lab_stress {
	long runs; /* forks for each criterion */
};

struct lab_explore {
	long executions; /* budget of each criterion */
	long steps;	 /* of one execution: one that takes more never ends */
};

struct lab_helgrind {
	long runs;    /* runs under valgrind for each criterion */
	bool threads; /* the lab's tasks are threads: a race on any memory counts */
};

struct lab {
	char *folder; /* absolute path */
	char *name;   /* [a-z0-9-]+ */
	char *title;
	char **files; /* that a student hands in */
	unsigned files_count;
	char **interface; /* functions that the student's files must define */
	unsigned interface_count;
	char **uses; /* of the library, functions that they may call; a * at the end
			stands for any ending; none if it is empty */
	unsigned uses_count;
	char **forbidden; /* functions that they must not call; may be empty */
	unsigned forbidden_count;
	struct lab_stress stress;
	struct lab_explore explore;
	struct lab_helgrind helgrind;
	struct lab_limits limits;
	long skeleton_points; /* what the skeleton gets, 0 if lab.yaml does not say */
	struct lab_criterion *criteria;
	unsigned criteria_count;
	unsigned criteria_owned; /* in the array, those that lab_keep_only put last
				    included */
};

/* Opens a lab by the path of its folder, or by name among the labs that interlock has.
 * NULL with the error set: no such lab, or lab.yaml has an unknown key, a missing key, a
 * wrong value (file, line and what to write instead). lab_close(NULL) is legal. */
struct lab *lab_open(const char *name_or_folder, struct error *error);
void lab_close(struct lab *lab);

/* Leaves in the lab only the criterion with that name and those that it needs. -1 with
 * the error set, naming those there are, if there is no such criterion. */
int lab_keep_only(struct lab *lab, const char *name, struct error *error);

/* Lets no other stage than this one decide the criteria that it is to decide; the others
 * stay as they are. Returns how many it decides. */
unsigned lab_keep_stage(struct lab *lab, enum stage stage);

/* Leaves in the lab only the criteria that this stage is to decide, which it then decides
 * alone, and those that the build decides alone. -1 with the error set if it decides none. */
int lab_keep_only_stage(struct lab *lab, enum stage stage, struct error *error);

/* The path of that file of checks/, which the caller frees; NULL if the lab has none. */
char *lab_hidden_file(const struct lab *lab, const char *name);

/* Whether a file of checks/ with this name, or a folder there, may be handed out. */
bool lab_file_is_public(const char *name);

/* Writes lab.yaml as students may see it: as it stands, or without its hidden criteria. What
 * needs a hidden one needs in its place what that one needs. */
int lab_write_public(const struct lab *lab, const char *path, struct error *error);

/* Whether the stage is one of those that decide the criterion. */
bool lab_stage_decides(const struct lab_criterion *criterion, enum stage stage);

/* The index of the criterion with that name, or -1. */
int lab_find_criterion(const struct lab *lab, const char *name);

#endif
