/* SPDX-License-Identifier: MIT */
/*
 * The pages of the notes are closed; a write opens them for its own time. System calls are made
 * from here, not by the C library, whose functions are the explorer's there. Signals are held
 * back meanwhile: a handler would run with the pages open.
 */
#include "play/player/notes.h"

#include "play/arena.h"

#include <interlock/player.h>

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static bool closed; /* written once, by notes_close */

static long system_call(long number, long a, long b, long c, long d)
{
#ifdef __x86_64__
	register long fourth __asm__("r10") = d;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth)
			 : "rcx", "r11", "memory");
	return result;
#else
	register long call __asm__("x8") = number;
	register long result __asm__("x0") = a;
	register long second __asm__("x1") = b;
	register long third __asm__("x2") = c;
	register long fourth __asm__("x3") = d;

	__asm__ volatile("svc 0"
			 : "+r"(result)
			 : "r"(call), "r"(second), "r"(third), "r"(fourth)
			 : "memory");
	return result;
#endif
}

static void allow(int rights)
{
	system_call(SYS_mprotect, (long)ARENA_NOTES, ARENA_NOTES_BYTES, rights, 0);
}

/* In the kernel's words: its folder of threads has three links, ".", ".." and one thread's. */
static bool is_alone(void)
{
	struct stat tasks = {0};

	system_call(SYS_newfstatat, AT_FDCWD, (long)"/proc/self/task", (long)&tasks, 0);
	return tasks.st_nlink == 3;
}

static bool is_note(const atomic_int *note)
{
	uintptr_t offset = (uintptr_t)note - ARENA_NOTES;

	return offset <= ARENA_NOTES_BYTES - sizeof(*note);
}

/* The set of signals as the kernel has it. */
typedef unsigned long signals;

static signals hold_signals(void)
{
	signals all = ~0ul;
	signals before = 0;

	system_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&before,
		sizeof(signals));
	return before;
}

static int change(atomic_int *note, int (*with)(atomic_int *, int), int number)
{
	if (!is_note(note))
		return 0;
	if (!closed)
		return with(note, number);
	if (!is_alone())
		return atomic_load(note);
	signals before = hold_signals();
	allow(PROT_READ | PROT_WRITE);
	int value = with(note, number);
	allow(PROT_READ);
	system_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&before, 0, sizeof(signals));
	return value;
}

static int set(atomic_int *note, int value)
{
	return atomic_exchange(note, value);
}

static int add(atomic_int *note, int amount)
{
	return atomic_fetch_add(note, amount);
}

int interlock_note_set(atomic_int *note, int value)
{
	return change(note, set, value);
}

int interlock_note_add(atomic_int *note, int amount)
{
	return change(note, add, amount);
}

void *interlock_notes(void)
{
	return (void *)ARENA_NOTES; /* NOLINT(performance-no-int-to-ptr) */
}

void *interlock_kept(void)
{
	const struct arena *arena =
		(struct arena *)ARENA_ADDRESS; /* NOLINT(performance-no-int-to-ptr) */

	return (void *)(uintptr_t)arena->kept;
}

void notes_close(void)
{
	closed = true;
	allow(PROT_READ);
}
