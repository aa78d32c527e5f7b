/* SPDX-License-Identifier: MIT */
/*
 * Three steps: the hand-ins are listed; each person of the roster claims his or her own; then the
 * results are read, and of several hand-ins of one person that one counts which the policy says.
 */
#include "class/roll.h"

#include "base/memory.h"
#include "class/moment.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void add_note(struct roll *roll, char *note)
{
	text_replace(&roll->notes, "%s%s\n", roll->notes, note);
	free(note);
}

static bool handed_is(const struct handed *handed, const char *text)
{
	size_t length = strlen(text);

	if (length == 0)
		return false;
	if (strcasecmp(handed->student, text) == 0)
		return true;
	for (const char *id = handed->ids; *id; id += *id != '\0') {
		size_t own = strcspn(id, "\t\n");
		if (own == length && strncasecmp(id, text, length) == 0)
			return true;
		id += own;
	}
	return false;
}

bool member_is(const struct member *member, const char *text)
{
	const struct person *person = member->person;

	if (!*text)
		return false;
	if (person && (strcasecmp(person->id, text) == 0 ||
			      strcasecmp(person->login, text) == 0 ||
			      strcasecmp(person->email, text) == 0 ||
			      strcasecmp(person->name, text) == 0))
		return true;
	/* What a group handed in has the ids of all of them. */
	bool alone = !person || !member->handed || !strchr(member->handed->ids, '\n');
	return member->handed && alone && (!person || !*person->group) &&
	       handed_is(member->handed, text);
}

const char *member_name(const struct member *member)
{
	return member->person ? person_name(member->person) : member->handed->student;
}

static int list_hand_in(void *context, const struct hand_in *hand_in,
	struct result *result, struct error *error)
{
	struct roll *roll = context;

	(void)result;
	(void)error;
	roll->hand_ins = memory_grow(
		roll->hand_ins, roll->hand_in_count + 1, sizeof(*roll->hand_ins));
	roll->hand_ins[roll->hand_in_count++] = (struct handed){
		.student = text_copy(hand_in->student),
		.path = text_copy(hand_in->path),
		.handed_in = text_copy(hand_in->handed_in),
		.ids = text_copy(hand_in->ids),
	};
	return 0;
}

/* Which hand-ins are whose: a line of flags for each person. */
static bool *claim_of(const struct roll *roll, bool *claims, size_t person)
{
	return claims + person * roll->hand_in_count;
}

/* A name that two have is nobody's. */
static bool name_is_unique(const struct roster *roster, size_t person)
{
	for (size_t i = 0; i < roster->count; i++)
		if (i != person && strcasecmp(roster->persons[i].name,
					   roster->persons[person].name) == 0)
			return false;
	return true;
}

static void claim_own(const struct roll *roll, bool *claims, size_t index)
{
	const struct person *person = &roll->roster.persons[index];
	const char *name = name_is_unique(&roll->roster, index) ? person->name : "";
	bool *own = claim_of(roll, claims, index);

	for (size_t i = 0; i < roll->hand_in_count; i++) {
		const struct handed *handed = &roll->hand_ins[i];
		own[i] = handed_is(handed, person->id) ||
			 handed_is(handed, person->login) ||
			 handed_is(handed, person->email) || handed_is(handed, name) ||
			 (*person->group &&
				 strcasecmp(handed->student, person->group) == 0);
	}
}

/* What one of a group handed in is of all of it. */
static void claim_of_group(const struct roll *roll, bool *claims, size_t index)
{
	const struct person *persons = roll->roster.persons;

	for (size_t i = 0; i < roll->roster.count; i++) {
		if (i == index || !*persons[index].group ||
			strcasecmp(persons[i].group, persons[index].group) != 0)
			continue;
		for (size_t k = 0; k < roll->hand_in_count; k++)
			claim_of(roll, claims, i)[k] |= claim_of(roll, claims, index)[k];
	}
}

static bool *claim_all(struct roll *roll)
{
	bool *claims =
		memory_new(roll->roster.count * roll->hand_in_count + 1, sizeof(*claims));

	for (size_t i = 0; i < roll->roster.count; i++)
		claim_own(roll, claims, i);
	for (size_t i = 0; i < roll->roster.count; i++)
		claim_of_group(roll, claims, i);
	for (size_t i = 0; i < roll->roster.count; i++)
		for (size_t k = 0; k < roll->hand_in_count; k++)
			roll->hand_ins[k].claimed |= claim_of(roll, claims, i)[k];
	for (size_t k = 0; roll->roster.count > 0 && k < roll->hand_in_count; k++)
		if (!roll->hand_ins[k].claimed)
			add_note(roll,
				text_format(
					"%s is not in the roster, or not by an id that "
					"it has.",
					roll->hand_ins[k].student));
	return claims;
}

static long full_points(const struct result *result)
{
	long sum = 0;

	for (size_t i = 0; i < result->criterion_count; i++)
		sum += result->criteria[i].max_points;
	return sum;
}

static const char *due_of(const struct roll *roll, const struct person *person)
{
	return person ? person->due : roll->policy.due;
}

/* The student reads in the report what lateness costs. */
static void note_lateness(
	const struct roll *roll, const struct person *person, const struct handed *handed)
{
	struct lateness lateness =
		lateness_of(&roll->policy, due_of(roll, person), handed->handed_in);

	if (lateness.kind != LATENESS_LATE)
		return;
	char *span = moment_span(lateness.seconds);
	char *note = text_format(
		"%s handed in %s after it was due: %ld%% of the points are "
		"taken off.",
		person ? person_name(person) : handed->student, span, lateness.penalty);
	result_add_notice(handed->result, note);
	free(note);
	free(span);
}

static void drop_schedules(struct result *result)
{
	for (size_t i = 0; i < result->criterion_count; i++)
		for (size_t k = 0; k < result->criteria[i].evidence_count; k++) {
			free(result->criteria[i].evidence[k].schedule);
			result->criteria[i].evidence[k].schedule = NULL;
		}
}

struct reading {
	struct roll *roll;
	bool *claims;
	const struct roll_visitor *visitor;
	size_t next;
};

/* They come in the order in which they were listed. */
static int read_result(void *context, const struct hand_in *hand_in,
	struct result *result, struct error *error)
{
	struct reading *reading = context;
	struct roll *roll = reading->roll;
	size_t index = reading->next++;
	struct handed *handed = &roll->hand_ins[index];
	int status = 0;

	(void)hand_in;
	handed->result = result;
	if (!handed->claimed)
		note_lateness(roll, NULL, handed);
	for (size_t i = 0; handed->claimed && i < roll->roster.count; i++)
		if (claim_of(roll, reading->claims, i)[index])
			note_lateness(roll, &roll->roster.persons[i], handed);
	if (reading->visitor)
		status =
			reading->visitor->visit(reading->visitor->context, result, error);
	drop_schedules(result);
	return status;
}

static struct member member_of(const struct roll *roll, const struct person *person,
	const struct handed *handed, const struct result *result)
{
	struct member member = {.person = person,
		.handed = handed,
		.result = result,
		.due = due_of(roll, person),
		.full = full_points(result)};

	member.lateness =
		lateness_of(&roll->policy, member.due, handed ? handed->handed_in : "");
	member.judged =
		result->verdict == VERDICT_PASS || result->verdict == VERDICT_FAIL;
	member.points = (double)result->points -
			(double)(member.full * member.lateness.penalty) / 100;
	if (member.points < 0)
		member.points = 0;
	return member;
}

/* Whether the other one counts instead. */
static bool counts_more(
	const struct roll *roll, const struct member *one, const struct member *other)
{
	long long first = 0, second = 0;

	if (!roll->policy.best && moment_read(one->handed->handed_in, &first) &&
		moment_read(other->handed->handed_in, &second))
		return second > first;
	return other->points > one->points;
}

static void add_person(struct roll *roll, const bool *own, const struct person *person)
{
	struct member *member = &roll->members[roll->count++];
	size_t tries = 0;
	bool times = true;

	for (size_t i = 0; i < roll->hand_in_count; i++) {
		if (!own[i])
			continue;
		const struct handed *handed = &roll->hand_ins[i];
		struct member found = member_of(roll, person, handed, handed->result);
		times &= strcmp(handed->handed_in, "unknown") != 0;
		if (tries++ == 0 || counts_more(roll, member, &found))
			*member = found;
	}
	if (tries > 1)
		add_note(roll,
			text_format("%s handed in %zu times: %s counts, the %s one.%s",
				person_name(person), tries, member->handed->student,
				times && !roll->policy.best ? "newest" : "best",
				times || roll->policy.best
					? ""
					: " When they were handed in is not known."));
	if (tries == 0)
		*member = member_of(roll, person, NULL, roll->absences[roll->absent++]);
}

static int add_absence(struct roll *roll, struct database *database, const char *lab,
	const struct person *person, size_t count, struct error *error)
{
	struct result *result = database_nothing(database, lab, error);

	if (!result)
		return -1;
	text_replace(&result->submission, "%s", person_name(person));
	roll->absences =
		memory_grow((void *)roll->absences, count + 1, sizeof(struct result *));
	roll->absences[count] = result;
	return 0;
}

static bool handed_in_nothing(const struct roll *roll, const bool *own)
{
	for (size_t i = 0; i < roll->hand_in_count; i++)
		if (own[i])
			return false;
	return true;
}

static void note_unknown(struct roll *roll)
{
	size_t unknown = 0;

	for (size_t i = 0; i < roll->count; i++)
		unknown += roll->members[i].lateness.kind == LATENESS_UNKNOWN;
	if (unknown > 0)
		add_note(roll,
			text_format(
				"Of %zu of %zu it is not known when they handed in; they "
				"have no penalty.",
				unknown, roll->count));
}

static int call_roll(struct roll *roll, bool *claims, struct database *database,
	const char *lab, struct error *error)
{
	size_t absences = 0;

	roll->members = memory_new(
		roll->roster.count + roll->hand_in_count + 1, sizeof(*roll->members));
	for (size_t i = 0; i < roll->roster.count; i++)
		if (handed_in_nothing(roll, claim_of(roll, claims, i)) &&
			add_absence(roll, database, lab, &roll->roster.persons[i],
				absences++, error))
			return -1;
	for (size_t i = 0; i < roll->roster.count; i++)
		add_person(roll, claim_of(roll, claims, i), &roll->roster.persons[i]);
	for (size_t i = 0; i < roll->hand_in_count; i++)
		if (!roll->hand_ins[i].claimed)
			roll->members[roll->count++] = member_of(
				roll, NULL, &roll->hand_ins[i], roll->hand_ins[i].result);
	note_unknown(roll);
	return 0;
}

int roll_read(struct roll *roll, struct database *database, const char *lab,
	const struct roll_visitor *visitor, struct error *error)
{
	*roll = (struct roll){.notes = text_copy("")};
	if (policy_load(&roll->policy, database, lab, error) ||
		roster_load(&roll->roster, database, lab, error) ||
		database_each_hand_in(database, lab, list_hand_in, roll, error))
		return -1;
	bool *claims = claim_all(roll);
	struct reading reading = {roll, claims, visitor, 0};
	int status = database_each(database, lab, read_result, &reading, error);
	if (status == 0)
		status = call_roll(roll, claims, database, lab, error);
	free(claims);
	return status;
}

void roll_release(struct roll *roll)
{
	for (size_t i = 0; i < roll->hand_in_count; i++) {
		free(roll->hand_ins[i].student);
		free(roll->hand_ins[i].path);
		free(roll->hand_ins[i].handed_in);
		free(roll->hand_ins[i].ids);
		result_free(roll->hand_ins[i].result);
	}
	for (size_t i = 0; i < roll->absent; i++)
		result_free(roll->absences[i]);
	free(roll->hand_ins);
	free((void *)roll->absences);
	free(roll->members);
	free(roll->notes);
	roster_release(&roll->roster);
	*roll = (struct roll){0};
}
