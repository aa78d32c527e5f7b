/* SPDX-License-Identifier: MIT */
#include "runtime.h"

#include <dlfcn.h>

struct real real;

/* ISO C has no cast from void * to a function pointer; POSIX asks for this copy. */
static void find(void *slot, const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);
	if (!found)
		die(name);
	__builtin_memcpy(slot, &found, sizeof found);
}

#define FIND(name) find(&real.name, #name)

void *real_named(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* What the runtime's own code calls: the build makes the list (module.mk). */
extern struct named {
	const char *name;
	void **slot;
} explore_real_names[];

void real_find(void)
{
	for (struct named *named = explore_real_names; named->name; named++)
		find(named->slot, named->name);
	FIND(pthread_create);
	FIND(fork);
	FIND(mmap);
	FIND(munmap);
	FIND(memcpy);
	FIND(memmove);
	FIND(memset);
	FIND(memcmp);
	FIND(read);
	FIND(write);
	FIND(close);
	FIND(poll);
	FIND(recvmsg);
	FIND(sendmsg);
	FIND(shutdown);
	FIND(shm_open);
	FIND(shm_unlink);
	FIND(sigaction);
	find(&real.longjmp, "siglongjmp");
	FIND(swapcontext);
}

/*
 * The system call itself: libc's syscall() is one of the functions that we stand in front of,
 * and errno has to stay the program's.
 */
long kernel(long number, long a, long b, long c, long d, long e, long f)
{
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}
