/* SPDX-License-Identifier: MIT */
#include "build/headers.h"

#include "base/file.h"
#include "base/paths.h"

#include <stdlib.h>
#include <string.h>

static const char *const of_the_system[] = {
	/* C11 */
	"assert.h", "complex.h", "ctype.h", "errno.h", "fenv.h", "float.h", "inttypes.h",
	"iso646.h", "limits.h", "locale.h", "math.h", "setjmp.h", "signal.h",
	"stdalign.h", "stdarg.h", "stdatomic.h", "stdbool.h", "stddef.h", "stdint.h",
	"stdio.h", "stdlib.h", "stdnoreturn.h", "string.h", "tgmath.h", "threads.h",
	"time.h", "uchar.h", "wchar.h", "wctype.h",
	/* POSIX */
	"aio.h", "arpa/inet.h", "dirent.h", "dlfcn.h", "fcntl.h", "fnmatch.h", "ftw.h",
	"glob.h", "grp.h", "langinfo.h", "libgen.h", "mqueue.h", "net/if.h", "netdb.h",
	"netinet/in.h", "netinet/tcp.h", "poll.h", "pthread.h", "pwd.h", "regex.h",
	"sched.h", "search.h", "semaphore.h", "spawn.h", "strings.h", "sys/ipc.h",
	"sys/mman.h", "sys/msg.h", "sys/resource.h", "sys/select.h", "sys/sem.h",
	"sys/shm.h", "sys/socket.h", "sys/stat.h", "sys/statvfs.h", "sys/time.h",
	"sys/times.h", "sys/types.h", "sys/uio.h", "sys/un.h", "sys/utsname.h",
	"sys/wait.h", "syslog.h", "termios.h", "ucontext.h", "unistd.h", "utime.h",
	/* Linux and glibc */
	"alloca.h", "endian.h", "err.h", "error.h", "features.h", "getopt.h",
	"linux/filter.h", "linux/futex.h", "linux/membarrier.h", "linux/netlink.h",
	"linux/sched.h", "linux/seccomp.h", "malloc.h", "memory.h", "sys/cdefs.h",
	"sys/epoll.h", "sys/eventfd.h", "sys/file.h", "sys/ioctl.h", "sys/param.h",
	"sys/prctl.h", "sys/ptrace.h", "sys/random.h", "sys/signalfd.h", "sys/syscall.h",
	"sys/sysinfo.h", "sys/sysmacros.h", "sys/timerfd.h", "syscall.h", "sysexits.h"};

/* Of a folder of headers; no name leads out of it. */
static bool holds(char *folder, const char *name)
{
	char *path = path_join(folder, name);
	bool found = name[0] != '/' && !strstr(name, "..") && path_is_file(path);

	free(path);
	free(folder);
	return found;
}

bool headers_know(const struct lab *lab, const char *name)
{
	for (size_t i = 0; i < sizeof(of_the_system) / sizeof(*of_the_system); i++)
		if (strcmp(of_the_system[i], name) == 0)
			return true;
	return holds(path_join(lab->folder, "include"), name) ||
	       (strncmp(name, "mp/", 3) == 0 && holds(path_of("include"), name));
}

bool headers_are_own(const struct lab *lab, const char *name)
{
	size_t length = strlen(name);

	if (length < 3 || strcmp(name + length - 2, ".h") != 0)
		return false;
	for (unsigned i = 0; i < lab->files_count; i++)
		if (strcmp(lab->files[i], name) == 0)
			return true;
	return false;
}
