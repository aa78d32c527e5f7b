/* SPDX-License-Identifier: MIT */
#include "class/page.h"

#include "base/memory.h"
#include "base/text.h"
#include "batch/output.h"
#include "class/mistake.h"
#include "report/digest.h"
#include "report/page.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { BANDS = 10, MISTAKES_SHOWN = 3 };

struct class_view {
	xmlTextWriterPtr page;
	const struct result *const *results;
	size_t count;
	size_t present; /* so many of them handed in something, the first ones */
};

/* Of points, 0 to 100; -1 where nothing could be judged. */
static long percent_of(const struct result *result)
{
	return result->max_points > 0 ? 100 * result->points / result->max_points : -1;
}

static bool is_unjudged(const struct result *result)
{
	return result->verdict == VERDICT_INCONCLUSIVE ||
	       result->verdict == VERDICT_ERROR;
}

/* A bar as long as its share, and how many. */
static void put_bar(struct class_view *view, const char *label, size_t count)
{
	markup_open(view->page, "li", NULL);
	markup_element(view->page, "span", NULL, label);
	markup_open(view->page, "span", NULL);
	if (count) {
		markup_open(view->page, "span", "class", "bar", NULL);
		markup_attribute(view->page, "style", "width: %zu%%",
			1 + 80 * count / view->present);
		markup_close(view->page);
	}
	markup_print(view->page, "%zu", count);
	markup_close(view->page);
	markup_close(view->page);
}

static void put_distribution(struct class_view *view)
{
	size_t bands[BANDS + 1] = {0}, unjudged = 0;

	for (size_t i = 0; i < view->present; i++) {
		long percent = percent_of(view->results[i]);
		if (percent < 0)
			unjudged++;
		else
			bands[percent / (100 / BANDS)]++;
	}
	markup_element(view->page, "h2", NULL, "How many got how much");
	markup_open(view->page, "ul", "class", "bars", NULL);
	put_bar(view, "100 %", bands[BANDS]);
	for (long band = BANDS - 1; band >= 0; band--) {
		char *label =
			text_format("%ld\xE2\x80\x93%ld %%", band * 10, band * 10 + 9);
		put_bar(view, label, bands[band]);
		free(label);
	}
	if (unjudged)
		put_bar(view, "not judged", unjudged);
	markup_close(view->page);
}

/* One criterion over the class. */
struct tallied {
	size_t criterion; /* index in the results */
	size_t failed, blocked, unjudged;
};

static int by_failures(const void *left, const void *right)
{
	const struct tallied *one = left, *two = right;

	if (one->failed != two->failed)
		return one->failed < two->failed ? 1 : -1;
	return one->criterion < two->criterion ? -1 : one->criterion > two->criterion;
}

static struct tallied tally_criterion(const struct class_view *view, size_t criterion)
{
	struct tallied tallied = {.criterion = criterion};

	for (size_t i = 0; i < view->present; i++) {
		if (criterion >= view->results[i]->criterion_count)
			continue;
		const struct criterion_result *one =
			&view->results[i]->criteria[criterion];
		tallied.failed += one->verdict == VERDICT_FAIL;
		tallied.blocked += one->verdict == VERDICT_BLOCKED;
		tallied.unjudged += !digest_judged(one);
	}
	return tallied;
}

/* The name of a file as a part of a link: only percent signs mean something else there. */
static char *link_to(const char *name)
{
	struct buffer link = {0};

	for (const char *next = name; *next; next++)
		if (*next == '%')
			buffer_text(&link, "%25");
		else
			buffer_add(&link, next, 1);
	return buffer_take(&link);
}

static void put_link(struct class_view *view, const struct result *result,
	const char *criterion, const char *words)
{
	char *folder = output_name(result->submission);
	char *path = link_to(folder);

	markup_open(view->page, "a", NULL);
	markup_attribute(view->page, "href", "%s/page.html%s%s", path,
		criterion ? "#" : "", criterion ? criterion : "");
	markup_line(view->page, words);
	markup_close(view->page);
	free(path);
	free(folder);
}

/* Failures told in the same words, whatever the numbers in them. */
struct mistake {
	char *words;
	size_t times;
	size_t example; /* the first result that has it */
};

struct mistakes {
	struct mistake *all;
	size_t count;
};

static void add_mistake(struct mistakes *mistakes, char *words, size_t example)
{
	for (size_t i = 0; i < mistakes->count; i++) {
		if (strcmp(mistakes->all[i].words, words) != 0)
			continue;
		mistakes->all[i].times++;
		free(words);
		return;
	}
	mistakes->all =
		memory_grow(mistakes->all, mistakes->count + 1, sizeof(*mistakes->all));
	mistakes->all[mistakes->count++] =
		(struct mistake){.words = words, .times = 1, .example = example};
}

static int by_times(const void *left, const void *right)
{
	const struct mistake *one = left, *two = right;

	if (one->times != two->times)
		return one->times < two->times ? 1 : -1;
	return one->example < two->example ? -1 : one->example > two->example;
}

/* The commonest first. */
static struct mistakes find_mistakes(const struct class_view *view, size_t criterion)
{
	struct mistakes mistakes = {0};

	for (size_t i = 0; i < view->present; i++) {
		const struct result *result = view->results[i];
		if (criterion >= result->criterion_count ||
			result->criteria[criterion].verdict != VERDICT_FAIL)
			continue;
		char *message = digest_message(result, &result->criteria[criterion]);
		add_mistake(&mistakes, mistake_words(message), i);
		free(message);
	}
	if (mistakes.count)
		qsort(mistakes.all, mistakes.count, sizeof(*mistakes.all), by_times);
	return mistakes;
}

static void mistakes_release(struct mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->count; i++)
		free(mistakes->all[i].words);
	free(mistakes->all);
}

/* The commonest mistakes of a criterion, each with somebody that made it. */
static void put_mistakes(struct class_view *view, size_t criterion)
{
	struct mistakes mistakes = find_mistakes(view, criterion);

	if (mistakes.count)
		markup_open(view->page, "ul", NULL);
	for (size_t i = 0; i < mistakes.count && i < MISTAKES_SHOWN; i++) {
		const struct mistake *mistake = &mistakes.all[i];
		const struct result *example = view->results[mistake->example];
		markup_open(view->page, "li", NULL);
		markup_print(
			view->page, "%zu \xC3\x97 %s ", mistake->times, mistake->words);
		put_link(view, example, example->criteria[criterion].name,
			example->submission);
		markup_close(view->page);
	}
	if (mistakes.count)
		markup_close(view->page);
	if (mistakes.count > MISTAKES_SHOWN) {
		markup_open(view->page, "p", "class", "faint", NULL);
		markup_print(view->page, "and %zu kinds more",
			mistakes.count - MISTAKES_SHOWN);
		markup_close(view->page);
	}
	mistakes_release(&mistakes);
}

static void put_criterion(struct class_view *view, const struct tallied *tallied)
{
	const struct criterion_result *criterion =
		&view->results[0]->criteria[tallied->criterion];

	markup_open(view->page, "section", "class", "criterion", NULL);
	markup_open(view->page, "header", NULL);
	markup_open(view->page, "h3", NULL);
	markup_print(view->page, "%s%s", criterion->title,
		criterion->hidden ? " (hidden)" : "");
	markup_close(view->page);
	markup_open(view->page, "span", "class", "points", NULL);
	markup_print(view->page, "%zu of %zu failed (%zu %%)", tallied->failed,
		view->count, 100 * tallied->failed / view->count);
	markup_close(view->page);
	markup_close(view->page);
	if (tallied->blocked || tallied->unjudged) {
		markup_open(view->page, "p", "class", "faint", NULL);
		markup_print(view->page,
			"%zu not reached for want of another; %zu could not be judged",
			tallied->blocked, tallied->unjudged);
		markup_close(view->page);
	}
	put_mistakes(view, tallied->criterion);
	markup_close(view->page);
}

static void put_criteria(struct class_view *view)
{
	size_t count = view->results[0]->criterion_count;
	struct tallied *all = memory_new(count + 1, sizeof(*all));

	for (size_t i = 0; i < count; i++)
		all[i] = tally_criterion(view, i);
	qsort(all, count, sizeof(*all), by_failures);
	markup_element(view->page, "h2", NULL, "Criteria, those that fail most first");
	for (size_t i = 0; i < count; i++)
		if (all[i].failed || all[i].unjudged)
			put_criterion(view, &all[i]);
	free(all);
}

/* What could not be judged is named first: it is our failure, and somebody must look. */
static void put_unjudged(struct class_view *view)
{
	size_t count = 0;

	for (size_t i = 0; i < view->present; i++)
		count += is_unjudged(view->results[i]);
	if (!count)
		return;
	markup_open(view->page, "section", "class", "notice", NULL);
	markup_open(view->page, "p", NULL);
	markup_print(view->page,
		"%zu of %zu could not be judged in all criteria; that costs no points: ",
		count, view->present);
	for (size_t i = 0, shown = 0; i < view->present; i++) {
		if (!is_unjudged(view->results[i]))
			continue;
		markup_text(view->page, shown++ ? ", " : "");
		put_link(view, view->results[i], NULL, view->results[i]->submission);
	}
	markup_close(view->page);
	markup_close(view->page);
}

/* The names of the criteria with one of two verdicts. */
static char *names_with(
	const struct result *result, enum verdict verdict, enum verdict or_verdict)
{
	struct buffer names = {0};

	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		if (criterion->verdict == verdict || criterion->verdict == or_verdict)
			buffer_print(&names, "%s%s", names.length ? ", " : "",
				criterion->name);
	}
	return buffer_take(&names);
}

static void put_row(struct class_view *view, const struct result *result, bool absent)
{
	char *failed = names_with(result, VERDICT_FAIL, VERDICT_FAIL);
	char *unjudged = names_with(result, VERDICT_ERROR, VERDICT_INCONCLUSIVE);

	markup_open(view->page, "tr", NULL);
	markup_open(view->page, "th", "scope", "row", NULL);
	if (absent)
		markup_line(view->page, result->submission);
	else
		put_link(view, result, NULL, result->submission);
	markup_close(view->page);
	markup_open(view->page, "td", NULL);
	markup_print(view->page, "%ld of %ld", result->points, result->max_points);
	markup_close(view->page);
	markup_element(view->page, "td", NULL, absent ? "handed in nothing" : failed);
	markup_element(view->page, "td", NULL, unjudged);
	markup_close(view->page);
	free(failed);
	free(unjudged);
}

static void put_students(struct class_view *view)
{
	static const char *const heads[] = {"Student", "Points", "Failed", "Not judged"};

	markup_element(view->page, "h2", NULL, "Submissions");
	markup_open(view->page, "div", "id", "filters", "class", "filters", NULL);
	markup_close(view->page);
	markup_open(view->page, "div", "class", "scroll", "tabindex", "0", "role",
		"region", "aria-label", "Submissions", NULL);
	markup_open(view->page, "table", "id", "students", NULL);
	markup_open(view->page, "thead", NULL);
	markup_open(view->page, "tr", NULL);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		markup_open(view->page, "th", "scope", "col", NULL);
		markup_text(view->page, heads[i]);
		markup_close(view->page);
	}
	markup_close(view->page);
	markup_close(view->page);
	markup_open(view->page, "tbody", NULL);
	for (size_t i = 0; i < view->count; i++)
		put_row(view, view->results[i], i >= view->present);
	markup_close(view->page);
	markup_close(view->page);
	markup_close(view->page);
}

static void put_body(struct class_view *view)
{
	if (view->present) {
		put_unjudged(view);
		put_distribution(view);
		put_criteria(view);
	}
	put_students(view);
}

char *class_page(const struct result *const *results, size_t count, size_t absent)
{
	struct buffer text = {0};
	const char *lab = count ? results[0]->lab_title : "Nobody";
	char *title = text_format("%s: %zu submissions", lab, count - absent);
	struct class_view view = {.page = page_open(&text, title, page_class_script),
		.results = results,
		.count = count,
		.present = count - absent};

	markup_open(view.page, "header", NULL);
	markup_element(view.page, "h1", NULL, title);
	markup_close(view.page);
	markup_open(view.page, "main", "id", "main", NULL);
	if (count)
		put_body(&view);
	markup_close(view.page);
	page_close(view.page);
	free(title);
	return buffer_take(&text);
}
