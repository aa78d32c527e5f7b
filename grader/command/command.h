/* SPDX-License-Identifier: MIT */
/*
 * The commands of interlock, one a file. Each gets argv[0] = "interlock NAME" and returns
 * the program's exit code: 0 passed, 1 the submission failed, 2 the grader failed.
 */
#ifndef INTERLOCK_COMMAND_COMMAND_H
#define INTERLOCK_COMMAND_COMMAND_H

enum { EXIT_PASSED = 0, EXIT_FAILED = 1, EXIT_TROUBLE = 2 };

struct command {
	const char *name;
	const char *summary; /* one line for --help */
	int (*run)(int argc, char **argv);
};

int command_adjust(int argc, char **argv);
int command_batch(int argc, char **argv);
int command_check(int argc, char **argv);
int command_class(int argc, char **argv);
int command_db(int argc, char **argv);
int command_course(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_explore(int argc, char **argv);
int command_feedback(int argc, char **argv);
int command_grade(int argc, char **argv);
int command_gradebook(int argc, char **argv);
int command_handout(int argc, char **argv);
int command_kit(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_new_lab(int argc, char **argv);
int command_regrade(int argc, char **argv);
int command_report(int argc, char **argv);
int command_selftest(int argc, char **argv);
int command_show(int argc, char **argv);
int command_statistics(int argc, char **argv);

/* All commands, in the order in which --help shows them, ended by a NULL name. */
extern const struct command commands[];

/* The command of that name, or NULL; and the name that was meant by one that is misspelt: a
 * command's that begins so or differs in two letters at most, or NULL. */
const struct command *command_find(const char *name);
const char *command_meant(const char *name);

/* The number of --jobs, from 1 to 1024; ends the program with a message for anything else. */
struct argp_state;
int command_jobs(const char *argument, struct argp_state *state);

/* How many processors this process may run on; at least 1. */
int processor_count(void);

#endif
