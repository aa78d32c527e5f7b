/* SPDX-License-Identifier: MIT */
#include "lab/lab.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "lab/place.h"

#include <cyaml/cyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What lab.yaml leaves out. */
enum {
	DEFAULT_STRESS_RUNS = 200,
	DEFAULT_EXPLORE_EXECUTIONS = 2000,
	DEFAULT_EXPLORE_STEPS = 200000,
	DEFAULT_HELGRIND_RUNS = 1,
	DEFAULT_CPU_SECONDS = 2,
	DEFAULT_PROCESSES = 32,
	DEFAULT_MEMORY_MB = 256,
	DEFAULT_OUTPUT_KB = 64,
	DEFAULT_FILE_KB = 256,
	DEFAULT_CHECK_SECONDS = 120,
	DEFAULT_BUDGET_SECONDS = 600,
};

static const cyaml_strval_t stage_values[] = {
	{"build", STAGE_BUILD},
	{"stress", STAGE_STRESS},
	{"explore", STAGE_EXPLORE},
	{"helgrind", STAGE_HELGRIND},
};

static const cyaml_schema_value_t stage_schema = {
	CYAML_VALUE_ENUM(CYAML_FLAG_STRICT, enum stage, stage_values, STAGE_COUNT)};

static const cyaml_schema_value_t name_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 255)};

static const cyaml_schema_field_t criterion_fields[] = {
	CYAML_FIELD_STRING_PTR(
		"name", CYAML_FLAG_POINTER, struct lab_criterion, name, 1, 64),
	CYAML_FIELD_STRING_PTR(
		"title", CYAML_FLAG_POINTER, struct lab_criterion, title, 1, 200),
	CYAML_FIELD_INT("points", CYAML_FLAG_DEFAULT, struct lab_criterion, points),
	CYAML_FIELD_BOOL("hidden", CYAML_FLAG_OPTIONAL, struct lab_criterion, hidden),
	CYAML_FIELD_SEQUENCE("stages", CYAML_FLAG_POINTER, struct lab_criterion, stages,
		&stage_schema, 1, STAGE_COUNT),
	CYAML_FIELD_SEQUENCE("needs", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
		struct lab_criterion, needs, &name_schema, 0, 16),
	CYAML_FIELD_SEQUENCE("detect", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
		struct lab_criterion, detect, &name_schema, 0, 16),
	CYAML_FIELD_STRING_PTR("hint", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
		struct lab_criterion, hint, 0, 1000),
	CYAML_FIELD_END};

static const cyaml_schema_value_t criterion_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct lab_criterion, criterion_fields)};

static const cyaml_schema_field_t limits_fields[] = {
	CYAML_FIELD_INT(
		"cpu_seconds", CYAML_FLAG_OPTIONAL, struct lab_limits, cpu_seconds),
	CYAML_FIELD_INT("processes", CYAML_FLAG_OPTIONAL, struct lab_limits, processes),
	CYAML_FIELD_INT("memory_mb", CYAML_FLAG_OPTIONAL, struct lab_limits, memory_mb),
	CYAML_FIELD_INT("output_kb", CYAML_FLAG_OPTIONAL, struct lab_limits, output_kb),
	CYAML_FIELD_INT("file_kb", CYAML_FLAG_OPTIONAL, struct lab_limits, file_kb),
	CYAML_FIELD_INT(
		"budget_seconds", CYAML_FLAG_OPTIONAL, struct lab_limits, budget_seconds),
	CYAML_FIELD_INT(
		"check_seconds", CYAML_FLAG_OPTIONAL, struct lab_limits, check_seconds),
	CYAML_FIELD_END};

static const cyaml_schema_field_t stress_fields[] = {
	CYAML_FIELD_INT("runs", CYAML_FLAG_DEFAULT, struct lab_stress, runs),
	CYAML_FIELD_END};

static const cyaml_schema_field_t explore_fields[] = {
	CYAML_FIELD_INT("executions", CYAML_FLAG_DEFAULT, struct lab_explore, executions),
	CYAML_FIELD_INT("steps", CYAML_FLAG_OPTIONAL, struct lab_explore, steps),
	CYAML_FIELD_END};

static const cyaml_schema_field_t helgrind_fields[] = {
	CYAML_FIELD_INT("runs", CYAML_FLAG_DEFAULT, struct lab_helgrind, runs),
	CYAML_FIELD_BOOL("threads", CYAML_FLAG_OPTIONAL, struct lab_helgrind, threads),
	CYAML_FIELD_END};

static const cyaml_schema_field_t lab_fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct lab, name, 1, 64),
	CYAML_FIELD_STRING_PTR("title", CYAML_FLAG_POINTER, struct lab, title, 1, 200),
	CYAML_FIELD_SEQUENCE(
		"files", CYAML_FLAG_POINTER, struct lab, files, &name_schema, 1, 32),
	CYAML_FIELD_SEQUENCE("interface", CYAML_FLAG_POINTER, struct lab, interface,
		&name_schema, 1, 64),
	CYAML_FIELD_SEQUENCE("uses", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct lab,
		uses, &name_schema, 0, 64),
	CYAML_FIELD_SEQUENCE("forbidden", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
		struct lab, forbidden, &name_schema, 0, 64),
	CYAML_FIELD_MAPPING(
		"stress", CYAML_FLAG_OPTIONAL, struct lab, stress, stress_fields),
	CYAML_FIELD_MAPPING(
		"explore", CYAML_FLAG_OPTIONAL, struct lab, explore, explore_fields),
	CYAML_FIELD_MAPPING(
		"helgrind", CYAML_FLAG_OPTIONAL, struct lab, helgrind, helgrind_fields),
	CYAML_FIELD_MAPPING(
		"limits", CYAML_FLAG_OPTIONAL, struct lab, limits, limits_fields),
	CYAML_FIELD_INT(
		"skeleton_points", CYAML_FLAG_OPTIONAL, struct lab, skeleton_points),
	CYAML_FIELD_SEQUENCE("criteria", CYAML_FLAG_POINTER, struct lab, criteria,
		&criterion_schema, 1, 64),
	CYAML_FIELD_END};

static const cyaml_schema_value_t lab_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct lab, lab_fields)};

/* libcyaml says what is wrong, then where, as log lines: both belong in the message. */
__attribute__((format(printf, 3, 0))) static void keep_log(
	cyaml_log_t level, void *context, const char *format, va_list arguments)
{
	char **text = context;
	char line[512];

	if (level < CYAML_LOG_ERROR)
		return;
	vsnprintf(line, sizeof(line), format, arguments);
	line[strcspn(line, "\n")] = '\0';
	const char *start = strncmp(line, "Load: ", 6) == 0 ? line + 6 : line;
	start += strspn(start, " ");
	if (strcmp(start, "Backtrace:") != 0)
		text_replace(
			text, "%s%s%s", *text ? *text : "", *text ? "; " : "", start);
}

static const cyaml_config_t *config_with(char **log, cyaml_config_t *config)
{
	*config = (cyaml_config_t){.log_fn = keep_log,
		.log_ctx = log,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_ERROR};
	return config;
}

/* Of an unknown key libcyaml tells only what stands before it. */
static void place_unknown_key(char **log, const char *text)
{
	static const char words[] = "Unexpected key: ";
	char key[128];

	if (*log && strncmp(*log, words, strlen(words)) == 0 &&
		sscanf(*log + strlen(words), "%127[^;]", key) == 1)
		text_replace(log, "line: %ld: there is no key '%s'; %s",
			place_find_key(text, key), key, *log);
}

static struct lab *read_description(
	const char *path, const char *text, struct error *error)
{
	struct lab *lab = NULL;
	char *log = NULL;
	cyaml_config_t config;

	cyaml_err_t code = cyaml_load_data((const uint8_t *)text, strlen(text),
		config_with(&log, &config), &lab_schema, (cyaml_data_t **)&lab, NULL);
	if (code != CYAML_OK) {
		place_unknown_key(&log, text);
		error_set(error, "%s: %s (%s)", path, log ? log : "cannot be read",
			cyaml_strerror(code));
		lab = NULL;
	} else if (!lab) {
		error_set(error, "%s is empty", path);
	}
	free(log);
	return lab;
}

/* A number of lab.yaml: what it may be, and what it is if it is left out. */
struct number {
	const char *key;
	long *value;
	long otherwise;
	long most;
};

static int check_number(
	const struct number *number, const char *text, struct error *error)
{
	long line = place_find(text, number->key);

	if (line == 0 && *number->value == 0)
		*number->value = number->otherwise;
	if (*number->value < 1 || *number->value > number->most)
		return error_set(error,
			"line: %ld: %s is %ld; write a number from 1 to %ld", line,
			number->key, *number->value, number->most);
	return 0;
}

static int check_numbers(struct lab *lab, const char *text, struct error *error)
{
	struct lab_limits *limits = &lab->limits;
	const struct number numbers[] = {
		{"stress.runs", &lab->stress.runs, DEFAULT_STRESS_RUNS, 100000},
		{"explore.executions", &lab->explore.executions,
			DEFAULT_EXPLORE_EXECUTIONS, 10000000},
		{"explore.steps", &lab->explore.steps, DEFAULT_EXPLORE_STEPS, 1000000},
		{"helgrind.runs", &lab->helgrind.runs, DEFAULT_HELGRIND_RUNS, 100},
		{"limits.cpu_seconds", &limits->cpu_seconds, DEFAULT_CPU_SECONDS, 600},
		{"limits.processes", &limits->processes, DEFAULT_PROCESSES, 1000},
		{"limits.memory_mb", &limits->memory_mb, DEFAULT_MEMORY_MB, 16384},
		{"limits.output_kb", &limits->output_kb, DEFAULT_OUTPUT_KB, 65536},
		{"limits.file_kb", &limits->file_kb, DEFAULT_FILE_KB, 65536},
		{"limits.budget_seconds", &limits->budget_seconds, DEFAULT_BUDGET_SECONDS,
			1000000},
		{"limits.check_seconds", &limits->check_seconds, DEFAULT_CHECK_SECONDS,
			3600},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (check_number(&numbers[i], text, error))
			return -1;
	return 0;
}

static int check_word(
	const char *key, const char *word, const char *allowed, struct error *error)
{
	if (word[strspn(word, allowed)] != '\0')
		return error_set(error, "%s is '%s'; use only the characters %s", key,
			word, allowed);
	return 0;
}

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static int check_criterion(const struct lab *lab, unsigned index, struct error *error)
{
	const struct lab_criterion *criterion = &lab->criteria[index];

	if (check_word("criteria.name", criterion->name, LOWER DIGITS "_", error))
		return -1;
	if (lab_find_criterion(lab, criterion->name) != (int)index)
		return error_set(error, "two criteria are named '%s'", criterion->name);
	if (criterion->points < 0 || criterion->points > 1000)
		return error_set(error, "criterion '%s' has %ld points; write 0 to 1000",
			criterion->name, criterion->points);
	for (unsigned i = 0; i < criterion->needs_count; i++) {
		int needed = lab_find_criterion(lab, criterion->needs[i]);
		if (needed < 0 || needed >= (int)index)
			return error_set(error,
				"criterion '%s' needs '%s', which no criterion above it "
				"is named",
				criterion->name, criterion->needs[i]);
	}
	return 0;
}

static int check_criteria(const struct lab *lab, const char *text, struct error *error)
{
	char way[32];

	for (unsigned i = 0; i < lab->criteria_count; i++) {
		snprintf(way, sizeof(way), "criteria.%u", i);
		if (check_criterion(lab, i, error))
			return error_context(error, "line: %ld", place_find(text, way));
	}
	return 0;
}

static int check_files(const struct lab *lab, struct error *error)
{
	for (unsigned i = 0; i < lab->files_count; i++) {
		const char *name = lab->files[i];
		if (check_word("files", name, LOWER UPPER DIGITS "_.-", error) ||
			name[0] == '.')
			return error_set(
				error, "files has '%s'; write plain names", name);
		for (unsigned j = 0; j < i; j++)
			if (strcmp(lab->files[j], name) == 0)
				return error_set(error, "files has '%s' twice", name);
	}
	return 0;
}

static int check_words(const struct lab *lab, const char *text, struct error *error)
{
	if (check_word("name", lab->name, LOWER DIGITS "-", error))
		return error_context(error, "line: %ld", place_find(text, "name"));
	if (check_files(lab, error))
		return error_context(error, "line: %ld", place_find(text, "files"));
	for (unsigned i = 0; i < lab->interface_count; i++)
		if (check_word("interface", lab->interface[i], LOWER UPPER DIGITS "_",
			    error))
			return error_context(
				error, "line: %ld", place_find(text, "interface"));
	return 0;
}

/* A name is looked up among the labs that interlock has; everything else is a path. */
static char *find_folder(const char *name_or_folder, struct error *error)
{
	char *labs = path_of("share/interlock/labs");
	char *known = path_join(labs, name_or_folder);
	const char *found = path_is_folder(name_or_folder) ? name_or_folder
			    : !strchr(name_or_folder, '/') && path_is_folder(known)
				    ? known
				    : NULL;
	char *folder = found ? realpath(found, NULL) : NULL;

	if (!folder)
		error_set(error, "no lab '%s': it is neither a folder nor a lab in %s",
			name_or_folder, labs);
	free(known);
	free(labs);
	return folder;
}

static char *read_text(const char *path, struct error *error)
{
	if (path_is_file(path))
		return file_read(path, 1 << 20, NULL, error);
	error_set(error, "%s: there is no such file; a lab's folder has one", path);
	return NULL;
}

struct lab *lab_open(const char *name_or_folder, struct error *error)
{
	char *folder = find_folder(name_or_folder, error);

	if (!folder)
		return NULL;
	char *path = path_join(folder, "lab.yaml");
	char *text = read_text(path, error);
	struct lab *lab = text ? read_description(path, text, error) : NULL;
	if (lab) {
		lab->folder = folder;
		folder = NULL;
		lab->criteria_owned = lab->criteria_count;
		if (check_words(lab, text, error) || check_numbers(lab, text, error) ||
			check_criteria(lab, text, error)) {
			error_context(error, "%s", path);
			lab_close(lab);
			lab = NULL;
		}
	}
	free(text);
	free(folder);
	free(path);
	return lab;
}

void lab_close(struct lab *lab)
{
	char *log = NULL;
	cyaml_config_t config;

	if (!lab)
		return;
	free(lab->folder);
	lab->criteria_count = lab->criteria_owned;
	cyaml_free(config_with(&log, &config), &lab_schema, lab, 0);
	free(log);
}

bool lab_stage_decides(const struct lab_criterion *criterion, enum stage stage)
{
	for (unsigned i = 0; i < criterion->stages_count; i++)
		if (criterion->stages[i] == stage)
			return true;
	return false;
}

int lab_find_criterion(const struct lab *lab, const char *name)
{
	for (unsigned i = 0; i < lab->criteria_count; i++)
		if (strcmp(lab->criteria[i].name, name) == 0)
			return (int)i;
	return -1;
}

static bool is_needed(const struct lab *lab, int wanted, int index)
{
	if (wanted == index)
		return true;
	for (unsigned i = 0; i < lab->criteria[wanted].needs_count; i++)
		if (is_needed(lab,
			    lab_find_criterion(lab, lab->criteria[wanted].needs[i]),
			    index))
			return true;
	return false;
}

/* Puts the criteria to keep first, in their order, and the others behind them. */
static void put_first(struct lab *lab, const bool *keep)
{
	unsigned count = lab->criteria_count;
	struct lab_criterion *sorted = memory_new(count, sizeof(*sorted));
	unsigned kept = 0;
	unsigned last = count;

	for (unsigned i = 0; i < count; i++)
		sorted[keep[i] ? kept++ : --last] = lab->criteria[i];
	memcpy(lab->criteria, sorted, count * sizeof(*sorted));
	lab->criteria_count = kept;
	free(sorted);
}

int lab_keep_only(struct lab *lab, const char *name, struct error *error)
{
	int wanted = lab_find_criterion(lab, name);

	if (wanted < 0) {
		error_set(
			error, "lab %s has no criterion '%s'; it has:", lab->name, name);
		for (unsigned i = 0; i < lab->criteria_count; i++) {
			struct error before = *error;
			error_set(error, "%.900s %s", before.message,
				lab->criteria[i].name);
		}
		return -1;
	}
	bool *keep = memory_new(lab->criteria_count, sizeof(*keep));
	for (unsigned i = 0; i < lab->criteria_count; i++)
		keep[i] = is_needed(lab, wanted, (int)i);
	put_first(lab, keep);
	free(keep);
	return 0;
}

unsigned lab_keep_stage(struct lab *lab, enum stage stage)
{
	unsigned decided = 0;

	for (unsigned i = 0; i < lab->criteria_count; i++) {
		struct lab_criterion *criterion = &lab->criteria[i];
		for (unsigned j = 0; j < criterion->stages_count; j++)
			if (criterion->stages[j] == stage) {
				criterion->stages[0] = stage;
				criterion->stages_count = 1;
				decided++;
			}
	}
	return decided;
}

/* A need that is not in the lab any more is none. */
static void drop_lost_needs(const struct lab *lab, struct lab_criterion *criterion)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < criterion->needs_count; i++) {
		if (lab_find_criterion(lab, criterion->needs[i]) >= 0)
			criterion->needs[kept++] = criterion->needs[i];
		else
			free(criterion->needs[i]);
	}
	criterion->needs_count = kept;
}

int lab_keep_only_stage(struct lab *lab, enum stage stage, struct error *error)
{
	if (lab_keep_stage(lab, stage) == 0)
		return error_set(error, "lab %s: %s decides no criterion", lab->name,
			stage_name(stage));
	bool *keep = memory_new(lab->criteria_count, sizeof(*keep));
	for (unsigned i = 0; i < lab->criteria_count; i++) {
		const struct lab_criterion *criterion = &lab->criteria[i];
		enum stage first = criterion->stages[0];
		keep[i] = criterion->stages_count == 1 &&
			  (first == stage || first == STAGE_BUILD);
	}
	put_first(lab, keep);
	for (unsigned i = 0; i < lab->criteria_count; i++)
		drop_lost_needs(lab, &lab->criteria[i]);
	free(keep);
	return 0;
}

static int copy_description(const struct lab *lab, const char *path, struct error *error)
{
	char *source = path_join(lab->folder, "lab.yaml");
	size_t size = 0;
	char *bytes = file_read(source, 1 << 20, &size, error);
	int status = bytes ? file_replace(path, bytes, size, error) : -1;

	free(bytes);
	free(source);
	return status;
}

char *lab_hidden_file(const struct lab *lab, const char *name)
{
	char *path = text_format("%s/checks/%s", lab->folder, name);

	if (path_is_file(path))
		return path;
	free(path);
	return NULL;
}

bool lab_file_is_public(const char *name)
{
	return strncmp(name, "hidden", 6) != 0;
}

static bool is_in(char *const *names, unsigned count, const char *name)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* What of the lab's public criteria this one needs, once each: in place of a hidden one, what
 * that one needs. */
static void add_public_needs(const struct lab *lab, const struct lab_criterion *criterion,
	char **needs, unsigned *count)
{
	for (unsigned i = 0; i < criterion->needs_count; i++) {
		const struct lab_criterion *needed =
			&lab->criteria[lab_find_criterion(lab, criterion->needs[i])];
		if (needed->hidden)
			add_public_needs(lab, needed, needs, count);
		else if (!is_in(needs, *count, needed->name))
			needs[(*count)++] = needed->name;
	}
}

/* A lab that borrows from another what is not hidden there. */
static struct lab public_lab(const struct lab *lab)
{
	struct lab public = *lab;

	public.criteria = memory_new(lab->criteria_count, sizeof(*public.criteria));
	public.criteria_count = 0;
	for (unsigned i = 0; i < lab->criteria_count; i++) {
		struct lab_criterion criterion = lab->criteria[i];
		if (criterion.hidden)
			continue;
		criterion.needs = memory_new(lab->criteria_count, sizeof(char *));
		criterion.needs_count = 0;
		add_public_needs(
			lab, &lab->criteria[i], criterion.needs, &criterion.needs_count);
		public.criteria[public.criteria_count++] = criterion;
	}
	return public;
}

int lab_write_public(const struct lab *lab, const char *path, struct error *error)
{
	struct lab public = public_lab(lab);
	char *log = NULL;
	cyaml_config_t config;
	int status = 0;

	if (public.criteria_count == lab->criteria_count)
		status = copy_description(lab, path, error);
	else if (cyaml_save_file(path, config_with(&log, &config), &lab_schema, &public,
			 0) != CYAML_OK)
		status = error_set(error, "cannot write %s: %s", path, log ? log : "");
	for (unsigned i = 0; i < public.criteria_count; i++)
		free((void *)public.criteria[i].needs);
	free(log);
	free(public.criteria);
	return status;
}
