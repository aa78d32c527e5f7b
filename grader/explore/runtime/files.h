/* SPDX-License-Identifier: MIT */
/*
 * Files as data that tasks share, and their names as what tasks synchronise by.
 *
 *	uint64_t key;
 *	if (file_of(fd, &key))
 *		return file_read(fd, key, buffer, size);
 */
#ifndef INTERLOCK_EXPLORE_FILES_H
#define INTERLOCK_EXPLORE_FILES_H

#include "runtime.h"

/* A regular file: the canonical address of its first byte. */
bool file_of(int fd, uint64_t *key);
uint32_t file_number(uint64_t device, uint64_t inode);
uint32_t file_number_of(int fd);
void file_contents_read(uint32_t file, int fd); /* after all of it may have changed */
void file_made(int fd);				/* a new, empty one */
uint64_t files_hash(uint64_t hash);
ssize_t file_read(int fd, uint64_t key, void *buffer, size_t size);
ssize_t file_write(int fd, uint64_t key, const void *buffer, size_t size);

/* names.c */
int runtime_open(const char *path, int flags, ...);
uint64_t names_hash(uint64_t hash);
uint64_t name_key(const char *path);
struct file_name *name_entry(uint64_t key, const char *path); /* made if need be */
/* What came of a step on a name: `modifies` if it is now another file's, or nobody's. */
long name_done(uint64_t key, const char *path, long result, bool modifies);
int runtime_memfd_create(const char *name, unsigned flags);
int runtime_ftruncate(int fd, off_t length);

/* descriptors.c */
uint32_t descriptor_opened(int fd, uint32_t file);
void descriptor_of_fifo(int fd, uint32_t pipe, bool reads, bool writes);
bool fifo_has(uint32_t pipe, bool readers); /* or writers */
uint32_t open_file_of(int fd, uint32_t file);
void descriptor_copied(int from, int to);
void descriptor_closed(int fd);
void descriptors_inherit(uint32_t child, uint32_t parent);
void descriptors_leave(uint32_t process);
uint64_t descriptors_hash(uint64_t hash);
int runtime_dup2(int from, int to);

/* locks.c: what goes with a descriptor, or with the process */
void locks_closed(int fd);
void locks_leave(uint32_t process);
void open_file_unlocked(uint32_t open);
uint64_t locks_hash(uint64_t hash);

/* pipe.c */
bool is_pipe(int fd, uint64_t *key);
struct stat;
bool was_given(const struct stat *status); /* as input or output, by who explores */
uint64_t incoming(uint64_t key); /* whose writers this one's readers hear from */
int open_fifo(const char *path, int flags);
void pipe_moved(uint64_t key, const unsigned char *bytes, ssize_t count, bool in);
void pipe_mix(uint64_t key, const unsigned char *bytes, size_t count);
ssize_t pipe_broken(int flags);
void pipe_closes(int fd); /* or `to` of dup2() */
void pipe_found_closed(uint64_t key);
bool does_not_block(int fd);
/* 0; EINTR when a signal's handler ends the wait; EAGAIN when the socket's time is up. */
int wait_ready(enum step_kind kind, uint64_t key, int fd, short events);
int wait_ready_unless(
	bool no_wait, enum step_kind kind, uint64_t key, int fd, short events);
ssize_t runtime_read(int fd, void *buffer, size_t size);
ssize_t runtime_write(int fd, const void *buffer, size_t size);
int runtime_close(int fd);
off_t runtime_lseek(int fd, off_t offset, int whence);

/* Whether the program reads and writes by our calls what lies there. */
bool is_followed_on(int fd, uint64_t *key);

/* stdio.c */
struct _IO_FILE;
bool stream_is_ours(struct _IO_FILE *stream);
struct _IO_FILE *stream_followed(struct _IO_FILE *stream);
void standard_streams_follow(void);
bool stream_enter(struct _IO_FILE *stream);
void stream_leave(struct _IO_FILE *stream);

/* poll.c */
struct pollfd;
int poll_until(struct pollfd *fds, unsigned long count, bool blocking, uint64_t deadline);

/* sources.c: descriptors of the model: eventfd, signalfd, timerfd, message queues */
uint32_t source_of(int fd); /* 0: none */
int source_new(enum source_kind kind, int flags, uint32_t *source);
ssize_t source_read(int fd, uint32_t source, void *buffer, size_t size);
ssize_t source_write(int fd, uint32_t source, const void *buffer, size_t size);
void sources_look(void); /* before the kernel is asked which are ready */
void source_expired(uint32_t source, uint64_t times);

#endif
