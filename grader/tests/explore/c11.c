/* SPDX-License-Identifier: MIT */
/* Two of C11's threads count under a mutex; with UNLOCKED without it. */
#include <assert.h>
#include <stdint.h>
#include <threads.h>

static mtx_t mutex;
static cnd_t counted;
static once_flag once = ONCE_FLAG_INIT;
static tss_t key;
static int count, made, dropped;

static void make(void)
{
	made++;
}

static void drop(void *value)
{
	mtx_lock(&mutex);
	dropped += *(int *)value;
	mtx_unlock(&mutex);
}

static int work(void *argument)
{
	static int one = 1;
	call_once(&once, make);
	assert(tss_set(key, &one) == thrd_success && tss_get(key) == &one);
#ifdef UNLOCKED
	count++;
	mtx_lock(&mutex);
#else
	mtx_lock(&mutex);
	count++;
#endif
	cnd_signal(&counted);
	mtx_unlock(&mutex);
	return -(int)(intptr_t)argument;
}

int main(void)
{
	thrd_t threads[2];
	int result;
	assert(mtx_init(&mutex, mtx_plain) == thrd_success);
	assert(cnd_init(&counted) == thrd_success);
	assert(tss_create(&key, drop) == thrd_success);
	for (intptr_t i = 0; i < 2; i++)
		assert(thrd_create(&threads[i], work, (void *)i) == thrd_success);
	mtx_lock(&mutex);
	while (!count)
		cnd_wait(&counted, &mutex);
	mtx_unlock(&mutex);
	for (int i = 0; i < 2; i++)
		assert(thrd_join(threads[i], &result) == thrd_success && result == -i);
	assert(count == 2 && made == 1 && dropped == 2);
	mtx_destroy(&mutex);
	cnd_destroy(&counted);
	tss_delete(key);
	return 0;
}
