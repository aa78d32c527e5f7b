/* SPDX-License-Identifier: MIT */
#include "selftest/table.h"

#include "base/buffer.h"
#include "base/text.h"
#include "report/style.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 88 };

/* How a kind of case, or one mistake among the mutants, came out. */
struct tally {
	size_t graded;
	size_t good; /* as it should be, marked mutants left out */
	size_t equivalent;
	size_t bad;
	size_t unjudged;
};

static struct tally tally(
	const struct selftest *test, enum selftest_kind kind, const char *mistake)
{
	struct tally tally = {0};

	for (size_t i = 0; i < test->count; i++) {
		const struct selftest_case *tested = &test->cases[i];
		if (tested->kind != kind ||
			(mistake && strcmp(tested->mutant->mistake, mistake) != 0))
			continue;
		tally.graded++;
		tally.unjudged += tested->unjudged;
		tally.bad += tested->fault && !tested->unjudged;
		tally.equivalent += !tested->fault && tested->excuse;
		tally.good += !tested->fault && !tested->excuse;
	}
	return tally;
}

static const char *const kind_names[SELFTEST_KINDS] = {
	"solution", "skeleton", "right", "wrong", "mutants"};

static void put_outcome(struct buffer *line, enum selftest_kind kind, struct tally seen,
	const struct selftest *test)
{
	switch (kind) {
	case SELFTEST_SKELETON:
		buffer_print(line,
			seen.good ? "compiles without a warning, gets %ld points"
				  : "not as it should be (%ld points stated)",
			test->lab->skeleton_points);
		break;
	case SELFTEST_WRONG:
		buffer_print(
			line, "%zu fail the criterion they name and no other", seen.good);
		break;
	case SELFTEST_MUTANT:
		buffer_print(line,
			"%zu caught, %zu equivalent, %zu not as they should be",
			seen.good, seen.equivalent, seen.bad);
		break;
	default:
		buffer_print(line, "%zu with full marks", seen.good);
	}
	if (seen.unjudged)
		buffer_print(line, ", %zu could not be judged", seen.unjudged);
}

static void put_rounds(struct buffer *page, const struct selftest *test)
{
	long gradings = 0;
	long failures = 0;

	for (size_t i = 0; i < test->count; i++)
		if (test->cases[i].kind == SELFTEST_SOLUTION ||
			test->cases[i].kind == SELFTEST_RIGHT) {
			gradings += test->cases[i].gradings;
			failures += test->cases[i].failures;
		}
	if (test->repeat > 1)
		buffer_print(page,
			"gradings      %4ld  of right answers, %ld of them without full "
			"marks\n",
			gradings, failures);
}

static void put_fault(struct buffer *page, const struct selftest_case *tested)
{
	buffer_text(page, "\n");
	buffer_print(page, "  \xE2\x9C\x97 %s", tested->name);
	if (tested->mutant)
		buffer_print(page, "  %s:%ld, %s", tested->mutant->file,
			tested->mutant->line, tested->mutant->mistake);
	if (tested->gradings > 1)
		buffer_print(page, "  in %ld of %ld gradings", tested->failures,
			tested->gradings);
	buffer_text(page, "\n");
	style_paragraph(page, 4, WIDTH, tested->fault);
	if (tested->mutant)
		style_indent(page, 4, 40, tested->mutant->diff);
}

static void put_stale(struct buffer *page, const struct selftest *test)
{
	for (unsigned i = 0; test->stale && i < test->equivalents.count; i++) {
		if (test->equivalents.used[i])
			continue;
		buffer_text(page, "\n  \xE2\x9C\x97 equivalent-mutants.yaml: no mutant "
				  "is like this "
				  "any more; take the mark out\n");
		style_indent(page, 4, 40, test->equivalents.marks[i].diff);
	}
}

char *table_text(const struct selftest *test)
{
	struct buffer page = {0};

	buffer_own(&page, text_line(test->lab->title));
	buffer_text(&page, "\n\n");
	for (int kind = 0; kind < SELFTEST_KINDS; kind++) {
		struct tally seen = tally(test, (enum selftest_kind)kind, NULL);
		if (seen.graded == 0)
			continue;
		buffer_print(&page, "  %-12s  %4zu  ", kind_names[kind], seen.graded);
		put_outcome(&page, (enum selftest_kind)kind, seen, test);
		buffer_text(&page, "\n");
	}
	if (test->mutants.count > 0)
		buffer_print(&page,
			"left out      %4zu  mutants: %zu do not compile, %zu become the "
			"same code as another\n",
			test->not_compiling + test->same_code, test->not_compiling,
			test->same_code);
	put_rounds(&page, test);
	for (size_t i = 0; i < test->count; i++)
		if (test->cases[i].fault)
			put_fault(&page, &test->cases[i]);
	put_stale(&page, test);
	buffer_text(&page, !selftest_passed(test)
				   ? "\n  The lab is not as it should be.\n"
			   : test->sample ? "\n  The lab grades its sample right.\n"
					  : "\n  The lab grades right.\n");
	return buffer_take(&page);
}

static bool is_first_of_mistake(const struct selftest *test, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (test->cases[i].mutant &&
			strcmp(test->cases[i].mutant->mistake,
				test->cases[index].mutant->mistake) == 0)
			return false;
	return true;
}

static void put_counts(struct buffer *page, const struct selftest *test)
{
	buffer_text(page, "| graded | how many | outcome |\n|---|---:|---|\n");
	for (int kind = 0; kind < SELFTEST_KINDS; kind++) {
		struct tally seen = tally(test, (enum selftest_kind)kind, NULL);
		if (seen.graded == 0)
			continue;
		buffer_print(page, "| %s | %zu | ", kind_names[kind], seen.graded);
		put_outcome(page, (enum selftest_kind)kind, seen, test);
		buffer_text(page, " |\n");
	}
}

/* The wrong submissions that fail the criterion as they should, without "wrong-". */
static size_t put_failing(
	struct buffer *names, const struct selftest *test, const char *criterion)
{
	size_t count = 0;

	for (size_t i = 0; i < test->count; i++) {
		const struct selftest_case *tested = &test->cases[i];
		if (tested->kind != SELFTEST_WRONG || tested->fault ||
			strcmp(tested->expected, criterion) != 0)
			continue;
		buffer_print(names, "%s%s", count > 0 ? ", " : "",
			tested->name + strlen("wrong-"));
		count++;
	}
	return count;
}

static void put_criteria(struct buffer *page, const struct selftest *test)
{
	if (tally(test, SELFTEST_WRONG, NULL).good == 0)
		return;
	buffer_text(page, "\n| criterion | wrong submissions that fail it | |\n"
			  "|---|---:|---|\n");
	for (unsigned i = 0; i < test->lab->criteria_count; i++) {
		const char *criterion = test->lab->criteria[i].name;
		struct buffer names = {0};
		size_t count = put_failing(&names, test, criterion);
		buffer_print(page, "| `%s` | %zu | ", criterion, count);
		buffer_own(page, buffer_take(&names));
		buffer_text(page, " |\n");
	}
}

static void put_mistakes(struct buffer *page, const struct selftest *test)
{
	bool begun = false;

	for (size_t i = 0; i < test->count; i++) {
		if (!test->cases[i].mutant || !is_first_of_mistake(test, i))
			continue;
		const char *mistake = test->cases[i].mutant->mistake;
		struct tally seen = tally(test, SELFTEST_MUTANT, mistake);
		if (!begun)
			buffer_text(page,
				"\n| mistake put into the solution | mutants | caught | "
				"equivalent | survive |\n|---|---:|---:|---:|---:|\n");
		begun = true;
		buffer_print(page, "| %s | %zu | %zu | %zu | %zu |\n", mistake,
			seen.graded, seen.good, seen.equivalent,
			seen.bad + seen.unjudged);
	}
}

char *table_markdown(const struct selftest *test)
{
	struct buffer page = {0};

	put_counts(&page, test);
	put_criteria(&page, test);
	put_mistakes(&page, test);
	return buffer_take(&page);
}

char *table_survivors(const struct selftest *test)
{
	struct buffer page = {0};

	for (size_t i = 0; i < test->count; i++) {
		const struct selftest_case *tested = &test->cases[i];
		if (!tested->mutant || !tested->fault || !tested->full_marks)
			continue;
		buffer_print(&page, "# %s:%ld, %s\n- diff: |\n", tested->mutant->file,
			tested->mutant->line, tested->mutant->mistake);
		for (const char *line = tested->mutant->diff; *line;) {
			size_t length = strcspn(line, "\n");
			buffer_print(&page, "    %.*s\n", (int)length, line);
			line += length + (line[length] == '\n');
		}
		buffer_text(&page, "  reason:\n");
	}
	return buffer_take(&page);
}
