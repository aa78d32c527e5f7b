/* SPDX-License-Identifier: MIT */
/*
 * You are the scheduler: tasks that share a bank account stand still until you let one of
 * them take a step.
 *
 *	step(WITHDRAW, 1);      it reads the balance
 *	step(DEPOSIT, 3);       it reads the balance, adds to what it read, writes
 *	step(WITHDRAW, 2);      it subtracts from what it read, writes
 */
#ifndef SCHEDULER_H
#define SCHEDULER_H

/* The tasks of the first three schedules. */
enum { WITHDRAW, DEPOSIT };

/* Those of the last one. */
enum { FIRST, SECOND, THIRD };

enum { STEPS_OF_AN_UPDATE = 3 }; /* read, compute, write */

/* Lets the task take its next `count` steps, and returns when it has taken them. A task
 * whose steps are all taken has ended: it has no next one. */
void step(int task, int count);

/* The balance is 100. WITHDRAW takes 1 out and DEPOSIT puts 1 in, one update each. When
 * the function returns, both tasks have ended and the balance is as the name says. It may be
 * called again, with a new account and new tasks. */
void ends_with_100(void);
void ends_with_99(void);
void ends_with_101(void);

/* The balance is 100. FIRST, SECOND and THIRD put 1 in each, `turns` times; turns is 3 or
 * more. When the function returns, all three have ended and the balance is as far from
 * 100 + 3 * turns as it can be. It may be called again, as those above. */
void farthest(int turns);

#endif
