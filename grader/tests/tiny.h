/* SPDX-License-Identifier: MIT */
/*
 * A small lab on disk for tests of the pipeline: work.c defines long work(long), the
 * criterion `doubles` expects twice the input back, in 20 stress runs.
 *
 *	char *lab = tiny_lab("lab");
 *	tiny_replace(lab, "lab.yaml", "runs: 20", "runs: 3");
 *	char *alice = tiny_submission("alice", "long work(long n) { return 2 * n; }");
 */
#ifndef INTERLOCK_TESTS_TINY_H
#define INTERLOCK_TESTS_TINY_H

#include "suite.h"

#define TINY_YAML                                                                        \
	"name: tiny\n"                                                                   \
	"title: A tiny lab\n"                                                            \
	"files: [work.c]\n"                                                              \
	"interface: [work]\n"                                                            \
	"uses: [mp_*]\n"                                                                 \
	"stress: {runs: 20}\n"                                                           \
	"limits: {cpu_seconds: 1, processes: 16, memory_mb: 64, output_kb: 4}\n"         \
	"criteria:\n"                                                                    \
	"  - {name: compiles, title: It compiles, points: 1, stages: [build]}\n"         \
	"  - {name: doubles, title: It doubles, points: 9, stages: [stress], needs: "    \
	"[compiles], hint: Twice.}\n"

#define TINY_CHECKS                                                                      \
	"#include \"work.h\"\n"                                                          \
	"#include <interlock/checks.h>\n"                                                \
	"#include <stdlib.h>\n"                                                          \
	"START_TEST(doubles)\n"                                                          \
	"{\n"                                                                            \
	"	while (play_next_run()) {\n"                                                   \
	"		struct task *task = play_shared(sizeof(*task));\n"                            \
	"		long input = task->input = play_random(1, 1000000);\n"                        \
	"		play_start(\"work\", task);\n"                                                \
	"		play_run();\n"                                                                \
	"		play_expect_equal(task->output, 2 * input, \"twice %ld\", "                   \
	"input);\n"                                                                      \
	"	}\n"                                                                           \
	"}\n"                                                                            \
	"END_TEST\n"                                                                     \
	"Suite *checks_suite(void)\n"                                                    \
	"{\n"                                                                            \
	"	Suite *suite = suite_create(\"tiny\");\n"                                      \
	"	TCase *tcase = tcase_create(\"doubles\");\n"                                   \
	"	tcase_add_test(tcase, doubles);\n"                                             \
	"	suite_add_tcase(suite, tcase);\n"                                              \
	"	return suite;\n"                                                               \
	"}\n"

#define TINY_PLAYER                                                                      \
	"#include \"work.h\"\n"                                                          \
	"#include <interlock/player.h>\n"                                                \
	"#include <stddef.h>\n"                                                          \
	"static int call(void *argument)\n"                                              \
	"{\n"                                                                            \
	"	struct task *task = argument;\n"                                               \
	"	task->output = work(task->input);\n"                                           \
	"	return 0;\n"                                                                   \
	"}\n"                                                                            \
	"const struct player_entry player_entries[] = {{\"work\", call}, {NULL, "        \
	"NULL}};\n"

#define TINY_HEADER                                                                      \
	"#ifndef WORK_H\n#define WORK_H\n"                                               \
	"struct task {\n\tlong input;\n\tlong output;\n};\n"                             \
	"long work(long input);\n#endif\n"

#define TINY_SOLUTION                                                                    \
	"#include \"work.h\"\nlong work(long input)\n{\n\t/* BEGIN SOLUTION */\n"        \
	"\treturn 2 * input;\n\t/* END SOLUTION */\n}\n"

/* The folder of a fresh copy, below the scratch folder; to be freed. */
static inline char *tiny_lab(const char *name)
{
	static const char *const files[][2] = {{"lab.yaml", TINY_YAML},
		{"README.md", "# Tiny\n"}, {"include/work.h", TINY_HEADER},
		{"checks/checks.c", TINY_CHECKS}, {"checks/player.c", TINY_PLAYER},
		{"solution/work.c", TINY_SOLUTION}};
	char *folder = scratch_path("%s", name);

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = path_join(folder, files[i][0]);
		file_put(path, files[i][1]);
		free(path);
	}
	return folder;
}

/* Puts other text in the place of some that must be in a file. */
static inline void tiny_replace(
	const char *folder, const char *file, const char *old, const char *new)
{
	char *path = path_join(folder, file);
	char *text = file_get(path);
	char *found = strstr(text, old);

	ck_assert_msg(found != NULL, "%s is not in %s", old, path);
	char *changed = text_format(
		"%.*s%s%s", (int)(found - text), text, new, found + strlen(old));
	file_put(path, changed);
	free(changed);
	free(text);
	free(path);
}

/* A tiny lab with a hidden criterion, its checks in files of their own: work gives 0 back for 0.
 * The public `returns` needs it. */
static inline char *tiny_hiding_lab(const char *name)
{
	static const char hidden[] =
		"#include \"work.h\"\n#include <interlock/checks.h>\n"
		"START_TEST(zero_stays)\n{\n\twhile (play_next_run()) {\n"
		"\t\tstruct task *task = play_shared(sizeof(*task));\n"
		"\t\ttask->output = 1;\n\t\tplay_start(\"secretly\", task);\n"
		"\t\tplay_run();\n"
		"\t\tplay_expect_equal(task->output, 0, \"twice 0\");\n\t}\n}\nEND_TEST\n"
		"Suite *hidden_suite(void)\n{\n\tSuite *suite = suite_create(\"h\");\n"
		"\tTCase *tcase = tcase_create(\"zero_stays\");\n"
		"\ttcase_add_test(tcase, zero_stays);\n"
		"\tsuite_add_tcase(suite, tcase);\n\treturn suite;\n}\n";
	static const char hidden_player[] =
		"#include \"work.h\"\n#include <interlock/player.h>\n#include "
		"<stddef.h>\n"
		"static int secretly(void *argument)\n{\n\tstruct task *task = "
		"argument;\n"
		"\ttask->output = work(0);\n\treturn 0;\n}\n"
		"const struct player_entry hidden_entries[] = {{\"secretly\", secretly}, "
		"{NULL, NULL}};\n";
	char *lab = tiny_lab(name);
	char *path = path_join(lab, "checks/hidden.c");
	char *player = path_join(lab, "checks/hidden_player.c");

	file_put(path, hidden);
	file_put(player, hidden_player);
	tiny_replace(lab, "lab.yaml", "  - {name: doubles",
		"  - {name: zero_stays, title: Nought stays, points: 5, stages: "
		"[explore, stress], hidden: true, needs: [compiles]}\n"
		"  - {name: doubles");
	tiny_replace(
		lab, "lab.yaml", "needs: [compiles], hint", "needs: [zero_stays], hint");
	free(player);
	free(path);
	return lab;
}

/* The folder of a submission with this work.c; to be freed. */
static inline char *tiny_submission(const char *name, const char *source)
{
	char *folder = scratch_path("%s", name);
	char *path = path_join(folder, "work.c");

	file_put(path, source);
	free(path);
	return folder;
}

#endif
