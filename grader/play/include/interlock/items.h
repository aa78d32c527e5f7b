/* SPDX-License-Identifier: MIT */
/*
 * Marks for items of work that may be in progress at once, for the explorer to count:
 *
 *	long slow_square(long number)
 *	{
 *		interlock_item_begin();
 *		long square = number * number;
 *		interlock_item_end();
 *		return square;
 *	}
 *
 * Outside the explorer the marks do nothing, and a program that has them needs no library of
 * ours to be linked. In the explorer a task can be preempted before the end of an item, even
 * where nothing else is a step. If items were begun, the search was complete or covered all
 * schedules with a preemption, and no two were ever in progress at once, that is a defect,
 * `serial`: too much is ordered. An item that its task marks inside another is part of it.
 */
#ifndef INTERLOCK_ITEMS_H
#define INTERLOCK_ITEMS_H

/* Defined by the explorer's runtime; nowhere else. */
extern void interlock_mark_begin(void) __attribute__((weak));
extern void interlock_mark_end(void) __attribute__((weak));

/* The calling task begins to work on an item. A macro, so that a report names its line. */
#define interlock_item_begin() (interlock_mark_begin ? interlock_mark_begin() : (void)0)

/* It is done with the item that it began last. */
#define interlock_item_end() (interlock_mark_end ? interlock_mark_end() : (void)0)

#endif
