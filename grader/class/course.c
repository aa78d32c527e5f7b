/* SPDX-License-Identifier: MIT */
#include "class/course.h"

#include "base/buffer.h"
#include "base/csv.h"
#include "base/memory.h"
#include "base/text.h"
#include "class/table.h"
#include "report/style.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NAME = 32, LEAST_COLUMN = 10 };

/* What two labs know the member by. */
static const char *identity(const struct member *member)
{
	return member->person && *member->person->id ? member->person->id
						     : member_name(member);
}

/* The member's row, which is made if there is none. */
static struct attendance *row_of(struct course *course, const struct member *member)
{
	for (size_t i = 0; i < course->count; i++)
		for (size_t k = 0; k < course->lab_count; k++) {
			const struct member *other = course->rows[i].members[k];
			if (other && strcmp(identity(other), identity(member)) == 0)
				return &course->rows[i];
		}
	course->rows =
		memory_grow(course->rows, course->count + 1, sizeof(*course->rows));
	struct attendance *row = &course->rows[course->count++];
	*row = (struct attendance){.name = member_name(member),
		.members = memory_new(course->lab_count + 1, sizeof(struct member *))};
	return row;
}

static int by_name(const void *left, const void *right)
{
	const struct attendance *a = left;
	const struct attendance *b = right;

	return strcmp(a->name, b->name);
}

int course_read(struct course *course, struct database *database, struct error *error)
{
	*course = (struct course){.labs = database_labs(database, error)};
	if (!course->labs)
		return -1;
	while (course->labs[course->lab_count])
		course->lab_count++;
	course->rolls = memory_new(course->lab_count + 1, sizeof(*course->rolls));
	for (size_t i = 0; i < course->lab_count; i++) {
		struct roll *roll = &course->rolls[i];
		if (roll_read(roll, database, course->labs[i], NULL, error))
			return -1;
		for (size_t k = 0; k < roll->count && roll->members; k++) {
			const struct member *member = &roll->members[k];
			row_of(course, member)->members[i] = member;
		}
	}
	if (course->count > 0)
		qsort(course->rows, course->count, sizeof(*course->rows), by_name);
	return 0;
}

void course_release(struct course *course)
{
	for (size_t i = 0; i < course->count; i++)
		free((void *)course->rows[i].members);
	for (size_t i = 0; i < course->lab_count; i++) {
		if (course->rolls)
			roll_release(&course->rolls[i]);
		free(course->labs[i]);
	}
	free(course->rows);
	free(course->rolls);
	free((void *)course->labs);
	*course = (struct course){0};
}

/* "8 of 10", with a mark where a person has to look at it; "-" for who is not in the lab. */
static char *lab_points(const struct member *member)
{
	if (!member)
		return text_copy("-");
	char *points = number_text(member->points);
	char *text = text_format(
		"%s%s of %ld", member->judged ? "" : "! ", points, member->full);
	free(points);
	return text;
}

struct sum {
	double points;
	long full;
	bool judged;
};

static struct sum sum_of(const struct course *course, const struct attendance *row)
{
	struct sum sum = {.judged = true};

	for (size_t i = 0; i < course->lab_count; i++) {
		if (!row->members[i])
			continue;
		sum.points += row->members[i]->points;
		sum.full += row->members[i]->full;
		sum.judged &= row->members[i]->judged;
	}
	return sum;
}

static void put_column(struct buffer *page, char *text, size_t width)
{
	buffer_text(page, "  ");
	size_t columns = text_columns(text);
	buffer_repeat(page, ' ', width > columns ? width - columns : 0);
	buffer_own(page, text);
}

static size_t column_width(const char *lab)
{
	return strlen(lab) > LEAST_COLUMN ? strlen(lab) : LEAST_COLUMN;
}

static void put_row(
	struct buffer *page, const struct course *course, const struct attendance *row)
{
	struct sum sum = sum_of(course, row);
	char *name = text_line(row->name);
	char *points = number_text(sum.points);

	buffer_text(page, "  ");
	buffer_text(page, name);
	style_fill(page, text_columns(name), MOST_NAME);
	for (size_t i = 0; i < course->lab_count; i++)
		put_column(
			page, lab_points(row->members[i]), column_width(course->labs[i]));
	put_column(page,
		text_format("%s%s of %ld", sum.judged ? "" : "! ", points, sum.full),
		LEAST_COLUMN);
	buffer_text(page, "\n");
	free(points);
	free(name);
}

char *course_text(const struct course *course)
{
	struct buffer page = {0};
	size_t unjudged = 0;

	buffer_text(&page, "All labs\n\n");
	for (size_t i = 0; i < course->count; i++)
		unjudged += !sum_of(course, &course->rows[i]).judged;
	if (unjudged > 0)
		buffer_print(&page,
			"  ! Of %zu of %zu something could not be judged.\n\n", unjudged,
			course->count);
	buffer_repeat(&page, ' ', 2 + MOST_NAME);
	for (size_t i = 0; i < course->lab_count; i++)
		put_column(
			&page, text_copy(course->labs[i]), column_width(course->labs[i]));
	put_column(&page, text_copy("together"), LEAST_COLUMN);
	buffer_text(&page, "\n");
	for (size_t i = 0; i < course->count; i++)
		put_row(&page, course, &course->rows[i]);
	return buffer_take(&page);
}

static void add_cell(struct buffer *page, const char *text)
{
	char *visible = text_line(text);
	char *harmless = csv_harmless(visible);

	csv_add(page, harmless, ',');
	buffer_text(page, ",");
	free(harmless);
	free(visible);
}

static void add_number(struct buffer *page, double number)
{
	buffer_own(page, number_text(number));
	buffer_text(page, ",");
}

static const struct person *person_of(
	const struct course *course, const struct attendance *row)
{
	for (size_t i = 0; i < course->lab_count; i++)
		if (row->members[i] && row->members[i]->person)
			return row->members[i]->person;
	return NULL;
}

char *course_csv(const struct course *course)
{
	struct buffer page = {0};

	buffer_text(&page, "name,id,section,");
	for (size_t i = 0; i < course->lab_count; i++)
		add_cell(&page, course->labs[i]);
	buffer_text(&page, "points,max_points,judged\n");
	for (size_t row = 0; row < course->count; row++) {
		const struct attendance *attendance = &course->rows[row];
		const struct person *person = person_of(course, attendance);
		struct sum sum = sum_of(course, attendance);
		add_cell(&page, attendance->name);
		add_cell(&page, person ? person->id : "");
		add_cell(&page, person ? person->section : "");
		for (size_t i = 0; i < course->lab_count; i++) {
			if (attendance->members[i])
				add_number(&page, attendance->members[i]->points);
			else
				buffer_text(&page, ",");
		}
		add_number(&page, sum.points);
		add_number(&page, (double)sum.full);
		buffer_print(&page, "%s\n", sum.judged ? "yes" : "no");
	}
	return buffer_take(&page);
}
