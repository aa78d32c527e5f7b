/* SPDX-License-Identifier: MIT */
#include "class/alike.h"

#include "base/memory.h"
#include "class/statement.h"

#include <stdlib.h>
#include <string.h>

/* More than a share of the class, and more than a few. */
enum { COMMON_SHARE = 4, COMMON_LEAST = 3 };

static int read_answers(
	struct alike *alike, sqlite3 *connection, const char *lab, struct error *error)
{
	struct statement statement;
	int row = 0;

	if (statement_begin(&statement, connection,
		    "SELECT min(student), parts FROM submission JOIN fingerprint "
		    "USING (key) WHERE listed AND lab = ? AND length(parts) > 0 "
		    "GROUP BY exact ORDER BY min(student)",
		    error))
		return -1;
	statement_bind(&statement, "t", lab);
	while ((row = statement_row(&statement, error)) == 1) {
		size_t size = (size_t)sqlite3_column_bytes(statement.prepared, 1);
		alike->answers = memory_grow(
			alike->answers, alike->answer_count + 1, sizeof(*alike->answers));
		struct alike_answer *answer = &alike->answers[alike->answer_count++];
		*answer = (struct alike_answer){
			.student = text_copy(statement_text(&statement, 0)),
			.print = {.parts = memory_new(size + 1, 1),
				.count = size / sizeof(*answer->print.parts)}};
		memcpy(answer->print.parts, sqlite3_column_blob(statement.prepared, 1),
			size);
	}
	statement_end(&statement);
	return row;
}

/* That an answer has a part. */
struct posting {
	uint64_t part;
	size_t answer;
};

static int by_part(const void *left, const void *right)
{
	const struct posting *a = left;
	const struct posting *b = right;

	if (a->part != b->part)
		return a->part < b->part ? -1 : 1;
	return (a->answer > b->answer) - (a->answer < b->answer);
}

/* All of them, by part and then by answer, but those of common parts. */
static struct posting *rare_postings(struct alike *alike, size_t *count)
{
	size_t most = alike->answer_count / COMMON_SHARE;
	size_t total = 0, kept = 0;
	struct posting *list = NULL;

	most = most > COMMON_LEAST ? most : COMMON_LEAST;
	for (size_t i = 0; i < alike->answer_count; i++)
		total += alike->answers[i].print.count;
	list = memory_new(total + 1, sizeof(*list));
	for (size_t i = 0, end = 0; i < alike->answer_count; i++)
		for (size_t k = 0; k < alike->answers[i].print.count; k++)
			list[end++] =
				(struct posting){alike->answers[i].print.parts[k], i};
	qsort(list, total, sizeof(*list), by_part);
	for (size_t start = 0, end = 0; start < total; start = end) {
		while (end < total && list[end].part == list[start].part)
			end++;
		if (end - start > most)
			continue;
		memmove(list + kept, list + start, (end - start) * sizeof(*list));
		kept += end - start;
	}
	*count = kept;
	return list;
}

static void add_pair(struct alike *alike, size_t one, size_t other, size_t shared)
{
	size_t least = alike->answers[one].rare < alike->answers[other].rare
			       ? alike->answers[one].rare
			       : alike->answers[other].rare;

	if (least < ALIKE_PARTS || shared * 100 / least < ALIKE_PERCENT)
		return;
	alike->pairs = memory_grow(alike->pairs, alike->count + 1, sizeof(*alike->pairs));
	alike->pairs[alike->count++] = (struct alike_pair){alike->answers[one].student,
		alike->answers[other].student, (unsigned)(shared * 100 / least)};
}

/* `first` is the posting of the answer; those of later answers with its part follow it. */
static void count_shared(
	const struct posting *list, size_t count, size_t first, size_t *shared)
{
	for (size_t i = first + 1; i < count && list[i].part == list[first].part; i++)
		shared[list[i].answer]++;
}

/* Only answers that share a part are compared: of most pairs there is nothing to count. */
static void find_pairs(struct alike *alike, const struct posting *list, size_t count)
{
	size_t *shared = memory_new(alike->answer_count + 1, sizeof(*shared));
	size_t *next = memory_new(count + 1, sizeof(*next)); /* of the same answer */
	size_t *first = memory_new(alike->answer_count + 1, sizeof(*first));

	for (size_t i = count; i > 0; i--) { /* lists of places, from 1; 0 ends one */
		next[i] = first[list[i - 1].answer];
		first[list[i - 1].answer] = i;
		alike->answers[list[i - 1].answer].rare++;
	}
	for (size_t one = 0; one < alike->answer_count; one++) {
		for (size_t i = first[one]; i > 0; i = next[i])
			count_shared(list, count, i - 1, shared);
		for (size_t other = one + 1; other < alike->answer_count; other++) {
			if (shared[other] > 0)
				add_pair(alike, one, other, shared[other]);
			shared[other] = 0;
		}
	}
	free(first);
	free(next);
	free(shared);
}

static int most_alike_first(const void *left, const void *right)
{
	const struct alike_pair *a = left;
	const struct alike_pair *b = right;

	if (a->percent != b->percent)
		return a->percent < b->percent ? 1 : -1;
	int order = strcmp(a->one, b->one);
	return order ? order : strcmp(a->other, b->other);
}

int alike_find(struct alike *alike, struct database *database, const char *lab,
	struct error *error)
{
	*alike = (struct alike){0};
	if (read_answers(alike, database_connection(database), lab, error))
		return -1;
	size_t count = 0;
	struct posting *list = rare_postings(alike, &count);
	find_pairs(alike, list, count);
	free(list);
	if (alike->count > 0)
		qsort(alike->pairs, alike->count, sizeof(*alike->pairs),
			most_alike_first);
	return 0;
}

void alike_release(struct alike *alike)
{
	for (size_t i = 0; i < alike->answer_count; i++) {
		free(alike->answers[i].student);
		fingerprint_release(&alike->answers[i].print);
	}
	free(alike->answers);
	free(alike->pairs);
	*alike = (struct alike){0};
}
