/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. A slot is an execution of the search that is being run or has been run
 * ahead of its turn. The search works first in, first out within a level, and learning from an
 * execution only appends to its queue: so the next ones are known, whatever will be learnt
 * meanwhile, until something changes the requests; then they are forgotten.
 */
#include "explore/crew.h"

#include "base/memory.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

/* Executions that one server does alone before the others are worth their start. */
enum { CREW_MOST = 64, SLOTS_EACH = 4, ALONE = 40 };

enum slot_state { SLOT_FREE, SLOT_RUNS, SLOT_DONE, SLOT_FAILED };

struct slot {
	enum slot_state state;
	uint32_t item;
	struct trace trace;
	struct error error;
};

struct worker {
	struct server *server; /* NULL: gone, or not started yet */
	struct server own;
	struct slot *slot;     /* at work on it */
	uint32_t racy_written; /* places in its memory */
};

struct crew {
	struct worker workers[CREW_MOST];
	uint32_t workers_count, started;
	struct slot slots[CREW_MOST * SLOTS_EACH];
	uint32_t slots_count;
	uint32_t executions;
	struct request request; /* that the slots were run with */
	struct schedule schedule;
};

struct crew *crew_new(struct server *first, uint32_t jobs)
{
	struct crew *crew = memory_new(1, sizeof *crew);
	crew->workers_count = jobs < 1 ? 1 : jobs > CREW_MOST ? CREW_MOST : jobs;
	crew->slots_count = crew->workers_count * SLOTS_EACH;
	crew->workers[0].server = first;
	crew->workers[0].racy_written = UINT32_MAX;
	crew->started = 1;
	return crew;
}

void crew_free(struct crew *crew)
{
	if (!crew)
		return;
	for (uint32_t i = 1; i < crew->started; i++)
		server_stop(&crew->workers[i].own);
	for (uint32_t i = 0; i < crew->slots_count; i++)
		trace_release(&crew->slots[i].trace);
	schedule_release(&crew->schedule);
	free(crew);
}

static struct slot *slot_of(struct crew *crew, uint32_t item)
{
	for (uint32_t i = 0; i < crew->slots_count; i++)
		if (crew->slots[i].state != SLOT_FREE && crew->slots[i].item == item)
			return &crew->slots[i];
	return NULL;
}

static struct slot *slot_new(struct crew *crew, uint32_t item)
{
	for (uint32_t i = 0; i < crew->slots_count; i++) {
		struct slot *slot = &crew->slots[i];
		if (slot->state != SLOT_FREE)
			continue;
		slot->item = item;
		return slot;
	}
	return NULL;
}

/* The server is not asked again: what it would say next belongs to nobody. */
static void lose(struct worker *worker)
{
	worker->slot->state = SLOT_FAILED;
	worker->slot = NULL;
	worker->server = NULL;
}

static void begin(struct worker *worker, struct slot *slot, const struct crew_job *job,
	const struct schedule *schedule)
{
	struct server *server = worker->server;
	server->memory->request = *job->request;
	server->memory->request.hash_from = job->hashes ? schedule->length : UINT32_MAX;
	server_set_plan(server, schedule->choices, schedule->length);
	if (worker->racy_written != job->request->racy_count)
		server_set_places(server, job->racy, job->request->racy_count);
	worker->racy_written = job->request->racy_count;
	worker->slot = slot;
	slot->state = SLOT_RUNS;
	if (server_ask(server, &slot->error))
		lose(worker);
}

static void finish(struct crew *crew, struct worker *worker)
{
	struct slot *slot = worker->slot;
	if (server_answer(worker->server, &slot->error)) {
		lose(worker);
		return;
	}
	trace_read(&slot->trace, worker->server->memory, crew->request.max_steps);
	slot->state = SLOT_DONE;
	worker->slot = NULL;
}

static struct worker *idle(struct crew *crew)
{
	for (uint32_t i = 0; i < crew->started; i++)
		if (crew->workers[i].server && !crew->workers[i].slot)
			return &crew->workers[i];
	return NULL;
}

/* Gives the idle something to do: what comes next and is not begun yet. */
static void run_ahead(struct crew *crew, const struct crew_job *job)
{
	struct worker *worker;
	for (uint32_t k = 0; k + 1 < crew->slots_count && (worker = idle(crew)); k++) {
		uint32_t item = search_upcoming(job->search, k);
		if (item == SEARCH_NONE)
			return;
		if (slot_of(crew, item))
			continue;
		struct slot *slot = slot_new(crew, item);
		if (!slot)
			return;
		search_schedule(job->search, item, &crew->schedule);
		begin(worker, slot, job, &crew->schedule);
	}
}

/* Until one of those at work has come back; false if there are none. */
static bool await_some(struct crew *crew)
{
	struct pollfd polled[CREW_MOST];
	struct worker *workers[CREW_MOST];
	nfds_t count = 0;
	for (uint32_t i = 0; i < crew->started; i++)
		if (crew->workers[i].server && crew->workers[i].slot) {
			workers[count] = &crew->workers[i];
			polled[count++] =
				(struct pollfd){.fd = crew->workers[i].server->command_fd,
					.events = POLLIN};
		}
	if (!count)
		return false;
	int ready;
	do
		ready = poll(polled, count, SERVER_STILL_MS);
	while (ready < 0 && errno == EINTR);
	for (nfds_t i = 0; i < count; i++)
		if (ready <= 0 || polled[i].revents)
			finish(crew,
				workers[i]); /* late: it waits once more, and says so */
	return true;
}

/* One that cannot be started is not missed: the others do its work. */
static void start_workers(struct crew *crew)
{
	while (await_some(crew))
		;
	for (; crew->started < crew->workers_count; crew->started++) {
		struct worker *worker = &crew->workers[crew->started];
		struct error ignored;
		worker->racy_written = UINT32_MAX;
		if (crew->workers[0].server &&
			server_twin(&worker->own, crew->workers[0].server, crew->started,
				&ignored) == 0)
			worker->server = &worker->own;
	}
}

void crew_forget(struct crew *crew)
{
	while (await_some(crew))
		;
	for (uint32_t i = 0; i < crew->slots_count; i++)
		crew->slots[i].state = SLOT_FREE;
	/* its owner may have written other places there */
	crew->workers[0].racy_written = UINT32_MAX;
}

/* What may change while one search goes on. */
static bool same_request(const struct request *a, const struct request *b)
{
	return a->racy_count == b->racy_count && a->report_known == b->report_known &&
	       a->every_release == b->every_release && a->every_turn == b->every_turn &&
	       a->rc11 == b->rc11;
}

static struct slot *slot_for(struct crew *crew, const struct crew_job *job)
{
	uint32_t item = search_item(job->search);
	struct slot *slot = slot_of(crew, item);
	if (slot)
		return slot;
	struct worker *worker = idle(crew);
	while (!worker && await_some(crew))
		worker = idle(crew);
	slot = worker ? slot_new(crew, item) : NULL;
	if (slot)
		begin(worker, slot, job, job->schedule);
	return slot;
}

int crew_execute(struct crew *crew, const struct crew_job *job, struct trace *trace,
	struct error *error)
{
	if (!same_request(&crew->request, job->request))
		crew_forget(crew);
	crew->request = *job->request;
	if (++crew->executions == ALONE)
		start_workers(crew);
	struct slot *slot = slot_for(crew, job);
	if (!slot)
		return error_set(error, "no server of the program under test is left");
	run_ahead(crew, job);
	while (slot->state == SLOT_RUNS && await_some(crew))
		run_ahead(crew, job);
	int status = 0;
	if (slot->state == SLOT_DONE) {
		struct trace done = slot->trace;
		slot->trace = *trace;
		*trace = done;
	} else {
		*error = slot->error;
		status = -1;
	}
	slot->state = SLOT_FREE;
	return status;
}
