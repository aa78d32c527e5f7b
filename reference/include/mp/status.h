/* SPDX-License-Identifier: MIT */
#ifndef MP_STATUS_H
#define MP_STATUS_H

/*
 * What the functions of the library answer. Zero is success; everything else names what
 * did not happen. Nothing in the library prints, aborts or touches errno on a misuse.
 *
 *	int status = mp_lock_acquire_timeout(lock, 100);
 *	if (status == MP_TIMEOUT)
 *		puts("somebody else holds it");
 *	else if (status != MP_OK)
 *		puts(mp_status_text(status));
 *
 * mp_status_text may be called anywhere, also in signal handlers and after a fork.
 */

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

enum mp_status {
	MP_OK = 0,
	MP_TIMEOUT,	    /* the time was up first */
	MP_OWNER_DIED,	    /* you hold the lock; its last owner died holding it */
	MP_BUSY,	    /* it cannot be had without waiting */
	MP_NOT_OWNER,	    /* only the owner may do that */
	MP_NOT_LOCKED,	    /* nobody holds it */
	MP_DEADLOCK,	    /* the caller would wait for itself */
	MP_INVALID,	    /* an argument is out of its range */
	MP_WRONG_TYPE,	    /* the typecode does not hold such a value */
	MP_OUT_OF_RANGE,    /* no element has that index */
	MP_NO_MEMORY,	    /* the system has no memory to give */
	MP_NOT_STARTED,	    /* the process was not started */
	MP_ALREADY_STARTED, /* the process was started and is not joined yet */
	MP_NOT_PARENT,	    /* only the process that started it may do that */
	MP_STILL_RUNNING,   /* it has not ended yet */
	MP_IS_DAEMON,	    /* a daemon may not start processes */
	MP_OVERFLOW,	    /* the counter is at its maximum */
	MP_BROKEN,	    /* the barrier is broken */
	MP_FULL,	    /* the queue has no room */
	MP_EMPTY,	    /* the queue holds no item */
	MP_CLOSED,	/* closed: nothing more is accepted, or nothing more will come */
	MP_TRUNCATED,	/* the message is longer than the room for it */
	MP_ITEM_FAILED, /* at least one item of the map failed */
	MP_INITIALIZER_FAILED, /* a worker's initializer failed: the pool is broken */
	MP_TERMINATED,	       /* the pool was terminated first */
	MP_END,		       /* the iterator has delivered everything */
	MP_UNSUPPORTED, /* this build of the library, or this kernel, cannot do it */
	MP_SYSTEM,	/* a system call failed; errno says how */
	MP_LOST,	/* somebody else reaped the process: how it ended is not known */
	MP_CANCELLED,	/* it was cancelled before it began */
};

/* A sentence for people, for every number: an unknown one gives "unknown status". */
const char *mp_status_text(int status);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
