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

static bool is_note(const void *note, size_t bytes)
{
	return (uintptr_t)note - ARENA_NOTES <= ARENA_NOTES_BYTES - bytes;
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

/* Nothing but this opens the notes. What `with` returns. */
static long change(void *note, size_t bytes, long (*with)(void *, long), long number)
{
	if (!is_note(note, bytes))
		return 0;
	if (!closed)
		return with(note, number);
	if (!is_alone())
		return bytes == sizeof(int) ? *(atomic_int *)note : *(atomic_long *)note;
	signals before = hold_signals();
	allow(PROT_READ | PROT_WRITE);
	long value = with(note, number);
	allow(PROT_READ);
	system_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&before, 0, sizeof(signals));
	return value;
}

static long set(void *note, long value)
{
	return atomic_exchange((atomic_int *)note, (int)value);
}

static long add(void *note, long amount)
{
	return atomic_fetch_add((atomic_int *)note, (int)amount);
}

static long set_long(void *note, long value)
{
	return atomic_exchange((atomic_long *)note, value);
}

int interlock_note_set(atomic_int *note, int value)
{
	return (int)change(note, sizeof(*note), set, value);
}

int interlock_note_add(atomic_int *note, int amount)
{
	return (int)change(note, sizeof(*note), add, amount);
}

long interlock_note_long(atomic_long *note, long value)
{
	return change(note, sizeof(*note), set_long, value);
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
