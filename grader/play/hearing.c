/* SPDX-License-Identifier: MIT */
#include "play/hearing.h"

#include "base/memory.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FLOOD_FACTOR = 16, /* a run may print this many times what is kept of it */
	XML_MOST = 32 << 20,
	XML_STEP = 1 << 16,
};

bool hearing_answer(struct hearing *hearing, struct arena_report *report)
{
	ssize_t count = 0;

	*report = (struct arena_report){0};
	/* MSG_TRUNC: the message's own length, or a longer one would look right. */
	do
		count = recv(hearing->socket, report, sizeof(*report), MSG_TRUNC);
	while (count < 0 && errno == EINTR);
	return count == (ssize_t)sizeof(*report);
}

/* What the arena says is a claim, which a student's process can forge: that all returned is
 * no pass before the lab's own check has found their work. */
void hearing_judge_processes(const struct hearing *hearing, struct player_run *run)
{
	for (uint32_t i = 0; i < hearing->planned && i < ARENA_PROCESSES; i++) {
		const struct arena_process *process = &hearing->arena->processes[i];
		if (process->returned == 1 && process->exit_code == 0)
			continue;
		run->process = (int)i;
		/* One that can be negated: there are no such signals anyway. */
		run->code =
			process->exit_code < -SIGRTMAX ? -SIGKILL : process->exit_code;
		run->end = run->code == -SIGXCPU ? PLAY_SPUN
			   : run->code < 0	 ? PLAY_CRASHED
						 : PLAY_EXITED;
		return;
	}
}

void hearing_judge(const struct hearing *hearing, const struct arena_report *report,
	struct player_run *run)
{
	int status = report->wait_status;

	run->left_alive = report->left_alive;
	run->left_zombies = report->left_zombies;
	/* Of a process that runs nothing of the student's, unlike all that is in the arena. */
	run->no_entry = WIFEXITED(status) && WEXITSTATUS(status) == ARENA_NO_ENTRY;
	hearing_judge_processes(hearing, run);
	/* A worker that spun was ended by its limit, and its parent may have gone on. */
	if (report->cpu_ms >= hearing->limits->cpu_seconds * 1000)
		run->end = PLAY_SPUN;
	if (run->end != PLAY_RETURNED || status == 0)
		return;
	run->code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
	run->end = WIFSIGNALED(status) ? PLAY_CRASHED : PLAY_EXITED;
}

char *hearing_explain(const struct hearing *hearing, const struct player_run *run)
{
	char who[ARENA_ENTRY_BYTES + 32] = "the program";

	if (run->process >= 0)
		snprintf(who, sizeof(who), "the process that runs %.*s",
			ARENA_ENTRY_BYTES - 1,
			hearing->arena->processes[run->process].entry);
	switch (run->end) {
	case PLAY_CRASHED:
		return text_format("%s was ended by signal %d (%s)", who, -run->code,
			strsignal(-run->code));
	case PLAY_EXITED:
		return text_format(
			"%s ended with exit code %d before the function returned", who,
			run->code);
	case PLAY_STUCK:
		return text_copy(
			"no process can go on: each waits for something that no other "
			"will do (a deadlock), or sleeps");
	case PLAY_SPUN:
		return text_format("%s used %ld s of CPU time and did not return", who,
			hearing->limits->cpu_seconds);
	case PLAY_FLOODED:
		return text_format("the run was ended: too %s %s",
			strcmp(run->flood, "processes") == 0 ? "many" : "much",
			run->flood);
	case PLAY_RETURNED:
		break;
	}
	return text_copy("every process returned");
}

/* Keeps what helgrind has written; what is beyond all measure is lost, and the report
 * incomplete. */
static void drain_xml(struct hearing *hearing)
{
	ssize_t count = 0;

	if (hearing->xml_fd < 0)
		return;
	do {
		hearing->xml =
			memory_grow(hearing->xml, hearing->xml_size + XML_STEP + 1, 1);
		count = read(hearing->xml_fd, hearing->xml + hearing->xml_size, XML_STEP);
		if (count > 0 && hearing->xml_size + (size_t)count <= XML_MOST)
			hearing->xml_size += (size_t)count;
	} while (count > 0);
	hearing->xml[hearing->xml_size] = '\0';
}

void hearing_drain(struct hearing *hearing)
{
	size_t most = (size_t)hearing->limits->output_kb * 1024;
	char bytes[65536];
	ssize_t count = 0;

	drain_xml(hearing);
	while (hearing->printed >= 0 && hearing->flood <= most * FLOOD_FACTOR &&
		(count = read(hearing->printed, bytes, sizeof(bytes))) > 0) {
		size_t room = most - hearing->output_size;
		size_t kept = (size_t)count < room ? (size_t)count : room;
		hearing->flood += (size_t)count;
		hearing->output =
			memory_grow(hearing->output, hearing->output_size + kept + 1, 1);
		memcpy(hearing->output + hearing->output_size, bytes, kept);
		hearing->output_size += kept;
		hearing->output[hearing->output_size] = '\0';
	}
}

bool hearing_flooded(const struct hearing *hearing)
{
	return hearing->flood > (size_t)hearing->limits->output_kb * 1024 * FLOOD_FACTOR;
}

void hearing_release(struct hearing *hearing)
{
	free(hearing->output);
	free(hearing->xml);
	hearing->output = hearing->xml = NULL;
	hearing->output_size = hearing->xml_size = 0;
}
