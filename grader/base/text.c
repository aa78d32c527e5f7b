/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define REPLACEMENT "\xEF\xBF\xBD"

enum { MAX_FILE_NAME = 128 };

struct character {
	uint32_t code;
	size_t length; /* bytes it takes, at least 1 */
	bool valid;
};

/* How the first byte of a sequence constrains the rest (Unicode 15, table 3-7). */
static size_t following(unsigned char first, unsigned char *low, unsigned char *high)
{
	*low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
	*high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
	if (first >= 0xC2 && first <= 0xDF)
		return 1;
	if (first >= 0xE0 && first <= 0xEF)
		return 2;
	if (first >= 0xF0 && first <= 0xF4)
		return 3;
	return 0;
}

/* The character at the start of the bytes. An ill-formed one takes the longest part that
 * could have begun a character, so that nothing well-formed behind it is lost. */
static struct character decode(const unsigned char *bytes, size_t left)
{
	unsigned char low;
	unsigned char high;
	size_t more = following(bytes[0], &low, &high);

	if (bytes[0] < 0x80)
		return (struct character){bytes[0], 1, bytes[0] != 0};
	if (more == 0)
		return (struct character){0, 1, false};
	uint32_t code = bytes[0] & (0x3FU >> more);
	for (size_t i = 1; i <= more; i++) {
		if (i >= left || bytes[i] < low || bytes[i] > high)
			return (struct character){0, i, false};
		code = code << 6 | (bytes[i] & 0x3FU);
		low = 0x80;
		high = 0xBF;
	}
	return (struct character){code, more + 1, code != 0xFFFE && code != 0xFFFF};
}

char *text_valid(const void *bytes, size_t length)
{
	const unsigned char *next = bytes;
	struct buffer valid = {0};

	if (!bytes)
		return NULL;
	while (length > 0) {
		struct character character = decode(next, length);
		if (character.valid)
			buffer_add(&valid, next, character.length);
		else
			buffer_text(&valid, REPLACEMENT);
		next += character.length;
		length -= character.length;
	}
	return buffer_take(&valid);
}

/* Not seen on a screen, but able to change what is: C0 and C1 controls, DEL, the
 * bidirectional controls, and the separators that some viewers break lines at. */
static bool is_unseen(uint32_t code)
{
	return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x61C ||
	       code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

static void spell_out(struct buffer *text, uint32_t code)
{
	if (code == '\n')
		buffer_text(text, "\\n");
	else if (code == '\r')
		buffer_text(text, "\\r");
	else if (code < 0x80)
		buffer_print(text, "\\x%02x", (unsigned)code);
	else
		buffer_print(text, "\\u%04x", (unsigned)code);
}

static void add_visible(struct buffer *visible, const char *text, bool one_line)
{
	const unsigned char *next = (const unsigned char *)text;
	size_t left = strlen(text);

	while (left > 0) {
		struct character character = decode(next, left);
		uint32_t code = character.code;
		bool line_end = code == '\r' && left > 1 && next[1] == '\n';

		if (!character.valid)
			buffer_text(visible, REPLACEMENT);
		else if (one_line && code == '\t')
			buffer_text(visible, " ");
		else if (!one_line && (code == '\t' || code == '\n'))
			buffer_add(visible, next, 1);
		else if (is_unseen(code) && !line_end)
			spell_out(visible, code);
		else if (!line_end)
			buffer_add(visible, next, character.length);
		next += character.length;
		left -= character.length;
	}
}

char *text_visible(const char *text)
{
	struct buffer visible = {0};

	if (!text)
		return NULL;
	add_visible(&visible, text, false);
	return buffer_take(&visible);
}

char *text_line(const char *text)
{
	struct buffer visible = {0};

	if (!text)
		return NULL;
	add_visible(&visible, text, true);
	return buffer_take(&visible);
}

/* The end of the last whole character within the first `bytes` bytes. */
static size_t cut_at(const char *text, size_t bytes)
{
	size_t at = bytes;

	while (at > 0 && bytes - at < 4 && ((unsigned char)text[at] & 0xC0) == 0x80)
		at--;
	return ((unsigned char)text[at] & 0xC0) == 0x80 ? bytes : at;
}

char *text_cut(const char *text, size_t bytes)
{
	struct buffer cut = {0};

	if (!text || strlen(text) <= bytes)
		return text_copy(text);
	size_t kept = cut_at(text, bytes);
	buffer_add(&cut, text, kept);
	if (memchr(text, '\n', kept) && text[kept - 1] != '\n')
		buffer_text(&cut, "\n");
	else if (kept > 0 && text[kept - 1] != '\n')
		buffer_text(&cut, " ");
	buffer_print(&cut, "[%zu more bytes are not shown]", strlen(text) - kept);
	return buffer_take(&cut);
}

size_t text_columns(const char *text)
{
	const unsigned char *next = (const unsigned char *)text;
	size_t left = strlen(text);
	size_t columns = 0;
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;

	while (left > 0) {
		struct character character = decode(next, left);
		int width = character.valid ? wcwidth((wchar_t)character.code) : 1;
		columns += width < 0 ? 1 : (size_t)width;
		next += character.length;
		left -= character.length;
	}
	if (utf8) {
		uselocale(before);
		freelocale(utf8);
	}
	return columns;
}

/* The text with every byte of `special` as a numeric entity. Numeric, since Markdown
 * takes those, too, as the character itself and never as markup. */
static char *with_entities(char *text, const char *special)
{
	struct buffer escaped = {0};

	for (const char *next = text; *next; next++) {
		if (strchr(special, *next))
			buffer_print(&escaped, "&#%d;", *next);
		else
			buffer_add(&escaped, next, 1);
	}
	free(text);
	return buffer_take(&escaped);
}

char *text_html(const char *text)
{
	return text ? with_entities(text_visible(text), "&<>\"'") : NULL;
}

char *text_markdown(const char *text)
{
	return text ? with_entities(text_line(text), "&<>\"'`*_{}[]()#+-.!|\\~:@$^=/")
		    : NULL;
}

static char *percent_encoded(char *text, const char *special)
{
	struct buffer encoded = {0};

	for (const char *next = text; *next; next++) {
		if (strchr(special, *next))
			buffer_print(&encoded, "%%%02X", (unsigned)(unsigned char)*next);
		else
			buffer_add(&encoded, next, 1);
	}
	free(text);
	return buffer_take(&encoded);
}

char *text_github_data(const char *text)
{
	return text ? percent_encoded(text_visible(text), "%\r\n") : NULL;
}

char *text_github_property(const char *text)
{
	return text ? percent_encoded(text_line(text), "%\r\n:,") : NULL;
}

static bool is_plain(char character)
{
	return (character >= 'a' && character <= 'z') ||
	       (character >= 'A' && character <= 'Z') ||
	       (character >= '0' && character <= '9') || character == '_' ||
	       character == '-' || character == '.';
}

char *text_shell(const char *text)
{
	struct buffer word = {0};
	char *line = text ? text_line(text) : NULL;
	bool plain = text && *line;

	if (!text)
		return NULL;
	for (const char *next = line; *next; next++)
		plain = plain && (is_plain(*next) || *next == '/');
	if (plain && *line != '-')
		return line;
	buffer_text(&word, "'");
	for (const char *next = line; *next; next++) {
		if (*next == '\'')
			buffer_text(&word, "'\\''");
		else
			buffer_add(&word, next, 1);
	}
	buffer_text(&word, "'");
	free(line);
	return buffer_take(&word);
}

/* FNV-1a, 64 bits: tells long names apart, guards nothing. */
static uint64_t checksum(const char *text)
{
	uint64_t sum = 0xCBF29CE484222325U;

	for (; *text; text++)
		sum = (sum ^ (unsigned char)*text) * 0x100000001B3U;
	return sum;
}

char *text_file_name(const char *text)
{
	struct buffer name = {0};

	if (!text)
		return NULL;
	for (const char *next = text; *next; next++) {
		if (is_plain(*next) && (*next != '.' || next > text))
			buffer_add(&name, next, 1);
		else
			buffer_print(&name, "%%%02X", (unsigned)(unsigned char)*next);
	}
	if (name.length == 0)
		buffer_text(&name, "%");
	if (name.length > MAX_FILE_NAME) {
		name.length = MAX_FILE_NAME - 17;
		buffer_print(&name, "%%%016llx", (unsigned long long)checksum(text));
	}
	return buffer_take(&name);
}
