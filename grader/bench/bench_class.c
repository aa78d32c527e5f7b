/* SPDX-License-Identifier: MIT */
/*
 * How much time of the processor the questions to a class's database take: of one with 100,000 rows, of 5,000 hand-ins
 * with eight criteria each, and for a peer the time in which SQLite reads all of its evidence once.
 * A question that takes longer than MOST_MS is named, and the bench fails.
 */
#include "bench/measure.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "class/alike.h"
#include "class/fingerprint.h"
#include "class/question.h"
#include "class/statement.h"

#include <string.h>

enum { STUDENTS = 5000, CRITERIA = 8, ROUNDS = 3, MOST_MS = 100, PARTS = 60 };

static int put_criteria(
	sqlite3 *connection, const char *key, int student, struct error *error)
{
	int status = 0;

	for (int i = 0; status == 0 && i < CRITERIA; i++) {
		char *name = text_format("criterion_%d", i);
		bool failed = (student * 7 + i * 3) % 5 == 0;
		char *mistake = failed ? text_format("The balance is N, not N (%d).",
						 student % 40)
				       : text_copy("");
		const char *verdict = failed		  ? "fail"
				      : student % 97 == 0 ? "error"
							  : "pass";
		status = statement_write(connection, error,
			"INSERT INTO criterion VALUES (?, ?, ?, ?, ?, 10, 5, ?)",
			"ttntnt", key, name, (long)i, verdict, failed ? 0L : 10L,
			mistake);
		if (status == 0)
			status = statement_write(connection, error,
				"INSERT INTO evidence VALUES (?, ?, 0, 'explore', ?, 1, "
				"'The balance is 5, not 7.', NULL, NULL, 0, 1, 1)",
				"ttt", key, name, verdict);
		free(mistake);
		free(name);
	}
	return status;
}

/* Most parts are everybody's or nearly nobody's, as in a class. */
static int put_print(
	struct database *database, const char *key, int student, struct error *error)
{
	uint64_t parts[PARTS];
	struct fingerprint print = {
		.exact = (uint64_t)(student % 4000), .parts = parts, .count = PARTS};

	for (int i = 0; i < PARTS; i++)
		parts[i] =
			(uint64_t)(i < PARTS / 2 ? i : i * 100000 + student * i % 3001);
	return fingerprint_keep(&print, database, key, error);
}

static int put_student(struct database *database, int student, struct error *error)
{
	sqlite3 *connection = database_connection(database);
	char *name = text_format("student %05d", student);
	char *key = text_format("%064d", student);
	int status = statement_write(connection, error,
		"INSERT INTO submission (lab, student, path, handed_in, note, key, "
		"listed) "
		"VALUES ('bench', ?, 'x', 'unknown', '', ?, 1)",
		"tt", name, key);

	if (status == 0)
		status = statement_write(connection, error,
			"INSERT INTO grading VALUES (?, 'bench', '2026-01-01T00:00:00Z', "
			"?, "
			"'fail', 70, 80, 0, '{}')",
			"tn", key, (long)(student * 31 % 5000));
	if (status == 0)
		status = statement_write(connection, error,
			"INSERT INTO history (lab, student, key, counted_from) VALUES "
			"('bench', ?, ?, '2026-01-01T00:00:00Z')",
			"tt", name, key);
	if (status == 0 && student % 50 == 0)
		status = statement_write(connection, error,
			"INSERT INTO adjustment (lab, student, criterion, points, "
			"reason, "
			"author, made_at) VALUES ('bench', ?, 'criterion_1', 5, 'r', "
			"'a', "
			"'2026-01-01T00:00:00Z')",
			"t", name);
	if (status == 0)
		status = put_criteria(connection, key, student, error);
	if (status == 0)
		status = put_print(database, key, student, error);
	free(key);
	free(name);
	return status;
}

static int fill(struct database *database, struct error *error)
{
	int status = database_begin(database, error);

	if (status)
		return -1;
	status = statement_write(database_connection(database), error,
		"INSERT INTO lab VALUES ('bench', 'A bench', ?)", "t", "{}");
	for (int i = 0; status == 0 && i < STUDENTS; i++)
		status = put_student(database, i, error);
	return database_settle(database, status, error);
}

static long count_rows(struct database *database)
{
	static const char *const tables[] = {"submission", "grading", "history",
		"adjustment", "criterion", "evidence", "fingerprint"};
	struct error error;
	long rows = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct statement statement;
		char *sql = text_format("SELECT count(*) FROM %s", tables[i]);
		if (statement_begin(&statement, database_connection(database), sql,
			    &error) == 0) {
			if (statement_row(&statement, &error) == 1)
				rows += statement_number(&statement, 0);
			statement_end(&statement);
		}
		free(sql);
	}
	return rows;
}

/* The median; negative if it has no answer. */
static double time_question(struct database *database, const char *name)
{
	double values[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		struct answer answer;
		struct error error;
		double started = processor_ms();
		if (question_ask(&answer, database, "bench", name, &error)) {
			fprintf(stderr, "bench_class: %s: %s\n", name, error.message);
			return -1;
		}
		values[i] = processor_ms() - started;
		answer_release(&answer);
	}
	return print_median(name, values, ROUNDS, "ms");
}

static int time_all(struct database *database)
{
	char *list = question_list();
	char *rest = list;
	int status = 0;

	printf("%ld rows; a question may take %d ms of the processor\n",
		count_rows(database), MOST_MS);
	for (char *line = strsep(&rest, "\n"); line && *line;
		line = strsep(&rest, "\n")) {
		char *name = line + strspn(line, " ");
		name[strcspn(name, " ")] = '\0';
		double ms = time_question(database, name);
		if (ms < 0 || ms > MOST_MS) {
			printf("  TOO LONG: %s\n", name);
			status = 1;
		}
	}
	time_question(database, "evidence");
	double started = processor_ms();
	struct alike alike;
	struct error error;
	if (alike_find(&alike, database, "bench", &error) == 0)
		printf("  %-44s %8.0f ms\n", "who is alike (no question in SQL)",
			processor_ms() - started);
	alike_release(&alike);
	free(list);
	return status;
}

int main(void)
{
	struct error error = {""};
	char *folder = folder_make_temporary(&error);
	struct database *database =
		folder ? database_open(folder, DATABASE_MAKE, &error) : NULL;
	int status = database ? fill(database, &error) : -1;

	if (status)
		fprintf(stderr, "bench_class: %s\n", error.message);
	else
		status = time_all(database);
	database_close(database);
	if (folder)
		folder_remove(folder, &error);
	free(folder);
	return status ? 1 : 0;
}
