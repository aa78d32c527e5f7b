/* SPDX-License-Identifier: MIT */
#include "class/source.h"

#include "base/memory.h"
#include "class/statement.h"

#include <stdlib.h>

static char *absolute(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : text_copy(path);
}

struct class_source class_source_of(const struct lab *lab, const char *class,
	const struct grade_options *options, const char *only)
{
	return (struct class_source){
		.folder = absolute(lab->folder),
		.class = absolute(class),
		.compiler = text_copy(options->compiler),
		.only = text_copy(only ? only : ""),
		.secret = text_format("%016llx", (unsigned long long)options->secret),
		.inputs = options->inputs ? text_format("%016llx",
						    (unsigned long long)*options->inputs)
					  : text_copy(""),
	};
}

void class_source_release(struct class_source *source)
{
	free(source->folder);
	free(source->class);
	free(source->compiler);
	free(source->only);
	free(source->secret);
	free(source->inputs);
	*source = (struct class_source){0};
}

int class_source_keep(const struct class_source *source, struct database *database,
	const char *lab, struct error *error)
{
	return statement_write(database_connection(database), error,
		"INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?)", "ttttttt",
		lab, source->folder, source->class, source->compiler, source->only,
		source->secret, source->inputs);
}

int class_source_load(struct class_source *source, struct database *database,
	const char *lab, struct error *error)
{
	struct statement statement;

	*source = (struct class_source){0};
	if (statement_begin(&statement, database_connection(database),
		    "SELECT folder, class, compiler, only, secret, inputs FROM source "
		    "WHERE lab = ?",
		    error))
		return -1;
	statement_bind(&statement, "t", lab);
	int row = statement_row(&statement, error);
	if (row == 1) {
		char **const texts[] = {&source->folder, &source->class,
			&source->compiler, &source->only, &source->secret,
			&source->inputs};
		for (int i = 0; i < (int)(sizeof(texts) / sizeof(*texts)); i++)
			*texts[i] = text_copy(statement_text(&statement, i));
	} else if (row == 0) {
		error_set(error, "an older interlock graded it, and kept not how; "
				 "run 'interlock batch' once more");
	}
	statement_end(&statement);
	return row == 1 ? 0 : -1;
}
