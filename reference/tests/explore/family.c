/* SPDX-License-Identifier: MIT */
/*
 * Each primitive in a program of two or three processes that is small enough for all its
 * interleavings, with what must hold at its end. fork_test_explore.c gives it to the explorer:
 *
 *	interlock explore family.c libmp-explore.a -- semaphore
 */
#include <assert.h>
#include <mp/mp.h>
#include <string.h>

enum { TASKS = 3 };

struct stage {
	struct mp_lock lock;
	struct mp_rlock rlock;
	struct mp_semaphore semaphore;
	struct mp_condition condition;
	struct mp_event event;
	struct mp_barrier barrier;
	struct mp_queue *queue;
	struct mp_value *value;
	struct mp_connection ends[2];
	int counter;
	int inside;
	int seen[TASKS];
};

struct task {
	struct stage *stage;
	int number;
};

static void add_under_lock(struct stage *stage, int number)
{
	if (number < 2) {
		assert(mp_lock_acquire(&stage->lock) == MP_OK);
	} else if (mp_lock_try_acquire(&stage->lock) == MP_BUSY) {
		stage->seen[number] = 1;
		return;
	}
	assert(stage->inside++ == 0);
	stage->counter++;
	stage->inside--;
	assert(mp_lock_release(&stage->lock) == MP_OK);
}

static void lock_ends(struct stage *stage)
{
	assert(stage->counter == 3 - stage->seen[2]);
}

/* For the test that the explorer would see it. */
static void add_unlocked(struct stage *stage, int number)
{
	(void)number;
	stage->counter++;
}

static void unlocked_ends(struct stage *stage)
{
	assert(stage->counter == 2);
}

static void add_under_rlock(struct stage *stage, int number)
{
	(void)number;
	assert(mp_rlock_acquire(&stage->rlock) == MP_OK);
	assert(mp_rlock_acquire(&stage->rlock) == MP_OK);
	stage->counter++;
	assert(mp_rlock_release(&stage->rlock) == MP_OK);
	stage->counter++;
	assert(mp_rlock_release(&stage->rlock) == MP_OK);
}

static void rlock_ends(struct stage *stage)
{
	assert(stage->counter == 6);
}

/* Of one permission, three make use, one after another. */
static void add_under_semaphore(struct stage *stage, int number)
{
	(void)number;
	assert(mp_semaphore_acquire(&stage->semaphore) == MP_OK);
	assert(stage->inside++ == 0);
	stage->counter++;
	stage->inside--;
	assert(mp_semaphore_release(&stage->semaphore) == MP_OK);
}

static void semaphore_ends(struct stage *stage)
{
	assert(stage->counter == 3 && mp_semaphore_value(&stage->semaphore) == 1);
}

/* Task 0 brings two things, the others wait for one each. */
static void bring_and_take(struct stage *stage, int number)
{
	assert(mp_lock_acquire(&stage->lock) == MP_OK);
	if (number == 0) {
		stage->counter = 2;
		assert(mp_condition_notify(&stage->condition, &stage->lock, 2) == MP_OK);
	} else {
		while (stage->counter == 0)
			assert(mp_condition_wait(&stage->condition, &stage->lock) ==
				MP_OK);
		stage->counter--;
	}
	assert(mp_lock_release(&stage->lock) == MP_OK);
}

static void condition_ends(struct stage *stage)
{
	assert(stage->counter == 0);
}

/* What was written before the event is seen behind it. */
static void set_or_wait(struct stage *stage, int number)
{
	if (number == 0) {
		stage->counter = 7;
		assert(mp_event_set(&stage->event) == MP_OK);
	} else {
		assert(mp_event_wait(&stage->event) == MP_OK);
		stage->seen[number] = stage->counter;
	}
}

static void event_ends(struct stage *stage)
{
	assert(stage->seen[1] == 7 && stage->seen[2] == 7);
}

/* Two rounds, each closed by the barrier: nobody is a round ahead, and the places differ. */
static void go_in_step(struct stage *stage, int number)
{
	int index = -1;

	for (int round = 1; round <= 2; round++) {
		stage->seen[number] = round;
		assert(mp_barrier_wait(&stage->barrier, &index) == MP_OK);
		assert(stage->seen[1 - number] == round);
		if (index == 0)
			stage->counter++;
		assert(mp_barrier_wait(&stage->barrier, NULL) == MP_OK);
	}
}

static void barrier_ends(struct stage *stage)
{
	assert(stage->counter == 2);
}

/* A producer with room for one, two consumers: every item comes out once. */
static void put_or_get(struct stage *stage, int number)
{
	int item = 1;

	if (number == 0) {
		assert(mp_queue_put(stage->queue, &item) == MP_OK);
		item = 2;
		assert(mp_queue_put(stage->queue, &item) == MP_OK);
	} else {
		assert(mp_queue_get(stage->queue, &stage->seen[number]) == MP_OK);
	}
}

static void queue_ends(struct stage *stage)
{
	assert(stage->seen[1] + stage->seen[2] == 3);
	assert(stage->seen[1] * stage->seen[2] == 2);
}

static void add_to_value(struct stage *stage, int number)
{
	long long count = 0;

	(void)number;
	assert(mp_rlock_acquire(mp_value_lock(stage->value)) == MP_OK);
	assert(mp_value_get(stage->value, &count) == MP_OK);
	assert(mp_value_set(stage->value, count + 1) == MP_OK);
	assert(mp_rlock_release(mp_value_lock(stage->value)) == MP_OK);
}

static void value_ends(struct stage *stage)
{
	long long count = 0;

	assert(mp_value_get(stage->value, &count) == MP_OK && count == 3);
}

static void send_or_receive(struct stage *stage, int number)
{
	int message = 5;
	size_t size = 0;

	if (number == 0) {
		assert(mp_connection_send(&stage->ends[1], &message, sizeof(message)) ==
			MP_OK);
		return;
	}
	assert(mp_connection_receive(&stage->ends[0], &stage->seen[1], sizeof(message),
		       &size) == MP_OK);
	assert(size == sizeof(message));
}

static void pipe_ends(struct stage *stage)
{
	assert(stage->seen[1] == 5);
}

static int square(const void *item, void *result)
{
	*(int *)result = *(const int *)item * *(const int *)item;
	return 0;
}

static void map_squares(struct stage *stage)
{
	struct mp_pool *pool =
		mp_pool_new(&(struct mp_pool_options){.processes = 2}, NULL);
	int items[2] = {2, 3};
	int results[2] = {0};

	(void)stage;
	assert(mp_pool_map(pool, square, items, sizeof(int), results, sizeof(int), 2,
		       1) == MP_OK);
	assert(results[0] == 4 && results[1] == 9);
	assert(mp_pool_close(pool) == MP_OK && mp_pool_join(pool) == MP_OK);
	mp_pool_free(pool);
}

static const struct scene {
	const char *name;
	int tasks;
	void (*play)(struct stage *stage, int number);
	void (*end)(struct stage *stage);
} scenes[] = {
	{"lock", 3, add_under_lock, lock_ends},
	{"unlocked", 2, add_unlocked, unlocked_ends},
	{"rlock", 3, add_under_rlock, rlock_ends},
	{"semaphore", 3, add_under_semaphore, semaphore_ends},
	{"condition", 3, bring_and_take, condition_ends},
	{"event", 3, set_or_wait, event_ends},
	{"barrier", 2, go_in_step, barrier_ends},
	{"queue", 3, put_or_get, queue_ends},
	{"value", 3, add_to_value, value_ends},
	{"pipe", 2, send_or_receive, pipe_ends},
	{"pool", 0, NULL, map_squares},
};

static const struct scene *chosen;

static int play(void *argument)
{
	const struct task *task = argument;

	chosen->play(task->stage, task->number);
	return 0;
}

static struct stage *build_stage(void)
{
	struct stage *stage = mp_shared_new(sizeof(*stage));

	assert(stage);
	mp_lock_init(&stage->lock);
	mp_rlock_init(&stage->rlock);
	mp_semaphore_init(&stage->semaphore, 1);
	mp_condition_init(&stage->condition);
	mp_event_init(&stage->event);
	mp_barrier_init(&stage->barrier, 2);
	stage->queue = mp_queue_new(1, sizeof(int), NULL);
	stage->value = mp_value_new('i', 0, NULL);
	assert(mp_pipe_new(&stage->ends[0], &stage->ends[1], false) == MP_OK);
	return stage;
}

int main(int argc, char **argv)
{
	struct stage *stage = build_stage();
	struct mp_process processes[TASKS] = {0};
	struct task tasks[TASKS];

	for (size_t i = 0; argc > 1 && i < sizeof(scenes) / sizeof(scenes[0]); i++)
		if (strcmp(scenes[i].name, argv[1]) == 0)
			chosen = &scenes[i];
	assert(chosen);
	for (int i = 0; i < chosen->tasks; i++) {
		tasks[i] = (struct task){stage, i};
		assert(mp_process_start(&processes[i], play, &tasks[i]) == MP_OK);
	}
	for (int i = 0; i < chosen->tasks; i++) {
		int code = -1;

		assert(mp_process_join(&processes[i]) == MP_OK);
		assert(mp_process_exit_code(&processes[i], &code) == MP_OK);
		assert(code == 0);
	}
	chosen->end(stage);
	mp_connection_close(&stage->ends[0]);
	mp_connection_close(&stage->ends[1]);
	mp_queue_free(stage->queue);
	mp_shared_free(stage->value);
	mp_shared_free(stage);
	return 0;
}
