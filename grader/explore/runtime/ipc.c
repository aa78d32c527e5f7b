/* SPDX-License-Identifier: MIT */
#include "ipc.h"

#include "files.h"
#include "paths.h"

#include <errno.h>
#include <sys/ipc.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { LIVES = 1 << 16 };

int fails(int error)
{
	errno = error;
	return -1;
}

struct ipc_name *ipc_name_at(const struct ipc_table *table, uint32_t place)
{
	return (struct ipc_name *)(void *)((char *)table->first + place * table->size);
}

int ipc_number(const struct ipc_table *table, uint32_t place)
{
	return (int)(ipc_name_at(table, place)->life % LIVES * table->places + place);
}

int ipc_find(const struct ipc_table *table, int number)
{
	if (number < 0)
		return fails(EINVAL);
	uint32_t place = (uint32_t)number % table->places;
	const struct ipc_name *name = ipc_name_at(table, place);
	if (!name->used || name->hidden || ipc_number(table, place) != number)
		return fails(EINVAL);
	return (int)place;
}

static int place_of_key(const struct ipc_table *table, int key)
{
	for (uint32_t i = 0; i < table->places; i++) {
		const struct ipc_name *name = ipc_name_at(table, i);
		if (name->used && !name->hidden && name->key == key)
			return (int)i;
	}
	return -1;
}

int ipc_get(const struct ipc_table *table, int key, int flags, bool *created)
{
	int place = key == IPC_PRIVATE ? -1 : place_of_key(table, key);
	*created = false;
	if (place >= 0)
		return flags & IPC_CREAT && flags & IPC_EXCL ? fails(EEXIST) : place;
	if (key != IPC_PRIVATE && !(flags & IPC_CREAT))
		return fails(ENOENT);
	for (uint32_t i = 0; i < table->places; i++) {
		struct ipc_name *name = ipc_name_at(table, i);
		if (name->used)
			continue;
		*name = (struct ipc_name){.key = key,
			.life = name->life + 1,
			.used = 1,
			.mode = (uint16_t)(flags & 0777)};
		*created = true;
		return (int)i;
	}
	execution_full(table->limit);
}

/* Files are numbered in the order of their first use: inodes differ from run to run. */
key_t runtime_ftok(const char *path, int project)
{
	struct stat status;
	long result = kernel(
		SYS_stat, (long)path_for(path, PATH_LOOK, 0), (long)&status, 0, 0, 0, 0);
	if (result < 0)
		return fails((int)-result);
	uint32_t number = file_number(status.st_dev, status.st_ino);
	control->files[number].keyed = 1;
	return (project & 0xff) << 24 | 1 << 16 | (int)(number + 1);
}

static uint64_t hash_sources(uint64_t hash)
{
	for (uint32_t i = 1; i <= control->sources_used; i++)
		hash = control_mix(hash ^ control->sources[i].count ^
				   control_mix(control->sources[i].mask) ^
				   (uint64_t)i << 32);
	return hash;
}

/* What the future can see of the objects: the numbers of messages only by their order. */
static uint64_t hash_queues(uint64_t hash)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < control->messages_used; i++) {
		const struct message *message = &control->messages[i];
		if (!message->queue)
			continue;
		uint64_t before = 0, text = message->size;
		for (uint32_t k = 0; k < control->messages_used; k++)
			before += control->messages[k].queue == message->queue &&
				  control->messages[k].order < message->order;
		for (uint32_t k = 0; k < message->size; k++)
			text = (text ^ message->text[k]) * 0x100000001b3ull;
		sum += control_mix(
			text ^ control_mix((uint64_t)message->type ^ before << 40 ^
					   (uint64_t)message->queue << 56));
	}
	for (uint32_t i = 0; i < QUEUES_MAX; i++) {
		const struct message_queue *queue = &control->queues[i];
		if (queue->name.life)
			hash = control_mix(hash ^ i ^ (uint64_t)queue->name.used << 8 ^
					   (uint64_t)queue->name.hidden << 9 ^
					   (uint64_t)queue->name.life << 10 ^
					   (uint64_t)queue->open << 32 ^
					   (uint64_t)queue->notify_process << 48);
	}
	return control_mix(hash + sum);
}

uint64_t ipc_hash(uint64_t hash)
{
	for (uint32_t i = 0; i < SETS_MAX; i++) {
		const struct semaphore_set *set = &control->sets[i];
		if (!set->name.life)
			continue;
		hash = control_mix(hash ^ i ^ (uint64_t)set->name.used << 8 ^
				   (uint64_t)set->name.life << 9);
		for (uint32_t k = 0; k < set->count; k++)
			hash = control_mix(
				hash ^ set->values[k] ^ (uint64_t)set->last_pid[k] << 32);
	}
	for (uint32_t i = 0; i < control->undo_used; i++)
		hash = control_mix(
			hash ^ (uint16_t)control->undo[i].change ^ (uint64_t)i << 16);
	for (uint32_t i = 0; i < SEGMENTS_MAX; i++)
		if (control->segments[i].name.life)
			hash = control_mix(
				hash ^ (uint64_t)control->segments[i].name.used << 8 ^
				(uint64_t)control->segments[i].name.hidden << 9 ^
				(uint64_t)control->segments[i].name.life << 10 ^ i);
	hash = locks_hash(hash_sources(hash_queues(hash)));
	return descriptors_hash(names_hash(files_hash(hash)));
}

static void report_left(const char *what, const struct ipc_name *name)
{
	struct defect *defect = NULL;
	if (!name->used || name->hidden)
		return;
	if (name->key)
		defect = defect_new(DEFECT_LEAK,
			"%s with the key 0x%x is left behind: it was never removed "
			"(IPC_RMID)",
			what, (unsigned)name->key);
	else
		defect = defect_new(DEFECT_LEAK,
			"%s is left behind: it was never removed (IPC_RMID)", what);
	if (defect)
		defect->pc = 0;
}

void ipc_report_left(void)
{
	for (uint32_t i = 0; i < SETS_MAX; i++)
		report_left("a semaphore set", &control->sets[i].name);
	for (uint32_t i = 0; i < SEGMENTS_MAX; i++)
		report_left("a segment of shared memory", &control->segments[i].name);
	for (uint32_t i = 0; i < QUEUES_MAX; i++)
		report_left("a message queue", &control->queues[i].name);
}
