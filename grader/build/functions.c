/* SPDX-License-Identifier: MIT */
#include "build/functions.h"

#include <stddef.h>
#include <string.h>

static const char *const known[] = {
	/* what compilers and headers call on their own */
	"__errno_location", "__stack_chk_fail", "__ctype_b_loc", "__ctype_tolower_loc",
	"__ctype_toupper_loc", "__isoc23_strtol", "__isoc23_strtoul", "__isoc23_strtoll",
	"__isoc23_strtoull", "__fprintf_chk", "__printf_chk", "__assert_perror_fail",
	"__sched_cpucount", "_GLOBAL_OFFSET_TABLE_", "__dso_handle",
	/* ctype.h, stdlib.h, string.h */
	"isalnum", "isalpha", "isblank", "iscntrl", "isdigit", "isgraph", "islower",
	"isprint", "ispunct", "isspace", "isupper", "isxdigit", "tolower", "toupper",
	"abs", "atexit", "atof", "atoi", "atol", "atoll", "at_quick_exit", "bsearch",
	"div", "exit", "getenv", "labs", "ldiv", "llabs", "lldiv", "rand", "random",
	"srand", "srandom", "strtod", "strtof", "strtol", "strtold", "strtoll", "strtoul",
	"strtoull", "reallocarray", "memchr", "memrchr", "strchr", "strchrnul", "strcoll",
	"strcspn", "strdup", "strerror", "strncmp", "strndup", "strnlen", "strpbrk",
	"strrchr", "strsignal", "strspn", "strstr", "strcasecmp", "strncasecmp", "bcmp",
	"ffs", "ffsl", "ffsll",
	/* stdio.h */
	"clearerr", "fclose", "feof", "ferror", "fflush", "fgetc", "fileno", "fprintf",
	"fputc", "fputs", "fseek", "ftell", "fwrite", "getc", "getchar", "perror",
	"printf", "putc", "putchar", "puts", "rewind", "stderr", "stdin", "stdout",
	"tmpfile", "ungetc", "vfprintf", "vprintf", "dprintf", "flockfile", "funlockfile",
	/* math.h */
	"ceil", "cos", "exp", "exp2", "fabs", "floor", "fmax", "fmin", "fmod", "hypot",
	"log", "log10", "log2", "lround", "pow", "round", "sin", "sqrt", "tan", "trunc",
	/* time.h, signal.h */
	"asctime", "ctime", "difftime", "gmtime", "localtime", "sigemptyset",
	"sigfillset", "sigismember", "killpg", "alarm", "psignal",
	/* pthread.h, sched.h, threads.h */
	"pthread_atfork", "pthread_attr_destroy", "pthread_attr_getstacksize",
	"pthread_attr_init", "pthread_attr_setdetachstate", "pthread_attr_setstacksize",
	"pthread_barrierattr_destroy", "pthread_barrierattr_init",
	"pthread_barrierattr_setpshared", "pthread_condattr_destroy",
	"pthread_condattr_init", "pthread_condattr_setclock",
	"pthread_condattr_setpshared", "pthread_equal", "pthread_kill",
	"pthread_mutexattr_destroy", "pthread_mutexattr_init",
	"pthread_mutexattr_setpshared", "pthread_mutexattr_setrobust",
	"pthread_mutexattr_settype", "pthread_rwlockattr_destroy",
	"pthread_rwlockattr_init", "pthread_rwlockattr_setpshared", "pthread_self",
	"pthread_mutexattr_setprotocol", "pthread_setname_np", "sched_getcpu",
	"sched_setaffinity", "thrd_current", "thrd_equal",
	/* unistd.h and what goes with it */
	"access", "dup", "dup2", "fcntl", "fsync", "ftruncate", "getegid", "geteuid",
	"getgid", "getpagesize", "getpgid", "getpgrp", "getsid", "getuid", "isatty",
	"lseek", "open", "setpgid", "setsid", "sysconf", "unlink", "getpriority",
	"eventfd", NULL};

bool functions_know(const char *name)
{
	for (const char *const *each = known; *each; each++)
		if (strcmp(*each, name) == 0)
			return true;
	return false;
}
