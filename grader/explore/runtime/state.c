/* SPDX-License-Identifier: MIT */
/*
 * The hash of everything that decides how the program goes on: the writable data of the
 * program and of libc, the heap, each live stack from the last entry up (entries.S has put the
 * callee-saved registers there), thread-local storage, shared mappings, what each task is
 * about to do or waits for. Two equal states have the same futures; the search follows one.
 *
 * What races a future can still show depends on the past, too: for each access that is kept,
 * which tasks and synchronisation objects come after it. That is part of the hash as well,
 * as sets and not as clocks, so that the same situation after more turns is the same state.
 */
#include "history.h"
#include "ipc.h"
#include "sockets.h"

#include <errno.h>
#include <link.h>
#include <string.h>
#include <sys/syscall.h>

enum { PRIVATE_MOST = 32 << 20 };

struct span {
	uintptr_t start, end;
};

static struct {
	struct span spans[16]; /* writable data of the program and its libraries */
	uint32_t spans_used;
	struct span program;
	size_t thread_size; /* the program's thread-local storage lies below the block */
} layout;

extern void *__libc_stack_end;

uint64_t hash_memory_at(uint64_t hash, uintptr_t start, uintptr_t end)
{
	/* whole words: what is hashed always lies in whole pages */
	end = (end + 7) & ~7ull;
	uint64_t a = hash, b = ~hash, c = hash ^ 0x9e3779b97f4a7c15ull, d = hash + start;
	const uint64_t *word = (const uint64_t *)((start + 7) & ~7ull);
	const uint64_t *last = (const uint64_t *)(end & ~7ull);
	for (; word + 4 <= last; word += 4) {
		a = (a ^ word[0]) * 0x9fb21c651e98df25ull;
		b = (b ^ word[1]) * 0xd6e8feb86659fd93ull;
		c = (c ^ word[2]) * 0xa0761d6478bd642full;
		d = (d ^ word[3]) * 0xe7037ed1a0b428dbull;
		a ^= a >> 29;
		b ^= b >> 31;
		c ^= c >> 30;
		d ^= d >> 28;
	}
	for (; word < last; word++)
		a = control_mix(a ^ *word);
	return control_mix(a + 3 * b + 5 * c + 7 * d);
}

static void span_add(uintptr_t start, uintptr_t end)
{
	if (layout.spans_used < 16 && start < end)
		layout.spans[layout.spans_used++] = (struct span){start, end};
}

/* The loader's own data changes with every thread and holds nothing of the program's. */
static int find_spans(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	bool *first = data;
	uintptr_t relro = 0;
	if (strstr(info->dlpi_name, "ld-linux"))
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		if (part->p_type == PT_GNU_RELRO)
			relro = info->dlpi_addr + part->p_vaddr + part->p_memsz;
		if (part->p_type == PT_TLS && *first)
			layout.thread_size = (part->p_memsz + part->p_align - 1) &
					     ~(part->p_align - 1);
	}
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		if (part->p_type != PT_LOAD || !(part->p_flags & PF_W))
			continue;
		uintptr_t start = info->dlpi_addr + part->p_vaddr;
		uintptr_t end = start + part->p_memsz;
		if (start < relro && relro < end)
			start = relro;
		span_add(start, end);
		if (*first)
			layout.program = (struct span){start, end};
	}
	*first = false;
	return 0;
}

void state_start(void)
{
	bool first = true;
	layout.spans_used = 0;
	dl_iterate_phdr(find_spans, &first);
	explore_self.task->stack_top = (uint64_t)__libc_stack_end;
}

void state_program_data(uintptr_t *start, uintptr_t *end)
{
	*start = layout.program.start;
	*end = layout.program.end;
}

/* A stack that the program made itself lies in memory that is hashed by itself. */
void state_note_frame(struct task *task)
{
	task->frame = (uint64_t)explore_self.frame;
	if (task->stack_top - task->frame < STACK_MOST)
		task->own_frame = task->frame;
}

static uint64_t hash_thread(uint64_t hash, const struct task *task)
{
	if (task->frame != task->own_frame)
		hash = control_mix(hash ^ task->frame);
	if (task->own_frame)
		hash = hash_memory_at(hash, task->own_frame, task->stack_top);
	uintptr_t block = task->thread_block;
	uintptr_t own =
		(uintptr_t)&explore_self - (uintptr_t)__builtin_thread_pointer() + block;
	hash = hash_memory_at(hash, block - layout.thread_size, own);
	return hash_memory_at(hash, own + sizeof explore_self, block);
}

static uint64_t private_bytes(void)
{
	uintptr_t end = heap_used_end(); /* 0 before the heap is used */
	uint64_t size = private_size() + (end > HEAP_START ? end - HEAP_START : 0);
	for (uint32_t i = 0; i < layout.spans_used; i++)
		size += layout.spans[i].end - layout.spans[i].start;
	return size;
}

/* All of it is hashed at each choice, some milliseconds at the most. */
static void limit_private(void)
{
	if (private_bytes() > PRIVATE_MOST)
		execution_full("private memory: 32 MB of a process");
}

static uint64_t hash_process(void)
{
	uint32_t process = process_private.process;
	uint64_t hash = process + 1;
	limit_private();
	state_note_frame(explore_self.task);
	for (uint32_t i = 0; i < layout.spans_used; i++)
		hash = hash_memory_at(hash, layout.spans[i].start, layout.spans[i].end);
	hash = private_hash(hash_memory_at(hash, HEAP_START, heap_used_end()));
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->process == process && task->state != TASK_FINISHED &&
			task->frame)
			hash = hash_thread(hash + i, task);
	}
	return hash;
}

/* Called when the process gives up the baton: others cannot look into its memory. */
void state_keep_process(void)
{
	struct process *process = &control->processes[process_private.process];
	process->hash = process->alive ? hash_process() : 0;
}

uint64_t state_self(void)
{
	return hash_process();
}

static uint64_t hash_task(uint64_t hash, const struct task *task)
{
	hash = control_mix(hash + task->state * 257u + task->timed_out);
	if (task->state == TASK_FINISHED)
		return control_mix(hash + task->joined + task->result);
	hash = control_mix(hash ^ task->pending.pc ^ (uint64_t)task->within << 48);
	hash = control_mix(
		hash ^ task->pending.address ^ (uint64_t)task->pending.kind << 56);
	hash = control_mix(hash ^ task->wait_key ^ (uint64_t)task->cancelled << 48 ^
			   (uint64_t)task->cancel_disabled << 47 ^
			   (uint64_t)task->error_number << 49 ^
			   task->signals_blocked << 7 ^
			   (uint64_t)task->interruption << 45);
	hash = control_mix(hash ^ task->signals_awaited);
	if (task->deadline > WHEN_STUCK)
		hash = control_mix(hash ^ (task->deadline - control->time));
	hash = control_mix(hash ^ (task->deadline == WHEN_STUCK) ^
			   (uint64_t)expiries_used(task) << 8);
	if (task->clock_read)
		hash = control_mix(hash ^ control->time);
	return hash;
}

/* The order in which waiters came decides who is woken, but not the numbers themselves. */
static uint64_t hash_waiting_order(uint64_t hash)
{
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->state != TASK_BLOCKED)
			continue;
		uint64_t before = 0;
		for (uint32_t k = 0; k < control->result.tasks; k++)
			before += control->tasks[k].state == TASK_BLOCKED &&
				  control->tasks[k].wait_key == task->wait_key &&
				  control->tasks[k].wait_order < task->wait_order;
		hash = control_mix(hash + (before << 8 | i));
	}
	return hash;
}

/* Pending ones, and timers by the time that is left. What a signal does lies in the data. */
static uint64_t hash_signals(uint64_t hash)
{
	for (uint32_t i = 0; i < control->pending_used; i++) {
		const struct pending_signal *pending = &control->pending[i];
		hash = control_mix(hash ^ pending->key ^ (uint64_t)pending->pid << 32);
		hash = control_mix(hash ^ pending->value ^ (uint64_t)pending->code << 40);
	}
	for (uint32_t i = 0; i < control->timers_used; i++) {
		const struct timer *timer = &control->timers[i];
		if (timer->deadline)
			hash = control_mix(hash ^ (timer->deadline - control->time) ^
					   (uint64_t)i << 56);
		hash = control_mix(hash + timer->interval + timer->overruns);
	}
	return hash;
}

/* False beyond the end of a file, and where it may not be read: the kernel is asked to read a
 * signal mask there. */
static bool page_is_there(uintptr_t page)
{
	enum { NO_SUCH_WAY = 99 };
	return kernel(SYS_rt_sigprocmask, NO_SUCH_WAY, (long)page, 0, 8, 0, 0) != -EFAULT;
}

uint64_t hash_pages_there(uint64_t hash, uintptr_t start, uintptr_t end)
{
	for (uintptr_t page = start; page < end; page = (page | 4095) + 1) {
		uintptr_t last = (page | 4095) + 1;
		last = end < last ? end : last;
		hash = page_is_there(page) ? hash_memory_at(hash, page, last)
					   : control_mix(hash + page);
	}
	return hash;
}

/* A file may be shorter than what is mapped of it. */
static uint64_t hash_mapped(
	uint64_t hash, const struct region *region, uintptr_t start, uintptr_t end)
{
	return region->inode || process_private.memory.unreadable
		       ? hash_pages_there(hash, start, end)
		       : hash_memory_at(hash, start, end);
}

/* As far as this process has it mapped; the whole if it has all of it. */
static uint64_t hash_region(uint64_t hash, uint32_t number, bool *whole)
{
	const struct region *region = &control->regions[number];
	uint64_t key = REGION_FLAG | (uint64_t)number << REGION_SHIFT;
	uint64_t end = key + region->hash_end;
	*whole = true;
	while (key < end) {
		const struct mapping *mapping = mapping_from(key);
		if (!mapping || mapping->base >= end) {
			*whole = false;
			break;
		}
		if (mapping->base > key) {
			*whole = false;
			key = mapping->base;
		}
		uint64_t here = mapping->base + (mapping->end - mapping->start);
		here = here < end ? here : end;
		hash = hash_mapped(hash, region, mapping->start + (key - mapping->base),
			mapping->start + (here - mapping->base));
		key = here;
	}
	return hash;
}

/* Others may have to know what they cannot see, when it is their turn. */
void state_keep_regions(void)
{
	bool whole;
	for (uint32_t i = 0; control->regions_partial && i < control->regions_used; i++)
		if (mapping_of(i))
			control->regions[i].kept = hash_region(i, i, &whole);
}

static uint64_t hash_regions(uint64_t hash)
{
	for (uint32_t i = 0; i < control->regions_used; i++) {
		const struct region *region = &control->regions[i];
		bool whole;
		if (region->window) {
			hash = hash_memory_at(
				hash, region->window, region->window + region->hash_end);
			continue;
		}
		hash = hash_region(hash, i, &whole);
		if (!whole || !mapping_of(i))
			hash = control_mix(hash ^ control->regions[i].kept);
	}
	for (uint32_t i = 0; i < control->pages_used; i++) {
		uint64_t key = control->pages[i] << 12;
		uint64_t region = (key & ~REGION_FLAG) >> REGION_SHIFT;
		uint64_t window = control->regions[region].window;
		uintptr_t page = window ? window + (key & ((1ull << REGION_SHIFT) - 1))
					: (uintptr_t)pointer_of(key);
		if (page)
			hash += hash_mapped(
				key, &control->regions[region], page, page + 4096);
	}
	for (uint32_t i = 0; i < control->pipes_used; i++)
		hash = control_mix(hash ^ control->pipes[i].hash ^
				   control->pipes[i].filled << 40 ^
				   (uint64_t)control->pipes[i].writers << 20);
	return sockets_hash(hash);
}

uint64_t state_alone(void)
{
	explore_self.left_behind = 1;
	return hash_regions(hash_process() ^ control_mix(control->drawn));
}

uint64_t state_bytes(void)
{
	uint64_t size = 4096 + private_bytes() + control->pages_used * 4096ull;
	for (uint32_t i = 0; i < control->regions_used; i++)
		size += control->regions[i].hash_end;
	return size;
}

/* By whom an access is tells a task from its own handlers. For the rest it is enough to know who
 * comes after it. */
static uint64_t record_owner(const struct record *record)
{
	const struct task *task = &control->tasks[record->task];
	bool handled =
		task->state != TASK_FINISHED && control->processes[task->process].caught;
	return handled ? record->task + 1u : 0;
}

static uint64_t hash_record(uint64_t key, const struct record *record)
{
	uint64_t hash = control_mix(key ^ record->pc_flags) + record_owner(record);
	uint64_t sum = 0;
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (control->tasks[i].state != TASK_FINISHED &&
			control->tasks[i].clock[record->task] >= record->clock)
			sum += control_mix(hash + i);
	for (uint32_t i = 0; i < control->objects_used; i++) {
		const struct object *object =
			&control->objects[control->objects_touched[i]];
		if (object->clock[record->task] >= record->clock)
			sum += control_mix(hash ^ object->key);
		if (object->permits)
			sum += permits_after(object, record, hash);
	}
	if (control->locations_used)
		sum += history_after(record, hash);
	return control_mix(sum + hash);
}

/* A sum, since the order in which cells were first touched must not matter. */
static uint64_t hash_happens_before(void)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < control->cells_used; i++) {
		const struct cell *cell = &control->cells[control->cells_touched[i]];
		for (;;) {
			for (uint32_t r = 0; r < cell->count; r++)
				sum += hash_record(cell->key, &cell->records[r]);
			if (!cell->next)
				break;
			cell = &control->cells_more[cell->next - 1];
		}
	}
	for (uint32_t i = 0; i < control->objects_used; i++) {
		const struct object *object =
			&control->objects[control->objects_touched[i]];
		sum += control_mix(object->key * 3 + object->owner +
				   ((uint64_t)object->user << 32) +
				   ((uint64_t)object->machine << 48));
	}
	return sum;
}

uint64_t state_hash(void)
{
	uint64_t hash = control_mix(control->drawn);
	explore_self.left_behind = 1;
	state_keep_process();
	for (uint32_t i = 0; i < control->result.processes; i++) {
		const struct process *process = &control->processes[i];
		hash = control_mix(hash ^ process->hash);
		hash = control_mix(
			hash + process->alive * 2u + process->waited +
			(uint64_t)process->status * 4u + process->child_ended * 512ull +
			process->stopped * 1024ull + process->stop_news * 0x40000ull +
			process->continue_news * 0x2000000ull);
		hash = control_mix(hash ^ (uint64_t)process->group << 32);
	}
	for (uint32_t i = 0; i < control->result.tasks; i++)
		hash = hash_task(hash, &control->tasks[i]);
	hash = hash_waiting_order(hash);
	hash = hash_signals(hash);
	hash = ipc_hash(hash);
	hash = hash_regions(hash);
	hash = control_mix(hash + hash_happens_before());
	if (control->locations_used)
		hash = control_mix(hash + history_hash());
	return hash ? hash : 1;
}

static bool points_into(uintptr_t start, uintptr_t end, const struct mapping *mapping)
{
	for (const uint64_t *word = (const uint64_t *)((start + 7) & ~7ull);
		word + 1 <= (const uint64_t *)end; word++)
		if (*word >= mapping->start && *word < mapping->end)
			return true;
	return false;
}

/* A pointer that the program may still use: the runtime's own do not count. */
bool state_points_into(const struct mapping *mapping)
{
	enum { LEFT_BELOW = 1 << 15 }; /* of a frame that has just been left */
	uintptr_t own = (uintptr_t)&process_private;
	for (uint32_t i = 0; i < layout.spans_used; i++) {
		uintptr_t start = layout.spans[i].start, end = layout.spans[i].end;
		bool mine = own >= start && own < end;
		if (points_into(start, mine ? own : end, mapping) ||
			(mine && points_into(own + sizeof process_private, end, mapping)))
			return true;
	}
	if (points_into(HEAP_START, heap_used_end(), mapping))
		return true;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->process == process_private.process &&
			task->state != TASK_FINISHED && task->frame &&
			points_into(
				task->own_frame - LEFT_BELOW, task->stack_top, mapping))
			return true;
	}
	for (uint32_t i = 0; i < process_private.mappings_used; i++) {
		const struct mapping *other = &process_private.mappings[i];
		uint64_t region = (other->base & ~REGION_FLAG) >> REGION_SHIFT;
		if (other->start != mapping->start && control->regions[region].hash_end &&
			points_into(other->start, other->end, mapping))
			return true;
	}
	return false;
}

void outcome_keep_own(void)
{
	if (!process_private.process)
		control->result.outcome ^=
			hash_memory_at(1, layout.program.start, layout.program.end);
}

void outcome_keep(void)
{
	control->result.outcome ^= hash_regions(2);
}
