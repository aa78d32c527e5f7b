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
 */

#include <mp/status.h>
#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

struct mp_connection {
	int fd;
};

/* duplex: both ends send and receive; otherwise `first` only receives and `second` only sends. */
int mp_pipe_new(struct mp_connection *first, struct mp_connection *second, bool duplex);

/*
 * Waits while the other end has much unread. MP_CLOSED if it is closed, or this end may not send;
 * MP_INVALID if the message is too long.
 */
int mp_connection_send(
	struct mp_connection *connection, const void *message, size_t size);

/*
 * Waits for a message and gives its size. MP_TRUNCATED: it is longer than room; it is not lost, and
 * *size says what it takes. MP_CLOSED: nothing more will come.
 */
int mp_connection_receive(
	struct mp_connection *connection, void *message, size_t room, size_t *size);

/* Whether a message, or the end, can be received now, or within timeout_ms: else MP_TIMEOUT. */
int mp_connection_poll(struct mp_connection *connection, long timeout_ms);

/* Closed twice: MP_CLOSED. */
int mp_connection_close(struct mp_connection *connection);

#pragma GCC visibility pop

#endif
