/* SPDX-License-Identifier: MIT */
/* Two processes that ask again and again for what nobody gives, in place of waiting for it. */
#include <mp/process.h>
#include <mp/semaphore.h>
#include <mp/shared.h>

static int try_for_ever(void *argument)
{
	struct mp_semaphore *semaphore = argument;
	while (mp_semaphore_try_acquire(semaphore) != MP_OK)
		;
	return 0;
}

int main(void)
{
	struct mp_semaphore *semaphore = mp_shared_new(sizeof(*semaphore));
	struct mp_process processes[2] = {0};
	mp_semaphore_init(semaphore, 0);
	for (int i = 0; i < 2; i++)
		mp_process_start(&processes[i], try_for_ever, semaphore);
	for (int i = 0; i < 2; i++)
		mp_process_join(&processes[i]);
	return 0;
}
