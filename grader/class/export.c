/* SPDX-License-Identifier: MIT */
#include "class/export.h"

#include "base/memory.h"
#include "class/moment.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
	parts->id = group(name, &groups[3]);
	parts->attachment = group(name, &groups[4]);
	parts->student = text_format("%s_%s", who, parts->id);
	parts->file = group(name, &groups[5]);
	drop_try(parts->file);
	parts->late = groups[2].rm_so >= 0;
	free(who);
	return true;
}

bool export_moodle(const char *name, struct export_name *parts)
{
	regmatch_t groups[GROUPS];

	*parts = (struct export_name){0};
	if (!match("^((.+)_([0-9]+))_assignsubmission_(file|onlinetext)_?$", name,
		    groups))
		return false;
	parts->student = group(name, &groups[1]);
	parts->name = group(name, &groups[2]);
	parts->id = group(name, &groups[3]);
	return true;
}

bool export_moodle_file(const char *name, struct export_name *parts)
{
	regmatch_t groups[GROUPS];

	*parts = (struct export_name){0};
	if (!match("^((.+)_([0-9]+))_assignsubmission_file_(.+)$", name, groups))
		return false;
	parts->student = group(name, &groups[1]);
	parts->name = group(name, &groups[2]);
	parts->id = group(name, &groups[3]);
	parts->file = group(name, &groups[4]);
	return true;
}

void export_name_release(struct export_name *parts)
{
	free(parts->student);
	free(parts->id);
	free(parts->name);
	free(parts->attachment);
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

static void add_person(struct gradescope_entry *entry, const char *name, const char *sid,
	const char *email)
{
	text_replace(&entry->ids, "%s%s%s\t%s\t%s", entry->ids, *entry->ids ? "\n" : "",
		name ? name : "", sid ? sid : "", email ? email : "");
	if (name)
		text_replace(&entry->student, "%s%s%s", entry->student,
			*entry->student ? " and " : "", name);
}

/* "Ada and Bob", of a group's submission. */
static void read_submitters(
	yaml_document_t *document, yaml_node_t *node, struct gradescope_entry *entry)
{
	yaml_node_t *list = member(document, node, "submitters");

	if (!list || list->type != YAML_SEQUENCE_NODE)
		return;
	for (yaml_node_item_t *item = list->data.sequence.items.start;
		item < list->data.sequence.items.top; item++) {
		yaml_node_t *person = yaml_document_get_node(document, *item);
		add_person(entry, scalar(member(document, person, "name")),
			scalar(member(document, person, "sid")),
			scalar(member(document, person, "email")));
	}
}

/* As UTC; "unknown" for what is no moment. */
static char *utc(const char *text)
{
	long long moment = 0;

	return text && moment_read(text, &moment) ? moment_text(moment)
						  : text_copy("unknown");
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
		gradescope->entries[gradescope->count] = (struct gradescope_entry){
			.folder = text_copy(folder),
			.student = text_copy(""),
			.ids = text_copy(""),
			.handed_in = utc(scalar(member(document, entry, "created_at"))),
		};
		read_submitters(
			document, entry, &gradescope->entries[gradescope->count++]);
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
		free(gradescope->entries[i].ids);
		free(gradescope->entries[i].handed_in);
	}
	free(gradescope->entries);
}
