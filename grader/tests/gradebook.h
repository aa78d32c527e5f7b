/* SPDX-License-Identifier: MIT */
/*
 * A class that was graded, without grading: its hand-ins and their verdicts are put straight into
 * its database.
 *
 *	struct graded alice = {.student = "alice", .verdict = VERDICT_PASS};
 *	struct made_class made = make_class("out", &alice, 1);
 */
#ifndef INTERLOCK_TESTS_GRADEBOOK_H
#define INTERLOCK_TESTS_GRADEBOOK_H

#include "tiny.h"

#include "class/database.h"
#include "class/roll.h"

struct graded {
	const char *student, *path, *handed_in, *ids;
	enum verdict
		verdict; /* of the criterion worth nine points; the other one is passed */
};

struct made_class {
	struct lab *lab;
	char *folder; /* of its reports */
	struct database *database;
};

static inline struct result *made_result(const struct lab *lab, const struct graded *one)
{
	struct result *result = result_new(lab, one->student);

	evidence_set_reason(result_add_evidence(result, 0, STAGE_BUILD, VERDICT_PASS),
		"It compiles.");
	evidence_set_reason(result_add_evidence(result, 1, STAGE_STRESS, one->verdict),
		"It gives %s.", one->student);
	result_score(result, lab);
	return result;
}

static inline struct key made_key(const char *student)
{
	struct key key;

	snprintf(key.text, sizeof(key.text), "key of %.40s", student);
	return key;
}

static inline struct made_class make_class(
	const char *name, const struct graded *graded, size_t count)
{
	struct error error = {""};
	char *folder = text_format("%s-lab", name);
	char *lab = tiny_lab(folder);
	struct made_class made = {
		.lab = lab_open(lab, &error), .folder = scratch_path("%s", name)};
	struct hand_in *hand_ins = memory_new(count + 1, sizeof(*hand_ins));
	struct key *keys = memory_new(count + 1, sizeof(*keys));

	ck_assert_msg(made.lab != NULL, "%s", error.message);
	made.database = database_open(made.folder, DATABASE_MAKE, &error);
	ck_assert_msg(made.database != NULL, "%s", error.message);
	for (size_t i = 0; i < count; i++) {
		keys[i] = made_key(graded[i].student);
		hand_ins[i] = (struct hand_in){.student = graded[i].student,
			.path = graded[i].path ? graded[i].path : graded[i].student,
			.handed_in =
				graded[i].handed_in ? graded[i].handed_in : "unknown",
			.ids = graded[i].ids ? graded[i].ids : "",
			.note = "",
			.key = &keys[i]};
	}
	ck_assert_msg(
		database_list(made.database, made.lab, hand_ins, count, &error) == 0,
		"%s", error.message);
	for (size_t i = 0; i < count; i++) {
		struct result *result = made_result(made.lab, &graded[i]);
		ck_assert_int_eq(
			database_keep(made.database, &keys[i], result, &error), 0);
		result_free(result);
	}
	free(keys);
	free(hand_ins);
	free(lab);
	free(folder);
	return made;
}

static inline void made_release(struct made_class *made)
{
	database_close(made->database);
	lab_close(made->lab);
	free(made->folder);
}

static inline struct roll made_roll(const struct made_class *made)
{
	struct error error = {""};
	struct roll roll;

	ck_assert_msg(roll_read(&roll, made->database, "tiny", NULL, &error) == 0, "%s",
		error.message);
	return roll;
}

#endif
