/* SPDX-License-Identifier: MIT */
/*
 * What the checks and the player share in one run: the inputs and the counter.
 *
 *	struct work *work = play_shared(sizeof(*work));
 *	work->times = 3;
 *	play_start("add", work);
 */
#ifndef WORK_H
#define WORK_H

#include "counter.h"

struct work {
	struct counter counter;
	long times;
};

#endif
