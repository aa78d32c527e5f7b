/* SPDX-License-Identifier: MIT */
/*
 * Every cheat gets its points, and every file gets in, once the layers that guard against it
 * are left out: then it was they that held it. make check tries cheats until each layer was
 * left out once; make check-long tries all. (What attacks the host is test_hostile.c's.)
 *
 * Layers are left out by grade_options, which no command can do (base/guard.h); stages, by
 * taking them out of the lab's criteria; checks, by a lab whose checks expect nothing.
 *
 * With --table as its argument the program prints which layers those are; names after that ask
 * for their rows only.
 */
#include "hostile/classroom.h"
#include "hostile/kinds.h"

#include "grade/grade.h"
#include "sandbox/box.h"

#include <libxml/parser.h>

enum { MOST = 128 };

static bool prints;	   /* the table */
static char **only = NULL; /* names, of a part of it; ended by NULL */

static bool is_wanted(const char *name)
{
	for (char **one = only; one && *one; one++)
		if (strcmp(*one, name) == 0)
			return true;
	return !only || !*only;
}

/* What a graded submission runs into, in order; a stage or the checks have no bit. */
static const struct layer {
	const char *word;
	unsigned guard;
} LAYERS[] = {
	{"intake", GUARD_INTAKE},
	{"compiler", GUARD_COMPILER},
	{"macros", GUARD_MACROS},
	{"source", GUARD_SOURCE},
	{"names", GUARD_NAMES},
	{"symbols", GUARD_SYMBOLS},
	{"player", GUARD_PLAYER},
	{"endings", GUARD_ENDINGS},
	{"standard", GUARD_STANDARD},
	{"branches", GUARD_BRANCHES},
	{"explore", 0},
	{"helgrind", 0},
	{"checks", 0},
	{"escape", 0},
};
#define LAYER_COUNT (sizeof(LAYERS) / sizeof(LAYERS[0]))

/* Where there is no layer of ours to leave out. */
static const struct {
	const char *name, *why;
} UNGUARDED[] = {
	{"include-device",
		"not tried: nothing but the box's limits would end the compiler"},
	{"sleep-on",
		"endings, as of stop-itself; not tried: each run would take its time"},
	{"drip", "endings, as of stop-itself; not tried: each run would take its time"},
	{"include-itself", "the compiler itself stops at 200 files inside each other"},
	{"macro-bomb", "the compiler itself runs out of stack"},
	{"giant-diagnostics", "the submission is no program; its diagnostics are cut"},
	{"close-all", "nothing is gained: what helgrind cannot say costs nothing"},
	{"cut-report", "nothing is gained: what helgrind cannot say costs nothing"},
	{"ignore-begin",
		"the linker lacks what is called: ThreadSanitizer is not linked"},
	{"left-processes",
		"the box has namespaces of processes, or a reaper, in every tier"},
	{"socket", "the kernel opens no socket as a file"},
	{"empty", "the linker lacks the lab's functions"},
	{"missing", "there is no file"},
	{"nul-bytes", "the compiler finds no program in it"},
	{"utf-16", "the compiler finds no program in it"},
	{"a..", "nothing bites: it looks like a way upwards, and is none"},
};

static const char *why_unguarded(const char *name)
{
	for (size_t i = 0; i < sizeof(UNGUARDED) / sizeof(*UNGUARDED); i++)
		if (strcmp(UNGUARDED[i].name, name) == 0)
			return UNGUARDED[i].why;
	return NULL;
}

static bool holds(const char *guards, const char *layer)
{
	size_t length = strlen(layer);

	for (const char *at = guards; (at = strstr(at, layer)); at += length)
		if ((at == guards || at[-1] == '+') && (!at[length] || at[length] == '+'))
			return true;
	return false;
}

static unsigned guards_of(const char *guards)
{
	unsigned without = 0;

	for (size_t i = 0; i < LAYER_COUNT; i++)
		if (holds(guards, LAYERS[i].word))
			without |= LAYERS[i].guard;
	return without;
}

/* Each word is a layer's. */
static void expect_known(const char *name, const char *guards)
{
	char *words = text_copy(guards), *rest = words;

	for (const char *word; (word = strsep(&rest, "+"));) {
		bool known = false;
		for (size_t i = 0; i < LAYER_COUNT; i++)
			known = known || strcmp(LAYERS[i].word, word) == 0;
		ck_assert_msg(known, "%s is guarded by '%s'", name, word);
	}
	free(words);
}

static const struct change CALM[] = {{"runs: 100}", "runs: 1}"},
	{"executions: 2000}", "executions: 200}"},
	/* Any function, so that what is called meets the other layers. */
	{"uses: [mp_lock_*", "uses: [\"*\""}};
static const struct change NO_EXPLORER[] = {{"explore, stress", "stress"},
	{"stress, explore", "stress"}, {"[explore]", "[stress]"}};
static const struct change NO_HELGRIND[] = {{", helgrind]", "]"}};

/* Checks that run everything and expect nothing. */
static void blind_checks(const char *folder)
{
	static const char include[] = "#include <interlock/checks.h>\n";
	char *path = path_join(folder, "checks/checks.c");
	char *text = file_get(path);
	const char *at = strstr(text, include);

	ck_assert_ptr_nonnull(at);
	at += strlen(include);
	char *blind = text_format(
		"%.*s#define play_expect(condition, ...) ((void)(condition))\n"
		"#define play_expect_equal(a, b, ...) ((void)((a) == (b)))\n%s",
		(int)(at - text), text, at);
	file_put(path, blind);
	free(blind);
	free(text);
	free(path);
}

/* The lab without the stages and checks that are among the guards; made once. */
static char *lab_without(const char *guards)
{
	bool explorer = !holds(guards, "explore");
	bool helgrind = !holds(guards, "helgrind");
	bool checks = !holds(guards, "checks");
	struct error error;
	char *name = text_format("lab%s%s%s", explorer ? "-explore" : "",
		helgrind ? "-helgrind" : "", checks ? "-checks" : "");
	char *folder = scratch_path("%s", name);

	if (access(folder, F_OK) != 0) {
		ck_assert_int_eq(folder_copy(LAB, folder, &error), 0);
		change_lab(name, CALM, 3);
		if (!explorer)
			change_lab(name, NO_EXPLORER, 3);
		if (!helgrind)
			change_lab(name, NO_HELGRIND, 1);
		if (!checks)
			blind_checks(folder);
	}
	free(name);
	return folder;
}

/* The lab with these guards left out, open for all submissions that ask for the same in a row. */
static struct {
	char *guards; /* NULL: none is open */
	struct lab *lab;
	struct workshop *workshop;
	struct grade_options options;
} opened;

static void close_lab(void)
{
	workshop_close(opened.workshop);
	lab_close(opened.lab);
	free(opened.guards);
	opened.guards = NULL;
}

static void open_lab_without(const char *guards)
{
	struct error error = {""};

	if (opened.guards && strcmp(opened.guards, guards) == 0)
		return;
	if (opened.guards)
		close_lab();
	char *folder = lab_without(guards);
	opened.options = (struct grade_options){.compiler = "gcc",
		.tier = box_probe(&error),
		.secret = 1,
		.without = guards_of(guards)};
	opened.lab = lab_open(folder, &error);
	ck_assert_msg(opened.lab != NULL, "%s", error.message);
	opened.workshop = workshop_open(opened.lab, &opened.options, &error);
	ck_assert_msg(opened.workshop != NULL, "%s", error.message);
	opened.guards = text_copy(guards);
	free(folder);
}

/* The result, or NULL and an error where it cannot be graded. */
static struct result *grade_without(
	const char *class, const char *name, const char *guards, struct error *error)
{
	char *path = scratch_path("%s/%s", class, name);

	open_lab_without(guards);
	struct result *result = grade(opened.workshop, path, name, error);
	free(path);
	return result;
}

/* The text in what came of a submission, as it is before any report escapes it. */
static bool shows(const struct result *result, const char *text)
{
	for (size_t i = 0; i < result->criterion_count; i++)
		for (size_t k = 0; k < result->criteria[i].evidence_count; k++) {
			const struct evidence *evidence =
				&result->criteria[i].evidence[k];
			if ((evidence->detail && strstr(evidence->detail, text)) ||
				(evidence->output && strstr(evidence->output, text)))
				return true;
		}
	return false;
}

/* Nothing is held against it. */
static bool is_unharmed(const struct result *result)
{
	for (size_t i = 0; i < result->criterion_count; i++)
		if (result->criteria[i].verdict == VERDICT_FAIL)
			return false;
	return true;
}

/* Whether named shared memory was left on the host; it is removed. */
static bool left_memory(void)
{
	DIR *folder = opendir("/dev/shm");
	struct dirent *entry;
	bool left = false;

	while (folder && (entry = readdir(folder)))
		if (strncmp(entry->d_name, "interlock-left-", 15) == 0) {
			left = true;
			ck_assert_int_eq(unlinkat(dirfd(folder), entry->d_name, 0), 0);
		}
	if (folder)
		closedir(folder);
	return left;
}

/* What still speaks against it, for who has to find out why. */
static void say_what_holds(const char *name, const struct result *result)
{
	for (size_t i = 0; i < result->criterion_count; i++)
		for (size_t k = 0; k < result->criteria[i].evidence_count; k++)
			fprintf(stderr, "%s: %s: %s\n", name, result->criteria[i].name,
				result->criteria[i].evidence[k].reason);
}

/* A cheat's success: it loses no points; or it has read what was hidden from it; or, of those
 * that attack and then do the work, its attack spoils its own result or the grading. */
static bool cheat_succeeds(const struct hostile *cheat, const char *guards)
{
	struct error error = {""};
	struct result *result = grade_without("class", cheat->name, guards, &error);
	bool works = strcmp(cheat->verdict, "pass") == 0;

	ck_assert_msg(result || works, "%s: %s", cheat->name, error.message);
	if (!result)
		return true;
	bool unharmed = is_unharmed(result);
	bool succeeds = unharmed || shows(result, "canary is well");

	if (holds(guards, "escape"))
		succeeds = shows(result, "\033") || shows(result, "\n::error");
	else if (strcmp(cheat->name, "left-memory") == 0)
		succeeds = left_memory();
	else if (works)
		succeeds = !unharmed;
	if (!succeeds)
		say_what_holds(cheat->name, result);
	result_free(result);
	return succeeds;
}

static void print_row(const char *name, const char *guards, bool succeeds)
{
	char *valid = text_valid(name, strlen(name));
	char *shown = text_visible(valid);

	if (prints && why_unguarded(name))
		printf("%-20.20s %s\n", shown, why_unguarded(name));
	else if (prints)
		printf("%-20.20s %-36s %s\n", shown, guards,
			succeeds ? "X" : "- (nothing came of it)");
	if (prints)
		fflush(stdout);
	free(shown);
	free(valid);
}

static void prepare(void)
{
	scratch_make();
	world_open(&world);
	defines = world_defines(&world);
}

static void put_away(void)
{
	free(defines);
	world_close(&world);
	scratch_remove();
}

/* Those that hold a layer which none before them needed. */
static bool shows_a_layer(const struct hostile *cheat, bool *shown)
{
	bool fresh = false;

	for (size_t i = 0; i < LAYER_COUNT; i++)
		if (!shown[i] && holds(cheat->guards, LAYERS[i].word))
			fresh = shown[i] = true;
	return fresh;
}

/* Whether the cheat succeeds; and whether its row says what guards against it. */
static bool try_cheat(const struct hostile *cheat)
{
	bool none = strcmp(cheat->guards, "none") == 0;

	ck_assert_msg(none == (why_unguarded(cheat->name) != NULL),
		"%s: no row says why nothing guards, or one too many", cheat->name);
	if (!none)
		expect_known(cheat->name, cheat->guards);
	add_submission("class", "cheats", cheat->name);
	bool succeeds = none || cheat_succeeds(cheat, cheat->guards);
	print_row(cheat->name, cheat->guards, succeeds);
	if (!succeeds)
		fprintf(stderr, "%s achieves nothing without %s\n", cheat->name,
			cheat->guards);
	return succeeds;
}

static int in_order_of_guards(const void *left, const void *right)
{
	const struct hostile *one = left, *other = right;
	int order = strcmp(one->guards, other->guards);

	return order ? order : strcmp(one->name, other->name);
}

START_TEST(a_cheat_of_each_layer_succeeds_without_its_guards)
{
	struct hostile list[MOST];
	bool shown[LAYER_COUNT] = {false};
	size_t count = hostile_list(HOSTILE_FOLDER "manifest.cheats", list, MOST);

	for (size_t i = 0; i < count; i++)
		if (shows_a_layer(&list[i], shown))
			ck_assert(try_cheat(&list[i]));
	for (size_t i = 0; i < LAYER_COUNT; i++)
		ck_assert_msg(shown[i] || LAYERS[i].guard == GUARD_INTAKE ||
				      LAYERS[i].guard ==
					      GUARD_BRANCHES, /* in test_hostile_labs */
			"no cheat needs %s to be left out", LAYERS[i].word);
	close_lab();
}
END_TEST

START_LONG_TEST(every_cheat_succeeds_without_its_guards,
	a_cheat_of_each_layer_succeeds_without_its_guards)
{
	struct hostile list[MOST];
	size_t count = hostile_list(HOSTILE_FOLDER "manifest.cheats", list, MOST);
	size_t wrong = 0;

	if (!prints)
		qsort(list, count, sizeof(*list), in_order_of_guards);
	for (size_t i = 0; i < count; i++)
		if (is_wanted(list[i].name))
			wrong += !try_cheat(&list[i]);
	ck_assert_uint_eq(wrong, 0);
	close_lab();
}
END_TEST

static bool xml_takes(const char *name)
{
	char *text = text_format("<name of=\"%s\">%s</name>", name, name);
	xmlDoc *document = xmlReadMemory(text, (int)strlen(text), "name", NULL,
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	bool takes = document != NULL;

	xmlFreeDoc(document);
	free(text);
	return takes;
}

/* Whether a name does something where it is used as it is: to a terminal, a CI system that
 * obeys lines, XML, a shell, an argument list, a format, a spreadsheet, a path. */
static bool name_bites(const char *name)
{
	char *valid = text_valid(name, strlen(name));
	char *visible = text_visible(valid);
	bool bites = strcmp(visible, name) != 0 || strstr(name, "::error") ||
		     !xml_takes(name) || strpbrk(name, "$`") || name[0] == '-' ||
		     strstr(name, "%n") || name[0] == '=' ||
		     strlen(name) + strlen("/result.json") > 255;

	free(visible);
	free(valid);
	return bites;
}

/* Everything that another grader would take: its Makefile is obeyed. */
static bool own_build_bites(void)
{
	char *folder = scratch_path("kinds/own-build");
	struct ran ran = run_program(
		(const char *const[]){"/usr/bin/make", "-s", "-C", folder, NULL});
	char *text = file_get(world.canary);
	bool changed = strcmp(text, WORLD_TEXT) != 0;
	struct error error;

	ran_release(&ran);
	ck_assert_int_eq(
		file_replace(world.canary, WORLD_TEXT, strlen(WORLD_TEXT), &error), 0);
	ck_assert_int_eq(chmod(world.canary, 0666), 0);
	free(text);
	free(folder);
	return changed;
}

/* Whether the file has come into the submission that is graded. */
static bool gets_in(const struct kind *kind, const char *guards)
{
	struct error error = {""};
	struct result *result = grade_without("kinds", kind->name, guards, &error);

	ck_assert_msg(result != NULL, "%s: %s", kind->name, error.message);
	bool in = result->file_count == 1;

	result_free(result);
	return in;
}

static bool is_file(const struct kind *kind)
{
	return kind->shape != KIND_HONEST && kind->shape != KIND_OWN_BUILD;
}

/* Once intake is left out; the caller has seen that else it does not get in. */
static bool kind_succeeds(const struct kind *kind)
{
	if (kind->shape == KIND_HONEST)
		return name_bites(kind->name);
	if (kind->shape == KIND_OWN_BUILD)
		return own_build_bites();
	return gets_in(kind, "intake+explore+helgrind");
}

/* Names are guarded by how they are written; files by how they are taken in. */
static const char *guards_of_kind(const struct kind *kind)
{
	return kind->shape == KIND_HONEST      ? "escape"
	       : kind->shape == KIND_OWN_BUILD ? "ours are used: headers, build"
					       : "intake";
}

START_TEST(every_file_gets_in_without_its_guard)
{
	char *class = scratch_path("kinds");
	char *neighbour = scratch_path("kinds/neighbour-right/account.c");
	char *honest = file_get(LAB "/solution/account.c");
	size_t wrong = 0;

	file_put(neighbour, honest);
	kinds_make(class, &world, honest);
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (is_file(&KINDS[i]) && is_wanted(KINDS[i].name) &&
			!why_unguarded(KINDS[i].name))
			ck_assert_msg(!gets_in(&KINDS[i], "explore+helgrind"),
				"%s gets in past intake", KINDS[i].name);
	for (size_t i = 0; i < KIND_COUNT; i++) {
		bool none = why_unguarded(KINDS[i].name) != NULL;
		if (!is_wanted(KINDS[i].name))
			continue;
		bool succeeds = none || kind_succeeds(&KINDS[i]);
		print_row(KINDS[i].name, guards_of_kind(&KINDS[i]), succeeds);
		if (!succeeds)
			fprintf(stderr, "%s achieves nothing\n", KINDS[i].name);
		wrong += !succeeds;
	}
	ck_assert_uint_eq(wrong, 0);
	close_lab();
	free(honest);
	free(neighbour);
	free(class);
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite = suite_create("hostile layers");
	TCase *layers = tcase_create("layers");
	SRunner *runner;
	int failed;

	prints = argc > 1 && strcmp(argv[1], "--table") == 0;
	if (prints) {
		only = argv + 2;
		setenv("INTERLOCK_LONG", "1", 1); /* the whole table */
	}
	tcase_add_unchecked_fixture(layers, prepare, put_away);
	tcase_set_timeout(layers, 3600);
	add_short_test(layers, a_cheat_of_each_layer_succeeds_without_its_guards, 0, 1);
	add_long_test(layers, every_cheat_succeeds_without_its_guards, 0, 1);
	if (prints || !is_long_run())
		tcase_add_test(layers, every_file_gets_in_without_its_guard);
	suite_add_tcase(suite, layers);
	runner = srunner_create(suite);
	if (prints)
		printf("%-20s %-36s %s\n", "", "layers that guard", "without them");
	srunner_run_all(runner, prints ? CK_SILENT : CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	if (prints && !failed)
		puts("X: with these layers off it gets its points, or gets in.");
	srunner_free(runner);
	return failed ? 1 : 0;
}
