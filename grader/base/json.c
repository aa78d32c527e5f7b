/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

json_t *json_require(json_t *value)
{
	if (!value)
		memory_exhausted();
	return value;
}

static json_t *own_text(char *text)
{
	json_t *value = json_require(json_string(text));

	free(text);
	return value;
}

json_t *json_text(const char *text)
{
	return own_text(text_valid(text, strlen(text)));
}

json_t *json_seen(const char *text)
{
	return own_text(text_visible(text));
}

void json_put(json_t *object, const char *key, json_t *value)
{
	if (value && json_object_set_new(object, key, value))
		memory_exhausted();
}

void json_push(json_t *array, json_t *value)
{
	if (value && json_array_append_new(array, value))
		memory_exhausted();
}

static char *print(json_t *value, size_t flags)
{
	char *text = json_dumps(value, flags | JSON_ENCODE_ANY | JSON_REAL_PRECISION(10));

	json_decref(value);
	if (!text)
		memory_exhausted();
	return text;
}

char *json_print(json_t *value)
{
	struct buffer text = {0};

	buffer_own(&text, print(value, JSON_INDENT(2)));
	buffer_text(&text, "\n");
	return buffer_take(&text);
}

char *json_print_line(json_t *value)
{
	return print(value, JSON_COMPACT);
}
