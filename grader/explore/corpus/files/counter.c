/* SPDX-License-Identifier: MIT */
/*
 * A counter in a file that two tasks increase. LOCK says what guards it: 1 lockf() on a file
 * beside it, 2 a lock file (O_EXCL), 3 flock(), 4 a directory; without, an update is lost, and
 * so it is with 5, lockf() on the file itself: whoever closes any descriptor of a file gives back
 * what its process has locked in it. 6 is flock() on one open file that both have, which keeps
 * nobody out; 7 fcntl(), which is a lock of the process and none among threads; 8 the same for
 * reading, which any number may have; 9 fcntl()'s lock of an open file. STREAM reads and writes it through a stream.
 */
#include "../tasks.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

#ifndef LOCK
#define LOCK 0
#endif

static char name[64], guard[80];
static int shared_guard;

static int guard_take(void)
{
	int fd = -1;

#if LOCK == 1 || LOCK == 5
	fd = open(LOCK == 1 ? guard : name, O_RDWR | O_CREAT, 0600);
	assert(lockf(fd, F_LOCK, 0) == 0);
#elif LOCK == 2
	while ((fd = open(guard, O_CREAT | O_EXCL | O_WRONLY, 0600)) < 0)
		usleep(1000);
#elif LOCK == 3
	fd = open(name, O_RDWR);
	assert(flock(fd, LOCK_EX) == 0);
#elif LOCK == 6
	assert(flock(shared_guard, LOCK_EX) == 0);
#elif LOCK >= 7
	struct flock range = {.l_type = LOCK == 8 ? F_RDLCK : F_WRLCK};
	fd = open(guard, O_RDWR | O_CREAT, 0600);
	assert(fcntl(fd, LOCK == 9 ? F_OFD_SETLKW : F_SETLKW, &range) == 0);
#elif LOCK == 4
	while (mkdir(guard, 0700) < 0)
		usleep(1000);
#endif
	return fd;
}

static void guard_give(int fd)
{
#if LOCK == 6
	flock(shared_guard, LOCK_UN);
#elif LOCK == 2
	unlink(guard);
#elif LOCK == 4
	rmdir(guard);
#endif
	if (fd >= 0)
		close(fd);
}

#ifdef STREAM
static int value_read(void)
{
	FILE *stream = fopen(name, "r");
	int value = 0;

	assert(fscanf(stream, "%d", &value) == 1);
	fclose(stream);
	return value;
}

static void value_write(int value)
{
	FILE *stream = fopen(name, "r+");

	fprintf(stream, "%d\n", value);
	fclose(stream);
}
#else
static int value_read(void)
{
	int value, fd = open(name, O_RDONLY);

	assert(pread(fd, &value, sizeof(value), 0) == sizeof(value));
	close(fd);
	return value;
}

static void value_write(int value)
{
	int fd = open(name, O_WRONLY);

	assert(write(fd, &value, sizeof(value)) == sizeof(value));
	close(fd);
}
#endif

static void increase(void *shared, int number)
{
	(void)shared;
	(void)number;
	int fd = guard_take();
	value_write(value_read() + 1);
	guard_give(fd);
}

int main(void)
{
	snprintf(name, sizeof(name), "/tmp/counter.txt");
	snprintf(guard, sizeof(guard), "%s.guard", name);
	close(open(name, O_CREAT | O_TRUNC | O_WRONLY, 0600));
	value_write(0);
	if (LOCK >= 6)
		shared_guard = open(guard, O_RDWR | O_CREAT, 0600);
	for (int i = 0; i < 2; i++)
		tasks_start(increase, NULL, i);
	tasks_join();
	int value = value_read();
	unlink(name);
	if (LOCK >= 6) {
		close(shared_guard);
		unlink(guard);
	}
	assert(value == 2);
	return 0;
}
