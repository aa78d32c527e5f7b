/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation: the folder's files are read once, as pages. Then every text of the lab
 * that is a secret is cut into passages, and each is looked for on every page. What a passage
 * is differs by where it stands: between two markers of the solution all of it, or three lines
 * in a row; in right/ and wrong/ three lines in a row that the skeleton does not have; of hidden
 * checks the whole body of a test, since tests of one lab begin and end alike. A first step that
 * the handout gives on purpose is marked so: BEGIN SOLUTION (the handout shows it).
 */
#include "lab/secret.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "lab/passage.h"
#include "lab/skeleton.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { ROW = 3, MOST_BYTES = 1 << 24 };

static const char on_purpose[] = "(the handout shows it)";

struct page {
	char *name; /* below the folder */
	char *text;
	struct passage *lines;
	struct page *next;
};

struct look {
	const struct lab *lab;
	struct page *pages;
	struct error *error;
};

typedef int visit_function(
	struct look *look, const char *path, const char *name, const char *text);

static int visit_file(
	struct look *look, const char *path, const char *name, visit_function *visit)
{
	char *text = file_read(path, MOST_BYTES, NULL, look->error);
	int status = text ? visit(look, path, name, text) : -1;

	free(text);
	return status;
}

/* Visits all files below a folder; `name` is that of the folder. One that is not there has
 * none. */
static int visit_all(
	struct look *look, const char *path, const char *name, visit_function *visit)
{
	struct dirent *entry = NULL;
	DIR *folder = opendir(path);
	int status = 0;

	while (folder && status == 0 && (entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		char *below = path_join(path, entry->d_name);
		char *below_name =
			*name ? path_join(name, entry->d_name) : text_copy(entry->d_name);
		status = path_is_folder(below)
				 ? visit_all(look, below, below_name, visit)
				 : visit_file(look, below, below_name, visit);
		free(below_name);
		free(below);
	}
	if (folder)
		closedir(folder);
	return status;
}

static int add_page(
	struct look *look, const char *path, const char *name, const char *text)
{
	struct page *page = memory_new(1, sizeof(*page));

	(void)path;
	page->name = text_copy(name);
	page->text = text_copy(text);
	page->lines = passage_of(text, strlen(text), 1);
	page->next = look->pages;
	look->pages = page;
	return 0;
}

static void free_pages(struct page *page)
{
	while (page) {
		struct page *next = page->next;
		passage_free(page->lines);
		free(page->text);
		free(page->name);
		free(page);
		page = next;
	}
}

/* Lines of a secret, on any page. */
static int look_for(struct look *look, const struct passage *secret, size_t first,
	size_t count, const char *name)
{
	for (const struct page *page = look->pages; page; page = page->next) {
		long line = passage_find(page->lines, secret, first, count);
		if (line)
			return error_set(look->error,
				"students would get an answer: %s:%ld has the text of "
				"%s:%ld",
				page->name, line, name, secret->lines[first].number);
	}
	return 0;
}

/* Each three lines in a row; all of it, if `whole`, where there are fewer. */
static int look_for_rows(struct look *look, const struct passage *secret, size_t first,
	size_t count, bool whole, const char *name)
{
	if (count < ROW)
		return whole ? look_for(look, secret, first, count, name) : 0;
	for (size_t i = 0; i + ROW <= count; i++)
		if (look_for(look, secret, first + i, ROW, name))
			return -1;
	return 0;
}

static long line_of(const char *text, const char *place)
{
	long line = 1;

	for (; text < place; text++)
		line += *text == '\n';
	return line;
}

/* What stands between two words, each time: its lines begin behind the first's. */
static int look_between(struct look *look, const char *name, const char *text,
	const char *begin, const char *end, bool rows)
{
	const char *from = text;
	int status = 0;

	while (status == 0 && (from = strstr(from, begin))) {
		const char *start = strchr(from, '\n');
		const char *stop = start ? strstr(start, end) : NULL;
		if (!stop)
			break;
		size_t head = (size_t)(start - from);
		if (memmem(from, head, on_purpose, strlen(on_purpose))) {
			from = stop;
			continue;
		}
		while (stop > start && stop[-1] != '\n')
			stop--; /* the line of the end is none of the secret's */
		struct passage *secret = passage_of(start + 1,
			stop > start ? (size_t)(stop - start - 1) : 0,
			line_of(text, start + 1));
		status = rows ? look_for_rows(look, secret, 0, secret->count, true, name)
			      : look_for(look, secret, 0, secret->count, name);
		passage_free(secret);
		from = stop;
	}
	return status;
}

static int look_for_solution(
	struct look *look, const char *path, const char *name, const char *text)
{
	(void)path;
	return look_between(look, name, text, "BEGIN SOLUTION", "END SOLUTION", true);
}

/* What students may have of the file that they are to write, or NULL. */
static struct passage *skeleton_of(const struct look *look, const char *path)
{
	struct error ignored;
	const char *base = strrchr(path, '/') + 1;
	char *solution = text_format("%s/solution/%s", look->lab->folder, base);
	char *text = path_is_file(solution)
			     ? file_read(solution, MOST_BYTES, NULL, &ignored)
			     : NULL;
	char *skeleton = text ? skeleton_make(text, base, &ignored) : NULL;
	struct passage *lines =
		skeleton ? passage_of(skeleton, strlen(skeleton), 1) : NULL;

	free(skeleton);
	free(text);
	free(solution);
	return lines;
}

static int look_for_submission(
	struct look *look, const char *path, const char *name, const char *text)
{
	struct passage *skeleton = skeleton_of(look, path);
	struct passage *secret = passage_of(text, strlen(text), 1);
	size_t start = 0;
	int status = 0;

	for (size_t i = 0; status == 0 && i <= secret->count; i++) {
		if (i < secret->count &&
			!(skeleton && passage_has(skeleton, secret->lines[i].text)))
			continue;
		status = look_for_rows(look, secret, start, i - start, false, name);
		start = i + 1;
	}
	passage_free(secret);
	passage_free(skeleton);
	return status;
}

static int look_for_test(
	struct look *look, const char *path, const char *name, const char *text)
{
	(void)path;
	if (strncmp(name, "checks/hidden", 13) != 0)
		return 0;
	return look_between(look, name, text, "START_TEST(", "END_TEST", false);
}

static int look_for_word(struct look *look, const char *word, const char *what)
{
	for (const struct page *page = look->pages; page; page = page->next) {
		const char *place = strstr(page->text, word);
		if (place)
			return error_set(look->error,
				"students would get %s: %s:%ld has '%s'", what,
				page->name, line_of(page->text, place), word);
	}
	return 0;
}

/* What is hidden goes by its name, and checks of it by that of their file. */
static int look_for_hidden(struct look *look)
{
	for (unsigned i = 0; i < look->lab->criteria_count; i++) {
		const struct lab_criterion *criterion = &look->lab->criteria[i];
		if (criterion->hidden &&
			(look_for_word(look, criterion->name, "a hidden criterion") ||
				look_for_word(
					look, criterion->title, "a hidden criterion")))
			return -1;
	}
	for (const struct page *page = look->pages; page; page = page->next)
		if (strstr(page->name, "checks/hidden"))
			return error_set(look->error,
				"students would get hidden checks: %s", page->name);
	return look_for_word(look, "#include \"hidden", "less than is included");
}

static int visit_below(struct look *look, const char *name, visit_function *visit)
{
	char *path = path_join(look->lab->folder, name);
	int status = visit_all(look, path, name, visit);

	free(path);
	return status;
}

int secret_look(const struct lab *lab, const char *folder, struct error *error)
{
	struct look look = {.lab = lab, .error = error};
	int status =
		visit_all(&look, folder, "", add_page) ||
				visit_below(&look, "solution", look_for_solution) ||
				visit_below(&look, "right", look_for_submission) ||
				visit_below(&look, "wrong", look_for_submission) ||
				visit_below(&look, "checks", look_for_test) ||
				look_for_word(&look, "BEGIN SOLUTION",
					"a solution with its markers") ||
				look_for_word(&look,
					"<!-- interlock:", "what instructors read") ||
				look_for_hidden(&look)
			? -1
			: 0;

	free_pages(look.pages);
	return status;
}
