/* SPDX-License-Identifier: MIT */
/*
 * A net below the breakpoints: system calls come from the runtime, from the C library and its
 * loader, and from nowhere else. The bare instructions of the program's text are breakpoints;
 * one that the census has not seen, since it was written into memory, say, or is hidden in
 * another one, is caught by a filter on the address of the call's instruction. A sandbox that
 * allows no filter has one of its own.
 */
#include "runtime.h"

#include <link.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>

enum { RANGES_MAX = 16, CODE_OF_RANGE = 8 };

static struct {
	struct {
		uint64_t start, end;
	} ranges[RANGES_MAX];
	uint32_t count;
} allowed;

static void allow(uint64_t start, uint64_t end)
{
	if (start < end && allowed.count < RANGES_MAX) {
		allowed.ranges[allowed.count].start = start;
		allowed.ranges[allowed.count++].end = end;
	}
}

/* The first is the program itself, whose own text is not ours. */
static int find_code(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	bool *first = data;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
			continue;
		uint64_t start = info->dlpi_addr + part->p_vaddr;
		uint64_t end = start + part->p_memsz;
		if (*first && control->program_start >= start &&
			control->program_end <= end) {
			allow(start, control->program_start);
			start = control->program_end;
		}
		allow(start, end);
	}
	*first = false;
	return 0;
}

static struct sock_filter *load(struct sock_filter *to, uint32_t offset)
{
	*to++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		(uint32_t)offsetof(struct seccomp_data, instruction_pointer) + offset);
	return to;
}

/* The call's own address lies two bytes behind its instruction. No range crosses 4 GB. */
static struct sock_filter *add_range(struct sock_filter *to, uint64_t start, uint64_t end)
{
	to = load(to, 4);
	*to++ = (struct sock_filter)BPF_JUMP(
		BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(start >> 32), 0, 4);
	to = load(to, 0);
	*to++ = (struct sock_filter)BPF_JUMP(
		BPF_JMP | BPF_JGT | BPF_K, (uint32_t)start, 0, 2);
	*to++ = (struct sock_filter)BPF_JUMP(
		BPF_JMP | BPF_JGT | BPF_K, (uint32_t)end, 1, 0);
	*to++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	return to;
}

static void refused(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)info;
	struct frame frame = {
		.pc = (uint64_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP],
		.rbp = (uint64_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RBP]};
	if (!explore_self.task)
		kernel(SYS_exit_group, 128 + SIGSYS, 0, 0, 0, 0, 0);
	explore_self.frame = &frame;
	execution_uncovered("a system call from code that was not read beforehand");
}

/* In the server: all its executions have it. */
void filter_set(void)
{
	struct sock_filter code[RANGES_MAX * CODE_OF_RANGE + 1], *to = code;
	struct sigaction action = {
		.sa_sigaction = refused, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	bool first = true;
	if (!control->program_end)
		return; /* nobody has said what is the program's */
	allowed.count = 0;
	dl_iterate_phdr(find_code, &first);
	for (uint32_t i = 0; i < allowed.count; i++)
		to = add_range(to, allowed.ranges[i].start, allowed.ranges[i].end);
	*to++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
	struct sock_fprog program = {.len = (unsigned short)(to - code), .filter = code};
	real.sigaction(SIGSYS, &action, NULL);
	kernel(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0);
	kernel(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (long)&program, 0, 0, 0);
}
