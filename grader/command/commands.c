/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <sched.h>
#include <stddef.h>

const struct command commands[] = {
	{"check", "check your own work in a lab's folder", command_check},
	{"grade", "grade one submission or more", command_grade},
	{"batch", "grade a class", command_batch},
	{"class", "make a class's reports again", command_class},
	{"show", "show one student's report of a class", command_show},
	{"adjust", "change points by hand, with a reason", command_adjust},
	{"report", "write a result in another format", command_report},
	{"explore", "try the interleavings of a C program", command_explore},
	{"replay", "run a program as a witness says", command_replay},
	{"handout", "make the folder that a student starts from", command_handout},
	{"new-lab", "make the folder of a new lab", command_new_lab},
	{"selftest", "test a lab: that it grades right", command_selftest},
	{"doctor", "say how strong the sandbox is here", command_doctor},
	{NULL, NULL, NULL},
};

int processor_count(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);
}
