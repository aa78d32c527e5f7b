/* SPDX-License-Identifier: MIT */
#include "explore/bench/corpus.h"

#include "base/memory.h"
#include "base/paths.h"

#include <assert.h>
#include <cyaml/cyaml.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRAMS_MOST = 10000, KINDS_MOST = 16, TEXT_MOST = 255 };

static const cyaml_strval_t tasks_values[] = {
	{"threads", CORPUS_THREADS}, {"processes", CORPUS_PROCESSES}};

static const cyaml_schema_value_t kind_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TEXT_MOST)};

static const cyaml_schema_value_t figure_schema = {
	CYAML_VALUE_INT(CYAML_FLAG_DEFAULT, int)};

static const cyaml_schema_field_t program_fields[] = {
	CYAML_FIELD_STRING_PTR(
		"name", CYAML_FLAG_POINTER, struct corpus_program, name, 1, TEXT_MOST),
	CYAML_FIELD_STRING_PTR(
		"file", CYAML_FLAG_POINTER, struct corpus_program, file, 1, TEXT_MOST),
	CYAML_FIELD_STRING_PTR("flags", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
		struct corpus_program, flags, 1, TEXT_MOST),
	CYAML_FIELD_ENUM("tasks", CYAML_FLAG_STRICT, struct corpus_program, tasks,
		tasks_values, 2),
	CYAML_FIELD_SEQUENCE("expect", CYAML_FLAG_POINTER, struct corpus_program, expect,
		&kind_schema, 0, KINDS_MOST),
	CYAML_FIELD_SEQUENCE("allow", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
		struct corpus_program, allow, &kind_schema, 0, KINDS_MOST),
	CYAML_FIELD_SEQUENCE("published", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
		struct corpus_program, published, &figure_schema, PUBLISHED_COUNT,
		PUBLISHED_COUNT),
	CYAML_FIELD_BOOL(
		"complete", CYAML_FLAG_OPTIONAL, struct corpus_program, complete),
	CYAML_FIELD_STRING_PTR("open", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
		struct corpus_program, open, 1, TEXT_MOST),
	CYAML_FIELD_BOOL("slow", CYAML_FLAG_OPTIONAL, struct corpus_program, slow),
	CYAML_FIELD_END};

static const cyaml_schema_value_t program_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct corpus_program, program_fields)};

static const cyaml_schema_field_t corpus_fields[] = {
	CYAML_FIELD_SEQUENCE("programs", CYAML_FLAG_POINTER, struct corpus, programs,
		&program_schema, 1, PROGRAMS_MOST),
	CYAML_FIELD_END};

static const cyaml_schema_value_t corpus_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct corpus, corpus_fields)};

static const cyaml_config_t config = {
	.log_level = CYAML_LOG_ERROR, .log_fn = cyaml_log, .mem_fn = cyaml_mem};

struct corpus *corpus_read(struct error *error)
{
	char *path = path_join(CORPUS_FOLDER, "corpus.yaml");
	struct corpus *corpus = NULL;
	cyaml_err_t status = cyaml_load_file(
		path, &config, &corpus_schema, (cyaml_data_t **)&corpus, NULL);

	if (status != CYAML_OK) {
		error_set(error, "reading %s: %s", path, cyaml_strerror(status));
		corpus = NULL;
	}
	free(path);
	return corpus;
}

void corpus_free(struct corpus *corpus)
{
	cyaml_free(&config, &corpus_schema, corpus, 0);
}

char *corpus_source(const struct corpus_program *program)
{
	if (*program->file == '/')
		return text_copy(program->file);
	return path_join(CORPUS_FOLDER, program->file);
}

bool corpus_expects(const struct corpus_program *program, const char *kind)
{
	for (unsigned i = 0; i < program->expect_count; i++)
		if (strcmp(program->expect[i], kind) == 0)
			return true;
	return false;
}

bool corpus_allows(const struct corpus_program *program, const char *kind)
{
	for (unsigned i = 0; i < program->allow_count; i++)
		if (strcmp(program->allow[i], kind) == 0)
			return true;
	return corpus_expects(program, kind);
}

void corpus_arguments(
	const struct corpus_program *program, const char **argv, int most, char **copy)
{
	char *source = corpus_source(program);
	char *rest = NULL;
	int count = 0;

	while (argv[count])
		count++;
	*copy = text_format("%s %s", program->flags ? program->flags : "", source);
	free(source);
	for (char *word = strtok_r(*copy, " ", &rest); word;
		word = strtok_r(NULL, " ", &rest)) {
		assert(count < most - 1);
		argv[count++] = word;
	}
	argv[count] = NULL;
}
