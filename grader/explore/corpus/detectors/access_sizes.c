/* SPDX-License-Identifier: MIT */
/*
 * Which bytes conflict. MODE 0: neighbouring bytes, which do not; 1: a byte inside
 * another task's long long; 2: two bit-fields of one storage unit; 3: a struct copy
 * against a write into it; 4: memset against a read; 5: an unaligned int that crosses an
 * aligned one.
 */
#include "../tasks.h"
#include <string.h>

#ifndef MODE
#define MODE 0
#endif

struct block {
	char bytes[32];
};

struct state {
	union {
		struct block block;
		long long number;
		struct {
			unsigned low : 4;
			unsigned high : 4;
		} bits;
	} u;
	struct block copy;
};

static void left(void *shared, int number)
{
	struct state *s = shared;
	static const int one = 1;

	switch (MODE) {
	case 0:
		s->u.block.bytes[0] = (char)number;
		break;
	case 1:
		s->u.number = number;
		break;
	case 2:
		s->u.bits.low = 1;
		break;
	case 3:
		s->copy = s->u.block;
		break;
	case 4:
		memset(&s->u.block, 1, sizeof(s->u.block));
		break;
	default:
		memcpy(s->u.block.bytes + 2, &one, sizeof(one));
	}
}

static void right(void *shared, int number)
{
	struct state *s = shared;
	int word;

	switch (MODE) {
	case 0:
		s->u.block.bytes[1] = (char)number;
		break;
	case 1:
		s->u.block.bytes[7] = 0;
		break;
	case 2:
		s->u.bits.high = 2;
		break;
	case 3:
		s->u.block.bytes[31] = 1;
		break;
	case 4:
		s->copy.bytes[0] = s->u.block.bytes[9];
		break;
	default:
		memcpy(&word, s->u.block.bytes + 4, sizeof(word));
		s->copy.bytes[0] = (char)word;
	}
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(left, s, 1);
	tasks_start(right, s, 2);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
