/* SPDX-License-Identifier: MIT */
/*
 * Thread-specific values. A key that is made anew has no values of the deleted one: each has a
 * serial number. A thread keeps only the values that it has set.
 */
#include "runtime.h"

#include <errno.h>

enum { KEYS_MAX = 1024, VALUES_MAX = 64, ROUNDS = 4 };

static struct {
	uint32_t serial; /* 0: not in use */
	void (*destructor)(void *);
} keys[KEYS_MAX];
static uint32_t last_serial;

static __thread struct value {
	pthread_key_t key;
	uint32_t serial;
	void *value; /* NULL: the slot is free */
} values[VALUES_MAX];

static struct value *value_of(pthread_key_t key)
{
	for (struct value *slot = values; slot < values + VALUES_MAX; slot++)
		if (slot->value && slot->key == key && slot->serial == keys[key].serial)
			return slot;
	return NULL;
}

/* Those of deleted keys make room. */
static struct value *free_value(void)
{
	for (struct value *slot = values; slot < values + VALUES_MAX; slot++)
		if (!slot->value || slot->serial != keys[slot->key].serial)
			return slot;
	execution_full("thread-specific values of a thread");
}

void thread_values_release(void)
{
	bool again = true;
	for (int round = 0; again && round < ROUNDS; round++) {
		again = false;
		for (struct value *slot = values; slot < values + VALUES_MAX; slot++) {
			void *value = slot->value;
			slot->value = NULL;
			if (!value || slot->serial != keys[slot->key].serial ||
				!keys[slot->key].destructor)
				continue;
			keys[slot->key].destructor(value);
			again = true;
		}
	}
}

int runtime_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	for (unsigned i = 0; i < KEYS_MAX; i++) {
		if (keys[i].serial)
			continue;
		keys[i].serial = ++last_serial;
		keys[i].destructor = destructor;
		*key = i;
		return 0;
	}
	return EAGAIN;
}

int runtime_pthread_key_delete(pthread_key_t key)
{
	if (key >= KEYS_MAX || !keys[key].serial)
		return EINVAL;
	keys[key].serial = 0;
	return 0;
}

void *runtime_pthread_getspecific(pthread_key_t key)
{
	const struct value *slot = key < KEYS_MAX ? value_of(key) : NULL;
	return slot ? slot->value : NULL;
}

int runtime_pthread_setspecific(pthread_key_t key, const void *value)
{
	if (key >= KEYS_MAX || !keys[key].serial)
		return EINVAL;
	struct value *slot = value_of(key);
	if (!slot && !value)
		return 0;
	if (!slot)
		slot = free_value();
	*slot = (struct value){key, keys[key].serial, (void *)(uintptr_t)value};
	return 0;
}
