/* SPDX-License-Identifier: MIT */
/*
 * A course and the kits of its platforms, made by the real program and run as each platform runs
 * them: its own scripts and steps, in its own folders, with what it sets in the environment. Only
 * what installs packages is not run here.
 */
#include "guide.h"
#include "run.h"
#include "tiny.h"

#define RIGHT "#include \"work.h\"\nlong work(long n) { return 2 * n; }\n"
#define WRONG_FOR_ZERO                                                                   \
	"#include \"work.h\"\nlong work(long n) { return n ? 2 * n : 7; }\n"

/* Runs a script; $D is the scratch folder, $B the build, $P the program's archive, $L a lab with a
 * hidden criterion. What installs packages does nothing, and is noted in $D/installed. */
static struct ran shell(const char *script)
{
	char *build = path_of("");
	char *command =
		text_format("set -eu; D=%s; B=%s; L=$D/lab\n"
			    "P=$D/interlock-9-$(uname -m).tar.gz\n"
			    "unset MAKEFLAGS MFLAGS MAKELEVEL INTERLOCK GITHUB_ACTIONS\n"
			    "PATH=$D/stubs:$PATH; export D\n%s",
			scratch, build, script);
	struct ran ran =
		run_program((const char *const[]){"/bin/sh", "-c", command, NULL});

	free(command);
	free(build);
	return ran;
}

static struct ran expect_code(const char *script, int code)
{
	struct ran ran = shell(script);

	ck_assert_msg(ran.code == code, "%s: %d\n%s%s", script, ran.code, ran.output,
		ran.errors);
	return ran;
}

static void expect_done(const char *script)
{
	struct ran ran = expect_code(script, 0);

	ran_release(&ran);
}

/* Two labs; two answers, one of which fails only the hidden criterion; and a program's archive, in
 * which the program is the one that is built. */
static void prepare(void)
{
	scratch_make();
	free(tiny_hiding_lab("lab"));
	free(tiny_lab("other"));
	free(tiny_submission("right", RIGHT));
	free(tiny_submission("wrong", WRONG_FOR_ZERO));
	expect_done("sed -i 's/^name: tiny/name: other/' $D/other/lab.yaml\n"
		    "sed -i 's/explore, stress/stress/' $D/lab/lab.yaml\n"
		    "mkdir -p $D/stubs $D/made/interlock-9/bin\n"
		    "for name in apt-get sysctl; do\n"
		    "printf '#!/bin/sh\\necho \"$@\" >>$D/installed\\n' >$D/stubs/$name\n"
		    "done\n"
		    "printf '#!/bin/sh\\nexec %s/interlock \"$@\"\\n' $B "
		    ">$D/made/interlock-9/bin/interlock\n"
		    "printf '#!/bin/sh\\nexec \"$@\"\\n' >$D/stubs/sudo\n"
		    "chmod 755 $D/stubs/* $D/made/interlock-9/bin/interlock\n"
		    "tar -czf $P -C $D/made interlock-9\n"
		    "$B/interlock course $D/cs101 --labs $L,$D/other --program $P "
		    "--grading cs101/grading --ref v3 >$D/said");
}

START_TEST(a_course_has_three_sides_and_students_get_no_answer)
{
	struct ran ran = expect_code("cat $D/said; cd $D/cs101\n"
				     "test -f students/tiny/work.c\n"
				     "test -f students/.interlock/${P##*/}\n"
				     "test -f grading/labs/other/checks/checks.c\n"
				     "test -f instructors/labs/tiny/solution/work.c\n"
				     "test -f instructors/labs/tiny/checks/hidden.c\n"
				     "! grep -rnE 'zero_stays|secretly|BEGIN SOLUTION|"
				     "2 [*] input;|For instructors' students grading\n"
				     "grep cs101/grading/.github/workflows/grade.yml@v3 "
				     "students/.github/workflows/grade.yml\n"
				     "! grep -rn '@[A-Z][A-Z]*@' .\n"
				     "cat pins.txt",
		0);

	expect_holds(ran.output, "What students get holds no answer");
	expect_holds(ran.output, "interlock " INTERLOCK_VERSION "\nprogram interlock-9-");
	expect_holds(ran.output, "\nlab tiny ");
	ran_release(&ran);
}
END_TEST

/* The pin of a lab is that of the instructor's copy. */
START_TEST(a_course_pins_its_labs)
{
	expect_done("cd $D/cs101\n"
		    "pin=$(sed -n 's/^lab tiny //p' pins.txt)\n"
		    "$B/interlock grade instructors/labs/tiny $D/right --pin $pin "
		    "-o $D/pinned >$D/pinned.txt\n"
		    "grep \"the hash $pin\" $D/pinned.txt");
	struct ran ran = expect_code(
		"cp -r $D/lab $D/edited\n"
		"pin=$(sed -n 's/^lab tiny //p' $D/cs101/pins.txt)\n"
		"echo '/* more */' >>$D/edited/checks/hidden_player.c\n"
		"$B/interlock grade $D/edited $D/right --pin $pin -o $D/pinned",
		2);
	expect_holds(ran.errors, "was changed: its files have the hash");
	ran_release(&ran);
}
END_TEST

START_TEST(a_course_with_an_answer_in_it_is_not_made)
{
	struct ran ran = expect_code("cp -r $D/other $D/leaky\n"
				     "echo '  return 2*input ;' >>$D/leaky/README.md\n"
				     "$B/interlock course $D/leak/cs --labs $L,$D/leaky "
				     "--program $P; code=$?; ls -A $D/leak; exit $code",
		2);

	expect_holds(ran.errors, "README.md");
	expect_holds(ran.errors, "has the text of solution/work.c");
	ck_assert_str_eq(ran.output, "");
	ran_release(&ran);
}
END_TEST

START_TEST(a_course_is_named_with_what_it_needs)
{
	static const char *const lines[][2] = {
		{"$B/interlock course $D/none --program $P", "--labs"},
		{"$B/interlock course $D/none --labs $L", "--program"},
		{"$B/interlock course $D/none --labs $L --program /none.tar.gz", "/none"},
		{"$B/interlock course $D/none --labs $L,$L --program $P", "two labs"},
		{"$B/interlock kit gradscope $L --program $P -o $D/none", "gradscope"},
		{"$B/interlock kit autolab $L $D/other --program $P -o $D/none",
			"one lab"},
		{"$B/interlock kit github $L --program $D/said -o $D/none",
			"make tarball makes it"},
		{"$B/interlock kit github $L --program $P -o $D/none --grading '$(x)/y'",
			"OWNER/NAME"}};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct ran ran = expect_code(lines[i][0], 2);
		expect_holds(ran.errors, lines[i][1]);
		ran_release(&ran);
	}
	expect_done("test ! -e $D/none");
}
END_TEST

/* The desk of a student who has nothing but the repository. */
START_TEST(a_student_of_the_course_checks_with_what_came_along)
{
	struct ran ran = expect_code("cp -r $D/cs101/students $D/desk; cd $D/desk\n"
				     "rm -r other; cp $D/wrong/work.c tiny/\n"
				     "make -s check",
		0);

	expect_holds(ran.output, "every criterion was passed");
	ran_release(&ran);
}
END_TEST

/* The steps that run something, one after the other, in the workspace that the checkouts leave. */
#define GITHUB                                                                           \
	"mkdir -p $D/gh-$N/submission; cd $D/gh-$N\n"                                    \
	"cp -r $D/cs101/grading grading\n"                                               \
	"cp -r $D/cs101/students/. submission\n"                                         \
	"cp $D/right/work.c submission/other/; cp $D/$A/work.c submission/tiny/\n"       \
	"export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$PWD/summary.md\n"               \
	"sed -n 's/^        run: //p' grading/.github/workflows/grade.yml >steps\n"      \
	"test $(wc -l <steps) -eq 2\n"

START_TEST(github_grades_by_the_courses_labs)
{
	expect_done("N=1; A=right\n" GITHUB "bash -e steps >log; test -s summary.md");
	struct ran ran = expect_code(
		"N=2; A=right\n" GITHUB
		"echo 'long work(long n) { return n; }' >>submission/other/work.c\n"
		"sed -i s/runs:.20/runs:\\ 1/ submission/tiny/lab.yaml\n"
		"code=0; bash -e steps >log || code=$?\n"
		"grep -q '^::error ' log; grep -q 'not what was handed out' log\n"
		"grep -q 'the hash' log; grep -q ':x:' summary.md; exit $code",
		1);
	ran_release(&ran);
	ran = expect_code("N=3; A=right\n" GITHUB
			  "echo >>grading/labs/tiny/checks/player.c; bash -e steps",
		2);
	expect_holds(ran.errors, "the files of the grader were changed");
	ran_release(&ran);
	expect_done("grep -q valgrind $D/installed");
}
END_TEST

/* The lines of the job's script, with what GitLab sets; its server is a folder here. */
START_TEST(gitlab_grades_by_the_courses_labs)
{
	expect_done("mkdir -p $D/gitlab/cs101; cp -r $D/cs101/grading $D/gitlab/cs101/\n"
		    "cp -r $D/cs101/students $D/gl; cd $D/gl\n"
		    "cp $D/right/work.c tiny/; cp $D/right/work.c other/\n"
		    "printf '#!/bin/sh\\nfor last; do :; done\\n"
		    "test \"$6\" = v3 && cp -r $D/gitlab/cs101/grading \"$last\"\\n' "
		    ">$D/stubs/git; chmod 755 $D/stubs/git\n"
		    "export CI_SERVER_PROTOCOL=https CI_JOB_TOKEN=t CI_SERVER_HOST=h "
		    "CI_SERVER_PORT=1\n"
		    "sed -n '/^  script:/,/^  artifacts:/s/^    - //p' .gitlab-ci.yml "
		    ">$D/gl-steps\n"
		    "code=0; bash -e $D/gl-steps >log 2>&1 || { code=$?; cat log; }\n"
		    "rm $D/stubs/git; test $code -eq 0; test -f reports/tiny/junit.xml");
}
END_TEST

/* Hidden criteria count here: nobody but the instructor reads this kit. */
START_TEST(gradescope_gets_its_results)
{
	struct ran ran = expect_code(
		"$B/interlock kit gradescope $L --program $P -o $D/g.zip >/dev/null\n"
		"mkdir -p $D/gs/source $D/gs/submission $D/gs/results\n"
		"cd $D/gs/source; python3 -m zipfile -e $D/g.zip .\n"
		"chmod +x run_autograder setup.sh; ./setup.sh\n"
		"cp $D/wrong/work.c ../submission/\n"
		"AUTOGRADER=$D/gs ./run_autograder >../log\n"
		"python3 -c 'import json\n"
		"for t in json.load(open(\"../results/results.json\"))[\"tests\"]:\n"
		"    print(t[\"name\"], t.get(\"score\"), t.get(\"visibility\"))'",
		0);

	expect_holds(ran.output, "It compiles 1");
	expect_holds(ran.output, "Nought stays 0");
	expect_holds(ran.output, "hidden");
	ran_release(&ran);
	ran = expect_code("cd $D/gs/source; rm ../results/results.json\n"
			  "echo >>labs/tiny/checks/hidden.c; code=0\n"
			  "AUTOGRADER=$D/gs ./run_autograder || code=$?\n"
			  "test ! -e ../results/results.json; exit $code",
		2);
	ran_release(&ran);
}
END_TEST

START_TEST(autolab_gets_its_two_lines)
{
	struct ran ran = expect_code(
		"$B/interlock kit autolab $L --program $P -o $D/a.tar >/dev/null\n"
		"mkdir -p $D/al; cd $D/al; tar -xf $D/a.tar; cd tiny\n"
		"grep -q 'name: zero_stays' tiny.yml\n"
		"cp $D/right/work.c .\n"
		"make -s -f autograde-Makefile | tail -n 1",
		0);

	expect_holds(ran.output,
		"{\"scores\":{\"compiles\":1,\"zero_stays\":5,\"doubles\":9}");
	ran_release(&ran);
}
END_TEST

START_TEST(prairielearn_gets_its_results)
{
	struct ran ran = expect_code(
		"$B/interlock kit prairielearn $L --program $P -o $D/pl >/dev/null\n"
		"python3 -m json.tool $D/pl/question/info.json >/dev/null\n"
		"mkdir -p $D/grade/student; cp $D/right/work.c $D/grade/student/\n"
		"GRADE=$D/grade $D/pl/image/grade.sh >$D/pl.log\n"
		"python3 -c 'import json\n"
		"print(json.load(open(\"'$D/grade/results/results.json'\"))[\"score\"])'",
		0);

	ck_assert_msg(atof(ran.output) == 1.0, "%s", ran.output);
	ran_release(&ran);
}
END_TEST

START_TEST(classroom50_gets_its_results)
{
	struct ran ran = expect_code(
		"$B/interlock kit classroom50 $L --program $P -o $D/c50 >/dev/null\n"
		"! grep -rq zero_stays $D/c50\n"
		"cp -r $D/cs101/students/tiny $D/c50-work; cd $D/c50-work\n"
		"cp $D/right/work.c .\n"
		"export CLASSROOM=c ASSIGNMENT=a ASSIGNMENT_TYPE=individual OWNER=o "
		"SUBMISSION_TAG=submit/1 COMMIT_URL=u RELEASE_URL=r REVIEW_URL=v\n"
		"python3 $D/c50/autograder.py >$D/c50.log\n"
		"python3 -c 'import json\n"
		"print(json.load(open(\"result.json\"))[\"score\"])'",
		0);

	ck_assert_str_eq(ran.output, "10\n");
	ran_release(&ran);
}
END_TEST

/* The same submission, by the same bundle, wherever it is graded. */
START_TEST(a_kit_is_the_same_bytes_each_time)
{
	expect_done("for i in 1 2; do $B/interlock kit autolab $L --program $P "
		    "-o $D/same-$i.tar >/dev/null; done\n"
		    "cmp $D/same-1.tar $D/same-2.tar\n"
		    "! $B/interlock kit autolab $L --program $P -o $D/same-1.tar");
}
END_TEST

/* What the guide says, by somebody who has read nothing else. */
START_LONG_TEST(the_instructors_guide_leads_to_a_graded_class,
	a_course_has_three_sides_and_students_get_no_answer)
{
	char *readme = text_copy("grader/kit/README.md");
	char *text = file_get(readme);
	char *script = guide_script(text);
	char *file = scratch_path("guide.sh");

	expect_holds(script, "interlock course cs101");
	file_put(file, script);
	struct ran ran = expect_code("mkdir $D/guide; cd $D/guide\n"
				     "cp $P interlock-0.1.0-x86_64.tar.gz\n"
				     "PATH=$B:$PATH bash -eux $D/guide.sh 2>&1",
		0);
	expect_holds(ran.output, "What students get holds no answer");
	expect_holds(ran.output, "every criterion was passed");
	expect_holds(ran.output, "ada");
	ran_release(&ran);
	free(file);
	free(script);
	free(text);
	free(readme);
}
END_TEST

static void add_tests(TCase *tcase)
{
	add_short_test(tcase, a_course_has_three_sides_and_students_get_no_answer, 0, 1);
	add_short_test(tcase, a_course_pins_its_labs, 0, 1);
	add_short_test(tcase, a_course_with_an_answer_in_it_is_not_made, 0, 1);
	add_short_test(tcase, a_course_is_named_with_what_it_needs, 0, 1);
	add_short_test(tcase, a_student_of_the_course_checks_with_what_came_along, 0, 1);
	add_short_test(tcase, github_grades_by_the_courses_labs, 0, 1);
	add_short_test(tcase, gitlab_grades_by_the_courses_labs, 0, 1);
	add_short_test(tcase, gradescope_gets_its_results, 0, 1);
	add_short_test(tcase, autolab_gets_its_two_lines, 0, 1);
	add_short_test(tcase, prairielearn_gets_its_results, 0, 1);
	add_short_test(tcase, classroom50_gets_its_results, 0, 1);
	add_short_test(tcase, a_kit_is_the_same_bytes_each_time, 0, 1);
	add_long_test(tcase, the_instructors_guide_leads_to_a_graded_class, 0, 1);
}

int main(void)
{
	return suite_run_case("course", add_tests, prepare, scratch_remove);
}
