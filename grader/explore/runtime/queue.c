/* SPDX-License-Identifier: MIT */
/*
 * Message queues: System V's here, POSIX's in mqueue.c, which are found by a name and hand out
 * the highest priority first. The messages of all of them lie in one pool in the control
 * memory. To send a message orders what came before it ahead of what follows its receipt; each
 * message is an object of its own, so that two senders of one queue are not ordered by it.
 * What waits for room is ordered behind all who have made room in that queue.
 */
#include "ipc.h"
#include "signals.h"

#include <errno.h>
#include <limits.h>
#include <sys/ipc.h>
#include <sys/msg.h>

enum { BYTES_MOST = 16384, MESSAGES_ANY = 1 << 30 };

const struct ipc_table queue_table = {
	&((struct control_memory *)CONTROL_ADDRESS)->queues[0].name,
	sizeof(struct message_queue), QUEUES_MAX, "message queues"};

static uint64_t queue_key(const struct message_queue *queue)
{
	return (uint64_t)queue;
}

static uint64_t message_key(const struct message *message)
{
	return (uint64_t)message;
}

static bool better(const struct message *one, const struct message *other, bool by_type)
{
	if (by_type && one->type != other->type)
		return one->type < other->type;
	return one->order < other->order;
}

/* As msgrcv() chooses: 0 the oldest, above 0 that type, below 0 the lowest type up to it. */
struct message *queue_find(const struct message_queue *queue, int64_t type, int flags)
{
	struct message *found = NULL;
	for (uint32_t i = 0; i < control->messages_used; i++) {
		struct message *message = &control->messages[i];
		if (message->queue != queue - control->queues + 1)
			continue;
		if (type > 0 && (message->type == type) == ((flags & MSG_EXCEPT) != 0))
			continue;
		if (type < 0 && message->type > -type)
			continue;
		if (!found || better(message, found, type < 0))
			found = message;
	}
	return found;
}

static bool has_room(const struct message_queue *queue, uint64_t size)
{
	return queue->messages < queue->messages_most &&
	       queue->bytes + size <= queue->bytes_most;
}

/* The wait of the task can end: its queue may have gone as well. */
static bool receive_open(const struct task *task)
{
	const struct message_queue *queue =
		(const struct message_queue *)task->pending.address;
	return !queue->name.used || queue_find(queue, (int64_t)task->pending.detail,
					    task->pending.size ? MSG_EXCEPT : 0);
}

static bool send_open(const struct task *task)
{
	const struct message_queue *queue =
		(const struct message_queue *)task->pending.address;
	return !queue->name.used || has_room(queue, task->pending.detail);
}

static void queue_changed(const struct message_queue *queue)
{
	set_able_by(queue_key(queue), STEP_MESSAGE_RECEIVE, receive_open);
	set_able_by(queue_key(queue), STEP_MESSAGE_SEND, send_open);
	changed();
}

static struct message *message_new(void)
{
	for (uint32_t i = 0; i < control->messages_used; i++)
		if (!control->messages[i].queue)
			return &control->messages[i];
	if (control->messages_used == MESSAGES_MAX)
		execution_full("messages in queues");
	return &control->messages[control->messages_used++];
}

/* Until the operation can be done: 0, or the error. */
static int queue_wait(struct message_queue *queue, const struct operation *operation,
	bool (*open)(const struct task *), bool blocking, uint64_t deadline)
{
	struct task *task = explore_self.task;
	uint32_t life = queue->name.life;
	yield_turn();
	task->pending.address = operation->address;
	task->pending.detail = operation->detail;
	task->pending.size = operation->size;
	enum interruption interruption =
		arrive_interruptibly(operation, !blocking || open(task), deadline);
	for (;;) {
		if (!queue->name.used || queue->name.life != life)
			return EIDRM;
		if (open(task))
			return 0;
		if (!blocking) {
			own_step()->flags |= FLAG_TIMED | FLAG_TIMED_OUT;
			return EAGAIN;
		}
		if (task->timed_out)
			return ETIMEDOUT;
		if (interruption >= HANDLED)
			return EINTR;
		interruption = arrive_interruptibly(operation, false, deadline);
	}
}

int queue_send(struct message_queue *queue, int64_t type, const void *text, size_t size,
	bool blocking, uint64_t deadline)
{
	struct operation operation =
		operation_at(STEP_MESSAGE_SEND, queue_key(queue), NULL);
	operation.detail = size;
	access_memory(text, size, 0, explore_self.frame->pc);
	bool full = !has_room(queue, size);
	int trouble = queue_wait(queue, &operation, send_open, blocking, deadline);
	if (trouble)
		return trouble;
	if (full)
		object_acquire(queue_key(queue));
	struct message *message = message_new();
	message->order = ++control->messages_sent;
	message->type = type;
	message->size = (uint32_t)size;
	message->queue = (uint16_t)(queue - control->queues + 1);
	real.memcpy(message->text, text, size);
	queue->messages++;
	queue->bytes += (uint32_t)size;
	object_set(message_key(message));
	queue_changed(queue);
	return 0;
}

int queue_receive(struct message_queue *queue, int64_t type, int flags, bool blocking,
	uint64_t deadline, struct message **found)
{
	struct operation operation =
		operation_at(STEP_MESSAGE_RECEIVE, queue_key(queue), NULL);
	operation.detail = (uint64_t)type;
	operation.size = (flags & MSG_EXCEPT) != 0;
	int trouble = queue_wait(queue, &operation, receive_open, blocking, deadline);
	if (trouble)
		return trouble;
	*found = queue_find(queue, type, flags);
	object_acquire(message_key(*found));
	return 0;
}

void queue_done(struct message *message)
{
	struct message_queue *queue = &control->queues[message->queue - 1];
	object_forget(message_key(message));
	object_release(queue_key(queue));
	message->queue = 0;
	queue->messages--;
	queue->bytes -= message->size;
	queue_changed(queue);
}

/* The queue is no more, nor what is in it. */
void queue_drop(struct message_queue *queue)
{
	for (uint32_t i = 0; i < control->messages_used; i++)
		if (control->messages[i].queue == queue - control->queues + 1)
			control->messages[i].queue = 0;
	queue->name.used = 0;
	queue_changed(queue);
}

/* System V */

int runtime_msgget(key_t key, int flags)
{
	bool created;
	struct operation operation =
		operation_at(STEP_SET, (uint64_t)control->queues, NULL);
	point(&operation);
	int place = ipc_get(&queue_table, key, flags, &created);
	if (place < 0)
		return -1;
	struct message_queue *queue = &control->queues[place];
	if (created) {
		struct ipc_name name = queue->name;
		*queue = (struct message_queue){.name = name,
			.messages_most = MESSAGES_ANY,
			.bytes_most = BYTES_MOST,
			.message_most = MESSAGE_BYTES};
		changed();
	}
	return ipc_number(&queue_table, (uint32_t)place);
}

static struct message_queue *queue_numbered(int number)
{
	int place = ipc_find(&queue_table, number);
	return place < 0 ? NULL : &control->queues[place];
}

int runtime_msgsnd(int number, const void *pointer, size_t size, int flags)
{
	struct message_queue *queue = queue_numbered(number);
	const struct msgbuf *buffer = pointer;
	if (!queue)
		return -1;
	access_memory(&buffer->mtype, sizeof buffer->mtype, 0, explore_self.frame->pc);
	if (buffer->mtype < 1 || size > MESSAGE_BYTES)
		return fails(EINVAL);
	int trouble = queue_send(
		queue, buffer->mtype, buffer->mtext, size, !(flags & IPC_NOWAIT), 0);
	return trouble ? fails(trouble) : 0;
}

ssize_t runtime_msgrcv(int number, void *pointer, size_t size, long type, int flags)
{
	struct message_queue *queue = queue_numbered(number);
	struct msgbuf *buffer = pointer;
	struct message *found = NULL;
	if (!queue)
		return -1;
	int trouble = queue_receive(queue, type, flags, !(flags & IPC_NOWAIT), 0, &found);
	if (trouble)
		return fails(trouble == EAGAIN ? ENOMSG : trouble);
	if (found->size > size && !(flags & MSG_NOERROR))
		return fails(E2BIG);
	size_t got = found->size < size ? found->size : size;
	access_memory(
		buffer, sizeof buffer->mtype + got, FLAG_WRITE, explore_self.frame->pc);
	buffer->mtype = found->type;
	real.memcpy(buffer->mtext, found->text, got);
	queue_done(found);
	return (ssize_t)got;
}

int runtime_msgctl(int number, int command, struct msqid_ds *state)
{
	struct message_queue *queue = queue_numbered(number);
	if (!queue)
		return -1;
	struct operation operation = operation_at(
		command == IPC_RMID ? STEP_SET : STEP_SEM_READ, queue_key(queue), NULL);
	point(&operation);
	switch (command) {
	case IPC_RMID:
		queue_drop(queue);
		return 0;
	case IPC_STAT:
		real.memset(state, 0, sizeof *state);
		state->msg_qnum = queue->messages;
		state->msg_qbytes = queue->bytes_most;
		state->msg_perm.__key = queue->name.key;
		state->msg_perm.mode = queue->name.mode;
		return 0;
	case IPC_SET:
		queue->bytes_most = (uint32_t)state->msg_qbytes;
		queue->name.mode = state->msg_perm.mode & 0777;
		return 0;
	default:
		return fails(EINVAL);
	}
}
