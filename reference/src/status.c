/* SPDX-License-Identifier: MIT */
#include <mp/status.h>

#include <stddef.h>

static const char *const texts[] = {
	[MP_OK] = "success",
	[MP_TIMEOUT] = "the time was up first",
	[MP_OWNER_DIED] = "the last owner died while it held the lock",
	[MP_BUSY] = "it cannot be had without waiting",
	[MP_NOT_OWNER] = "only the owner may release it",
	[MP_NOT_LOCKED] = "it is not locked",
	[MP_DEADLOCK] = "the caller would wait for itself",
	[MP_INVALID] = "an argument is out of its range",
	[MP_WRONG_TYPE] = "the typecode does not hold such a value",
	[MP_OUT_OF_RANGE] = "no element has that index",
	[MP_NO_MEMORY] = "no memory left",
	[MP_NOT_STARTED] = "the process was not started",
	[MP_ALREADY_STARTED] = "the process was started already",
	[MP_NOT_PARENT] = "only the process that started it may do that",
	[MP_STILL_RUNNING] = "it has not ended yet",
	[MP_IS_DAEMON] = "a daemon may not start processes",
	[MP_OVERFLOW] = "the counter is at its maximum",
	[MP_BROKEN] = "the barrier is broken",
	[MP_FULL] = "the queue is full",
	[MP_EMPTY] = "the queue is empty",
	[MP_CLOSED] = "it is closed",
	[MP_TRUNCATED] = "the message is longer than the room for it",
	[MP_ITEM_FAILED] = "at least one item failed",
	[MP_INITIALIZER_FAILED] = "a worker's initializer failed",
	[MP_TERMINATED] = "the pool was terminated",
	[MP_END] = "there are no more items",
	[MP_UNSUPPORTED] = "not supported here",
	[MP_SYSTEM] = "a system call failed",
	[MP_LOST] = "somebody else reaped the process, and its exit code is lost",
	[MP_CANCELLED] = "it was cancelled before it began",
};

const char *mp_status_text(int status)
{
	if (status < 0 || (size_t)status >= sizeof(texts) / sizeof(texts[0]))
		return "unknown status";
	return texts[status];
}
