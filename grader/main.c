/* SPDX-License-Identifier: MIT */
#include "build/build.h"
#include "command/command.h"

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
		fprintf(stream, "  %-12s %s\n", command->name, command->summary);
	fputs("\n'interlock help COMMAND' says more of each. Exit codes: 0 passed, 1 "
	      "the\n"
	      "submission failed, 2 the grader could not do its work.\n",
		stream);
}

/* Verdicts may hang on the compiler: what is said of one says of which. */
static void print_version(void)
{
	static const char *const tools[] = {"gcc", "clang", "valgrind"};

	puts(argp_program_version);
	for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
		char *version = build_tool_version(tools[i]);
		printf("  %-9s %s\n", tools[i], version ? version : "not installed");
		free(version);
	}
}

static int no_command(const char *name)
{
	const char *meant = command_meant(name);

	if (*name)
		fprintf(stderr, "interlock: there is no command '%s'\n", name);
	if (meant)
		fprintf(stderr, "Did you mean '%s'?\n", meant);
	if (*name)
		fputc('\n', stderr);
	print_help(stderr);
	return EXIT_TROUBLE;
}

static int run(const struct command *command, int argc, char **argv)
{
	char title[64], help[] = "--help";

	snprintf(title, sizeof(title), "interlock %s", command->name);
	argv[0] = title;
	if (argc > 1 && strcmp(argv[1], "-h") == 0)
		argv[1] = help;
	return command->run(argc, argv);
}

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* What could not be written must not look written. argp ends the program itself after --help, so
 * this is called wherever it ends. */
static void check_output(int code, void *unused)
{
	(void)unused;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return;
	if (code != EXIT_TROUBLE)
		fputs("interlock: cannot write to standard output\n", stderr);
	_exit(EXIT_TROUBLE);
}

int main(int argc, char **argv)
{
	static const char *const helps[] = {"help", "--help", "-h", "-?", NULL};
	static const char *const versions[] = {"version", "--version", "-V", NULL};
	const char *name = argc > 1 ? argv[1] : "";
	char help[] = "--help";

	on_exit(check_output, NULL);
	if (is_one_of(name, helps) && argc > 2) {
		const struct command *command = command_find(argv[2]);
		char *words[] = {argv[0], help, NULL};
		return command ? run(command, 2, words) : no_command(argv[2]);
	}
	if (is_one_of(name, helps)) {
		print_help(stdout);
		return EXIT_PASSED;
	}
	if (is_one_of(name, versions)) {
		print_version();
		return EXIT_PASSED;
	}
	const struct command *command = command_find(name);
	return command ? run(command, argc - 1, argv + 1) : no_command(name);
}
