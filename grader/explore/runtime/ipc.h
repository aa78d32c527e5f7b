/* SPDX-License-Identifier: MIT */
/*
 * System V objects: what semaphore sets, shared memory and message queues have in common. An
 * object has a place in its table and is found by a key or, where it is private, by its
 * number alone, which says the place and how often that had been taken before:
 *
 *	int place = ipc_get(&name, key, flags, &created);
 *	if (place < 0)
 *		return place;
 */
#ifndef INTERLOCK_EXPLORE_IPC_H
#define INTERLOCK_EXPLORE_IPC_H

#include "runtime.h"

struct ipc_table {
	struct ipc_name *first; /* in the first place */
	size_t size;		/* of a place */
	uint32_t places;
	const char *limit; /* what there are too many of */
};

/* The place, or -1 with errno set. */
int ipc_get(const struct ipc_table *table, int key, int flags, bool *created);
int ipc_number(const struct ipc_table *table, uint32_t place);
int ipc_find(const struct ipc_table *table, int number);
struct ipc_name *ipc_name_at(const struct ipc_table *table, uint32_t place);
int fails(int error); /* sets errno, returns -1 */

/* queue.c, for mqueue.c */
extern const struct ipc_table queue_table;
struct message *queue_find(const struct message_queue *queue, int64_t type, int flags);
int queue_send(struct message_queue *queue, int64_t type, const void *text, size_t size,
	bool blocking, uint64_t deadline);
/* `found` is still in the pool: queue_done() when its text has been copied. */
int queue_receive(struct message_queue *queue, int64_t type, int flags, bool blocking,
	uint64_t deadline, struct message **found);
void queue_done(struct message *message);
void queue_drop(struct message_queue *queue);

/* At the end of a process. */
void undo_all(uint32_t process);
void segments_leave(uint32_t process);
void segments_inherit(uint32_t child, uint32_t parent);

/* In the server: memory for the segments, before and after an execution. */
void segments_prepare(void);
void segments_reset(void);

uint64_t ipc_hash(uint64_t hash);
void ipc_report_left(void);

#endif
