/* SPDX-License-Identifier: MIT */
/*
 * Streams. The library buffers; what it reads and writes when a buffer is empty or full goes
 * through our read() and write(), so that streams on pipes wait in the model and streams on
 * files are accesses to shared data. For that a stream is made with functions of ours
 * (fopencookie); standard input and output become such when a pipe or file takes their place
 * (dup2). Buffers lie in the process's memory, so fork doubles what is in them as ever.
 *
 * The library's own locks are switched off for these streams: a thread that waits in the model
 * would hold one for real. flockfile() is a lock of the model.
 */
#include "files.h"
#include "sync.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The library calls back from a frame of its own: the program's is the entry's of the call that
 * is under way. */
struct callback {
	struct frame frame, *before;
};

static void callback_begin(struct callback *callback)
{
	callback->before = explore_self.frame;
	if (!explore_self.task)
		return;
	callback->frame = (struct frame){.rbp = (uintptr_t)__builtin_frame_address(0),
		.pc = explore_self.task->pending.pc};
	explore_self.frame =
		explore_self.library_call ? explore_self.library_call : &callback->frame;
}

static void callback_end(const struct callback *callback)
{
	explore_self.frame = callback->before;
}

static int fd_of(void *cookie)
{
	return (int)(intptr_t)cookie - 1;
}

static ssize_t stream_read(void *cookie, char *buffer, size_t size)
{
	struct callback callback;
	callback_begin(&callback);
	ssize_t count = runtime_read(fd_of(cookie), buffer, size);
	callback_end(&callback);
	return count;
}

static ssize_t stream_write(void *cookie, const char *buffer, size_t size)
{
	struct callback callback;
	callback_begin(&callback);
	ssize_t count = runtime_write(fd_of(cookie), buffer, size);
	callback_end(&callback);
	return count < 0 ? 0 : count;
}

static int stream_seek(void *cookie, off64_t *offset, int whence)
{
	struct callback callback;
	callback_begin(&callback);
	off_t now = runtime_lseek(fd_of(cookie), *offset, whence);
	callback_end(&callback);
	if (now < 0)
		return -1;
	*offset = now;
	return 0;
}

static int stream_close(void *cookie)
{
	struct callback callback;
	callback_begin(&callback);
	int status = runtime_close(fd_of(cookie));
	callback_end(&callback);
	return status;
}

static FILE *stream_on(int fd, const char *mode)
{
	cookie_io_functions_t functions = {
		stream_read, stream_write, stream_seek, stream_close};
	FILE *stream = fopencookie((void *)(intptr_t)(fd + 1), mode, functions);
	if (!stream)
		return NULL;
	stream->_fileno = fd;
	__fsetlocking(stream, FSETLOCKING_BYCALLER);
	return stream;
}

static bool in_model(void)
{
	return explore_self.task && !explore_self.inside;
}

static int flags_of(const char *mode)
{
	int flags = strchr(mode, '+') ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
	if (mode[0] != 'r')
		flags |= O_CREAT | (mode[0] == 'a' ? O_APPEND : O_TRUNC);
	if (strchr(mode, 'x'))
		flags |= O_EXCL;
	if (strchr(mode, 'e'))
		flags |= O_CLOEXEC;
	return flags;
}

FILE *runtime_fopen(const char *path, const char *mode)
{
	if (mode[0] != 'r' && mode[0] != 'w' && mode[0] != 'a') {
		errno = EINVAL;
		return NULL;
	}
	int fd = runtime_open(path, flags_of(mode), 0666);
	FILE *stream = fd < 0 ? NULL : stream_on(fd, mode);
	if (fd >= 0 && !stream)
		real.close(fd);
	return stream;
}

FILE *runtime_fopen64(const char *path, const char *mode)
{
	return runtime_fopen(path, mode);
}

FILE *runtime_fdopen(int fd, const char *mode)
{
	if (kernel(SYS_fcntl, fd, F_GETFD, 0, 0, 0, 0) < 0) {
		errno = EBADF;
		return NULL;
	}
	return stream_on(fd, mode);
}

int runtime_fileno(FILE *stream)
{
	if (stream->_fileno >= 0)
		return stream->_fileno;
	errno = EBADF;
	return -1;
}

/* Standard streams are the library's until a pipe or a file has taken the place of what the
 * program was given: then ours take theirs, with what had been written and not gone out. */

enum { STANDARD_STREAMS = 3 };

bool stream_is_ours(FILE *stream)
{
	return __fsetlocking(stream, FSETLOCKING_QUERY) == FSETLOCKING_BYCALLER;
}

static FILE *stream_follow(FILE *old)
{
	int fd = old->_fileno;
	FILE *stream = stream_on(fd, fd ? "w" : "r");
	if (!stream)
		return old;
	if (fd == 2)
		setvbuf(stream, NULL, _IONBF, 0);
	if (fd && __fpending(old)) {
		fwrite(old->_IO_write_base, 1, __fpending(old), stream);
		__fpurge(old);
	}
	return stream;
}

/* The stream itself, or what has taken its place. */
FILE *stream_followed(FILE *stream)
{
	FILE **const standard[STANDARD_STREAMS] = {&stdin, &stdout, &stderr};
	uint64_t key;
	if (!in_model() || stream_is_ours(stream) ||
		!is_followed_on(stream->_fileno, &key))
		return stream;
	for (int i = 0; i < STANDARD_STREAMS; i++)
		if (stream == *standard[i])
			return *standard[i] = stream_follow(stream);
	execution_uncovered("stdio on a pipe, socket or file that was opened otherwise");
}

void standard_streams_follow(void)
{
	stream_followed(stdout);
	stream_followed(stderr);
}

FILE *runtime_freopen(const char *path, const char *mode, FILE *stream)
{
	FILE **const standard[STANDARD_STREAMS] = {&stdin, &stdout, &stderr};
	int i = 0;
	while (i < STANDARD_STREAMS && stream != *standard[i])
		i++;
	if (i == STANDARD_STREAMS || !path)
		execution_uncovered("freopen of a stream that is no standard one");
	stream = stream_followed(stream);
	fflush(stream);
	int fd = runtime_open(path, flags_of(mode), 0666);
	if (fd < 0)
		return NULL;
	if (fd != stream->_fileno) {
		runtime_dup2(fd, stream->_fileno);
		runtime_close(fd);
	}
	return stream_is_ours(stream) ? stream : stream_followed(stream);
}

FILE *runtime_freopen64(const char *path, const char *mode, FILE *stream)
{
	return runtime_freopen(path, mode, stream);
}

FILE *runtime_tmpfile(void)
{
	int fd = runtime_memfd_create("tmpfile", 0);
	return fd < 0 ? NULL : stream_on(fd, "w+");
}

/* flockfile() and its kin: a lock of the model that a thread may take again */

enum { SLOTS = 16 };

static struct {
	FILE *stream;
	uint32_t owner, depth;
	uint32_t users; /* those that have it or stand before it */
} held[SLOTS];

static unsigned slot_find(const FILE *stream)
{
	unsigned i = 0;
	while (i < SLOTS && held[i].stream != stream)
		i++;
	return i;
}

static unsigned slot_of(FILE *stream)
{
	unsigned slot = slot_find(stream), i = 0;
	if (slot < SLOTS)
		return slot;
	while (i < SLOTS && held[i].users)
		i++;
	if (i == SLOTS)
		execution_full("streams that are locked");
	held[i].stream = stream;
	return i;
}

static void stream_taken(unsigned slot)
{
	held[slot].owner = me();
	held[slot].depth = 1;
	taken(canonical(&held[slot]), lock_kinds);
}

static void stream_lock(FILE *stream)
{
	unsigned slot = slot_of(stream);
	if (held[slot].owner == me()) {
		held[slot].depth++;
		return;
	}
	held[slot].users++;
	take(STEP_LOCK, &held[slot], (int *)&held[slot].owner, 0);
	stream_taken(slot);
}

void runtime_flockfile(FILE *stream)
{
	if (in_model())
		stream_lock(stream);
}

int runtime_ftrylockfile(FILE *stream)
{
	if (!in_model())
		return 0;
	unsigned slot = slot_of(stream);
	if (held[slot].owner == me()) {
		held[slot].depth++;
		return 0;
	}
	struct operation operation = operation_on(STEP_TRY_LOCK, &held[slot]);
	held[slot].users++;
	yield_turn();
	point(&operation);
	if (held[slot].owner) {
		held[slot].users--;
		own_step()->flags |= FLAG_TIMED_OUT;
		return 1;
	}
	stream_taken(slot);
	return 0;
}

static void stream_unlock(FILE *stream)
{
	unsigned slot = slot_find(stream);
	if (slot == SLOTS || held[slot].owner != me() || --held[slot].depth)
		return;
	struct operation operation = operation_on(STEP_UNLOCK, &held[slot]);
	note(&operation);
	held_remove(canonical(&held[slot]));
	held[slot].owner = 0;
	held[slot].users--;
	given_back(canonical(&held[slot]), lock_kinds);
}

void runtime_funlockfile(FILE *stream)
{
	if (!in_model())
		return;
	stream_unlock(stream);
}

/* What a call does to a stream of ours nobody else does meanwhile; nor to one of the library's
 * that another thread has locked. */
bool stream_enter(FILE *stream)
{
	unsigned slot = slot_find(stream);
	bool taken_by_other =
		slot < SLOTS && held[slot].owner && held[slot].owner != me();
	if (process_private.threads < 2 || (!taken_by_other && !stream_is_ours(stream)))
		return false;
	stream_lock(stream);
	return true;
}

void stream_leave(FILE *stream)
{
	stream_unlock(stream);
}
