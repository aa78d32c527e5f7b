/* SPDX-License-Identifier: MIT */
/*
 * The list of the explorer's corpus, grader/explore/corpus/corpus.yaml.
 *
 *	struct corpus *corpus = corpus_read(&error);
 *	for (unsigned i = 0; corpus && i < corpus->programs_count; i++)
 *		puts(corpus->programs[i].name);
 *	corpus_free(corpus);
 */
#ifndef INTERLOCK_EXPLORE_BENCH_CORPUS_H
#define INTERLOCK_EXPLORE_BENCH_CORPUS_H

#include "base/error.h"

#include <stdbool.h>

/* The Makefile gives the absolute path; this one is good at the top of the tree. */
#ifndef CORPUS_FOLDER
#define CORPUS_FOLDER "grader/explore/corpus"
#endif

enum corpus_tasks { CORPUS_THREADS, CORPUS_PROCESSES };

/* The columns of `published`. */
enum {
	PUBLISHED_SURW,
	PUBLISHED_PCT,
	PUBLISHED_POS,
	PUBLISHED_RFF,
	PUBLISHED_PERIOD,
	PUBLISHED_COUNT
};

/* One build of one program. */
struct corpus_program {
	char *name;
	char *file;  /* below the corpus's folder, or absolute */
	char *flags; /* for the compiler, separated by blanks; NULL for none */
	enum corpus_tasks tasks;
	char **expect; /* kinds that must be found; none: nothing may be reported */
	unsigned expect_count;
	char **allow; /* kinds that may be reported besides */
	unsigned allow_count;
	bool complete; /* must be searched whole */
	bool slow;
	char *open;	/* why explore does not get it right yet, or NULL */
	int *published; /* PUBLISHED_COUNT of them, 0 for never, or NULL */
	unsigned published_count;
};

struct corpus {
	struct corpus_program *programs;
	unsigned programs_count;
};

/* The list; NULL on failure. corpus_free gives it back. */
struct corpus *corpus_read(struct error *error);
void corpus_free(struct corpus *corpus);

/* The path of the program's source; the caller frees it. */
char *corpus_source(const struct corpus_program *program);

bool corpus_expects(const struct corpus_program *program, const char *kind);
bool corpus_allows(const struct corpus_program *program, const char *kind);

/*
 * Appends the program's flags to the NULL-ended argv, which has room for `most` words
 * with its end, and the source after them. The words stay in *copy, which the caller
 * frees once argv is no longer needed.
 */
void corpus_arguments(
	const struct corpus_program *program, const char **argv, int most, char **copy);

#endif
