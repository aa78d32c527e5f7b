/* SPDX-License-Identifier: MIT */
/*
 * The result file. Tables say which member of which struct has which key, for writing and
 * reading alike; reports/result.schema.json says the same for other programs. A reader
 * takes the file apart: every key that it knows is removed, and a key that is left over
 * is an unknown one.
 */
#include "score/result.h"

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define SCHEMA "interlock/result/v1"

enum { MAX_FILE_BYTES = 256 << 20 };

enum kind { TEXT, LETTERS, HEX, NUMBER, BIG_NUMBER, FLAG, VERDICT_NAME, STAGE_NAME };

struct field {
	const char *key;
	size_t offset;
	size_t size; /* of LETTERS and HEX: the array's, its NUL included */
	enum kind kind;
	bool required;
};

#define FIELD(type, member, kind, required)                                              \
	{                                                                                \
#member, offsetof(struct type, member), 0, kind, required                \
	}
#define ARRAY(type, member, kind)                                                        \
	{                                                                                \
#member, offsetof(struct type, member),                                  \
			sizeof(((struct type *)NULL)->member), kind, true                \
	}
#define END                                                                              \
	{                                                                                \
		NULL, 0, 0, TEXT, false                                                  \
	}

static const struct field place_fields[] = {
	FIELD(source_place, file, TEXT, false),
	FIELD(source_place, line, NUMBER, true),
	FIELD(source_place, function, TEXT, false),
	END,
};

static const struct field evidence_fields[] = {
	FIELD(evidence, stage, STAGE_NAME, true),
	FIELD(evidence, verdict, VERDICT_NAME, true),
	FIELD(evidence, decides, FLAG, true),
	FIELD(evidence, reason, TEXT, true),
	FIELD(evidence, expected, TEXT, false),
	FIELD(evidence, actual, TEXT, false),
	FIELD(evidence, detail, TEXT, false),
	FIELD(evidence, ladder, TEXT, false),
	FIELD(evidence, output, TEXT, false),
	FIELD(evidence, reproduce, TEXT, false),
	FIELD(evidence, witness, TEXT, false),
	FIELD(evidence, schedule, TEXT, false),
	FIELD(evidence, runs, NUMBER, true),
	FIELD(evidence, failures, NUMBER, true),
	FIELD(evidence, coverage, TEXT, false),
	END,
};

static const struct field criterion_fields[] = {
	FIELD(criterion_result, name, TEXT, true),
	FIELD(criterion_result, title, TEXT, true),
	FIELD(criterion_result, hint, TEXT, false),
	FIELD(criterion_result, hidden, FLAG, true),
	FIELD(criterion_result, verdict, VERDICT_NAME, true),
	FIELD(criterion_result, blocked_by, TEXT, false),
	FIELD(criterion_result, points, NUMBER, true),
	FIELD(criterion_result, max_points, NUMBER, true),
	FIELD(criterion_result, duration_ms, NUMBER, true),
	END,
};

static const struct field file_fields[] = {
	FIELD(submitted_file, name, TEXT, true),
	ARRAY(submitted_file, sha256, HEX),
	FIELD(submitted_file, bytes, BIG_NUMBER, true),
	FIELD(submitted_file, text, TEXT, false),
	END,
};

static const struct field result_fields[] = {
	FIELD(result, lab, TEXT, true),
	FIELD(result, lab_title, TEXT, true),
	FIELD(result, submission, TEXT, true),
	FIELD(result, path, TEXT, false),
	FIELD(result, verdict, VERDICT_NAME, true),
	FIELD(result, points, NUMBER, true),
	FIELD(result, max_points, NUMBER, true),
	FIELD(result, sandbox, TEXT, false),
	FIELD(result, toolchain, TEXT, false),
	FIELD(result, notice, TEXT, false),
	ARRAY(result, seed, HEX),
	ARRAY(result, started, LETTERS),
	FIELD(result, duration_ms, NUMBER, true),
	END,
};

/* Writing. */

/* NULL for a text that is not there. */
static json_t *field_value(const struct field *field, const void *owner)
{
	const void *member = (const char *)owner + field->offset;
	const char *text = NULL;

	switch (field->kind) {
	case TEXT:
		text = *(char *const *)member;
		return text ? json_text(text) : NULL;
	case LETTERS:
	case HEX:
		return json_text(member);
	case NUMBER:
		return json_require(json_integer(*(const long *)member));
	case BIG_NUMBER:
		return json_require(json_integer(*(const long long *)member));
	case FLAG:
		return json_require(json_boolean(*(const bool *)member));
	case VERDICT_NAME:
		return json_text(verdict_name(*(const enum verdict *)member));
	case STAGE_NAME:
		return json_text(stage_name(*(const enum stage *)member));
	}
	return NULL;
}

static void put_fields(json_t *object, const struct field *fields, const void *owner)
{
	for (const struct field *field = fields; field->key; field++) {
		json_put(object, field->key, field_value(field, owner));
	}
}

static json_t *object_of(const struct field *fields, const void *owner)
{
	json_t *object = json_require(json_object());

	put_fields(object, fields, owner);
	return object;
}

static json_t *evidence_value(const struct evidence *evidence)
{
	json_t *object = object_of(evidence_fields, evidence);

	if (evidence->place.file || evidence->place.function || evidence->place.line)
		json_put(object, "place", object_of(place_fields, &evidence->place));
	return object;
}

static json_t *criterion_value(const struct criterion_result *criterion)
{
	json_t *object = object_of(criterion_fields, criterion);
	json_t *evidence = json_require(json_array());

	for (size_t i = 0; i < criterion->evidence_count; i++)
		json_push(evidence, evidence_value(&criterion->evidence[i]));
	json_put(object, "evidence", evidence);
	return object;
}

char *result_text(const struct result *result)
{
	json_t *object = json_require(json_object());
	json_t *files = json_require(json_array());
	json_t *criteria = json_require(json_array());

	for (size_t i = 0; i < result->file_count; i++)
		json_push(files, object_of(file_fields, &result->files[i]));
	for (size_t i = 0; i < result->criterion_count; i++)
		json_push(criteria, criterion_value(&result->criteria[i]));
	json_put(object, "schema", json_text(SCHEMA));
	put_fields(object, result_fields, result);
	json_put(object, "files", files);
	json_put(object, "criteria", criteria);
	return json_print(object);
}

int result_write(const struct result *result, const char *path, struct error *error)
{
	char *text = result_text(result);
	int outcome = file_replace(path, text, strlen(text), error);

	free(text);
	return outcome;
}

/* Reading. */

/* Where in the file the reader is, and the first thing that it found wrong there. */
struct reader {
	const char *place; /* as in "criteria[2].evidence[0]", "" at the top */
	struct error *error;
};

static int refuse(struct reader *reader, const char *key, const char *what)
{
	return error_set(reader->error, "%s%s%s %s", reader->place,
		*reader->place ? "." : "", key, what);
}

static bool is_hex(const char *text)
{
	return strspn(text, "0123456789abcdef") == strlen(text);
}

static int read_array(struct reader *reader, const struct field *field,
	const json_t *value, char *member)
{
	const char *text = json_string_value(value);

	if (!text)
		return refuse(reader, field->key, "is no text");
	if (*text && strlen(text) + 1 != field->size)
		return refuse(reader, field->key, "has not the right length");
	if (field->kind == HEX && !is_hex(text))
		return refuse(reader, field->key, "is no hexadecimal number");
	memcpy(member, text, strlen(text) + 1);
	return 0;
}

static int read_number(struct reader *reader, const struct field *field,
	const json_t *value, void *member)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value) || number < 0)
		return refuse(reader, field->key, "is no number from 0 up");
	if (field->kind == NUMBER)
		*(long *)member = (long)number;
	else
		*(long long *)member = number;
	return 0;
}

static int read_name(struct reader *reader, const struct field *field,
	const json_t *value, void *member)
{
	const char *text = json_is_string(value) ? json_string_value(value) : "";
	int number =
		field->kind == STAGE_NAME ? stage_by_name(text) : verdict_by_name(text);

	if (number < 0)
		return refuse(reader, field->key,
			field->kind == STAGE_NAME ? "is no stage" : "is no verdict");
	if (field->kind == STAGE_NAME)
		*(enum stage *)member = (enum stage)number;
	else
		*(enum verdict *)member = (enum verdict)number;
	return 0;
}

static int read_field(struct reader *reader, const struct field *field,
	const json_t *value, void *owner)
{
	void *member = (char *)owner + field->offset;

	switch (field->kind) {
	case TEXT:
		if (!json_is_string(value))
			return refuse(reader, field->key, "is no text");
		*(char **)member = text_copy(json_string_value(value));
		return 0;
	case LETTERS:
	case HEX:
		return read_array(reader, field, value, member);
	case NUMBER:
	case BIG_NUMBER:
		return read_number(reader, field, value, member);
	case FLAG:
		if (!json_is_boolean(value))
			return refuse(reader, field->key, "is neither true nor false");
		*(bool *)member = json_is_true(value);
		return 0;
	case VERDICT_NAME:
	case STAGE_NAME:
		return read_name(reader, field, value, member);
	}
	return 0;
}

static int read_fields(
	struct reader *reader, const struct field *fields, json_t *object, void *owner)
{
	if (!json_is_object(object))
		return error_set(reader->error, "%s is no object",
			*reader->place ? reader->place : "the file");
	for (const struct field *field = fields; field->key; field++) {
		const json_t *value = json_object_get(object, field->key);
		if (!value && field->required)
			return refuse(reader, field->key, "is missing");
		if (value && read_field(reader, field, value, owner))
			return -1;
		json_object_del(object, field->key);
	}
	return 0;
}

static int refuse_leftovers(struct reader *reader, json_t *object)
{
	const char *key = json_object_iter_key(json_object_iter(object));

	return key ? refuse(reader, key, "is not known") : 0;
}

static int read_place(struct reader *reader, json_t *object, struct source_place *place)
{
	int outcome = 0;

	if (!object)
		return 0;
	char *name = text_format("%s.place", reader->place);
	struct reader inner = {name, reader->error};
	outcome = read_fields(&inner, place_fields, object, place)
			  ? -1
			  : refuse_leftovers(&inner, object);
	free(name);
	return outcome;
}

static int read_evidence(struct reader *reader, json_t *object, void *owner)
{
	struct evidence *evidence = owner;

	if (read_fields(reader, evidence_fields, object, evidence) ||
		read_place(reader, json_object_get(object, "place"), &evidence->place))
		return -1;
	json_object_del(object, "place");
	return refuse_leftovers(reader, object);
}

static int read_file_entry(struct reader *reader, json_t *object, void *owner)
{
	if (read_fields(reader, file_fields, object, owner))
		return -1;
	return refuse_leftovers(reader, object);
}

/* A list of objects in the file, and the array of structs that takes them. */
struct list {
	const char *key;
	void *elements; /* zeroed, as many as list_length says */
	size_t size;	/* of one */
	size_t *count;
	int (*read)(struct reader *, json_t *, void *);
};

static size_t list_length(const json_t *object, const char *key)
{
	return json_array_size(json_object_get(object, key));
}

/* *count grows with what was begun, so that result_free can free what a refused file
 * leaves behind. */
static int read_list(struct reader *reader, json_t *object, const struct list *list)
{
	json_t *array = json_object_get(object, list->key);
	size_t length = json_array_size(array);
	int outcome = 0;

	if (!json_is_array(array))
		return refuse(reader, list->key, array ? "is no list" : "is missing");
	for (*list->count = 0; !outcome && *list->count < length;) {
		size_t index = (*list->count)++;
		char *name = text_format("%s%s%s[%zu]", reader->place,
			*reader->place ? "." : "", list->key, index);
		struct reader inner = {name, reader->error};
		outcome = list->read(&inner, json_array_get(array, index),
			(char *)list->elements + index * list->size);
		free(name);
	}
	if (!outcome)
		json_object_del(object, list->key);
	return outcome;
}

static int read_criterion(struct reader *reader, json_t *object, void *owner)
{
	struct criterion_result *criterion = owner;

	if (read_fields(reader, criterion_fields, object, criterion))
		return -1;
	criterion->evidence =
		memory_new(list_length(object, "evidence"), sizeof(*criterion->evidence));
	struct list list = {"evidence", criterion->evidence, sizeof(*criterion->evidence),
		&criterion->evidence_count, read_evidence};
	if (read_list(reader, object, &list))
		return -1;
	if (criterion->points > criterion->max_points)
		return refuse(reader, "points", "is more than max_points");
	return refuse_leftovers(reader, object);
}

static int read_schema(struct reader *reader, json_t *object)
{
	const char *schema = json_string_value(json_object_get(object, "schema"));

	if (!json_is_object(object))
		return error_set(reader->error, "the file is no object");
	if (!schema || strcmp(schema, SCHEMA) != 0)
		return refuse(reader, "schema", "is not \"" SCHEMA "\"");
	return json_object_del(object, "schema");
}

static int read_result(struct reader *reader, json_t *object, struct result *result)
{
	if (read_schema(reader, object) ||
		read_fields(reader, result_fields, object, result))
		return -1;
	result->files = memory_new(list_length(object, "files"), sizeof(*result->files));
	result->criteria =
		memory_new(list_length(object, "criteria"), sizeof(*result->criteria));
	struct list files = {"files", result->files, sizeof(*result->files),
		&result->file_count, read_file_entry};
	struct list criteria = {"criteria", result->criteria, sizeof(*result->criteria),
		&result->criterion_count, read_criterion};
	if (read_list(reader, object, &files) || read_list(reader, object, &criteria))
		return -1;
	if (result->points > result->max_points)
		return refuse(reader, "points", "is more than max_points");
	return refuse_leftovers(reader, object);
}

struct result *result_parse(
	const char *text, size_t length, const char *name, struct error *error)
{
	struct reader reader = {"", error};
	json_error_t problem;
	json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);

	if (!object) {
		error_set(error, "reading %s: line %d, column %d: %s", name, problem.line,
			problem.column, problem.text);
		return NULL;
	}
	struct result *result = memory_new(1, sizeof(*result));
	int failed = read_result(&reader, object, result);
	json_decref(object);
	if (failed) {
		error_context(error, "reading %s", name);
		result_free(result);
		return NULL;
	}
	return result;
}

struct result *result_read(const char *path, struct error *error)
{
	size_t length = 0;

	/* Opening a FIFO would wait for its writer. */
	if (!path_is_file(path)) {
		error_set(error, "reading %s: there is no such file", path);
		return NULL;
	}
	char *text = file_read(path, MAX_FILE_BYTES, &length, error);
	if (!text)
		return NULL;
	struct result *result = result_parse(text, length, path, error);
	free(text);
	return result;
}
