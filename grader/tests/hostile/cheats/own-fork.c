/* SPDX-License-Identifier: MIT */
/* Update in a child that the explorer is not told of. */
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void change(struct account *account, long times, long amount)
{
	pid_t child = (pid_t)syscall(SYS_fork);

	for (long i = 0; child == 0 && i < times; i++)
		account->balance += amount;
	if (child == 0)
		_exit(0);
	(void)waitpid(child, 0, 0);
}

void account_withdraw(struct account *account, long times, long amount)
{
	change(account, times, -amount);
}

void account_deposit(struct account *account, long times, long amount)
{
	change(account, times, amount);
}
