/* SPDX-License-Identifier: MIT */
/* Queue, pipe and arena: what passes from one process to another. */
#include "suite.h"

#include <mp/arena.h>
#include <mp/pipe.h>
#include <mp/process.h>
#include <mp/queue.h>
#include <mp/rlock.h>
#include <mp/shared.h>
#include <stdint.h>
#include <string.h>

enum { PRODUCERS = 2, CONSUMERS = 3, ITEMS = 3000 };

static int code_of(struct mp_process *process)
{
	int code = -1000;

	ck_assert_int_eq(mp_process_join(process), MP_OK);
	ck_assert_int_eq(mp_process_exit_code(process, &code), MP_OK);
	return code;
}

struct work {
	struct mp_queue *queue;
	struct flag seen[PRODUCERS * ITEMS];
	struct flag next_producer;
};

static int produce(void *argument)
{
	struct work *work = argument;
	int first = work->next_producer.value++ * ITEMS;

	for (int i = 0; i < ITEMS; i++) {
		int item = first + i;

		if (mp_queue_put(work->queue, &item) != MP_OK)
			return 1;
	}
	return 0;
}

static int consume(void *argument)
{
	struct work *work = argument;
	int last[PRODUCERS] = {-1, -1};
	int item;
	int status;

	while ((status = mp_queue_get(work->queue, &item)) == MP_OK) {
		work->seen[item].value++;
		/* From one producer, in order. */
		if (item <= last[item / ITEMS])
			return 100;
		last[item / ITEMS] = item;
		mp_queue_task_done(work->queue);
	}
	return status;
}

START_TEST(nothing_is_lost_or_doubled_and_order_is_kept)
{
	struct work *work = mp_shared_new(sizeof(*work));
	struct mp_process processes[PRODUCERS + CONSUMERS] = {0};

	work->queue = mp_queue_new(7, sizeof(int), NULL);
	for (int i = 0; i < PRODUCERS + CONSUMERS; i++)
		mp_process_start(&processes[i], i < PRODUCERS ? produce : consume, work);
	for (int i = 0; i < PRODUCERS; i++)
		ck_assert_int_eq(code_of(&processes[i]), 0);
	ck_assert_int_eq(mp_queue_join(work->queue), MP_OK);
	ck_assert_int_eq(mp_queue_close(work->queue), MP_OK);
	for (int i = PRODUCERS; i < PRODUCERS + CONSUMERS; i++)
		ck_assert_int_eq(code_of(&processes[i]), MP_CLOSED);
	for (int i = 0; i < PRODUCERS * ITEMS; i++)
		ck_assert_int_eq(work->seen[i].value, 1);
	mp_queue_free(work->queue);
	mp_shared_free(work);
}
END_TEST

START_TEST(queue_misuse_is_answered)
{
	int status = MP_OK;
	struct mp_queue *queue;
	int item = 1;

	ck_assert_ptr_null(mp_queue_new(0, 4, &status));
	ck_assert_int_eq(status, MP_INVALID);
	ck_assert_ptr_null(mp_queue_new(4, -1, &status));
	ck_assert_int_eq(status, MP_INVALID);
	ck_assert_ptr_null(mp_queue_new(PTRDIFF_MAX, PTRDIFF_MAX, &status));
	ck_assert_int_eq(status, MP_NO_MEMORY);
	queue = mp_queue_new(2, sizeof(int), &status);
	ck_assert_int_eq(status, MP_OK);
	ck_assert_int_eq(mp_queue_try_get(queue, &item), MP_EMPTY);
	ck_assert_int_eq(mp_queue_get_timeout(queue, &item, 10), MP_TIMEOUT);
	ck_assert_int_eq(mp_queue_task_done(queue), MP_OVERFLOW);
	ck_assert_int_eq(mp_queue_join(queue), MP_OK);
	ck_assert_int_eq(mp_queue_try_put(queue, &item), MP_OK);
	item = 2;
	ck_assert_int_eq(mp_queue_put(queue, &item), MP_OK);
	ck_assert_int_eq(mp_queue_try_put(queue, &item), MP_FULL);
	ck_assert_int_eq(mp_queue_put_timeout(queue, &item, 10), MP_TIMEOUT);
	ck_assert_uint_eq(mp_queue_size(queue), 2);
	ck_assert_int_eq(mp_queue_join_timeout(queue, 10), MP_TIMEOUT);
	ck_assert_int_eq(mp_queue_close(queue), MP_OK);
	ck_assert_int_eq(mp_queue_put(queue, &item), MP_CLOSED);
	ck_assert_int_eq(mp_queue_get(queue, &item), MP_OK);
	ck_assert_int_eq(item, 1);
	ck_assert_int_eq(mp_queue_try_get(queue, &item), MP_OK);
	ck_assert_int_eq(item, 2);
	ck_assert_int_eq(mp_queue_get(queue, &item), MP_CLOSED);
	ck_assert_int_eq(mp_queue_task_done(queue), MP_OK);
	ck_assert_int_eq(mp_queue_task_done(queue), MP_OK);
	ck_assert_int_eq(mp_queue_task_done(queue), MP_OVERFLOW);
	ck_assert_int_eq(mp_queue_join(queue), MP_OK);
	mp_queue_free(queue);
	mp_queue_free(NULL);
}
END_TEST

static int echo(void *argument)
{
	struct mp_connection *child = argument;
	char text[1000];
	size_t size;
	int status;

	while ((status = mp_connection_receive(child, text, sizeof(text), &size)) ==
			MP_OK &&
		size > 0)
		if (mp_connection_send(child, text, size) != MP_OK)
			return 1;
	return status;
}

START_TEST(messages_keep_their_bounds)
{
	struct mp_connection parent;
	struct mp_connection child;
	struct mp_process process = {0};
	char text[1000];
	char answer[1000];
	size_t size = 0;

	ck_assert_int_eq(mp_pipe_new(&parent, &child, true), MP_OK);
	mp_process_start(&process, echo, &child);
	for (size_t length = 1; length <= sizeof(text); length += 37) {
		memset(text, (int)('a' + length % 26), length);
		ck_assert_int_eq(mp_connection_send(&parent, text, length), MP_OK);
		ck_assert_int_eq(mp_connection_poll(&parent, 100000), MP_OK);
		ck_assert_int_eq(
			mp_connection_receive(&parent, answer, sizeof(answer), &size),
			MP_OK);
		ck_assert_uint_eq(size, length);
		ck_assert_mem_eq(answer, text, length);
	}
	ck_assert_int_eq(mp_connection_poll(&parent, 0), MP_TIMEOUT);
	ck_assert_int_eq(mp_connection_send(&parent, "", 0), MP_OK);
	ck_assert_int_eq(code_of(&process), MP_OK);
	mp_connection_close(&child);
	ck_assert_int_eq(mp_connection_receive(&parent, answer, 1, &size), MP_CLOSED);
	ck_assert_int_eq(mp_connection_send(&parent, "x", 1), MP_CLOSED);
	ck_assert_int_eq(mp_connection_close(&parent), MP_OK);
	ck_assert_int_eq(mp_connection_close(&parent), MP_CLOSED);
	ck_assert_int_eq(mp_connection_send(&parent, "x", 1), MP_CLOSED);
	ck_assert_int_eq(mp_connection_poll(&parent, 0), MP_CLOSED);
}
END_TEST

START_TEST(a_message_too_long_is_not_lost)
{
	struct mp_connection reader;
	struct mp_connection writer;
	char text[10] = "";
	size_t size = 0;
	static char large[10 << 20];

	ck_assert_int_eq(mp_pipe_new(&reader, &writer, false), MP_OK);
	ck_assert_int_eq(mp_connection_send(&reader, "x", 1), MP_CLOSED);
	ck_assert_int_eq(mp_connection_send(&writer, "hello", 6), MP_OK);
	ck_assert_int_eq(mp_connection_receive(&reader, text, 3, &size), MP_TRUNCATED);
	ck_assert_uint_eq(size, 6);
	ck_assert_int_eq(mp_connection_send(&writer, "next", 5), MP_OK);
	ck_assert_int_eq(mp_connection_receive(&reader, text, 5, &size), MP_TRUNCATED);
	ck_assert_int_eq(mp_connection_poll(&reader, 0), MP_OK);
	ck_assert_int_eq(mp_connection_receive(&reader, text, 10, &size), MP_OK);
	ck_assert_str_eq(text, "hello");
	ck_assert_int_eq(mp_connection_receive(&reader, NULL, 0, &size), MP_TRUNCATED);
	ck_assert_int_eq(mp_connection_receive(&reader, text, 10, &size), MP_OK);
	ck_assert_str_eq(text, "next");
	ck_assert_int_eq(mp_connection_send(&writer, large, 50000), MP_OK);
	ck_assert_int_eq(mp_connection_receive(&reader, text, 10, &size), MP_TRUNCATED);
	ck_assert_int_eq(
		mp_connection_receive(&reader, large + 100000, 50000, &size), MP_OK);
	ck_assert_uint_eq(size, 50000);
	ck_assert_int_eq(mp_connection_send(&writer, large, sizeof(large)), MP_INVALID);
	mp_connection_close(&writer);
	ck_assert_int_eq(mp_connection_receive(&reader, text, 10, &size), MP_CLOSED);
	mp_connection_close(&reader);
}
END_TEST

START_TEST(a_send_gives_up_at_its_deadline)
{
	struct mp_connection reader;
	struct mp_connection writer;
	static char block[20000];
	size_t size;
	int sent = 0;
	int status;

	ck_assert_int_eq(mp_pipe_new(&reader, &writer, false), MP_OK);
	while ((status = mp_connection_send_timeout(&writer, block, sizeof(block), 5)) ==
		MP_OK)
		ck_assert_int_lt(++sent, 1000);
	ck_assert_int_eq(status, MP_TIMEOUT);
	ck_assert_int_eq(mp_connection_send_timeout(&writer, block, sizeof(block), -1),
		MP_TIMEOUT);
	for (; sent > 0; sent--)
		ck_assert_int_eq(
			mp_connection_receive(&reader, block, sizeof(block), &size),
			MP_OK);
	ck_assert_int_eq(mp_connection_poll(&reader, 0), MP_TIMEOUT);
	ck_assert_int_eq(mp_connection_send_timeout(&writer, "x", 1, 5), MP_OK);
	mp_connection_close(&reader);
	ck_assert_int_eq(mp_connection_send_timeout(&writer, "x", 1, 5), MP_CLOSED);
	mp_connection_close(&writer);
}
END_TEST

struct node {
	struct node *next;
	int number;
};
struct chain {
	struct mp_arena *arena;
	struct node *first;
};

static int prepend_nodes(void *argument)
{
	struct chain *chain = argument;

	for (int i = 0; i < 20; i++) {
		struct node *node = mp_arena_take(chain->arena, sizeof(*node));

		if (node == NULL || node->next != NULL || node->number != 0)
			return 1;
		*node = (struct node){chain->first, i};
		chain->first = node;
	}
	return 0;
}

START_TEST(pointers_into_an_arena_are_good_everywhere)
{
	struct chain *chain = mp_shared_new(sizeof(*chain));
	struct mp_process process = {0};
	int number = 20;

	chain->arena = mp_arena_new(20 * 64, NULL);
	mp_process_start(&process, prepend_nodes, chain);
	ck_assert_int_eq(code_of(&process), 0);
	ck_assert_uint_eq(mp_arena_used(chain->arena), 20 * 64);
	ck_assert_ptr_null(mp_arena_take(chain->arena, 1));
	while (chain->first) {
		struct node *node = chain->first;

		ck_assert_int_eq(node->number, --number);
		chain->first = node->next;
		ck_assert_int_eq(mp_arena_give(chain->arena, node), MP_OK);
		ck_assert_int_eq(mp_arena_give(chain->arena, node), MP_INVALID);
	}
	ck_assert_int_eq(number, 0);
	ck_assert_uint_eq(mp_arena_used(chain->arena), 0);
	mp_arena_free(chain->arena);
	mp_shared_free(chain);
}
END_TEST

START_TEST(freed_blocks_grow_together_again)
{
	int status = MP_OK;
	struct mp_arena *arena = mp_arena_new(100 * 64, &status);
	char *blocks[100];
	char *all;

	ck_assert_int_eq(status, MP_OK);
	for (int i = 0; i < 100; i++)
		ck_assert_ptr_nonnull(blocks[i] = mp_arena_take(arena, 1 + i % 64));
	for (int i = 0; i < 100; i += 2)
		ck_assert_int_eq(mp_arena_give(arena, blocks[i]), MP_OK);
	ck_assert_ptr_null(mp_arena_take(arena, 65));
	for (int i = 1; i < 100; i += 2)
		ck_assert_int_eq(mp_arena_give(arena, blocks[i]), MP_OK);
	all = mp_arena_take(arena, 100 * 64);
	ck_assert_ptr_eq(all, blocks[0]);
	ck_assert_int_eq(mp_arena_give(arena, all + 64), MP_INVALID);
	ck_assert_int_eq(mp_arena_give(arena, all + 1), MP_INVALID);
	ck_assert_int_eq(mp_arena_give(arena, &status), MP_INVALID);
	ck_assert_int_eq(mp_arena_give(arena, NULL), MP_OK);
	ck_assert_ptr_null(mp_arena_take(arena, 0));
	ck_assert_int_eq(mp_arena_give(arena, all), MP_OK);
	mp_arena_free(arena);
	ck_assert_ptr_null(mp_arena_new(0, &status));
	ck_assert_int_eq(status, MP_INVALID);
	ck_assert_ptr_null(mp_arena_new(PTRDIFF_MAX, &status));
	ck_assert_int_eq(status, MP_NO_MEMORY);
}
END_TEST

enum { BLOCKS = 10000 };

/* Blocks taken, given in another order and taken again: each is found without a walk over all. */
START_TEST(ten_thousand_blocks_are_no_burden)
{
	struct mp_arena *arena = mp_arena_new((ptrdiff_t)BLOCKS * 64, NULL);
	static void *blocks[BLOCKS];
	double begin = (double)clock();
	int count = MP_OFTEN(BLOCKS);

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < count; i++)
			ck_assert_ptr_nonnull(blocks[i] = mp_arena_take(arena, 1));
		for (int i = 0; i < count; i++)
			ck_assert_int_eq(
				mp_arena_give(arena, blocks[(i * 7) % count]), MP_OK);
	}
	ck_assert_uint_eq(mp_arena_used(arena), 0);
	/* 10,000 walks over 5,000 blocks would take seconds, this takes milliseconds. */
	ck_assert(((double)clock() - begin) / CLOCKS_PER_SEC < 2);
	mp_arena_free(arena);
}
END_TEST

START_TEST(memory_with_a_held_lock_in_it_is_not_freed)
{
	struct mp_rlock *lock = mp_shared_new(sizeof(*lock));
	struct mp_arena *arena = mp_arena_new(256, NULL);
	struct mp_lock *block = mp_arena_take(arena, sizeof(*block));

	ck_assert_int_eq(mp_rlock_acquire(lock), MP_OK);
	ck_assert_int_eq(mp_lock_acquire(block), MP_OK);
	ck_assert_int_eq(mp_shared_free(lock), MP_BUSY);
	ck_assert_int_eq(mp_arena_give(arena, block), MP_BUSY);
	ck_assert_int_eq(mp_arena_free(arena), MP_BUSY);
	ck_assert_int_eq(mp_rlock_release(lock), MP_OK);
	ck_assert_int_eq(mp_lock_release(block), MP_OK);
	ck_assert_int_eq(mp_shared_free(lock), MP_OK);
	ck_assert_int_eq(mp_arena_give(arena, block), MP_OK);
	ck_assert_int_eq(mp_arena_free(arena), MP_OK);
}
END_TEST

static const TTest *const *const tests[] = {
	&nothing_is_lost_or_doubled_and_order_is_kept,
	&queue_misuse_is_answered,
	&messages_keep_their_bounds,
	&pointers_into_an_arena_are_good_everywhere,
	&freed_blocks_grow_together_again,
	&ten_thousand_blocks_are_no_burden,
	&memory_with_a_held_lock_in_it_is_not_freed,
};

static const TTest *const *const hard[] = {
	&a_message_too_long_is_not_lost,
	&a_send_gives_up_at_its_deadline,
};

MP_TEST_MAIN("queue", tests, hard)
