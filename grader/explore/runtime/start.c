/* SPDX-License-Identifier: MIT */
/*
 * How the program under test starts. Before main, the constructor sets the process up so that
 * every run is alike (addresses, environment, what the kernel draws by chance), maps the control memory and becomes a fork server: for each byte that the explorer sends it
 * forks one execution, which returns from the constructor into main. Run without an explorer,
 * the program runs as if it had not been instrumented.
 *
 * An execution ends when its first process dies. Whoever ends it kills that process; the
 * server then kills and reaps what is left, for it is the reaper of all its descendants.
 */
#include "files.h"
#include "ipc.h"
#include "protection.h"
#include "sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TUNABLES "GLIBC_TUNABLES"

void die(const char *what)
{
	kernel(SYS_write, 2, (long)"explore: cannot set up: ", 24, 0, 0, 0);
	kernel(SYS_write, 2, (long)what, (long)strlen(what), 0, 0, 0);
	kernel(SYS_write, 2, (long)"\n", 1, 0, 0, 0);
	kernel(SYS_exit_group, 125, 0, 0, 0, 0, 0);
	__builtin_unreachable();
}

void execution_end(enum ending ending)
{
	control->result.ending = ending;
	if (process_private.process)
		kernel(SYS_kill, control->processes[0].os_id, SIGKILL, 0, 0, 0, 0);
	kernel(SYS_exit_group, 0, 0, 0, 0, 0, 0);
	__builtin_unreachable();
}

static void name_limit(const char *limit)
{
	size_t i = 0;
	for (; i < sizeof control->result.limit - 1 && limit[i]; i++)
		control->result.limit[i] = limit[i];
	control->result.limit[i] = '\0';
}

void execution_full(const char *limit)
{
	name_limit(limit);
	execution_end(ENDING_FULL);
}

void execution_uncovered(const char *what)
{
	const struct frame *frame = explore_self.frame;
	control->result.uncovered_pc = frame->pc;
	callers_of(frame, control->result.uncovered_callers);
	name_limit(what);
	execution_end(ENDING_UNCOVERED);
}

/* Where the program calls a function that is not in the table: its build makes such stubs. */
void runtime_explore_uncovered(const char *name)
{
	if (!explore_self.task)
		die(name);
	execution_uncovered(name);
}

/* Everything that an execution may find changed by the one before. */
static void reset(void)
{
	for (uint32_t i = 0; i < control->result.tasks && i < TASKS_MAX; i++)
		control->tasks[i].state = TASK_FREE;
	real.memset(&control->result, 0, sizeof control->result);
	real.memset(control->ready, 0, sizeof control->ready);
	real.memset(control->names, 0, sizeof control->names);
	real.memset(&control->stepping, 0, sizeof control->stepping);
	control->generation++;
	control->running = 0;
	control->stood_by = 0;
	control->spinning = 0;
	control->cells_used = control->cells_more_used = control->objects_used = 0;
	control->regions_used = control->pipes_used = control->names_used = 0;
	control->pages_used = 0;
	control->locations_used = control->stores_used = control->stores_free = 0;
	control->snapshots_used = control->fences_used = 0;
	control->permits_used = control->permits_free = 0;
	control->low_priority = 1u << 31;
	control->intended = 0;
	control->target_state = control->request.target.writer ? 0 : 1;
	control->changes = 0;
	control->drawn = 0;
	control->regions_partial = 0;
	control->timed = 0;
	control->pending_used = control->timers_used = 0;
	control->undo_used = control->files_used = control->sources_used = 0;
	control->file_names_used = control->open_files_used = 0;
	real.memset(control->open_files, 0, sizeof control->open_files);
	real.memset(control->file_names, 0, sizeof control->file_names);
	real.memset(control->locks, 0, sizeof control->locks);
	real.memset(control->released, 0, sizeof control->released);
	control->messages_sent = control->messages_used = 0;
	segments_reset();
	real.memset(control->sets, 0, sizeof control->sets);
	real.memset(control->segments, 0, sizeof control->segments);
	real.memset(control->queues, 0, sizeof control->queues);
	control->wait_order = 0;
	control->time = 1000000000ull * 1000000000ull; /* virtual: September 2001 */
	control->random[0] = control->request.seed;
}

static void execution_start(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	explore_self.inside = 0;
	process_private.process = process_new(0);
	process_private.threads = 1;
	process_private.private_base = 0;
	uint32_t index = task_new(0, 0);
	control->tasks[index].main_thread = 1;
	task_adopt(index);
	control->processes[0].os_id = (uint32_t)kernel(SYS_getpid, 0, 0, 0, 0, 0, 0);
	ticks_start();
	pipes_start();
	state_start();
	heap_start();
	protection_mapped(HEAP_START, HEAP_START + HEAP_SIZE);
	__atomic_store_n(&explore_self.task->baton, 1, __ATOMIC_RELAXED);
}

/* One task runs at a time: passing the baton is quickest within one processor. */
static void pin(void)
{
	static cpu_set_t all, one; /* static, so that twins have equal stacks */
	if (!CPU_COUNT(&all) && sched_getaffinity(0, sizeof all, &all))
		return;
	if (CPU_COUNT(&all) < 2)
		return;
	int skip = (int)(control->processor % (uint32_t)CPU_COUNT(&all));
	size_t cpu = 0;
	for (; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &all) && skip-- == 0)
			break;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof one, &one); /* only speed is lost if it is refused */
	CPU_ZERO(&one);
}

/* Waits for the process, -1: for any. Negative when there is none left. */
static long reap(pid_t pid)
{
	long result;
	do
		result = kernel(SYS_wait4, pid, 0, __WALL, 0, 0, 0);
	while (result == -EINTR);
	return result;
}

static void clean_up(void)
{
	for (uint32_t i = 1; i < control->result.processes && i < TASKS_MAX; i++)
		if (control->processes[i].os_id > 1)
			kernel(SYS_kill, control->processes[i].os_id, SIGKILL, 0, 0, 0,
				0);
	while (reap(-1) >= 0)
		;
	shared_objects_reset();
	output_take();
	paths_reset();
	for (uint32_t i = 0; i < control->names_used && i < NAMES_MAX; i++)
		control->names[i].linked = 0;
}

static void silence_output(void)
{
	int null = (int)kernel(
		SYS_openat, AT_FDCWD, (long)"/dev/null", O_RDWR | O_CLOEXEC, 0, 0, 0);
	if (null < 0)
		die("/dev/null");
	for (int fd = 0; fd < 3; fd++)
		kernel(SYS_dup2, null, fd, 0, 0, 0, 0);
	real.close(null);
	if (!control->request.has_streams)
		return;
	input_give();
	output_give();
}

static void greet(int command)
{
	char byte = 'h';
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	shared_objects_make();
	output_make();
	input_make();
	paths_make();
	sockets_make();
	control->server = (uint32_t)kernel(SYS_getpid, 0, 0, 0, 0, 0, 0);
	control->magic = CONTROL_MAGIC;
	if (real.write(command, &byte, 1) != 1)
		_exit(125);
	pin();
}

static bool receive_descriptors(int command, int descriptors[2])
{
	char byte, space[CMSG_SPACE(2 * sizeof(int))];
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = space,
		.msg_controllen = sizeof space};
	if (real.recvmsg(command, &message, MSG_CMSG_CLOEXEC) != 1)
		return false;
	const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_len != CMSG_LEN(2 * sizeof(int)))
		return false;
	real.memcpy(descriptors, CMSG_DATA(header), 2 * sizeof(int));
	return true;
}

/*
 * A second server, with a control memory and commands of its own. It equals this one to the
 * last byte, so that what the two say of states can be compared. It is a child of our parent,
 * since we wait for all children of our own.
 */
static void make_twin(int command)
{
	int descriptors[2];
	uint64_t bias = control->load_bias;
	if (!receive_descriptors(command, descriptors))
		_exit(125);
	if (kernel(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0, 0) == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		kernel(SYS_setpgid, 0, 0, 0, 0, 0, 0);
		void *mapped = real.mmap((void *)CONTROL_ADDRESS, sizeof *control,
			PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptors[0],
			0);
		if (mapped == MAP_FAILED ||
			kernel(SYS_dup3, descriptors[1], command, O_CLOEXEC, 0, 0, 0) < 0)
			_exit(125);
		control->load_bias = bias;
		segments_prepare();
		greet(command);
	}
	real.close(descriptors[0]);
	real.close(descriptors[1]);
}

__attribute__((noinline)) void clear_stack(void)
{
	volatile char left[4096];
	for (size_t i = 0; i < sizeof left; i++)
		left[i] = 0;
}

/* Returns in the child, once an execution is wanted. */
static __attribute__((noinline)) void serve(int command)
{
	char byte;
	greet(command);
	for (;;) {
		if (real.read(command, &byte, 1) != 1)
			_exit(0);
		if (byte == COMMAND_TWIN) {
			make_twin(command);
			continue;
		}
		reset();
		pid_t child = real.fork();
		if (child < 0)
			die("fork");
		if (child == 0) {
			real.close(command);
			if (!control->request.keep_output)
				silence_output();
			return;
		}
		control->processes[0].os_id = (uint32_t)child;
		reap(child);
		clean_up();
		byte = 'd';
		if (real.write(command, &byte, 1) != 1)
			_exit(0);
	}
}

/* The program starts anew at fixed addresses, with an environment of ours. */
static void start_again(int argc, char **argv, const char *value)
{
	static char entry[64] = CONTROL_ENVIRONMENT "=+";
	strncat(entry, value, sizeof entry - strlen(entry) - 1);
	static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
	static char locale[] = "LC_ALL=C.UTF-8";
	/* the kernel keeps those of the first start, and knows of one place for a thread only */
	static char no_sequences[] = TUNABLES "=glibc.pthread.rseq=0";
	char *environment[] = {entry, path, locale, no_sequences, NULL};
	addresses_pin(argc, argv, environment);
}

static int find_bias(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	*(uint64_t *)data = info->dlpi_addr;
	return 1; /* the first one is the program */
}

__attribute__((constructor(101))) static void start(int argc, char **argv)
{
	explore_self.inside = 1;
	real_find(); /* what follows calls the C library through it */
	const char *value = getenv(CONTROL_ENVIRONMENT);
	if (value && value[0] != '+')
		start_again(argc, argv, value);
	described_find();
	if (!value)
		return;
	char *end = NULL;
	int memory = (int)strtol(value + 1, &end, 10);
	if (*end != ',')
		die(CONTROL_ENVIRONMENT);
	int command = (int)strtol(end + 1, &end, 10);
	void *mapped = real.mmap((void *)CONTROL_ADDRESS, sizeof *control,
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, memory, 0);
	if (mapped != (void *)CONTROL_ADDRESS)
		die("control memory");
	real.close(memory);
	unsetenv(CONTROL_ENVIRONMENT);
	unsetenv(TUNABLES);
	dl_iterate_phdr(find_bias, &control->load_bias);
	memory_start();
	crash_handlers_install();
	threads_prepare();
	segments_prepare();
	breakpoints_set();
	filter_set();
	serve(command);
	clear_stack(); /* twins differ in what the server left there */
	on_exit(process_exit_last, NULL);
	execution_start();
}
