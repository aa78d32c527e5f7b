/* SPDX-License-Identifier: MIT */
/*
 * The kernel keeps one list of held locks for each thread. glibc registers one for its
 * own robust mutexes; a second registration would replace it, and with it their
 * protection. So we enter our locks in glibc's list. That needs no more than the same
 * distance between a lock's word and its link (the kernel knows one distance per list)
 * and a back link in front of the link, which are facts of glibc on 64-bit machines. The
 * distance can be read; where it is another one, or there is no list, we register our
 * own, and robust mutexes of a C library that registers lazily must not be used by the
 * same thread.
 */
#include "self.h"

#include "children.h"

#include <mp/lock.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	DISTANCE =
		(int)offsetof(struct mp_lock, word) - (int)offsetof(struct mp_lock, next)
};

_Thread_local struct mp_self mp_self_of_thread;

#ifndef MP_EXPLORE
struct own_list {
	void *previous; /* as in a lock, just before the link */
	struct robust_list_head head;
};

static _Thread_local struct own_list own_list;

static struct robust_list_head *register_own_list(void)
{
	struct robust_list_head *head = &own_list.head;

	head->list.next = &head->list;
	head->futex_offset = DISTANCE;
	head->list_op_pending = NULL;
	return syscall(SYS_set_robust_list, head, sizeof(*head)) == 0 ? head : NULL;
}

static struct robust_list_head *find_list(void)
{
	struct robust_list_head *head = NULL;
	size_t length = 0;

	if (syscall(SYS_get_robust_list, 0, &head, &length) == 0 && head != NULL &&
		length == sizeof(*head) && head->futex_offset == DISTANCE)
		return head;
	return register_own_list();
}
#else
static struct robust_list_head *find_list(void)
{
	return NULL;
}
#endif

bool mp_self_holds_within(const void *memory, size_t bytes)
{
	struct robust_list_head *head = mp_self()->robust;
	uintptr_t begin = (uintptr_t)memory;
	const struct robust_list *link;

	if (head == NULL)
		return false;
	for (link = head->list.next; link != &head->list; link = link->next) {
		/* Bit 0 marks priority-inheriting mutexes of the C library's. */
		uintptr_t address = (uintptr_t)link & ~(uintptr_t)1;

		if (address >= begin && address - begin < bytes)
			return true;
		link = (const struct robust_list *)address;
	}
	return false;
}

/* The child of a fork is another task than its parent, whose entry it inherited. */
static void forget(void)
{
	mp_self_of_thread.id = 0;
	mp_children_forget();
}

static void forget_after_fork(void)
{
	pthread_atfork(NULL, NULL, forget);
}

void mp_self_find(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, forget_after_fork);
	mp_self_of_thread.robust = find_list();
	mp_self_of_thread.id = (unsigned)syscall(SYS_gettid);
}
