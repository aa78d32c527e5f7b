/* SPDX-License-Identifier: MIT */
/* Leave a message queue. */
#include <fcntl.h>
#include <mqueue.h>

static int attack(void)
{
	mqd_t queue = mq_open("/interlock-hostile", O_CREAT | O_RDWR, 0600, (void *)0);

	if (queue >= 0)
		(void)mq_unlink("/interlock-hostile");
	return queue >= 0;
}
