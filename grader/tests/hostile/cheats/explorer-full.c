/* SPDX-License-Identifier: MIT */
/* Stop the explorer at its first step, by a call that it cannot follow; update in children, each
 * of which has a helgrind of its own. */
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void change(struct account *account, long times, long amount)
{
	static int word;
	enum { NO_SUCH_OPERATION = 99 };

	(void)syscall(SYS_futex, &word, NO_SUCH_OPERATION, 0, 0, 0, 0);
	pid_t child = fork();
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
