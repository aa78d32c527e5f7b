/* SPDX-License-Identifier: MIT */
#include "kit/template.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_BYTES = 1 << 20 };

/* The word for the @NAME@ that the text begins with, or NULL. */
static const struct template_word *word_at(
	const char *text, const struct template_word *words)
{
	for (; words->name; words++) {
		size_t length = strlen(words->name);
		if (strncmp(text + 1, words->name, length) == 0 &&
			text[1 + length] == '@')
			return words;
	}
	return NULL;
}

char *template_fill(const char *text, const struct template_word *words)
{
	struct buffer filled = {0};

	while (*text) {
		const struct template_word *word =
			*text == '@' ? word_at(text, words) : NULL;
		if (word) {
			buffer_text(&filled, word->word);
			text += strlen(word->name) + 2;
		} else {
			buffer_add(&filled, text++, 1);
		}
	}
	return buffer_take(&filled);
}

static int copy_file(const char *from, const char *to, const struct template_word *words,
	struct error *error)
{
	struct stat status = {0};
	char *text = file_read(from, MOST_BYTES, NULL, error);
	char *filled = text ? template_fill(text, words) : NULL;
	int outcome =
		filled && file_replace(to, filled, strlen(filled), error) == 0 ? 0 : -1;

	if (outcome == 0 && (stat(from, &status) || chmod(to, status.st_mode & 0777)))
		outcome = error_system(error, "%s", to);
	free(filled);
	free(text);
	return outcome;
}

int template_copy(const char *from, const char *to, const struct template_word *words,
	struct error *error)
{
	DIR *folder = opendir(from);
	struct dirent *entry = NULL;

	if (!folder)
		return error_system(error, "cannot open %s", from);
	int status = folder_make(to, error);
	while (status == 0 && (entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		char *source = path_join(from, entry->d_name);
		char *target = path_join(to, entry->d_name);
		status = path_is_folder(source)
				 ? template_copy(source, target, words, error)
				 : copy_file(source, target, words, error);
		free(target);
		free(source);
	}
	closedir(folder);
	return status;
}
