/* SPDX-License-Identifier: MIT */
/* Leave shared memory that outlives every process. */
#include <sys/ipc.h>
#include <sys/shm.h>

static int attack(void)
{
	int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);

	if (id >= 0)
		(void)shmctl(id, IPC_RMID, 0);
	return id >= 0;
}
