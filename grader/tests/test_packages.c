/* SPDX-License-Identifier: MIT */
/* What is installed, taken away again, and packed for students and for instructors. */
#include "run.h"

#include "command/command.h"

/* Runs a command of the shell at the top of the tree; $D is the scratch folder, $B the build. */
static struct ran shell(const char *script)
{
	char *build = path_of("");
	char *command = text_format("set -eu; D=%s; B=%s\n%s", scratch, build, script);
	struct ran ran =
		run_program((const char *const[]){"/bin/sh", "-c", command, NULL});

	free(command);
	free(build);
	return ran;
}

static void expect_runs(const char *script)
{
	struct ran ran = shell(script);

	ck_assert_msg(
		ran.code == 0, "%s: %d\n%s%s", script, ran.code, ran.output, ran.errors);
	ran_release(&ran);
}

/* All packages are made, and unpacked into one tree, once. Fast compression is good enough
 * here, and the outer make's flags are not for these. */
static void prepare(void)
{
	unsetenv("MAKEFLAGS");
	unsetenv("MFLAGS");
	unsetenv("MAKELEVEL");
	setenv("DPKG_DEB_COMPRESSOR_TYPE", "gzip", 1);
	setenv("DPKG_DEB_COMPRESSOR_LEVEL", "1", 1);
	scratch_make();
	expect_runs("make -s deb BUILD=$B >$D/packages\n"
		    "test $(wc -l <$D/packages) -eq 3\n"
		    "for deb in $(cat $D/packages); do dpkg-deb -x $deb $D/root; done");
}

/* One run of groff formats all pages: a warning of it is an error. */
START_TEST(every_command_has_a_page)
{
	for (const struct command *command = commands; command->name; command++) {
		char *script =
			text_format("zcat $D/root/usr/share/man/man1/"
				    "interlock-%s.1.gz | grep -q '^interlock-%s .- '",
				command->name, command->name);
		expect_runs(script);
		free(script);
	}
	expect_runs(
		"cd $D/root/usr/share/man/man1\n"
		"zcat interlock.1.gz | grep -q 'interlock help COMMAND'\n"
		"zcat *.gz | groff -ww -man -Tascii 2>&1 >/dev/null | tee $D/warnings\n"
		"test ! -s $D/warnings");
}
END_TEST

START_TEST(the_shell_completes_commands_and_options)
{
	char *script = text_format(
		"cat >$D/try.bash <<'END'\n"
		". $1/usr/share/bash-completion/completions/interlock\n"
		"ask() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _interlock; "
		"echo \"${COMPREPLY[*]}\"; }\n"
		"ask interlock hand\nask interlock explore --bud\nask interlock help "
		"doc\n"
		"END\n"
		"PATH=$D/root/usr/bin:$PATH bash $D/try.bash $D/root >$D/answers\n"
		"printf 'handout\\n--budget\\ndoctor\\n' | diff - $D/answers");

	expect_runs(script);
	free(script);
}
END_TEST

/* What the program looks for beside itself is there: its folders are those of the build. */
START_TEST(all_that_checking_reads_is_packed)
{
	expect_runs("test -s $D/root/usr/lib/interlock/functions\n"
		    "for folder in lib/interlock include/interlock include/mp; do\n"
		    "diff -rq -x '*.d' $B/$folder $D/root/usr/$folder; done");
}
END_TEST

START_TEST(what_was_installed_is_taken_away_and_nothing_else)
{
	expect_runs("make -s install BUILD=$B DESTDIR=$D/other PREFIX=/usr\n"
		    "test -x $D/other/usr/bin/interlock\n"
		    "echo mine >$D/other/usr/bin/mine\n"
		    "make -s uninstall BUILD=$B DESTDIR=$D/other PREFIX=/usr\n"
		    "test \"$(cd $D/other && find . ! -type d)\" = ./usr/bin/mine\n"
		    "test ! -e $D/other/usr/share/interlock");
}
END_TEST

/* Nothing that a lab's author wrote for instructors is in this folder of the shell's $1: no
 * lab, and none of the solutions' and answers' files, under whatever name. */
#define HOLDS_NO_SOLUTION                                                                \
	"test -z \"$(find $1 -name labs -o -name lab.yaml -o -name checks.c)\"\n"        \
	"find $1 -type f -exec sha256sum {} + | cut -d' ' -f1 | sort >$D/theirs\n"       \
	"find labs/*/solution labs/*/right labs/*/wrong -type f -exec sha256sum {} + | " \
	"cut -d' ' -f1 | sort -u >$D/ours\n"                                             \
	"test -s $D/ours; test -z \"$(comm -12 $D/ours $D/theirs)\"\n"                   \
	"if grep -rl 'BEGIN SOLUTION' $1/share $1/include; then exit 1; fi\n"

START_TEST(the_students_package_holds_no_solution)
{
	expect_runs("dpkg-deb -x $B/deb/interlock_*.deb $D/student\n"
		    "dpkg-deb -x $B/deb/interlock-labs_*.deb $D/instructor\n"
		    "dpkg-deb -x $B/deb/libmp-dev_*.deb $D/student\n"
		    "test -x $D/student/usr/bin/interlock\n"
		    "test -d $D/instructor/usr/share/interlock/labs/lock/solution\n"
		    "set -- $D/student/usr\n" HOLDS_NO_SOLUTION);
}
END_TEST

/* The look at the students' package sees a solution where there is one. */
START_TEST(a_solution_in_a_package_would_be_seen)
{
	struct ran ran = shell("mkdir -p $D/leak/share $D/leak/include\n"
			       "cp labs/lock/solution/*.c $D/leak/share/\n"
			       "set -- $D/leak\n" HOLDS_NO_SOLUTION);

	ck_assert_int_ne(ran.code, 0);
	ran_release(&ran);
}
END_TEST

START_TEST(the_packages_depend_on_what_checking_needs)
{
	expect_runs("depends=$(dpkg-deb -f $B/deb/interlock_*.deb Depends)\n"
		    "for name in gcc libc6-dev binutils check valgrind make libmp-dev "
		    "libxml2; do\n"
		    "case \", $depends,\" in *\", $name,\"*|*\", $name (\"*) ;; "
		    "*) echo \"$name: $depends\"; exit 1 ;; esac; done");
}
END_TEST

START_LONG_TEST(lintian_finds_no_error, the_packages_depend_on_what_checking_needs)
{
	expect_runs("lintian --fail-on error $B/deb/*.deb");
}
END_TEST

/* As a student uses it: no library but C's, and a right answer gets full marks. */
START_LONG_TEST(a_tarball_needs_no_installation, all_that_checking_reads_is_packed)
{
	expect_runs("archive=$(make -s tarball BUILD=$B)\n"
		    "mkdir $D/home; tar -xzf $archive -C $D/home\n"
		    "set -- $D/home/interlock-*\n" HOLDS_NO_SOLUTION
		    "objdump -p $1/bin/interlock | sed -n 's/^  NEEDED *//p' | "
		    "grep -vE '^(libc|libm|ld-linux[-a-z0-9]*)[.]so' && exit 1\n"
		    "$B/interlock handout critical-section -o $D/home/lab\n"
		    "cp labs/critical-section/solution/account.c $D/home/lab/\n"
		    "env -i HOME=$D/home PATH=$1/bin:/usr/bin make -C $D/home/lab check");
}
END_TEST

static void add_tests(TCase *tcase)
{
	add_short_test(tcase, every_command_has_a_page, 0, 1);
	add_short_test(tcase, the_shell_completes_commands_and_options, 0, 1);
	add_short_test(tcase, all_that_checking_reads_is_packed, 0, 1);
	add_short_test(tcase, what_was_installed_is_taken_away_and_nothing_else, 0, 1);
	add_short_test(tcase, the_students_package_holds_no_solution, 0, 1);
	add_short_test(tcase, a_solution_in_a_package_would_be_seen, 0, 1);
	add_short_test(tcase, the_packages_depend_on_what_checking_needs, 0, 1);
	add_long_test(tcase, lintian_finds_no_error, 0, 1);
	add_long_test(tcase, a_tarball_needs_no_installation, 0, 1);
}

int main(void)
{
	return suite_run_case("packages", add_tests, prepare, scratch_remove);
}
