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
	.macro entry name, always=1
	.globl \name
	.type \name, @function
\name:
	.cfi_startproc
	endbr64
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
1:	addq $8, %rsp
	.cfi_adjust_cfa_offset -8
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
	ret
	.cfi_endproc
	.size \name, . - \name
	.endm

	.macro access name
	entry \name, 0
	.endm

	.macro nothing name
	.globl \name
	.type \name, @function
\name:	endbr64
	ret
	.size \name, . - \name
	.endm

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

	.irp name, __tsan_read_range, __tsan_write_range, __tsan_atomic_thread_fence
	access \name
	.endr
	nothing __tsan_atomic_signal_fence

	.irp name, memcpy, memmove, memset, memcmp, strlen, strcpy, strcat, strncpy, strcmp
	access \name
	.endr

	.irp name, malloc, calloc, free, realloc, aligned_alloc, posix_memalign, memalign, \
		malloc_usable_size, mmap, mmap64, munmap, shm_open, shm_unlink
	entry \name
	.endr

	.irp name, pthread_mutex_init, pthread_mutex_destroy, pthread_mutex_lock, \
		pthread_mutex_timedlock, pthread_mutex_clocklock, pthread_mutex_trylock, \
		pthread_mutex_unlock, pthread_mutex_consistent, pthread_cond_init, pthread_cond_destroy, pthread_cond_wait, \
		pthread_cond_timedwait, pthread_cond_clockwait, pthread_cond_signal, \
		pthread_cond_broadcast, pthread_spin_init, pthread_spin_destroy, \
		pthread_spin_lock, pthread_spin_trylock, pthread_spin_unlock, \
		pthread_rwlock_init, pthread_rwlock_destroy, pthread_rwlock_rdlock, \
		pthread_rwlock_tryrdlock, pthread_rwlock_timedrdlock, pthread_rwlock_wrlock, \
		pthread_rwlock_trywrlock, pthread_rwlock_timedwrlock, pthread_rwlock_unlock, \
		pthread_barrier_init, pthread_barrier_destroy, pthread_barrier_wait, \
		pthread_once, sem_init, sem_destroy, sem_wait, sem_trywait, sem_timedwait, \
		sem_clockwait, sem_post, sem_getvalue, sem_open, sem_close, sem_unlink
	entry \name
	.endr

	.irp name, pthread_create, pthread_join, pthread_tryjoin_np, pthread_timedjoin_np, \
		pthread_detach, pthread_exit, pthread_cancel, pthread_testcancel, \
		pthread_setcancelstate, pthread_setcanceltype, \
		pthread_key_create, pthread_key_delete, pthread_getspecific, \
		pthread_setspecific, __pthread_register_cancel, __pthread_unregister_cancel, \
		__pthread_unwind_next
	entry \name
	.endr

	.irp name, thrd_create, thrd_join, thrd_detach, thrd_exit, thrd_yield, thrd_sleep, \
		mtx_init, mtx_destroy, mtx_lock, mtx_timedlock, mtx_trylock, mtx_unlock, \
		cnd_init, cnd_destroy, cnd_wait, cnd_timedwait, cnd_signal, cnd_broadcast, \
		call_once, tss_create, tss_get, tss_set, tss_delete
	entry \name
	.endr

	.irp name, fork, vfork, getpid, getppid, gettid, wait, waitpid, wait3, wait4, waitid, \
		_exit, _Exit, quick_exit, abort, __assert_fail, kill, prctl, raise, sigaction, signal, pause, \
		sigprocmask, pthread_sigmask, sigsuspend, sigwait
	entry \name
	.endr

	.irp name, execl, execle, execlp, execv, execve, execvp, execvpe, fexecve, \
		posix_spawn, posix_spawnp, system, popen
	entry \name
	.endr

	.irp name, nanosleep, clock_nanosleep, usleep, sleep, clock_gettime, gettimeofday, time, \
		clock, sched_yield, syscall, read, write, close, \
		poll, recv, recvmsg, send, sendmsg, shutdown
	entry \name
	.endr

	.irp name, mp_checker_until, mp_checker_before, mp_checker_after, mp_checker_init, mp_checker_destroy
	entry \name
	.endr

	.irp name, interlock_mark_begin, interlock_mark_end
	entry \name
	.endr

	.section .note.GNU-stack, "", @progbits
