/* SPDX-License-Identifier: MIT */
/*
 * The program under test as a fork server: started once, it forks one execution for each
 * request and leaves what happened in the control memory.
 *
 *	server_start(&server, spawn, context, &error);
 *	server.memory->request.strategy = STRATEGY_POS;
 *	if (server_execute(&server, &error) == 0)
 *		... read server.memory->result, believing nothing ...
 *	server_stop(&server);
 */
#ifndef INTERLOCK_EXPLORE_SERVER_H
#define INTERLOCK_EXPLORE_SERVER_H

#include "base/error.h"
#include "explore/control.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Starts the program with the two descriptors open and CONTROL_ENVIRONMENT set to
 * "MEMORY,COMMAND" in its environment (their numbers there), in a process group of its own.
 * Returns its pid, or -1 with the error set.
 */
typedef pid_t server_spawn(
	void *context, int memory_fd, int command_fd, struct error *error);

struct server {
	pid_t pid;
	int command_fd;
	bool hung; /* the last execution had to be killed */
	struct control_memory *memory;
};

/* An execution that has not taken a step for so long does not come back. */
enum { SERVER_STILL_MS = 30000 };

/* Returns 0 when the program waits for its first request. */
int server_start(
	struct server *server, server_spawn *spawn, void *context, struct error *error);

/* A server that equals the first, which has to be idle, to the last byte of its memory, so
 * that states have the same hashes in both. Twins of different numbers, from 1, run on
 * different processors as far as there are. */
int server_twin(struct server *server, struct server *first, uint32_t number,
	struct error *error);

/* Accesses at these return addresses are steps from now on. */
void server_set_places(struct server *server, const uint64_t *pcs, uint32_t count);

/* Who takes each step; set after the request, whose plan_length it sets. */
void server_set_plan(struct server *server, const uint16_t *choices, uint32_t length);

/* Runs one execution. -1: the server is gone, or did not come back; start it anew. */
int server_execute(struct server *server, struct error *error);

/* The same in two parts, so that something else can be done meanwhile; command_fd can be read
 * from when there is an answer. */
int server_ask(struct server *server, struct error *error);
int server_answer(struct server *server, struct error *error);

/* Ends the program and everything it left; harmless on a stopped or zeroed server. */
void server_stop(struct server *server);

#endif
