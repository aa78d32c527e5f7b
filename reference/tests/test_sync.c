/* SPDX-License-Identifier: MIT */
/* Semaphore, event, condition and barrier, in their ordinary use and misuse. */
#include "suite.h"

#include <mp/barrier.h>
#include <mp/condition.h>
#include <mp/event.h>
#include <mp/process.h>
#include <mp/rlock.h>
#include <mp/semaphore.h>
#include <mp/shared.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { PARTIES = 4, ROUNDS = 300 };

struct room {
	struct mp_lock lock;
	struct mp_semaphore semaphore;
	struct mp_event event;
	struct mp_event other;
	struct mp_condition condition;
	struct mp_barrier barrier;
	struct flag inside;
	struct flag most;
	struct flag step;
	int items;    /* guarded by lock */
	int consumed; /* guarded by lock */
	int phases[PARTIES];
	int indexes[PARTIES];
};

static struct room *new_room(void)
{
	struct room *room = mp_shared_new(sizeof(*room));

	ck_assert_ptr_nonnull(room);
	return room;
}

static int code_of(struct mp_process *process)
{
	int code = -1000;

	ck_assert_int_eq(mp_process_join(process), MP_OK);
	ck_assert_int_eq(mp_process_exit_code(process, &code), MP_OK);
	return code;
}

static int visit(void *argument)
{
	struct room *room = argument;

	for (int i = 0; i < ROUNDS; i++) {
		int inside;

		mp_semaphore_acquire(&room->semaphore);
		inside = ++room->inside.value;
		if (inside > room->most.value)
			room->most.value = inside;
		room->inside.value--;
		if (mp_semaphore_release(&room->semaphore) != MP_OK)
			return 1;
	}
	return 0;
}

START_TEST(a_semaphore_admits_no_more_than_its_count)
{
	struct room *room = new_room();
	struct mp_process processes[PARTIES] = {0};

	ck_assert_int_eq(mp_bounded_semaphore_init(&room->semaphore, 2), MP_OK);
	for (int i = 0; i < PARTIES; i++)
		mp_process_start(&processes[i], visit, room);
	for (int i = 0; i < PARTIES; i++)
		ck_assert_int_eq(code_of(&processes[i]), 0);
	ck_assert_int_le(room->most.value, 2);
	ck_assert_int_eq(mp_semaphore_value(&room->semaphore), 2);
	mp_shared_free(room);
}
END_TEST

START_TEST(semaphore_misuse_is_answered)
{
	struct room *room = new_room();
	struct mp_semaphore *semaphore = &room->semaphore;

	ck_assert_int_eq(mp_semaphore_init(semaphore, -1), MP_INVALID);
	ck_assert_int_eq(mp_bounded_semaphore_init(semaphore, -1), MP_INVALID);
	ck_assert_int_eq(mp_bounded_semaphore_init(semaphore, 0), MP_INVALID);
	ck_assert_int_eq(mp_semaphore_try_acquire(semaphore), MP_BUSY);
	ck_assert_int_eq(mp_semaphore_acquire_timeout(semaphore, 10), MP_TIMEOUT);
	ck_assert_int_eq(mp_semaphore_acquire_timeout(semaphore, -10), MP_TIMEOUT);
	ck_assert_int_eq(mp_semaphore_release(semaphore), MP_OK);
	ck_assert_int_eq(mp_semaphore_release(semaphore), MP_OK);
	ck_assert_int_eq(mp_semaphore_value(semaphore), 2);
	ck_assert_int_eq(mp_semaphore_try_acquire(semaphore), MP_OK);
	ck_assert_int_eq(mp_semaphore_acquire(semaphore), MP_OK);
	ck_assert_int_eq(mp_bounded_semaphore_init(semaphore, 1), MP_OK);
	ck_assert_int_eq(mp_semaphore_release(semaphore), MP_OVERFLOW);
	ck_assert_int_eq(mp_semaphore_acquire(semaphore), MP_OK);
	ck_assert_int_eq(mp_semaphore_release(semaphore), MP_OK);
	mp_shared_free(room);
}
END_TEST

static int acquire_one(void *argument)
{
	return mp_semaphore_acquire(&((struct room *)argument)->semaphore);
}

START_TEST(every_release_lets_one_sleeper_go)
{
	struct room *room = new_room();
	struct mp_process processes[PARTIES] = {0};

	for (int i = 0; i < PARTIES; i++)
		mp_process_start(&processes[i], acquire_one, room);
	nap_ms(20);
	for (int i = 0; i < PARTIES; i++)
		mp_semaphore_release(&room->semaphore);
	for (int i = 0; i < PARTIES; i++)
		ck_assert_int_eq(code_of(&processes[i]), MP_OK);
	ck_assert_int_eq(mp_semaphore_value(&room->semaphore), 0);
	mp_shared_free(room);
}
END_TEST

static int wait_for_event(void *argument)
{
	struct room *room = argument;

	room->inside.value++;
	return mp_event_wait(&room->event);
}

START_TEST(an_event_lets_all_go)
{
	struct room *room = new_room();
	struct mp_process processes[PARTIES] = {0};

	ck_assert(!mp_event_is_set(&room->event));
	ck_assert_int_eq(mp_event_wait_timeout(&room->event, 10), MP_TIMEOUT);
	ck_assert_int_eq(mp_event_wait_timeout(&room->event, -1), MP_TIMEOUT);
	for (int i = 0; i < PARTIES; i++)
		mp_process_start(&processes[i], wait_for_event, room);
	await(&room->inside, PARTIES);
	ck_assert_int_eq(mp_event_set(&room->event), MP_OK);
	for (int i = 0; i < PARTIES; i++)
		ck_assert_int_eq(code_of(&processes[i]), MP_OK);
	ck_assert(mp_event_is_set(&room->event));
	ck_assert_int_eq(mp_event_set(&room->event), MP_OK);
	ck_assert_int_eq(mp_event_wait(&room->event), MP_OK);
	ck_assert_int_eq(mp_event_clear(&room->event), MP_OK);
	ck_assert_int_eq(mp_event_wait_timeout(&room->event, 0), MP_TIMEOUT);
	mp_shared_free(room);
}
END_TEST

/* Each in turn pulses the other's event: a lost pulse would hang. */
static int answer_pulses(void *argument)
{
	struct room *room = argument;

	for (int i = 0; i < ROUNDS; i++) {
		mp_event_wait(&room->event);
		mp_event_clear(&room->event);
		mp_event_set(&room->other);
	}
	return 0;
}

START_TEST(events_can_be_cleared_and_set_again)
{
	struct room *room = new_room();
	struct mp_process process = {0};

	mp_process_start(&process, answer_pulses, room);
	for (int i = 0; i < ROUNDS; i++) {
		mp_event_set(&room->event);
		mp_event_wait(&room->other);
		mp_event_clear(&room->other);
	}
	ck_assert_int_eq(code_of(&process), 0);
	mp_shared_free(room);
}
END_TEST

/* Something is written, then said; on the other side what was said is taken back, then looked at. */
struct mailbox {
	_Alignas(64) struct mp_event event;
	_Alignas(64) struct mp_semaphore semaphore;
	_Alignas(64) _Atomic long posted;
	_Alignas(64) _Atomic long taken;
	bool by_semaphore;
};

enum { POSTS = 30000 };

static int post(void *argument)
{
	struct mailbox *box = argument;

	for (long i = 1; i <= MP_OFTEN(POSTS); i++) {
		atomic_store_explicit(&box->posted, i, memory_order_relaxed);
		if (box->by_semaphore)
			mp_semaphore_release(&box->semaphore);
		else
			mp_event_set(&box->event);
		while (atomic_load(&box->taken) < i - 1)
			sched_yield();
	}
	return 0;
}

/* By an event, and by a bounded semaphore of one: to set it again must not go unseen. */
START_TEST(what_was_written_before_a_signal_is_seen_after_it)
{
	struct mailbox *box = mp_shared_new(sizeof(*box));
	struct mp_process process = {0};
	long seen = 0;

	box->by_semaphore = _i == 1;
	ck_assert_int_eq(mp_bounded_semaphore_init(&box->semaphore, 1), MP_OK);
	mp_process_start(&process, post, box);
	while (seen < MP_OFTEN(POSTS)) {
		long posted;
		int status = MP_OK;

		if (!box->by_semaphore)
			mp_event_clear(&box->event);
		posted = atomic_load_explicit(&box->posted, memory_order_relaxed);
		if (posted > seen) {
			seen = posted;
			atomic_store(&box->taken, seen);
			continue;
		}
		status = box->by_semaphore
				 ? mp_semaphore_acquire_timeout(&box->semaphore, 60000)
				 : mp_event_wait_timeout(&box->event, 60000);
		ck_assert_msg(status == MP_OK, "lost after %ld", seen);
	}
	ck_assert_int_eq(code_of(&process), 0);
	mp_shared_free(box);
}
END_TEST

static int consume(void *argument)
{
	struct room *room = argument;

	for (int i = 0; i < ROUNDS; i++) {
		mp_lock_acquire(&room->lock);
		while (room->items == 0)
			if (mp_condition_wait(&room->condition, &room->lock) != MP_OK)
				return 1;
		room->items--;
		room->consumed++;
		mp_lock_release(&room->lock);
	}
	return 0;
}

START_TEST(no_notification_is_lost)
{
	struct room *room = new_room();
	struct mp_process processes[PARTIES] = {0};

	for (int i = 0; i < PARTIES; i++)
		mp_process_start(&processes[i], consume, room);
	for (int i = 0; i < PARTIES * ROUNDS; i++) {
		mp_lock_acquire(&room->lock);
		room->items++;
		ck_assert_int_eq(
			mp_condition_notify(&room->condition, &room->lock, 1), MP_OK);
		mp_lock_release(&room->lock);
	}
	for (int i = 0; i < PARTIES; i++)
		ck_assert_int_eq(code_of(&processes[i]), 0);
	ck_assert_int_eq(room->consumed, PARTIES * ROUNDS);
	ck_assert_uint_eq(room->condition.waiting, 0);
	mp_shared_free(room);
}
END_TEST

static int wait_once(void *argument)
{
	struct room *room = argument;
	int status;

	mp_lock_acquire(&room->lock);
	room->items++;
	status = mp_condition_wait_timeout(&room->condition, &room->lock, 100000);
	room->consumed++;
	mp_lock_release(&room->lock);
	return status;
}

/* Waits until as many wait_once have begun to wait. */
static void await_waiters(struct room *room, int count)
{
	bool enough = false;

	while (!enough) {
		nap_ms(1);
		mp_lock_acquire(&room->lock);
		enough = room->items == count;
		mp_lock_release(&room->lock);
	}
}

static int consumed(struct room *room)
{
	int count;

	mp_lock_acquire(&room->lock);
	count = room->consumed;
	mp_lock_release(&room->lock);
	return count;
}

START_TEST(notify_lets_as_many_go_as_it_says)
{
	struct room *room = new_room();
	struct mp_process processes[PARTIES] = {0};

	for (int i = 0; i < PARTIES; i++)
		mp_process_start(&processes[i], wait_once, room);
	await_waiters(room, PARTIES);
	mp_lock_acquire(&room->lock);
	ck_assert_int_eq(mp_condition_notify(&room->condition, &room->lock, 2), MP_OK);
	mp_lock_release(&room->lock);
	while (consumed(room) < 2)
		nap_ms(1);
	/* Longer than a sleeper's own look: a third must not go. */
	nap_ms(400);
	ck_assert_int_eq(consumed(room), 2);
	mp_lock_acquire(&room->lock);
	ck_assert_int_eq(mp_condition_notify_all(&room->condition, &room->lock), MP_OK);
	mp_lock_release(&room->lock);
	for (int i = 0; i < PARTIES; i++)
		ck_assert_int_eq(code_of(&processes[i]), MP_OK);
	mp_shared_free(room);
}
END_TEST

struct twice {
	struct mp_rlock lock;
	struct mp_condition condition;
	int turn;
};

static int answer_twice(void *argument)
{
	struct twice *twice = argument;

	mp_rlock_acquire(&twice->lock);
	mp_rlock_acquire(&twice->lock);
	mp_rlock_release(&twice->lock);
	twice->turn = 1;
	mp_condition_notify(&twice->condition, &twice->lock.lock, 1);
	return mp_rlock_release(&twice->lock);
}

static int try_it(void *argument)
{
	return mp_rlock_try_acquire(&((struct twice *)argument)->lock);
}

START_TEST(a_wait_keeps_the_depth_of_an_rlock)
{
	struct twice *twice = mp_shared_new(sizeof(*twice));
	struct mp_process process = {0};

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(mp_rlock_acquire(&twice->lock), MP_OK);
	mp_process_start(&process, answer_twice, twice);
	while (twice->turn == 0)
		ck_assert_int_eq(
			mp_condition_wait(&twice->condition, &twice->lock.lock), MP_OK);
	ck_assert_int_eq(code_of(&process), 0);
	ck_assert_int_eq(
		mp_condition_wait_timeout(&twice->condition, &twice->lock.lock, 1),
		MP_TIMEOUT);
	for (int i = 0; i < 3; i++) {
		mp_process_start(&process, try_it, twice);
		ck_assert_int_eq(code_of(&process), MP_BUSY);
		ck_assert_int_eq(mp_rlock_release(&twice->lock), MP_OK);
	}
	ck_assert_int_eq(mp_rlock_release(&twice->lock), MP_NOT_LOCKED);
	mp_shared_free(twice);
}
END_TEST

static bool has_items(void *argument)
{
	return ((struct room *)argument)->items > 0;
}

START_TEST(condition_misuse_is_answered)
{
	struct room *room = new_room();
	struct mp_condition *condition = &room->condition;

	ck_assert_int_eq(mp_condition_wait(condition, &room->lock), MP_NOT_OWNER);
	ck_assert_int_eq(mp_condition_notify(condition, &room->lock, 1), MP_NOT_OWNER);
	ck_assert_int_eq(mp_condition_wait_for(condition, &room->lock, has_items, room),
		MP_NOT_OWNER);
	mp_lock_acquire(&room->lock);
	ck_assert_int_eq(mp_condition_notify(condition, &room->lock, -1), MP_INVALID);
	ck_assert_int_eq(
		mp_condition_wait_timeout(condition, &room->lock, 10), MP_TIMEOUT);
	ck_assert_int_eq(
		mp_condition_wait_timeout(condition, &room->lock, -1), MP_TIMEOUT);
	ck_assert(mp_lock_is_mine(&room->lock));
	ck_assert_int_eq(mp_condition_wait_for_timeout(
				 condition, &room->lock, has_items, room, 10),
		MP_TIMEOUT);
	room->items = 1;
	ck_assert_int_eq(mp_condition_wait_for_timeout(
				 condition, &room->lock, has_items, room, -1),
		MP_OK);
	ck_assert_int_eq(
		mp_condition_wait_for(condition, &room->lock, has_items, room), MP_OK);
	mp_lock_release(&room->lock);
	mp_shared_free(room);
}
END_TEST

struct party {
	struct room *room;
	int number;
};

static int go_through_phases(void *argument)
{
	struct party *party = argument;
	struct room *room = party->room;

	for (int phase = 1; phase <= ROUNDS; phase++) {
		room->phases[party->number] = phase;
		if (mp_barrier_wait(&room->barrier, NULL) != MP_OK)
			return 1;
		for (int i = 0; i < PARTIES; i++)
			if (room->phases[i] != phase)
				return 2;
		if (mp_barrier_wait(&room->barrier, &room->indexes[party->number]) !=
			MP_OK)
			return 3;
	}
	return 0;
}

START_TEST(nobody_passes_a_barrier_before_all_have_come)
{
	struct room *room = new_room();
	struct mp_process processes[PARTIES] = {0};
	struct party parties[PARTIES];
	int sum = 0;

	ck_assert_int_eq(mp_barrier_init(&room->barrier, PARTIES), MP_OK);
	for (int i = 0; i < PARTIES; i++) {
		parties[i] = (struct party){room, i};
		mp_process_start(&processes[i], go_through_phases, &parties[i]);
	}
	for (int i = 0; i < PARTIES; i++)
		ck_assert_int_eq(code_of(&processes[i]), 0);
	for (int i = 0; i < PARTIES; i++)
		sum += 1 << room->indexes[i];
	ck_assert_int_eq(sum, (1 << PARTIES) - 1);
	ck_assert_int_eq(mp_barrier_waiting(&room->barrier), 0);
	mp_shared_free(room);
}
END_TEST

static int wait_at_barrier(void *argument)
{
	return mp_barrier_wait(&((struct room *)argument)->barrier, NULL);
}

START_TEST(a_barrier_breaks_for_all_and_stays_so_until_reset)
{
	struct room *room = new_room();
	struct mp_process process = {0};

	ck_assert_int_eq(mp_barrier_init(&room->barrier, 0), MP_INVALID);
	ck_assert_int_eq(mp_barrier_init(&room->barrier, 70000), MP_INVALID);
	ck_assert_int_eq(mp_barrier_init(&room->barrier, 3), MP_OK);
	mp_process_start(&process, wait_at_barrier, room);
	while (mp_barrier_waiting(&room->barrier) == 0)
		nap_ms(1);
	ck_assert_int_eq(mp_barrier_wait_timeout(&room->barrier, 10, NULL), MP_TIMEOUT);
	ck_assert_int_eq(code_of(&process), MP_BROKEN);
	ck_assert(mp_barrier_is_broken(&room->barrier));
	ck_assert_int_eq(mp_barrier_wait(&room->barrier, NULL), MP_BROKEN);
	ck_assert_int_eq(mp_barrier_reset(&room->barrier), MP_OK);
	ck_assert(!mp_barrier_is_broken(&room->barrier));
	mp_process_start(&process, wait_at_barrier, room);
	while (mp_barrier_waiting(&room->barrier) == 0)
		nap_ms(1);
	ck_assert_int_eq(mp_barrier_reset(&room->barrier), MP_OK);
	ck_assert_int_eq(code_of(&process), MP_BROKEN);
	mp_process_start(&process, wait_at_barrier, room);
	while (mp_barrier_waiting(&room->barrier) == 0)
		nap_ms(1);
	ck_assert_int_eq(mp_barrier_abort(&room->barrier), MP_OK);
	ck_assert_int_eq(code_of(&process), MP_BROKEN);
	mp_shared_free(room);
}
END_TEST

static int count_the_trip(void *argument)
{
	struct room *room = argument;

	room->items++;
	return room->items == 3 ? 1 : 0;
}

static int pass_twice(void *argument)
{
	struct room *room = argument;

	for (int i = 1; i <= 2; i++)
		if (mp_barrier_wait(&room->barrier, NULL) != MP_OK || room->items != i)
			return 100 + i;
	return mp_barrier_wait(&room->barrier, NULL);
}

START_TEST(a_barriers_action_is_done_once_before_anybody_goes_on)
{
	struct room *room = new_room();
	struct mp_process processes[PARTIES] = {0};

	ck_assert_int_eq(
		mp_barrier_init_action(&room->barrier, PARTIES, count_the_trip, room),
		MP_OK);
	for (int i = 0; i < PARTIES; i++)
		mp_process_start(&processes[i], pass_twice, room);
	/* The third one fails, and breaks the barrier for all. */
	for (int i = 0; i < PARTIES; i++)
		ck_assert_int_eq(code_of(&processes[i]), MP_BROKEN);
	ck_assert_int_eq(room->items, 3);
	ck_assert(mp_barrier_is_broken(&room->barrier));
	ck_assert_int_eq(mp_barrier_reset(&room->barrier), MP_OK);
	ck_assert_int_eq(mp_barrier_waiting(&room->barrier), 0);
	mp_shared_free(room);
}
END_TEST

static int hang_in_action(void *argument)
{
	(void)argument;
	return sleep_for_ever();
}

START_TEST(a_death_in_the_action_leaves_the_others_to_their_timeouts)
{
	struct room *room = new_room();
	struct mp_process process = {0};

	ck_assert_int_eq(
		mp_barrier_init_action(&room->barrier, 1, hang_in_action, NULL), MP_OK);
	mp_process_start(&process, wait_at_barrier, room);
	while (mp_barrier_waiting(&room->barrier) == 0)
		nap_ms(1);
	mp_process_kill(&process);
	ck_assert_int_eq(code_of(&process), -SIGKILL);
	ck_assert_int_eq(mp_barrier_wait_timeout(&room->barrier, 10, NULL), MP_TIMEOUT);
	ck_assert(mp_barrier_is_broken(&room->barrier));
	mp_shared_free(room);
}
END_TEST

START_TEST(a_party_that_died_waiting_has_come)
{
	struct room *room = new_room();
	struct mp_process process = {0};

	ck_assert_int_eq(mp_barrier_init(&room->barrier, 2), MP_OK);
	mp_process_start(&process, wait_at_barrier, room);
	while (mp_barrier_waiting(&room->barrier) == 0)
		nap_ms(1);
	mp_process_kill(&process);
	ck_assert_int_eq(code_of(&process), -SIGKILL);
	ck_assert_int_eq(mp_barrier_wait(&room->barrier, NULL), MP_OK);
	mp_shared_free(room);
}
END_TEST

#ifndef MP_THREADS

/* One that passed, and only runs again when the barrier has been broken, reset and used again. */
START_TEST(a_party_that_passed_is_told_so_whatever_came_after)
{
	struct room *room = new_room();
	struct mp_process stopped = {0};
	struct mp_process other = {0};
	int expected = _i == 1 ? MP_BROKEN : MP_OK;

	ck_assert_int_eq(mp_barrier_init(&room->barrier, 2), MP_OK);
	mp_process_start(&stopped, wait_at_barrier, room);
	while (mp_barrier_waiting(&room->barrier) != 1)
		nap_ms(1);
	kill(mp_process_id(&stopped), SIGSTOP);
	nap_ms(20);
	if (expected == MP_OK)
		ck_assert_int_eq(mp_barrier_wait(&room->barrier, NULL), MP_OK);
	else
		ck_assert_int_eq(mp_barrier_abort(&room->barrier), MP_OK);
	for (int i = 0; i < 4; i++) {
		mp_barrier_reset(&room->barrier);
		mp_process_start(&other, wait_at_barrier, room);
		while (mp_barrier_waiting(&room->barrier) != 1)
			nap_ms(1);
		if (i % 2 == 0)
			ck_assert_int_eq(mp_barrier_reset(&room->barrier), MP_OK);
		else
			ck_assert_int_eq(mp_barrier_wait(&room->barrier, NULL), MP_OK);
		ck_assert_int_eq(code_of(&other), i % 2 == 0 ? MP_BROKEN : MP_OK);
	}
	kill(mp_process_id(&stopped), SIGCONT);
	ck_assert_int_eq(code_of(&stopped), expected);
	mp_shared_free(room);
}
END_TEST

#endif

static const TTest *const *const tests[] = {
	&a_semaphore_admits_no_more_than_its_count,
	&semaphore_misuse_is_answered,
	&every_release_lets_one_sleeper_go,
	&an_event_lets_all_go,
	&events_can_be_cleared_and_set_again,
	&a_wait_keeps_the_depth_of_an_rlock,
	&a_barriers_action_is_done_once_before_anybody_goes_on,
	&no_notification_is_lost,
	&condition_misuse_is_answered,
	&nobody_passes_a_barrier_before_all_have_come,
	&a_barrier_breaks_for_all_and_stays_so_until_reset,
};

static const TTest *const *const hard[] = {
	&notify_lets_as_many_go_as_it_says,
	&a_death_in_the_action_leaves_the_others_to_their_timeouts,
	&a_party_that_died_waiting_has_come,
};

/* Each is run for every index. */
static const TTest *const *const loops[] = {
	&what_was_written_before_a_signal_is_seen_after_it,
#ifndef MP_THREADS
	&a_party_that_passed_is_told_so_whatever_came_after,
#endif
};

int main(void)
{
	Suite *suite = suite_create("sync");

	add_case(suite, "plain", tests, MP_COUNT(tests));
	if (MP_HARD_TESTS) {
		add_case(suite, "hard", hard, MP_COUNT(hard));
		add_loops(suite, "twice", loops, MP_COUNT(loops), 2);
	}
	return run_suite(suite);
}
