/* SPDX-License-Identifier: MIT */
#include "explore/together.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* The words of all programs lie behind each other; each of them has its own end of the list. */
static const char source[] =
	"#include <stdlib.h>\n"
	"#include <sys/wait.h>\n"
	"#include <unistd.h>\n"
	"typedef int program(int, char **, char **);\n"
	"program %s;\n"
	"static program *const programs[] = {%s};\n"
	"static const int words[] = {%s};\n"
	"int main(int argc, char **argv, char **environment)\n"
	"{\n"
	"	int worst = 0, status = 0;\n"
	"	for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {\n"
	"		char *next = argv[words[i]];\n"
	"		argv[words[i]] = NULL;\n"
	"		if (fork() == 0)\n"
	"			exit(programs[i](words[i], argv, environment));\n"
	"		argv += words[i];\n"
	"		argv[0] = next;\n"
	"	}\n"
	"	while (wait(&status) > 0)\n"
	"		if (WIFEXITED(status) && WEXITSTATUS(status) > worst)\n"
	"			worst = WEXITSTATUS(status);\n"
	"	return argc > 0 ? worst : 1;\n"
	"}\n";

int together_write(
	const struct program_sources *sources, const char *path, struct error *error)
{
	char *names = text_copy(""), *words = text_copy("");
	int number = 0;
	for (const struct program_sources *each = sources; each; each = each->beside) {
		const char *comma = number ? ", " : "";
		text_replace(&names, "%s%s" TOGETHER_MAIN "%d", names, comma, number++);
		text_replace(&words, "%s%s%d", words, comma, each->arguments_count + 1);
	}
	char *text = text_format(source, names, names, words);
	int status = file_replace(path, text, strlen(text), error);
	free(text);
	free(words);
	free(names);
	return status;
}
