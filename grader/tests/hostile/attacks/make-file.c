/* SPDX-License-Identifier: MIT */
/* Leave a file in a folder of the host that everybody may write to. */
#include <fcntl.h>
#include <unistd.h>

static int attack(void)
{
	if (open(FOLDER "/left", O_WRONLY | O_CREAT, 0666) < 0)
		return 0;
	(void)unlink(FOLDER "/left");
	return 1;
}
