/* SPDX-License-Identifier: MIT */
/*
 * Thread-specific data: as many keys as glibc has. The first ones lie in place, the others in
 * blocks of the heap, for all of this is hashed. A new key has no value in any thread, even
 * where a deleted one had the same number.
 */
#include "runtime.h"

#include <errno.h>

enum { BLOCK = 32, BLOCKS = 32, KEYS_MAX = BLOCK * BLOCKS };

struct key {
	bool used;
	void (*destructor)(void *);
};

static struct key first_keys[BLOCK];
static struct key *more_keys[BLOCKS];

static __thread struct values {
	void *first[BLOCK];
	void **more[BLOCKS];
} values;

void *runtime_calloc(size_t count, size_t size);
void runtime_free(void *pointer);

static struct key *key_at(pthread_key_t number)
{
	if (number < BLOCK)
		return &first_keys[number];
	struct key *block = number < KEYS_MAX ? more_keys[number / BLOCK] : NULL;
	return block ? &block[number % BLOCK] : NULL;
}

/* Where the value lies; NULL: there is none yet. */
static void **value_at(struct values *of, pthread_key_t number)
{
	if (number < BLOCK)
		return &of->first[number];
	void **block = number < KEYS_MAX ? of->more[number / BLOCK] : NULL;
	return block ? &block[number % BLOCK] : NULL;
}

static struct values *values_of(const struct task *task)
{
	uint64_t offset = (uint64_t)&values - (uint64_t)__builtin_thread_pointer();
	return (struct values *)(task->thread_block + offset);
}

static void clear_in_all_threads(pthread_key_t number)
{
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->process != process_private.process || !task->thread_block ||
			task->state == TASK_FINISHED)
			continue;
		void **value = value_at(values_of(task), number);
		if (value)
			*value = NULL;
	}
}

static bool make_block(pthread_key_t number)
{
	if (number >= BLOCK && !more_keys[number / BLOCK])
		more_keys[number / BLOCK] = runtime_calloc(BLOCK, sizeof(struct key));
	return key_at(number) != NULL;
}

int runtime_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	for (pthread_key_t i = 0; i < KEYS_MAX; i++) {
		if (!make_block(i))
			return ENOMEM;
		if (key_at(i)->used)
			continue;
		*key_at(i) = (struct key){true, destructor};
		clear_in_all_threads(i);
		*key = i;
		return 0;
	}
	return EAGAIN;
}

int runtime_pthread_key_delete(pthread_key_t key)
{
	struct key *known = key_at(key);
	if (!known || !known->used)
		return EINVAL;
	known->used = false;
	return 0;
}

void *runtime_pthread_getspecific(pthread_key_t key)
{
	void **value = value_at(&values, key);
	return value ? *value : NULL;
}

int runtime_pthread_setspecific(pthread_key_t key, const void *value)
{
	const struct key *known = key_at(key);
	if (!known || !known->used)
		return EINVAL;
	if (key >= BLOCK && !values.more[key / BLOCK])
		values.more[key / BLOCK] = runtime_calloc(BLOCK, sizeof(void *));
	void **at = value_at(&values, key);
	if (!at)
		return ENOMEM;
	*at = (void *)(uintptr_t)value;
	return 0;
}

/* True if some destructor ran: it may have set values anew. */
static bool destroy_values(void)
{
	bool some = false;
	for (pthread_key_t i = 0; i < KEYS_MAX; i++) {
		const struct key *key = key_at(i);
		void **at = value_at(&values, i);
		void *value = at ? *at : NULL;
		if (!value)
			continue;
		*at = NULL;
		if (key && key->used && key->destructor) {
			key->destructor(value);
			some = true;
		}
	}
	return some;
}

void thread_values_release(void)
{
	enum { ROUNDS = 4 }; /* PTHREAD_DESTRUCTOR_ITERATIONS */
	for (int round = 0; round < ROUNDS && destroy_values(); round++)
		;
	for (int i = 1; i < BLOCKS; i++) {
		void **block = values.more[i];
		values.more[i] = NULL;
		explore_self.inside++;
		runtime_free(block);
		explore_self.inside--;
	}
}
