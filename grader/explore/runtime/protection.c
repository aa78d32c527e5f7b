/* SPDX-License-Identifier: MIT */
/*
 * The test of the census. In an execution with request.protect, the heap and all shared
 * mappings have no rights. Whoever touches them faults, is given the rights for the one
 * instruction, by the processor's trap flag, and loses them again. The fault says which address
 * was touched and whether it was written; an instruction of the program, or the copy of one,
 * must have announced that. What it has not is noted in the control memory: a gap of the
 * census, which fails its test.
 *
 * An announcement is good until the next one that follows an access. So a test sees an access
 * that nobody announced although one to the same memory was announced before it.
 *
 * It is not how accesses are followed: it costs some microseconds and two signals for each, the
 * kernel cannot write there on the program's behalf, and stacks and the program's own variables
 * cannot be taken away from a task that runs.
 */
#include "protection.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>

enum { ANNOUNCED_MAX = 16, PROTECTED_MAX = 64, TRAP_FLAG = 1 << 8 };

static struct {
	struct {
		uintptr_t start, end;
	} ranges[PROTECTED_MAX];
	uint32_t ranges_used;
	bool open; /* for one instruction */
} protection;

static __thread struct {
	struct {
		uintptr_t start, end;
		bool is_write;
	} list[ANNOUNCED_MAX];
	uint32_t count;
	bool used;
} announced;

static void set_rights(int rights)
{
	for (uint32_t i = 0; i < protection.ranges_used; i++)
		kernel(SYS_mprotect, (long)protection.ranges[i].start,
			(long)(protection.ranges[i].end - protection.ranges[i].start),
			rights, 0, 0, 0);
}

void protection_mapped(uintptr_t start, uintptr_t end)
{
	if (!control->request.protect || protection.ranges_used == PROTECTED_MAX)
		return;
	protection.ranges[protection.ranges_used].start = start;
	protection.ranges[protection.ranges_used++].end = end;
	set_rights(protection.open ? PROT_READ | PROT_WRITE : PROT_NONE);
}

void protection_unmapped(uintptr_t start, uintptr_t end)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < protection.ranges_used; i++)
		if (protection.ranges[i].end <= start ||
			protection.ranges[i].start >= end)
			protection.ranges[kept++] = protection.ranges[i];
	protection.ranges_used = kept;
}

void protection_announced(const volatile void *pointer, size_t size, bool is_write)
{
	if (!control->request.protect)
		return;
	if (announced.used)
		announced.count = 0;
	announced.used = false;
	if (announced.count == ANNOUNCED_MAX) /* the oldest goes */
		real.memmove(announced.list, announced.list + 1,
			--announced.count * sizeof *announced.list);
	announced.list[announced.count].start = (uintptr_t)pointer;
	announced.list[announced.count].end = (uintptr_t)pointer + size;
	announced.list[announced.count++].is_write = is_write;
}

static bool is_announced(uintptr_t address, bool is_write)
{
	for (uint32_t i = 0; i < announced.count; i++)
		if (address >= announced.list[i].start &&
			address < announced.list[i].end &&
			announced.list[i].is_write == is_write) {
			announced.used = true;
			return true;
		}
	return false;
}

static void check(uint64_t pc, uintptr_t address, bool is_write)
{
	pc = breakpoint_origin(pc);
	if (pc < control->program_start || pc >= control->program_end)
		return;
	control->accesses_checked++;
	if (is_announced(address, is_write) || control->accesses_missed++)
		return;
	control->missed_pc = pc + 1;
	control->missed_address = address;
	control->missed_write = is_write;
}

bool protection_faulted(const siginfo_t *info, void *context)
{
	enum { WRITE = 2 }; /* in the fault's error code */
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	uintptr_t address = (uintptr_t)info->si_addr;
	for (uint32_t i = 0; i < protection.ranges_used && !protection.open; i++)
		if (address >= protection.ranges[i].start &&
			address < protection.ranges[i].end) {
			check((uint64_t)registers[REG_RIP], address,
				(registers[REG_ERR] & WRITE) != 0);
			protection.open = true;
			set_rights(PROT_READ | PROT_WRITE);
			registers[REG_EFL] |= TRAP_FLAG;
			return true;
		}
	return false;
}

bool protection_stepped(void *context)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	if (!protection.open || !(registers[REG_EFL] & TRAP_FLAG))
		return false;
	registers[REG_EFL] &= ~(greg_t)TRAP_FLAG;
	protection.open = false;
	set_rights(PROT_NONE);
	return true;
}
