/* SPDX-License-Identifier: MIT */
#include "explore/bench/random_program.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "explore/bench/corpus.h"

#include <stdlib.h>
#include <string.h>

/* Vigna's splitmix64: any seed will do, and near seeds give unlike programs. */
static uint64_t next_random(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static int below(uint64_t *seed, int limit)
{
	return (int)(next_random(seed) % (uint64_t)limit);
}

static void add_operation(struct random_program *program, int task, enum random_kind kind,
	int where, int amount)
{
	struct random_operation *operation =
		&program->operations[task][program->lengths[task]++];

	operation->kind = kind;
	operation->where = where;
	operation->amount = amount;
}

static void add_access(struct random_program *program, int task, uint64_t *seed)
{
	enum random_kind kind = (enum random_kind)below(seed, RANDOM_FETCH + 1);
	int variables = kind == RANDOM_FETCH ? RANDOM_ATOMIC : RANDOM_PLAIN;

	add_operation(program, task, kind, below(seed, variables), 1 + below(seed, 3));
}

/* A critical section; with `inner`, another one of the other lock inside it. */
static void add_section(
	struct random_program *program, int task, bool inner, uint64_t *seed)
{
	int lock = below(seed, RANDOM_LOCKS);

	add_operation(program, task, RANDOM_LOCK, lock, 0);
	if (inner) {
		add_operation(program, task, RANDOM_LOCK, 1 - lock, 0);
		add_access(program, task, seed);
		add_operation(program, task, RANDOM_UNLOCK, 1 - lock, 0);
	} else {
		add_access(program, task, seed);
	}
	add_operation(program, task, RANDOM_UNLOCK, lock, 0);
}

static void draw_task(
	struct random_program *program, int task, int blocks, uint64_t *seed)
{
	for (int block = 0; block < blocks; block++) {
		switch (below(seed, 12)) {
		case 0:
			add_operation(program, task, RANDOM_WAIT, 0, 0);
			break;
		case 1:
		case 2:
			add_operation(program, task, RANDOM_POST, 0, 0);
			break;
		case 3:
			add_section(program, task, false, seed);
			break;
		case 4:
			add_section(program, task, true, seed);
			break;
		default:
			add_access(program, task, seed);
		}
	}
}

void random_program_draw(struct random_program *program, uint64_t seed)
{
	memset(program, 0, sizeof(*program));
	program->tasks = 2 + below(&seed, RANDOM_TASKS - 1);
	program->semaphore = below(&seed, 2);
	for (int task = 0; task < program->tasks; task++)
		draw_task(program, task, program->tasks == 2 ? 4 : 3, &seed);
}

static void print_operation(struct buffer *text, const struct random_operation *operation)
{
	int where = operation->where;
	int amount = operation->amount;

	switch (operation->kind) {
	case RANDOM_READ:
		buffer_print(text, "\tkept = s->plain[%d];\n", where);
		break;
	case RANDOM_WRITE:
		buffer_print(text, "\ts->plain[%d] = kept + %d;\n", where, amount);
		break;
	case RANDOM_UPDATE:
		buffer_print(text, "\ts->plain[%d] += %d;\n", where, amount);
		break;
	case RANDOM_FETCH:
		buffer_print(text, "\tkept = atomic_fetch_add(&s->atomic[%d], %d);\n",
			where, amount);
		break;
	case RANDOM_LOCK:
		buffer_print(text, "\tpthread_mutex_lock(&s->locks[%d]);\n", where);
		break;
	case RANDOM_UNLOCK:
		buffer_print(text, "\tpthread_mutex_unlock(&s->locks[%d]);\n", where);
		break;
	case RANDOM_WAIT:
		buffer_text(text, "\tsem_wait(&s->semaphore);\n");
		break;
	case RANDOM_POST:
		buffer_text(text, "\tsem_post(&s->semaphore);\n");
		break;
	}
}

static void print_opening(struct buffer *text)
{
	buffer_print(text,
		"#include \"%s/tasks.h\"\n"
		"#include <semaphore.h>\n"
		"#include <stdatomic.h>\n\n"
		"struct state {\n"
		"\tint plain[%d];\n"
		"\tatomic_int atomic[%d];\n"
		"\tint kept[%d];\n"
		"\tpthread_mutex_t locks[%d];\n"
		"\tsem_t semaphore;\n"
		"};\n\n",
		CORPUS_FOLDER, RANDOM_PLAIN, RANDOM_ATOMIC, RANDOM_TASKS, RANDOM_LOCKS);
}

/* The key's digits in the order in which make_key() puts them together. */
static void print_main(struct buffer *text, const struct random_program *program)
{
	buffer_print(text,
		"int main(void)\n{\n"
		"\tstruct state *s = tasks_share(sizeof(*s));\n"
		"\tunsigned key = 0;\n\n"
		"\tfor (int i = 0; i < %d; i++)\n"
		"\t\ttasks_mutex(&s->locks[i]);\n"
		"\tsem_init(&s->semaphore, TASKS_SHARED == PTHREAD_PROCESS_SHARED, "
		"%d);\n",
		RANDOM_LOCKS, program->semaphore);
	for (int task = 0; task < program->tasks; task++)
		buffer_print(text, "\ttasks_start(task_%d, s, %d);\n", task, task);
	buffer_print(text,
		"\ttasks_join();\n"
		"\tfor (int i = 0; i < %d; i++)\n"
		"\t\tkey = key * 16 + (unsigned)s->plain[i] %% 16;\n"
		"\tfor (int i = 0; i < %d; i++)\n"
		"\t\tkey = key * 16 + (unsigned)atomic_load(&s->atomic[i]) %% 16;\n"
		"\tfor (int i = 0; i < %d; i++)\n"
		"\t\tkey = key * 16 + (unsigned)s->kept[i] %% 16;\n"
		"\tassert(key != FORBIDDEN);\n"
		"\tfor (int i = 0; i < %d; i++)\n"
		"\t\tpthread_mutex_destroy(&s->locks[i]);\n"
		"\tsem_destroy(&s->semaphore);\n"
		"\ttasks_free(s, sizeof(*s));\n"
		"\treturn 0;\n}\n",
		RANDOM_PLAIN, RANDOM_ATOMIC, RANDOM_TASKS, RANDOM_LOCKS);
}

char *random_program_text(const struct random_program *program)
{
	struct buffer text = {0};

	print_opening(&text);
	for (int task = 0; task < program->tasks; task++) {
		buffer_print(&text,
			"static void task_%d(void *shared, int number)\n{\n"
			"\tstruct state *s = shared;\n"
			"\tint kept = 0;\n\n",
			task);
		for (int i = 0; i < program->lengths[task]; i++)
			print_operation(&text, &program->operations[task][i]);
		buffer_text(&text, "\ts->kept[number] = kept;\n}\n\n");
	}
	print_main(&text, program);
	return buffer_take(&text);
}

/* All of a program's state: bytes only, so that states compare as memory. */
struct state {
	uint8_t at[RANDOM_TASKS];      /* operations done */
	uint8_t halfway[RANDOM_TASKS]; /* an update has read and not yet written */
	uint8_t read[RANDOM_TASKS];    /* what it read */
	uint8_t kept[RANDOM_TASKS];
	uint8_t plain[RANDOM_PLAIN];
	uint8_t atomic[RANDOM_ATOMIC];
	uint8_t locked[RANDOM_LOCKS];
	uint8_t semaphore;
};

/* A set of states that keeps them in the order in which they came. */
struct states {
	struct state *list;
	size_t count, room;
	size_t *slots; /* index into list + 1, or 0 */
	size_t slots_count;
};

static size_t find_slot(const struct states *states, const struct state *state)
{
	const uint8_t *bytes = (const uint8_t *)state;
	uint64_t hash = 14695981039346656037u; /* FNV-1a */

	for (size_t i = 0; i < sizeof(*state); i++)
		hash = (hash ^ bytes[i]) * 1099511628211u;
	size_t slot = hash % states->slots_count;
	while (states->slots[slot] > 0 && memcmp(&states->list[states->slots[slot] - 1],
						  state, sizeof(*state)) != 0)
		slot = (slot + 1) % states->slots_count;
	return slot;
}

static void grow(struct states *states)
{
	states->room = states->room ? states->room * 2 : 1024;
	states->list = memory_grow(states->list, states->room, sizeof(*states->list));
	free(states->slots);
	states->slots_count = states->room * 2;
	states->slots = memory_new(states->slots_count, sizeof(*states->slots));
	for (size_t i = 0; i < states->count; i++)
		states->slots[find_slot(states, &states->list[i])] = i + 1;
}

static void add_state(struct states *states, const struct state *state)
{
	if (states->count == states->room)
		grow(states);
	size_t slot = find_slot(states, state);
	if (states->slots[slot] > 0)
		return;
	states->list[states->count++] = *state;
	states->slots[slot] = states->count;
}

static bool can_step(
	const struct random_program *program, const struct state *state, int task)
{
	if (state->at[task] == program->lengths[task])
		return false;
	const struct random_operation *operation =
		&program->operations[task][state->at[task]];
	if (operation->kind == RANDOM_LOCK)
		return !state->locked[operation->where];
	return operation->kind != RANDOM_WAIT || state->semaphore > 0;
}

/* Values count modulo 16, as in the key: all that is done to them is adding. */
static void step(const struct random_program *program, struct state *state, int task)
{
	const struct random_operation *operation =
		&program->operations[task][state->at[task]];
	int where = operation->where;
	uint8_t *kept = &state->kept[task];

	switch (operation->kind) {
	case RANDOM_READ:
		*kept = state->plain[where];
		break;
	case RANDOM_WRITE:
		state->plain[where] = (uint8_t)(*kept + operation->amount) % 16;
		break;
	case RANDOM_UPDATE:
		if (!state->halfway[task]) {
			state->halfway[task] = 1;
			state->read[task] = state->plain[where];
			return;
		}
		state->plain[where] =
			(uint8_t)(state->read[task] + operation->amount) % 16;
		state->halfway[task] = 0;
		state->read[task] = 0;
		break;
	case RANDOM_FETCH:
		*kept = state->atomic[where];
		state->atomic[where] = (uint8_t)(*kept + operation->amount) % 16;
		break;
	case RANDOM_LOCK:
	case RANDOM_UNLOCK:
		state->locked[where] = operation->kind == RANDOM_LOCK;
		break;
	case RANDOM_WAIT:
		state->semaphore--;
		break;
	case RANDOM_POST:
		state->semaphore++;
		break;
	}
	state->at[task]++;
}

static uint32_t make_key(const struct state *state)
{
	uint32_t key = 0;

	for (int i = 0; i < RANDOM_PLAIN; i++)
		key = key * 16 + state->plain[i];
	for (int i = 0; i < RANDOM_ATOMIC; i++)
		key = key * 16 + state->atomic[i];
	for (int i = 0; i < RANDOM_TASKS; i++)
		key = key * 16 + state->kept[i];
	return key;
}

static void add_key(struct outcomes *outcomes, uint32_t key)
{
	size_t at = 0;

	while (at < outcomes->count && outcomes->keys[at] < key)
		at++;
	if (at < outcomes->count && outcomes->keys[at] == key)
		return;
	outcomes->keys =
		memory_grow(outcomes->keys, outcomes->count + 1, sizeof(*outcomes->keys));
	memmove(&outcomes->keys[at + 1], &outcomes->keys[at],
		(outcomes->count - at) * sizeof(*outcomes->keys));
	outcomes->keys[at] = key;
	outcomes->count++;
}

static bool all_done(const struct random_program *program, const struct state *state)
{
	for (int task = 0; task < program->tasks; task++)
		if (state->at[task] < program->lengths[task])
			return false;
	return true;
}

void random_program_enumerate(
	const struct random_program *program, struct outcomes *outcomes)
{
	struct states states = {0};
	struct state state = {.semaphore = (uint8_t)program->semaphore};

	*outcomes = (struct outcomes){0};
	add_state(&states, &state);
	for (size_t i = 0; i < states.count; i++) {
		bool stuck = true;
		for (int task = 0; task < program->tasks; task++) {
			state = states.list[i];
			if (!can_step(program, &state, task))
				continue;
			stuck = false;
			step(program, &state, task);
			add_state(&states, &state);
		}
		if (stuck && all_done(program, &states.list[i]))
			add_key(outcomes, make_key(&states.list[i]));
		else if (stuck)
			outcomes->deadlock = true;
	}
	free(states.list);
	free(states.slots);
}

void outcomes_release(struct outcomes *outcomes)
{
	free(outcomes->keys);
	outcomes->keys = NULL;
}

bool outcomes_have(const struct outcomes *outcomes, uint32_t key)
{
	for (size_t i = 0; i < outcomes->count; i++)
		if (outcomes->keys[i] == key)
			return true;
	return false;
}
