/* SPDX-License-Identifier: MIT */
/*
 * The race detector. Each 8 bytes of reachable memory have a cell that keeps the accesses
 * which a later one may still race with: per byte mask, the ones not covered by a later
 * access that every future racer would race with as well. That is exact, as FastTrack is,
 * and unlike a fixed number of slots it forgets nothing; what overflows ends the execution
 * with a message rather than going unseen.
 *
 * Two atomic accesses do not race; an atomic and a plain one do (C11 5.1.2.4). Of calls that
 * access a file, only two that write the same bytes do: a reader has either what was there before
 * or what came, but of two updates that nothing orders one is lost.
 */
#include "history.h"

enum { IN_CELL = 3, LARGE_ACCESS = 2048 };

bool racy_pc(uint64_t pc)
{
	if (!control->request.racy_count)
		return false;
	uint32_t slot = (uint32_t)control_mix(pc) % RACY_MAX;
	while (control->racy[slot]) {
		if (control->racy[slot] == pc)
			return true;
		slot = (slot + 1) % RACY_MAX;
	}
	return false;
}

/* Neighbours share pages: a task faults in few of them. */
static struct cell *cell_find(uint64_t key)
{
	uint32_t slot = (uint32_t)(key ^ (key >> 29) * 0x9e3779b1u) % CELLS_MAX;
	for (uint32_t probes = 0; probes < 1024; probes++) {
		struct cell *cell = &control->cells[slot];
		if (cell->generation != control->generation) {
			cell->generation = control->generation;
			cell->key = key;
			cell->count = 0;
			cell->next = 0;
			control->cells_touched[control->cells_used++] = slot;
			return cell;
		}
		if (cell->key == key)
			return cell;
		slot = (slot + 1) % CELLS_MAX;
	}
	execution_full("bytes of shared memory");
}

static void cell_clear(struct cell *cell)
{
	for (cell->count = 0; cell->next; cell->count = 0)
		cell = &control->cells_more[cell->next - 1];
}

static struct cell *cell_extend(struct cell *cell)
{
	if (control->cells_more_used >= CELLS_MORE)
		execution_full("unordered accesses to one address");
	struct cell *more = &control->cells_more[control->cells_more_used++];
	more->count = 0;
	more->next = 0;
	cell->next = control->cells_more_used;
	return more;
}

static void report(const struct record *old, uint64_t address, unsigned mask,
	unsigned flags, uint64_t pc)
{
	uint64_t old_pc = old->pc_flags >> 16;
	for (uint32_t i = 0; i < control->result.defects; i++) {
		const struct defect *defect = &control->defects[i];
		if (defect->kind == DEFECT_RACE && defect->pc == pc &&
			defect->other_pc == old_pc)
			return;
	}
	if (!control->request.report_known && racy_pc(pc) && racy_pc(old_pc))
		return;
	if (control->result.defects >= DEFECTS_MAX - 8)
		return; /* the rest shows once these are steps */
	struct defect *defect = defect_new(DEFECT_RACE, "data race");
	if (!defect)
		return;
	defect->pc = pc;
	callers_of(explore_self.frame, defect->callers);
	defect->other_pc = old_pc;
	defect->other_callers[0] = old->caller;
	defect->address = address + (unsigned)__builtin_ctz(mask);
	defect->size = (uint8_t)__builtin_popcount(mask);
	defect->other_task = old->task;
	defect->is_write = (flags & FLAG_WRITE) != 0;
	defect->other_is_write = (old->pc_flags & FLAG_WRITE) != 0;
}

/* No later access can race with `old` without racing with the new one as well. */
static bool covered(const struct record *old, unsigned mask, unsigned flags)
{
	unsigned old_mask = old->pc_flags >> 8 & 0xff;
	unsigned old_flags = old->pc_flags & 0xff;
	if (old_mask & ~mask)
		return false;
	if (!(flags & FLAG_WRITE) && (old_flags & FLAG_WRITE))
		return false;
	if ((flags ^ old_flags) & FLAG_HANDLER)
		return false;
	unsigned excused = flags & (FLAG_ATOMIC | FLAG_FILE);
	return (old_flags & excused) == excused;
}

static bool conflict(const struct record *old, unsigned mask, unsigned flags)
{
	unsigned old_flags = old->pc_flags & 0xff;
	unsigned writes =
		flags & old_flags & FLAG_FILE ? flags & old_flags : flags | old_flags;
	return (old->pc_flags >> 8 & mask) && writes & FLAG_WRITE &&
	       !(flags & old_flags & FLAG_ATOMIC);
}

/*
 * A signal's handler and what it interrupts are one task, so they do not race; but where they
 * touch the same memory it matters where the signal comes. So these places become steps.
 */
static void note_interrupted(uint64_t pc)
{
	struct execution_result *result = &control->result;
	if (racy_pc(pc) || result->interrupted_count >= INTERRUPTED_MAX)
		return;
	for (uint32_t i = 0; i < result->interrupted_count; i++)
		if (result->interrupted[i] == pc)
			return;
	result->interrupted[result->interrupted_count++] = pc;
}

static void check_interrupted(
	const struct record *old, unsigned mask, unsigned flags, uint64_t pc)
{
	unsigned old_flags = old->pc_flags & 0xff;
	if (old->task != explore_self.index || !((flags ^ old_flags) & FLAG_HANDLER) ||
		!(old->pc_flags >> 8 & mask) || !((flags | old_flags) & FLAG_WRITE))
		return;
	note_interrupted(pc);
	note_interrupted(old->pc_flags >> 16);
}

static void check_cell(uint64_t key, unsigned mask, unsigned flags, uint64_t pc)
{
	struct cell *cell = cell_find(key);
	uint32_t me = explore_self.index;
	const uint32_t *clock = explore_self.task->clock;
	uint64_t pc_flags = pc << 16 | mask << 8 | flags;
	struct record *first = &cell->records[0];
	if (cell->count && first->pc_flags == pc_flags && first->task == me &&
		first->clock == clock[me])
		return;
	if (cell->count == 0 ||
		(cell->count == 1 && first->task == me && covered(first, mask, flags))) {
		*first = (struct record){
			.pc_flags = pc_flags, .task = (uint16_t)me, .clock = clock[me]};
		cell->count = 1;
		return;
	}
	struct cell *to = cell; /* what stays is moved up to here */
	uint32_t kept = 0;
	for (struct cell *from = cell; from;) {
		uint32_t count = from->count;
		for (uint32_t i = 0; i < count; i++) {
			const struct record *old = &from->records[i];
			bool ordered = old->task == me || clock[old->task] >= old->clock;
			check_interrupted(old, mask, flags, pc);
			if (!ordered && conflict(old, mask, flags))
				report(old, key << 3, mask & (old->pc_flags >> 8), flags,
					pc);
			if (ordered && covered(old, mask, flags))
				continue;
			if (kept == IN_CELL) {
				to->count = IN_CELL;
				to = &control->cells_more[to->next - 1];
				kept = 0;
			}
			if (&to->records[kept] != old)
				to->records[kept] = *old;
			kept++;
		}
		from = from->next ? &control->cells_more[from->next - 1] : NULL;
	}
	if (kept == IN_CELL) {
		to->count = IN_CELL;
		to = to->next ? &control->cells_more[to->next - 1] : cell_extend(to);
		kept = 0;
	}
	to->records[kept].pc_flags = pc_flags;
	to->records[kept].task = (uint16_t)me;
	to->records[kept].clock = clock[me];
	to->records[kept].caller = 0;
	to->count = (uint16_t)(kept + 1);
	if (to->next)
		cell_clear(&control->cells_more[to->next - 1]);
}

static unsigned flags_kept(unsigned flags)
{
	return (flags & (FLAG_ATOMIC | FLAG_WRITE | FLAG_FILE)) |
	       (explore_self.handlers ? FLAG_HANDLER : 0);
}

/* A range too large to keep cells for: only against what is known of it. */
static void check_known(uint64_t key, size_t size, unsigned flags, uint64_t pc)
{
	uint32_t used = control->cells_used;
	for (uint32_t i = 0; i < used; i++) {
		const struct cell *cell = &control->cells[control->cells_touched[i]];
		if (cell->count && cell->key >= key >> 3 && cell->key < (key + size) >> 3)
			check_cell(cell->key, 0xff, flags_kept(flags), pc);
	}
}

void race_check(uint64_t key, size_t size, unsigned flags, uint64_t pc)
{
	if (size > LARGE_ACCESS) {
		check_known(key, size, flags, pc);
		return;
	}
	while (size) {
		unsigned offset = key & 7;
		unsigned here = size < 8 - offset ? (unsigned)size : 8 - offset;
		unsigned mask = ((1u << here) - 1) << offset;
		check_cell(key >> 3, mask, flags_kept(flags), pc);
		key += here;
		size -= here;
	}
}

/* The memory starts a new life: what was done to it before cannot race with what comes. */
void race_forget(uint64_t key, size_t size)
{
	uint64_t first = key >> 3, last = (key + size + 7) >> 3;
	if (control->locations_used)
		history_end(key, size);
	if (last - first > control->cells_used) {
		for (uint32_t i = 0; i < control->cells_used; i++) {
			struct cell *cell = &control->cells[control->cells_touched[i]];
			if (cell->key >= first && cell->key < last)
				cell_clear(cell);
		}
		return;
	}
	for (; first < last; first++) {
		uint32_t slot =
			(uint32_t)(first ^ (first >> 29) * 0x9e3779b1u) % CELLS_MAX;
		for (; control->cells[slot].generation == control->generation;
			slot = (slot + 1) % CELLS_MAX) {
			if (control->cells[slot].key == first) {
				cell_clear(&control->cells[slot]);
				break;
			}
		}
	}
}

/* Some access so far comes before one of the clocks and not before the other. */
bool race_tells_apart(const uint32_t *one, const uint32_t *other)
{
	for (uint32_t i = 0; i < control->cells_used; i++) {
		const struct cell *cell = &control->cells[control->cells_touched[i]];
		for (;;) {
			for (uint32_t r = 0; r < cell->count; r++) {
				const struct record *record = &cell->records[r];
				if ((one[record->task] >= record->clock) !=
					(other[record->task] >= record->clock))
					return true;
			}
			if (!cell->next)
				break;
			cell = &control->cells_more[cell->next - 1];
		}
	}
	return false;
}
