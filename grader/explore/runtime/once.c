/* SPDX-License-Identifier: MIT */
#include "sync.h"

#include <errno.h>

int runtime_pthread_once(pthread_once_t *once, void (*routine)(void))
{
	enum { RUNNING = 1, DONE = 2 };
	if (!explore_self.task) {
		if (*once != DONE)
			routine();
		*once = DONE;
		return 0;
	}
	struct operation operation = operation_on(STEP_ONCE, once);
	point(&operation);
	if (*once == 0) {
		*once = RUNNING;
		routine();
		*once = DONE;
		object_release(operation.address);
		set_able(operation.address, KIND(STEP_ONCE), true);
		touched();
	}
	while (*once != DONE)
		arrive(&operation, false);
	object_acquire(operation.address);
	return 0;
}
