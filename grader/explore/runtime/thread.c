/* SPDX-License-Identifier: MIT */
/*
 * Threads are real ones, on stacks of ours at fixed addresses. They end by the bare system
 * call: what libc does at a thread's end would run beside the task that has the baton. So
 * thread-specific data and cleanup handlers are done here.
 */
#include "runtime.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

/* Each thread has a slot of addresses: a gap, which an overflow meets, and its stack. */
enum {
	SIGNAL_STACK = 1 << 16,
	GAP = 1 << 16,
	STACK_SIZE = 1 << 23, /* libc's, if nothing else is asked for */
	SLOT = 1 << 28
};
#define STACKS_START 0x6c0000000000ull
#define SIGNAL_STACKS_START 0x6bf000000000ull

static struct start {
	void *(*function)(void *);
	void *argument;
} starts[TASKS_MAX];

static __thread __pthread_unwind_buf_t *cleanups;

static uintptr_t slot_of(uint32_t index)
{
	return STACKS_START + index * (uintptr_t)SLOT;
}

/* The stack there was a thread's of this process that has ended. */
bool stack_ended(uintptr_t address)
{
	if (address - STACKS_START >= (uintptr_t)SLOT * TASKS_MAX)
		return false;
	const struct task *task = &control->tasks[(address - STACKS_START) / SLOT];
	return task->state == TASK_FINISHED && task->process == process_private.process;
}

static void map_at(uintptr_t start, size_t size)
{
	void *at = real.mmap((void *)start, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	if (at != (void *)start)
		execution_full("bytes of stack that the system allows");
}

/* In the server, for all its executions: one call for each thread would take longer. */
void threads_prepare(void)
{
	map_at(SIGNAL_STACKS_START, (size_t)SIGNAL_STACK * TASKS_MAX);
}

static void stack_give(
	uint32_t index, const pthread_attr_t *wanted, pthread_attr_t *attributes)
{
	size_t size = STACK_SIZE;
	if (wanted)
		pthread_attr_getstacksize(wanted, &size);
	size = (size + 4095) & ~4095ull;
	if (size > SLOT - GAP)
		execution_full("bytes of stack");
	map_at(slot_of(index) + GAP, size);
	pthread_attr_setstack(attributes, (void *)(slot_of(index) + GAP), size);
}

static void thread_end(void *result) __attribute__((noreturn));
static void thread_end(void *result)
{
	struct task *task = explore_self.task;
	thread_values_release();
	task->result = (uint64_t)result;
	task_finish();
}

static void *thread_main(void *argument)
{
	struct start *start = argument;
	struct frame frame = {.pc = (uint64_t)start->function};
	uint32_t index = (uint32_t)(start - starts);
	stack_t signals = {
		.ss_sp = (void *)(SIGNAL_STACKS_START + index * (uintptr_t)SIGNAL_STACK),
		.ss_size = SIGNAL_STACK};
	sigaltstack(&signals, NULL);
	task_adopt(index);
	explore_self.frame = &frame;
	explore_self.task->pthread = (uint64_t)pthread_self();
	explore_self.task->stack_top = (uint64_t)__builtin_frame_address(0);
	task_wait_turn();
	clear_stack();
	thread_end(start->function(start->argument));
}

int runtime_pthread_create(pthread_t *thread, const pthread_attr_t *wanted,
	void *(*function)(void *), void *argument)
{
	if (!explore_self.task)
		return EAGAIN;
	struct operation operation = operation_at(STEP_CREATE, 0, NULL);
	note(&operation);
	uint32_t index = task_new(process_private.process, explore_self.index);
	struct task *task = &control->tasks[index];
	int detached = PTHREAD_CREATE_JOINABLE;
	if (wanted)
		pthread_attr_getdetachstate(wanted, &detached);
	task->detached = detached == PTHREAD_CREATE_DETACHED;
	task->signals_blocked = explore_self.task->signals_blocked;
	task->made_at = operation.pc;
	own_step()->value = index;
	clock_tick(explore_self.task);
	control->processes[process_private.process].threads++;
	process_private.threads++;
	process_private.had_threads = true;
	starts[index] = (struct start){function, argument};
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	stack_give(index, wanted, &attributes);
	explore_self.inside++;
	struct frame *frame = explore_self.frame;
	int status =
		real.pthread_create(thread, &attributes, thread_main, &starts[index]);
	explore_self.frame = frame;
	explore_self.inside--;
	pthread_attr_destroy(&attributes);
	if (status)
		execution_full("threads that the system allows");
	task->pthread = (uint64_t)*thread;
	touched();
	return 0;
}

struct task *task_of(pthread_t thread)
{
	for (uint32_t i = 0; thread && i < control->result.tasks; i++) {
		struct task *task = &control->tasks[i];
		if (task->process == process_private.process && !task->joined &&
			(task->pthread == (uint64_t)thread ||
				(task->main_thread &&
					(uint64_t)thread == task->thread_block)))
			return task;
	}
	return NULL;
}

/* What is joined was never a thread: libc would follow it as a pointer. */
static bool was_never(pthread_t thread)
{
	for (uint32_t i = 0; thread && i < control->result.tasks; i++)
		if (control->tasks[i].process == process_private.process &&
			(control->tasks[i].pthread == (uint64_t)thread ||
				control->tasks[i].thread_block == (uint64_t)thread))
			return false;
	return true;
}

static int join(pthread_t thread, void **result, uint64_t deadline, bool try)
{
	if (!explore_self.task)
		return ESRCH;
	struct task *task = task_of(thread);
	if (!task && was_never(thread) && detected(DEFECT_CRASH))
		defect_fatal(DEFECT_CRASH, "what is joined is no thread");
	if (!task)
		return ESRCH;
	if (task == explore_self.task)
		return EDEADLK;
	if (task->detached)
		return EINVAL;
	struct operation operation = operation_at(STEP_JOIN, canonical(task), NULL);
	operation.detail = (uint64_t)(task - control->tasks);
	if (try)
		point(&operation);
	while (task->state != TASK_FINISHED) {
		if (try || explore_self.task->timed_out)
			return try ? EBUSY : ETIMEDOUT;
		arrive_until(&operation, false, deadline);
	}
	object_acquire(canonical(task));
	task->joined = 1;
	if (result)
		*result = (void *)task->result;
	return 0;
}

/* The rest of the stack that is left lies behind this frame. */
int runtime_swapcontext(void *from, const void *to)
{
	if (explore_self.task)
		state_note_frame(explore_self.task);
	return real.swapcontext(from, to);
}

int runtime_pthread_join(pthread_t thread, void **result)
{
	explore_self.task->timed_out = 0;
	return join(thread, result, 0, false);
}

int runtime_pthread_tryjoin_np(pthread_t thread, void **result)
{
	return join(thread, result, 0, true);
}

int runtime_pthread_timedjoin_np(
	pthread_t thread, void **result, const struct timespec *until)
{
	explore_self.task->timed_out = 0;
	return join(thread, result, deadline_of(until), false);
}

int runtime_pthread_detach(pthread_t thread)
{
	struct task *task = explore_self.task ? task_of(thread) : NULL;
	if (!task)
		return ESRCH;
	task->detached = 1;
	return 0;
}

/* Cleanup handlers: the compiler's macros keep a chain of jump buffers */

void runtime___pthread_register_cancel(__pthread_unwind_buf_t *buffer)
{
	buffer->__pad[0] = cleanups;
	cleanups = buffer;
}

void runtime___pthread_unregister_cancel(__pthread_unwind_buf_t *buffer)
{
	cleanups = buffer->__pad[0];
}

void thread_unwind(void)
{
	if (cleanups) {
		__pthread_unwind_buf_t *buffer = cleanups;
		cleanups = buffer->__pad[0];
		/* A jmp_buf without room for a signal mask: as builtin, the compiler objects. */
		void (*volatile jump)(struct __jmp_buf_tag *, int) = longjmp;
		jump((void *)buffer->__cancel_jmp_buf, 1);
	}
	thread_end((void *)explore_self.task->result);
}

void runtime___pthread_unwind_next(__pthread_unwind_buf_t *buffer)
{
	(void)buffer;
	thread_unwind();
}

void runtime_pthread_exit(void *result)
{
	explore_self.task->result = (uint64_t)result;
	thread_unwind();
}
