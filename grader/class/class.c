/* SPDX-License-Identifier: MIT */
#include "class/class.h"
#include "class/page.h"

#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/text.h"
#include "batch/output.h"
#include "class/course.h"
#include "class/fingerprint.h"
#include "class/roll.h"
#include "class/statistics.h"
#include "class/table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int find_keys(struct class *class, struct error *error)
{
	struct key_maker maker;

	class->keys = memory_new(class->batch.count + 1, sizeof(*class->keys));
	if (key_maker_init(&maker, class->lab, class->options, class->policy, error))
		return -1;
	for (size_t i = 0; i < class->batch.count; i++)
		if (key_of(&maker, class->batch.submissions[i].path, &class->keys[i],
			    error))
			return -1;
	return 0;
}

static int list(struct class *class, struct error *error)
{
	size_t count = class->batch.count;
	struct hand_in *hand_ins = memory_new(count + 1, sizeof(*hand_ins));

	for (size_t i = 0; i < count; i++)
		hand_ins[i] =
			(struct hand_in){.student = class->collection.items[i].student,
				.path = class->collection.items[i].shown,
				.handed_in = class->collection.items[i].handed_in,
				.note = class->collection.items[i].note,
				.ids = class->collection.items[i].ids,
				.key = &class->keys[i]};
	int status = database_list(class->database, class->lab, hand_ins, count, error);
	free(hand_ins);
	return status;
}

char *class_folder(struct database *database, const char *folder, const char *lab,
	struct error *error)
{
	char **labs = database_labs(database, error);
	bool several = labs && labs[0] && labs[1];
	char *own = NULL;

	if (labs && several) {
		char *name = text_file_name(lab);
		own = path_join(folder, name);
		free(name);
	} else if (labs) {
		own = text_copy(folder);
	}
	for (size_t i = 0; labs && labs[i]; i++)
		free(labs[i]);
	free((void *)labs);
	return own;
}

static void list_batch(struct class *class)
{
	size_t count = class->collection.count;

	class->batch = (struct batch){.lab = class->lab,
		.jobs = class->jobs,
		.progress = class->progress,
		.submissions = memory_new(count + 1, sizeof(struct submission)),
		.count = count};
	for (size_t i = 0; i < count; i++) {
		class->batch.submissions[i].name =
			text_copy(class->collection.items[i].student);
		class->batch.submissions[i].path =
			text_copy(class->collection.items[i].path);
	}
}

/* Who should have handed in, and until when, and what was graded: as the last batch was told. */
static int keep_arguments(struct class *class, struct error *error)
{
	const char *lab = class->lab->name;
	struct class_source source =
		class_source_of(class->lab, class->folder, class->options, class->only);
	int status = database_begin(class->database, error);

	if (status == 0) {
		status = roster_keep(&class->persons, class->database, lab, error) ||
					 policy_keep(&class->late, class->database, lab,
						 error) ||
					 class_source_keep(
						 &source, class->database, lab, error)
				 ? -1
				 : 0;
		status = database_settle(class->database, status, error);
	}
	class_source_release(&source);
	return status;
}

static int read_roster(struct class *class, struct error *error)
{
	return class->roster ? roster_read(&class->persons, class->roster,
				       class->lab->name, class->late.due, error)
			     : 0;
}

int class_collect(struct class *class, struct error *error)
{
	struct collect_from from = {.lab = class->lab,
		.others = class->others,
		.other_count = class->other_count,
		.class = class->folder};

	if (collect(&class->collection, &from, error))
		return -1;
	list_batch(class);
	return find_keys(class, error);
}

/* Of answers that were not seen before. */
static int keep_fingerprints(struct class *class, struct error *error)
{
	int status = database_begin(class->database, error);

	if (status)
		return -1;
	for (size_t i = 0; status == 0 && i < class->batch.count; i++) {
		struct fingerprint print;
		if (fingerprint_known(class->database, class->keys[i].text))
			continue;
		status = fingerprint_of(
			&print, class->lab, class->batch.submissions[i].path, error);
		if (status == 0)
			status = fingerprint_keep(
				&print, class->database, class->keys[i].text, error);
		fingerprint_release(&print);
	}
	return database_settle(class->database, status, error);
}

int class_open(struct class *class, struct error *error)
{
	if (read_roster(class, error))
		return -1;
	if (class_collect(class, error) || list(class, error) ||
		keep_arguments(class, error) || keep_fingerprints(class, error))
		return -1;
	for (size_t i = 0; i < class->batch.count; i++) {
		bool has = database_has(class->database, &class->keys[i]);
		class->batch.submissions[i].skip = has;
		class->cached += has;
	}
	return 0;
}

void class_close(struct class *class)
{
	batch_release(&class->batch);
	collection_release(&class->collection);
	roster_release(&class->persons);
	free(class->keys);
	class->keys = NULL;
}

static char *result_path(const char *output, const char *student)
{
	char *folder = output_folder(output, student);
	char *path = path_join(folder, "result.json");

	free(folder);
	return path;
}

/* A grading has ended: what it left is kept before anything else is started. */
static int keep(void *context, size_t submission, bool graded, struct error *error)
{
	struct class *class = context;
	struct error unread;
	char *path =
		result_path(class->output, class->batch.submissions[submission].name);
	struct result *result = result_read(path, &unread);
	int status = 0;

	(void)graded; /* what could not be judged has a result that says so */
	if (result)
		status = database_keep(
			class->database, &class->keys[submission], result, error);
	else if (!interrupt_seen())
		fprintf(stderr, "interlock: %s\n", unread.message);
	result_free(result);
	free(path);
	return status;
}

/* Reports of the class that are older than what is graded now would look valid. */
static void forget_class_reports(const char *output)
{
	static const char *const names[] = {"class.txt", "class.csv", "class.json",
		"statistics.txt", "junit.xml", "junit-strict.xml"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char *path = path_join(output, names[i]);
		unlink(path);
		free(path);
	}
}

int class_grade(struct class *class, struct error *error)
{
	class->batch.workshop = class->workshop;
	class->batch.watch = (struct batch_watch){.context = class, .ended = keep};
	forget_class_reports(class->output);
	return batch_run(&class->batch, class->output, error);
}

/* Whether the submission's files are those of the result. */
static bool is_written(const char *output, const struct result *result)
{
	struct error ignored;
	char *path = result_path(output, result->submission);
	struct result *there = result_read(path, &ignored);
	char *wanted = result_text(result);
	char *written = there ? result_text(there) : NULL;
	bool same = written && strcmp(written, wanted) == 0;

	free(written);
	free(wanted);
	result_free(there);
	free(path);
	return same;
}

struct reporting {
	const char *output;
	size_t unjudged;
};

static int report_each(void *context, const struct result *result, struct error *error)
{
	struct reporting *reporting = context;

	reporting->unjudged += result->verdict == VERDICT_ERROR;
	if (is_written(reporting->output, result))
		return 0;
	return output_write(result, reporting->output, error);
}

static int put_file(const char *output, const char *name, char *text, struct error *error)
{
	char *path = path_join(output, name);
	int status = file_replace(path, text, strlen(text), error);

	free(path);
	free(text);
	return status;
}

/* Everybody's results, who handed in nothing last. */
static const struct result **results_of(const struct roll *roll, size_t *count)
{
	const struct result **results = memory_new(
		roll->hand_in_count + roll->absent + 1, sizeof(struct result *));

	*count = 0;
	for (size_t i = 0; i < roll->hand_in_count; i++)
		results[(*count)++] = roll->hand_ins[i].result;
	for (size_t i = 0; i < roll->absent; i++)
		results[(*count)++] = roll->absences[i];
	return results;
}

static int write_statistics(struct database *database, const char *lab,
	const char *output, struct error *error)
{
	char *text = statistics_text(database, lab, error);

	return text ? put_file(output, "statistics.txt", text, error) : -1;
}

static int write_class(
	const struct roll *roll, const char *output, FILE *stream, struct error *error)
{
	struct class_text text = {.absent = roll->absent, .notes = roll->notes};
	const struct result **results = results_of(roll, &text.count);

	text.results = results;
	if (stream)
		output_show_class(&text, output, stream);
	int status =
		output_write_class(&text, output, error) ||
				put_file(output, "index.html",
					class_page(results, text.count, roll->absent),
					error) ||
				put_file(output, "class.csv", table_csv(roll), error) ||
				put_file(output, "class.json", table_json(roll), error)
			? -1
			: 0;
	free((void *)results);
	return status;
}

int class_report(struct database *database, const char *lab, const char *output,
	FILE *stream, size_t *unjudged, struct error *error)
{
	struct reporting reporting = {.output = output};
	struct roll_visitor visitor = {report_each, &reporting};
	struct roll roll;

	int status = roll_read(&roll, database, lab, &visitor, error);
	if (status == 0)
		status = write_class(&roll, output, stream, error);
	if (status == 0)
		status = write_statistics(database, lab, output, error);
	if (unjudged)
		*unjudged = reporting.unjudged;
	roll_release(&roll);
	return status;
}

int course_report(
	struct database *database, const char *folder, FILE *stream, struct error *error)
{
	struct course course;
	int status = course_read(&course, database, error);

	if (status == 0 && course.lab_count > 1) {
		char *text = course_text(&course);
		if (stream)
			fprintf(stream, "%s\n", text);
		status = put_file(folder, "course.txt", text, error) ||
					 put_file(folder, "course.csv",
						 course_csv(&course), error)
				 ? -1
				 : 0;
	}
	course_release(&course);
	return status;
}

static int remake_lab(struct database *database, const char *folder, const char *lab,
	FILE *stream, struct error *error)
{
	char *own = class_folder(database, folder, lab, error);
	int status = own && folder_make(own, error) == 0
			     ? class_report(database, lab, own, stream, NULL, error)
			     : -1;

	free(own);
	return status;
}

int class_remake(struct database *database, const char *folder, const char *lab,
	FILE *stream, struct error *error)
{
	char **labs = database_labs(database, error);
	int status = labs ? 0 : -1;

	for (size_t i = 0; labs && labs[i]; i++) {
		if (status == 0 && (!lab || strcmp(lab, labs[i]) == 0))
			status = remake_lab(database, folder, labs[i], stream, error);
		free(labs[i]);
	}
	free((void *)labs);
	return status ? -1 : course_report(database, folder, stream, error);
}
