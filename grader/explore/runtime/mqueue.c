/* SPDX-License-Identifier: MIT */
/*
 * POSIX message queues: queues of queue.c that are found by a name. The highest priority comes
 * first, so a message's type there is the lower, the higher its priority is. A descriptor is one
 * of sources.c.
 */
#include "files.h"
#include "ipc.h"
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/syscall.h>

enum { PRIORITIES = 32768, ANY = 1 << 30, MESSAGES_BY_DEFAULT = 10 };

static struct message_queue *queue_of(mqd_t descriptor)
{
	uint32_t source = source_of(descriptor);
	if (!source || control->sources[source].kind != SOURCE_QUEUE)
		return NULL;
	return &control->queues[control->sources[source].place];
}

static bool queue_blocks(mqd_t descriptor)
{
	return !(kernel(SYS_fcntl, descriptor, F_GETFL, 0, 0, 0, 0) & O_NONBLOCK);
}

static int queue_make(const char *name, const struct mq_attr *attributes)
{
	bool created;
	long most = attributes ? attributes->mq_maxmsg : MESSAGES_BY_DEFAULT;
	long size = attributes ? attributes->mq_msgsize : MESSAGE_BYTES;
	if (most < 1 || size < 1)
		return fails(EINVAL);
	if (most > MESSAGES_MAX || size > MESSAGE_BYTES)
		execution_full("messages of a queue, or bytes of a message");
	int place = ipc_get(&queue_table, 0, 0, &created);
	struct message_queue *queue = &control->queues[place];
	struct ipc_name life = queue->name;
	life.hidden = 1;
	*queue = (struct message_queue){.name = life,
		.messages_most = (uint32_t)most,
		.bytes_most = UINT32_MAX,
		.message_most = (uint32_t)size};
	int slot = shared_name(name, 'q', true);
	control->names[slot].linked = 1;
	control->names[slot].value[0] = (uint32_t)place;
	changed();
	return place;
}

static mqd_t queue_open(const char *name, int flags, const struct mq_attr *attributes)
{
	struct operation operation =
		operation_at(STEP_NAME, (uint64_t)control->names, NULL);
	if (name[0] != '/' || !name[1])
		return fails(EINVAL);
	yield_turn();
	point(&operation);
	int place, slot = shared_name(name, 'q', false);
	if (slot >= 0 && flags & O_CREAT && flags & O_EXCL)
		return fails(EEXIST);
	if (slot < 0 && !(flags & O_CREAT))
		return fails(ENOENT);
	if (slot < 0)
		place = queue_make(name, attributes);
	else
		place = (int)control->names[slot].value[0];
	if (place < 0)
		return -1;
	uint32_t source;
	int descriptor = source_new(SOURCE_QUEUE, flags | O_CLOEXEC, &source);
	if (descriptor >= 0)
		control->sources[source].place = (uint16_t)place;
	return descriptor;
}

mqd_t runtime_mq_open(const char *name, int flags, ...)
{
	const struct mq_attr *attributes = NULL;
	if (flags & O_CREAT) {
		va_list arguments;
		va_start(arguments, flags);
		(void)va_arg(arguments, mode_t);
		attributes = va_arg(arguments, const struct mq_attr *);
		va_end(arguments);
	}
	return queue_open(name, flags, attributes);
}

int runtime_mq_close(mqd_t descriptor)
{
	if (!queue_of(descriptor))
		return fails(EBADF);
	return runtime_close(descriptor);
}

int runtime_mq_unlink(const char *name)
{
	struct operation operation =
		operation_at(STEP_NAME, (uint64_t)control->names, NULL);
	point(&operation);
	int slot = shared_name(name, 'q', false);
	if (slot < 0)
		return fails(ENOENT);
	control->names[slot].linked = 0;
	changed();
	return 0;
}

/* Asked for by mq_notify(): once, when a message comes to an empty queue. */
static void queue_notify(struct message_queue *queue)
{
	uint32_t process = queue->notify_process;
	if (!process || queue->messages != 1)
		return;
	queue->notify_process = 0;
	if (queue->notify_number)
		signal_send(&(struct pending_signal){.process = (uint16_t)(process - 1),
			.number = queue->notify_number,
			.code = SI_MESGQ,
			.pid = virtual_pid(process_private.process),
			.value = queue->notify_value});
	signals_deliver();
}

static int mq_put(mqd_t descriptor, const char *text, size_t size, unsigned priority,
	uint64_t deadline)
{
	struct message_queue *queue = queue_of(descriptor);
	if (!queue)
		return fails(EBADF);
	if (size > queue->message_most)
		return fails(EMSGSIZE);
	if (priority >= PRIORITIES)
		return fails(EINVAL);
	int trouble = queue_send(queue, PRIORITIES - (int64_t)priority, text, size,
		queue_blocks(descriptor), deadline);
	if (trouble)
		return fails(trouble);
	queue_notify(queue);
	return 0;
}

static ssize_t mq_get(
	mqd_t descriptor, char *text, size_t size, unsigned *priority, uint64_t deadline)
{
	struct message_queue *queue = queue_of(descriptor);
	struct message *found = NULL;
	if (!queue)
		return fails(EBADF);
	if (size < queue->message_most)
		return fails(EMSGSIZE);
	int trouble = queue_receive(
		queue, -(int64_t)ANY, 0, queue_blocks(descriptor), deadline, &found);
	if (trouble)
		return fails(trouble);
	access_memory(text, found->size, FLAG_WRITE, explore_self.frame->pc);
	real.memcpy(text, found->text, found->size);
	if (priority)
		*priority = (unsigned)(PRIORITIES - found->type);
	ssize_t got = found->size;
	queue_done(found);
	return got;
}

int runtime_mq_send(mqd_t descriptor, const char *text, size_t size, unsigned priority)
{
	return mq_put(descriptor, text, size, priority, 0);
}

int runtime_mq_timedsend(mqd_t descriptor, const char *text, size_t size,
	unsigned priority, const struct timespec *until)
{
	return mq_put(descriptor, text, size, priority, deadline_of(until));
}

ssize_t runtime_mq_receive(mqd_t descriptor, char *text, size_t size, unsigned *priority)
{
	return mq_get(descriptor, text, size, priority, 0);
}

ssize_t runtime_mq_timedreceive(mqd_t descriptor, char *text, size_t size,
	unsigned *priority, const struct timespec *until)
{
	return mq_get(descriptor, text, size, priority, deadline_of(until));
}

int runtime_mq_getattr(mqd_t descriptor, struct mq_attr *attributes)
{
	const struct message_queue *queue = queue_of(descriptor);
	if (!queue)
		return fails(EBADF);
	struct operation operation = operation_at(STEP_SEM_READ, (uint64_t)queue, NULL);
	yield_turn();
	point(&operation);
	real.memset(attributes, 0, sizeof *attributes);
	attributes->mq_maxmsg = queue->messages_most;
	attributes->mq_msgsize = queue->message_most;
	attributes->mq_curmsgs = queue->messages;
	attributes->mq_flags = queue_blocks(descriptor) ? 0 : O_NONBLOCK;
	return 0;
}

int runtime_mq_setattr(
	mqd_t descriptor, const struct mq_attr *attributes, struct mq_attr *old)
{
	if (!queue_of(descriptor))
		return fails(EBADF);
	if (old)
		runtime_mq_getattr(descriptor, old);
	kernel(SYS_fcntl, descriptor, F_SETFL, attributes->mq_flags & O_NONBLOCK, 0, 0,
		0);
	return 0;
}

int runtime_mq_notify(mqd_t descriptor, const struct sigevent *event)
{
	struct message_queue *queue = queue_of(descriptor);
	uint32_t own = process_private.process + 1;
	if (!queue)
		return fails(EBADF);
	if (event && event->sigev_notify == SIGEV_THREAD)
		execution_full("notifications understood: one starts threads");
	if (event && queue->notify_process)
		return fails(EBUSY);
	if (!event && queue->notify_process != own)
		return 0;
	queue->notify_process = event ? (uint16_t)own : 0;
	queue->notify_number = event && event->sigev_notify == SIGEV_SIGNAL
				       ? (uint8_t)event->sigev_signo
				       : 0;
	queue->notify_value = event ? (uint64_t)event->sigev_value.sival_ptr : 0;
	return 0;
}
