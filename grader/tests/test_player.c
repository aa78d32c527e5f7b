/* SPDX-License-Identifier: MIT */
/*
 * A program full of things that submissions do, built as any player is; each run asks for
 * one of them. After each the next run must be as good as the first, and at the end no
 * process may be left. Everything in it is bounded by itself too.
 */
#include "tiny.h"

#include "build/build.h"
#include "play/player.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static const char hostile_source[] =
	"#include \"work.h\"\n"
	"#include <signal.h>\n#include <stdlib.h>\n#include <string.h>\n"
	"#include <stdio.h>\n#include <time.h>\n#include <unistd.h>\n"
	"#include <sys/mman.h>\n#include <sys/wait.h>\n"
	"static void nap(long ms) { nanosleep(&(struct timespec){ms / 1000, ms % 1000 * "
	"1000000}, NULL); }\n"
	"int fine(struct task *t) { t->output = 2 * t->input; return 5; }\n"
	"int hang(struct task *t) { (void)t; nap(300000); return 0; }\n"
	"int stop(struct task *t) { (void)t; raise(SIGSTOP); return 0; }\n"
	"int drip(struct task *t) { (void)t; for (int i = 0; i < 3000; i++) { nap(100); "
	"putchar('.'); fflush(stdout); } return 0; }\n"
	"int spin(struct task *t) { for (volatile long i = 0; i < 1L << 40; i++) "
	"t->output = i; return 0; }\n"
	"int spin_in_child(struct task *t) { pid_t p = fork(); if (p == 0) { spin(t); "
	"_exit(0); } waitpid(p, NULL, 0); return 0; }\n"
	"int crash(struct task *t) { (void)t; raise(SIGSEGV); return 0; }\n"
	"int leave(struct task *t) { (void)t; _exit(0); }\n"
	"int leave_with_seven(struct task *t) { (void)t; exit(7); }\n"
	"int kill_parent(struct task *t) { (void)t; kill(getppid(), SIGKILL); return 0; "
	"}\n"
	"int flood(struct task *t) { (void)t; static char x[4096]; memset(x, 'x', "
	"sizeof(x)); for (int i = 0; i < 100000; i++) if (write(1, x, sizeof(x)) < 0) "
	"break; return 0; }\n"
	"int speak(struct task *t) { (void)t; printf(\"hello\\n\"); fflush(stdout); "
	"return 0; }\n"
	"int bomb(struct task *t) { (void)t; for (int i = 0; i < 64; i++) if (fork() == "
	"0) { nap(60000); _exit(0); } while (wait(NULL) > 0); return 0; }\n"
	"int daemons(struct task *t) { (void)t; for (int i = 0; i < 3; i++) if (fork() "
	"== 0) { setsid(); if (fork() == 0) { signal(SIGTERM, SIG_IGN); nap(60000); } "
	"_exit(0); } while (wait(NULL) > 0); return 0; }\n"
	"int zombies(struct task *t) { (void)t; siginfo_t s; for (int i = 0; i < 3; "
	"i++) { pid_t p = fork(); if (p == 0) _exit(0); waitid(P_PID, p, &s, WEXITED | "
	"WNOWAIT); } return 0; }\n"
	"int balloon(struct task *t) { for (int i = 0; i < 40; i++) { char *p = "
	"mmap(NULL, 10 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, "
	"0); if (p == MAP_FAILED) return 1; memset(p, 1, 10 << 20); t->output = i; "
	"nap(20); } "
	"return 0; }\n"
	"int forge(struct task *t) { char *arena = (char *)((unsigned long)t & "
	"~0xffffffUL); for (int i = 4; i < 16; i++) arena[i] = 0; raise(SIGSEGV); return "
	"0; }\n";

static const char *const entries[] = {"fine", "hang", "stop", "drip", "spin",
	"spin_in_child", "crash", "leave", "leave_with_seven", "kill_parent", "flood",
	"speak", "bomb", "daemons", "zombies", "balloon", "forge"};
enum { ENTRIES = sizeof(entries) / sizeof(*entries) };

static struct lab *lab;
static char *folder; /* of the submission */
static char *place;  /* of its player */
static enum box_tier tier;

/* A checks/player.c that calls each entry with its task. */
static void write_entries(const char *lab_folder)
{
	char *list = text_copy("");
	char *calls = text_copy("#include \"work.h\"\n#include <interlock/player.h>\n"
				"#include <stddef.h>\n");
	char *path = path_join(lab_folder, "checks/player.c");
	char *names = text_copy("interface: [work");

	for (int i = 0; i < ENTRIES; i++) {
		text_replace(&calls,
			"%sint %s(struct task *t);\nstatic int call_%s(void *t) { return "
			"%s(t); }\n",
			calls, entries[i], entries[i], entries[i]);
		text_replace(
			&list, "%s\t{\"%s\", call_%s},\n", list, entries[i], entries[i]);
		text_replace(&names, "%s, %s", names, entries[i]);
	}
	text_replace(&calls,
		"%sconst struct player_entry player_entries[] = {\n%s\t{NULL, "
		"NULL},\n};\n",
		calls, list);
	file_put(path, calls);
	tiny_replace(lab_folder, "lab.yaml", "interface: [work", names);
	free(names);
	free(path);
	free(calls);
	free(list);
}

/* Once for all tests; each of them is a process forked after this. */
static void build_hostile(void)
{
	struct error error = {""};
	struct build_outcome outcome;
	char *lab_folder = tiny_lab("lab");
	char *compiled = scratch_path("compiled");

	write_entries(lab_folder);
	folder = tiny_submission("hostile", hostile_source);
	ck_assert_int_eq(folder_make(compiled, &error), 0);
	lab = lab_open(lab_folder, &error);
	ck_assert_msg(lab != NULL, "%s", error.message);
	tier = box_probe(&error);
	struct build build = {.lab = lab,
		.lab_folder = compiled,
		.folder = folder,
		.compiler = "gcc",
		.tier = tier};
	ck_assert_msg(build_lab(&build, &error) == 0, "%s", error.message);
	ck_assert_msg(build_player(&build, BUILD_FORK, &outcome, &error) == 0, "%s",
		error.message);
	ck_assert_msg(
		!outcome.complaint, "%s\n%s", outcome.complaint, outcome.diagnostics);
	build_outcome_release(&outcome);
	place = build_place(folder, BUILD_FORK);
	free(compiled);
	free(lab_folder);
}

/* Whatever is orphaned below the test from now on becomes its child. */
static struct player *begin(bool trusted)
{
	struct error error = {""};
	struct player_options options = {.folder = place,
		.program = BUILD_PROGRAM,
		.mode = ARENA_FORK,
		.limits = &lab->limits,
		.tier = tier,
		.trusted = trusted};

	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	struct player *player = player_new(&options, &error);
	ck_assert_msg(player != NULL, "%s", error.message);
	return player;
}

static void end(struct player *player)
{
	player_free(player);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}

static struct player_run run_once(struct player *player, const char *entry)
{
	struct error error = {""};
	struct player_run run;

	player_reset(player);
	struct arena *arena = player_arena(player);
	snprintf(arena->processes[0].entry, ARENA_ENTRY_BYTES, "%s", entry);
	arena->processes[0].argument = arena->heap;
	*(long *)(void *)arena->heap = 21;
	arena->process_count = 1;
	ck_assert_msg(
		player_run(player, &run, &error) == 0, "%s: %s", entry, error.message);
	return run;
}

static void expect_fine(struct player *player)
{
	struct player_run run = run_once(player, "fine");
	const struct arena *arena = player_arena(player);

	ck_assert_int_eq(run.end, PLAY_RETURNED);
	ck_assert_int_eq(((const long *)(const void *)arena->heap)[1], 42);
	ck_assert_int_eq(arena->processes[0].value, 5);
	ck_assert_int_eq(run.left_alive, 0);
	ck_assert_int_eq(run.left_zombies, 0);
}

/* In the box and at a desk; between good runs. */
static void expect_end(const char *entry, enum play_end expected, int code)
{
	for (int trusted = 0; trusted <= 1; trusted++) {
		struct player *player = begin(trusted);
		expect_fine(player);
		struct player_run run = run_once(player, entry);
		ck_assert_msg(run.end == expected, "%s ended as %d, trusted %d", entry,
			run.end, trusted);
		if (code)
			ck_assert_int_eq(run.code, code);
		expect_fine(player);
		end(player);
	}
}

START_TEST(a_hang_is_stuck)
{
	expect_end("hang", PLAY_STUCK, 0);
}
END_TEST

START_TEST(a_stopped_process_is_stuck)
{
	expect_end("stop", PLAY_STUCK, 0);
}
END_TEST

START_TEST(a_process_that_wakes_up_now_and_then_is_stuck_in_the_end)
{
	struct player *player = begin(false);

	ck_assert_int_eq(run_once(player, "drip").end, PLAY_STUCK);
	expect_fine(player);
	end(player);
}
END_TEST

START_TEST(a_spin_uses_up_its_time_in_a_child_too)
{
	expect_end("spin", PLAY_SPUN, 0);
	expect_end("spin_in_child", PLAY_SPUN, 0);
}
END_TEST

START_TEST(a_crash_has_its_signal)
{
	expect_end("crash", PLAY_CRASHED, -SIGSEGV);
}
END_TEST

START_TEST(leaving_early_is_no_return_whatever_the_code)
{
	expect_end("leave", PLAY_EXITED, 0);
	expect_end("leave_with_seven", PLAY_EXITED, 7);
}
END_TEST

START_TEST(killing_the_parent_ends_only_this_run)
{
	expect_end("kill_parent", PLAY_CRASHED, -SIGKILL);
}
END_TEST

START_TEST(a_flood_is_ended)
{
	expect_end("flood", PLAY_FLOODED, 0);
}
END_TEST

START_TEST(what_is_printed_is_kept_up_to_the_limit)
{
	struct player *player = begin(false);
	size_t size = 0;

	run_once(player, "speak");
	char *output = player_output(player, &size);
	ck_assert_str_eq(output, "hello\n");
	ck_assert_uint_eq(size, 6);
	free(output);
	run_once(player, "flood");
	output = player_output(player, &size);
	ck_assert_uint_eq(size, (size_t)lab->limits.output_kb * 1024);
	free(output);
	output = player_output(player, &size);
	ck_assert_uint_eq(size, 0);
	free(output);
	end(player);
}
END_TEST

START_TEST(a_fork_bomb_ends_only_this_run)
{
	for (int trusted = 0; trusted <= 1; trusted++) {
		struct player *player = begin(trusted);
		ck_assert_int_ne(run_once(player, "bomb").end, PLAY_RETURNED);
		expect_fine(player);
		end(player);
	}
}
END_TEST

START_TEST(daemons_are_counted_and_ended)
{
	for (int trusted = 0; trusted <= 1; trusted++) {
		struct player *player = begin(trusted);
		struct player_run run = run_once(player, "daemons");
		ck_assert_int_eq(run.end, PLAY_RETURNED);
		ck_assert_int_eq(run.left_alive, 3);
		expect_fine(player);
		end(player);
	}
}
END_TEST

START_TEST(zombies_are_counted_and_reaped)
{
	struct player *player = begin(false);
	struct player_run run = run_once(player, "zombies");

	ck_assert_int_eq(run.end, PLAY_RETURNED);
	ck_assert_int_eq(run.left_alive, 0);
	ck_assert_int_eq(run.left_zombies, 3);
	expect_fine(player);
	end(player);
}
END_TEST

START_TEST(too_much_memory_ends_only_this_run)
{
	struct player *player = begin(false);
	struct player_run run = run_once(player, "balloon");

	ck_assert_msg(run.end == PLAY_FLOODED || run.end == PLAY_CRASHED,
		"it ended as %d", run.end);
	expect_fine(player);
	end(player);
}
END_TEST

START_TEST(a_forged_plan_does_not_hide_a_crash)
{
	expect_end("forge", PLAY_CRASHED, -SIGSEGV);
}
END_TEST

START_TEST(an_entry_that_nobody_lists_is_told)
{
	struct player *player = begin(false);

	ck_assert(run_once(player, "nobody").no_entry);
	expect_fine(player);
	end(player);
}
END_TEST

START_TEST(a_program_that_does_not_come_up_is_our_error)
{
	struct error error = {""};
	struct player_run run;
	struct player_options options = {.folder = place,
		.program = "work.i",
		.limits = &lab->limits,
		.tier = tier};
	struct player *player = player_new(&options, &error);

	player_reset(player);
	ck_assert_int_eq(player_run(player, &run, &error), -1);
	expect_holds(error.message, "cannot start the submission's program");
	end(player);
	options.program = "../../../../bin/true";
	player = player_new(&options, &error);
	player_reset(player);
	ck_assert_int_eq(player_run(player, &run, &error), -1);
	end(player);
}
END_TEST

START_TEST(each_run_begins_with_zeroed_memory)
{
	struct player *player = begin(false);

	for (int i = 0; i < 3; i++) {
		player_reset(player);
		struct arena *arena = player_arena(player);
		size_t size = ARENA_BYTES - offsetof(struct arena, heap);
		for (size_t at = 0; at < size; at += 512)
			ck_assert_int_eq(arena->heap[at], 0);
		memset(arena->heap, 0xff, size);
	}
	end(player);
}
END_TEST

/* The build is made once, before Check forks a process for each test. */
static void prepare(void)
{
	scratch_make();
	build_hostile();
}

static void put_away(void)
{
	lab_close(lab);
	free(place);
	free(folder);
	scratch_remove();
}

int main(void)
{
	static const TTest *const *const tests[] = {
		&a_hang_is_stuck,
		&a_stopped_process_is_stuck,
		&a_process_that_wakes_up_now_and_then_is_stuck_in_the_end,
		&a_spin_uses_up_its_time_in_a_child_too,
		&a_crash_has_its_signal,
		&leaving_early_is_no_return_whatever_the_code,
		&killing_the_parent_ends_only_this_run,
		&a_flood_is_ended,
		&what_is_printed_is_kept_up_to_the_limit,
		&a_fork_bomb_ends_only_this_run,
		&daemons_are_counted_and_ended,
		&zombies_are_counted_and_reaped,
		&too_much_memory_ends_only_this_run,
		&a_forged_plan_does_not_hide_a_crash,
		&an_entry_that_nobody_lists_is_told,
		&a_program_that_does_not_come_up_is_our_error,
		&each_run_begins_with_zeroed_memory,
	};
	return suite_run_with(
		"player", tests, sizeof(tests) / sizeof(*tests), prepare, put_away);
}
