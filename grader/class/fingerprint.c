/* SPDX-License-Identifier: MIT */
#include "class/fingerprint.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "build/tokens.h"
#include "class/statement.h"
#include "intake/intake.h"
#include "lab/skeleton.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 1 << 20 };

#define FNV_START 14695981039346656037u
#define FNV_PRIME 1099511628211u

static const char *const keywords[] = {"auto", "break", "case", "char", "const",
	"continue", "default", "do", "double", "else", "enum", "extern", "float", "for",
	"goto", "if", "inline", "int", "long", "register", "restrict", "return", "short",
	"signed", "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned",
	"void", "volatile", "while", "_Atomic", "_Bool", "bool", "true", "false", "NULL"};

static uint64_t mixed(uint64_t hash, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * FNV_PRIME;
	return hash * FNV_PRIME;
}

/* The last step of splitmix64: parts are compared by size, so all bits have to be mixed. */
static uint64_t spread(uint64_t hash)
{
	hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
	hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
	return hash ^ (hash >> 31);
}

static bool is_keyword(const struct tokens *tokens, size_t index)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (token_is(tokens, index, keywords[i]))
			return true;
	return false;
}

/* Names are all one, as are numbers and texts. */
static uint64_t plain(const struct tokens *tokens, size_t index)
{
	static const char *const kinds[] = {[TOKEN_WORD] = "name",
		[TOKEN_NUMBER] = "number",
		[TOKEN_QUOTED] = "text"};
	const struct token *token = &tokens->list[index];

	if (token->kind == TOKEN_SIGN || is_keyword(tokens, index))
		return mixed(FNV_START, tokens->text + token->start, token->length);
	return mixed(FNV_START, kinds[token->kind], strlen(kinds[token->kind]));
}

/* The index of the first token with the same text: so names that differ stay different. */
static size_t first_like(const struct tokens *tokens, size_t index)
{
	const struct token *token = &tokens->list[index];

	for (size_t i = 0; i < index; i++)
		if (tokens->list[i].length == token->length &&
			memcmp(tokens->text + tokens->list[i].start,
				tokens->text + token->start, token->length) == 0)
			return i;
	return index;
}

static uint64_t exact_of(const struct tokens *tokens, uint64_t hash)
{
	for (size_t i = 0; i < tokens->count; i++) {
		const struct token *token = &tokens->list[i];
		size_t name = token->kind == TOKEN_WORD && !is_keyword(tokens, i)
				      ? first_like(tokens, i) + 1
				      : 0;
		if (name > 0)
			hash = mixed(hash, (const char *)&name, sizeof(name));
		else
			hash = mixed(hash, tokens->text + token->start, token->length);
	}
	return hash;
}

/* One hash for each K tokens in a row; the caller frees them. */
static uint64_t *all_parts(const char *text, size_t *count, uint64_t *exact)
{
	struct tokens tokens;

	tokens_read(&tokens, text);
	uint64_t *single = memory_new(tokens.count + 1, sizeof(*single));
	uint64_t *parts = memory_new(tokens.count + 1, sizeof(*parts));
	for (size_t i = 0; i < tokens.count; i++)
		single[i] = plain(&tokens, i);
	*count = tokens.count < FINGERPRINT_K ? 0 : tokens.count - FINGERPRINT_K + 1;
	for (size_t i = 0; i < *count; i++)
		parts[i] = spread(mixed(FNV_START, (const char *)&single[i],
			FINGERPRINT_K * sizeof(*single)));
	*exact = exact_of(&tokens, *exact);
	free(single);
	tokens_release(&tokens);
	return parts;
}

static int by_value(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left;
	uint64_t b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static void add_part(struct fingerprint *print, uint64_t part)
{
	print->parts = memory_grow(print->parts, print->count + 1, sizeof(part));
	print->parts[print->count++] = part;
}

void fingerprint_add(struct fingerprint *print, const char *text, const char *handed_out)
{
	uint64_t ignored = 0;
	size_t count = 0, given_count = 0;
	uint64_t *parts = all_parts(text, &count, &print->exact);
	uint64_t *given = all_parts(handed_out ? handed_out : "", &given_count, &ignored);

	qsort(given, given_count, sizeof(*given), by_value);
	for (size_t i = 0; i < count; i++) {
		size_t end =
			i + FINGERPRINT_WINDOW < count ? i + FINGERPRINT_WINDOW : count;
		uint64_t least = parts[i];
		for (size_t k = i + 1; k < end; k++)
			least = parts[k] < least ? parts[k] : least;
		if (!bsearch(&least, given, given_count, sizeof(*given), by_value))
			add_part(print, least);
	}
	free(given);
	free(parts);
}

void fingerprint_finish(struct fingerprint *print)
{
	size_t kept = 0;

	if (print->count > 0)
		qsort(print->parts, print->count, sizeof(*print->parts), by_value);
	for (size_t i = 0; i < print->count; i++)
		if (kept == 0 || print->parts[i] != print->parts[kept - 1])
			print->parts[kept++] = print->parts[i];
	print->count = kept;
}

void fingerprint_release(struct fingerprint *print)
{
	free(print->parts);
	*print = (struct fingerprint){0};
}

/* What students start from, which is nobody's own; NULL where the lab has no skeleton. */
static char *handed_out(const struct lab *lab, const char *file)
{
	struct error none;
	char *path = text_format("%s/solution/%s", lab->folder, file);
	char *solution = file_read(path, MOST_BYTES, NULL, &none);
	char *skeleton = solution ? skeleton_make(solution, file, &none) : NULL;

	free(solution);
	free(path);
	return skeleton;
}

static int add_file(struct fingerprint *print, const struct lab *lab, const char *folder,
	const char *file, struct error *error)
{
	char *path = path_join(folder, file);
	char *text = file_read(path, MOST_BYTES, NULL, error);
	char *given = handed_out(lab, file);

	if (text)
		fingerprint_add(print, text, given);
	int status = text ? 0 : -1;
	free(given);
	free(text);
	free(path);
	return status;
}

int fingerprint_of(struct fingerprint *print, const struct lab *lab, const char *path,
	struct error *error)
{
	struct error ignored;
	struct intake intake;
	char *folder = folder_make_temporary(error);

	*print = (struct fingerprint){0};
	if (!folder)
		return -1;
	int status = intake_take(&intake, lab, path, folder, 0, error);
	for (size_t i = 0; status == 0 && !intake.complaint && i < intake.file_count; i++)
		status = add_file(print, lab, folder, intake.files[i].name, error);
	fingerprint_finish(print);
	intake_release(&intake);
	folder_remove(folder, &ignored);
	free(folder);
	return status;
}

bool fingerprint_known(struct database *database, const char *key)
{
	struct statement statement;
	struct error ignored;

	if (statement_begin(&statement, database_connection(database),
		    "SELECT 1 FROM fingerprint WHERE key = ?", &ignored))
		return false;
	statement_bind(&statement, "t", key);
	bool known = statement_row(&statement, &ignored) == 1;
	statement_end(&statement);
	return known;
}

int fingerprint_keep(const struct fingerprint *print, struct database *database,
	const char *key, struct error *error)
{
	struct statement statement;
	char exact[17];

	snprintf(exact, sizeof(exact), "%016llx", (unsigned long long)print->exact);
	if (statement_begin(&statement, database_connection(database),
		    "INSERT OR REPLACE INTO fingerprint VALUES (?, ?, ?)", error))
		return -1;
	statement_bind(&statement, "tt", key, exact);
	sqlite3_bind_blob(statement.prepared, 3,
		print->count > 0 ? (const void *)print->parts : "",
		(int)(print->count * sizeof(*print->parts)), SQLITE_STATIC);
	int row = statement_row(&statement, error);
	statement_end(&statement);
	return row < 0 ? -1 : 0;
}
