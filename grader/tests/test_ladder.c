/* SPDX-License-Identifier: MIT */
/* What a person sees of a witness: every one is short and narrow, and has in it the step at
 * which it goes wrong. */
#include "suite.h"

#include "base/memory.h"
#include "base/text.h"
#include "ladder/ladder.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LINES = 60, TASKS = 6 };

static struct ladder *ladder_with(const char *kind, uint32_t tasks)
{
	struct ladder *ladder = ladder_new();

	ladder->kind = text_copy(kind);
	ladder->tasks = memory_new(TASKS, sizeof(*ladder->tasks));
	ladder->task_count = tasks;
	for (uint32_t i = 0; i < tasks; i++)
		ladder->tasks[i].name = text_format("P%u", i + 1);
	return ladder;
}

static struct rung *step(struct ladder *ladder, enum rung_kind kind, uint32_t task,
	const char *object, long value)
{
	static const char *const verbs[RUNG_KINDS] = {"post", "read", "write", "update",
		"lock", "unlock", "waits: lock", "", ""};
	struct rung *rung = ladder_add(ladder);

	rung->kind = kind;
	rung->task = task;
	rung->number = kind == RUNG_WAIT ? 0 : ladder->rung_count;
	rung->deed = text_format("%s %s", verbs[kind], object);
	rung->object = text_copy(object);
	rung->address = (uint64_t)object[0];
	rung->file = text_copy("account.c");
	rung->line = 7 + (long)kind;
	rung->pc = (uint64_t)rung->line;
	if (kind == RUNG_READ || kind == RUNG_WRITE)
		rung->value = text_format("%ld", value);
	return rung;
}

static uint32_t lines_in(const char *text)
{
	uint32_t lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

static void expect_narrow(const char *text, size_t width)
{
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");
		char *one = strndup(line, length);
		ck_assert_msg(text_columns(one) <= width, "wider than %zu: '%s' in\n%s",
			width, one, text);
		ck_assert_msg(!length || line[length - 1] != ' ', "blanks end '%s'", one);
		free(one);
		line += length + (line[length] == '\n');
	}
}

/* Drawn as wide as a report is and as narrow as one can be. The caller frees the text. */
static char *drawn(struct ladder *ladder)
{
	struct buffer page = {0};
	static const size_t widths[] = {52, 60, 80, 72};
	bool has_decisive = false;

	for (uint32_t i = 0; i < ladder->rung_count; i++)
		has_decisive |= ladder->rungs[i].decisive;
	ck_assert_msg(has_decisive || !ladder->rung_count, "nothing is decisive");
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
		buffer_release(&page);
		ladder_text(&page, ladder, 0, widths[i]);
		expect_narrow(page.bytes, widths[i]);
	}
	ck_assert_msg(lines_in(page.bytes) <= MOST_LINES, "%u lines in\n%s",
		lines_in(page.bytes), page.bytes);
	return buffer_take(&page);
}

/* Wherever lines are broken. */
static void expect(const char *text, const char *words)
{
	char *flat = text_copy(text), *to = flat;

	for (const char *from = text; *from; from++) {
		bool blank = *from == ' ' || *from == '\n';
		if (!blank || (to > flat && to[-1] != ' '))
			*to++ = *from == '\n' ? ' ' : *from;
	}
	*to = '\0';
	ck_assert_msg(strstr(flat, words) != NULL, "no '%s' in\n%s", words, text);
	free(flat);
}

/* Two hundred updates of both tasks, and somewhere one of them is lost. */
START_TEST(the_write_that_loses_an_update_is_shown_wherever_it_is)
{
	struct ladder *ladder = ladder_with("criterion", 3);
	uint32_t lost_at = (uint32_t)_i * 23;

	for (uint32_t i = 0; i < 200; i++) {
		uint32_t task = 1 + i % 2;
		step(ladder, RUNG_LOCK, task, "guard", 0);
		step(ladder, RUNG_READ, task, "balance", i);
		if (i == lost_at) {
			step(ladder, RUNG_READ, 3 - task, "balance", i)->preempts = true;
			step(ladder, RUNG_WRITE, 3 - task, "balance", 5000);
		}
		step(ladder, RUNG_WRITE, task, "balance", i + 1);
		step(ladder, RUNG_UNLOCK, task, "guard", 0);
	}
	ladder_fold(ladder);
	char *text = drawn(ladder);
	char *words = text_format("it comes from the %u that was", lost_at);
	expect(text, "<- overwrites P");
	expect(text, words);
	expect(text, "= 5000");
	expect(text, " steps: P");
	ck_assert_msg(!strstr(text, "P1"), "the idle task has a column:\n%s", text);
	free(words);
	free(text);
	ladder_free(ladder);
}
END_TEST

START_TEST(what_is_up_to_date_overwrites_nothing)
{
	struct ladder *ladder = ladder_with("criterion", 2);

	for (uint32_t i = 0; i < 4; i++) {
		step(ladder, RUNG_READ, i % 2, "balance", i);
		step(ladder, RUNG_WRITE, i % 2, "balance", i + 1);
	}
	ladder_fold(ladder);
	char *text = drawn(ladder);
	ck_assert_msg(!strstr(text, "overwrites"), "%s", text);
	free(text);
	ladder_free(ladder);
}
END_TEST

START_TEST(both_sides_of_a_race_are_shown)
{
	struct ladder *ladder = ladder_with("race", 3);

	step(ladder, RUNG_READ, 0, "ready", 0);
	for (uint32_t i = 0; i < 300; i++)
		step(ladder, RUNG_OTHER, 2, "messages", 0)->line = i % 97;
	step(ladder, RUNG_WRITE, 1, "ready", 1);
	ladder->other_rung = 1;
	ladder->defect_rung = ladder->rung_count;
	ladder_fold(ladder);
	char *text = drawn(ladder);
	expect(text, "read ready = 0");
	expect(text, "write ready = 1");
	expect(text, "nothing orders this and step 1 of P1");
	ck_assert_uint_eq(ladder->arrow_count, 1);
	ck_assert_str_eq(ladder->rungs[ladder->arrows[0].to].deed, "write ready");
	free(text);
	ladder_free(ladder);
}
END_TEST

START_TEST(who_waits_for_whom_ends_a_deadlock)
{
	struct ladder *ladder = ladder_with("deadlock", 2);

	for (uint32_t i = 0; i < 90; i++)
		step(ladder, i % 2 ? RUNG_UNLOCK : RUNG_LOCK, i / 9 % 2, "log", 0)->line =
			i;
	step(ladder, RUNG_LOCK, 0, "a", 0);
	step(ladder, RUNG_LOCK, 1, "b", 0)->preempts = true;
	step(ladder, RUNG_WAIT, 0, "b", 0);
	step(ladder, RUNG_WAIT, 1, "a", 0);
	ladder->waiting = memory_new(2, sizeof(*ladder->waiting));
	ladder->waiting[0] = (struct waiting){0, text_copy("b"), 1};
	ladder->waiting[1] = (struct waiting){1, text_copy("a"), 0};
	ladder->waiting_count = 2;
	ladder_fold(ladder);
	char *text = drawn(ladder);
	expect(text, "lock a");
	expect(text, "lock b");
	expect(text, "waits: lock b");
	expect(text, "waits: lock a");
	free(text);
	ladder_free(ladder);
}
END_TEST

START_TEST(a_loop_is_shown_once)
{
	struct ladder *ladder = ladder_with("livelock", 2);

	for (uint32_t i = 0; i < 400; i++)
		step(ladder, RUNG_READ, i % 2, "turn", 0);
	ladder->repeats_from = 1;
	ladder_fold(ladder);
	char *text = drawn(ladder);
	expect(text, "the last 2 steps 198 times more");
	expect(text, "and so on, for ever, from step 1");
	ck_assert_uint_eq(ladder->steps, 400);
	ck_assert_uint_le(lines_in(text), 10);
	free(text);
	ladder_free(ladder);
}
END_TEST

/* Anything: preemptions all over, names of any length, six tasks. */
START_TEST(every_witness_is_short_and_narrow)
{
	static const char *const kinds[] = {"race", "criterion", "assert", "crash",
		"unlock", "freed", "deadlock", "livelock"};
	static const char *const objects[] = {"balance", "a",
		"bank->accounts[17].balance",
		"tree_of_pending_transactions->left->right->left->value_of_it"};
	struct ladder *ladder =
		ladder_with(kinds[_i % 8], 2 + (uint32_t)_i % (TASKS - 1));
	unsigned random = (unsigned)_i;
	uint32_t count = 1 + (uint32_t)(_i * _i) % 700;

	for (uint32_t i = 0; i < count; i++) {
		random = random * 1103515245 + 12345;
		unsigned drawn_number = random >> 12;
		struct rung *rung =
			step(ladder, (enum rung_kind)(drawn_number % (RUNG_UNLOCK + 1)),
				drawn_number / 7 % ladder->task_count,
				objects[drawn_number / 61 % 4], (long)drawn_number % 97);
		rung->preempts = i > 0 && drawn_number % 11 == 0;
		rung->line = (long)drawn_number / 3 % 40;
	}
	if (_i % 8 < 6)
		ladder->defect_rung = count / 2 + 1;
	ladder_fold(ladder);
	free(drawn(ladder));
	char *stored = ladder_json(ladder);
	struct ladder *again = ladder_parse(stored);
	ck_assert_msg(again != NULL, "%s", stored);
	char *twice = ladder_json(again);
	ck_assert_str_eq(twice, stored);
	ck_assert_uint_lt(strlen(stored), 30000);
	free(twice);
	free(stored);
	ladder_free(again);
	ladder_free(ladder);
}
END_TEST

START_TEST(what_is_no_ladder_is_refused)
{
	static const char *const texts[] = {"", "[]", "{}", "{\"kind\": \"race\"",
		"{\"kind\": \"race\", \"tasks\": [], \"rungs\": [{\"kind\": \"read\", "
		"\"task\": 0, \"deed\": \"read a\"}]}",
		"{\"kind\": \"race\", \"tasks\": [{\"name\": \"P1\"}], \"rungs\": "
		"[{\"kind\": \"jump\", \"task\": 0, \"deed\": \"read a\"}]}",
		"{\"kind\": \"race\", \"tasks\": [{\"name\": \"P1\"}], \"rungs\": [], "
		"\"arrows\": [{\"from\": 0, \"to\": 0}]}"};

	ck_assert_ptr_null(ladder_parse(texts[_i]));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ladder");
	TCase *tcase = tcase_create("ladder");

	tcase_add_loop_test(
		tcase, the_write_that_loses_an_update_is_shown_wherever_it_is, 0, 9);
	tcase_add_test(tcase, what_is_up_to_date_overwrites_nothing);
	tcase_add_test(tcase, both_sides_of_a_race_are_shown);
	tcase_add_test(tcase, who_waits_for_whom_ends_a_deadlock);
	tcase_add_test(tcase, a_loop_is_shown_once);
	tcase_add_loop_test(tcase, every_witness_is_short_and_narrow, 0, 200);
	tcase_add_loop_test(tcase, what_is_no_ladder_is_refused, 0, 7);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
