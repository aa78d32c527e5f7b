/* As the solution, with names put together, lines spliced and a pragma in a macro. */
#include "account.h"

#define JOIN(a, b) a##b
#define WITHOUT(warning) _Pragma(#warning)

WITHOUT(GCC diagnostic push)
WITHOUT(GCC diagnostic ignored "-Wmissing-prototypes")

void JOIN(account_, \
	withdraw)(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance -= amount;
		mp_lock_release(&account->lock);
	}
	(void)account;
	(void)amount;
}

void JOIN(account_, \
	deposit)(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance += amount;
		mp_lock_release(&account->lock);
	}
	(void)account;
	(void)amount;
}

WITHOUT(GCC diagnostic pop)
