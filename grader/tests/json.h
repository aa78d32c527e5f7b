/* SPDX-License-Identifier: MIT */
/*
 * JSON that a report is made of, read by a parser that is not ours.
 *
 *	json_t *log = json_of(format_sarif(result, &options, &error));
 *	ck_assert_str_eq(text_of(log, "version"), "2.1.0");
 *	json_decref(log);
 */
#ifndef INTERLOCK_TESTS_JSON_H
#define INTERLOCK_TESTS_JSON_H

#include <check.h>
#include <jansson.h>
#include <stdlib.h>

/* The text's value; the text is freed. */
static inline json_t *json_of(char *text)
{
	json_error_t problem;
	json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &problem);

	ck_assert_msg(value != NULL, "%s in:\n%s", problem.text, text);
	free(text);
	return value;
}

/* The member's text; "" if it is none. */
static inline const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static inline json_int_t number_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	ck_assert_msg(json_is_integer(value), "%s is no whole number", key);
	return json_integer_value(value);
}

#endif
