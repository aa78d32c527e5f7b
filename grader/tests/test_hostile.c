/* SPDX-License-Identifier: MIT */
/*
 * Every attack of hostile/attacks fails in every tier, and succeeds in the same box when
 * the layers that guard against it are left out: then it was they that held it.
 *
 * With --table as its argument the program prints which layers those are.
 */
#include "base/temporary.h"
#include "hostile/world.h"
#include "sandbox/box.h"

#include <check.h>

#define ATTACKS "grader/tests/hostile/attacks"
#define MANIFEST "grader/tests/hostile/manifest"

enum { MOST = 128, SUCCEEDED = 10, FAILED = 11 };

static struct world world;
static char *programs; /* a folder */
static struct hostile attacks[MOST];
static bool possible[MOST]; /* on this kernel, with no box at all */
static size_t attack_count;
static bool works[BOX_TIER_D]; /* each tier */

static const struct {
	const char *name;
	unsigned layer;
} LAYERS[] = {
	{"drop", BOX_LAYER_DROP},
	{"files", BOX_LAYER_FILES},
	{"network", BOX_LAYER_NETWORK},
	{"landlock", BOX_LAYER_LANDLOCK},
	{"seccomp", BOX_LAYER_SECCOMP},
	{"rlimits", BOX_LAYER_RLIMITS},
	{"memory", BOX_LAYER_MEMORY},
	{"watch", BOX_LAYER_WATCH},
	{"descriptors", BOX_LAYER_DESCRIPTORS},
	{"environment", BOX_LAYER_ENVIRONMENT},
	{"capabilities", BOX_LAYER_CAPABILITIES},
};
#define LAYER_COUNT (sizeof(LAYERS) / sizeof(LAYERS[0]))

static bool guarded_by(const struct hostile *attack, const char *layer)
{
	size_t length = strlen(layer);
	const char *at = attack->guards;

	for (; (at = strstr(at, layer)); at += length)
		if ((at == attack->guards || at[-1] == '+') &&
			(at[length] == '\0' || at[length] == '+'))
			return true;
	return false;
}

static unsigned guards_of(const struct hostile *attack)
{
	unsigned layers = 0;

	for (size_t i = 0; i < LAYER_COUNT; i++)
		if (guarded_by(attack, LAYERS[i].name))
			layers |= LAYERS[i].layer;
	return layers;
}

/* An attack may linger until a sampled limit notices it, if there is one to notice. */
static void compile(const struct hostile *attack)
{
	struct error error = {""};
	char *defines = world_defines(&world);
	char *source = text_format("%s/%s.c", ATTACKS, attack->name);
	char *body = file_read(source, 1 << 20, NULL, &error);
	char *whole, *path, *output;

	MUST(body);
	whole = text_format("#define _GNU_SOURCE\n%s"
			    "#define BALLOON_MB 200\n#define DISK_MB 48\n"
			    "#define IN_CLASS 0\n"
			    "static unsigned linger_seconds;\n%s\n"
			    "int main(int argc, char **argv)\n{\n"
			    "\t(void)argv;\n"
			    "\tlinger_seconds = argc > 1 ? 30 : 0;\n"
			    "\treturn attack() ? %d : %d;\n}\n",
		defines, body, SUCCEEDED, FAILED);
	path = text_format("%s/%s.c", programs, attack->name);
	output = text_format("%s/%s", programs, attack->name);
	MUST_EQUAL(file_replace(path, whole, strlen(whole), &error), 0);
	const char *const argv[] = {"/usr/bin/gcc", "-w", "-o", output, path, NULL};
	struct box_options options = {.argv = argv, .trusted = true};
	struct box_result result;
	MUST_EQUAL(box_run(&options, &result, &error), 0);
	if (result.status.code != 0)
		fputs(result.output, stderr);
	MUST_EQUAL(result.status.code, 0);
	box_result_release(&result);
	free(defines);
	free(source);
	free(body);
	free(whole);
	free(path);
	free(output);
}

/* What this kernel cannot do at all, box or no box, proves nothing. */
static bool is_possible_here(const struct hostile *attack)
{
	char *program = text_format("%s/%s", programs, attack->name);
	const char *const argv[] = {program, NULL};
	struct box_options options = {.argv = argv,
		.trusted = true,
		.without = BOX_LAYERS_ALL & ~(unsigned)BOX_LAYER_PROCESSES};
	struct error error;
	struct box_result result;
	bool succeeded;

	MUST_EQUAL(box_run(&options, &result, &error), 0);
	succeeded = result.status.code == SUCCEEDED;
	box_result_release(&result);
	free(program);
	return succeeded;
}

static void open_all(void)
{
	struct error error;

	world_open(&world);
	programs = folder_make_temporary(&error);
	MUST(programs);
	MUST_EQUAL(chmod(programs, 0755), 0);
	for (int tier = BOX_TIER_A; tier < BOX_TIER_D; tier++)
		works[tier] = box_tier_works((enum box_tier)tier, &error);
	attack_count = hostile_list(MANIFEST, attacks, MOST);
	for (size_t i = 0; i < attack_count; i++) {
		compile(&attacks[i]);
		possible[i] = is_possible_here(&attacks[i]);
	}
}

static void close_all(void)
{
	struct error error;

	world_close(&world);
	MUST_EQUAL(folder_remove(programs, &error), 0);
	free(programs);
}

/* Runs the attack without some layers; whether it achieved what it wanted. */
static bool succeeds(const struct hostile *attack, enum box_tier tier, unsigned without)
{
	char *program = text_format("%s/%s", programs, attack->name);
	const char *const argv[] = {program, without ? NULL : "linger", NULL};
	const struct box_bind bind = {programs, false};
	/* The limits that an attack is not about are out of its reach on any machine. */
	bool sleeper = strcmp(attack->name, "sleeper") == 0;
	bool spinner = strcmp(attack->name, "spinner") == 0;
	struct box_options options = {.argv = argv,
		.binds = &bind,
		.bind_count = 1,
		.tier = tier,
		.without = without,
		.limits = {.cpu_seconds = spinner ? 1 : 60,
			.wall_ms = sleeper ? 300 : 300000,
			.memory_bytes = 100 << 20,
			.disk_bytes = 32 << 20,
			.processes = 64}};
	struct error error = {""};
	struct box_result result;
	bool succeeded;

	if (box_run(&options, &result, &error)) {
		fprintf(stderr, "%s in tier %s: %s\n", attack->name, box_tier_name(tier),
			error.message);
		exit(1);
	}
	succeeded = !result.status.signalled && result.status.code == SUCCEEDED &&
		    result.status.limit == BOX_LIMIT_NONE;
	box_result_release(&result);
	free(program);
	return succeeded;
}

START_TEST(no_attack_succeeds_in_any_tier)
{
	for (int tier = BOX_TIER_A; tier < BOX_TIER_D; tier++)
		for (size_t i = 0; works[tier] && i < attack_count; i++)
			ck_assert_msg(!succeeds(&attacks[i], (enum box_tier)tier, 0),
				"%s succeeded in tier %s", attacks[i].name,
				box_tier_name((enum box_tier)tier));
	ck_assert(world_is_intact(&world));
}
END_TEST

START_TEST(every_attack_succeeds_without_its_guards)
{
	size_t tried = 0;

	for (size_t i = 0; i < attack_count; i++)
		for (int tier = BOX_TIER_A; tier < BOX_TIER_D; tier++) {
			const char *name = box_tier_name((enum box_tier)tier);

			if (!works[tier] || !strstr(attacks[i].tiers, name) ||
				!possible[i])
				continue;
			tried++;
			ck_assert_msg(succeeds(&attacks[i], (enum box_tier)tier,
					      guards_of(&attacks[i])),
				"%s failed in tier %s although %s was off",
				attacks[i].name, name, attacks[i].guards);
		}
	/* Where namespaces work many attacks bite in several tiers; in a chroot, in one. */
	ck_assert_uint_gt(tried, works[BOX_TIER_B] ? attack_count : attack_count / 2);
	ck_assert(world_is_intact(&world));
}
END_TEST

static void print_table(void)
{
	open_all();
	printf("%-18s", "");
	for (size_t i = 0; i < LAYER_COUNT; i++)
		printf(" %.5s", LAYERS[i].name);
	printf("   all on   guards off\n");
	for (size_t i = 0; i < attack_count; i++) {
		printf("%-18s", attacks[i].name);
		for (size_t layer = 0; layer < LAYER_COUNT; layer++)
			printf(" %-5.5s", guarded_by(&attacks[i], LAYERS[layer].name)
						  ? "guard"
						  : ".");
		fputs("  ", stdout);
		for (int tier = BOX_TIER_A; tier < BOX_TIER_D; tier++)
			printf(" %c", !works[tier] ? '?'
				      : succeeds(&attacks[i], (enum box_tier)tier, 0)
					      ? 'X'
					      : '-');
		fputs("    ", stdout);
		for (int tier = BOX_TIER_A; tier < BOX_TIER_D; tier++)
			printf(" %c", !works[tier] || !strstr(attacks[i].tiers,
							      box_tier_name((
								      enum box_tier)tier))
					      ? ' '
				      : !possible[i] ? '?'
				      : succeeds(&attacks[i], (enum box_tier)tier,
						guards_of(&attacks[i]))
					      ? 'X'
					      : '-');
		putchar('\n');
		fflush(stdout);
	}
	puts("Three columns each: tiers A, B, C. X: the attack succeeded; -: it failed; "
	     "?: "
	     "not possible here.");
	close_all();
}

int main(int argc, char **argv)
{
	Suite *suite = suite_create("hostile");
	TCase *box = tcase_create("box");
	SRunner *runner;
	int failed;

	if (argc > 1 && strcmp(argv[1], "--table") == 0) {
		print_table();
		return 0;
	}
	tcase_add_unchecked_fixture(box, open_all, close_all);
	tcase_set_timeout(box, 600);
	tcase_add_test(box, no_attack_succeeds_in_any_tier);
	tcase_add_test(box, every_attack_succeeds_without_its_guards);
	suite_add_tcase(suite, box);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
