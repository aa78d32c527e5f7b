/* SPDX-License-Identifier: MIT */
/* Named semaphores lie in the control memory, which every process has at one address. */
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>

sem_t *runtime_sem_open(const char *name, int flags, ...)
{
	unsigned value = 0;
	if (flags & O_CREAT) {
		va_list arguments;
		va_start(arguments, flags);
		(void)va_arg(arguments, mode_t);
		value = va_arg(arguments, unsigned);
		va_end(arguments);
	}
	int slot = explore_self.task ? shared_name(name, 's', false) : -1;
	if (slot >= 0 && (flags & O_CREAT) && (flags & O_EXCL)) {
		errno = EEXIST;
		return SEM_FAILED;
	}
	if (slot < 0 && (!(flags & O_CREAT) || !explore_self.task)) {
		errno = ENOENT;
		return SEM_FAILED;
	}
	if (slot < 0) {
		slot = shared_name(name, 's', true);
		control->names[slot].linked = 1;
		semaphore_start(control->names[slot].value, true, value);
	}
	return (sem_t *)(void *)control->names[slot].value;
}

int runtime_sem_close(sem_t *semaphore)
{
	(void)semaphore;
	return 0;
}

int runtime_sem_unlink(const char *name)
{
	int slot = explore_self.task ? shared_name(name, 's', false) : -1;
	if (slot < 0) {
		errno = ENOENT;
		return -1;
	}
	control->names[slot].linked = 0;
	return 0;
}
