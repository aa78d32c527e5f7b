/* SPDX-License-Identifier: MIT */
/*
 * Page rights of the memory that tasks share, for the census's test (request.protect): nobody
 * may touch it but one instruction at a time, and each that lies in the program is asked for
 * its announcement.
 *
 *	protection_mapped(start, end);		(memory that others can reach)
 *	protection_announced(pointer, size, is_write);
 *	if (protection_faulted(info, context))
 *		return;			(the instruction is run once more, and may)
 */
#ifndef INTERLOCK_EXPLORE_PROTECTION_H
#define INTERLOCK_EXPLORE_PROTECTION_H

#include "runtime.h"

void protection_mapped(uintptr_t start, uintptr_t end);
void protection_unmapped(uintptr_t start, uintptr_t end);

/* What the task says that it is going to do next. */
void protection_announced(const volatile void *pointer, size_t size, bool is_write);

/* From the handlers: whether that was all there was to it. */
bool protection_faulted(const siginfo_t *info, void *context);
bool protection_stepped(void *context);

#endif
