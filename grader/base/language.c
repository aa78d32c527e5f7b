/* SPDX-License-Identifier: MIT */
#include "base/language.h"

#include <stddef.h>
#include <string.h>

const char *const language_cpp_endings[] = {
	".cpp", ".cc", ".cxx", ".c++", ".C", ".hpp", ".hh", ".hxx", NULL};

bool language_is_cpp(const char *file)
{
	const char *ending = strrchr(file, '.');

	for (size_t i = 0; ending && language_cpp_endings[i]; i++)
		if (strcmp(ending, language_cpp_endings[i]) == 0)
			return true;
	return false;
}
