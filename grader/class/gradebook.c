/* SPDX-License-Identifier: MIT */
/*
 * Rules of the sites that this file keeps, from their importers:
 *
 * Canvas takes "SIS User ID" only beside "SIS Login ID"; a row whose first cell has "Points
 * Possible" sets the maxima; "EX" excuses; a title that it does not know makes a new assignment. It
 * finds a student by ID, SIS user, SIS login, and name, in this order.
 *
 * Moodle finds a row by the number at the end of its identifier ("Participant 123"), compares the
 * time in "Last modified (grade)" with its own, and leaves out, silently, grades that are empty,
 * negative, over the maximum or locked. It reads a file with commas between its cells only.
 */
#include "class/gradebook.h"

#include "base/buffer.h"
#include "base/csv.h"
#include "base/memory.h"
#include "base/text.h"
#include "class/table.h"
#include "report/digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OURS "Interlock: "

static const char *const worksheet_names[WORKSHEET_COLUMNS] = {
	[WORKSHEET_IDENTIFIER] = "Identifier",
	[WORKSHEET_GRADE] = "Grade",
	[WORKSHEET_MAXIMUM] = "Maximum grade",
	[WORKSHEET_EDITABLE] = "Grade can be changed",
	[WORKSHEET_MODIFIED] = "Last modified (grade)",
	[WORKSHEET_FEEDBACK] = "Feedback comments",
	[WORKSHEET_NAME] = "Full name",
};

struct filling {
	struct gradebook *gradebook;
	struct csv csv;
	const struct roll *roll;
	bool *placed; /* of each member */
	int columns[WORKSHEET_COLUMNS];
	bool decimal_comma;
};

static void note(struct filling *filling, char *text)
{
	text_replace(
		&filling->gradebook->notes, "%s%s\n", filling->gradebook->notes, text);
	free(text);
}

/* The one member of that id or name; NULL if there is none, or more than one (*several). */
static const struct member *find_member(
	const struct filling *filling, const char *text, bool *several)
{
	const struct member *found = NULL;

	for (size_t i = 0; i < filling->roll->count; i++) {
		if (!member_is(&filling->roll->members[i], text))
			continue;
		*several |= found != NULL;
		found = &filling->roll->members[i];
	}
	return found;
}

/* A number of the file, whose decimal sign may be a comma; -1 if it is none. */
static double read_number(const char *text)
{
	char *copy = text_copy(text);
	char *comma = strchr(copy, ',');
	char *end = NULL;

	if (comma && !strchr(copy, '.'))
		*comma = '.';
	double number = strtod(copy, &end);
	bool is_number = end != copy && end[strspn(end, " ")] == '\0' && isfinite(number);
	free(copy);
	return is_number && number >= 0 ? number : -1;
}

/* The member's share of what the gradebook gives at most; -1 for its own maximum. */
static char *grade_text(
	const struct filling *filling, const struct member *member, double maximum)
{
	double full = (double)member->full;
	double grade = maximum < 0 || full <= 0 ? member->points
						: member->points / full * maximum;
	char *text = number_text(grade);
	char *point = strchr(text, '.');

	if (point && filling->decimal_comma)
		*point = ',';
	return text;
}

/* Whether the member's grade may go into that row, which is told if not. */
static bool may_fill(
	struct filling *filling, size_t row, const struct member *member, const char *who)
{
	size_t index = (size_t)(member - filling->roll->members);

	if (filling->placed[index])
		note(filling,
			text_format("line %ld: %s is in the file twice; this row is not "
				    "filled in.",
				filling->csv.rows[row].line, who));
	else if (!member->judged)
		note(filling,
			text_format(
				"line %ld: %s could not be judged wholly; a person has "
				"to look at it.",
				filling->csv.rows[row].line, who));
	else
		return true;
	return false;
}

static void put_grade(struct filling *filling, size_t row, int column,
	const struct member *member, double maximum)
{
	char *grade = grade_text(filling, member, maximum);

	csv_set(&filling->csv, row, column, grade);
	filling->placed[member - filling->roll->members] = true;
	filling->gradebook->filled++;
	free(grade);
}

static void note_missing(struct filling *filling)
{
	for (size_t i = 0; i < filling->roll->count; i++) {
		const struct member *member = &filling->roll->members[i];
		if (filling->placed[i] || !member->handed || !member->judged)
			continue;
		filling->gradebook->missing++;
		note(filling, text_format("%s has %ld points, and no row in the file.",
				      member_name(member), member->result->points));
	}
}

/* -------- Canvas -------- */

static bool starts_with(const char *text, const char *start)
{
	return strncasecmp(text, start, strlen(start)) == 0;
}

/* "Lab 1 (4711)" for the title "Lab 1". */
static bool is_titled(const char *cell, const char *title)
{
	const char *rest = cell + strlen(title);

	return *title && starts_with(cell, title) &&
	       (!*rest || (rest[0] == ' ' && rest[1] == '('));
}

static char *list_columns(const struct csv *csv)
{
	char *all = text_copy("");

	for (size_t i = 0; i < csv->rows[0].count; i++)
		text_replace(
			&all, "%s%s'%s'", all, i > 0 ? ", " : "", csv->rows[0].cells[i]);
	return all;
}

/* The assignment's column: as it is named, or as the lab is; -1 with the error set. */
static int find_assignment(const struct filling *filling, struct error *error)
{
	const struct csv_row *head = &filling->csv.rows[0];
	const char *given = filling->gradebook->column;
	const struct roll *roll = filling->roll;
	const char *lab = roll->count > 0 ? roll->members[0].result->lab : "";
	const char *title = roll->count > 0 ? roll->members[0].result->lab_title : "";
	int found = -1;

	for (size_t i = 0; i < head->count; i++) {
		const char *cell = head->cells[i];
		bool is = given ? is_titled(cell, given)
				: is_titled(cell, lab) || is_titled(cell, title);
		if (is && found >= 0)
			return error_set(error,
				"both '%s' and '%s' may be meant; name one with --column",
				head->cells[found], cell);
		found = is ? (int)i : found;
	}
	if (found >= 0)
		return found;
	char *all = list_columns(&filling->csv);
	error_set(error, "no column is called '%s'; name one with --column: %s",
		given ? given : title, all);
	free(all);
	return -1;
}

static const struct member *find_canvas_student(
	const struct filling *filling, size_t row, bool *several)
{
	static const char *const keys[] = {
		"ID", "SIS User ID", "SIS Login ID", "Student"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		int column = csv_column(&filling->csv, keys[i]);
		const struct member *found = find_member(
			filling, csv_cell(&filling->csv, row, column), several);
		if (found)
			return found;
	}
	/* "Doe, Jane" is "Jane Doe". */
	const char *name =
		csv_cell(&filling->csv, row, csv_column(&filling->csv, "Student"));
	const char *comma = strstr(name, ", ");
	if (!comma)
		return NULL;
	char *turned = text_format("%s %.*s", comma + 2, (int)(comma - name), name);
	const struct member *found = find_member(filling, turned, several);
	free(turned);
	return found;
}

static double canvas_maximum(const struct filling *filling, int column)
{
	for (size_t row = 1; row < filling->csv.count; row++)
		if (strstr(csv_cell(&filling->csv, row, 0), "Points Possible"))
			return read_number(csv_cell(&filling->csv, row, column));
	return -1;
}

static void fill_canvas_row(struct filling *filling, size_t row, int column)
{
	const char *who = csv_cell(&filling->csv, row, 0);
	bool several = false;
	const struct member *member = NULL;

	/* Rows that are nobody's: the maxima, how grades are posted, Canvas' test student. */
	if (strstr(who, "Points Possible") ||
		!*csv_cell(&filling->csv, row, csv_column(&filling->csv, "ID")) ||
		strcmp(who, "Student, Test") == 0)
		return;
	member = find_canvas_student(filling, row, &several);
	if (several)
		note(filling,
			text_format("line %ld: several are called %s; none is filled in.",
				filling->csv.rows[row].line, who));
	else if (!member || !member->handed)
		note(filling,
			text_format(
				"line %ld: %s handed in nothing; the row stays as it is.",
				filling->csv.rows[row].line, who));
	else if (strcasecmp(csv_cell(&filling->csv, row, column), "EX") == 0)
		note(filling, text_format("line %ld: %s is excused, and stays so.",
				      filling->csv.rows[row].line, who));
	else if (may_fill(filling, row, member, who)) {
		put_grade(filling, row, column, member, canvas_maximum(filling, column));
		return;
	}
	if (member && !several)
		filling->placed[member - filling->roll->members] = true;
}

/* Keeps the columns that say whose a row is, and the one that was filled in. */
static void keep_columns(struct csv *csv, int kept)
{
	static const char *const leading[] = {"Student", "ID", "SIS User ID",
		"SIS Login ID", "Integration ID", "Root Account", "Section"};
	bool *keep = memory_new(csv->rows[0].count + 1, sizeof(*keep));
	size_t columns = csv->rows[0].count;

	keep[kept] = true;
	for (size_t i = 0; i < sizeof(leading) / sizeof(*leading); i++)
		if (csv_column(csv, leading[i]) >= 0)
			keep[csv_column(csv, leading[i])] = true;
	for (size_t row = 0; row < csv->count; row++) {
		struct csv_row *changed = &csv->rows[row];
		size_t count = 0;
		for (size_t i = 0; i < changed->count; i++) {
			if (i < columns && keep[i])
				changed->cells[count++] = changed->cells[i];
			else
				free(changed->cells[i]);
		}
		changed->count = count;
	}
	free(keep);
}

static int fill_canvas(struct filling *filling, struct error *error)
{
	int column = find_assignment(filling, error);

	if (column < 0)
		return -1;
	for (size_t row = 1; row < filling->csv.count; row++)
		fill_canvas_row(filling, row, column);
	keep_columns(&filling->csv, column);
	return 0;
}

/* -------- Moodle -------- */

static const char *worksheet_cell(
	const struct filling *filling, size_t row, enum worksheet_column column)
{
	return csv_cell(&filling->csv, row, filling->columns[column]);
}

static int find_worksheet_columns(struct filling *filling, struct error *error)
{
	static const enum worksheet_column needed[] = {
		WORKSHEET_IDENTIFIER, WORKSHEET_GRADE, WORKSHEET_MODIFIED};

	for (int i = 0; i < WORKSHEET_COLUMNS; i++) {
		const char *given = filling->gradebook->names[i];
		filling->columns[i] =
			csv_column(&filling->csv, given ? given : worksheet_names[i]);
		if (given && filling->columns[i] < 0)
			return error_set(error, "it has no column '%s'", given);
	}
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		if (filling->columns[needed[i]] >= 0)
			continue;
		char *all = list_columns(&filling->csv);
		error_set(error,
			"it is neither Canvas' gradebook nor Moodle's worksheet: it has "
			"no "
			"column '%s'. In another language, name its columns, as --column "
			"'grade=Bewertung'; it has %s",
			worksheet_names[needed[i]], all);
		free(all);
		return -1;
	}
	if (filling->csv.separator != ',')
		return error_set(error, "Moodle reads only commas between cells; "
					"save it as CSV with commas");
	return 0;
}

/* The digits at the end of "Participant 123", in any language. */
static const char *participant_id(const char *identifier)
{
	size_t start = strlen(identifier);

	while (start > 0 && strchr("0123456789", identifier[start - 1]))
		start--;
	return identifier + start;
}

static const struct member *find_participant(
	const struct filling *filling, size_t row, bool *several)
{
	const char *id =
		participant_id(worksheet_cell(filling, row, WORKSHEET_IDENTIFIER));
	const struct member *found = find_member(filling, id, several);

	return found ? found
		     : find_member(filling, worksheet_cell(filling, row, WORKSHEET_NAME),
			       several);
}

static void put_comment(struct filling *filling, size_t row, const struct member *member)
{
	const char *there = worksheet_cell(filling, row, WORKSHEET_FEEDBACK);

	if (filling->columns[WORKSHEET_FEEDBACK] < 0)
		return;
	if (*there && !starts_with(there, OURS)) {
		note(filling, text_format("line %ld: the comment that is there stays.",
				      filling->csv.rows[row].line));
		return;
	}
	char *comment = gradebook_comment(member);
	char *html = text_html(comment);
	csv_set(&filling->csv, row, filling->columns[WORKSHEET_FEEDBACK], html);
	free(html);
	free(comment);
}

static bool is_locked(struct filling *filling, size_t row)
{
	const char *editable = worksheet_cell(filling, row, WORKSHEET_EDITABLE);

	if (strcasecmp(editable, "No") == 0)
		return true;
	if (*editable && strcasecmp(editable, "Yes") != 0 &&
		!strstr(filling->gradebook->notes, "leaves out locked grades"))
		note(filling,
			text_format("line %ld: whether the grade can be changed is '%s', "
				    "which is not known here; Moodle leaves out locked "
				    "grades.",
				filling->csv.rows[row].line, editable));
	return false;
}

static void fill_worksheet_row(struct filling *filling, size_t row)
{
	const char *who = worksheet_cell(filling, row, WORKSHEET_IDENTIFIER);
	const char *most = worksheet_cell(filling, row, WORKSHEET_MAXIMUM);
	bool several = false;
	const struct member *member = find_participant(filling, row, &several);

	if (several)
		note(filling, text_format("line %ld: several are %s; none is filled in.",
				      filling->csv.rows[row].line, who));
	else if (!member || !member->handed)
		note(filling,
			text_format(
				"line %ld: %s handed in nothing; the row stays as it is.",
				filling->csv.rows[row].line, who));
	else if (is_locked(filling, row))
		note(filling, text_format("line %ld: %s is locked in Moodle; the row "
					  "stays as it is.",
				      filling->csv.rows[row].line, who));
	else if (may_fill(filling, row, member, who)) {
		filling->decimal_comma = strchr(most, ',') != NULL;
		put_grade(filling, row, filling->columns[WORKSHEET_GRADE], member,
			read_number(most));
		put_comment(filling, row, member);
		return;
	}
	if (member && !several)
		filling->placed[member - filling->roll->members] = true;
}

static int fill_worksheet(struct filling *filling, struct error *error)
{
	if (find_worksheet_columns(filling, error))
		return -1;
	for (size_t row = 1; row < filling->csv.count; row++)
		fill_worksheet_row(filling, row);
	return 0;
}

/* -------- both -------- */

char *gradebook_comment(const struct member *member)
{
	struct buffer text = {0};
	char *points = number_text(member->points);
	const struct result *result = member->result;

	buffer_print(&text, OURS "%s of %ld points.", points, member->full);
	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		char *message = criterion->hidden || criterion->blocked_by
					? text_copy("")
					: digest_message(result, criterion);
		if (*message)
			buffer_print(&text, " %s: ", criterion->title);
		buffer_own(&text, text_line(message));
		free(message);
	}
	if (result->notice) {
		buffer_text(&text, " ");
		buffer_own(&text, text_line(result->notice));
	}
	free(points);
	return buffer_take(&text);
}

int gradebook_fill(struct gradebook *gradebook, const char *path, const struct roll *roll,
	struct error *error)
{
	struct filling filling = {.gradebook = gradebook, .roll = roll};
	int status = csv_read(&filling.csv, path, error);

	gradebook->notes = text_copy("");
	filling.placed = memory_new(roll->count + 1, sizeof(*filling.placed));
	if (status == 0) {
		bool canvas = csv_column(&filling.csv, "Student") == 0 &&
			      csv_column(&filling.csv, "ID") >= 0;
		status = canvas ? fill_canvas(&filling, error)
				: fill_worksheet(&filling, error);
		if (status)
			error_context(error, "%s", path);
	}
	if (status == 0) {
		note_missing(&filling);
		gradebook->text = csv_text(&filling.csv);
	}
	free(filling.placed);
	csv_release(&filling.csv);
	return status;
}

void gradebook_release(struct gradebook *gradebook)
{
	free(gradebook->text);
	free(gradebook->notes);
	gradebook->text = NULL;
	gradebook->notes = NULL;
}
