/* SPDX-License-Identifier: MIT */
/*
 * Hostile submissions that no repository can hold: what a file is and what it is called.
 * Made when the test runs, each in a folder of the class, with the verdict that it gets.
 *
 *	kinds_make(class_folder, &world, honest_source);
 *	for (size_t i = 0; i < KIND_COUNT; i++)
 *		expect(KINDS[i].name, KINDS[i].verdict);
 */
#ifndef INTERLOCK_TESTS_HOSTILE_KINDS_H
#define INTERLOCK_TESTS_HOSTILE_KINDS_H

#include "world.h"

#include "base/paths.h"

#include <sys/sysmacros.h>

/* What stands for account.c; of HONEST only the name of the folder is hostile. */
enum kind_shape {
	KIND_HONEST,
	KIND_LINK_TO_CANARY,
	KIND_LINK_TO_NEIGHBOUR,
	KIND_LINK_UPWARDS,
	KIND_LINKED_FOLDER,
	KIND_HARD_LINK,
	KIND_FIFO,
	KIND_SOCKET,
	KIND_DEVICE,
	KIND_FOLDER,
	KIND_HUGE,
	KIND_EMPTY,
	KIND_MISSING,
	KIND_NUL,
	KIND_UTF16,
	KIND_OWN_BUILD,
};

static const struct kind {
	const char *name, *verdict;
	enum kind_shape shape;
} KINDS[] = {
	{"link-to-canary", "compiles", KIND_LINK_TO_CANARY},
	{"link-to-neighbour", "compiles", KIND_LINK_TO_NEIGHBOUR},
	{"link-upwards", "compiles", KIND_LINK_UPWARDS},
	{"linked-folder", "compiles", KIND_LINKED_FOLDER},
	{"hard-link", "compiles", KIND_HARD_LINK},
	{"fifo", "compiles", KIND_FIFO},
	{"socket", "compiles", KIND_SOCKET},
	{"device", "compiles", KIND_DEVICE},
	{"folder", "compiles", KIND_FOLDER},
	{"huge", "compiles", KIND_HUGE},
	{"empty", "compiles", KIND_EMPTY},
	{"missing", "compiles", KIND_MISSING},
	{"nul-bytes", "compiles", KIND_NUL},
	{"utf-16", "compiles", KIND_UTF16},
	{"own-build", "pass", KIND_OWN_BUILD},
	{"escape-\033[2J\033]0;x\007", "pass", KIND_HONEST},
	{"cdata-]]>", "pass", KIND_HONEST},
	{"line\n::error::owned", "pass", KIND_HONEST},
	{"::error file=a.c::owned", "pass", KIND_HONEST},
	{"invalid-\xff\xc0\xaf", "pass", KIND_HONEST},
	{"nothing-\xef\xbf\xbe\xef\xbf\xbf", "pass", KIND_HONEST},
	{"backwards-\xe2\x80\xae", "pass", KIND_HONEST},
	{"--output=owned", "pass", KIND_HONEST},
	{"$(touch owned);`id`", "pass", KIND_HONEST},
	{"%s%n%s%n", "pass", KIND_HONEST},
	{"<script>alert(1)", "pass", KIND_HONEST},
	{"=cmd|'x'!A1", "pass", KIND_HONEST},
	{"quote\"',;&", "pass", KIND_HONEST},
	{"a..", "pass", KIND_HONEST},
	{"long-"
	 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
	 "n"
	 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
	 "n"
	 "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
	 "n",
		"pass", KIND_HONEST},
};

#define KIND_COUNT (sizeof(KINDS) / sizeof(KINDS[0]))

static inline void kind_put(
	const char *folder, const char *name, const char *text, size_t size)
{
	struct error error;
	char *path = path_join(folder, name);

	MUST_EQUAL(file_replace(path, text, size, &error), 0);
	free(path);
}

static inline void kind_make_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	MUST(strlen(path) < sizeof(address.sun_path));
	memcpy(address.sun_path, path, strlen(path));
	MUST_EQUAL(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
}

/* Everything that another grader might take from a submission, beside honest work. */
static inline void kind_put_own_build(
	const char *folder, const struct world *around, const char *honest)
{
	static const char *const poisoned[] = {
		"account.h", "work.h", "player.c", "stdio.h"};
	char *steal = text_format("all:\n\techo owned > %s\n", around->canary);
	char *script = text_format("INPUT(%s)\n", around->private_canary);

	for (size_t i = 0; i < sizeof(poisoned) / sizeof(*poisoned); i++)
		kind_put(folder, poisoned[i], "#error replaced\n", 16);
	kind_put(folder, "account.c", honest, strlen(honest));
	kind_put(folder, "Makefile", steal, strlen(steal));
	kind_put(folder, "account.o", script, strlen(script));
	kind_put(folder, "student.o", script, strlen(script));
	kind_put(folder, "lab.yaml", "points: 1000\n", 13);
	kind_put(folder, "result.json", "{\"verdict\": \"pass\"}", 19);
	free(steal);
	free(script);
}

/* Where making such a thing takes a right that we lack, another thing of its sort is made. */
static inline void kind_make(const char *class_folder, const struct kind *kind,
	const struct world *around, const char *honest)
{
	struct error error;
	char *folder = path_join(class_folder, kind->name);
	char *file = path_join(folder, "account.c");
	char *second = path_join(folder, "second");

	if (kind->shape == KIND_LINKED_FOLDER)
		MUST_EQUAL(symlink("neighbour-right", folder), 0);
	else
		MUST_EQUAL(folder_make(folder, &error), 0);
	switch (kind->shape) {
	case KIND_HONEST:
		kind_put(folder, "account.c", honest, strlen(honest));
		break;
	case KIND_LINK_TO_CANARY:
		MUST_EQUAL(symlink(around->canary, file), 0);
		break;
	case KIND_LINK_TO_NEIGHBOUR:
		MUST_EQUAL(symlink("../neighbour-right/account.c", file), 0);
		break;
	case KIND_LINK_UPWARDS:
		MUST_EQUAL(symlink("..", file), 0);
		break;
	case KIND_HARD_LINK:
		kind_put(folder, "account.c", honest, strlen(honest));
		MUST_EQUAL(link(file, second), 0);
		break;
	case KIND_DEVICE: /* of the null device; made by root alone */
		if (mknod(file, S_IFCHR | 0666, makedev(1, 3)) == 0)
			break;
		/* fall through */
	case KIND_FIFO:
		MUST_EQUAL(mkfifo(file, 0666), 0);
		break;
	case KIND_SOCKET:
		kind_make_socket(file);
		break;
	case KIND_FOLDER:
		MUST_EQUAL(mkdir(file, 0777), 0);
		break;
	case KIND_HUGE: /* 64 MB, all of it a hole */
		kind_put(folder, "account.c", "", 0);
		MUST_EQUAL(truncate(file, 64LL << 20), 0);
		break;
	case KIND_EMPTY:
		kind_put(folder, "account.c", "", 0);
		break;
	case KIND_NUL:
		kind_put(folder, "account.c", "int a;\0\0\0\033\xff}", 12);
		break;
	case KIND_UTF16:
		kind_put(folder, "account.c", "\xff\xfei\0n\0t\0 \0a\0;\0", 14);
		break;
	case KIND_OWN_BUILD:
		kind_put_own_build(folder, around, honest);
		break;
	case KIND_LINKED_FOLDER:
	case KIND_MISSING:
		break;
	}
	free(second);
	free(file);
	free(folder);
}

static inline void kinds_make(
	const char *class_folder, const struct world *around, const char *honest)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		kind_make(class_folder, &KINDS[i], around, honest);
}

#endif
