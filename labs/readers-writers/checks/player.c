/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>

#include <sched.h>
#include <stddef.h>

static struct notes *notes(void)
{
	return interlock_notes();
}

/* What one does who is inside. The others get their chance to be there as well. */
static void look_around(atomic_int *met, int allowed)
{
	sched_yield();
	if (atomic_load(&notes()->writing) > allowed ||
		(allowed == 1 && atomic_load(&notes()->reading) > 0))
		interlock_note_add(met, 1);
}

static void read_once(struct work *work)
{
	int wanted = atomic_load(&notes()->wanted);
	rwlock_begin_read(&work->lock);
	interlock_note_add(&notes()->reading, 1);
	if (wanted & ~atomic_load(&notes()->been))
		interlock_note_add(&notes()->overtaken, 1);
	look_around(&notes()->met_writer, 0);
	interlock_note_add(&notes()->reading, -1);
	interlock_note_add(&notes()->reads, 1);
	rwlock_end_read(&work->lock);
}

static void write_once(struct work *work)
{
	rwlock_want_write(&work->lock);
	rwlock_begin_write(&work->lock);
	interlock_note_add(&notes()->writing, 1);
	look_around(&notes()->met_anybody, 1);
	interlock_note_add(&notes()->writes, 1);
	interlock_note_add(&notes()->writing, -1);
	rwlock_end_write(&work->lock);
}

static int read_rounds(void *argument)
{
	struct work *work = argument;
	for (long i = 0; i < work->rounds; i++)
		read_once(work);
	return 0;
}

static int write_rounds(void *argument)
{
	struct work *work = argument;
	for (long i = 0; i < work->rounds; i++)
		write_once(work);
	return 0;
}

static int alone(void *argument)
{
	struct work *work = argument;
	for (long i = 0; i < work->rounds; i++) {
		read_once(work);
		write_once(work);
		write_once(work);
		read_once(work);
	}
	return 0;
}

/* Each of these leaves only when all of them are inside, or they wait for ever. An answer can
 * write on the semaphores, so what is believed is how many have come by then. */
static void meet(struct guest *guest, long round)
{
	struct work *work = guest->work;
	rwlock_begin_read(&work->lock);
	interlock_note_add(&notes()->met, 1);
	for (int i = 0; i < MEETING; i++)
		if (i != guest->number)
			mp_semaphore_release(&work->guests[i].here);
	for (int i = 0; i < MEETING - 1; i++)
		mp_semaphore_acquire(&guest->here);
	if (atomic_load(&notes()->met) < MEETING * (round + 1))
		interlock_note_add(&notes()->left_alone, 1);
	interlock_note_add(&notes()->reads, 1);
	rwlock_end_read(&work->lock);
}

/* The first has written before. */
static int meet_rounds(void *argument)
{
	struct guest *guest = argument;
	struct work *work = guest->work;
	if (guest->number == 0) {
		write_once(work);
		for (int i = 0; i < MEETING - 1; i++)
			mp_semaphore_release(&work->go_on);
	} else {
		mp_semaphore_acquire(&work->go_on);
	}
	for (long i = 0; i < work->rounds; i++)
		meet(guest, i);
	return 0;
}

/* Comes while a writer is inside. */
static int meet_behind(void *argument)
{
	struct guest *guest = argument;
	mp_semaphore_acquire(&guest->work->go_on);
	meet(guest, 0);
	return 0;
}

static int write_before_they_meet(void *argument)
{
	struct work *work = argument;
	rwlock_want_write(&work->lock);
	rwlock_begin_write(&work->lock);
	for (int i = 0; i < MEETING; i++)
		mp_semaphore_release(&work->go_on);
	interlock_note_add(&notes()->writes, 1);
	rwlock_end_write(&work->lock);
	return 0;
}

static int read_then_tell(void *argument)
{
	struct work *work = argument;
	read_rounds(work);
	mp_semaphore_release(&work->inside);
	return 0;
}

/* Writes when two readers have been there and left. */
static int write_after_two(void *argument)
{
	struct work *work = argument;
	mp_semaphore_acquire(&work->inside);
	mp_semaphore_acquire(&work->inside);
	write_once(work);
	return 0;
}

static int stay(struct work *work)
{
	interlock_note_add(&notes()->staying, 1);
	mp_semaphore_release(&work->inside);
	mp_semaphore_acquire(&work->go_on); /* nobody says so */
	return 0;
}

static int read_and_stay(void *argument)
{
	struct work *work = argument;
	rwlock_begin_read(&work->lock);
	return stay(work);
}

static int write_and_stay(void *argument)
{
	struct work *work = argument;
	rwlock_want_write(&work->lock);
	rwlock_begin_write(&work->lock);
	return stay(work);
}

/* Says that it wants to write, and begins never. */
static int want_and_stay(void *argument)
{
	struct work *work = argument;
	rwlock_want_write(&work->lock);
	return stay(work);
}

static int read_behind(void *argument)
{
	struct work *work = argument;
	mp_semaphore_acquire(&work->inside);
	rwlock_begin_read(&work->lock);
	interlock_note_add(&notes()->came_in, 1);
	return 0;
}

static int write_behind(void *argument)
{
	struct work *work = argument;
	mp_semaphore_acquire(&work->inside);
	rwlock_want_write(&work->lock);
	rwlock_begin_write(&work->lock);
	interlock_note_add(&notes()->came_in, 1);
	return 0;
}

/* Is inside, leaves, and is still there while somebody else comes in; first to read, then to
 * write. */
static int leave_and_stay(void *argument)
{
	struct work *work = argument;
	read_once(work);
	mp_semaphore_release(&work->inside);
	mp_semaphore_acquire(&work->go_on);
	write_once(work);
	mp_semaphore_release(&work->inside);
	mp_semaphore_acquire(&work->go_on);
	return 0;
}

static int come_after(void *argument)
{
	struct work *work = argument;
	for (int i = 0; i < 2; i++) {
		mp_semaphore_acquire(&work->inside);
		read_once(work);
		write_once(work);
		mp_semaphore_release(&work->go_on);
	}
	return 0;
}

/* Is inside when a writer says that it wants to write, and leaves after that. */
static int read_until_wanted(void *argument)
{
	struct work *work = argument;
	rwlock_begin_read(&work->lock);
	mp_semaphore_release(&work->inside);
	mp_semaphore_acquire(&work->wants);
	rwlock_end_read(&work->lock);
	mp_semaphore_release(&work->left);
	return 0;
}

/* Each writer has a bit, so that a reader knows which of them came before it. */
enum { FIRST_WRITER = 1, SECOND_WRITER = 2 };

static void want(struct work *work, long writer)
{
	rwlock_want_write(&work->lock);
	interlock_note_add(&notes()->wanted, writer);
}

static void write_wish(struct work *work, long writer)
{
	rwlock_begin_write(&work->lock);
	interlock_note_add(&notes()->been, writer);
	interlock_note_add(&notes()->writes, 1);
	rwlock_end_write(&work->lock);
}

/* The reader can leave as soon as the writer has said that it wants to write. */
static int write_wanted(void *argument)
{
	struct work *work = argument;
	mp_semaphore_acquire(&work->inside);
	want(work, FIRST_WRITER);
	mp_semaphore_release(&work->wants);
	mp_semaphore_release(&work->go_on);
	mp_semaphore_acquire(&work->left);
	write_wish(work, FIRST_WRITER);
	return 0;
}

/* Lets all through that come once the writer wants to write. */
static void await_wish(struct work *work)
{
	mp_semaphore_acquire(&work->go_on);
	mp_semaphore_release(&work->go_on);
}

static int read_when_wanted(void *argument)
{
	struct work *work = argument;
	await_wish(work);
	read_once(work);
	return 0;
}

static int write_when_wanted(void *argument)
{
	struct work *work = argument;
	await_wish(work);
	want(work, SECOND_WRITER);
	write_wish(work, SECOND_WRITER);
	return 0;
}

const struct player_entry player_entries[] = {
	{"alone", alone},
	{"read", read_rounds},
	{"write", write_rounds},
	{"meet_rounds", meet_rounds},
	{"meet_behind", meet_behind},
	{"write_before_they_meet", write_before_they_meet},
	{"read_then_tell", read_then_tell},
	{"write_after_two", write_after_two},
	{"read_and_stay", read_and_stay},
	{"write_and_stay", write_and_stay},
	{"want_and_stay", want_and_stay},
	{"read_behind", read_behind},
	{"write_behind", write_behind},
	{"leave_and_stay", leave_and_stay},
	{"come_after", come_after},
	{"read_until_wanted", read_until_wanted},
	{"write_wanted", write_wanted},
	{"read_when_wanted", read_when_wanted},
	{"write_when_wanted", write_when_wanted},
	{NULL, NULL},
};
