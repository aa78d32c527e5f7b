/* SPDX-License-Identifier: MIT */
/*
 * A timerfd goes off each second while a task works. The buggy loop counts its reads, though one
 * may tell of several expirations.
 */
#include "../tasks.h"

#include <stdint.h>
#include <sys/timerfd.h>

int main(void)
{
	struct itimerspec each = {.it_value = {1, 0}, .it_interval = {1, 0}};
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	uint64_t expirations, seconds = 0;

	timerfd_settime(fd, 0, &each, NULL);
	for (int i = 0; i < 2; i++) {
		sleep(2);
		assert(read(fd, &expirations, sizeof(expirations)) ==
			sizeof(expirations));
#ifdef CORRECT
		seconds += expirations;
#else
		seconds++;
#endif
	}
	assert(seconds >= 4);
	return 0;
}
