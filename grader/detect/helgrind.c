/* SPDX-License-Identifier: MIT */
#include "detect/helgrind.h"

#include "base/memory.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

/* A submission can make helgrind repeat itself; the first errors say it all. */
enum { MOST_ERRORS = 20, MOST_FRAMES = 12 };

static bool is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)node->name, name) == 0;
}

static const xmlNode *child_named(const xmlNode *parent, const char *name)
{
	for (const xmlNode *node = parent ? parent->children : NULL; node;
		node = node->next)
		if (is_named(node, name))
			return node;
	return NULL;
}

/* The text of a child, or NULL; the caller frees it. */
static char *text_of(const xmlNode *parent, const char *name)
{
	const xmlNode *node = child_named(parent, name);
	xmlChar *content = node ? xmlNodeGetContent(node) : NULL;
	char *text = text_copy((const char *)content);

	xmlFree(content);
	return text;
}

static bool is_students(const struct lab *lab, const char *file)
{
	for (unsigned i = 0; file && i < lab->files_count; i++)
		if (strcmp(lab->files[i], file) == 0)
			return true;
	return false;
}

static void read_frame(
	struct helgrind_error *error, const xmlNode *frame, const struct lab *lab)
{
	char *file = text_of(frame, "file");
	char *line = text_of(frame, "line");
	char *function = text_of(frame, "fn");

	if (file && line)
		text_replace(&error->stacks, "%s    %s (%s:%s)\n", error->stacks,
			function ? function : "?", file, line);
	if (!error->file && line && is_students(lab, file)) {
		error->file = text_copy(file);
		error->line = strtol(line, NULL, 10);
		if (error->line < 0)
			error->line = 0;
		error->function = text_copy(function);
	}
	free(file);
	free(line);
	free(function);
}

static void read_stack(
	struct helgrind_error *error, const xmlNode *stack, const struct lab *lab)
{
	int frames = 0;

	for (const xmlNode *node = stack->children; node; node = node->next)
		if (is_named(node, "frame") && frames++ < MOST_FRAMES)
			read_frame(error, node, lab);
}

/* "Possible data race during read of size 8 at 0x4a3f0 by thread #3". */
static uintptr_t address_in(const struct helgrind_error *error)
{
	bool race = error->kind && error->what && strcmp(error->kind, "Race") == 0;
	const char *at = race ? strstr(error->what, " at 0x") : NULL;

	return at ? (uintptr_t)strtoull(at + strlen(" at "), NULL, 16) : 0;
}

/* <xwhat><text> or <what> speak of the stack that follows; <auxwhat> and <xauxwhat> of
 * the other access. */
static void read_error(
	struct helgrind_error *error, const xmlNode *node, const struct lab *lab)
{
	const xmlNode *with_text = child_named(node, "xwhat");

	error->kind = text_of(node, "kind");
	error->what = with_text ? text_of(with_text, "text") : text_of(node, "what");
	error->address = address_in(error);
	error->stacks = text_format("%s\n", error->what ? error->what : "");
	for (const xmlNode *part = node->children; part; part = part->next) {
		if (is_named(part, "stack"))
			read_stack(error, part, lab);
		if (!is_named(part, "auxwhat") && !is_named(part, "xauxwhat"))
			continue;
		char *text = is_named(part, "xauxwhat") ? text_of(part, "text") : NULL;
		xmlChar *content = text ? NULL : xmlNodeGetContent(part);
		text_replace(&error->stacks, "%s%s\n", error->stacks,
			text ? text : (const char *)content);
		xmlFree(content);
		free(text);
	}
}

static void error_release(struct helgrind_error *error)
{
	free(error->kind);
	free(error->what);
	free(error->file);
	free(error->function);
	free(error->stacks);
}

static void keep_if_students(
	struct helgrind_report *report, const xmlNode *node, const struct lab *lab)
{
	struct helgrind_error error = {0};

	read_error(&error, node, lab);
	if (!error.file || !error.kind || !error.what) {
		error_release(&error);
		return;
	}
	report->errors =
		memory_grow(report->errors, report->count + 1, sizeof(*report->errors));
	report->errors[report->count++] = error;
}

/* <status><state>FINISHED</state> is written after the program's end. */
static bool is_finish(const xmlNode *node)
{
	char *state = is_named(node, "status") ? text_of(node, "state") : NULL;
	bool finished = state && strcmp(state, "FINISHED") == 0;

	free(state);
	return finished;
}

int helgrind_read(struct helgrind_report *report, const char *xml, size_t size,
	const struct lab *lab, struct error *error)
{
	int options = XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
		      XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES;

	*report = (struct helgrind_report){0};
	xmlDoc *document = xmlReadMemory(xml, (int)size, "helgrind.xml", NULL, options);
	const xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
	if (!root || !is_named(root, "valgrindoutput")) {
		xmlFreeDoc(document);
		return error_set(error, "helgrind wrote no report");
	}
	for (const xmlNode *node = root->children; node; node = node->next) {
		if (is_named(node, "error") && report->count < MOST_ERRORS)
			keep_if_students(report, node, lab);
		report->complete |= is_finish(node);
	}
	xmlFreeDoc(document);
	return 0;
}

void helgrind_release(struct helgrind_report *report)
{
	for (size_t i = 0; i < report->count; i++)
		error_release(&report->errors[i]);
	free(report->errors);
	*report = (struct helgrind_report){0};
}
