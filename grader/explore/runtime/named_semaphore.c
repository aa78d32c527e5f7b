/* SPDX-License-Identifier: MIT */
/* Named semaphores lie in the control memory, which every process has at one address. */
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>

/* With a slash before it and none in it. */
static bool name_stands(const char *name, char full[64])
{
	while (*name == '/')
		name++;
	size_t length = 0;
	while (name[length] && name[length] != '/')
		length++;
	if (!length || name[length] || length > 62)
		return false;
	full[0] = '/';
	real.memcpy(full + 1, name, length + 1);
	return true;
}

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
	char full[64];
	if (!name_stands(name, full) || value > SEM_VALUE_MAX) {
		errno = EINVAL;
		return SEM_FAILED;
	}
	int slot = explore_self.task ? shared_name(full, 's', false) : -1;
	if (slot >= 0 && (flags & O_CREAT) && (flags & O_EXCL)) {
		errno = EEXIST;
		return SEM_FAILED;
	}
	if (slot < 0 && (!(flags & O_CREAT) || !explore_self.task)) {
		errno = ENOENT;
		return SEM_FAILED;
	}
	if (slot < 0) {
		slot = shared_name(full, 's', true);
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
	char full[64];
	int slot = explore_self.task && name_stands(name, full)
			   ? shared_name(full, 's', false)
			   : -1;
	if (slot < 0) {
		errno = ENOENT;
		return -1;
	}
	control->names[slot].linked = 0;
	return 0;
}
