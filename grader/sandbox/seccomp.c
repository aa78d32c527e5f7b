/* SPDX-License-Identifier: MIT */
/*
 * The system-call filter: a list of what labs, compilers and valgrind use. All else fails
 * with ENOSYS, which C libraries take as "old kernel" and work around, so that a new
 * kernel's new calls are denied until somebody has looked at them. Some calls are allowed
 * for some arguments only.
 *
 * A call made through another architecture's entry (32-bit, x32) kills the process.
 */
#include "sandbox/inside.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const ALLOWED[] = {
	/* files */
	"access", "chdir", "chmod", "close", "close_range", "creat", "dup", "dup2",
	"dup3", "faccessat", "faccessat2", "fadvise64", "fallocate", "fchdir", "fchmod",
	"fchmodat", "fchmodat2", "fcntl", "fdatasync", "flock", "fstat", "fstatfs",
	"fsync", "ftruncate", "getcwd", "getdents", "getdents64", "link", "linkat",
	"lseek", "lstat", "mkdir", "mkdirat", "newfstatat", "open", "openat", "openat2",
	"pread64", "preadv", "preadv2", "pwrite64", "pwritev", "pwritev2", "read",
	"readahead", "readlink", "readlinkat", "readv", "rename", "renameat", "renameat2",
	"rmdir", "stat", "statfs", "statx", "symlink", "symlinkat", "truncate", "umask",
	"unlink", "unlinkat", "utimensat", "write", "writev", "sendfile",
	"copy_file_range", "utime", "utimes", "futimesat", "getxattr", "lgetxattr",
	"fgetxattr", "listxattr", "llistxattr", "flistxattr",
	/* pipes, the given socket, waiting */
	"pipe", "pipe2", "splice", "tee", "poll", "ppoll", "select", "pselect6",
	"epoll_create", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2",
	"epoll_wait", "eventfd", "eventfd2", "signalfd", "signalfd4", "timerfd_create",
	"timerfd_gettime", "timerfd_settime", "recvfrom", "recvmsg", "recvmmsg", "sendto",
	"sendmsg", "sendmmsg", "shutdown", "getsockopt", "getsockname", "getpeername",
	/* memory */
	"brk", "madvise", "mincore", "mlock", "mlock2", "mlockall", "mremap", "msync",
	"munlock", "munlockall", "munmap", "membarrier", "rseq", "get_mempolicy",
	/* processes and threads */
	"arch_prctl", "capget", "execve", "execveat", "exit", "exit_group", "fork",
	"futex", "futex_waitv", "get_robust_list", "get_thread_area", "getcpu", "getegid",
	"geteuid", "getgid", "getgroups", "getpgid", "getpgrp", "getpid", "getppid",
	"getpriority", "getresgid", "getresuid", "getrlimit", "getrusage", "getsid",
	"gettid", "getuid", "kill", "pause", "pidfd_open", "pidfd_send_signal",
	"restart_syscall", "sched_get_priority_max", "sched_get_priority_min",
	"sched_getaffinity", "sched_getattr", "sched_getparam", "sched_getscheduler",
	"sched_rr_get_interval", "sched_setaffinity", "sched_yield", "set_robust_list",
	"set_thread_area", "set_tid_address", "setpgid", "setpriority", "setsid",
	"tgkill", "times", "tkill", "vfork", "wait4", "waitid", "waitpid",
	/* signals, time, the rest */
	"alarm", "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo",
	"rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait", "rt_tgsigqueueinfo",
	"sigaltstack", "sigreturn", "clock_getres", "clock_gettime", "clock_nanosleep",
	"getitimer", "gettimeofday", "nanosleep", "setitimer", "time", "timer_create",
	"timer_delete", "timer_getoverrun", "timer_gettime", "timer_settime", "getrandom",
	"sysinfo", "uname", "clock_gettime64", "clock_nanosleep_time64", "futex_time64"};

/* Explicitly EPERM rather than ENOSYS: programs are told that this is a rule. */
static const char *const FORBIDDEN[] = {"ptrace", "process_vm_readv", "process_vm_writev",
	"io_uring_setup", "io_uring_enter", "io_uring_register", "add_key", "request_key",
	"keyctl", "mount", "umount2", "pivot_root", "chroot", "bpf", "perf_event_open",
	"userfaultfd", "unshare", "setns", "socket", "bind", "listen", "connect",
	"accept", "accept4", "shmget", "shmat", "shmctl", "semget", "semop", "semctl",
	"msgget", "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink", "memfd_create",
	"memfd_secret", "kcmp", "pidfd_getfd", "seccomp", "reboot", "kexec_load",
	"init_module", "finit_module", "delete_module", "swapon", "swapoff",
	"settimeofday", "clock_settime", "sethostname", "setdomainname", "quotactl",
	"acct", "open_by_handle_at", "name_to_handle_at", "fanotify_init", "inotify_init",
	"inotify_init1", "vhangup", "setxattr", "lsetxattr", "fsetxattr",
	"process_madvise", "sched_setscheduler", "sched_setparam", "sched_setattr",
	"ioprio_set", "syslog", "lookup_dcookie", "migrate_pages", "move_pages", "mbind",
	"set_mempolicy", "vmsplice"};

static int add_names(
	scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int number = seccomp_syscall_resolve_name(names[i]);

		/* Not a call of this architecture, or newer than the library. */
		if (number < 0)
			continue;
		if (seccomp_rule_add_exact(filter, action, number, 0))
			return -1;
	}
	return 0;
}

static int allow_if(scmp_filter_ctx filter, const char *name, struct scmp_arg_cmp test)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number < 0)
		return 0;
	return seccomp_rule_add_exact_array(filter, SCMP_ACT_ALLOW, number, 1, &test);
}

/* fork and pthread_create need clone; new namespaces do not come with it. clone3 hides
 * its flags in memory, so it is not there and C libraries fall back to clone. */
static int add_clone(scmp_filter_ctx filter)
{
	const unsigned long namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
					 CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
					 CLONE_NEWNET;

	return allow_if(filter, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces, 0));
}

static int add_ioctl(scmp_filter_ctx filter)
{
	/* TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX: isatty() and buffers. */
	static const unsigned long REQUESTS[] = {0x5401, 0x5413, 0x541b, 0x5421, 0x5451};

	for (size_t i = 0; i < sizeof(REQUESTS) / sizeof(REQUESTS[0]); i++)
		if (allow_if(filter, "ioctl",
			    SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffUL, REQUESTS[i])))
			return -1;
	return 0;
}

static int add_prctl(scmp_filter_ctx filter)
{
	/*
	 * PDEATHSIG set and get, DUMPABLE get, NAME set and get, no_new_privs set and
	 * get, a subreaper of one's own, names of mappings (glibc's malloc).
	 */
	static const unsigned long OPTIONS[] = {
		1, 2, 3, 15, 16, 36, 37, 38, 39, 0x53564d41};

	for (size_t i = 0; i < sizeof(OPTIONS) / sizeof(OPTIONS[0]); i++)
		if (allow_if(filter, "prctl",
			    SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffffUL, OPTIONS[i])))
			return -1;
	return 0;
}

/* Reading it, and switching address randomisation off, as sanitizers do; nothing else. */
static int add_personality(scmp_filter_ctx filter)
{
	if (allow_if(filter, "personality", SCMP_A0(SCMP_CMP_EQ, 0xffffffffUL, 0)) ||
		allow_if(filter, "personality",
			SCMP_A0(SCMP_CMP_EQ, ADDR_NO_RANDOMIZE, 0)))
		return -1;
	return allow_if(filter, "personality", SCMP_A0(SCMP_CMP_EQ, 0, 0));
}

/*
 * prlimit64 on others' processes would need their user's rights, and a process cannot
 * raise its own hard limits: only the form without a target is a lab's business.
 */
static int add_others(scmp_filter_ctx filter)
{
	if (allow_if(filter, "prlimit64", SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffffUL, 0)))
		return -1;
	/* FIFOs, but no devices. */
	if (allow_if(filter, "mknod", SCMP_A1(SCMP_CMP_MASKED_EQ, S_IFMT, S_IFIFO)) ||
		allow_if(filter, "mknodat", SCMP_A2(SCMP_CMP_MASKED_EQ, S_IFMT, S_IFIFO)))
		return -1;
	return allow_if(filter, "socketpair", SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0));
}

/*
 * With fixed code, memory is executable only as a mapping of a file, by which the loader brings
 * in programs and libraries: what a program has written never is. (Its folder cannot be
 * written, and from its /tmp nothing can be mapped so in tiers A and B.)
 */
static int add_mapping(scmp_filter_ctx filter, bool fixed_code)
{
	const scmp_datum_t every = fixed_code ? PROT_EXEC : 0;
	const struct scmp_arg_cmp of_file[] = {
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC),
		SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0)};

	if (allow_if(filter, "mmap", SCMP_A2(SCMP_CMP_MASKED_EQ, every, 0)) ||
		allow_if(filter, "mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, every, 0)))
		return -1;
	if (!fixed_code)
		return 0;
	return seccomp_rule_add_exact_array(
		filter, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name("mmap"), 2, of_file);
}

static int add_all(scmp_filter_ctx filter, bool fixed_code)
{
	if (add_names(filter, SCMP_ACT_ALLOW, ALLOWED,
		    sizeof(ALLOWED) / sizeof(ALLOWED[0])))
		return -1;
	if (add_names(filter, SCMP_ACT_ERRNO(EPERM), FORBIDDEN,
		    sizeof(FORBIDDEN) / sizeof(FORBIDDEN[0])))
		return -1;
	return add_clone(filter) || add_ioctl(filter) || add_prctl(filter) ||
			       add_personality(filter) || add_others(filter) ||
			       add_mapping(filter, fixed_code)
		       ? -1
		       : 0;
}

/* libseccomp writes its program to a file; a memfd is one without a name. */
static int export_filter(scmp_filter_ctx filter, struct sock_fprog *program)
{
	int fd = memfd_create("filter", MFD_CLOEXEC), result = -1;
	struct stat status;

	if (fd < 0)
		return -1;
	if (seccomp_export_bpf(filter, fd) || fstat(fd, &status))
		goto out;
	program->filter = malloc((size_t)status.st_size);
	program->len =
		(unsigned short)((size_t)status.st_size / sizeof(*program->filter));
	if (program->filter && pread(fd, program->filter, (size_t)status.st_size, 0) ==
				       (ssize_t)status.st_size)
		result = 0;
out:
	(void)close(fd);
	return result;
}

int seccomp_make(struct sock_fprog *program, bool fixed_code, struct error *error)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int result = -1;

	if (!filter)
		return error_set(error, "out of memory");
	/* A binary search over the numbers: the list is long and every call passes it. */
	if (seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) ||
		seccomp_attr_set(
			filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) ||
		add_all(filter, fixed_code) || export_filter(filter, program))
		error_set(error, "the system-call filter could not be made");
	else
		result = 0;
	seccomp_release(filter);
	return result;
}
