/* SPDX-License-Identifier: MIT */
#include "selftest/equivalent.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "selftest/difference.h"

#include <cyaml/cyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cyaml_schema_field_t mark_fields[] = {
	CYAML_FIELD_STRING_PTR(
		"diff", CYAML_FLAG_POINTER, struct equivalent_mark, diff, 1, 4000),
	CYAML_FIELD_STRING_PTR(
		"reason", CYAML_FLAG_POINTER, struct equivalent_mark, reason, 1, 1000),
	CYAML_FIELD_END};

static const cyaml_schema_value_t mark_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct equivalent_mark, mark_fields)};

static const cyaml_schema_value_t marks_schema = {CYAML_VALUE_SEQUENCE(
	CYAML_FLAG_POINTER, struct equivalent_mark, &mark_schema, 0, 1000)};

/* The first line says what is wrong. */
__attribute__((format(printf, 3, 0))) static void keep_first(
	cyaml_log_t level, void *context, const char *format, va_list arguments)
{
	char *line = context;

	if (level >= CYAML_LOG_ERROR && !*line)
		vsnprintf(line, 256, format, arguments);
}

static cyaml_config_t config_with(char *line)
{
	return (cyaml_config_t){.log_fn = keep_first,
		.log_ctx = line,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_ERROR};
}

int equivalents_read(
	struct equivalents *equivalents, const struct lab *lab, struct error *error)
{
	char line[256] = "";
	cyaml_config_t config = config_with(line);
	char *path = path_join(lab->folder, "equivalent-mutants.yaml");
	int status = 0;

	*equivalents = (struct equivalents){0};
	if (path_is_file(path)) {
		cyaml_err_t code = cyaml_load_file(path, &config, &marks_schema,
			(cyaml_data_t **)&equivalents->marks, &equivalents->count);
		line[strcspn(line, "\n")] = '\0';
		if (code != CYAML_OK)
			status = error_set(
				error, "%s: %s (%s)", path, line, cyaml_strerror(code));
	}
	equivalents->used = memory_new(equivalents->count + 1, sizeof(bool));
	free(path);
	return status;
}

void equivalents_release(struct equivalents *equivalents)
{
	char line[256] = "";
	cyaml_config_t config = config_with(line);

	if (equivalents->marks)
		cyaml_free(
			&config, &marks_schema, equivalents->marks, equivalents->count);
	free(equivalents->used);
	*equivalents = (struct equivalents){0};
}

const char *equivalents_find(struct equivalents *equivalents, const char *diff)
{
	for (unsigned i = 0; i < equivalents->count; i++)
		if (difference_matches(equivalents->marks[i].diff, diff)) {
			equivalents->used[i] = true;
			return equivalents->marks[i].reason;
		}
	return NULL;
}
