/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>
#include <mp/process.h>

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static bool is_mapped(void *address)
{
	unsigned char resident;
	long page = sysconf(_SC_PAGESIZE);
	uintptr_t start = (uintptr_t)address & ~(uintptr_t)(page - 1);
	return mincore((void *)start, (size_t)page, &resident) == 0;
}

/* All values exist at once, so that two that share their memory are seen. */
static int one_of_each(void *argument)
{
	struct work *work = argument;
	struct value *values[TYPES];
	for (int i = 0; i < TYPES; i++) {
		values[i] = value_new(typecodes[i]);
		work->made[i] = values[i] != NULL;
		work->zero[i] = values[i] ? value_get(values[i]) : -1;
	}
	for (int i = 0; i < TYPES; i++)
		if (values[i])
			value_set(values[i], work->numbers[i]);
	for (int i = 0; i < TYPES; i++)
		if (values[i])
			work->got[i] = value_get(values[i]);
	for (int i = 0; i < TYPES; i++)
		if (values[i])
			value_add(values[i], -1);
	for (int i = 0; i < TYPES; i++)
		if (values[i]) {
			value_free(values[i]);
			work->kept[i] = is_mapped(values[i]);
		}
	return 0;
}

/* From then on no more than so many bytes can be mapped. Returns how many could be. */
static rlim_t limit_memory(rlim_t bytes)
{
	struct rlimit limit = {0, 0};
	getrlimit(RLIMIT_AS, &limit);
	rlim_t before = limit.rlim_cur;
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_AS, &limit);
	return before;
}

static int refuse(void *argument)
{
	struct work *work = argument;
	for (int i = 0; i < CHARACTERS; i++) {
		struct value *value = value_new((char)i);
		work->given[i] = value != NULL;
		if (value)
			value_free(value);
	}
	rlim_t before = limit_memory(0);
	work->given_without_memory = value_new('l') != NULL;
	limit_memory(before);
	return 0;
}

static void look_at_lock(struct held *held, struct value *value, int way, long number)
{
	if (!mp_lock_is_free(&value->lock) && held->times++ == 0) {
		held->way = way;
		held->typecode = value->typecode;
		held->number = number;
	}
}

static void set_and_look(struct held *held, struct value *value, long number)
{
	value_set(value, number);
	look_at_lock(held, value, SET, number);
}

static void add_and_look(struct held *held, struct value *value, long number)
{
	value_add(value, number);
	look_at_lock(held, value, ADD, number);
}

static long get_and_look(struct held *held, struct value *value)
{
	long number = value_get(value);
	look_at_lock(held, value, GET, number);
	return number;
}

/* The edges begin with 0, which a new value is already. Values of all types exist at once. */
static int edges(void *argument)
{
	struct work *work = argument;
	struct held *held = &work->held;
	struct value *values[TYPES];
	for (int i = 0; i < TYPES; i++)
		if (!(values[i] = value_new(typecodes[i])))
			return 0;
	for (int i = 0; i < TYPES; i++) {
		struct value *value = values[i];
		for (int k = 0; k < EDGES; k++) {
			set_and_look(held, value, work->edges[i][k]);
			work->set_edges[i][k] = get_and_look(held, value);
			add_and_look(held, value, work->edges[i][EDGES - 1 - k]);
			work->sums[i][k] = get_and_look(held, value);
		}
	}
	return 0;
}

static bool one_more_page_fits(rlim_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	rlim_t before = limit_memory(bytes);
	void *more = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (more != MAP_FAILED)
		munmap(more, page);
	limit_memory(before);
	return more != MAP_FAILED;
}

/* How much is mapped: the most that, as a limit, leaves no room for another page. */
static long pages_mapped(void)
{
	rlim_t page = (rlim_t)sysconf(_SC_PAGESIZE);
	rlim_t too_few = 0;
	rlim_t enough = (rlim_t)1 << 36; /* pages: more than addresses reach */
	while (enough - too_few > 1) {
		rlim_t middle = too_few + (enough - too_few) / 2;
		if (one_more_page_fits(middle * page))
			enough = middle;
		else
			too_few = middle;
	}
	return (long)too_few;
}

static void come_and_go(char typecode)
{
	struct value *value = value_new(typecode);
	if (value)
		value_free(value);
}

struct child {
	struct work *work;
	struct value *value;
	long number;
};

static int set_and_free(void *argument)
{
	struct child *child = argument;
	value_set(child->value, child->number);
	value_free(child->value);
	return 0;
}

/* The first values pay for what is mapped once. */
static int give_back(void *argument)
{
	struct work *work = argument;
	struct child child = {work, value_new('l'), work->numbers[0]};
	struct mp_process process = {0};
	if (!child.value)
		return 0;
	mp_process_start(&process, set_and_free, &child);
	mp_process_join(&process);
	work->after_free = value_get(child.value);
	one_of_each(work);
	come_and_go('x');
	long before = pages_mapped();
	for (int i = 0; i < TYPES; i++) {
		come_and_go(typecodes[i]);
		come_and_go('x');
	}
	work->pages_left = pages_mapped() - before;
	return 0;
}

static int set_in_child(void *argument)
{
	struct child *child = argument;
	value_set(child->value, child->number);
	return 0;
}

static int across(void *argument)
{
	struct work *work = argument;
	struct child child = {work, value_new('l'), work->numbers[0]};
	struct mp_process process = {0};
	if (!child.value)
		return 0;
	mp_process_start(&process, set_in_child, &child);
	mp_process_join(&process);
	work->got[0] = value_get(child.value);
	return 0;
}

/* Each of these needs the lock that the parent used for something else before. */
static int use_after_parent(void *argument)
{
	struct value **values = argument;
	value_add(values[0], 1);
	value_get(values[1]);
	value_set(values[2], 1);
	return 0;
}

static int use_before_child(void *argument)
{
	struct work *work = argument;
	struct value *values[3];
	struct mp_process process = {0};
	edges(work);
	for (int i = 0; i < 3; i++)
		if (!(values[i] = value_new('l')))
			return 0;
	value_set(values[0], 1);
	value_add(values[1], 1);
	value_get(values[2]);
	mp_process_start(&process, use_after_parent, values);
	mp_process_join(&process);
	work->times++;
	return 0;
}

static void pass_gate(struct work *work)
{
	atomic_fetch_add(&work->at_the_gate, 1);
	while (atomic_load(&work->at_the_gate) < work->gate)
		sched_yield();
}

/* One of those who meet at a value. */
struct guest {
	struct work *work;
	struct value *value;
	int width;
	long number;
};

enum { MOST_GUESTS = 3 };

static void meet(struct work *work, int width, int (*const entries[])(void *),
	const long numbers[], int count)
{
	struct guest guests[MOST_GUESTS];
	struct mp_process processes[MOST_GUESTS] = {0};
	struct value *value = value_new(width_typecodes[width]);
	if (!value)
		return;
	atomic_store(&work->at_the_gate, 0);
	for (int i = 0; i < count; i++) {
		guests[i] = (struct guest){work, value, width, numbers[i]};
		mp_process_start(&processes[i], entries[i], &guests[i]);
	}
	for (int i = 0; i < count; i++)
		mp_process_join(&processes[i]);
	work->ends[width] = value_get(value);
}

static int add_meanwhile(void *argument)
{
	const struct guest *guest = argument;
	pass_gate(guest->work);
	for (long i = 0; i < guest->work->times; i++)
		value_add(guest->value, guest->number);
	return 0;
}

static int set_meanwhile(void *argument)
{
	const struct guest *guest = argument;
	pass_gate(guest->work);
	value_set(guest->value, guest->number);
	return 0;
}

static int look_and_set_meanwhile(void *argument)
{
	const struct guest *guest = argument;
	pass_gate(guest->work);
	guest->work->meanwhile[guest->width] = value_get(guest->value);
	value_set(guest->value, guest->number);
	return 0;
}

static int adders(void *argument)
{
	static int (*const entries[ADDERS])(void *) = {add_meanwhile, add_meanwhile};
	struct work *work = argument;
	for (int i = 0; i < WIDTHS; i++)
		meet(work, i, entries, work->amounts, ADDERS);
	return 0;
}

/* One adds, one sets, and one looks and sets, all at once. */
static int mixed(void *argument)
{
	static int (*const entries[])(void *) = {
		add_meanwhile, set_meanwhile, look_and_set_meanwhile};
	struct work *work = argument;
	const long numbers[] = {work->amounts[0], work->set_to[0], work->set_to[1]};
	for (int i = 0; i < WIDTHS; i++)
		meet(work, i, entries, numbers, 3);
	return 0;
}

static void use(struct value *value, int way)
{
	if (way == SET)
		value_set(value, 1);
	else if (way == ADD)
		value_add(value, 1);
	else
		value_get(value);
}

struct user {
	struct work *work;
	struct value *value;
	int way;
};

static int use_held(void *argument)
{
	const struct user *user = argument;
	use(user->value, user->way);
	atomic_store(&user->work->got_in[user->way], 1);
	return 0;
}

static int use_free(void *argument)
{
	const struct user *user = argument;
	for (int way = 0; way < USES; way++) {
		use(user->value, way);
		atomic_fetch_add(&user->work->other_used, 1);
	}
	return 0;
}

/* Holds the locks of three values, each of which somebody wants to use in another way, while
 * somebody else uses a fourth. */
static int hold_three_of_four(void *argument)
{
	struct work *work = argument;
	struct user users[USES + 1];
	struct mp_process processes[USES + 1] = {0};
	for (int i = 0; i <= USES; i++) {
		users[i] = (struct user){work, value_new('l'), i};
		if (!users[i].value)
			return 0;
	}
	for (int i = 0; i < USES; i++)
		mp_lock_acquire(&users[i].value->lock);
	for (int i = 0; i <= USES; i++)
		mp_process_start(
			&processes[i], i < USES ? use_held : use_free, &users[i]);
	for (int i = 0; i <= USES; i++)
		mp_process_join(&processes[i]);
	return 0;
}

const struct player_entry player_entries[] = {
	{"one_of_each", one_of_each},
	{"refuse", refuse},
	{"edges", edges},
	{"give_back", give_back},
	{"across", across},
	{"use_before_child", use_before_child},
	{"adders", adders},
	{"mixed", mixed},
	{"hold_three_of_four", hold_three_of_four},
	{NULL, NULL},
};
