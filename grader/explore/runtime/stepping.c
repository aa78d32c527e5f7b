/* SPDX-License-Identifier: MIT */
/*
 * Loops that no block counts: an empty one, which the compiler gives no block of its own, and
 * those in code that it has not seen. A clock only starts the look here: when the processor
 * has worked for a while and nothing has moved, the task is led on one instruction at a time.
 * If its registers, stack and data come round again (Brent's cycle search), it goes on for
 * ever. Where the clock met it is chance, so it is led on to that state of the cycle whose
 * hash is the smallest, and what is said is the same each time.
 *
 * A task that comes to a block that counts is left to loops.c, one that comes to a breakpoint
 * to the access that is announced there.
 */
#include "runtime.h"

#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>

enum {
	STILL = 2,
	MOST_STEPS = 1 << 16,
	RED_ZONE = 128,
	TRAP_FLAG = 0x100,
	GIVE_UP = 480
};

void __sanitizer_cov_trace_pc(void);

static uint64_t hash_registers(const ucontext_t *machine)
{
	uint64_t hash = 0;
	for (int i = REG_R8; i <= REG_RIP; i++)
		hash = control_mix(hash ^ (uint64_t)machine->uc_mcontext.gregs[i]);
	return hash;
}

/* With the stack from the interrupted frame up. The place is that of the last call of ours:
 * the frame lies where it overwrites nothing. */
static uint64_t hash_memory(const ucontext_t *machine)
{
	uintptr_t stack = (uintptr_t)machine->uc_mcontext.gregs[REG_RSP];
	uint64_t pc = explore_self.frame->pc;
	struct frame *frame =
		(struct frame *)((stack - RED_ZONE - sizeof *frame) & ~15ull);
	*frame = (struct frame){
		.pc = pc, .rbp = (uint64_t)machine->uc_mcontext.gregs[REG_RBP]};
	explore_self.frame = frame;
	return state_alone();
}

static void remember(const ucontext_t *machine)
{
	struct stepping *stepping = &control->stepping;
	stepping->registers = hash_registers(machine);
	stepping->memory = hash_memory(machine);
	stepping->period = 0;
}

void stepping_end(struct ucontext_t *machine)
{
	if (!control->stepping.phase)
		return;
	control->stepping.phase = STEPPING_OFF;
	machine->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
}

static void search(const ucontext_t *machine)
{
	struct stepping *stepping = &control->stepping;
	stepping->period++;
	if (hash_registers(machine) == stepping->registers &&
		hash_memory(machine) == stepping->memory) {
		stepping->phase = STEPPING_ROUND;
		stepping->left = stepping->period;
		stepping->smallest = stepping->registers;
	} else if (stepping->period >= stepping->power) {
		stepping->power *= 2;
		remember(machine);
	}
}

/* After each instruction. */
void stepping_trapped(struct ucontext_t *machine)
{
	struct stepping *stepping = &control->stepping;
	uint64_t registers = hash_registers(machine);
	uintptr_t pc = (uintptr_t)machine->uc_mcontext.gregs[REG_RIP];
	if (pc == (uintptr_t)&__sanitizer_cov_trace_pc ||
		(stepping->phase == STEPPING_SEARCH && --stepping->left == 0)) {
		stepping_end(machine);
	} else if (stepping->phase == STEPPING_SEARCH) {
		search(machine);
	} else if (stepping->phase == STEPPING_ROUND) {
		if (registers < stepping->smallest)
			stepping->smallest = registers;
		if (--stepping->left == 0)
			stepping->phase = STEPPING_REACH;
	}
	if (stepping->phase == STEPPING_REACH && registers == stepping->smallest) {
		stepping_end(machine);
		hash_memory(machine); /* the frame is where the stack ends now */
		loop_comes_round();
	}
}

static uint64_t progress(void)
{
	return control->result.steps + control->result.accesses + control->result.blocks;
}

/*
 * The clock. It may come to a thread that sleeps, since it belongs to the process; it is sent
 * on to the one that runs.
 */
void stepping_ticked(struct ucontext_t *machine)
{
	struct stepping *stepping = &control->stepping;
	const struct task *running = &control->tasks[control->running];
	if (!explore_self.task || running->process != process_private.process)
		return;
	if (running != explore_self.task) {
		kernel(SYS_tgkill, kernel(SYS_getpid, 0, 0, 0, 0, 0, 0), running->os_id,
			SIGPROF, 0, 0, 0);
		return;
	}
	control->result.ticks++;
	stepping->still = progress() == stepping->progress ? stepping->still + 1 : 0;
	stepping->progress = progress();
	if (stepping->still > GIVE_UP)
		execution_uncovered("a computation in code not compiled for exploring");
	if (stepping->still < STILL || stepping->phase != STEPPING_OFF ||
		explore_self.inside)
		return;
	stepping->phase = STEPPING_SEARCH;
	stepping->left = MOST_STEPS;
	stepping->power = 1;
	remember(machine);
	machine->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}
