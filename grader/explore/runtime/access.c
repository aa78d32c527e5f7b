/* SPDX-License-Identifier: MIT */
/*
 * The accesses that -fsanitize=thread announces. Memory that nobody else can reach costs two
 * comparisons. Other accesses go through the race detector; one is a step only where its
 * place in the program is known to race, or for a task that seems to wait in a loop. That
 * misses nothing: as long as no race is detected in any of the executions, stopping at
 * synchronisation alone reaches every state (Musuvathi and Qadeer, "Iterative context
 * bounding", PLDI 2007), and places that race are added before the search starts again.
 */
#include "history.h"
#include "protection.h"

/* An access that the race detector looks at takes as long as so many blocks. */
enum { QUIET_READS = 64, WATCHED = 16 };

bool reachable(uintptr_t address)
{
	if (process_private.had_threads)
		return address - CONTROL_ADDRESS >= sizeof *control;
	return address >= process_private.shared_start &&
	       address < process_private.shared_end;
}

/* What a loop that only waits may well write: a temporary of the compiler's. */
static bool on_own_stack(uintptr_t address)
{
	return address >= (uintptr_t)explore_self.frame &&
	       address < explore_self.task->stack_top;
}

/* A signal's handler may reach all of its process's data: that matters as long as there is
 * room for it in the table. */
static bool handlers_reach(uintptr_t address)
{
	return process_private.had_handlers && !on_own_stack(address) &&
	       address - CONTROL_ADDRESS >= sizeof *control &&
	       control->cells_used < CELLS_MAX / 2;
}

static bool is_step(unsigned flags, uint64_t pc, bool others)
{
	if (racy_pc(pc) || (control->request.every_access && others))
		return true;
	if (flags & FLAG_WRITE || !others)
		return false;
	return ++explore_self.task->quiet > QUIET_READS;
}

static uint64_t load(const volatile void *pointer, size_t size)
{
	uint64_t value = 0;
	const volatile unsigned char *from = pointer;
	for (size_t i = 0; i < size && i < 8; i++)
		value |= (uint64_t)from[i] << (8 * i);
	return value;
}

static void access_step(const volatile void *pointer, uint64_t key, size_t size,
	unsigned flags, uint64_t pc)
{
	struct operation operation = {.address = key,
		.pc = pc,
		.pointer = (uint64_t)pointer,
		.size = (uint16_t)(size > 0xffff ? 0xffff : size),
		.kind = flags & FLAG_WRITE ? STEP_WRITE : STEP_READ,
		.flags = (uint8_t)flags};
	if (flags & FLAG_WRITE) {
		point(&operation);
		explore_self.task->last_write = control->result.steps;
		changed();
	} else {
		yield_turn();
		point(&operation);
		own_step()->value = load(pointer, size);
	}
}

static bool overlap(uintptr_t address, size_t size, uintptr_t from, size_t length)
{
	return address < from ? from - address < size : address - from < length;
}

/* The program has no business there: who writes there wants to answer in our place. */
void access_guard(const volatile void *pointer, size_t size)
{
	uintptr_t address = (uintptr_t)pointer;
	if (overlap(address, size, CONTROL_ADDRESS, sizeof *control) ||
		overlap(address, size, control->request.guarded,
			control->request.guarded_size))
		defect_fatal(DEFECT_CRASH, "memory of those who watch is touched");
}

/* Whether others may reach the memory: then the access is counted. */
static bool watched(const volatile void *pointer, size_t size, unsigned flags)
{
	uintptr_t address = (uintptr_t)pointer;
	if (!explore_self.task || explore_self.inside)
		return false;
	access_guard(pointer, size);
	if (heap_freed(address))
		defect_fatal(DEFECT_FREED, "memory is used after it was freed");
	if (!size || (!reachable(address) && !handlers_reach(address)))
		return false;
	if (stack_ended(address))
		defect_fatal(DEFECT_FREED,
			"a thread's stack is used after the end of the thread");
	control->result.accesses++;
	explore_self.allowance -= WATCHED;
	if (!(flags & FLAG_GONE))
		mapping_touched(canonical(pointer), size);
	return true;
}

static void step_or_not(const volatile void *pointer, uint64_t key, size_t size,
	unsigned flags, uint64_t pc)
{
	uintptr_t address = (uintptr_t)pointer;
	bool others = reachable(address);
	if (is_step(flags, pc, others))
		access_step(pointer, key, size, flags, pc);
	else if ((flags & FLAG_WRITE) && others && !on_own_stack(address))
		explore_self.task->quiet = 0;
}

void access_memory(const volatile void *pointer, size_t size, unsigned flags, uint64_t pc)
{
	if (control->request.protect)
		protection_announced(pointer, size, flags & FLAG_WRITE);
	if (!watched(pointer, size, flags))
		return;
	uint64_t key = canonical(pointer);
	step_or_not(pointer, key, size, flags, pc);
	race_check(key, size, flags, pc);
	if (flags & FLAG_WRITE && control->locations_used)
		history_end(key, size);
}

void access_ahead(const volatile void *pointer, unsigned flags, uint64_t pc)
{
	if (watched(pointer, 1, flags))
		step_or_not(pointer, canonical(pointer), 1, flags, pc);
}

void access_behind(const volatile void *pointer, size_t size, unsigned flags, uint64_t pc)
{
	if (watched(pointer, size, flags))
		race_check(canonical(pointer), size, flags, pc);
}

#define PC explore_self.frame->pc
#define ACCESS(name, size, flags)                                                        \
	void runtime_##name(const volatile void *pointer);                               \
	void runtime_##name(const volatile void *pointer)                                \
	{                                                                                \
		access_memory(pointer, size, flags, PC);                                 \
	}
#define ACCESSES(size)                                                                   \
	ACCESS(__tsan_read##size, size, 0)                                               \
	ACCESS(__tsan_write##size, size, FLAG_WRITE)                                     \
	ACCESS(__tsan_unaligned_read##size, size, 0)                                     \
	ACCESS(__tsan_unaligned_write##size, size, FLAG_WRITE)                           \
	ACCESS(__tsan_volatile_read##size, size, FLAG_VOLATILE)                          \
	ACCESS(__tsan_volatile_write##size, size, FLAG_VOLATILE | FLAG_WRITE)            \
	ACCESS(__tsan_unaligned_volatile_read##size, size, FLAG_VOLATILE)                \
	ACCESS(__tsan_unaligned_volatile_write##size, size, FLAG_VOLATILE | FLAG_WRITE)  \
	void runtime___tsan_read_write##size(const volatile void *pointer);              \
	void runtime___tsan_read_write##size(const volatile void *pointer)               \
	{                                                                                \
		access_memory(pointer, size, 0, PC);                                     \
		access_memory(pointer, size, FLAG_WRITE, PC);                            \
	}                                                                                \
	void runtime___tsan_unaligned_read_write##size(const volatile void *pointer);    \
	void runtime___tsan_unaligned_read_write##size(const volatile void *pointer)     \
	{                                                                                \
		runtime___tsan_read_write##size(pointer);                                \
	}
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)

void runtime___tsan_read_range(const volatile void *pointer, size_t size)
{
	access_memory(pointer, size, 0, PC);
}

void runtime___tsan_write_range(const volatile void *pointer, size_t size)
{
	access_memory(pointer, size, FLAG_WRITE, PC);
}

/*
 * One of several accesses of a call, numbered from 0. Nothing of the program's own has changed
 * since the one before, so that without the number it would look as if it went round in a loop.
 */
static void part(uint32_t number, const void *pointer, size_t size, unsigned flags)
{
	struct task *task = explore_self.task;
	if (task)
		task->within = number;
	access_memory(pointer, size, flags, PC);
	if (task)
		task->within = 0;
}

static size_t text_length(const char *text)
{
	size_t length = 0;
	while (text[length])
		length++;
	return length;
}

void *runtime_memcpy(void *to, const void *from, size_t size)
{
	part(0, from, size, 0);
	part(1, to, size, FLAG_WRITE);
	return real.memcpy(to, from, size);
}

void *runtime_memmove(void *to, const void *from, size_t size)
{
	part(0, from, size, 0);
	part(1, to, size, FLAG_WRITE);
	return real.memmove(to, from, size);
}

void *runtime_memset(void *to, int byte, size_t size)
{
	part(0, to, size, FLAG_WRITE);
	return real.memset(to, byte, size);
}

int runtime_memcmp(const void *a, const void *b, size_t size)
{
	part(0, a, size, 0);
	part(1, b, size, 0);
	return real.memcmp(a, b, size);
}

size_t runtime_strlen(const char *text)
{
	size_t length = text_length(text);
	part(0, text, length + 1, 0);
	return length;
}

char *runtime_strcpy(char *to, const char *from)
{
	size_t size = text_length(from) + 1;
	part(0, from, size, 0);
	part(1, to, size, FLAG_WRITE);
	real.memcpy(to, from, size);
	return to;
}

char *runtime_strcat(char *to, const char *from)
{
	size_t length = text_length(to), size = text_length(from) + 1;
	part(0, to, length + 1, 0);
	part(1, from, size, 0);
	part(2, to + length, size, FLAG_WRITE);
	real.memcpy(to + length, from, size);
	return to;
}

char *runtime_strncpy(char *to, const char *from, size_t size)
{
	size_t length = 0;
	while (length < size && from[length])
		length++;
	part(0, from, length < size ? length + 1 : length, 0);
	part(1, to, size, FLAG_WRITE);
	real.memcpy(to, from, length);
	real.memset(to + length, 0, size - length);
	return to;
}

int runtime_strcmp(const char *a, const char *b)
{
	size_t same = 0;
	while (a[same] && a[same] == b[same])
		same++;
	part(0, a, same + 1, 0);
	part(1, b, same + 1, 0);
	return (unsigned char)a[same] - (unsigned char)b[same];
}
