/* fails moves_right_alone: says that it moved the money and does not */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	(void)giver;
	(void)taker;
	(void)amount;
	return 0;
}
