/* SPDX-License-Identifier: MIT */
/*
 * Makes submissions and labs for the tests that grade what is hostile: a source of attacks/ or
 * cheats/ becomes the account.c of a submission, pointed at the world.
 *
 *	defines = world_defines(&world);
 *	add_submission("class", "cheats", "exit-zero");
 *	change_lab("lab", (struct change[]){{"runs: 100}", "runs: 20}"}}, 1);
 */
#ifndef INTERLOCK_TESTS_HOSTILE_CLASSROOM_H
#define INTERLOCK_TESTS_HOSTILE_CLASSROOM_H

#include "../run.h"
#include "base/text.h"
#include "explore/control.h"
#include "play/arena.h"
#include "world.h"

/* What arena-claims and forge-answer were written for: one that aims past
 * its mark would show nothing. */
_Static_assert(ARENA_ADDRESS == 0x7e8000000000 &&
		       offsetof(struct arena, processes) == 16 &&
		       sizeof(struct arena_process) == 88 &&
		       offsetof(struct arena_process, pid) == 72,
	"arena-claims");
_Static_assert(sizeof(struct arena_report) == 16, "forge-answer");

#define HOSTILE_FOLDER "grader/tests/hostile/"
#define LAB "labs/critical-section"

static struct world world;
static char *defines;

/* Spoils its own result where it succeeds, else does the work. */
static const char HONEST[] =
	"\nstatic int spoiled(void)\n{\n"
	"\tstatic __thread int known = -1;\n"
	"\tif (known < 0)\n\t\tknown = attack();\n"
	"\treturn known;\n}\n"
	"void account_withdraw(struct account *account, long times, long amount)\n{\n"
	"\tfor (long i = 0; !spoiled() && i < times; i++) {\n"
	"\t\tmp_lock_acquire(&account->lock);\n\t\taccount->balance -= amount;\n"
	"\t\tmp_lock_release(&account->lock);\n\t}\n}\n"
	"void account_deposit(struct account *account, long times, long amount)\n{\n"
	"\taccount_withdraw(account, times, -amount);\n}\n";

/* Text for other text in a lab.yaml, wherever it stands. */
struct change {
	const char *from, *to;
};

static inline void change_lab(
	const char *name, const struct change *changes, size_t count)
{
	char *yaml = scratch_path("%s/lab.yaml", name);
	char *text = file_get(yaml), *at;

	for (size_t i = 0; i < count; i++)
		while ((at = strstr(text, changes[i].from)))
			text_replace(&text, "%.*s%s%s", (int)(at - text), text,
				changes[i].to, at + strlen(changes[i].from));
	file_put(yaml, text);
	free(text);
	free(yaml);
}

/* Beyond the lab's limits, as what lingers is beyond all patience. */
#define EXCESSES                                                                         \
	"#define BALLOON_MB 400\n#define DISK_MB 320\n#define IN_CLASS 1\n"              \
	"static const unsigned linger_seconds = 600;\n"

static inline void add_submission(const char *class, const char *folder, const char *name)
{
	char *source = text_format(HOSTILE_FOLDER "%s/%s.c", folder, name);
	char *body = file_get(source);
	bool whole = strstr(body, "account_withdraw(") != NULL;
	char *text = text_format("#define _GNU_SOURCE\n#include \"account.h\"\n" EXCESSES
				 "#define EXPLORER_MEMORY %#llx\n"
				 "#define EXPLORER_DEFECTS %zu\n"
				 "#define EXPLORER_ENDING %zu\n"
				 "#define EXPLORER_FINISHED %d\n"
				 "%s%s%s",
		CONTROL_ADDRESS, offsetof(struct control_memory, result.defects),
		offsetof(struct control_memory, result.ending), ENDING_FINISHED, defines,
		body, whole ? "" : HONEST);
	char *path = scratch_path("%s/%s/account.c", class, name);

	file_put(path, text);
	free(source);
	free(body);
	free(text);
	free(path);
}

static inline void add_neighbour(const char *class, const char *name, const char *from)
{
	char *path = scratch_path("%s/%s/account.c", class, name);
	char *text = file_get(from);

	file_put(path, text);
	free(path);
	free(text);
}

#endif
