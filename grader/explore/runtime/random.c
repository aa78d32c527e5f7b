/* SPDX-License-Identifier: MIT */
/*
 * Random numbers of the kernel: the same ones in each execution, in the order in which its
 * tasks draw them; how many were drawn is part of the state. The lowest bit of the first byte
 * is 0 and 1 by turns, so that tasks that toss a coin come to see both of its sides.
 */
#include "runtime.h"

#include <errno.h>
#include <sys/syscall.h>

static uint64_t drawn(uint64_t draw, uint64_t word)
{
	return control_mix((draw + 1) * 0x9e3779b97f4a7c15ull + word);
}

static void fill(void *buffer, size_t size)
{
	unsigned char *bytes = buffer;
	uint64_t draw = control->drawn++;
	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)(drawn(draw, i / 8) >> (i % 8 * 8));
	if (size)
		bytes[0] = (unsigned char)((bytes[0] & 0xfe) | (draw & 1));
	touched();
}

static void announced_fill(void *buffer, size_t size)
{
	access_memory(buffer, size, FLAG_WRITE, explore_self.frame->pc);
	fill(buffer, size);
}

ssize_t runtime_getrandom(void *buffer, size_t size, unsigned flags)
{
	if (explore_self.task && !explore_self.inside) {
		announced_fill(buffer, size);
		return (ssize_t)size;
	}
	long result = kernel(SYS_getrandom, (long)buffer, (long)size, flags, 0, 0, 0);
	if (result >= 0)
		return result;
	errno = (int)-result;
	return -1;
}

int runtime_getentropy(void *buffer, size_t size)
{
	if (size > 256) {
		errno = EIO;
		return -1;
	}
	return runtime_getrandom(buffer, size, 0) < 0 ? -1 : 0;
}

void runtime_arc4random_buf(void *buffer, size_t size)
{
	runtime_getrandom(buffer, size, 0);
}

uint32_t runtime_arc4random(void)
{
	uint32_t number = 0;
	if (explore_self.task && !explore_self.inside)
		fill(&number, sizeof number);
	else
		kernel(SYS_getrandom, (long)&number, sizeof number, 0, 0, 0, 0);
	return number;
}

uint32_t runtime_arc4random_uniform(uint32_t bound)
{
	return bound ? runtime_arc4random() % bound : 0;
}
