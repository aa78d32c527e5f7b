/* SPDX-License-Identifier: MIT */
/*
 * What calls of __tsan_read4 and the like have announced, and which accesses that covers.
 *
 *	announced_call(&announced, "__tsan_write8", &evaluation);
 *	if (!announced_covers(&announced, &address, 8, true))
 *		... nobody has said so ...
 */
#ifndef INTERLOCK_EXPLORE_ANNOUNCED_H
#define INTERLOCK_EXPLORE_ANNOUNCED_H

#include "explore/evaluate.h"

enum { ANNOUNCED_MAX = 32, ANNOUNCED_BYTES = 256 };

struct announced {
	unsigned count;
	struct announcement {
		struct value address;
		uint64_t size;
		bool is_write;
		/* An announcement is good for one access to each byte. */
		bool used[ANNOUNCED_BYTES];
	} list[ANNOUNCED_MAX];
};

/* Before the call is evaluated. */
void announced_call(struct announced *announced, const char *function,
	const struct evaluation *evaluation);
void announced_forget(struct announced *announced);
/* What has been said of writes there came too early: something was read there since. */
void announced_withdraw(
	struct announced *announced, const struct value *address, uint64_t size);
bool announced_covers(struct announced *announced, const struct value *address,
	uint64_t size, bool is_write);

#endif
