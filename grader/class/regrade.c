/* SPDX-License-Identifier: MIT */
#include "class/regrade.h"

#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "batch/output.h"
#include "class/compare.h"
#include "class/history.h"
#include "class/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note(struct regrade *regrade, char *text)
{
	text_replace(&regrade->notes, "%s%s\n", regrade->notes, text);
	free(text);
}

/* The key that counts for the student; "" if the class has no such one. */
static int find_old_key(
	struct regrade *regrade, struct regraded *entry, struct error *error)
{
	struct statement statement;

	if (statement_begin(&statement, database_connection(regrade->class->database),
		    "SELECT key FROM submission WHERE listed AND lab = ? AND student = ?",
		    error))
		return -1;
	statement_bind(&statement, "tt", regrade->class->lab->name, entry->student);
	int row = statement_row(&statement, error);
	if (row == 1)
		snprintf(entry->old.text, sizeof(entry->old.text), "%s",
			statement_text(&statement, 0));
	statement_end(&statement);
	return row < 0 ? -1 : 0;
}

static bool same_key(const struct key *one, const struct key *other)
{
	return strcmp(one->text, other->text) == 0;
}

static bool is_wanted(const struct regrade *regrade, size_t index)
{
	const struct regraded *entry = &regrade->entries[index];
	const struct key *key = &regrade->class->keys[index];

	if (!*entry->old.text ||
		(regrade->student && strcmp(regrade->student, entry->student) != 0))
		return false;
	return regrade->student || regrade->again ||
	       !database_has(regrade->class->database, key);
}

static struct regraded *find_entry(const struct regrade *regrade, const char *student)
{
	for (size_t i = 0; i < regrade->count; i++)
		if (strcmp(regrade->entries[i].student, student) == 0)
			return &regrade->entries[i];
	return NULL;
}

/* Who was graded and whose files are gone keeps what counts. */
static int note_gone(void *context, const struct hand_in *hand_in, struct result *result,
	struct error *error)
{
	struct regrade *regrade = context;

	(void)result;
	(void)error;
	if (!find_entry(regrade, hand_in->student))
		note(regrade, text_format("%s is no longer in %s, and keeps what counts.",
				      hand_in->student, regrade->class->folder));
	return 0;
}

static int check_student(const struct regrade *regrade, struct error *error)
{
	const struct regraded *entry = NULL;

	if (!regrade->student)
		return 0;
	entry = find_entry(regrade, regrade->student);
	if (!entry)
		return error_set(error, "%s has no submission of %s",
			regrade->class->folder, regrade->student);
	return *entry->old.text
		       ? 0
		       : error_set(error,
				 "%s was never graded; 'interlock batch' does it",
				 regrade->student);
}

int regrade_open(struct regrade *regrade, struct error *error)
{
	struct class *class = regrade->class;

	regrade->notes = text_copy("");
	regrade->folder = folder_make_temporary(error);
	if (!regrade->folder || class_collect(class, error))
		return -1;
	regrade->entries = memory_new(class->batch.count + 1, sizeof(*regrade->entries));
	regrade->count = class->batch.count;
	for (size_t i = 0; i < regrade->count; i++) {
		struct regraded *entry = &regrade->entries[i];
		entry->student = class->collection.items[i].student;
		if (find_old_key(regrade, entry, error))
			return -1;
		if (!*entry->old.text)
			note(regrade,
				text_format(
					"%s is new in the class: 'interlock batch' takes "
					"in who is new.",
					entry->student));
		class->batch.submissions[i].skip = !is_wanted(regrade, i);
		regrade->wanted += !class->batch.submissions[i].skip;
	}
	return check_student(regrade, error) ||
			       database_each_hand_in(class->database, class->lab->name,
				       note_gone, regrade, error)
		       ? -1
		       : 0;
}

void regrade_release(struct regrade *regrade)
{
	struct error error;

	for (size_t i = 0; i < regrade->count; i++) {
		result_free(regrade->entries[i].before);
		result_free(regrade->entries[i].after);
	}
	if (regrade->folder && folder_remove(regrade->folder, &error))
		fprintf(stderr, "interlock: %s\n", error.message);
	free(regrade->folder);
	free(regrade->entries);
	free(regrade->notes);
}

/* One with a key that was judged already has to be as it was, and the first one stays. */
static int keep_again(
	struct regrade *regrade, size_t index, struct result *result, struct error *error)
{
	struct database *database = regrade->class->database;
	const struct key *key = &regrade->class->keys[index];
	struct error none;
	struct result *first = database_grading(database, key->text, &none);
	int status = 0;

	if (!first || first->verdict == VERDICT_ERROR) {
		status = database_keep(database, key, result, error);
	} else if (result->verdict == VERDICT_ERROR) {
		note(regrade,
			text_format("%s could not be graded again; what counts stays.",
				regrade->entries[index].student));
	} else if (!compare_same_score(first, result)) {
		regrade->entries[index].alarm = true;
		note(regrade,
			text_format(
				"ALARM: with nothing changed, %s had %ld of %ld points, "
				"and now got %ld of %ld. Both gradings are kept, the "
				"first one counts; a person has to look at it.",
				regrade->entries[index].student, first->points,
				first->max_points, result->points, result->max_points));
		status = history_disagree(database, key, result, error);
	}
	result_free(first);
	return status;
}

static int keep(void *context, size_t submission, bool graded, struct error *error)
{
	struct regrade *regrade = context;
	struct error unread;
	char *folder =
		output_folder(regrade->folder, regrade->entries[submission].student);
	char *path = path_join(folder, "result.json");
	struct result *result = result_read(path, &unread);
	int status = 0;

	(void)graded;
	if (result)
		status = keep_again(regrade, submission, result, error);
	else if (!interrupt_seen())
		fprintf(stderr, "interlock: %s\n", unread.message);
	result_free(result);
	free(path);
	free(folder);
	return status;
}

/* NULL for none. */
static struct result *grading_of(
	struct regrade *regrade, const struct key *key, const char *student)
{
	struct error none;
	struct result *result =
		database_grading(regrade->class->database, key->text, &none);

	if (result)
		text_replace(&result->submission, "%s", student);
	return result;
}

int regrade_grade(struct regrade *regrade, struct error *error)
{
	struct class *class = regrade->class;

	class->batch.workshop = class->workshop;
	class->batch.watch = (struct batch_watch){.context = regrade, .ended = keep};
	if (regrade->wanted > 0 && batch_run(&class->batch, regrade->folder, error))
		return -1;
	for (size_t i = 0; i < regrade->count; i++) {
		struct regraded *entry = &regrade->entries[i];
		bool meant = !regrade->student ||
			     strcmp(regrade->student, entry->student) == 0;
		if (!*entry->old.text || !meant)
			continue;
		entry->before = grading_of(regrade, &entry->old, entry->student);
		entry->after = grading_of(regrade, &class->keys[i], entry->student);
	}
	return 0;
}

bool regrade_changes(const struct regrade *regrade)
{
	for (size_t i = 0; i < regrade->count; i++)
		if (regrade->entries[i].after &&
			!same_key(&regrade->entries[i].old, &regrade->class->keys[i]))
			return true;
	return false;
}

size_t regrade_alarms(const struct regrade *regrade)
{
	size_t alarms = 0;

	for (size_t i = 0; i < regrade->count; i++)
		alarms += regrade->entries[i].alarm;
	return alarms;
}

char *regrade_text(const struct regrade *regrade)
{
	struct comparison comparison = {0};

	for (size_t i = 0; i < regrade->count; i++)
		if (regrade->entries[i].before || regrade->entries[i].after)
			comparison_add(&comparison, regrade->class->database,
				regrade->entries[i].before, regrade->entries[i].after);
	return comparison_take(&comparison, regrade->notes);
}

int regrade_apply(struct regrade *regrade, const char *reason, struct error *error)
{
	struct class *class = regrade->class;
	int status = database_begin(class->database, error);

	if (status)
		return -1;
	for (size_t i = 0; status == 0 && i < regrade->count; i++) {
		const struct collected *item = &class->collection.items[i];
		struct hand_in hand_in = {.student = item->student,
			.path = item->shown,
			.handed_in = item->handed_in,
			.note = item->note,
			.ids = item->ids,
			.key = &class->keys[i]};
		if (regrade->entries[i].after &&
			!same_key(&regrade->entries[i].old, &class->keys[i]))
			status = database_count(class->database, class->lab->name,
				&hand_in, reason, error);
	}
	return database_settle(class->database, status, error);
}
