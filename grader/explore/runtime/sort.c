/* SPDX-License-Identifier: MIT */
/*
 * The C library's functions that call the program back: sorting and searching. The order of
 * comparisons is that of a stable merge sort, as the C library's own. Elements that are moved
 * are announced; what the comparison looks at, it announces itself.
 */
#include "runtime.h"

typedef int compare(const void *a, const void *b);
typedef int compare_with(const void *a, const void *b, void *argument);

void *runtime_malloc(size_t size);
void runtime_free(void *pointer);

struct sorting {
	struct frame *frame; /* of the call: the comparison enters the runtime, too */
	size_t size;
	compare *plain;
	compare_with *with;
	void *argument;
	char *room;
};

static int ask(const struct sorting *sorting, const void *a, const void *b)
{
	return sorting->with ? sorting->with(a, b, sorting->argument)
			     : sorting->plain(a, b);
}

static void announce(
	const struct sorting *sorting, const void *at, size_t count, unsigned flags)
{
	explore_self.frame = sorting->frame;
	if (explore_self.task)
		explore_self.task->within++;
	access_memory(at, count * sorting->size, flags, sorting->frame->pc);
}

static char *take(const struct sorting *sorting, char *to, const char *from)
{
	announce(sorting, from, 1, 0);
	real.memcpy(to, from, sorting->size);
	return to + sorting->size;
}

static void merge_sort(const struct sorting *sorting, char *base, size_t count)
{
	size_t size = sorting->size;
	if (count < 2)
		return;
	char *left = base, *middle = base + count / 2 * size, *right = middle;
	const char *end = base + count * size;
	merge_sort(sorting, base, count / 2);
	merge_sort(sorting, middle, count - count / 2);
	char *to = sorting->room;
	while (left < middle && right < end) {
		char **next = ask(sorting, left, right) <= 0 ? &left : &right;
		to = take(sorting, to, *next);
		*next += size;
	}
	/* What is left of the right half stands where it belongs. */
	for (; left < middle; left += size)
		to = take(sorting, to, left);
	size_t moved = (size_t)(to - sorting->room);
	announce(sorting, base, moved / size, FLAG_WRITE);
	real.memcpy(base, sorting->room, moved);
}

static void sort(struct sorting *sorting, void *base, size_t count)
{
	sorting->frame = explore_self.frame;
	if (count > 1 && sorting->size) {
		sorting->room = runtime_malloc(count * sorting->size);
		if (!sorting->room)
			execution_full("bytes to sort");
		merge_sort(sorting, base, count);
		explore_self.frame = sorting->frame;
		runtime_free(sorting->room);
	}
	explore_self.frame = sorting->frame;
	if (explore_self.task)
		explore_self.task->within = 0;
}

void runtime_qsort(void *base, size_t count, size_t size, compare *order)
{
	struct sorting sorting = {.size = size, .plain = order};
	sort(&sorting, base, count);
}

void runtime_qsort_r(
	void *base, size_t count, size_t size, compare_with *order, void *argument)
{
	struct sorting sorting = {.size = size, .with = order, .argument = argument};
	sort(&sorting, base, count);
}

void *runtime_bsearch(
	const void *key, const void *base, size_t count, size_t size, compare *order)
{
	struct frame *frame = explore_self.frame;
	const char *found = NULL;
	size_t from = 0;
	while (!found && from < count) {
		size_t middle = from + (count - from) / 2;
		const char *at = (const char *)base + middle * size;
		int difference = order(key, at);
		if (difference == 0)
			found = at;
		else if (difference < 0)
			count = middle;
		else
			from = middle + 1;
	}
	explore_self.frame = frame;
	return (void *)(uintptr_t)found;
}
