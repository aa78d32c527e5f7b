/* SPDX-License-Identifier: MIT */
/*
 * A witness as a drawing: a lane for each task with time going down, a band where a lock is
 * held, an arrow from a stale read to the write that loses an update by it, a broken line
 * between two accesses that nothing orders, and a cycle of tasks that wait for each other.
 *
 *	struct buffer picture = {0};
 *	ladder_svg(&picture, ladder, "w1", witness_style);	... a file of its own
 *	ladder_draw(writer, ladder, "w1", NULL);		... in a page that has the style
 */
#ifndef INTERLOCK_LADDER_SVG_H
#define INTERLOCK_LADDER_SVG_H

#include "base/markup.h"
#include "ladder/ladder.h"

/* `name` is what the drawing's ids begin with; `style`, a style sheet, may be NULL. */
void ladder_draw(xmlTextWriterPtr writer, const struct ladder *ladder, const char *name,
	const char *style);
void ladder_svg(struct buffer *picture, const struct ladder *ladder, const char *name,
	const char *style);

#endif
