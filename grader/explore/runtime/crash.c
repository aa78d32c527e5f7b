/* SPDX-License-Identifier: MIT */
/* What ends a task against its will: faults; and the clock that has one looked at. */
#include "protection.h"
#include "signals.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>

/* The fault is where the stack goes on: there is no more of it. */
static bool stack_overflows(const siginfo_t *info, uintptr_t stack)
{
	enum { NEAR = 1 << 16 };
	uintptr_t address = (uintptr_t)info->si_addr;
	return address + NEAR >= stack && address < explore_self.task->stack_top;
}

/* The process ends as it does without us. Its end is a step like any other, unless there is
 * no stack left to take it on. */
static void crash_unnoticed(int number, const siginfo_t *info, const struct frame *frame,
	uintptr_t stack) __attribute__((noreturn));
static void crash_unnoticed(
	int number, const siginfo_t *info, const struct frame *frame, uintptr_t stack)
{
	enum { RED_ZONE = 512 };
	if (!stack_overflows(info, stack)) {
		/* where the state's hash expects a live stack to start */
		explore_self.frame = (struct frame *)((stack - RED_ZONE) & ~15ull);
		*explore_self.frame = *frame;
		exit_point();
	}
	process_finish(number);
}

static void ticked(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)info;
	stepping_ticked(context);
}

/* For each process anew: fork does not pass timers on. */
void ticks_start(void)
{
	struct itimerval often = {{0, TICK_MS * 1000}, {0, TICK_MS * 1000}};
	kernel(SYS_setitimer, ITIMER_PROF, (long)&often, 0, 0, 0, 0);
}

extern const char __start_interlock_text[], __stop_interlock_text[];
extern const char __executable_start[], etext[];

static bool is_within(uintptr_t pc, const char *start, const char *end)
{
	return pc >= (uintptr_t)start && pc < (uintptr_t)end;
}

static bool is_programs(uintptr_t pc)
{
	if (is_within(pc, __start_interlock_text, __stop_interlock_text))
		return false;
	return is_within(pc, __executable_start + 8, etext) ||
	       (pc >= control->program_start && pc < control->program_end);
}

/* Whether a call of the program's returns there. */
static bool is_return(uintptr_t pc)
{
	if (!is_programs(pc))
		return false;
	const unsigned char *after = (const unsigned char *)pc;
	return after[-5] == 0xe8 || after[-2] == 0xff || after[-3] == 0xff;
}

/* Where it happened, in words of the program: a fault of ours, or in the C library, is one of
 * whoever called it with what it was given. */
static struct frame place_of(const ucontext_t *machine)
{
	enum { WORDS_MOST = 1024 };
	const greg_t *registers = machine->uc_mcontext.gregs;
	struct frame frame = {.pc = breakpoint_origin((uint64_t)registers[REG_RIP]),
		.rbp = (uint64_t)registers[REG_RBP]};
	if (is_within(frame.pc, __start_interlock_text, __stop_interlock_text))
		return explore_self.frame ? *explore_self.frame : frame;
	if (is_programs(frame.pc) || !explore_self.task)
		return frame;
	const uint64_t *word = (const uint64_t *)registers[REG_RSP];
	for (int i = 0; i < WORDS_MOST && (uint64_t)word < explore_self.task->stack_top;
		i++, word++)
		if (is_return(*word)) {
			frame.pc = *word;
			break;
		}
	return frame;
}

/* The program has a handler of its own for the fault: it may return, jump or end. */
static bool program_handles(int number, siginfo_t *info, void *context)
{
	const ucontext_t *machine = context;
	uint64_t handler = process_private.actions[number].handler;
	if (handler == (uint64_t)SIG_DFL || handler == (uint64_t)SIG_IGN)
		return false;
	if (process_private.actions[number].flags & (int)SA_RESETHAND)
		action_set(number, &(struct action){.handler = 0});
	struct frame *frame = explore_self.frame;
	explore_self.task->own_frame =
		(uint64_t)machine->uc_mcontext.gregs[REG_RSP] & ~7ull;
	((void (*)(int, siginfo_t *, void *))handler)(number, info, context);
	explore_self.frame = frame;
	return true;
}

static void crashed(int number, siginfo_t *info, void *context)
{
	ucontext_t *machine = context;
	if (number == SIGTRAP &&
		(breakpoint_trapped(info, context) || protection_stepped(context)))
		return;
	if (number == SIGTRAP && explore_self.task && control->stepping.phase) {
		stepping_trapped(machine);
		return;
	}
	if (number == SIGSEGV && protection_faulted(info, context))
		return;
	struct frame frame = place_of(machine);
	explore_self.frame = &frame;
	if (!explore_self.task)
		kernel(SYS_exit_group, 128 + number, 0, 0, 0, 0, 0);
	if (program_handles(number, info, context))
		return;
	if (memory_unmapped((uintptr_t)info->si_addr) && detected(DEFECT_FREED))
		defect_fatal(DEFECT_FREED, "memory is used after it was unmapped");
	uintptr_t stack = (uintptr_t)machine->uc_mcontext.gregs[REG_RSP];
	if (!detected(DEFECT_CRASH))
		crash_unnoticed(number, info, &frame, stack);
	if (number == SIGTRAP)
		defect_fatal(DEFECT_CRASH, "a trap that nobody handles");
	if (number == SIGFPE || number == SIGILL)
		defect_fatal(DEFECT_CRASH, "%s",
			number == SIGFPE ? "arithmetic fault, such as a division by zero"
					 : "illegal instruction");
	if (stack_overflows(info, stack))
		defect_fatal(DEFECT_CRASH, "stack overflow");
	if (!info->si_addr)
		defect_fatal(DEFECT_CRASH, "a null pointer is followed");
	if (number == SIGBUS)
		defect_fatal(DEFECT_CRASH,
			"bus error: what is mapped at %p lies beyond the end of its file",
			info->si_addr);
	defect_fatal(DEFECT_CRASH, "segmentation fault at address %p", info->si_addr);
}

void crash_handlers_install(void)
{
	static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
	struct sigaction tick = {
		.sa_sigaction = ticked, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
	/* each process has its own, for a crash need not end the execution */
	enum { CRASH_STACK = 1 << 16 };
	stack_t alternative = {.ss_size = CRASH_STACK,
		.ss_sp = real.mmap(NULL, CRASH_STACK, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)};
	struct sigaction action = {
		.sa_sigaction = crashed, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	sigaltstack(&alternative, NULL);
	for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
		real.sigaction(numbers[i], &action, NULL);
	real.sigaction(SIGPROF, &tick, NULL);
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	real.sigaction(SIGPIPE, &ignore, NULL); /* sent in the model instead */
}
