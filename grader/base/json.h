/* SPDX-License-Identifier: MIT */
/*
 * Building JSON with jansson where only memory can run out, which ends the program.
 *
 *	json_t *test = json_require(json_object());
 *	json_put(test, "name", json_seen(criterion->title));
 *	json_put(test, "score", json_require(json_integer(criterion->points)));
 *	char *text = json_print(test);
 */
#ifndef INTERLOCK_BASE_JSON_H
#define INTERLOCK_BASE_JSON_H

#include <jansson.h>

/* The value itself, unless it is NULL for lack of memory. */
json_t *json_require(json_t *value);

/* A text as it is, made valid UTF-8; and one for people's eyes (see text_visible). */
json_t *json_text(const char *text);
json_t *json_seen(const char *text);

/* Sets a member, appends an element; the object or array takes the value over. A NULL
 * value sets nothing. */
void json_put(json_t *object, const char *key, json_t *value);
void json_push(json_t *array, json_t *value);

/* The whole value in indented lines, the last one ended, too; the caller frees the text. The value is released. */
char *json_print(json_t *value);

/* The same on one line that is not ended. */
char *json_print_line(json_t *value);

#endif
