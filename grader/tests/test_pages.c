/* SPDX-License-Identifier: MIT */
/* What people see in a browser: a class of stored results, opened in Chromium, and drawings of
 * witnesses of all kinds. */
#include "suite.h"

#include "base/markup.h"
#include "base/text.h"
#include "batch/output.h"
#include "class/page.h"
#include "ladder/ladder.h"
#include "ladder/svg.h"
#include "report/concept.h"
#include "report/format.h"
#include "report/page.h"
#include "tests/results.h"
#include "tests/run.h"

#include <libxml/parser.h>

enum { PICTURES = 200, TASKS_MOST = 8 };

static uint64_t state = 20261129;

static uint32_t draw(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state % below);
}

static struct rung *add_step(
	struct ladder *ladder, enum rung_kind kind, uint32_t task, const char *object)
{
	static const char *const verbs[RUNG_KINDS] = {"post", "read", "write",
		"atomic update", "lock", "unlock", "waits: lock", "", ""};
	struct rung *rung = ladder_add(ladder);

	rung->kind = kind;
	rung->task = task;
	rung->number = kind == RUNG_WAIT ? 0 : ladder->rung_count;
	rung->deed = text_format("%s %s", verbs[kind], object);
	rung->object = text_copy(object);
	rung->address = (uint64_t)object[strlen(object) - 1];
	rung->file = text_copy("a_source_with_a_long_name.c");
	rung->line = 1 + (long)draw(9999);
	rung->pc = (uint64_t)rung->line;
	rung->preempts = draw(4) == 0;
	rung->early = rung->preempts && draw(4) == 0;
	if (kind == RUNG_READ || kind == RUNG_WRITE || kind == RUNG_UPDATE)
		rung->value = text_format("%u", draw(UINT32_MAX));
	if (draw(3) == 0)
		rung->held = text_copy(draw(2) ? "a->lock" : "a->lock, b->lock");
	return rung;
}

static void add_waiting(struct ladder *ladder)
{
	uint32_t tasks = ladder->task_count;

	ladder->waiting = memory_new(tasks, sizeof(*ladder->waiting));
	for (uint32_t i = 0; i < tasks; i++) {
		add_step(ladder, RUNG_WAIT, i, "bank->accounts[3].lock");
		ladder->waiting[ladder->waiting_count++] = (struct waiting){.task = i,
			.object = text_copy("bank->accounts[3].lock"),
			.holder = draw(5) ? (int)((i + 1) % tasks) : -1};
	}
}

/* A witness of any kind, with as many tasks and steps as there may be, folded. */
static struct ladder *any_ladder(void)
{
	static const char *const kinds[] = {"race", "assert", "crash", "deadlock",
		"livelock", "unlock", "held", "destroyed", "freed", "children", "leak",
		"exit", "serial", "criterion"};
	static const char *const objects[] = {"x", "account->balance",
		"shared_table->rows[12].cells[3].a_long_member_name",
		"\xC3\xA4<&>\"\x1b\xE2\x80\xAE"};
	struct ladder *ladder = ladder_new();
	uint32_t steps = 1 + draw(draw(2) ? 12 : 300);

	ladder->kind = text_copy(kinds[draw(sizeof(kinds) / sizeof(*kinds))]);
	ladder->task_count = 1 + draw(TASKS_MOST);
	ladder->tasks = memory_new(ladder->task_count, sizeof(*ladder->tasks));
	for (uint32_t i = 0; i < ladder->task_count; i++) {
		ladder->tasks[i].name = text_format("P%u", i + 1);
		ladder->tasks[i].runs =
			text_copy("a_function_with_a_long_name_of_its_own");
	}
	for (uint32_t i = 0; i < steps; i++)
		add_step(ladder, (enum rung_kind)draw(RUNG_WAIT),
			draw(ladder->task_count),
			objects[draw(sizeof(objects) / sizeof(*objects))]);
	if (strcmp(ladder->kind, "deadlock") == 0) {
		add_waiting(ladder);
	} else if (strcmp(ladder->kind, "race") == 0 && steps > 1) {
		ladder->defect_rung = steps;
		ladder->other_rung = 1 + draw(steps - 1);
	} else if (strcmp(ladder->kind, "livelock") == 0) {
		ladder->repeats_from = 1 + draw(steps);
	}
	ladder_fold(ladder);
	return ladder;
}

static void expect_well_formed(const char *text)
{
	xmlDocPtr document = xmlReadMemory(
		text, (int)strlen(text), "picture.svg", NULL, XML_PARSE_NONET);

	ck_assert_msg(document != NULL, "not well-formed:\n%s", text);
	xmlFreeDoc(document);
}

START_TEST(every_witness_is_drawn_as_well_formed_svg)
{
	for (int i = 0; i < PICTURES; i++) {
		struct ladder *ladder = any_ladder();
		char *picture = page_picture(ladder, "w");
		ck_assert_uint_le(ladder->rung_count, 60);
		expect_well_formed(picture);
		expect_lacks(picture, "\x1b");
		expect_lacks(picture, "\xE2\x80\xAE");
		free(picture);
		ladder_free(ladder);
	}
}
END_TEST

START_TEST(what_steps_left_out_leave_behind_is_kept_and_stored)
{
	struct ladder *ladder = ladder_new();

	ladder->kind = text_copy("criterion");
	ladder->task_count = 1;
	ladder->tasks = memory_new(1, sizeof(*ladder->tasks));
	ladder->tasks[0].name = text_copy("P1");
	for (uint32_t i = 0; i < 200; i++) {
		struct rung *rung = add_step(ladder, RUNG_WRITE, 0, "x");
		rung->preempts = rung->early = false;
		text_replace(&rung->value, "%u", i);
		text_replace(&rung->deed, "write %u", i % 7); /* no loop */
		free(rung->held);
		rung->held = i > 100 ? text_copy("guard") : NULL;
	}
	ladder_fold(ladder);
	char *json = ladder_json(ladder);
	struct ladder *again = ladder_parse(json);
	ck_assert_ptr_nonnull(again);
	const struct rung *fold = NULL;
	for (uint32_t i = 0; i < again->rung_count; i++)
		if (again->rungs[i].kind == RUNG_FOLD)
			fold = &again->rungs[i];
	ck_assert_ptr_nonnull(fold);
	ck_assert_uint_eq(fold->left_count, 2);
	const struct rung *next = fold + 1;
	ck_assert_str_eq(fold->left[0].object, "x");
	ck_assert_int_eq(atol(fold->left[0].value) + 1, atol(next->value));
	ck_assert_str_eq(fold->left[1].value, "guard");
	free(json);
	ladder_free(again);
	ladder_free(ladder);
}
END_TEST

START_TEST(a_student_never_sees_a_hidden_criterion)
{
	struct format_options public = {.hidden = false}, all = {.hidden = true};
	struct error error = {""};
	struct result *result = failing_result();
	bool hides = false;

	char *page = format_html(result, &public, &error);
	char *whole = format_html(result, &all, &error);
	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		expect_holds(whole, criterion->title);
		if (!criterion->hidden)
			continue;
		hides = true;
		expect_lacks(page, criterion->title);
		expect_lacks(page, criterion->name);
	}
	ck_assert_msg(hides, "the sample hides nothing");
	free(page);
	free(whole);
	result_free(result);
}
END_TEST

START_TEST(a_page_has_no_path_of_the_machine_that_graded)
{
	struct format_options public = {.hidden = false};
	struct error error = {""};
	struct result *result = failing_result();
	struct evidence *evidence = &result->criteria[FINISHES].evidence[1];

	text_replace(&result->path, "/srv/course/class/alice");
	text_replace(
		&evidence->reproduce, "interlock grade lab %s --only x", result->path);
	char *page = format_html(result, &public, &error);
	expect_lacks(page, "/srv/course");
	expect_holds(page, "interlock replay alice/finishes.witness");
	free(page);
	free(evidence->witness);
	evidence->witness = NULL;
	page = format_html(result, &public, &error);
	expect_lacks(page, "/srv/course");
	expect_holds(page, "interlock grade lab . --only x");
	free(page);
	result_free(result);
}
END_TEST

START_TEST(explore_makes_a_page_and_a_drawing_of_any_program)
{
	char *page = scratch_path("explored.html");
	char *picture = scratch_path("explored.svg");
	struct ran ran = run_interlock("explore", "--detect", "race", "--html", page,
		"--svg", picture, "grader/explore/corpus/processes/lost_update.c", NULL);
	char *text = file_get(page);
	char *drawing = file_get(picture);

	ck_assert_int_eq(ran.code, 1);
	expect_holds(text, "A lost update.");
	expect_holds(text, "static void transfer(struct account *account, int amount)");
	expect_well_formed(drawing);
	expect_holds(drawing, "w-stale");
	ran_release(&ran);
	free(drawing);
	free(text);
	free(picture);
	free(page);
}
END_TEST

/* The stored results, as a class and a page each, and drawings of all kinds. */
static void write_class(void)
{
	static const char *const names[] = {"compile-error", "no-lock", "returns-holding",
		"solution", "no-mutex"}; /* the last one of another lab */
	enum { COUNT = sizeof(names) / sizeof(*names), IN_CLASS = 4 };
	struct result *results[COUNT];
	struct error error = {""};
	char *folder = scratch_path("class");

	for (size_t i = 0; i < COUNT; i++) {
		char *path = text_format("reports/sample/class/%s.json", names[i]);
		results[i] = result_read(path, &error);
		ck_assert_msg(results[i] != NULL, "%s", error.message);
		ck_assert_msg(output_write(results[i], folder, &error) == 0, "%s",
			error.message);
		free(path);
	}
	char *page = class_page((const struct result *const *)results, IN_CLASS, 0);
	char *path = path_join(folder, "index.html");
	file_put(path, page);
	free(path);
	free(page);
	free(folder);
	for (size_t i = 0; i < COUNT; i++)
		result_free(results[i]);
}

static void write_pictures(void)
{
	struct buffer text = {0};
	xmlTextWriterPtr page = page_open(&text, "Drawings", "");
	char *path = scratch_path("pictures.html");

	for (int i = 0; i < PICTURES; i++) {
		struct ladder *ladder = any_ladder();
		char *name = text_format("w%d", i);
		ladder_draw(page, ladder, name, NULL);
		free(name);
		ladder_free(ladder);
	}
	page_close(page);
	file_put(path, text.bytes);
	free(path);
	buffer_release(&text);
}

/* Playwright and axe as the lock file has them, in a folder that stays: only the first time asks
 * the registry. */
static const char fetch[] =
	"set -e; mkdir -p \"$0\"; cp grader/tests/pages/*.json grader/tests/pages/*.mjs "
	"\"$0\"; cd \"$0\";"
	"cmp -s package-lock.json fetched || {"
	" npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1 || { cat npm.log; "
	"exit 3; };"
	" cp package-lock.json fetched; }";

static struct ran run_shell(const char *script, const char *first, const char *second)
{
	const char *argv[] = {"/bin/sh", "-c", script, first, second, NULL};

	return run_program(argv);
}

START_TEST(pages_work_in_a_browser_and_say_all_without_scripts)
{
	char *tools = path_of("test_pages_tools");

	write_class();
	write_pictures();
	struct ran fetched = run_shell(fetch, tools, NULL);
	if (fetched.code) {
		ck_assert_msg(getenv("CI") == NULL, "npm ci: %s%s", fetched.output,
			fetched.errors);
		fprintf(stderr, "not tested in a browser: npm ci failed\n");
	} else {
		struct ran ran = run_shell(
			"cd \"$0\" && exec node pages.mjs \"$1\"", tools, scratch);
		ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
		ran_release(&ran);
	}
	ran_release(&fetched);
	free(tools);
}
END_TEST

static const TTest *const *const tests[] = {
	&every_witness_is_drawn_as_well_formed_svg,
	&what_steps_left_out_leave_behind_is_kept_and_stored,
	&a_student_never_sees_a_hidden_criterion,
	&a_page_has_no_path_of_the_machine_that_graded,
	&explore_makes_a_page_and_a_drawing_of_any_program,
	&pages_work_in_a_browser_and_say_all_without_scripts,
};

/* A browser takes some seconds of processor time: minutes where many others want it. */
int main(void)
{
	suite_hang_seconds = 900;
	return suite_run("pages", tests, sizeof(tests) / sizeof(tests[0]));
}
