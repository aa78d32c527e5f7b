/* SPDX-License-Identifier: MIT */
/*
 * Where a submission's code goes when the place is computed. gcc was told to have each call and jump
 * through a pointer, and each return, jump here instead (build/branches.h). The tables of
 * what is legal are linked in beside the submission: a byte for each of its instructions'.
 *
 * A call may go to where a function of the submission or of the lab's player.c begins, and to
 * what the submission names. A return may go to behind a call of the submission's or of
 * player.c's. The C library and ours call its functions through pointers, so behind such a
 * call, too: seven bytes tell. A signal handler returns to the C library's call of sigreturn,
 * which takes all registers from the stack; where notes are kept no handler may be set, and
 * none returns.
 *
 * The first look at each table is in assembler, since it stands in the way of every return.
 * Return values lie in rax, rdx and the vector registers, arguments in more; the rest is free
 * at a return (-fno-ipa-ra), and nothing is at a call. Where there is no such compiler there are no
 * tables, and nothing comes here.
 */
#include "play/player/branches.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void branches_refuse(const char *what, const char *tail)
{
	if (write(STDERR_FILENO, what, strlen(what)) > 0 &&
		write(STDERR_FILENO, tail, strlen(tail)) > 0)
		abort();
	abort();
}

#ifdef __x86_64__

/* Marks of bytes, as build/branches.c writes them. */
enum { MARK_FUNCTION = 1, MARK_RETURN = 2 };

/* The beginning of an object's instructions, and its table. */
#define TABLE extern __attribute__((visibility("hidden")))
TABLE const unsigned char interlock_student[], interlock_student_marks[];
TABLE const unsigned char interlock_lab[], interlock_lab_marks[];
TABLE const uint64_t interlock_student_bytes, interlock_lab_bytes;
TABLE const uint64_t interlock_lab_handlers;
TABLE const uintptr_t interlock_student_known[];

/* Called from assembler that saves what the convention lets a function change, but for vector
 * registers: no code here may use these. */
#define PLAIN __attribute__((target("general-regs-only"), used))

static PLAIN bool is_marked(uintptr_t address, const unsigned char *object,
	const unsigned char *marks, uint64_t bytes, int mark)
{
	uintptr_t offset = address - (uintptr_t)object;

	return offset < bytes && marks[offset] & mark;
}

static PLAIN bool is_known(uintptr_t address)
{
	for (const uintptr_t *known = interlock_student_known; *known; known++)
		if (*known == address)
			return true;
	return false;
}

/* The length of a call through a register or memory, by the byte that says which. 0 if that
 * is another instruction. */
static PLAIN int call_length(unsigned char mode)
{
	int kind = mode >> 6;
	int base = mode & 7;
	bool more = kind != 3 && base == 4;

	if ((mode & 0x38) != 0x10)
		return 0;
	if (kind == 2 || (kind == 0 && base == 5))
		return 6 + more;
	return 2 + (kind == 1) + more;
}

static PLAIN bool is_behind_pointed_call(uintptr_t address)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
	const unsigned char *behind = (const unsigned char *)address;

	for (int length = 2; length <= 7; length++)
		if (behind[-length] == 0xff && call_length(behind[1 - length]) == length)
			return true;
	return false;
}

/* mov $15, %rax; syscall */
static PLAIN bool is_end_of_handler(uintptr_t address)
{
	static const unsigned char restorer[] = {
		0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05};
	/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
	const unsigned char *code = (const unsigned char *)address;

	for (size_t i = 0; i < sizeof(restorer); i++)
		if (code[i] != restorer[i])
			return false;
	return interlock_lab_handlers != 0;
}

static void refuse(const char *what)
{
	branches_refuse(
		what, " to a place that is none of this program's functions and calls\n");
}

static PLAIN bool may_call(uintptr_t target)
{
	return is_marked(target, interlock_student, interlock_student_marks,
		       interlock_student_bytes, MARK_FUNCTION) ||
	       is_marked(target, interlock_lab, interlock_lab_marks, interlock_lab_bytes,
		       MARK_FUNCTION) ||
	       is_known(target);
}

PLAIN void interlock_branch_call(uintptr_t target);
PLAIN void interlock_branch_call(uintptr_t target)
{
	if (!may_call(target))
		refuse("a call through a pointer leads");
}

PLAIN void interlock_branch_return(uintptr_t site);
PLAIN void interlock_branch_return(uintptr_t site)
{
	if (!is_marked(site, interlock_lab, interlock_lab_marks, interlock_lab_bytes,
		    MARK_RETURN) &&
		!is_behind_pointed_call(site) && !is_end_of_handler(site))
		refuse("a return leads");
}

void branches_check(branch target)
{
	if (target)
		interlock_branch_call((uintptr_t)target);
}

/* A mark that is not there ends in the function that tells, and does not come back. */
__asm__(".text\n"
	".globl __x86_return_thunk\n"
	"__x86_return_thunk:\n"
	"	mov (%rsp), %rcx\n"
	"	lea interlock_student(%rip), %r11\n"
	"	sub %r11, %rcx\n"
	"	cmp interlock_student_bytes(%rip), %rcx\n"
	"	jae 1f\n"
	"	lea interlock_student_marks(%rip), %r11\n"
	"	testb $2, (%r11, %rcx)\n"
	"	jz 1f\n"
	"	ret\n"
	"1:	push %rax\n"
	"	push %rdx\n"
	"	mov 16(%rsp), %rdi\n"
	"	call interlock_branch_return\n"
	"	pop %rdx\n"
	"	pop %rax\n"
	"	ret\n");

/* The register is pushed, looked at, and jumped to. */
#define THUNK(register)                                                                                                               \
	__asm__(".text\n.globl __x86_indirect_thunk_" #register "\n__x86_indirect_"                                                   \
								"thunk_" #register ":\n"                                              \
										   "	push %" #register "\n"                        \
													  "	call interlock_look\n"    \
													  "	pop %" #register "\n" \
																 "	jmp *%" #register "\n");

__asm__(".text\n"
	"interlock_look:\n"
	"	push %rax\n"
	"	push %rcx\n"
	"	mov 24(%rsp), %rax\n"
	"	lea interlock_student(%rip), %rcx\n"
	"	sub %rcx, %rax\n"
	"	cmp interlock_student_bytes(%rip), %rax\n"
	"	jae 1f\n"
	"	lea interlock_student_marks(%rip), %rcx\n"
	"	testb $1, (%rcx, %rax)\n"
	"	jz 1f\n"
	"2:	pop %rcx\n"
	"	pop %rax\n"
	"	ret\n"
	"1:	push %rdx\n"
	"	push %rsi\n"
	"	push %rdi\n"
	"	push %r8\n"
	"	push %r9\n"
	"	push %r10\n"
	"	push %r11\n"
	"	mov 80(%rsp), %rdi\n"
	"	call interlock_branch_call\n"
	"	pop %r11\n"
	"	pop %r10\n"
	"	pop %r9\n"
	"	pop %r8\n"
	"	pop %rdi\n"
	"	pop %rsi\n"
	"	pop %rdx\n"
	"	jmp 2b\n");

THUNK(rax)
THUNK(rbx)
THUNK(rcx)
THUNK(rdx)
THUNK(rsi)
THUNK(rdi)
THUNK(rbp)
THUNK(r8)
THUNK(r9)
THUNK(r10)
THUNK(r11)
THUNK(r12)
THUNK(r13)
THUNK(r14)
THUNK(r15)

#else

void branches_check(branch target)
{
	(void)target;
}

#endif
