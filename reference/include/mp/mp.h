/* SPDX-License-Identifier: MIT */
#ifndef MP_MP_H
#define MP_MP_H

/*
 * Everything: processes that share memory, and what keeps them in order. The names and
 *their meaning follow Python's multiprocessing; reference/README.md lists both side by
 *side.
 *
 *	#include <mp/mp.h>
 *	cc program.c $(pkg-config --cflags --libs mp)
 */

#include <mp/array.h>
#include <mp/lock.h>
#include <mp/pool.h>
#include <mp/process.h>
#include <mp/rlock.h>
#include <mp/shared.h>
#include <mp/status.h>
#include <mp/value.h>

#endif
