/* fails moves_right_alone: prints what the handout shows and moves nothing */
#include "transfer.h"

#include <stdio.h>

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	(void)giver;
	(void)taker;
	(void)amount;
	printf("70 30\n");
	return 0;
}
