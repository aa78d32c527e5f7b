/* SPDX-License-Identifier: MIT */
#include "class/database.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "class/mistake.h"
#include "class/statement.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { SCHEMA_VERSION = 6, BUSY_MS = 5000 };

/* schema.sql, put in by the build: what brings version i - 1 to version i; NULL ends it. */
extern const char *const class_schema[];

struct database {
	sqlite3 *connection;
	char *path;
	char *author; /* who is at work */
	int lock;     /* the lock file's descriptor, -1 where one only reads */
};

static int version_of(struct database *database, struct error *error)
{
	struct statement statement;
	int version = -1;

	if (statement_begin(&statement, database->connection, "PRAGMA user_version",
		    error) == 0) {
		if (statement_row(&statement, error) == 1)
			version = (int)statement_number(&statement, 0);
		statement_end(&statement);
	}
	return version;
}

/* All that is missing in one transaction: a database is of one version at any instant. */
static int migrate(struct database *database, int from, struct error *error)
{
	char *sql = text_copy("BEGIN IMMEDIATE;");

	for (int version = from + 1; version <= SCHEMA_VERSION; version++)
		text_replace(&sql, "%s%s", sql, class_schema[version]);
	text_replace(&sql, "%s PRAGMA user_version = %d; COMMIT;", sql, SCHEMA_VERSION);
	int status = statement_run(database->connection, sql, error);
	free(sql);
	return status;
}

/* One that is empty or older gets the tables that it lacks; a newer one is refused. */
static int bring_up_to_date(
	struct database *database, enum database_use use, struct error *error)
{
	int version = version_of(database, error);

	if (version < 0)
		return -1;
	if (version == SCHEMA_VERSION)
		return 0;
	if (version > SCHEMA_VERSION)
		return error_set(error,
			"it is of a newer interlock (its schema is %d, this one knows "
			"%d); use that one",
			version, SCHEMA_VERSION);
	if (version == 0 && use != DATABASE_MAKE)
		return error_set(error, "it is no class's database");
	if (use == DATABASE_READ)
		return error_set(error,
			"it is of an older interlock (its schema is %d, this one's %d); "
			"'interlock class' brings it up to date",
			version, SCHEMA_VERSION);
	return migrate(database, version, error);
}

/* Held as long as the process lives: two batches would undo each other's files. */
static int take_lock(struct database *database, const char *folder, struct error *error)
{
	char *path = path_join(folder, ".class.lock");

	database->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	int status =
		database->lock < 0 ? error_system(error, "cannot write %s", path) : 0;
	if (status == 0 && flock(database->lock, LOCK_EX | LOCK_NB))
		status = errno == EWOULDBLOCK
				 ? error_set(error,
					   "another interlock is at work in %s; wait for "
					   "it "
					   "or stop it",
					   folder)
				 : error_system(error, "cannot lock %s", path);
	free(path);
	return status;
}

static int open_file(
	struct database *database, enum database_use use, struct error *error)
{
	int flags = use == DATABASE_READ    ? SQLITE_OPEN_READONLY
		    : use == DATABASE_WRITE ? SQLITE_OPEN_READWRITE
					    : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

	if (use != DATABASE_MAKE && !path_is_file(database->path))
		return error_set(error, "there is none; 'interlock batch' makes it");
	if (sqlite3_open_v2(database->path, &database->connection, flags, NULL) !=
		SQLITE_OK)
		return error_set(error, "%s", sqlite3_errmsg(database->connection));
	sqlite3_busy_timeout(database->connection, BUSY_MS);
	if (use != DATABASE_READ &&
		statement_run(database->connection,
			"PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL", error))
		return -1;
	return bring_up_to_date(database, use, error);
}

struct database *database_open(
	const char *folder, enum database_use use, struct error *error)
{
	struct database *database = memory_new(1, sizeof(*database));

	database->lock = -1;
	database->path = path_join(folder, "class.db");
	const struct passwd *user = getpwuid(getuid());
	database->author = text_copy(user ? user->pw_name : "unknown");
	int status = use == DATABASE_MAKE ? folder_make(folder, error) : 0;
	if (status == 0 && use != DATABASE_READ &&
		(use == DATABASE_MAKE || path_is_file(database->path)))
		status = take_lock(database, folder, error);
	if (status == 0 && open_file(database, use, error))
		status = error_context(error, "the database %s", database->path);
	if (status) {
		database_close(database);
		return NULL;
	}
	return database;
}

void database_close(struct database *database)
{
	if (!database)
		return;
	sqlite3_close(database->connection);
	if (database->lock >= 0)
		close(database->lock);
	free(database->author);
	free(database->path);
	free(database);
}

sqlite3 *database_connection(struct database *database)
{
	return database->connection;
}

const char *database_author(const struct database *database)
{
	return database->author;
}

void database_now(char text[static 21])
{
	time_t seconds = time(NULL);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(text, 21, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/* The lab, and a result that only says that there is none yet. */
static int put_lab(struct database *database, const struct lab *lab, struct error *error)
{
	struct result *none =
		result_unjudged(lab, "", "This submission was not graded yet.");
	char *text = result_text(none);
	int status = statement_write(database->connection, error,
		"INSERT INTO lab (name, title, criteria) VALUES (?, ?, ?) "
		"ON CONFLICT (name) DO UPDATE SET title = excluded.title, "
		"criteria = excluded.criteria",
		"ttt", lab->name, lab->title, text);

	free(text);
	result_free(none);
	return status;
}

int database_count(struct database *database, const char *lab,
	const struct hand_in *hand_in, const char *reason, struct error *error)
{
	char time[21];

	database_now(time);
	/* The history first: it asks what counted until now. */
	if (statement_write(database->connection, error,
		    "INSERT INTO history (lab, student, key, counted_from, author, "
		    "reason) "
		    "SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM "
		    "submission WHERE lab = ?1 AND student = ?2 AND key = ?3)",
		    "tttttt", lab, hand_in->student, hand_in->key->text, time,
		    database->author, reason))
		return -1;
	return statement_write(database->connection, error,
		"INSERT INTO submission (lab, student, path, handed_in, note, ids, key, "
		"listed) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (lab, student) DO UPDATE "
		"SET path = excluded.path, handed_in = excluded.handed_in, "
		"note = excluded.note, ids = excluded.ids, key = excluded.key, "
		"listed = 1",
		"ttttttt", lab, hand_in->student, hand_in->path, hand_in->handed_in,
		hand_in->note, hand_in->ids, hand_in->key->text);
}

int database_begin(struct database *database, struct error *error)
{
	return statement_run(database->connection, "BEGIN IMMEDIATE", error)
		       ? error_context(error, "writing %s", database->path)
		       : 0;
}

int database_settle(struct database *database, int status, struct error *error)
{
	struct error ignored;

	if (status == 0)
		status = statement_run(database->connection, "COMMIT", error);
	if (status)
		statement_run(database->connection, "ROLLBACK", &ignored);
	if (status)
		error_context(error, "writing %s", database->path);
	return status;
}

int database_list(struct database *database, const struct lab *lab,
	const struct hand_in *hand_ins, size_t count, struct error *error)
{
	int status = database_begin(database, error);

	if (status)
		return -1;
	status = put_lab(database, lab, error) ||
				 statement_write(database->connection, error,
					 "UPDATE submission SET listed = 0 WHERE lab = ?",
					 "t", lab->name)
			 ? -1
			 : 0;
	for (size_t i = 0; status == 0 && i < count; i++)
		status = database_count(
			database, lab->name, &hand_ins[i], "a batch", error);
	return database_settle(database, status, error);
}

bool database_has(struct database *database, const struct key *key)
{
	struct statement statement;
	struct error ignored;
	bool has = false;

	if (statement_begin(&statement, database->connection,
		    "SELECT 1 FROM grading WHERE key = ? AND (verdict <> 'error' OR "
		    "tries >= ?)",
		    &ignored))
		return false;
	statement_bind(&statement, "tn", key->text, (long)DATABASE_TRIES);
	has = statement_row(&statement, &ignored) == 1;
	statement_end(&statement);
	return has;
}

static int put_evidence(struct database *database, const struct key *key,
	const char *criterion, size_t position, const struct evidence *evidence,
	struct error *error)
{
	return statement_write(database->connection, error,
		"INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		"ttnttntttnnn", key->text, criterion, (long)position,
		stage_name(evidence->stage), verdict_name(evidence->verdict),
		(long)evidence->decides, evidence->reason, evidence->coverage,
		evidence->place.file, evidence->place.line, evidence->runs,
		evidence->failures);
}

static int put_criterion(struct database *database, const struct key *key,
	size_t position, const struct criterion_result *criterion, struct error *error)
{
	char *mistake = mistake_of(criterion);
	int status = statement_write(database->connection, error,
		"INSERT INTO criterion VALUES (?, ?, ?, ?, ?, ?, ?, ?)", "ttntnnnt",
		key->text, criterion->name, (long)position,
		verdict_name(criterion->verdict), criterion->points,
		criterion->max_points, criterion->duration_ms, mistake);

	free(mistake);
	for (size_t i = 0; status == 0 && i < criterion->evidence_count; i++)
		status = put_evidence(database, key, criterion->name, i,
			&criterion->evidence[i], error);
	return status;
}

static int put_grading(struct database *database, const struct key *key,
	const struct result *result, struct error *error)
{
	char *text = result_text(result);
	int status = statement_write(database->connection, error,
		"INSERT INTO grading (key, lab, started, duration_ms, verdict, points, "
		"max_points, tries, result) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
		"ON CONFLICT (key) DO UPDATE SET started = ?3, duration_ms = ?4, "
		"verdict = ?5, points = ?6, max_points = ?7, tries = tries + ?8, "
		"result = ?9",
		"tttntnnnt", key->text, result->lab, result->started, result->duration_ms,
		verdict_name(result->verdict), result->points, result->max_points,
		(long)(result->verdict == VERDICT_ERROR), text);

	free(text);
	return status;
}

int database_keep(struct database *database, const struct key *key,
	const struct result *result, struct error *error)
{
	int status = database_begin(database, error);

	if (status)
		return -1;
	status = put_grading(database, key, result, error);
	if (status == 0)
		status = statement_write(database->connection, error,
			"DELETE FROM evidence WHERE key = ?", "t", key->text);
	if (status == 0)
		status = statement_write(database->connection, error,
			"DELETE FROM criterion WHERE key = ?", "t", key->text);
	for (size_t i = 0; status == 0 && i < result->criterion_count; i++)
		status = put_criterion(database, key, i, &result->criteria[i], error);
	return database_settle(database, status, error);
}

/* The newest adjustment of each criterion, the oldest of these first. */
int database_adjusted(
	struct database *database, struct result *result, struct error *error)
{
	struct statement statement;
	int row = 0;

	if (statement_begin(&statement, database->connection,
		    "SELECT criterion, points, reason, author, substr(made_at, 1, 10) "
		    "FROM "
		    "adjustment WHERE lab = ?1 AND student = ?2 AND id IN (SELECT "
		    "max(id) "
		    "FROM adjustment WHERE lab = ?1 AND student = ?2 GROUP BY criterion) "
		    "ORDER BY id",
		    error))
		return -1;
	statement_bind(&statement, "tt", result->lab, result->submission);
	while ((row = statement_row(&statement, error)) == 1) {
		char *notice = text_format("%s: %s gave %ld points on %s: %s",
			statement_text(&statement, 0), statement_text(&statement, 3),
			statement_number(&statement, 1), statement_text(&statement, 4),
			statement_text(&statement, 2));
		result_adjust(result, statement_text(&statement, 0),
			statement_number(&statement, 1), notice);
		free(notice);
	}
	statement_end(&statement);
	return row;
}

/* Columns: student, path, note, the grading's result or that of who has none, and the rest of
 * a hand-in. */
#define SELECT_RESULT                                                                    \
	"SELECT student, path, note, coalesce(grading.result, lab.criteria), "           \
	"handed_in, ids, submission.key FROM submission "                                \
	"JOIN lab ON lab.name = submission.lab LEFT JOIN grading ON grading.key = "      \
	"submission.key WHERE listed AND submission.lab = ?"

/* That the same grading once ended otherwise is told to whoever reads it. */
static int note_disagreement(struct database *database, const char *key,
	struct result *result, struct error *error)
{
	struct statement statement;
	int row = 0;

	if (statement_begin(&statement, database->connection,
		    "SELECT points, max_points, substr(made_at, 1, 10) FROM disagreement "
		    "WHERE key = ? ORDER BY id",
		    error))
		return -1;
	statement_bind(&statement, "t", key);
	while ((row = statement_row(&statement, error)) == 1) {
		char *notice = text_format(
			"Graded again on %s, with nothing changed, it "
			"got %ld of %ld points: a person has to look at it.",
			statement_text(&statement, 2), statement_number(&statement, 0),
			statement_number(&statement, 1));
		result_add_notice(result, notice);
		free(notice);
	}
	statement_end(&statement);
	return row;
}

static struct result *result_of_row(
	struct database *database, struct statement *statement, struct error *error)
{
	const char *text = statement_text(statement, 3);
	const char *note = statement_text(statement, 2);
	struct result *result = result_parse(text, strlen(text), database->path, error);

	if (!result)
		return NULL;
	text_replace(&result->submission, "%s", statement_text(statement, 0));
	text_replace(&result->path, "%s", statement_text(statement, 1));
	if (*note)
		result_add_notice(result, note);
	if (note_disagreement(database, statement_text(statement, 6), result, error) ||
		database_adjusted(database, result, error)) {
		result_free(result);
		return NULL;
	}
	return result;
}

int database_each(struct database *database, const char *lab, database_visit *visit,
	void *context, struct error *error)
{
	struct statement statement;
	int status = 0;
	int row = 0;

	if (statement_begin(&statement, database->connection,
		    SELECT_RESULT " ORDER BY student", error))
		return error_context(error, "reading %s", database->path);
	statement_bind(&statement, "t", lab);
	while (status == 0 && (row = statement_row(&statement, error)) == 1) {
		struct result *result = result_of_row(database, &statement, error);
		struct hand_in hand_in = {
			.student = statement_text(&statement, 0),
			.path = statement_text(&statement, 1),
			.note = statement_text(&statement, 2),
			.handed_in = statement_text(&statement, 4),
			.ids = statement_text(&statement, 5),
		};
		status = result ? visit(context, &hand_in, result, error) : -1;
	}
	statement_end(&statement);
	return row < 0 ? -1 : status;
}

int database_each_hand_in(struct database *database, const char *lab,
	database_visit *visit, void *context, struct error *error)
{
	struct statement statement;
	int status = 0;
	int row = 0;

	if (statement_begin(&statement, database->connection,
		    "SELECT student, path, note, handed_in, ids FROM submission "
		    "WHERE listed AND lab = ? ORDER BY student",
		    error))
		return error_context(error, "reading %s", database->path);
	statement_bind(&statement, "t", lab);
	while (status == 0 && (row = statement_row(&statement, error)) == 1) {
		struct hand_in hand_in = {
			.student = statement_text(&statement, 0),
			.path = statement_text(&statement, 1),
			.note = statement_text(&statement, 2),
			.handed_in = statement_text(&statement, 3),
			.ids = statement_text(&statement, 4),
		};
		status = visit(context, &hand_in, NULL, error);
	}
	statement_end(&statement);
	return row < 0 ? -1 : status;
}

struct result *database_nothing(
	struct database *database, const char *lab, struct error *error)
{
	struct statement statement;
	struct result *result = NULL;

	if (statement_begin(&statement, database->connection,
		    "SELECT criteria FROM lab WHERE name = ?", error))
		return NULL;
	statement_bind(&statement, "t", lab);
	if (statement_row(&statement, error) == 1) {
		const char *text = statement_text(&statement, 0);
		result = result_parse(text, strlen(text), database->path, error);
	} else {
		error_set(error, "%s has no lab %s", database->path, lab);
	}
	statement_end(&statement);
	if (result)
		result_fail(result, "Nothing was handed in.");
	return result;
}

struct result *database_result(struct database *database, const char *lab,
	const char *student, struct error *error)
{
	struct statement statement;
	struct result *result = NULL;

	if (statement_begin(&statement, database->connection,
		    SELECT_RESULT " AND student = ?", error))
		return NULL;
	statement_bind(&statement, "tt", lab, student);
	int row = statement_row(&statement, error);
	if (row == 1)
		result = result_of_row(database, &statement, error);
	else if (row == 0)
		error_set(error, "%s has no submission of %s in lab %s", database->path,
			student, lab);
	statement_end(&statement);
	return result;
}

struct result *database_grading(
	struct database *database, const char *key, struct error *error)
{
	struct statement statement;
	struct result *result = NULL;

	if (statement_begin(&statement, database->connection,
		    "SELECT result FROM grading WHERE key = ?", error))
		return NULL;
	statement_bind(&statement, "t", key);
	int row = statement_row(&statement, error);
	if (row == 1) {
		const char *text = statement_text(&statement, 0);
		result = result_parse(text, strlen(text), database->path, error);
	} else if (row == 0) {
		error_set(error, "%s has no such grading", database->path);
	}
	statement_end(&statement);
	return result;
}

char **database_labs(struct database *database, struct error *error)
{
	struct statement statement;
	size_t count = 0;
	int row = 0;
	char **labs = memory_new(1, sizeof(*labs));

	if (statement_begin(&statement, database->connection,
		    "SELECT name FROM lab ORDER BY name", error)) {
		free(labs);
		return NULL;
	}
	while ((row = statement_row(&statement, error)) == 1) {
		labs = memory_grow(labs, count + 2, sizeof(*labs));
		labs[count++] = text_copy(statement_text(&statement, 0));
		labs[count] = NULL;
	}
	statement_end(&statement);
	if (row == 0)
		return labs;
	for (size_t i = 0; i < count; i++)
		free(labs[i]);
	free((void *)labs);
	return NULL;
}

int database_adjust(struct database *database, const struct adjustment *adjustment,
	struct error *error)
{
	char time[21];

	database_now(time);
	return statement_write(database->connection, error,
		"INSERT INTO adjustment (lab, student, criterion, points, reason, "
		"author, "
		"made_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		"tttnttt", adjustment->lab, adjustment->student, adjustment->criterion,
		adjustment->points, adjustment->reason, adjustment->author, time);
}
