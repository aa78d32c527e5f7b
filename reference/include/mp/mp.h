/* SPDX-License-Identifier: MIT */
#ifndef MP_MP_H
#define MP_MP_H

/*
 * Everything: processes that share memory, and what keeps them in order. The names and
 * their meaning follow Python's multiprocessing; reference/README.md lists both side by
 * side.
 *
 *	#include <mp/mp.h>
 *	cc program.c $(pkg-config --cflags --libs mp)
 */

#include <mp/arena.h>
#include <mp/array.h>
#include <mp/barrier.h>
#include <mp/condition.h>
#include <mp/event.h>
#include <mp/lock.h>
#include <mp/pipe.h>
#include <mp/pool.h>
#include <mp/process.h>
#include <mp/queue.h>
#include <mp/rlock.h>
#include <mp/semaphore.h>
#include <mp/shared.h>
#include <mp/status.h>
#include <mp/value.h>

#endif
