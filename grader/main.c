/* SPDX-License-Identifier: MIT */
#include "command/command.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

/* Read by argp: --version of every command, and the exit code of a wrong command line. */
const char *argp_program_version = "interlock " INTERLOCK_VERSION;
error_t argp_err_exit_status = EXIT_TROUBLE;

static void print_help(FILE *stream)
{
	fputs("Usage: interlock COMMAND [OPTION...] ARGUMENT...\n"
	      "Grade, explore and check programs that share memory between "
	      "processes.\n\n",
		stream);
	for (const struct command *command = commands; command->name; command++)
		fprintf(stream, "  %-10s %s\n", command->name, command->summary);
	fputs("\n'interlock COMMAND --help' says more of each. Exit codes: 0 passed, 1 "
	      "the\n"
	      "submission failed, 2 the grader could not do its work.\n",
		stream);
}

static const struct command *find_command(const char *name)
{
	for (const struct command *command = commands; command->name; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct command *command = find_command(name);

	if (command) {
		char title[64];
		snprintf(title, sizeof(title), "interlock %s", command->name);
		argv[1] = title;
		return command->run(argc - 1, argv + 1);
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-?") == 0) {
		print_help(stdout);
		return EXIT_PASSED;
	}
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		puts(argp_program_version);
		return EXIT_PASSED;
	}
	if (*name)
		fprintf(stderr, "interlock: there is no command '%s'\n\n", name);
	print_help(stderr);
	return EXIT_TROUBLE;
}
