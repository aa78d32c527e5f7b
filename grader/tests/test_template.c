/* SPDX-License-Identifier: MIT */
/* What a student clones, used by somebody who has nothing of this repository but the program. */
#include "run.h"
#include "tiny.h"

#include "build/installed.h"

#define RIGHT "#include \"work.h\"\nlong work(long n) { return 2 * n; }\n"
#define WRONG "#include \"work.h\"\nlong work(long n)\n{\n\treturn n + 3;\n}\n"

/* Runs a script; $D is the scratch folder, $B the build, $T the template's copy, $L the lab in
 * it. Variables of an outer make are not for the one in the template. */
static struct ran shell(const char *script)
{
	char *build = path_of("");
	char *command = text_format("set -eu; D=%s; B=%s; T=$D/template; L=$T/tiny\n"
				    "unset MAKEFLAGS MFLAGS MAKELEVEL INTERLOCK DISPLAY "
				    "WAYLAND_DISPLAY OPEN\n%s",
		scratch, build, script);
	struct ran ran =
		run_program((const char *const[]){"/bin/sh", "-c", command, NULL});

	free(command);
	free(build);
	return ran;
}

static struct ran expect_runs(const char *script, int code)
{
	struct ran ran = shell(script);

	ck_assert_msg(ran.code == code, "%s: %d\n%s%s", script, ran.code, ran.output,
		ran.errors);
	return ran;
}

static void expect_done(const char *script)
{
	struct ran ran = expect_runs(script, 0);

	ran_release(&ran);
}

/* The template with one small lab in place of its own. */
static void prepare(void)
{
	scratch_make();
	char *lab = tiny_lab("lab");
	expect_done("cp -rL $B/share/interlock/student-template $T\n"
		    "rm -rf $T/critical-section $T/pool-map $T/.interlock\n"
		    "$B/interlock handout $D/lab -o $L");
	free(lab);
}

/* The program that came with the course; it says what it was asked. */
#define PACK_A_PROGRAM                                                                   \
	"mkdir -p $D/made/interlock-9/bin $T/.interlock\n"                               \
	"printf '#!/bin/sh\\necho asked \"$@\"\\n' >$D/made/interlock-9/bin/interlock\n" \
	"chmod 755 $D/made/interlock-9/bin/interlock\n"                                  \
	"tar -czf $T/.interlock/interlock-9-$(uname -m).tar.gz -C $D/made interlock-9\n"

START_TEST(the_program_that_came_with_the_course_is_used)
{
	struct ran ran = expect_runs(PACK_A_PROGRAM "make -s -C $T ready\n"
						    "make -s -C $T check explore grade\n"
						    "make -s -C $L check",
		0);

	ck_assert_str_eq(ran.output, "asked check\n"
				     "explore decides nothing in this lab.\n"
				     "asked grade tiny tiny -o reports\n\n"
				     "asked check\n");
	ran_release(&ran);
}
END_TEST

START_TEST(a_program_on_the_path_or_by_name_is_used_where_none_came)
{
	struct ran ran =
		expect_runs(PACK_A_PROGRAM "rm -r $T/.interlock\n"
					   "P=$D/made/interlock-9/bin\n"
					   "PATH=$P:$PATH make -s -C $T check\n"
					   "cd $T; make -s check INTERLOCK=../made/"
					   "interlock-9/bin/interlock",
			0);

	ck_assert_str_eq(ran.output, "asked check\nasked check\n");
	ran_release(&ran);
}
END_TEST

START_TEST(a_missing_program_is_told_with_the_way_to_get_it)
{
	struct ran ran = expect_runs("PATH=/usr/bin:/bin make -s -C $T check "
				     "INTERLOCK=no-such-program",
		2);

	expect_holds(ran.errors, "the program interlock is not here");
	expect_holds(ran.errors, "sudo apt-get install ./interlock_*.deb");
	ran_release(&ran);
}
END_TEST

START_TEST(what_the_machine_lacks_is_told_at_once)
{
	struct error error = {""};

	ck_assert_int_eq(installed_check("/nowhere", "gcc", true, &error), -1);
	ck_assert_str_eq(error.message,
		"this machine lacks: gcc binutils libc6-dev valgrind check. On Debian "
		"and Ubuntu: sudo apt-get install gcc binutils libc6-dev valgrind check");
	ck_assert_int_eq(installed_check("/nowhere", "gcc", false, &error), -1);
	expect_lacks(error.message, "valgrind");
	ck_assert_msg(installed_check("", "gcc", true, &error) == 0, "%s", error.message);
	ck_assert_int_eq(installed_check("", "tcc", true, &error), -1);
	expect_holds(error.message, "lacks: tcc.");
}
END_TEST

/* The pattern of the editor's task finds the line, and nothing in the report before it. */
START_TEST(an_editor_finds_the_problems)
{
	char *wrong = scratch_path("template/tiny/work.c");

	file_put(wrong, WRONG);
	struct ran ran =
		expect_runs("make -s -C $L problems INTERLOCK=$B/interlock "
			    ">$D/seen && exit 1\n"
			    "cat >$D/match.py <<'END'\n"
			    "import json, re, sys\n"
			    "tasks = json.load(open(sys.argv[1]))['tasks']\n"
			    "pattern = tasks[0]['problemMatcher']['pattern']\n"
			    "for line in open(sys.argv[2]):\n"
			    "    found = re.match(pattern['regexp'], line.rstrip())\n"
			    "    if found:\n"
			    "        print([found[pattern[key]] for key in\n"
			    "               ('file', 'line', 'severity')])\n"
			    "END\n"
			    "python3 $D/match.py $T/.vscode/tasks.json $D/seen",
			0);
	ck_assert_str_eq(ran.output, "['work.c', '1', 'error']\n");
	ran_release(&ran);
	file_put(wrong, RIGHT);
	expect_done("make -s -C $L problems INTERLOCK=$B/interlock >$D/seen\n"
		    "! grep '^work.c:' $D/seen");
	free(wrong);
}
END_TEST

/* A report is made of work that fails, and where there is no screen its place is told. */
START_TEST(make_report_keeps_the_report_and_opens_it)
{
	char *wrong = scratch_path("template/tiny/work.c");

	file_put(wrong, WRONG);
	struct ran ran = expect_runs(
		"make -s -C $L report INTERLOCK=$B/interlock\n"
		"make -s -C $L report INTERLOCK=$B/interlock OPEN='echo opened'",
		0);
	expect_holds(ran.output, "Open ");
	expect_holds(ran.output, "opened reports/tiny/page.html\n");
	expect_done("grep -q 'It doubles' $L/reports/tiny/page.html");
	ran_release(&ran);
	free(wrong);
}
END_TEST

/* clangd reads a list of flags; the compiler takes them as clangd would. */
START_TEST(an_editor_finds_the_headers)
{
	expect_done("mkdir -p $T/.interlock/program\n"
		    "ln -s $B/include $T/.interlock/program/include\n"
		    "set -- $(sed -n 's/^    - //p' $T/.clangd)\n"
		    "for lab in critical-section pool-map; do\n"
		    "cp -rL $B/share/interlock/student-template/$lab $T/headers\n"
		    "(cd $T/headers && gcc \"$@\" -Werror -fsyntax-only *.c)\n"
		    "(cd $T/headers/checks && gcc \"$@\" -Werror -fsyntax-only *.c)\n"
		    "rm -r $T/headers\n"
		    "done\nrm -r $T/.interlock");
}
END_TEST

/* The container has what a new machine would be asked for. */
START_TEST(the_container_has_all_that_is_needed)
{
	struct error error = {""};
	char *path = path_of(
		"share/interlock/student-template/.devcontainer/devcontainer.json");
	char *text = file_get(path);

	ck_assert_int_eq(installed_check("/nowhere", "gcc", true, &error), -1);
	char *packages = strstr(error.message, "apt-get install ") + 16;
	for (char *name = strtok(packages, " "); name; name = strtok(NULL, " ")) {
		char *word = text_format(" %s ", name);
		expect_holds(text, word);
		free(word);
	}
	expect_holds(text, "\"make ready\"");
	free(text);
	free(path);
	expect_done(
		"for f in .devcontainer/devcontainer.json .vscode/extensions.json; do\n"
		"python3 -m json.tool $T/$f >/dev/null; done");
}
END_TEST

static const TTest *const *const tests[] = {
	&the_program_that_came_with_the_course_is_used,
	&a_program_on_the_path_or_by_name_is_used_where_none_came,
	&a_missing_program_is_told_with_the_way_to_get_it,
	&what_the_machine_lacks_is_told_at_once,
	&an_editor_finds_the_problems,
	&make_report_keeps_the_report_and_opens_it,
	&an_editor_finds_the_headers,
	&the_container_has_all_that_is_needed,
};

int main(void)
{
	return suite_run_with("template", tests, sizeof(tests) / sizeof(tests[0]),
		prepare, scratch_remove);
}
