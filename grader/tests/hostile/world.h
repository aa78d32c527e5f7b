/* SPDX-License-Identifier: MIT */
/*
 * What hostile programs are pointed at, all of it made here and gone with it: a folder that
 * anybody may write to with a canary file in it, services on loopback addresses, a process.
 *
 *	world_open(&world);
 *	char *defines = world_defines(&world);	(FOLDER, CANARY, TCP_PORT, ... for the source)
 *	...
 *	MUST(world_is_intact(&world));
 *	world_close(&world);
 */
#ifndef INTERLOCK_TESTS_HOSTILE_WORLD_H
#define INTERLOCK_TESTS_HOSTILE_WORLD_H

#include "base/file.h"
#include "base/memory.h"
#include "base/temporary.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Also outside of a Check test, where ck_assert cannot be used. */
#define MUST(condition)                                                                  \
	do {                                                                             \
		if (!(condition)) {                                                      \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);  \
			exit(1);                                                         \
		}                                                                        \
	} while (0)
#define MUST_EQUAL(left, right) MUST((left) == (right))

#define WORLD_TEXT "the canary is well\n"
#define WORLD_PRIVATE "the canary is well, and for its owner's eyes only\n"
#define WORLD_SECRET "INTERLOCK_HOSTILE_SECRET"

enum { WORLD_TCP, WORLD_TCP6, WORLD_UDP, WORLD_UNIX, WORLD_ABSTRACT, WORLD_SERVICES };

struct world {
	char *folder, *canary, *private_canary, *unix_path, *abstract_name;
	char *mounts;		      /* of this process, before anything ran */
	int services[WORLD_SERVICES]; /* -1: this machine has no such address */
	int ports[WORLD_SERVICES];
	pid_t victim;
	int canary_fd; /* left open across exec on purpose */
};

static inline int world_service_inet(int family, int type, int *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	struct sockaddr_in6 address6 = {.sin6_family = AF_INET6};
	struct sockaddr *any = family == AF_INET ? (struct sockaddr *)&address
						 : (struct sockaddr *)&address6;
	socklen_t size = family == AF_INET ? sizeof(address) : sizeof(address6);
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address6.sin6_addr = in6addr_loopback;
	if (fd < 0 || bind(fd, any, size) || (type == SOCK_STREAM && listen(fd, 64)) ||
		getsockname(fd, any, &size)) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	*port = ntohs(family == AF_INET ? address.sin_port : address6.sin6_port);
	return fd;
}

static inline int world_service_unix(const char *name, bool abstract)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t length = strlen(name);

	MUST(length + 1 < sizeof(address.sun_path));
	memcpy(address.sun_path + abstract, name, length);
	length += offsetof(struct sockaddr_un, sun_path) + 1;
	MUST_EQUAL(bind(fd, (struct sockaddr *)&address, (socklen_t)length), 0);
	MUST_EQUAL(listen(fd, 4096), 0);
	return fd;
}

static inline void world_services_start(struct world *world)
{
	world->services[WORLD_TCP] =
		world_service_inet(AF_INET, SOCK_STREAM, &world->ports[WORLD_TCP]);
	world->services[WORLD_TCP6] =
		world_service_inet(AF_INET6, SOCK_STREAM, &world->ports[WORLD_TCP6]);
	world->services[WORLD_UDP] =
		world_service_inet(AF_INET, SOCK_DGRAM, &world->ports[WORLD_UDP]);
	world->services[WORLD_UNIX] = world_service_unix(world->unix_path, false);
	world->services[WORLD_ABSTRACT] = world_service_unix(world->abstract_name, true);
	MUST_EQUAL(chmod(world->unix_path, 0777), 0);
}

static inline void world_open(struct world *world)
{
	struct error error;

	memset(world, 0, sizeof(*world));
	world->folder = folder_make_temporary(&error);
	MUST(world->folder);
	MUST_EQUAL(chmod(world->folder, 0777), 0);
	world->canary = text_format("%s/canary", world->folder);
	world->unix_path = text_format("%s/socket", world->folder);
	world->abstract_name = text_format("interlock-hostile-%d", (int)getpid());
	MUST_EQUAL(
		file_replace(world->canary, WORLD_TEXT, strlen(WORLD_TEXT), &error), 0);
	MUST_EQUAL(chmod(world->canary, 0666), 0);
	world->private_canary = text_format("%s/private", world->folder);
	MUST_EQUAL(file_replace(world->private_canary, WORLD_PRIVATE,
			   strlen(WORLD_PRIVATE), &error),
		0);
	MUST_EQUAL(chmod(world->private_canary, 0600), 0);
	world->mounts = file_read("/proc/self/mountinfo", 1 << 20, NULL, &error);
	MUST(world->mounts);
	world->canary_fd = open(world->canary, O_RDONLY); /* NOLINT: to be inherited */
	MUST_EQUAL(setenv(WORLD_SECRET, "secret", 1), 0);
	world_services_start(world);
	world->victim = fork();
	if (world->victim == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
}

static inline bool world_file_is(const char *path, const char *expected)
{
	struct error error;
	char *text = file_read(path, 1 << 20, NULL, &error);
	bool same = text && strcmp(text, expected) == 0;

	if (!same)
		fprintf(stderr, "%s has changed:\n%s", path, text ? text : error.message);
	free(text);
	return same;
}

/* Whether the canaries are as they were, nothing was left beside them, nothing is mounted that
 * was not, and the victim lives. */
static inline bool world_is_intact(const struct world *world)
{
	bool intact = world_file_is(world->canary, WORLD_TEXT) &&
		      world_file_is(world->private_canary, WORLD_PRIVATE) &&
		      world_file_is("/proc/self/mountinfo", world->mounts);
	DIR *folder = opendir(world->folder);
	struct dirent *entry;
	int entries = 0;

	while (folder && (entry = readdir(folder)))
		entries += entry->d_name[0] != '.';
	if (folder)
		closedir(folder);
	return intact && entries == 3 && kill(world->victim, 0) == 0 &&
	       waitpid(world->victim, NULL, WNOHANG) != world->victim;
}

static inline void world_close(struct world *world)
{
	struct error error;

	kill(world->victim, SIGKILL);
	waitpid(world->victim, NULL, 0);
	for (int i = 0; i < WORLD_SERVICES; i++)
		if (world->services[i] >= 0)
			close(world->services[i]);
	close(world->canary_fd);
	unsetenv(WORLD_SECRET);
	MUST_EQUAL(folder_remove(world->folder, &error), 0);
	free(world->folder);
	free(world->canary);
	free(world->private_canary);
	free(world->mounts);
	free(world->unix_path);
	free(world->abstract_name);
}

/* What a hostile source can refer to. */
static inline char *world_defines(const struct world *world)
{
	return text_format("#define FOLDER \"%s\"\n"
			   "#define CANARY \"%s\"\n"
			   /* In two: the submission's own text is in its reports. */
			   "#define CANARY_TEXT \"the canary is \" \"well\\n\"\n"
			   "#define UNIX_PATH \"%s\"\n"
			   "#define ABSTRACT_NAME \"%s\"\n"
			   "#define TCP_PORT %d\n"
			   "#define TCP6_PORT %d\n"
			   "#define UDP_PORT %d\n"
			   "#define VICTIM %d\n",
		world->folder, world->canary, world->unix_path, world->abstract_name,
		world->ports[WORLD_TCP], world->ports[WORLD_TCP6],
		world->ports[WORLD_UDP], (int)world->victim);
}

/* One line of the manifest. */
struct hostile {
	char name[256], verdict[64];
	char tiers[64], guards[128]; /* tiers: of cheats the verdict in C, or - */
};

static inline size_t hostile_list(const char *path, struct hostile *list, size_t size)
{
	struct error error;
	char *text = file_read(path, 1 << 20, NULL, &error), *rest = text, *line;
	size_t count = 0;

	MUST(text);
	while ((line = strsep(&rest, "\n"))) {
		struct hostile *one = &list[count];

		memset(one, 0, sizeof(*one));
		if (line[0] == '#' || sscanf(line, "%63s %63s %63s %127s", one->name,
					      one->verdict, one->tiers, one->guards) < 2)
			continue;
		MUST(++count < size);
	}
	free(text);
	return count;
}

#endif
