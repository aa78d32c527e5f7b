/* SPDX-License-Identifier: MIT */
#include "play/player.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/paths.h"
#include "explore/census.h"
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
	HELGRIND_SLOWNESS = 50,	  /* more CPU time than a plain run, at most */
	HELGRIND_MEMORY_MB = 512, /* that valgrind needs for itself */
};

struct player {
	struct player_options options;
	struct arena *arena;
	int arena_fd;
	struct box box;
	bool running;
	long counted_ms; /* that the program had used at the last player_count_time */
	long looked_ms;	 /* when that was */
	struct hearing hearing; /* our ends of its socket and of its pipes */
	bool counted;
	struct census census; /* of the program to explore, once it is counted */
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
	player->hearing = (struct hearing){
		.limits = options->limits, .socket = -1, .printed = -1, .xml_fd = -1};
	if (make_arena(player, error)) {
		player_free(player);
		return NULL;
	}
	player->hearing.arena = player->arena;
	return player;
}

static void stop(struct player *player)
{
	if (!player->running)
		return;
	box_release(&player->box);
	close(player->hearing.socket);
	close(player->hearing.printed);
	player->hearing.socket = player->hearing.printed = -1;
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
	if (player->hearing.xml_fd >= 0)
		close(player->hearing.xml_fd);
	hearing_release(&player->hearing);
	census_release(&player->census);
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
		/* The system counts those of one user together. */
		.processes = limits->processes * (options->others + 1) + 4,
		.memory_bytes = memory_mb << 20,
	};
}

static int start_box(struct player *player, const struct box_fd *fds, size_t fd_count,
	const char *const *environment, struct error *error)
{
	const struct player_options *options = &player->options;
	char *program = text_format("./%s", options->program);
	const char *plain[] = {program, NULL};
	/* What helgrind says of the order of locks is a guess from one run, and wrong of who only
	 * tries a second lock: explore finds the deadlock itself. */
	const char *helgrind[] = {"/usr/bin/valgrind", "--tool=helgrind",
		"--track-lockorders=no", "--xml=yes", "--xml-fd=5", "--fair-sched=yes",
		"--num-callers=20", program, NULL};
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
		.fixed_code = options->mode == ARENA_FORK,
		.without = options->without & GUARD_PLAYER
				   ? BOX_LAYERS_ALL & ~(unsigned)BOX_LAYER_PROCESSES
				   : 0,
	};
	int status = box_start(&player->box, &box, error);

	free(program);
	return status;
}

/* The program does not change between one exploration and the next. */
static int write_census(struct player *player, int memory_fd, struct error *error)
{
	char *program = player_program_path(player);
	int status = 0;

	if (!player->counted)
		status = census_take(program, &player->census, error);
	player->counted = status == 0;
	free(program);
	return status ? status : census_write(&player->census, memory_fd, error);
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
	if (write_census(player, memory_fd, error))
		return -1;
	if (start_box(player, fds, sizeof(fds) / sizeof(*fds), environment, error))
		return -1;
	return player->box.keeper;
}

char *player_program_path(const struct player *player)
{
	return path_join(player->options.folder, player->options.program);
}

/* The server says a word before it calls anything of the student's: if it dies without
 * it, the fault is ours. */
static int await_server(struct player *player, struct error *error)
{
	struct pollfd ready = {player->hearing.socket, POLLIN, 0};
	char word = 0;

	while (poll(&ready, 1, START_MS) < 0 && errno == EINTR)
		;
	if (ready.revents && recv(player->hearing.socket, &word, 1, 0) == 1)
		return 0;
	hearing_drain(&player->hearing);
	return error_set(error, "it did not come up: %.300s",
		player->hearing.output ? player->hearing.output : "it said nothing");
}

/* A socket, which cannot be opened again through /proc: what helgrind has said of a
 * submission is out of its reach. */
static int open_xml(struct player *player, int *theirs, struct error *error)
{
	int ends[2];

	if (player->hearing.xml_fd >= 0)
		close(player->hearing.xml_fd);
	player->hearing.xml_fd = -1;
	player->hearing.xml_size = 0;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return error_system(error, "cannot make a socket for helgrind's XML");
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	player->hearing.xml_fd = ends[0];
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
	player->hearing.socket = sockets[0];
	player->hearing.printed = pipes[0];
	player->running = true;
	if (status == 0)
		status = await_server(player, error);
	if (status)
		stop(player);
	return status;
}

static void spend(struct player *player, long ms)
{
	if (player->options.spending && ms > 0)
		atomic_fetch_add(&player->options.spending->ms, ms);
}

/* Looking takes time itself, so not every short run is looked at: nothing is lost by it. */
void player_count_time(struct player *player)
{
	long now = clock_ms();

	if (!player->options.spending || now - player->looked_ms < WATCH_INTERVAL_MS)
		return;
	long used = watch_cpu_ms(player->box.keeper);
	/* A program that was started anew begins at 0. */
	spend(player, used < player->counted_ms ? used : used - player->counted_ms);
	player->counted_ms = used;
	player->looked_ms = now;
}

bool player_is_spent(const struct player *player)
{
	const struct spending *spending = player->options.spending;

	return spending && atomic_load(&spending->ms) > spending->most_ms;
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
		spend(player, status.cpu_ms);
		if (run->end == PLAY_CRASHED && !status.signalled)
			run->end = PLAY_EXITED;
	}
	hearing_drain(&player->hearing);
	stop(player);
	return failed;
}

/* What is seen of a run's processes is no instant: some are counted that others followed. The
 * system's own limit decides; this ends what that does not hold, as at root's own desk. */
static bool is_bomb(const struct player *player, const struct watch *watch)
{
	return watch->processes > 2 * (int)limits_of(&player->options).processes;
}

static bool watch_says_stop(struct player *player, struct watch *watch, long waited_ms,
	struct player_run *run)
{
	if (hearing_flooded(&player->hearing)) {
		run->end = PLAY_FLOODED;
		snprintf(run->flood, sizeof(run->flood), "output");
		return true;
	}
	if (waited_ms < QUIET_MS)
		return false;
	bool stuck = watch_look(watch) == WATCH_STUCK;
	if (is_bomb(player, watch)) {
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
	struct pollfd fds[3] = {{player->hearing.socket, POLLIN, 0},
		{player->hearing.printed, POLLIN, 0},
		{player->hearing.xml_fd, POLLIN, 0}};
	struct arena_report report = {0};
	long started = clock_ms();
	long looked = started;

	for (;;) {
		if (poll(fds, 3, WATCH_INTERVAL_MS) > 0 &&
			(fds[1].revents || fds[2].revents))
			hearing_drain(&player->hearing);
		if (fds[0].revents) {
			if (!hearing_answer(&player->hearing, &report))
				return judge_death(player, run, error);
			hearing_judge(&player->hearing, &report, run);
			spend(player, report.cpu_ms);
			return 0;
		}
		if (interrupt_seen()) {
			stop(player);
			return error_set(error, "stopped");
		}
		long now = clock_ms();
		if (now - looked < WATCH_INTERVAL_MS &&
			!hearing_flooded(&player->hearing))
			continue;
		looked = now;
		if (watch_says_stop(player, &watch, now - started, run)) {
			spend(player, watch.cpu_ms);
			stop(player);
			return 0;
		}
	}
}

void player_keep_plan(struct player *player)
{
	player->hearing.planned = player->arena->process_count;
}

void player_judge_processes(struct player *player, struct player_run *run)
{
	hearing_judge_processes(&player->hearing, run);
}

char *player_explain(const struct player *player, const struct player_run *run)
{
	return hearing_explain(&player->hearing, run);
}

int player_run(struct player *player, struct player_run *run, struct error *error)
{
	*run = (struct player_run){.end = PLAY_RETURNED, .process = -1};
	player->hearing.flood = 0;
	player_keep_plan(player);
	if (!player->running && start(player, error))
		return error_context(error, "cannot start the submission's program");
	int status = send(player->hearing.socket, "r", 1, MSG_NOSIGNAL) == 1
			     ? await(player, run, error)
			     : judge_death(player, run, error);
	if (player->running)
		hearing_drain(&player->hearing);
	return status;
}

char *player_output(struct player *player, size_t *size)
{
	*size = player->hearing.output_size;
	char *output = player->hearing.output ? player->hearing.output : memory_new(1, 1);

	player->hearing.output = NULL;
	player->hearing.output_size = 0;
	return output;
}

char *player_xml(struct player *player, size_t *size)
{
	struct watch watch = {.root = player->box.keeper};

	if (player->running) {
		/* The end of its input makes it exit, and helgrind write the rest. */
		shutdown(player->hearing.socket, SHUT_RDWR);
		struct pollfd end = {box_fd(&player->box), POLLIN, 0};
		while (poll(&end, 1, WATCH_INTERVAL_MS) == 0 &&
			watch_look(&watch) == WATCH_GOING)
			hearing_drain(&player->hearing);
		stop(player);
	}
	hearing_drain(&player->hearing);
	char *xml = player->hearing.xml ? player->hearing.xml : memory_new(1, 1);
	*size = player->hearing.xml_size;
	player->hearing.xml = NULL;
	player->hearing.xml_size = 0;
	return xml;
}
