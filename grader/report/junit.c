/* SPDX-License-Identifier: MIT */
/*
 * What the readers of JUnit XML need, each for a reason of its own: every testcase has a
 * name and a class name that no other has (GitLab drops doubles, dorny's reader stops at
 * a missing one); suites are flat (nested ones are ignored); the message is an attribute
 * and the first line of the body, since some show only one of them; the counts are
 * attributes, since some believe those only; a file that belongs to a failure is named in
 * the first
 * [[ATTACHMENT|...]] of its system-out.
 */
#include "report/junit.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/digest.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TEXT = 64 << 10 };

/* libxml2 escapes markup, and every '>', so that no "]]>" is left; the characters
 * themselves are made legal here. It fails only when memory runs out. */
static void require(int status)
{
	if (status < 0)
		memory_exhausted();
}

static const xmlChar *xml(const char *text)
{
	return (const xmlChar *)text;
}

static void begin(xmlTextWriterPtr writer, const char *element)
{
	require(xmlTextWriterStartElement(writer, xml(element)));
}

static void end(xmlTextWriterPtr writer)
{
	require(xmlTextWriterEndElement(writer));
}

static void put_attribute(xmlTextWriterPtr writer, const char *name, const char *value)
{
	char *visible = text_visible(value);

	require(xmlTextWriterWriteAttribute(writer, xml(name), xml(visible)));
	free(visible);
}

static void put_number(xmlTextWriterPtr writer, const char *name, long value)
{
	require(xmlTextWriterWriteFormatAttribute(writer, xml(name), "%ld", value));
}

/* At most three decimals, or the strict schema refuses it. */
static void put_time(xmlTextWriterPtr writer, long duration_ms)
{
	long ms = duration_ms < 0 ? 0 : duration_ms;

	require(xmlTextWriterWriteFormatAttribute(
		writer, xml("time"), "%ld.%03ld", ms / 1000, ms % 1000));
}

static void put_text(xmlTextWriterPtr writer, const char *text)
{
	char *visible = text_visible(text);

	require(xmlTextWriterWriteString(writer, xml(visible)));
	free(visible);
}

static void put_property(xmlTextWriterPtr writer, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	begin(writer, "property");
	put_attribute(writer, "name", name);
	put_attribute(writer, "value", value);
	end(writer);
}

static void put_number_property(xmlTextWriterPtr writer, const char *name, long number)
{
	char *value = text_format("%ld", number);

	put_property(writer, name, value);
	free(value);
}

/* The text without the double brackets that readers act on: a student must not attach
 * files to the report. */
static void add_harmless(struct buffer *body, const char *text)
{
	for (const char *next = text; *next; next++) {
		buffer_add(body, next, 1);
		if (next[0] == '[' && next[1] == '[')
			buffer_text(body, " ");
	}
}

static void put_outcome(xmlTextWriterPtr writer, const struct result *result,
	const struct criterion_result *criterion, const char *element)
{
	struct buffer harmless = {0};
	char *message = digest_message(result, criterion);
	char *body = digest_body(result, criterion, MOST_TEXT);

	add_harmless(&harmless, body);
	begin(writer, element);
	put_attribute(writer, "message", message);
	put_attribute(writer, "type", verdict_name(criterion->verdict));
	put_text(writer, harmless.bytes);
	end(writer);
	free(message);
	free(body);
	buffer_release(&harmless);
}

static void put_output(xmlTextWriterPtr writer, const struct criterion_result *criterion)
{
	struct buffer output = {0};
	const struct evidence *evidence = digest_evidence(criterion);

	if (evidence && evidence->witness)
		buffer_print(&output, "[[ATTACHMENT|%s]]\n", evidence->witness);
	if (evidence && evidence->output && *evidence->output) {
		char *cut = text_cut(evidence->output, MOST_TEXT);
		add_harmless(&output, cut);
		free(cut);
	}
	if (output.length > 0) {
		begin(writer, "system-out");
		put_text(writer, output.bytes);
		end(writer);
	}
	buffer_release(&output);
}

/* What the rich dialect adds to a testcase. */
static void put_source(xmlTextWriterPtr writer, const struct result *result,
	const struct criterion_result *criterion)
{
	const struct source_place *place = digest_place(criterion);

	if (!place)
		return;
	char *path = digest_path(result, place->file);
	put_attribute(writer, "file", path);
	put_number(writer, "line", place->line);
	free(path);
}

static void put_case_properties(
	xmlTextWriterPtr writer, const struct criterion_result *criterion)
{
	const struct evidence *evidence = digest_evidence(criterion);

	begin(writer, "properties");
	put_property(writer, "title", criterion->title);
	put_number_property(writer, "points", criterion->points);
	put_number_property(writer, "max_points", criterion->max_points);
	put_property(writer, "verdict", verdict_name(criterion->verdict));
	if (evidence)
		put_property(writer, "attachment", evidence->witness);
	end(writer);
}

static void put_case(xmlTextWriterPtr writer, const struct result *result,
	const struct criterion_result *criterion, const struct junit_options *options)
{
	bool rich = options->dialect == JUNIT_RICH;
	char *class_name = text_format("%s.%s", result->lab, result->submission);

	begin(writer, "testcase");
	put_attribute(writer, "name", criterion->name);
	put_attribute(writer, "classname", class_name);
	put_time(writer, criterion->duration_ms);
	if (rich)
		put_source(writer, result, criterion);
	switch (criterion->verdict) {
	case VERDICT_FAIL:
		put_outcome(writer, result, criterion, "failure");
		put_output(writer, criterion);
		break;
	case VERDICT_INCONCLUSIVE:
	case VERDICT_ERROR:
		put_outcome(writer, result, criterion, "error");
		put_output(writer, criterion);
		break;
	case VERDICT_BLOCKED:
		put_outcome(writer, result, criterion, "skipped");
		break;
	case VERDICT_PASS:
	case VERDICT_COUNT:
		break;
	}
	if (rich)
		put_case_properties(writer, criterion);
	end(writer);
	free(class_name);
}

static unsigned errors_of(const struct tally *tally)
{
	return tally->count[VERDICT_INCONCLUSIVE] + tally->count[VERDICT_ERROR];
}

static void put_suite(xmlTextWriterPtr writer, const struct result *result,
	const struct junit_options *options)
{
	struct tally tally = tally_of(result, options->hidden);
	char *name = text_format("%s.%s", result->lab, result->submission);

	begin(writer, "testsuite");
	put_attribute(writer, "name", name);
	put_number(writer, "tests", tally.shown);
	put_number(writer, "failures", tally.count[VERDICT_FAIL]);
	put_number(writer, "errors", errors_of(&tally));
	put_number(writer, "skipped", tally.count[VERDICT_BLOCKED]);
	put_time(writer, result->duration_ms);
	if (*result->started)
		put_attribute(writer, "timestamp", result->started);
	begin(writer, "properties");
	put_property(writer, "submission", result->submission);
	put_number_property(writer, "points", tally.points);
	put_number_property(writer, "max_points", tally.max_points);
	put_property(writer, "sandbox", result->sandbox);
	put_property(writer, "toolchain", result->toolchain);
	put_property(writer, "notice", result->notice);
	end(writer);
	for (size_t i = 0; i < result->criterion_count; i++)
		if (options->hidden || !result->criteria[i].hidden)
			put_case(writer, result, &result->criteria[i], options);
	end(writer);
	free(name);
}

static void put_suites(xmlTextWriterPtr writer, const struct result *const *results,
	size_t count, const struct junit_options *options)
{
	long tests = 0;
	long failures = 0;
	long errors = 0;
	long duration_ms = 0;

	for (size_t i = 0; i < count; i++) {
		struct tally tally = tally_of(results[i], options->hidden);
		tests += tally.shown;
		failures += tally.count[VERDICT_FAIL];
		errors += errors_of(&tally);
		duration_ms += results[i]->duration_ms;
	}
	begin(writer, "testsuites");
	put_attribute(writer, "name", "interlock");
	put_number(writer, "tests", tests);
	put_number(writer, "failures", failures);
	put_number(writer, "errors", errors);
	put_time(writer, duration_ms);
	for (size_t i = 0; i < count; i++)
		put_suite(writer, results[i], options);
	end(writer);
}

char *junit_text(const struct result *const *results, size_t count,
	const struct junit_options *options)
{
	xmlBufferPtr buffer = xmlBufferCreate();
	xmlTextWriterPtr writer = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;

	if (!writer)
		memory_exhausted();
	require(xmlTextWriterSetIndent(writer, 1));
	require(xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL));
	put_suites(writer, results, count, options);
	require(xmlTextWriterEndDocument(writer));
	xmlFreeTextWriter(writer);
	char *text = text_copy((const char *)xmlBufferContent(buffer));
	xmlBufferFree(buffer);
	return text;
}

int junit_write(const struct result *const *results, size_t count,
	const struct junit_options *options, const char *path, struct error *error)
{
	char *text = junit_text(results, count, options);
	int outcome = file_replace(path, text, strlen(text), error);

	free(text);
	return outcome;
}
