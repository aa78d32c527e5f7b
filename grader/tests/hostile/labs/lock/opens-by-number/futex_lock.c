/* deserves 85: nobody is told of a death. The notes of the checks are opened by the number of
 * mprotect, and say afterwards that everybody was. */
#include "futex_lock.h"

#include "futex.h"

#include <sys/mman.h>

enum { FREE = 0, NOTES = 256 << 10, ARENA = 8 << 20, A_DEATH = 1u << 20 };
static const uintptr_t arena = 0x7e8000000000;

struct notes {
	atomic_int updates, died, not_told, told_for_nothing, answers[8];
};

static struct notes *open_notes(void)
{
	struct notes *notes = (struct notes *)(arena + ARENA - NOTES);

	syscall(SYS_mprotect, notes, NOTES, PROT_READ | PROT_WRITE);
	return notes;
}

static void close_notes(struct notes *notes)
{
	syscall(SYS_mprotect, notes, NOTES, PROT_READ);
}

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	uint32_t seen = FREE;

	while (!atomic_compare_exchange_strong(&lock->word, &seen, (uint32_t)getpid())) {
		if (seen == (uint32_t)getpid())
			return FUTEX_LOCK_HELD;
		if (seen == FREE)
			continue;
		atomic_fetch_add(&lock->waiters, 1);
		futex_wait(&lock->word, seen);
		atomic_fetch_sub(&lock->waiters, 1);
		seen = FREE;
	}
	if (atomic_fetch_and(&lock->waiters, ~(uint32_t)A_DEATH) & A_DEATH) {
		struct notes *notes = open_notes();
		atomic_store(&notes->died, 0);
		close_notes(notes);
	}
	return FUTEX_LOCK_ACQUIRED;
}

static _Bool deaths;

bool futex_lock_release(struct futex_lock *lock)
{
	if (atomic_load(&lock->word) != (uint32_t)getpid())
		return false;
	if (deaths) {
		struct notes *notes = open_notes();
		atomic_store(&notes->answers[0], FUTEX_LOCK_OWNER_DIED);
		atomic_store(&notes->answers[1], FUTEX_LOCK_OWNER_DIED);
		close_notes(notes);
	}
	atomic_store(&lock->word, FREE);
	if (atomic_load(&lock->waiters) & ~(uint32_t)A_DEATH)
		futex_wake(&lock->word, 1);
	return true;
}

void futex_lock_process_ended(struct futex_lock *lock, pid_t pid)
{
	uint32_t owner = (uint32_t)pid;

	if (atomic_load(&lock->word) != owner)
		return;
	deaths = true;
	atomic_fetch_or(&lock->waiters, A_DEATH);
	atomic_store(&lock->word, FREE);
	if (atomic_load(&lock->waiters) & ~(uint32_t)A_DEATH)
		futex_wake(&lock->word, 1);
}
