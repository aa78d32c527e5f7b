/* SPDX-License-Identifier: MIT */
#include "explore/replay.h"

#include "base/file.h"
#include "base/memory.h"
#include "explore/witness.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { WITNESS_BYTES = 64 << 20 };

static json_t *words_json(char **words, int count)
{
	json_t *array = json_array();
	for (int i = 0; i < count; i++)
		json_array_append_new(array, json_string(words[i]));
	return array;
}

static json_t *kinds_json(uint32_t detect)
{
	json_t *array = json_array();
	for (int i = DEFECT_NONE + 1; i < DEFECT_KINDS; i++)
		if (detect >> i & 1)
			json_array_append_new(
				array, json_string(defect_name((enum defect_kind)i)));
	return array;
}

struct json_t *witness_file_json(const struct explorer *explorer,
	const struct finding *finding, struct symbols *symbols)
{
	uint32_t count;
	const uint64_t *racy = explorer_racy(explorer, &count);
	json_t *places = json_array();
	for (uint32_t i = 0; i < finding->racy_count && i < count; i++)
		json_array_append_new(places, json_integer((json_int_t)racy[i]));
	return json_pack("{s:s, s:o, s:o, s:b, s:b, s:b, s:b, s:o}", "format",
		"interlock-witness-1", "places", places, "detect",
		kinds_json(finding->detect), "every_access", finding->every_access,
		"every_release", finding->every_release, "every_turn",
		finding->every_turn, "rc11", finding->rc11, "finding",
		finding_json(finding, symbols, true));
}

/* The programs that run at once with the first. */
static json_t *beside_json(const struct program_sources *sources)
{
	json_t *programs = json_array();
	for (const struct program_sources *each = sources->beside; each;
		each = each->beside)
		json_array_append_new(programs,
			json_pack("{s:o, s:o}", "files",
				words_json(each->files, each->files_count), "arguments",
				words_json(each->arguments, each->arguments_count)));
	return programs;
}

int witness_save(const char *path, const struct explorer *explorer,
	const struct finding *finding, const struct program_sources *sources,
	struct symbols *symbols, struct error *error)
{
	json_t *json = witness_file_json(explorer, finding, symbols);
	json_object_set_new(json, "compiler",
		json_string(sources->compiler ? sources->compiler : "cc"));
	json_object_set_new(
		json, "files", words_json(sources->files, sources->files_count));
	json_object_set_new(
		json, "flags", words_json(sources->flags, sources->flags_count));
	json_object_set_new(json, "arguments",
		words_json(sources->arguments, sources->arguments_count));
	if (sources->beside)
		json_object_set_new(json, "beside", beside_json(sources));
	char *text = json ? json_dumps(json, JSON_INDENT(1)) : NULL;
	int status = text ? file_replace(path, text, strlen(text), error)
			  : error_set(error, "writing the witness %s", path);
	free(text);
	json_decref(json);
	return status;
}

static char **words_of(const json_t *array, int *count)
{
	*count = (int)json_array_size(array);
	char **words = memory_new((size_t)*count + 1, sizeof *words);
	for (int i = 0; i < *count; i++) {
		const char *word = json_string_value(json_array_get(array, (size_t)i));
		words[i] = text_copy(word ? word : "");
	}
	return words;
}

static void read_program(struct program_sources *sources, const json_t *json)
{
	sources->files = words_of(json_object_get(json, "files"), &sources->files_count);
	sources->arguments =
		words_of(json_object_get(json, "arguments"), &sources->arguments_count);
}

static void read_beside(struct program_sources *sources, const json_t *programs)
{
	for (size_t i = 0; i < json_array_size(programs) && i < PROGRAMS_MAX; i++) {
		const json_t *json = json_array_get(programs, i);
		if (!json_array_size(json_object_get(json, "files")))
			continue;
		sources->beside = memory_new(1, sizeof *sources);
		sources = sources->beside;
		read_program(sources, json);
	}
}

static void read_schedule(struct witness *witness, const json_t *schedule)
{
	size_t length = json_array_size(schedule);
	for (size_t i = 0; i < length && i < STEPS_MAX; i++)
		schedule_set(&witness->schedule, (uint32_t)i,
			(uint16_t)json_integer_value(json_array_get(schedule, i)));
}

static void read_places(struct witness *witness, const json_t *places)
{
	size_t count = json_array_size(places);
	if (count > RACY_MAX / 2)
		count = RACY_MAX / 2;
	witness->racy = memory_new(count + 1, sizeof *witness->racy);
	for (size_t i = 0; i < count; i++)
		witness->racy[i] =
			(uint64_t)json_integer_value(json_array_get(places, i));
	witness->racy_count = (uint32_t)count;
}

static void read_kinds(struct witness *witness, const json_t *names)
{
	for (size_t i = 0; i < json_array_size(names); i++) {
		enum defect_kind kind;
		const char *name = json_string_value(json_array_get(names, i));
		if (name && defect_kind_named(name, &kind))
			witness->detect |= DETECT(kind);
	}
}

static void read_witness(struct witness *witness, const json_t *json)
{
	const json_t *steps =
		json_object_get(json_object_get(json, "finding"), "witness");
	witness->every_access = json_is_true(json_object_get(json, "every_access"));
	witness->every_release = json_is_true(json_object_get(json, "every_release"));
	witness->every_turn = json_is_true(json_object_get(json, "every_turn"));
	witness->rc11 = json_is_true(json_object_get(json, "rc11"));
	witness->fewest = json_is_true(json_object_get(steps, "fewest"));
	read_kinds(witness, json_object_get(json, "detect"));
	read_places(witness, json_object_get(json, "places"));
	read_schedule(witness, json_object_get(steps, "schedule"));
	json_int_t from = json_integer_value(json_object_get(steps, "repeats_from"));
	if (from > 0 && from < witness->schedule.length)
		witness->repeats_from = (uint32_t)from;
}

static bool is_of_lab(const json_t *json)
{
	static const char *const keys[] = {"lab", "submission", "criterion", "seed"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!json_is_string(json_object_get(json, keys[i])))
			return false;
	return true;
}

static char *string_of(const json_t *json, const char *key)
{
	return text_copy(json_string_value(json_object_get(json, key)));
}

static void read_origin(struct witness_file *file, const json_t *json)
{
	if (!is_of_lab(json))
		return;
	file->lab = string_of(json, "lab");
	file->submission = string_of(json, "submission");
	file->criterion = string_of(json, "criterion");
	file->seed = strtoull(json_string_value(json_object_get(json, "seed")), NULL, 16);
}

static bool is_witness(const json_t *json, enum defect_kind *kind)
{
	const json_t *finding = json_object_get(json, "finding");
	const char *format = json_string_value(json_object_get(json, "format"));
	const char *name = json_string_value(json_object_get(finding, "kind"));
	return format && !strcmp(format, "interlock-witness-1") && name &&
	       defect_kind_named(name, kind) &&
	       json_is_string(json_object_get(json, "compiler")) &&
	       (json_array_size(json_object_get(json, "files")) > 0 || is_of_lab(json));
}

struct witness_file *witness_load(const char *path, struct error *error)
{
	size_t size;
	enum defect_kind kind;
	char *text = file_read(path, WITNESS_BYTES, &size, error);
	if (!text)
		return NULL;
	json_t *json = json_loadb(text, size, 0, NULL);
	free(text);
	if (!is_witness(json, &kind)) {
		json_decref(json);
		error_set(error, "%s is not a witness that interlock wrote", path);
		return NULL;
	}
	struct witness_file *file = memory_new(1, sizeof *file);
	struct program_sources *sources = &file->sources;
	file->witness.kind = kind;
	sources->compiler =
		text_copy(json_string_value(json_object_get(json, "compiler")));
	read_program(sources, json);
	read_beside(sources, json_object_get(json, "beside"));
	sources->flags = words_of(json_object_get(json, "flags"), &sources->flags_count);
	read_origin(file, json);
	read_witness(&file->witness, json);
	json_decref(json);
	return file;
}

static void words_free(char **words)
{
	for (char **word = words; word && *word; word++)
		free(*word);
	free(words);
}

void witness_file_free(struct witness_file *file)
{
	if (!file)
		return;
	/* text_copy() made it; the struct's member is const for those who only compile */
	free((void *)(uintptr_t)file->sources.compiler);
	free(file->lab);
	free(file->submission);
	free(file->criterion);
	words_free(file->sources.files);
	words_free(file->sources.flags);
	words_free(file->sources.arguments);
	for (struct program_sources *next, *each = file->sources.beside; each;
		each = next) {
		next = each->beside;
		words_free(each->files);
		words_free(each->arguments);
		free(each);
	}
	schedule_release(&file->witness.schedule);
	free(file->witness.racy);
	free(file);
}
