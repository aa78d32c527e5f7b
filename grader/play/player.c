/* SPDX-License-Identifier: MIT */
#include "play/player.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/paths.h"
#include "explore/control.h"
#include "play/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	EXPLORE_FD = 198,  /* and the next: the explorer's memory and its commands */
	XML_FD = 5,	   /* the player's descriptor that helgrind writes its XML to */
	START_MS = 120000, /* that loading the program can take, on the busiest machine */
	QUIET_MS = 300,	   /* a run is watched if it takes longer */
	FLOOD_FACTOR = 16, /* a run may print this many times what is kept of it */
	HELGRIND_SLOWNESS = 50,	  /* more CPU time than a plain run, at most */
	HELGRIND_MEMORY_MB = 512, /* that valgrind needs for itself */
};

struct player {
	struct player_options options;
	struct arena *arena;
	int arena_fd;
	int xml_fd; /* our end of the socket that helgrind writes its XML to, or -1 */
	char *xml;
	size_t xml_size;
	struct box box;
	bool running;
	uint32_t planned; /* processes of this run, as the arena can be written on */
	int socket;	  /* our end, while it runs */
	int printed;	  /* the read end of what it prints, while it runs */
	char *output;
	size_t output_size;
	size_t flood; /* bytes printed in this run */
};

static int make_arena(struct player *player, struct error *error)
{
	void *wanted = (void *)ARENA_ADDRESS; /* NOLINT(performance-no-int-to-ptr) */

	player->arena_fd =
		memfd_create("interlock-arena", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	/* Sealed: memory that was cut off would end the referee, not the player. */
	if (player->arena_fd < 0 || ftruncate(player->arena_fd, ARENA_BYTES) ||
		fcntl(player->arena_fd, F_ADD_SEALS,
			F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
		return error_system(error, "cannot make the arena");
	player->arena = mmap(wanted, ARENA_BYTES, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_FIXED_NOREPLACE, player->arena_fd, 0);
	if (player->arena == MAP_FAILED) {
		player->arena = NULL;
		return error_system(error, "cannot map the arena at %p", wanted);
	}
	return 0;
}

struct player *player_new(const struct player_options *options, struct error *error)
{
	struct player *player = memory_new(1, sizeof(*player));

	player->options = *options;
	player->xml_fd = -1;
	if (make_arena(player, error)) {
		player_free(player);
		return NULL;
	}
	return player;
}

static void stop(struct player *player)
{
	if (!player->running)
		return;
	box_release(&player->box);
	close(player->socket);
	close(player->printed);
	player->running = false;
}

void player_free(struct player *player)
{
	if (!player)
		return;
	stop(player);
	box_release(&player->box);
	if (player->arena)
		munmap(player->arena, ARENA_BYTES);
	if (player->arena_fd >= 0)
		close(player->arena_fd);
	if (player->xml_fd >= 0)
		close(player->xml_fd);
	free(player->output);
	free(player->xml);
	free(player);
}

struct arena *player_arena(struct player *player)
{
	return player->arena;
}

/* Freed pages come back as zeros, and cost nothing where no run has touched them. */
void player_reset(struct player *player)
{
	const struct lab_limits *limits = player->options.limits;

	if (fallocate(player->arena_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
		    ARENA_BYTES))
		memset(player->arena, 0, ARENA_BYTES);
	player->arena->mode = (uint32_t)player->options.mode;
	player->arena->cpu_seconds = (int32_t)limits->cpu_seconds;
}

static struct box_limits limits_of(const struct player_options *options)
{
	const struct lab_limits *limits = options->limits;
	long long memory_mb = limits->memory_mb;
	long cpu_seconds = 0;

	if (options->helgrind) {
		memory_mb = memory_mb * 4 + HELGRIND_MEMORY_MB;
		cpu_seconds = limits->cpu_seconds * HELGRIND_SLOWNESS;
	} else {
		cpu_seconds = 3600; /* of the server; each run's processes have less */
	}
	return (struct box_limits){
		.cpu_seconds = cpu_seconds,
		.wall_ms = 3600 * 1000,
		.processes = limits->processes + 4,
		.memory_bytes = memory_mb << 20,
	};
}

static int start_box(struct player *player, const struct box_fd *fds, size_t fd_count,
	const char *const *environment, struct error *error)
{
	const struct player_options *options = &player->options;
	char *program = text_format("./%s", options->program);
	const char *plain[] = {program, NULL};
	const char *helgrind[] = {"/usr/bin/valgrind", "--tool=helgrind", "--xml=yes",
		"--xml-fd=5", "--fair-sched=yes", "--num-callers=20", program, NULL};
	struct box_options box = {
		.argv = options->helgrind ? helgrind : plain,
		.environment = environment,
		.work_dir = options->folder,
		.work_read_only = true,
		.fds = fds,
		.fd_count = fd_count,
		.limits = limits_of(options),
		.tier = options->tier,
		.trusted = options->trusted,
		.fix_addresses = options->mode == ARENA_ONCE,
	};
	int status = box_start(&player->box, &box, error);

	free(program);
	return status;
}

pid_t player_start_explored(
	struct player *player, int memory_fd, int command_fd, struct error *error)
{
	const struct box_fd fds[] = {{player->arena_fd, ARENA_FD},
		{memory_fd, EXPLORE_FD}, {command_fd, EXPLORE_FD + 1}};
	char variable[64];
	const char *const environment[] = {variable, NULL};

	snprintf(variable, sizeof(variable), CONTROL_ENVIRONMENT "=%d,%d", EXPLORE_FD,
		EXPLORE_FD + 1);
	box_release(&player->box);
	if (start_box(player, fds, sizeof(fds) / sizeof(*fds), environment, error))
		return -1;
	return player->box.keeper;
}

char *player_program_path(const struct player *player)
{
	return path_join(player->options.folder, player->options.program);
}

static void drain(struct player *player);

/* The server says a word before it calls anything of the student's: if it dies without
 * it, the fault is ours. */
static int await_server(struct player *player, struct error *error)
{
	struct pollfd ready = {player->socket, POLLIN, 0};
	char word = 0;

	while (poll(&ready, 1, START_MS) < 0 && errno == EINTR)
		;
	if (ready.revents && recv(player->socket, &word, 1, 0) == 1)
		return 0;
	drain(player);
	return error_set(error, "it did not come up: %.300s",
		player->output ? player->output : "it said nothing");
}

/* A socket, which cannot be opened again through /proc: what helgrind has said of a
 * submission is out of its reach. */
static int open_xml(struct player *player, int *theirs, struct error *error)
{
	int ends[2];

	if (player->xml_fd >= 0)
		close(player->xml_fd);
	player->xml_fd = -1;
	player->xml_size = 0;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return error_system(error, "cannot make a socket for helgrind's XML");
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	player->xml_fd = ends[0];
	*theirs = ends[1];
	return 0;
}

static int start(struct player *player, struct error *error)
{
	int sockets[2];
	int pipes[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		return error_system(error, "cannot make the player's socket");
	if (pipe2(pipes, O_CLOEXEC)) {
		close(sockets[0]);
		close(sockets[1]);
		return error_system(error, "cannot make the player's output pipe");
	}
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	struct box_fd fds[] = {{pipes[1], 1}, {pipes[1], 2}, {player->arena_fd, ARENA_FD},
		{sockets[1], ARENA_SOCKET}, {-1, XML_FD}};
	int status = 0;
	if (player->options.helgrind) {
		status = open_xml(player, &fds[4].outside, error);
	}
	if (status == 0)
		status = start_box(
			player, fds, player->options.helgrind ? 5 : 4, NULL, error);
	close(sockets[1]);
	close(pipes[1]);
	if (fds[4].outside >= 0)
		close(fds[4].outside);
	player->socket = sockets[0];
	player->printed = pipes[0];
	player->running = true;
	if (status == 0)
		status = await_server(player, error);
	if (status)
		stop(player);
	return status;
}

/* Keeps what helgrind has written; what is beyond all measure is lost, and the report
 * incomplete. */
static void drain_xml(struct player *player)
{
	enum { MOST = 32 << 20, STEP = 1 << 16 };
	ssize_t count = 0;

	if (player->xml_fd < 0)
		return;
	do {
		player->xml = memory_grow(player->xml, player->xml_size + STEP + 1, 1);
		count = read(player->xml_fd, player->xml + player->xml_size, STEP);
		if (count > 0 && player->xml_size + (size_t)count <= MOST)
			player->xml_size += (size_t)count;
	} while (count > 0);
	player->xml[player->xml_size] = '\0';
}

/* Takes what was printed off the pipe, so that nobody waits for us, and keeps the first
 * part. */
static void drain(struct player *player)
{
	size_t most = (size_t)player->options.limits->output_kb * 1024;
	char bytes[65536];
	ssize_t count = 0;

	drain_xml(player);
	while (player->flood <= most * FLOOD_FACTOR &&
		(count = read(player->printed, bytes, sizeof(bytes))) > 0) {
		size_t room = most - player->output_size;
		size_t kept = (size_t)count < room ? (size_t)count : room;
		player->flood += (size_t)count;
		player->output =
			memory_grow(player->output, player->output_size + kept + 1, 1);
		memcpy(player->output + player->output_size, bytes, kept);
		player->output_size += kept;
		player->output[player->output_size] = '\0';
	}
}

static bool flooded(const struct player *player)
{
	return player->flood >
	       (size_t)player->options.limits->output_kb * 1024 * FLOOD_FACTOR;
}

/* Looks for the first process that did not return, and says why. What the arena says is a
 * claim, which a student's process can forge: that all returned is no pass before the
 * lab's own check has found their work. */
void player_judge_processes(struct player *player, struct player_run *run)
{
	const struct arena *arena = player->arena;

	for (uint32_t i = 0; i < player->planned && i < ARENA_PROCESSES; i++) {
		const struct arena_process *process = &arena->processes[i];
		if (process->returned == 1 && process->exit_code == 0)
			continue;
		run->process = (int)i;
		run->code = process->exit_code;
		run->end = run->code == -SIGXCPU ? PLAY_SPUN
			   : run->code < 0	 ? PLAY_CRASHED
						 : PLAY_EXITED;
		return;
	}
}

static void judge_report(
	struct player *player, const struct arena_report *report, struct player_run *run)
{
	int status = report->wait_status;

	run->left_alive = report->left_alive;
	run->left_zombies = report->left_zombies;
	/* Of a process that runs nothing of the student's, unlike all that is in the arena. */
	run->no_entry = WIFEXITED(status) && WEXITSTATUS(status) == ARENA_NO_ENTRY;
	player_judge_processes(player, run);
	/* A worker that spun was ended by its limit, and its parent may have gone on. */
	if (report->cpu_ms >= player->options.limits->cpu_seconds * 1000)
		run->end = PLAY_SPUN;
	if (run->end != PLAY_RETURNED || status == 0)
		return;
	run->code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
	run->end = WIFSIGNALED(status) ? PLAY_CRASHED : PLAY_EXITED;
}

/* The program ended with the run: a crash under valgrind, or it killed its own server. */
static int judge_death(struct player *player, struct player_run *run, struct error *error)
{
	struct box_status status = {0};
	int failed = box_wait(&player->box, &status, error);

	run->end = PLAY_CRASHED;
	if (!failed) {
		if (status.limit == BOX_LIMIT_CPU)
			run->end = PLAY_SPUN;
		else if (status.limit != BOX_LIMIT_NONE)
			run->end = PLAY_FLOODED;
		snprintf(run->flood, sizeof(run->flood), "%s",
			box_limit_name(status.limit));
		run->code = status.signalled ? -status.code : status.code;
		if (run->end == PLAY_CRASHED && !status.signalled)
			run->end = PLAY_EXITED;
	}
	drain(player);
	stop(player);
	return failed;
}

static bool watch_says_stop(struct player *player, struct watch *watch, long waited_ms,
	struct player_run *run)
{
	if (flooded(player)) {
		run->end = PLAY_FLOODED;
		snprintf(run->flood, sizeof(run->flood), "output");
		return true;
	}
	if (waited_ms < QUIET_MS)
		return false;
	bool stuck = watch_look(watch) == WATCH_STUCK;
	if (watch->processes > player->options.limits->processes + 3) {
		run->end = PLAY_FLOODED;
		snprintf(run->flood, sizeof(run->flood), "processes");
		return true;
	}
	if (stuck)
		run->end = PLAY_STUCK;
	else if (!player->options.helgrind &&
		 watch->cpu_ms > player->options.limits->cpu_seconds * 1000)
		run->end = PLAY_SPUN;
	return run->end != PLAY_RETURNED;
}

/* Waits for the run's end, or ends it. */
static int await(struct player *player, struct player_run *run, struct error *error)
{
	struct watch watch = {.root = player->box.keeper};
	struct pollfd fds[3] = {{player->socket, POLLIN, 0}, {player->printed, POLLIN, 0},
		{player->xml_fd, POLLIN, 0}};
	struct arena_report report = {0};
	long started = clock_ms();
	long looked = started;

	for (;;) {
		if (poll(fds, 3, WATCH_INTERVAL_MS) > 0 &&
			(fds[1].revents || fds[2].revents))
			drain(player);
		if (fds[0].revents) {
			if (recv(player->socket, &report, sizeof(report), 0) ==
				sizeof(report))
				judge_report(player, &report, run);
			else
				return judge_death(player, run, error);
			return 0;
		}
		if (interrupt_seen()) {
			stop(player);
			return error_set(error, "stopped");
		}
		long now = clock_ms();
		if (now - looked < WATCH_INTERVAL_MS && !flooded(player))
			continue;
		looked = now;
		if (watch_says_stop(player, &watch, now - started, run)) {
			stop(player);
			return 0;
		}
	}
}

int player_run(struct player *player, struct player_run *run, struct error *error)
{
	*run = (struct player_run){.end = PLAY_RETURNED, .process = -1};
	player->flood = 0;
	player->planned = player->arena->process_count;
	if (!player->running && start(player, error))
		return error_context(error, "cannot start the submission's program");
	int status = send(player->socket, "r", 1, MSG_NOSIGNAL) == 1
			     ? await(player, run, error)
			     : judge_death(player, run, error);
	if (player->running)
		drain(player);
	return status;
}

char *player_output(struct player *player, size_t *size)
{
	*size = player->output_size;
	char *output = player->output ? player->output : memory_new(1, 1);

	player->output = NULL;
	player->output_size = 0;
	return output;
}

char *player_xml(struct player *player, size_t *size)
{
	struct watch watch = {.root = player->box.keeper};

	if (player->running) {
		/* The end of its input makes it exit, and helgrind write the rest. */
		shutdown(player->socket, SHUT_RDWR);
		struct pollfd end = {box_fd(&player->box), POLLIN, 0};
		while (poll(&end, 1, WATCH_INTERVAL_MS) == 0 &&
			watch_look(&watch) == WATCH_GOING)
			drain(player);
		stop(player);
	}
	drain_xml(player);
	char *xml = player->xml ? player->xml : memory_new(1, 1);
	*size = player->xml_size;
	player->xml = NULL;
	player->xml_size = 0;
	return xml;
}
