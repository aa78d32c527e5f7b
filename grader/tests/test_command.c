/* SPDX-License-Identifier: MIT */
/* The program as people call it. */
#include "run.h"
#include "tiny.h"

#include "command/command.h"
#include "score/result.h"

#include <pty.h>

#define HEADER "#include \"work.h\"\n"
#define RIGHT HEADER "long work(long n) { return 2 * n; }\n"
#define WRONG HEADER "long work(long n) { return n + 3; }\n"

static char *lab;
static char *right;
static char *wrong;
static char *out;

static void prepare(void)
{
	scratch_make();
	lab = tiny_lab("lab");
	right = tiny_submission("right", RIGHT);
	wrong = tiny_submission("wrong", WRONG);
	out = scratch_path("out");
}

static void put_away(void)
{
	free(lab);
	free(right);
	free(wrong);
	free(out);
	scratch_remove();
}

static void expect_code(const struct ran *ran, int code)
{
	ck_assert_msg(ran->code == code, "exit code %d, not %d\n%s%s", ran->code, code,
		ran->output, ran->errors);
}

START_TEST(every_command_has_help_and_a_version)
{
	struct ran all = run_interlock("--help", NULL);

	expect_code(&all, 0);
	for (const struct command *command = commands; command->name; command++) {
		expect_holds(all.output, command->name);
		expect_holds(all.output, command->summary);
		struct ran ran = run_interlock(command->name, "--help", NULL);
		expect_code(&ran, 0);
		expect_holds(ran.output, "Usage: interlock ");
		expect_holds(ran.output, command->name);
		ran_release(&ran);
		ran = run_interlock(command->name, "--version", NULL);
		expect_code(&ran, 0);
		expect_holds(ran.output, "interlock " INTERLOCK_VERSION);
		ran_release(&ran);
	}
	ran_release(&all);
	all = run_interlock("--version", NULL);
	expect_code(&all, 0);
	ck_assert_int_eq(strncmp(all.output, "interlock " INTERLOCK_VERSION "\n",
				 strlen("interlock " INTERLOCK_VERSION "\n")),
		0);
	expect_holds(all.output, "\n  gcc       gcc (");
	expect_holds(all.output, "\n  valgrind  valgrind-");
	ran_release(&all);
}
END_TEST

/* Runs it with an output on which nothing can be written. */
static void expect_told(const char *command, const char *first, const char *second)
{
	char *interlock = path_of("interlock");
	char *errors = scratch_path("full.err");
	const char *const argv[] = {interlock, command, first, second, NULL};
	int code = run_wait(run_start(argv, "/dev/full", errors));
	char *said = file_get(errors);

	ck_assert_msg(code == 2, "%s ends with %d", command, code);
	expect_holds(said, "rit"); /* it cannot write, or: writing */
	free(said);
	free(errors);
	free(interlock);
}

START_TEST(what_cannot_be_written_ends_in_2_in_every_command)
{
	char *result = path_join(out, "right/result.json");

	expect_told("--help", NULL, NULL);
	expect_told("--version", NULL, NULL);
	for (const struct command *command = commands; command->name; command++)
		expect_told(command->name, "--help", NULL);
	struct ran ran = run_interlock("grade", lab, right, "-o", out, NULL);
	expect_code(&ran, 0);
	ran_release(&ran);
	expect_told("report", result, NULL);
	expect_told("grade", lab, right);
	free(result);
}
END_TEST

START_TEST(help_is_asked_for_as_people_do)
{
	static const char *const lines[][2] = {
		{"help", "grade"}, {"grade", "-h"}, {"--help", "grade"}, {"grade", "-?"}};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct ran ran = run_interlock(lines[i][0], lines[i][1], NULL);
		expect_code(&ran, 0);
		expect_holds(ran.output, "Usage: interlock grade ");
		ran_release(&ran);
	}
	struct ran ran = run_interlock("-h", NULL);
	expect_code(&ran, 0);
	expect_holds(ran.output, "Usage: interlock COMMAND");
	ran_release(&ran);
}
END_TEST

START_TEST(a_misspelt_command_is_answered_with_what_was_meant)
{
	static const char *const words[][2] = {{"garde", "grade"}, {"chekc", "check"},
		{"explor", "explore"}, {"self-test", "selftest"}, {"hand", "handout"},
		{"newlab", "new-lab"}, {"dcotor", "doctor"}, {"reports", "report"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		ck_assert_str_eq(command_meant(words[i][0]), words[i][1]);
		struct ran ran = run_interlock(words[i][0], NULL);
		char *answer = text_format("Did you mean '%s'?", words[i][1]);
		expect_code(&ran, 2);
		expect_holds(ran.errors, answer);
		free(answer);
		ran_release(&ran);
	}
	ck_assert_ptr_null(command_meant("nonsense"));
	ck_assert_ptr_null(command_meant("x"));
	ck_assert_ptr_null(command_meant(""));
}
END_TEST

START_TEST(wrong_arguments_end_in_2_with_a_word_on_standard_error)
{
	static const char *const lines[][6] = {{"nonsense"}, {""}, {"grade"},
		{"grade", "lab-only"}, {"grade", "--nonsense"},
		{"grade", "a", "b", "--seed", "xyz"},
		{"grade", "a", "b", "--compiler", "tcc"}, {"batch"}, {"batch", "a"},
		{"batch", "a", "b", "c"}, {"batch", "a", "b", "-j", "0"},
		{"batch", "a", "b", "-j", "many"}, {"handout"}, {"handout", "a"},
		{"check", "a", "b"}};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct ran ran = run_interlock(lines[i][0], lines[i][1], lines[i][2],
			lines[i][3], lines[i][4], lines[i][5], NULL);
		ck_assert_msg(ran.code == 2, "%s %s: %d", lines[i][0],
			lines[i][1] ? lines[i][1] : "", ran.code);
		ck_assert_str_ne(ran.errors, "");
		ran_release(&ran);
	}
}
END_TEST

/* As where /tmp is a tmpfs and the program lies on a disk, or the other way round. */
START_TEST(temporary_files_may_lie_on_another_file_system)
{
	struct error error;
	char *folder = text_format("/dev/shm/interlock-temporary-%d", (int)getpid());

	ck_assert_int_eq(folder_make(folder, &error), 0);
	ck_assert_int_eq(setenv("TMPDIR", folder, 1), 0);
	struct ran ran = run_interlock("grade", lab, right, "-o", out, NULL);
	ck_assert_int_eq(rmdir(folder), 0); /* nothing is left there */
	expect_code(&ran, 0);
	ran_release(&ran);
	free(folder);
}
END_TEST

START_TEST(a_lab_or_a_path_that_is_not_there_is_our_error)
{
	struct ran ran = run_interlock("grade", "no-such-lab", right, "-o", out, NULL);

	expect_code(&ran, 2);
	expect_holds(ran.errors, "no lab 'no-such-lab'");
	ran_release(&ran);
	ran = run_interlock("grade", lab, "/nowhere/at/all", "-o", out, NULL);
	expect_code(&ran, 2);
	expect_holds(ran.errors, "/nowhere/at/all");
	ran_release(&ran);
	ran = run_interlock("check", scratch, NULL);
	expect_code(&ran, 2);
	expect_holds(ran.errors, "lab.yaml");
	ran_release(&ran);
}
END_TEST

START_TEST(what_cannot_be_explored_is_told_in_a_line)
{
	char *cpp = scratch_path("program.cpp");
	struct ran ran = run_interlock("explore", "/nowhere/a.c", NULL);

	expect_code(&ran, 2);
	ck_assert_str_eq(
		ran.errors, "interlock explore: there is no file /nowhere/a.c\n");
	ran_release(&ran);
	file_put(cpp, "int main() { return 0; }\n");
	ran = run_interlock("explore", cpp, NULL);
	expect_code(&ran, 2);
	expect_holds(ran.errors, "program.cpp is C++; programs in C are explored\n");
	ran_release(&ran);
	free(cpp);
}
END_TEST

START_TEST(exit_codes_are_0_1_and_2_and_the_worst_counts)
{
	struct ran ran = run_interlock("grade", lab, right, "-o", out, NULL);

	expect_code(&ran, 0);
	expect_holds(ran.output, "10 of 10 points");
	ran_release(&ran);
	ran = run_interlock("grade", lab, wrong, "-o", out, NULL);
	expect_code(&ran, 1);
	expect_holds(ran.output, "1 of 10 points");
	ran_release(&ran);
	ran = run_interlock("grade", lab, right, wrong, right, "-o", out, NULL);
	expect_code(&ran, 1);
	ran_release(&ran);
	ran = run_interlock("grade", lab, wrong, "/nowhere", "-o", out, NULL);
	expect_code(&ran, 2);
	expect_holds(ran.output, "1 of 10 points");
	ran_release(&ran);
}
END_TEST

START_TEST(a_bad_submission_is_the_students_and_told_clearly)
{
	struct error error;
	char *folder = scratch_path("bad");
	char *file = scratch_path("bad/work.c");

	ck_assert_int_eq(folder_make(folder, &error), 0);
	struct ran ran = run_interlock("grade", lab, folder, "-o", out, NULL);
	expect_code(&ran, 1);
	expect_holds(ran.output, "work.c is missing");
	ran_release(&ran);
	ck_assert_int_eq(symlink("/etc/passwd", file), 0);
	ran = run_interlock("grade", lab, folder, "-o", out, NULL);
	expect_code(&ran, 1);
	expect_holds(ran.output, "symbolic link");
	ran_release(&ran);
	unlink(file);
	ck_assert_int_eq(mkfifo(file, 0644), 0);
	ran = run_interlock("grade", lab, folder, "-o", out, NULL);
	expect_code(&ran, 1);
	expect_holds(ran.output, "not a regular file");
	ran_release(&ran);
	unlink(file);
	file_put(file, "");
	ck_assert_int_eq(truncate(file, 1 << 30), 0);
	ran = run_interlock("grade", lab, folder, "-o", out, NULL);
	expect_code(&ran, 1);
	expect_holds(ran.output, "1073741824 bytes");
	ran_release(&ran);
	unlink(file);
	ck_assert_int_eq(folder_make(file, &error), 0);
	ran = run_interlock("grade", lab, folder, "-o", out, NULL);
	expect_code(&ran, 1);
	expect_holds(ran.output, "is a folder");
	ran_release(&ran);
	free(file);
	free(folder);
}
END_TEST

START_TEST(a_bad_lab_is_ours_and_nothing_is_written)
{
	char *bad = tiny_lab("bad-lab");
	char *nothing = scratch_path("nothing");

	tiny_replace(bad, "lab.yaml", "title:", "colour: red\ntitle:");
	struct ran ran = run_interlock("grade", bad, right, "-o", nothing, NULL);
	expect_code(&ran, 2);
	expect_holds(ran.errors, "colour");
	expect_holds(ran.errors, "line: 2");
	ck_assert_str_eq(ran.output, "");
	ck_assert(!path_is_folder(nothing));
	ran_release(&ran);
	free(nothing);
	free(bad);
}
END_TEST

/* The report is whole in the folder, and the same text as on the terminal. */
START_TEST(reports_are_written)
{
	static const char *const files[] = {
		"report.txt", "junit.xml", "junit-strict.xml", "result.json"};
	char *folder = scratch_path("reports");
	struct ran ran = run_interlock("grade", lab, wrong, "-o", folder, NULL);

	expect_code(&ran, 1);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = text_format("%s/wrong/%s", folder, files[i]);
		char *text = file_get(path);
		expect_holds(text, "doubles");
		free(text);
		free(path);
	}
	expect_holds(ran.output, "it should be");
	expect_holds(ran.output, "Twice.");
	expect_holds(ran.output, "--only doubles --inputs ");
	ran_release(&ran);
	free(folder);
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_is_our_error)
{
	struct ran ran = run_interlock("grade", lab, right, "-o", "/proc/no", NULL);

	expect_code(&ran, 2);
	expect_holds(ran.errors, "/proc/no");
	ran_release(&ran);
}
END_TEST

START_TEST(two_submissions_of_one_name_do_not_overwrite_each_other)
{
	char *one = tiny_submission("first/same", RIGHT);
	char *two = tiny_submission("second/same", WRONG);
	char *folder = scratch_path("same-out");
	struct ran ran = run_interlock("grade", lab, one, two, "-o", folder, NULL);
	struct ran found = run_program((const char *const[]){
		"/usr/bin/find", folder, "-name", "result.json", NULL});

	expect_code(&ran, 1);
	char *first_line_end = strchr(found.output, '\n');
	ck_assert_ptr_nonnull(first_line_end);
	ck_assert_msg(strchr(first_line_end + 1, '\n') != NULL, "only %s", found.output);
	ran_release(&found);
	ran_release(&ran);
	free(folder);
	free(two);
	free(one);
}
END_TEST

START_TEST(only_leaves_out_the_other_criteria)
{
	struct ran ran =
		run_interlock("grade", lab, wrong, "-o", out, "--only", "compiles", NULL);

	expect_code(&ran, 0);
	expect_lacks(ran.output, "doubles");
	ran_release(&ran);
	ran = run_interlock("grade", lab, wrong, "-o", out, "--only", "triples", NULL);
	expect_code(&ran, 2);
	expect_holds(ran.errors, "compiles doubles");
	ran_release(&ran);
}
END_TEST

/* The reason names the random input and what came of it. */
static char *reason_with_seed(const char *seed)
{
	struct error error = {""};
	char *path = scratch_path("seeded/wrong/result.json");
	char *folder = scratch_path("seeded");
	struct ran ran =
		run_interlock("grade", lab, wrong, "-o", folder, "--seed", seed, NULL);

	expect_code(&ran, 1);
	struct result *result = result_read(path, &error);
	ck_assert_msg(result != NULL, "%s", error.message);
	char *reason = text_copy(result->criteria[1].evidence[0].reason);
	result_free(result);
	ran_release(&ran);
	free(folder);
	free(path);
	return reason;
}

START_TEST(a_seed_repeats_the_same_inputs)
{
	char *one = reason_with_seed("00000000deadbeef");
	char *again = reason_with_seed("deadbeef");
	char *other = reason_with_seed("deadbee0");

	ck_assert_str_eq(one, again);
	ck_assert_str_ne(one, other);
	free(one);
	free(again);
	free(other);
}
END_TEST

/* The report on a terminal of this test's own. */
static char *on_terminal(const char *const *argv)
{
	struct buffer_of {
		char bytes[65536];
		size_t used;
	} seen = {.used = 0};
	int terminal = -1;
	int status = 0;
	pid_t pid = forkpty(&terminal, NULL, NULL, NULL);

	if (pid == 0) {
		setenv("TERM", "xterm", 1);
		unsetenv("NO_COLOR");
		execv(argv[0], (char **)(uintptr_t)argv);
		_exit(127);
	}
	if (pid < 0)
		return NULL; /* no pseudo-terminals: a bare chroot */
	for (;;) {
		ssize_t count = read(terminal, seen.bytes + seen.used,
			sizeof(seen.bytes) - 1 - seen.used);
		if (count <= 0)
			break;
		seen.used += (size_t)count;
	}
	waitpid(pid, &status, 0);
	close(terminal);
	seen.bytes[seen.used] = '\0';
	return text_copy(seen.bytes);
}

START_TEST(colour_is_only_for_terminals)
{
	char *interlock = path_of("interlock");
	struct ran ran = run_interlock("grade", lab, wrong, "-o", out, NULL);

	expect_lacks(ran.output, "\x1b");
	expect_lacks(ran.errors, "\x1b");
	char *seen = on_terminal(
		(const char *const[]){interlock, "grade", lab, wrong, "-o", out, NULL});
	if (seen) {
		expect_holds(seen, "\x1b[3");
		expect_holds(seen, "doubles");
	}
	free(seen);
	seen = on_terminal((const char *const[]){"/usr/bin/env", "NO_COLOR=1", interlock,
		"grade", lab, wrong, "-o", out, NULL});
	if (seen)
		expect_lacks(seen, "\x1b[3");
	free(seen);
	seen = on_terminal((const char *const[]){"/usr/bin/env", "TERM=dumb", "LC_ALL=C",
		interlock, "grade", lab, wrong, "-o", out, NULL});
	if (seen) {
		expect_lacks(seen, "\x1b");
		expect_lacks(seen, "\xE2");
		expect_holds(seen, "  x doubles");
	}
	free(seen);
	ran_release(&ran);
	free(interlock);
}
END_TEST

START_TEST(a_terminal_is_told_of_a_failure_once_and_before_the_report)
{
	const char *words = "Not passed: It doubles";
	char *explored = tiny_lab("explored");
	char *interlock = path_of("interlock");

	tiny_replace(
		explored, "lab.yaml", "stages: [stress]", "stages: [explore, stress]");
	/* What explore finds is told, and that it failed then is nothing new. */
	char *seen = on_terminal((const char *const[]){
		interlock, "grade", explored, wrong, "-o", out, NULL});
	if (seen) {
		const char *told = strstr(seen, words);
		const char *reported = strstr(seen, "doubles    ");
		ck_assert_msg(told && reported && told < reported, "%s", seen);
		ck_assert_ptr_null(strstr(told + 1, words));
	}
	free(seen);
	seen = on_terminal((const char *const[]){
		interlock, "grade", explored, right, "-o", out, NULL});
	if (seen) {
		expect_holds(seen, "doubles (2 of 2)");
		expect_lacks(seen, "Not passed");
	}
	free(seen);
	free(interlock);
	free(explored);
}
END_TEST

START_TEST(a_failure_in_a_header_of_the_lab_is_placed_where_it_is_called)
{
	char *headed = tiny_lab("headed");
	char *falls = tiny_submission(
		"falls", HEADER "long work(long n)\n{\n\tfall();\n\treturn n;\n}\n");

	tiny_replace(headed, "lab.yaml", "stages: [stress]", "stages: [explore]");
	tiny_replace(headed, "include/work.h", "long work(",
		"#include <stdlib.h>\nstatic inline void fall(void) { abort(); }\n"
		"long work(");
	struct ran ran = run_interlock("grade", headed, falls, "-o", out, NULL);
	expect_code(&ran, 1);
	expect_holds(ran.output, "work.c:4, in work");
	ran_release(&ran);
	free(falls);
	free(headed);
}
END_TEST

START_TEST(check_works_in_the_folder_where_it_is_called)
{
	char *desk = scratch_path("desk");
	char *file = scratch_path("desk/work.c");
	struct ran ran = run_interlock("handout", lab, "-o", desk, NULL);

	expect_code(&ran, 0);
	ran_release(&ran);
	ck_assert_int_eq(chdir(desk), 0);
	file_put(file, WRONG);
	ran = run_interlock("check", NULL);
	expect_code(&ran, 1);
	expect_holds(ran.output, "interlock check --only doubles");
	ran_release(&ran);
	file_put(file, RIGHT);
	ran = run_interlock("check", NULL);
	expect_code(&ran, 0);
	ran_release(&ran);
	ran = run_interlock("check", "--sandbox", ".", NULL);
	expect_code(&ran, 0);
	ran_release(&ran);
	free(file);
	free(desk);
}
END_TEST

int main(void)
{
	static const TTest *const *const tests[] = {
		&every_command_has_help_and_a_version,
		&what_cannot_be_written_ends_in_2_in_every_command,
		&help_is_asked_for_as_people_do,
		&a_misspelt_command_is_answered_with_what_was_meant,
		&wrong_arguments_end_in_2_with_a_word_on_standard_error,
		&temporary_files_may_lie_on_another_file_system,
		&a_lab_or_a_path_that_is_not_there_is_our_error,
		&what_cannot_be_explored_is_told_in_a_line,
		&exit_codes_are_0_1_and_2_and_the_worst_counts,
		&a_bad_submission_is_the_students_and_told_clearly,
		&a_bad_lab_is_ours_and_nothing_is_written,
		&reports_are_written,
		&a_folder_that_cannot_be_written_is_our_error,
		&two_submissions_of_one_name_do_not_overwrite_each_other,
		&only_leaves_out_the_other_criteria,
		&a_seed_repeats_the_same_inputs,
		&colour_is_only_for_terminals,
		&a_terminal_is_told_of_a_failure_once_and_before_the_report,
		&a_failure_in_a_header_of_the_lab_is_placed_where_it_is_called,
		&check_works_in_the_folder_where_it_is_called,
	};
	return suite_run_with(
		"command", tests, sizeof(tests) / sizeof(*tests), prepare, put_away);
}
