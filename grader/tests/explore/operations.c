/* SPDX-License-Identifier: MIT */
/*
 * Two processes that run small programs given as arguments, a letter an operation, on two
 * shared variables and a lock: a and b add to a variable, c copies one to the other, d the
 * other way round, A and B add under the lock, x adds atomically.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
	pthread_mutex_t lock;
	int variables[2];
	atomic_int atomic;
};

static void run(struct shared *shared, const char *program, int task)
{
	for (; *program; program++)
		switch (*program) {
		case 'a':
		case 'b':
			shared->variables[*program - 'a'] += task;
			break;
		case 'c':
			shared->variables[0] = shared->variables[1] * 3;
			break;
		case 'd':
			shared->variables[1] = shared->variables[0] * 5;
			break;
		case 'A':
		case 'B':
			pthread_mutex_lock(&shared->lock);
			shared->variables[*program - 'A'] += task * 7;
			pthread_mutex_unlock(&shared->lock);
			break;
		default:
			atomic_store(
				&shared->atomic, atomic_load(&shared->atomic) + task);
		}
}

static void start(struct shared *shared)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->lock, &attributes);
}

int main(int argc, char **argv)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	start(shared);
	for (int i = 1; i < argc; i++)
		if (fork() == 0) {
			run(shared, argv[i], i);
			_exit(0);
		}
	while (wait(NULL) > 0) {
	}
	return 0;
}
