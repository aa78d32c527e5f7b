/* SPDX-License-Identifier: MIT */
#include "class/export.h"

#include "base/memory.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <yaml.h>

enum { GROUPS = 6 };

static char *group(const char *text, const regmatch_t *match)
{
	if (match->rm_so < 0)
		return text_copy("");
	return text_format(
		"%.*s", (int)(match->rm_eo - match->rm_so), text + match->rm_so);
}

static bool match(const char *pattern, const char *text, regmatch_t groups[GROUPS])
{
	regex_t regex;

	if (regcomp(&regex, pattern, REG_EXTENDED))
		return false;
	bool matched = regexec(&regex, text, GROUPS, groups, 0) == 0;
	regfree(&regex);
	return matched;
}

/* "account-1.c" is another try at "account.c". */
static void drop_try(char *file)
{
	regmatch_t groups[GROUPS];

	if (match("-[0-9]+(\\.[A-Za-z0-9]+)$", file, groups))
		memmove(file + groups[0].rm_so, file + groups[1].rm_so,
			strlen(file + groups[1].rm_so) + 1);
}

bool export_canvas(const char *name, struct export_name *parts)
{
	regmatch_t groups[GROUPS];

	*parts = (struct export_name){0};
	if (!match("^([^_]+)(_LATE)?_([0-9]+)_([0-9]+)_(.+)$", name, groups))
		return false;
	char *who = group(name, &groups[1]);
	char *id = group(name, &groups[3]);
	parts->student = text_format("%s_%s", who, id);
	parts->file = group(name, &groups[5]);
	drop_try(parts->file);
	parts->late = groups[2].rm_so >= 0;
	free(id);
	free(who);
	return true;
}

bool export_moodle(const char *name, struct export_name *parts)
{
	regmatch_t groups[GROUPS];

	*parts = (struct export_name){0};
	if (!match("^(.+_[0-9]+)_assignsubmission_(file|onlinetext)_?$", name, groups))
		return false;
	parts->student = group(name, &groups[1]);
	return true;
}

void export_name_release(struct export_name *parts)
{
	free(parts->student);
	free(parts->file);
	*parts = (struct export_name){0};
}

/* Ruby's symbols are keys with a colon before them. */
static bool is_key(const yaml_node_t *node, const char *key)
{
	if (!node || node->type != YAML_SCALAR_NODE)
		return false;
	const char *text = (const char *)node->data.scalar.value;
	return strcmp(text + (*text == ':'), key) == 0;
}

static yaml_node_t *member(yaml_document_t *document, yaml_node_t *map, const char *key)
{
	if (!map || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *pair = map->data.mapping.pairs.start;
		pair < map->data.mapping.pairs.top; pair++)
		if (is_key(yaml_document_get_node(document, pair->key), key))
			return yaml_document_get_node(document, pair->value);
	return NULL;
}

static const char *scalar(const yaml_node_t *node)
{
	return node && node->type == YAML_SCALAR_NODE
		       ? (const char *)node->data.scalar.value
		       : NULL;
}

/* "Ada and Bob", of a group's submission. */
static char *submitters(yaml_document_t *document, yaml_node_t *entry)
{
	yaml_node_t *list = member(document, entry, "submitters");
	char *names = text_copy("");

	if (!list || list->type != YAML_SEQUENCE_NODE)
		return names;
	for (yaml_node_item_t *item = list->data.sequence.items.start;
		item < list->data.sequence.items.top; item++) {
		yaml_node_t *person = yaml_document_get_node(document, *item);
		const char *name = scalar(member(document, person, "name"));
		if (name)
			text_replace(
				&names, "%s%s%s", names, *names ? " and " : "", name);
	}
	return names;
}

/* "2023-09-01 12:34:56.789000000 Z" and "... -07:00" as UTC; "unknown" for anything else. */
static char *utc(const char *text)
{
	struct {
		int year, month, day, hour, minute, second;
	} at;
	int end = 0;
	int hours = 0, minutes = 0;
	char sign = '+';

	if (!text ||
		sscanf(text, "%4d-%2d-%2d%*1[ T]%2d:%2d:%2d%n", &at.year, &at.month,
			&at.day, &at.hour, &at.minute, &at.second, &end) < 6 ||
		end == 0)
		return text_copy("unknown");
	const char *zone = text + end + strspn(text + end, ".0123456789 ");
	if (*zone != 'Z' && strncmp(zone, "UTC", 3) != 0 &&
		sscanf(zone, "%1[+-]%2d:%2d", &sign, &hours, &minutes) < 3)
		return text_copy("unknown");
	struct tm tm = {.tm_year = at.year - 1900,
		.tm_mon = at.month - 1,
		.tm_mday = at.day,
		.tm_hour = at.hour,
		.tm_min = at.minute,
		.tm_sec = at.second};
	time_t seconds = timegm(&tm);
	seconds -= (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	gmtime_r(&seconds, &tm);
	char result[21];
	strftime(result, sizeof(result), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return text_copy(result);
}

static void read_entries(struct gradescope *gradescope, yaml_document_t *document)
{
	yaml_node_t *root = yaml_document_get_root_node(document);

	if (!root || root->type != YAML_MAPPING_NODE)
		return;
	for (yaml_node_pair_t *pair = root->data.mapping.pairs.start;
		pair < root->data.mapping.pairs.top; pair++) {
		const char *folder = scalar(yaml_document_get_node(document, pair->key));
		yaml_node_t *entry = yaml_document_get_node(document, pair->value);
		if (!folder)
			continue;
		gradescope->entries = memory_grow(gradescope->entries,
			gradescope->count + 1, sizeof(*gradescope->entries));
		gradescope->entries[gradescope->count++] = (struct gradescope_entry){
			.folder = text_copy(folder),
			.student = submitters(document, entry),
			.handed_in = utc(scalar(member(document, entry, "created_at"))),
		};
	}
}

int gradescope_read(struct gradescope *gradescope, const char *path, struct error *error)
{
	yaml_parser_t parser;
	yaml_document_t document;
	FILE *file = fopen(path, "rbe");

	*gradescope = (struct gradescope){0};
	if (!file)
		return error_system(error, "cannot open %s", path);
	if (!yaml_parser_initialize(&parser))
		memory_exhausted();
	yaml_parser_set_input_file(&parser, file);
	int status = 0;
	if (yaml_parser_load(&parser, &document)) {
		read_entries(gradescope, &document);
		yaml_document_delete(&document);
	} else {
		status = error_set(error, "%s, line %zu: %s; export it again", path,
			parser.problem_mark.line + 1,
			parser.problem ? parser.problem : "no YAML");
	}
	yaml_parser_delete(&parser);
	fclose(file);
	return status;
}

void gradescope_release(struct gradescope *gradescope)
{
	for (size_t i = 0; i < gradescope->count; i++) {
		free(gradescope->entries[i].folder);
		free(gradescope->entries[i].student);
		free(gradescope->entries[i].handed_in);
	}
	free(gradescope->entries);
}
