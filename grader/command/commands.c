/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <argp.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const struct command commands[] = {
	{"check", "check your own work in a lab's folder", command_check},
	{"grade", "grade one submission or more", command_grade},
	{"batch", "grade a class", command_batch},
	{"class", "make a class's reports again", command_class},
	{"show", "show one student's report of a class", command_show},
	{"regrade", "grade a class or one of it again, and compare", command_regrade},
	{"adjust", "change points by hand, with a reason", command_adjust},
	{"statistics", "say what a class did well and what not", command_statistics},
	{"db", "answer a question from a class's database", command_db},
	{"gradebook", "fill in a gradebook of Canvas or Moodle", command_gradebook},
	{"feedback", "make the reports that students get", command_feedback},
	{"report", "write a result in another format", command_report},
	{"explore", "try the interleavings of a C program", command_explore},
	{"replay", "run a program as a witness says", command_replay},
	{"handout", "make the folder that a student starts from", command_handout},
	{"course", "make a course's repositories", command_course},
	{"kit", "make what a platform needs to grade a lab", command_kit},
	{"new-lab", "make the folder of a new lab", command_new_lab},
	{"selftest", "test a lab: that it grades right", command_selftest},
	{"doctor", "say how strong the sandbox is here", command_doctor},
	{NULL, NULL, NULL},
};

const struct command *command_find(const char *name)
{
	for (const struct command *command = commands; command->name; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

/* Letters to add, to leave out, to replace, or to swap with the next, until one name is the
 * other; above `most`, only that it is more. */
static int distance(const char *left, const char *right, int most)
{
	while (*left && *left == *right) {
		left++;
		right++;
	}
	if (!*left && !*right)
		return 0;
	if (most == 0)
		return 1;
	int best = most;
	if (*left && *right)
		best = distance(left + 1, right + 1, most - 1);
	if (*left && *right && left[0] == right[1] && left[1] == right[0]) {
		int swapped = distance(left + 2, right + 2, most - 1);
		best = swapped < best ? swapped : best;
	}
	if (*left) {
		int shorter = distance(left + 1, right, most - 1);
		best = shorter < best ? shorter : best;
	}
	if (*right) {
		int longer = distance(left, right + 1, most - 1);
		best = longer < best ? longer : best;
	}
	return best + 1;
}

const char *command_meant(const char *name)
{
	const char *meant = NULL;
	size_t length = strlen(name);
	int best = length > 3 ? 3 : 2; /* one too many */

	for (const struct command *command = commands; length && command->name;
		command++) {
		int far = distance(name, command->name, best);
		if (length > 1 && strncmp(name, command->name, length) == 0)
			far = 1;
		if (far < best) {
			best = far;
			meant = command->name;
		}
	}
	return meant;
}

int command_jobs(const char *argument, struct argp_state *state)
{
	char *end = NULL;
	long jobs = strtol(argument, &end, 10);

	if (end == argument || *end || jobs < 1 || jobs > 1024)
		argp_error(
			state, "--jobs is '%s'; write a number from 1 to 1024", argument);
	return (int)jobs;
}

int processor_count(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);
}
