/* SPDX-License-Identifier: MIT */
#ifndef MP_PIPE_H
#define MP_PIPE_H

/*
 * Two connected ends through which messages of any size up to about 100 KB pass whole.
 *
 *	struct mp_connection parent, child;
 *	mp_pipe_new(&parent, &child, true);
 *	mp_connection_send(&child, "hello", 6);                  in one process
 *	mp_connection_receive(&parent, text, sizeof(text), &size);   in the other
 *
 * Each process closes the end that it does not use: only when all copies of an end are closed do
 * the others learn that nothing more will come. (In the thread build there is one copy.)
 *
 * Several processes may use one end, and a process that dies has sent its message whole or not at
 * all. Within a process one thread at a time may use a connection. send and poll are safe in
 * signal handlers, receive is not.
 */

#include <mp/language.h>
#include <mp/status.h>
#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct mp_connection_room;
struct mp_connection {
	int fd;				 /* for poll(2) and the like */
	struct mp_connection_room *room; /* for a message that was too long */
};

/* duplex: both ends send and receive; otherwise `first` only receives and `second` only sends. */
int mp_pipe_new(struct mp_connection *first, struct mp_connection *second, bool duplex);

/*
 * Waits while the other end has much unread. MP_CLOSED if it is closed, or this end may not send;
 * MP_INVALID if the message is too long.
 */
int mp_connection_send(
	struct mp_connection *connection, const void *message, size_t size);

/* The same, for at most timeout_ms milliseconds (less than 0 counts as 0), else MP_TIMEOUT. */
int mp_connection_send_timeout(struct mp_connection *connection, const void *message,
	size_t size, long timeout_ms) MP_MUST_USE;

/*
 * Waits for a message and gives its size. MP_TRUNCATED: it is longer than room; *size says
 * what it takes, and the next receive of this process has it again (poll(2) on the descriptor
 * does not know of it, mp_connection_poll does). MP_CLOSED: nothing more will come.
 */
int mp_connection_receive(struct mp_connection *connection, void *message, size_t room,
	size_t *size) MP_MUST_USE;

/* Whether a message, or the end, can be received now, or within timeout_ms: else MP_TIMEOUT. */
int mp_connection_poll(struct mp_connection *connection, long timeout_ms);

/* Closed twice: MP_CLOSED. */
int mp_connection_close(struct mp_connection *connection);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
