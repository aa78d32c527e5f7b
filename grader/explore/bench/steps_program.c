/* SPDX-License-Identifier: MIT */
/* What bench_steps explores: many steps of one task, or as little as two tasks can do. */
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int word;
static int counter;

static void *add(void *unused)
{
	pthread_mutex_lock(&lock);
	counter++;
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
#if defined(FORK)
	pid_t children[2];
	for (int i = 0; i < 2; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(0);
	}
	for (int i = 0; i < 2; i++)
		waitpid(children[i], NULL, 0);
#else
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, add, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	/* the compiler's built-in: <stdatomic.h> reads a temporary variable as well */
	for (int i = 0; i < STEPS; i += 8) {
		__atomic_store_n(&word, 1, __ATOMIC_SEQ_CST);
		__atomic_store_n(&word, 2, __ATOMIC_SEQ_CST);
		__atomic_store_n(&word, 3, __ATOMIC_SEQ_CST);
		__atomic_store_n(&word, 4, __ATOMIC_SEQ_CST);
		__atomic_store_n(&word, 5, __ATOMIC_SEQ_CST);
		__atomic_store_n(&word, 6, __ATOMIC_SEQ_CST);
		__atomic_store_n(&word, 7, __ATOMIC_SEQ_CST);
		__atomic_store_n(&word, 8, __ATOMIC_SEQ_CST);
	}
#endif
	return 0;
}
