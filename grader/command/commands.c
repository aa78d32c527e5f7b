/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <stddef.h>

int command_handout(int argc, char **argv);

const struct command commands[] = {
	{"handout", "make the folder that a student starts from", command_handout},
	{NULL, NULL, NULL},
};
