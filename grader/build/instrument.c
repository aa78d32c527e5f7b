/* SPDX-License-Identifier: MIT */
#include "build/instrument.h"

#include <stddef.h>
#include <string.h>

/* No optimisation: from -O1 on, gcc folds a loop of updates into one. Basic blocks are counted,
 * so that no clock has to say that a loop is long. clang drops the read of an update, calls a
 * library for atomics of 16 bytes, leaves out the table by which addresses are found, and the
 * blocks whose number follows from others', and neither tells volatile accesses apart, unless
 * told to. */
#define COMMON                                                                           \
	"-O0", "-g", "-fsanitize=thread", "-fsanitize-coverage=trace-pc",                \
		"-fno-omit-frame-pointer", "-fno-stack-protector", "-pthread",           \
		"-fno-pie"

static const char *const gcc_flags[] = {
	COMMON, "--param", "tsan-distinguish-volatile=1", NULL};

static const char *const clang_flags[] = {COMMON, "-gdwarf-aranges", "-mcx16",
	"-Qunused-arguments", "-mllvm", "-tsan-instrument-read-before-write", "-mllvm",
	"-tsan-distinguish-volatile", "-mllvm", "-sanitizer-coverage-prune-blocks=0",
	NULL};

static const char *const link_flags[] = {
	"-no-pie", "-g", "-Wl,-z,now", "-pthread", "-lm", "-lrt", "-ldl", NULL};

const char *const *instrument_flags(const char *compiler)
{
	const char *slash = strrchr(compiler, '/');

	return strstr(slash ? slash : compiler, "clang") ? clang_flags : gcc_flags;
}

const char *const *instrument_link_flags(void)
{
	return link_flags;
}
