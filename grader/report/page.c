/* SPDX-License-Identifier: MIT */
#include "report/page.h"

#include "base/memory.h"
#include "base/text.h"
#include "ladder/ladder.h"
#include "ladder/svg.h"
#include "report/concept.h"

#include <stdlib.h>
#include <string.h>

/* Nothing but what is in the page. */
static const char policy[] =
	"default-src 'none'; style-src 'unsafe-inline'; "
	"script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

static void put_meta(
	xmlTextWriterPtr page, const char *key, const char *name, const char *content)
{
	markup_open(page, "meta", key, name, content ? "content" : NULL, content, NULL);
	markup_close_void(page);
}

/* Neither style nor script has "</" in it, so that nothing ends them early. */
static void put_raw(xmlTextWriterPtr page, const char *element, const char *text)
{
	markup_open(page, element, NULL);
	markup_raw(page, text);
	markup_close(page);
}

xmlTextWriterPtr page_open(struct buffer *text, const char *title, const char *script)
{
	buffer_text(text, "<!DOCTYPE html>\n");
	xmlTextWriterPtr page = markup_begin(text);
	markup_open(page, "html", "lang", "en", NULL);
	markup_open(page, "head", NULL);
	put_meta(page, "charset", "utf-8", NULL);
	put_meta(page, "http-equiv", "Content-Security-Policy", policy);
	put_meta(page, "name", "viewport", "width=device-width, initial-scale=1");
	markup_element(page, "title", NULL, title);
	/* Without this a browser asks for an icon. */
	markup_open(page, "link", "rel", "icon", "href", "data:,", NULL);
	markup_close_void(page);
	put_raw(page, "style", page_style);
	put_raw(page, "style", page_witness_style);
	markup_open(page, "script", "type", "module", NULL);
	markup_raw(page, script);
	markup_close(page);
	markup_close(page);
	markup_open(page, "body", NULL);
	markup_open(page, "a", "class", "skip", "href", "#main", NULL);
	markup_text(page, "To what was found");
	markup_close(page);
	return page;
}

void page_close(xmlTextWriterPtr page)
{
	markup_close(page);
	markup_close(page);
	markup_end(page);
}

void page_verdict(xmlTextWriterPtr page, const char *element, enum verdict verdict)
{
	static const char *const words[VERDICT_COUNT] = {
		[VERDICT_PASS] = "\xE2\x9C\x93 passed",
		[VERDICT_FAIL] = "\xE2\x9C\x97 failed",
		[VERDICT_BLOCKED] = "\xC2\xB7 blocked",
		[VERDICT_INCONCLUSIVE] = "? not judged",
		[VERDICT_ERROR] = "! not judged",
	};
	char *classes = text_format("verdict %s", verdict_name(verdict));

	markup_element(page, element, classes, words[verdict]);
	free(classes);
}

char *page_picture(const struct ladder *ladder, const char *name)
{
	struct buffer picture = {0};

	ladder_svg(&picture, ladder, name, page_witness_style);
	return buffer_take(&picture);
}

void page_lines(xmlTextWriterPtr page, const char *label, const char *text)
{
	markup_open(page, "pre", "class", "lines", "tabindex", "0", "role", "region",
		"aria-label", label, NULL);
	markup_text(page, text);
	markup_close(page);
}

static bool is_pointed(long line, const long *pointed, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (pointed[i] == line)
			return true;
	return false;
}

void page_source(xmlTextWriterPtr page, const char *file, const char *text,
	const long *pointed, size_t pointed_count)
{
	char *rest = text_copy(text), *copy = rest;
	long number = 0;

	markup_element(page, "h3", NULL, file);
	markup_open(page, "div", "class", "source", "tabindex", "0", "role", "region",
		"data-file", file, NULL);
	markup_attribute(page, "aria-label", "Source of %s", file);
	markup_open(page, "code", NULL);
	for (char *line; (line = strsep(&rest, "\n")) && (rest || *line);) {
		number++;
		bool here = is_pointed(number, pointed, pointed_count);
		markup_open(page, "span", "class", here ? "line pointed" : "line", NULL);
		markup_attribute(page, "data-line", "%ld", number);
		markup_attribute(page, "id", "%s-%ld", file, number);
		markup_text(page, line);
		markup_text(page, "\n");
		markup_close(page);
	}
	markup_close(page);
	markup_close(page);
	free(copy);
}

/* A row of the table: the step, where it is, which task, what it does. */
static void put_rung(
	xmlTextWriterPtr page, const struct ladder *ladder, const struct rung *rung)
{
	bool folded = rung->kind == RUNG_FOLD || rung->kind == RUNG_LOOP;

	markup_open(page, "tr", "class", rung->decisive ? "decisive" : NULL, NULL);
	markup_open(page, "td", NULL);
	if (rung->number)
		markup_print(page, "%u", rung->number);
	markup_close(page);
	markup_open(page, "td", NULL);
	if (rung->line > 0)
		markup_print(page, "%s:%ld", rung->file, rung->line);
	markup_close(page);
	markup_element(page, "td", NULL, folded ? "" : ladder->tasks[rung->task].name);
	markup_open(page, "td", NULL);
	if (rung->kind == RUNG_FOLD)
		markup_print(page, "%u steps are left out: %s", rung->count, rung->deed);
	else if (rung->kind == RUNG_LOOP)
		markup_print(page, "the last %u steps %u times more", rung->period,
			rung->count);
	else
		markup_print(page, "%s%s%s", rung->deed, rung->value ? " = " : "",
			rung->value ? rung->value : "");
	if (rung->preempts)
		markup_element(page, "span", "faint",
			rung->early ? " (its time is up)" : " (preemption)");
	if (rung->note)
		markup_element(page, "span", "remark", rung->note);
	markup_close(page);
	markup_element(page, "td", NULL, rung->held ? rung->held : "");
	markup_close(page);
}

static void put_table(xmlTextWriterPtr page, const struct ladder *ladder)
{
	static const char *const heads[] = {
		"Step", "Line", "Task", "What it does", "Locks then held"};

	markup_open(page, "details", "open", "open", NULL);
	markup_element(page, "summary", NULL, "The steps as a table");
	markup_open(page, "div", "class", "scroll", "tabindex", "0", "role", "region",
		"aria-label", "The steps as a table", NULL);
	markup_open(page, "table", "class", "ladder", NULL);
	markup_open(page, "thead", NULL);
	markup_open(page, "tr", NULL);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		markup_open(page, "th", "scope", "col", NULL);
		markup_text(page, heads[i]);
		markup_close(page);
	}
	markup_close(page);
	markup_close(page);
	markup_open(page, "tbody", NULL);
	for (uint32_t i = 0; i < ladder->rung_count; i++)
		put_rung(page, ladder, &ladder->rungs[i]);
	markup_close(page);
	markup_close(page);
	markup_close(page);
	markup_close(page);
}

/* The ladder for the script: JSON in which nothing reads as markup. */
static void put_data(xmlTextWriterPtr page, const struct ladder *ladder)
{
	struct buffer text = {0};
	char *json = ladder_json(ladder);

	for (const char *next = json; *next; next++)
		if (*next == '<')
			buffer_text(&text, "\\u003c");
		else
			buffer_add(&text, next, 1);
	markup_open(page, "script", "type", "application/json", NULL);
	markup_raw(page, text.bytes);
	markup_close(page);
	buffer_release(&text);
	free(json);
}

static void put_summary(xmlTextWriterPtr page, const struct ladder *ladder)
{
	markup_open(page, "p", "class", "faint", NULL);
	markup_print(page, "%u step%s with %u preemption%s%s. Time goes down.",
		ladder->steps, ladder->steps == 1 ? "" : "s", ladder->preemptions,
		ladder->preemptions == 1 ? "" : "s",
		ladder->fewest ? "; none has fewer" : "");
	markup_text(page, " An empty dot is a read, a full one any other step.");
	bool holds = false, stale = false, race = false;
	for (uint32_t i = 0; i < ladder->rung_count; i++)
		holds |= ladder->rungs[i].held != NULL;
	for (uint32_t i = 0; i < ladder->arrow_count; i++)
		*(ladder->arrows[i].kind == ARROW_RACE ? &race : &stale) = true;
	if (holds)
		markup_text(page, " A band: the task holds a lock.");
	if (stale)
		markup_text(page,
			" The arrow leads from a read to the write that uses its "
			"old value.");
	if (race)
		markup_text(
			page, " The broken line joins two accesses that nothing orders.");
	markup_close(page);
}

void page_witness(xmlTextWriterPtr page, const struct ladder *ladder, const char *name)
{
	struct buffer said = {0};
	char *concept = concept_words(ladder);

	if (concept)
		markup_element(page, "p", "concept", concept);
	free(concept);
	ladder_said_text(&said, ladder, 0, 100);
	if (said.length)
		page_lines(page, "What was found", said.bytes);
	buffer_release(&said);
	if (!ladder->rung_count)
		return;
	markup_element(page, "h3", NULL, "The schedule that shows it");
	put_summary(page, ladder);
	markup_open(page, "div", "class", "witness", NULL);
	markup_open(page, "div", "class", "picture", "tabindex", "0", "role", "region",
		"aria-label", "The schedule, drawn", NULL);
	ladder_draw(page, ladder, name, NULL);
	markup_close(page);
	put_table(page, ladder);
	put_data(page, ladder);
	markup_close(page);
}
