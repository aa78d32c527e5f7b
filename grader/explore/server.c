/* SPDX-License-Identifier: MIT */
#include "explore/server.h"

#include "base/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Hang guards, not budgets: what an execution may cost is counted in steps and blocks, and what
 * is said of a program never depends on these. Still is a program that does not use the
 * processor, which no load can make it. LONGEST_MS is for one that only counts up. */
enum { START_MS = 120000, LONGEST_MS = 3600000, LOOK_MS = 1000 };

static uint64_t progress(const struct server *server)
{
	const struct execution_result *result = &server->memory->result;
	return result->steps + result->accesses + result->blocks + result->ticks;
}

/* Once there, it stays; whoever wrote over it wrote over what follows as well. */
static bool is_overwritten(const struct server *server)
{
	return server->memory->magic && server->memory->magic != CONTROL_MAGIC;
}

/* As poll() of the command socket; 0 also when nothing has moved for too long. */
static int await_answer(const struct server *server, int patience_ms)
{
	struct pollfd poll_fd = {.fd = server->command_fd, .events = POLLIN};
	uint64_t before = progress(server);
	int ready = 0;
	int still_ms = 0;

	for (int waited_ms = 0; waited_ms < LONGEST_MS && still_ms < patience_ms;
		waited_ms += LOOK_MS) {
		do
			ready = poll(&poll_fd, 1, LOOK_MS);
		while (ready < 0 && errno == EINTR);
		if (ready != 0 || is_overwritten(server) || interrupt_seen())
			break;
		still_ms = progress(server) == before ? still_ms + LOOK_MS : 0;
		before = progress(server);
	}
	return ready;
}

static int await_byte(
	struct server *server, char wanted, int patience_ms, struct error *error)
{
	int ready = await_answer(server, patience_ms);
	if (ready == 0) {
		server->hung = true;
		if (is_overwritten(server))
			return error_set(error, "the program under test wrote over the "
						"explorer's memory");
		return error_set(error, "the program under test did not come back");
	}
	char byte = 0;
	if (ready < 0 || read(server->command_fd, &byte, 1) != 1)
		return error_set(
			error, "the program under test ended before its main began");
	if (byte != wanted)
		return error_set(error, "the program under test answered out of turn");
	return 0;
}

static int make_memory(struct server *server, struct error *error)
{
	int fd = memfd_create("explore", MFD_CLOEXEC);
	if (fd < 0)
		return error_system(error, "making the control memory");
	if (ftruncate(fd, sizeof(struct control_memory)) < 0) {
		close(fd);
		return error_system(error, "sizing the control memory");
	}
	void *memory = mmap(NULL, sizeof(struct control_memory), PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED) {
		close(fd);
		return error_system(error, "mapping the control memory");
	}
	server->memory = memory;
	return fd;
}

int server_start(
	struct server *server, server_spawn *spawn, void *context, struct error *error)
{
	int pair[2] = {-1, -1};
	int status = -1;
	*server = (struct server){.pid = -1, .command_fd = -1};
	int memory_fd = make_memory(server, error);
	if (memory_fd < 0)
		return -1;
	server->memory->processor = (uint32_t)getpid();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
		error_system(error, "making a socket pair");
		goto out;
	}
	server->command_fd = pair[0];
	server->pid = spawn(context, memory_fd, pair[1], error);
	close(pair[1]);
	if (server->pid < 0)
		goto out;
	status = await_byte(server, 'h', START_MS, error);
	if (!status && server->memory->magic != CONTROL_MAGIC)
		status = error_set(
			error, "the program under test is not linked for exploring");
out:
	close(memory_fd);
	if (status)
		server_stop(server);
	return status;
}

/* The byte that asks comes alone, since it is read as all commands are. */
static int send_descriptors(
	const struct server *first, int memory_fd, int command_fd, struct error *error)
{
	int descriptors[2] = {memory_fd, command_fd};
	char byte = COMMAND_TWIN;
	_Alignas(struct cmsghdr) char space[CMSG_SPACE(sizeof descriptors)] = {0};
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = space,
		.msg_controllen = sizeof space};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof descriptors);
	memcpy(CMSG_DATA(header), descriptors, sizeof descriptors);
	if (send(first->command_fd, &byte, 1, MSG_NOSIGNAL) != 1 ||
		sendmsg(first->command_fd, &message, MSG_NOSIGNAL) != 1)
		return error_system(error, "asking for a second server");
	return 0;
}

int server_twin(
	struct server *server, struct server *first, uint32_t number, struct error *error)
{
	int pair[2] = {-1, -1};
	int status = -1;
	*server = (struct server){.pid = -1, .command_fd = -1};
	int memory_fd = make_memory(server, error);
	if (memory_fd < 0)
		return -1;
	server->memory->processor = first->memory->processor + number;
	/* It has the breakpoints; what they stand for is read from its memory. */
	server->memory->program_start = first->memory->program_start;
	server->memory->program_end = first->memory->program_end;
	server->memory->breakpoints_count = first->memory->breakpoints_count;
	server->memory->programs_count = first->memory->programs_count;
	memcpy(server->memory->programs, first->memory->programs,
		sizeof first->memory->programs);
	memcpy(server->memory->breakpoints, first->memory->breakpoints,
		sizeof first->memory->breakpoints);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
		error_system(error, "making a socket pair");
		goto out;
	}
	server->command_fd = pair[0];
	status = send_descriptors(first, memory_fd, pair[1], error);
	close(pair[1]);
	if (!status)
		status = await_byte(server, 'h', START_MS, error);
	/* What the memory says is believed as far as the kernel bears it out. */
	pid_t pid = (pid_t)server->memory->server;
	if (!status && (pid <= 1 || waitpid(pid, NULL, WNOHANG) != 0))
		status = error_set(error, "the second server is none of ours");
	if (!status)
		server->pid = pid;
out:
	close(memory_fd);
	if (status)
		server_stop(server);
	return status;
}

void server_set_places(struct server *server, const uint64_t *pcs, uint32_t count)
{
	struct control_memory *memory = server->memory;
	memset(memory->racy, 0, sizeof memory->racy);
	for (uint32_t i = 0; i < count && i < RACY_MAX / 2; i++) {
		uint32_t slot = (uint32_t)control_mix(pcs[i]) % RACY_MAX;
		/* Bounded, for whatever else may write there. */
		for (uint32_t k = 0; k < RACY_MAX && memory->racy[slot]; k++)
			slot = (slot + 1) % RACY_MAX;
		memory->racy[slot] = pcs[i];
	}
}

void server_set_plan(struct server *server, const uint16_t *choices, uint32_t length)
{
	if (length > STEPS_MAX)
		length = STEPS_MAX;
	server->memory->request.plan_length = length;
	if (length)
		memcpy(server->memory->plan, choices, length * sizeof *choices);
}

int server_ask(struct server *server, struct error *error)
{
	char byte = COMMAND_EXECUTE;
	ssize_t sent;
	do
		sent = send(server->command_fd, &byte, 1, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent != 1)
		return error_system(
			error, "asking the program under test for an execution");
	return 0;
}

int server_answer(struct server *server, struct error *error)
{
	return await_byte(server, 'd', SERVER_STILL_MS, error);
}

int server_execute(struct server *server, struct error *error)
{
	return server_ask(server, error) || server_answer(server, error) ? -1 : 0;
}

void server_stop(struct server *server)
{
	if (server->command_fd > 0)
		close(server->command_fd);
	if (server->pid > 0) {
		kill(-server->pid, SIGKILL);
		kill(server->pid, SIGKILL);
		while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (server->memory)
		munmap(server->memory, sizeof *server->memory);
	*server = (struct server){.pid = -1, .command_fd = -1};
}
