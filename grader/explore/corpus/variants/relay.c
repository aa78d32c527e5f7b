/* SPDX-License-Identifier: MIT */
/*
 * A bug of two preemptions. The watcher looks twice at a version; when it sees it change it
 * believes that the content has changed with it. The buggy writer gives out the version
 * first: it has to be overtaken before it has filled in the content, and that by a watcher
 * which itself was overtaken between its two looks. BYSTANDERS look at both as well.
 */
#include "../tasks.h"
#include <stdatomic.h>

#ifndef BYSTANDERS
#define BYSTANDERS 1
#endif

struct state {
	atomic_int version;
	atomic_int content;
	atomic_int looks;
};

static void watch(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	int before = atomic_load(&s->version);
	int after = atomic_load(&s->version);
	int content = atomic_load(&s->content);
	assert(before == after || content == after);
}

static void write_one(void *shared, int version)
{
	struct state *s = shared;

#ifdef CORRECT
	atomic_store(&s->content, version);
	atomic_store(&s->version, version);
#else
	atomic_store(&s->version, version);
	atomic_store(&s->content, version);
#endif
}

static void pass_by(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	if (atomic_load(&s->version) != atomic_load(&s->content))
		atomic_fetch_add(&s->looks, 1);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(write_one, s, 1);
	for (int i = 0; i < BYSTANDERS; i++)
		tasks_start(pass_by, s, i);
	tasks_start(watch, s, 0);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
