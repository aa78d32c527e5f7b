/* SPDX-License-Identifier: MIT */
/*
 * Accesses that the compiler does not announce: the census (census.h) has listed the
 * instructions, and here each gets a breakpoint, in the server, so that all executions have it.
 *
 * The trap's handler does nothing but lead the task on: to explore_breakpoint (entries.S), which
 * saves all registers on the task's own stack and calls breakpoint_visit(). So the access is
 * announced like any other, outside any signal's handler, with everything that decides what
 * the task does next where the state's hash looks for it. Then the instruction itself is run
 * from its copy out of line, which jumps back behind it. Each has a second copy, which leads
 * through explore_breakpoint once more: what an atomic update has changed is known then.
 *
 * The copies lie below the program, in reach of the addresses that count from rip.
 */
#include "runtime.h"

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { COPY = 48, RED_ZONE = 128, PAGE = 4096 };
#define COPIES_START 0x10000ull
_Static_assert(COPIES_START + (uint64_t)COPY * 2 * BREAKPOINTS_MAX < 0x400000, "");

/* The registers as explore_breakpoint has pushed them, by the processor's numbers. */
struct registers {
	uint64_t r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax;
	uint64_t flags;
	uint64_t number; /* of the breakpoint; with AFTER: behind its instruction */
	unsigned char red_zone[RED_ZONE];
	unsigned char stack[]; /* as the program has it */
};
enum { AFTER = 1 << 30 };

void explore_breakpoint(void);

static void put(unsigned char **to, const void *bytes, size_t size)
{
	real.memcpy(*to, bytes, size);
	*to += size;
}

/* A jump, or a call, to an address that is no more than 2 GB away. */
static void put_jump(unsigned char **to, uint64_t target)
{
	int32_t distance = (int32_t)(target - ((uint64_t)*to + 5));
	put(to, "\xe9", 1);
	put(to, &distance, sizeof distance);
}

static void put_push(unsigned char **to, uint32_t value)
{
	put(to, "\x68", 1);
	put(to, &value, sizeof value);
}

static uint64_t copy_of(uint32_t number)
{
	return COPIES_START + number * (uint64_t)COPY;
}

static uint64_t returning_copy_of(uint32_t number)
{
	return copy_of(control->breakpoints_count + number);
}

static void make_copy(const struct breakpoint *breakpoint, uint32_t number,
	uint64_t place, bool returns)
{
	unsigned char *to = (unsigned char *)place;
	uint64_t next = breakpoint->pc + breakpoint->length;
	if (breakpoint->is_call)
		put_push(&to, (uint32_t)next);
	unsigned char *code = to;
	put(&to, breakpoint->code, breakpoint->code_length);
	if (breakpoint->relative) {
		int32_t displacement;
		unsigned char *at = code + breakpoint->relative;
		real.memcpy(&displacement, at, sizeof displacement);
		displacement += (int32_t)(breakpoint->pc - (uint64_t)code);
		real.memcpy(at, &displacement, sizeof displacement);
	}
	if (returns) {
		put(&to, "\x48\x8d\x64\x24\x80", 5); /* lea -128(%rsp), %rsp */
		put_push(&to, number | AFTER);
		put_jump(&to, (uint64_t)explore_breakpoint);
	} else {
		put_jump(&to, next);
	}
}

uint64_t breakpoint_origin(uint64_t pc)
{
	uint32_t count = control->breakpoints_count;
	return pc >= COPIES_START && pc < returning_copy_of(count)
		       ? control->breakpoints[(pc - COPIES_START) / COPY % count].pc
		       : pc;
}

static uint32_t find(uint64_t pc)
{
	uint32_t low = 0, high = control->breakpoints_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (control->breakpoints[middle].pc < pc)
			low = middle + 1;
		else
			high = middle;
	}
	return low < control->breakpoints_count && control->breakpoints[low].pc == pc
		       ? low
		       : BREAKPOINTS_MAX;
}

bool breakpoint_trapped(const siginfo_t *info, void *context)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	uint32_t found = find((uint64_t)registers[REG_RIP] - 1);
	/* not the processor's trap behind an instruction */
	if (info->si_code != SI_KERNEL || found == BREAKPOINTS_MAX)
		return false;
	stepping_end(context);
	if (!explore_self.task || explore_self.inside) {
		registers[REG_RIP] = (greg_t)copy_of(found);
		return true;
	}
	registers[REG_RSP] -= RED_ZONE + (greg_t)sizeof(uint64_t);
	*(uint64_t *)registers[REG_RSP] = found;
	registers[REG_RIP] = (greg_t)explore_breakpoint;
	return true;
}

static uint64_t register_value(
	const struct frame *frame, const struct registers *saved, uint8_t number)
{
	const uint64_t values[16] = {saved->rax, saved->rcx, saved->rdx, frame->rbx,
		(uint64_t)saved->stack, frame->rbp, saved->rsi, saved->rdi, saved->r8,
		saved->r9, saved->r10, saved->r11, frame->r12, frame->r13, frame->r14,
		frame->r15};
	return number < 16 ? values[number] : 0;
}

static void *address_of(const struct operand *operand, const struct frame *frame,
	const struct registers *saved)
{
	uint64_t address = (uint64_t)operand->displacement;
	if (operand->flags & OPERAND_THREAD)
		address += (uint64_t)__builtin_thread_pointer();
	if (operand->base != NO_REGISTER)
		address += register_value(frame, saved, operand->base);
	if (operand->index != NO_REGISTER)
		address += register_value(frame, saved, operand->index) * operand->scale;
	return (void *)address;
}

static void announce(const struct breakpoint *breakpoint, const struct frame *frame,
	const struct registers *saved)
{
	enum { DIRECTION = 1 << 10 };
	uint64_t times = breakpoint->kind == BREAKPOINT_REPEATED ? saved->rcx : 1;
	if (breakpoint->kind == BREAKPOINT_REPEATED && saved->flags & DIRECTION)
		execution_uncovered("a string instruction that goes down");
	for (unsigned i = 0; i < breakpoint->operands_count; i++) {
		const struct operand *operand = &breakpoint->operands[i];
		void *address = address_of(operand, frame, saved);
		if (operand->flags & OPERAND_READ)
			access_memory(address, operand->size * times, 0, frame->pc);
		if (operand->flags & OPERAND_WRITE)
			access_memory(
				address, operand->size * times, FLAG_WRITE, frame->pc);
	}
}

/* One move of something that atomic instructions update. */
static bool is_atomic_move(const struct breakpoint *breakpoint, const void *address)
{
	const struct operand *operand = &breakpoint->operands[0];
	uint8_t use = operand->flags & (OPERAND_READ | OPERAND_WRITE);
	return breakpoint->operands_count == 1 && operand->size <= sizeof(uint64_t) &&
	       use != (OPERAND_READ | OPERAND_WRITE) &&
	       atomic_of_machine(address, operand->size);
}

/* The second time, behind the instruction. */
static uint64_t end_update(const struct breakpoint *breakpoint)
{
	const struct operand *operand = &breakpoint->operands[0];
	bool may_only_read = breakpoint->kind == BREAKPOINT_EXCHANGE ||
			     !(operand->flags & OPERAND_WRITE);
	atomic_updated(operand->size, may_only_read);
	return breakpoint->pc + breakpoint->length;
}

/* Called by explore_breakpoint. Returns where the task goes on. */
uint64_t breakpoint_visit(struct frame *frame, struct registers *saved);
uint64_t breakpoint_visit(struct frame *frame, struct registers *saved)
{
	uint32_t number = (uint32_t)saved->number & ~(uint32_t)AFTER;
	const struct breakpoint *breakpoint = &control->breakpoints[number];
	frame->pc = breakpoint->pc + 1;
	explore_self.frame = frame;
	const struct operand *operand = &breakpoint->operands[0];
	void *address = address_of(operand, frame, saved);
	if (saved->number & AFTER)
		return end_update(breakpoint);
	switch (breakpoint->kind) {
	case BREAKPOINT_SYSCALL:
		saved->rax = (uint64_t)task_syscall((long)saved->rax, (long)saved->rdi,
			(long)saved->rsi, (long)saved->rdx, (long)saved->r10,
			(long)saved->r8, (long)saved->r9);
		return breakpoint->pc + breakpoint->length;
	case BREAKPOINT_UNKNOWN:
		execution_uncovered("an instruction whose accesses are not known");
	case BREAKPOINT_ACCESS:
		if (!is_atomic_move(breakpoint, address))
			break;
		/* fall through */
	case BREAKPOINT_UPDATE:
	case BREAKPOINT_EXCHANGE:
		atomic_update(address, operand->size);
		return returning_copy_of(number);
	default:
		break;
	}
	announce(breakpoint, frame, saved);
	return copy_of(number);
}

static void set(const struct breakpoint *breakpoint)
{
	enum { INT3 = 0xcc };
	*(unsigned char *)breakpoint->pc = INT3;
}

void breakpoints_set(void)
{
	uint32_t count = control->breakpoints_count;
	if (!count)
		return;
	size_t size = (2 * count * (size_t)COPY + PAGE - 1) & ~(size_t)(PAGE - 1);
	uint64_t start = control->breakpoints[0].pc & ~(uint64_t)(PAGE - 1);
	uint64_t end = control->breakpoints[count - 1].pc + 1;
	if (real.mmap((void *)COPIES_START, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		    0) != (void *)COPIES_START ||
		mprotect((void *)start, end - start, PROT_READ | PROT_WRITE | PROT_EXEC))
		die("breakpoints");
	for (uint32_t i = 0; i < count; i++) {
		make_copy(&control->breakpoints[i], i, copy_of(i), false);
		make_copy(&control->breakpoints[i], i, returning_copy_of(i), true);
		set(&control->breakpoints[i]);
	}
	if (mprotect((void *)COPIES_START, size, PROT_READ | PROT_EXEC) ||
		mprotect((void *)start, end - start, PROT_READ | PROT_EXEC))
		die("breakpoints");
}
