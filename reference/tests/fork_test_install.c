/* SPDX-License-Identifier: MIT */
/*
 * What `make install` gives another program: headers, both libraries, pkg-config's answers, and
 * a manual page for every public function. All of it in a folder of the test's own.
 */
#include "suite.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/mp-install-XXXXXX";
static char output[20000];

/* Runs a command of the shell, in which $D is the folder, and gives its exit code. */
static __attribute__((format(printf, 1, 2))) int shell(const char *format, ...)
{
	char command[4096];
	va_list arguments;
	size_t length;
	FILE *pipe;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	/* NOLINTNEXTLINE(cert-env33-c): the command is this program's own. */
	pipe = popen(command, "r");
	ck_assert_ptr_nonnull(pipe);
	length = fread(output, 1, sizeof(output) - 1, pipe);
	output[length] = '\0';
	while (fgetc(pipe) != EOF)
		;
	return WEXITSTATUS(pclose(pipe));
}

#define assert_runs(...) ck_assert_msg(shell(__VA_ARGS__) == 0, "%s", output)

/* The flags of a program that uses the installed library; $D stands for its root. */
#define FLAGS_OF(package)                                                                \
	"$(PKG_CONFIG_PATH=$D/opt/mp/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$D "           \
	"pkg-config --cflags %s --libs " package ")"
#define FLAGS FLAGS_OF("mp")

START_TEST(a_program_is_built_by_pkg_config)
{
	assert_runs("cd $D && ${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -o "
		    "shared "
		    "%s/examples/pool.c " FLAGS " 2>&1",
		SOURCE_DIRECTORY, "");
	assert_runs("cd $D && LD_LIBRARY_PATH=$D/opt/mp/lib ./shared 2>&1");
	ck_assert_ptr_nonnull(strstr(output, "[1, 4, 9, 16, 25]"));
	/* Only the library's own name and version is asked for when the program starts. */
	assert_runs("readelf -d $D/shared 2>&1");
	ck_assert_ptr_nonnull(strstr(output, "[libmp.so.0]"));
}
END_TEST

START_TEST(a_program_may_link_it_statically)
{
	assert_runs("cd $D && rm -rf static && mkdir static && "
		    "cp opt/mp/lib/libmp.a static/ && ${CC:-cc} -std=c11 -D_GNU_SOURCE "
		    "-o alone "
		    "%s/examples/pool.c -Lstatic " FLAGS " 2>&1",
		SOURCE_DIRECTORY, "--static");
	assert_runs("cd $D && ./alone 2>&1");
	ck_assert_ptr_nonnull(strstr(output, "[1, 4, 9, 16, 25]"));
}
END_TEST

/* Every header by itself, and with no extension of C but what it asks for. */
START_TEST(every_header_stands_alone)
{
	assert_runs("for header in $D/opt/mp/include/mp/*.h; do "
		    "echo \"#include <mp/${header##*/}>\" | ${CC:-cc} -std=c11 -Wall "
		    "-Wextra -Wpedantic -Werror -fsyntax-only -D_GNU_SOURCE -x c "
		    "-I$D/opt/mp/include - 2>&1 || exit 1; done");
}
END_TEST

/* As C++, too, by both compilers, where the machine has them. */
START_TEST(every_header_is_good_for_cxx)
{
	assert_runs("for cxx in g++ clang++; do command -v $cxx >/dev/null || continue; "
		    "for header in $D/opt/mp/include/mp/*.h; do "
		    "echo \"#include <mp/${header##*/}>\" | $cxx -std=c++17 -Wall "
		    "-Wextra -Wpedantic -Werror -fsyntax-only -x c++ "
		    "-I$D/opt/mp/include - 2>&1 || exit 1; done; done");
}
END_TEST

/* A program in C++ finds the functions under their own names. */
START_TEST(a_cxx_program_is_linked)
{
	if (shell("command -v g++") != 0)
		return;
	assert_runs("printf '%%s\\n' '#include <mp/mp.h>' 'int main() {' "
		    "'mp_lock *lock = static_cast<mp_lock *>("
		    "mp_shared_new(sizeof(mp_lock)));' "
		    "'return mp_lock_acquire(lock) + mp_lock_release(lock) + "
		    "mp_shared_free(lock); }' > $D/lock.cpp && "
		    "g++ -std=c++17 -Wall -Wextra -Werror -o $D/lock $D/lock.cpp " FLAGS
		    " 2>&1",
		"");
	assert_runs("LD_LIBRARY_PATH=$D/opt/mp/lib $D/lock");
}
END_TEST

/* With nothing shared at all, and with a thread for each process. */
START_TEST(a_program_may_be_wholly_static_or_threaded)
{
	assert_runs("cd $D && ${CC:-cc} -std=c11 -D_GNU_SOURCE -static -o whole "
		    "%s/examples/pool.c " FLAGS " 2>&1 && ./whole",
		SOURCE_DIRECTORY, "--static");
	ck_assert_ptr_nonnull(strstr(output, "[1, 4, 9, 16, 25]"));
	assert_runs("cd $D && ${CC:-cc} -std=c11 -D_GNU_SOURCE -o threaded "
		    "%s/examples/pool.c " FLAGS_OF("mp-threads") " 2>&1 && ./threaded",
		SOURCE_DIRECTORY, "");
	ck_assert_ptr_nonnull(strstr(output, "[1, 4, 9, 16, 25]"));
}
END_TEST

/* What the shared library offers is what the headers declare, and each of it has a page. */
START_TEST(every_function_has_a_page)
{
	assert_runs("nm -D --defined-only $D/opt/mp/lib/libmp.so.0 | "
		    "sed -n 's/.* T //p' | sort > $D/offered && test -s $D/offered");
	assert_runs("while read name; do "
		    "test -s $D/opt/mp/share/man/man3/$name.3 && "
		    "grep -q \"[ *]$name(\" $D/opt/mp/include/mp/*.h || "
		    "{ echo \"$name\"; exit 1; }; done < $D/offered 2>&1");
	assert_runs("grep -hoE '^[a-z_].*[ *]mp_[a-z_]+\\(' $D/opt/mp/include/mp/*.h | "
		    "grep -vE '^typedef|mp_checker_' | sed 's/($//; s/.*[ *]//' | "
		    "sort -u > $D/declared && diff $D/declared $D/offered");
}
END_TEST

START_TEST(the_pages_are_well_formed)
{
	assert_runs("cd $D/opt/mp/share/man && for page in man3/*.3; do "
		    "groff -ww -man -Tascii $page 2>&1 >/dev/null; done");
	ck_assert_str_eq(output, "");
	assert_runs("groff -man -Tascii -P-c $D/opt/mp/share/man/man3/mp.3 2>&1");
	ck_assert_ptr_nonnull(strstr(output, "Worker processes"));
	assert_runs("groff -man -Tascii -P-c $D/opt/mp/share/man/man3/mp_lock.3 2>&1");
	ck_assert_ptr_nonnull(strstr(output, "MP_TIMEOUT"));
	ck_assert_ptr_nonnull(strstr(output, "mp_lock_acquire_timeout"));
}
END_TEST

static void install(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(setenv("D", folder, 1), 0);
	/* The outer make's flags are not for this one. */
	unsetenv("MAKEFLAGS");
	unsetenv("MFLAGS");
	unsetenv("MAKELEVEL");
	assert_runs("make -s -C %s/.. install-reference BUILD=%s DESTDIR=$D "
		    "PREFIX=/opt/mp 2>&1",
		SOURCE_DIRECTORY, BUILD_DIRECTORY);
}

static void remove_folder(void)
{
	shell("rm -rf \"$D\"");
}

int main(void)
{
	Suite *suite = suite_create("install");
	TCase *tcase = tcase_create("install");

	tcase_set_timeout(tcase, HANG_SECONDS);
	tcase_add_unchecked_fixture(tcase, install, remove_folder);
	tcase_add_test(tcase, a_program_is_built_by_pkg_config);
	tcase_add_test(tcase, a_program_may_link_it_statically);
	tcase_add_test(tcase, every_header_stands_alone);
	tcase_add_test(tcase, every_header_is_good_for_cxx);
	tcase_add_test(tcase, a_cxx_program_is_linked);
	tcase_add_test(tcase, a_program_may_be_wholly_static_or_threaded);
	tcase_add_test(tcase, every_function_has_a_page);
	tcase_add_test(tcase, the_pages_are_well_formed);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
