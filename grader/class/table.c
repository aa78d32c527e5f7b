/* SPDX-License-Identifier: MIT */
#include "class/table.h"

#include "base/buffer.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/digest.h"

#include <stdlib.h>
#include <string.h>

char *number_text(double number)
{
	char *text = text_format("%.2f", number);
	size_t length = strlen(text);

	while (text[length - 1] == '0')
		text[--length] = '\0';
	if (text[length - 1] == '.')
		text[length - 1] = '\0';
	return text;
}

/* Cells, each with a comma before it unless it starts its line. The name of a file has any bytes. */
static void add_cell(struct buffer *page, const char *text)
{
	char *valid = text_valid(text, strlen(text));
	char *visible = text_line(valid);
	char *harmless = csv_harmless(visible);

	if (page->length > 0 && page->bytes[page->length - 1] != '\n')
		buffer_text(page, ",");
	csv_add(page, harmless, ',');
	free(harmless);
	free(visible);
	free(valid);
}

static void add_number(struct buffer *page, double number)
{
	buffer_text(page, ",");
	buffer_own(page, number_text(number));
}

static void add_head(struct buffer *page, const struct roll *roll)
{
	buffer_text(page,
		"student,id,name,section,group,handed_in,due,late,penalty,points,"
		"max_points,verdict");
	for (size_t i = 0;
		roll->count > 0 && i < roll->members[0].result->criterion_count; i++)
		add_cell(page, roll->members[0].result->criteria[i].name);
	buffer_text(page, ",notice\n");
}

static void add_person(struct buffer *page, const struct member *member)
{
	const struct person *person = member->person;

	add_cell(page, member->handed ? member->handed->student : member_name(member));
	add_cell(page, person ? person->id : "");
	add_cell(page, person ? person->name : "");
	add_cell(page, person ? person->section : "");
	add_cell(page, person ? person->group : "");
}

static void add_points(struct buffer *page, const struct member *member)
{
	char *late = lateness_text(&member->lateness);

	add_cell(page, member->handed ? member->handed->handed_in : "");
	add_cell(page, member->due);
	add_cell(page, late);
	add_number(page, (double)(member->lateness.penalty * member->full) / 100);
	add_number(page, member->points);
	add_number(page, (double)member->result->max_points);
	add_cell(page, member->handed ? verdict_name(member->result->verdict) : "absent");
	free(late);
}

static void add_row(struct buffer *page, const struct member *member)
{
	const struct result *result = member->result;

	add_person(page, member);
	add_points(page, member);
	for (size_t i = 0; i < result->criterion_count; i++) {
		if (digest_judged(&result->criteria[i]))
			add_number(page, (double)result->criteria[i].points);
		else
			add_cell(page, "");
	}
	add_cell(page, result->notice ? result->notice : "");
	buffer_text(page, "\n");
}

char *table_csv(const struct roll *roll)
{
	struct buffer page = {0};

	add_head(&page, roll);
	for (size_t i = 0; i < roll->count; i++)
		add_row(&page, &roll->members[i]);
	return buffer_take(&page);
}

static json_t *json_number(double number)
{
	long whole = (long)number;

	return json_require(
		(double)whole == number ? json_integer(whole) : json_real(number));
}

static json_t *json_criteria(const struct result *result)
{
	json_t *criteria = json_require(json_object());

	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		json_t *entry = json_require(json_object());
		json_put(entry, "verdict", json_text(verdict_name(criterion->verdict)));
		json_put(entry, "points", json_require(json_integer(criterion->points)));
		json_put(entry, "max_points",
			json_require(json_integer(criterion->max_points)));
		json_put(criteria, criterion->name, entry);
	}
	return criteria;
}

static void put_person(json_t *entry, const struct person *person)
{
	json_put(entry, "id", json_text(person->id));
	json_put(entry, "login", json_text(person->login));
	json_put(entry, "email", json_text(person->email));
	json_put(entry, "name", json_text(person->name));
	json_put(entry, "section", json_text(person->section));
	json_put(entry, "group", json_text(person->group));
}

static json_t *json_member(const struct member *member)
{
	json_t *entry = json_require(json_object());
	char *late = lateness_text(&member->lateness);

	if (member->handed) {
		json_put(entry, "student", json_text(member->handed->student));
		json_put(entry, "handed_in", json_text(member->handed->handed_in));
	}
	if (member->person)
		put_person(entry, member->person);
	json_put(entry, "due", json_text(member->due));
	json_put(entry, "late", json_text(late));
	json_put(entry, "penalty",
		json_number((double)(member->lateness.penalty * member->full) / 100));
	json_put(entry, "points", json_number(member->points));
	json_put(entry, "max_points",
		json_require(json_integer(member->result->max_points)));
	json_put(entry, "verdict",
		json_text(member->handed ? verdict_name(member->result->verdict)
					 : "absent"));
	json_put(entry, "criteria", json_criteria(member->result));
	if (member->result->notice)
		json_put(entry, "notice", json_text(member->result->notice));
	free(late);
	return entry;
}

char *table_json(const struct roll *roll)
{
	json_t *root = json_require(json_object());
	json_t *members = json_require(json_array());

	json_put(root, "schema", json_text("interlock/class/v1"));
	if (roll->count > 0) {
		json_put(root, "lab", json_text(roll->members[0].result->lab));
		json_put(root, "title", json_text(roll->members[0].result->lab_title));
	}
	for (size_t i = 0; i < roll->count; i++)
		json_push(members, json_member(&roll->members[i]));
	json_put(root, "members", members);
	return json_print(root);
}
