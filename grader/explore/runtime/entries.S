/* SPDX-License-Identifier: MIT */
/*
 * In front of each intercepted function: saves the callee-saved registers, which may hold
 * live values of the program, where the state's hash will find them, notes the frame for
 * this thread and calls the handler. The word above the return address is pushed again, so
 * that a seventh argument (of syscall) is where the handler expects it; that aligns the
 * stack as well.
 *
 * A local of the program that is not initialised shows what was on its stack before: so what
 * the handler left there is cleared. What is called most often, the accesses, do so only if
 * they left anything that may differ from run to run: what the kernel said, say.
 */
#define CLEARED 4096 /* bytes; more than any handler's frames take */

	.text
	.macro push_registers
	push %rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbp, 0
	push %rbx
	.cfi_adjust_cfa_offset 8
	push %r12
	.cfi_adjust_cfa_offset 8
	push %r13
	.cfi_adjust_cfa_offset 8
	push %r14
	.cfi_adjust_cfa_offset 8
	push %r15
	.cfi_adjust_cfa_offset 8
	movq %rsp, %fs:explore_self@tpoff
	.endm

	.macro pop_registers
	pop %r15
	.cfi_adjust_cfa_offset -8
	pop %r14
	.cfi_adjust_cfa_offset -8
	pop %r13
	.cfi_adjust_cfa_offset -8
	pop %r12
	.cfi_adjust_cfa_offset -8
	pop %rbx
	.cfi_adjust_cfa_offset -8
	pop %rbp
	.cfi_adjust_cfa_offset -8
	.endm

	/* Where a breakpoint comes next, all registers are hashed: those that a call may change
	 * and that return nothing show nothing of what the handler did. Of 128 bits, the upper
	 * half is returned in %rdx. */
	.set returned_bits, 64
	.macro forget_registers
	.if returned_bits == 64
	xorl %edx, %edx
	.endif
	xorl %ecx, %ecx
	xorl %esi, %esi
	xorl %edi, %edi
	xorl %r8d, %r8d
	xorl %r9d, %r9d
	xorl %r10d, %r10d
	xorl %r11d, %r11d
	.endm

	.macro entry name, always=1
	.globl \name
	.type \name, @function
\name:
	.cfi_startproc
	endbr64
	push_registers
	pushq 56(%rsp)
	.cfi_adjust_cfa_offset 8
	call runtime_\name
	.if \always == 0
	cmpl $0, %fs:explore_self@tpoff + 8
	je 1f
	.endif
	movl $0, %fs:explore_self@tpoff + 8
	movq %rax, %rsi
	leaq -CLEARED(%rsp), %rdi
	movl $CLEARED / 8, %ecx
	xorl %eax, %eax
	rep stosq
	movq %rsi, %rax
1:	forget_registers
	addq $8, %rsp
	.cfi_adjust_cfa_offset -8
	pop_registers
	ret
	.cfi_endproc
	.size \name, . - \name
	.endm

/*
 * Where a breakpoint leads (breakpoints.c): the red zone has been passed over, and the
 * breakpoint's number lies on the stack. All registers are live. They are saved on the stack,
 * the general ones as struct registers has them, the lowest as struct frame; the vector
 * registers in between, in the form of xsave, on cleared memory, since it leaves gaps.
 */
#define XSAVE_SIZE 832	/* x87, SSE and AVX: the components below 3 */
#define XSAVE_COMPONENTS 7
#define XSAVE_PRESENT 512
#define REGISTERS_NUMBER 80
#define RED_ZONE 128

	.globl explore_breakpoint
	.type explore_breakpoint, @function
explore_breakpoint:
	pushfq
	push %rax
	push %rcx
	push %rdx
	push %rsi
	push %rdi
	push %r8
	push %r9
	push %r10
	push %r11
	cld
	movq %rsp, %r9
	leaq -XSAVE_SIZE(%rsp), %r8
	andq $-64, %r8
	movq %r8, %rsp
	movq %r8, %rdi
	movq %r9, %rcx
	subq %r8, %rcx
	shrq $3, %rcx
	xorl %eax, %eax
	rep stosq
	xorl %ecx, %ecx
	xgetbv
	andl $XSAVE_COMPONENTS, %eax
	xorl %edx, %edx
	xsave64 (%r8)
	movl %eax, XSAVE_PRESENT(%r8)
	pushq $0
	push %rbp
	push %rbx
	push %r12
	push %r13
	push %r14
	push %r15
	movq %rsp, %rdi
	movq %r9, %rsi
	pushq $0
	movq %r9, %rbx
	movq %r8, %r12
	call breakpoint_visit
	movq %rax, REGISTERS_NUMBER(%rbx)
	leaq -CLEARED(%rsp), %rdi
	movl $CLEARED / 8, %ecx
	xorl %eax, %eax
	rep stosq
	movl XSAVE_PRESENT(%r12), %eax
	xorl %edx, %edx
	xrstor64 (%r12)
	movq %rbx, %r9
	addq $8, %rsp
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbx
	pop %rbp
	movq %r9, %rsp
	pop %r11
	pop %r10
	pop %r9
	pop %r8
	pop %rdi
	pop %rsi
	pop %rdx
	pop %rcx
	pop %rax
	popfq
	leaq RED_ZONE + 8(%rsp), %rsp
	jmp *-(RED_ZONE + 8)(%rsp)
	.size explore_breakpoint, . - explore_breakpoint

	.macro access name
	entry \name, 0
	.endm

	/* The registers become a struct call for described_call, which leaves what is returned
	 * there. The functions are numbered in the order of the table. */
	.set described_number, 0
	.macro described name
	.globl \name
	.type \name, @function
\name:
	.cfi_startproc
	endbr64
	push_registers
	movl $described_number, %r10d
	.set described_number, described_number + 1
	call describe
	pop_registers
	ret
	.cfi_endproc
	.size \name, . - \name
	.endm

	/* Called right behind push_registers: the return address of the program's call lies
	 * above the registers and its own. */
describe:
	.cfi_startproc
	subq $208, %rsp
	.cfi_adjust_cfa_offset 208
	movq %rdi, 0(%rsp)
	movq %rsi, 8(%rsp)
	movq %rdx, 16(%rsp)
	movq %rcx, 24(%rsp)
	movq %r8, 32(%rsp)
	movq %r9, 40(%rsp)
	movaps %xmm0, 48(%rsp)
	movaps %xmm1, 64(%rsp)
	movaps %xmm2, 80(%rsp)
	movaps %xmm3, 96(%rsp)
	movaps %xmm4, 112(%rsp)
	movaps %xmm5, 128(%rsp)
	movaps %xmm6, 144(%rsp)
	movaps %xmm7, 160(%rsp)
	leaq 208 + 8 + 48 + 8(%rsp), %r11
	movq %r11, 176(%rsp)
	movl %r10d, %edi
	movq %rsp, %rsi
	call described_call
	movl $0, %fs:explore_self@tpoff + 8
	leaq -CLEARED(%rsp), %rdi
	movl $CLEARED / 8, %ecx
	xorl %eax, %eax
	rep stosq
	xorl %esi, %esi
	xorl %r8d, %r8d
	xorl %r9d, %r9d
	xorl %r10d, %r10d
	xorl %r11d, %r11d
	movq 184(%rsp), %rax
	movq 192(%rsp), %rdx
	movaps 48(%rsp), %xmm0
	movaps 64(%rsp), %xmm1
	addq $208, %rsp
	.cfi_adjust_cfa_offset -208
	ret
	.cfi_endproc

	.globl call_real
call_real:
	.cfi_startproc
	endbr64
	push %rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbx, 0
	movq %rsi, %rbx
	movq %rdi, %r11
	movq 0(%rbx), %rdi
	movq 8(%rbx), %rsi
	movq 16(%rbx), %rdx
	movq 24(%rbx), %rcx
	movq 32(%rbx), %r8
	movq 40(%rbx), %r9
	movups 48(%rbx), %xmm0
	movups 64(%rbx), %xmm1
	movups 80(%rbx), %xmm2
	movups 96(%rbx), %xmm3
	movups 112(%rbx), %xmm4
	movups 128(%rbx), %xmm5
	movups 144(%rbx), %xmm6
	movups 160(%rbx), %xmm7
	movl $8, %eax
	call *%r11
	movq %rax, 184(%rbx)
	movq %rdx, 192(%rbx)
	movups %xmm0, 48(%rbx)
	movups %xmm1, 64(%rbx)
	pop %rbx
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_endproc

	.macro nothing name
	.globl \name
	.type \name, @function
\name:	endbr64
	ret
	.size \name, . - \name
	.endm

/* Called at each basic block of the program. */
	.globl __sanitizer_cov_trace_pc
	.type __sanitizer_cov_trace_pc, @function
__sanitizer_cov_trace_pc:
	endbr64
	decl %fs:explore_self@tpoff + 12
	jle interlock_allowance_used
	ret
	.size __sanitizer_cov_trace_pc, . - __sanitizer_cov_trace_pc
	access interlock_allowance_used

	nothing __tsan_init
	nothing __tsan_func_entry
	nothing __tsan_func_exit
	nothing __tsan_ignore_thread_begin
	nothing __tsan_ignore_thread_end

	.irp size, 1, 2, 4, 8, 16
	access __tsan_read\size
	access __tsan_write\size
	access __tsan_read_write\size
	access __tsan_unaligned_read\size
	access __tsan_unaligned_write\size
	access __tsan_unaligned_read_write\size
	access __tsan_volatile_read\size
	access __tsan_volatile_write\size
	access __tsan_unaligned_volatile_read\size
	access __tsan_unaligned_volatile_write\size
	.endr

	.irp bits, 8, 16, 32, 64, 128
	.set returned_bits, 64 + 64 * (\bits / 128)
	access __tsan_atomic\bits\()_load
	access __tsan_atomic\bits\()_store
	access __tsan_atomic\bits\()_exchange
	access __tsan_atomic\bits\()_fetch_add
	access __tsan_atomic\bits\()_fetch_sub
	access __tsan_atomic\bits\()_fetch_and
	access __tsan_atomic\bits\()_fetch_or
	access __tsan_atomic\bits\()_fetch_xor
	access __tsan_atomic\bits\()_fetch_nand
	access __tsan_atomic\bits\()_compare_exchange_strong
	access __tsan_atomic\bits\()_compare_exchange_weak
	access __tsan_atomic\bits\()_compare_exchange_val
	.endr
	.set returned_bits, 64

	.irp name, __tsan_read_range, __tsan_write_range, __tsan_atomic_thread_fence
	access \name
	.endr
	nothing __tsan_atomic_signal_fence

#define MODELLED(name, where) entry name;
#define QUICK(name, where) access name;
#define PLAIN(name, where, ...) described name;
#define VARIADIC(name, where, ...) described name;
#define PURE(name, where)
#define MATH(name, where)
#define DATA(name, where)
#include "functions.def"

	entry explore_uncovered

	.irp name, mp_checker_until, mp_checker_before, mp_checker_after, mp_checker_init, mp_checker_destroy
	entry \name
	.endr

	.irp name, interlock_mark_begin, interlock_mark_end
	entry \name
	.endr

	.section .note.GNU-stack, "", @progbits
