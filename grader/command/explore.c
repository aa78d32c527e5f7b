/* SPDX-License-Identifier: MIT */
#include "explore/explore.h"
#include "base/clock.h"
#include "base/columns.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/screen.h"
#include "command/command.h"
#include "explore/program.h"
#include "explore/replay.h"
#include "explore/rungs.h"
#include "explore/witness.h"
#include "report/explored.h"

#include <argp.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	struct explore_options options;
	struct program_sources sources;
	uint32_t time_limit; /* seconds; 0: none */
	bool json;
	const char *witness;
	const char *page; /* files to write, or NULL */
	const char *picture;
};

enum { PROGRESS_MS = 2000, PROGRESS_EACH_MS = 500 };

enum {
	KEY_DETECT = 256,
	KEY_BUDGET,
	KEY_SAMPLES,
	KEY_BOUND,
	KEY_STRATEGY,
	KEY_SEED,
	KEY_STEPS,
	KEY_BLOCKS,
	KEY_TIME_LIMIT,
	KEY_JSON,
	KEY_WITNESS,
	KEY_CC,
	KEY_EVERY_ACCESS,
	KEY_WITHOUT_STATES,
	KEY_OUTPUT,
	KEY_JOBS,
	KEY_HTML,
	KEY_SVG,
	KEY_MEMORY,
};

static const struct argp_option search_options[] = {
	{"detect", KEY_DETECT, "KINDS", 0,
		"what counts, separated by commas: race assert crash deadlock "
		"livelock unlock "
		"held destroyed freed children leak exit serial private (default: all)",
		0},
	{"budget", KEY_BUDGET, "N", 0, "at most N executions", 0},
	{"samples", KEY_SAMPLES, "N", 0,
		"N of them sampled, before the systematic search", 0},
	{"bound", KEY_BOUND, "N", 0, "search schedules of at most N preemptions", 0},
	{"strategy", KEY_STRATEGY, "NAME", 0,
		"sample by random, pos, pct, surw or directed alone", 0},
	{"seed", KEY_SEED, "N", 0, "seed of the sampled schedules", 0},
	{"max-steps", KEY_STEPS, "N", 0, "end an execution after N steps", 0},
	{"max-blocks", KEY_BLOCKS, "N", 0,
		"give up a loop that takes no step after N basic blocks "
		"(default: 4294967296)",
		0},
	{"every-access", KEY_EVERY_ACCESS, NULL, 0,
		"make each access to shared memory a choice: no reduction", 0},
	{"without-states", KEY_WITHOUT_STATES, NULL, 0, "follow states seen before, too",
		0},
	{"jobs", KEY_JOBS, "N", 0,
		"search with N executions at once (default: one for each processor); "
		"what comes of it is the same",
		0},
	{"memory", KEY_MEMORY, "MODEL", 0,
		"what atomics with weaker orders than the default may return: rc11 "
		"(default), which is C11's model without load buffering, or sc: the "
		"newest value only",
		0},
	{0}};

static const struct argp_option options[] = {
	{"time-limit", KEY_TIME_LIMIT, "SECONDS", 0,
		"end then with what was found and covered; which that is depends on the "
		"machine",
		0},
	{"json", KEY_JSON, NULL, 0, "print the findings as JSON", 0},
	{"witness", KEY_WITNESS, "FILE", 0,
		"write the witness there, for interlock replay", 0},
	{"html", KEY_HTML, "FILE", 0,
		"write a page of what was found, to go through step by step", 0},
	{"svg", KEY_SVG, "FILE", 0, "draw the witness there", 0},
	{"cc", KEY_CC, "COMPILER", 0, "gcc or clang (default: cc)", 0},
	{NULL, 'D', "MACRO", 0, "passed on to the compiler", 0},
	{NULL, 'I', "DIR", 0, "passed on to the compiler", 0},
	{"output", KEY_OUTPUT, NULL, 0, "let the program's own output through", 0}, {0}};

static uint32_t number(const char *text, struct argp_state *state)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);
	if (!*text || *end || value > UINT32_MAX - 2)
		argp_error(state, "not a number: %s", text);
	return (uint32_t)value;
}

static uint32_t positive(const char *text, struct argp_state *state)
{
	uint32_t value = number(text, state);
	if (value == 0)
		argp_error(state, "at least 1 is needed, not %s", text);
	return value;
}

static uint32_t kinds(const char *text, struct argp_state *state)
{
	uint32_t detect = 0;
	char *copy = text_copy(text), *rest = copy;
	for (char *name; (name = strsep(&rest, ","));) {
		uint32_t one = detect_named(name);
		if (!one)
			argp_error(state, "no such kind of defect: %s", name);
		detect |= one;
	}
	free(copy);
	return detect;
}

static int strategy(const char *name, struct argp_state *state)
{
	static const char *const names[] = {
		"first", "random", "pos", "pct", "surw", "directed"};
	for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
		if (!strcmp(name, names[i]))
			return i;
	argp_error(state, "no such strategy: %s", name);
	return -1;
}

static void add_flag(struct arguments *arguments, char letter, const char *text)
{
	struct program_sources *sources = &arguments->sources;
	sources->flags = memory_grow(
		sources->flags, (size_t)sources->flags_count + 1, sizeof *sources->flags);
	sources->flags[sources->flags_count++] = text_format("-%c%s", letter, text);
}

static error_t parse_search(int key, char *argument, struct argp_state *state)
{
	struct explore_options *wanted = state->input;
	switch (key) {
	case KEY_DETECT:
		wanted->detect = kinds(argument, state);
		return 0;
	case KEY_BUDGET:
		wanted->budget = positive(argument, state);
		return 0;
	case KEY_SAMPLES:
		wanted->samples = number(argument, state);
		return 0;
	case KEY_BOUND:
		wanted->bound = number(argument, state);
		return 0;
	case KEY_STRATEGY:
		wanted->strategy = strategy(argument, state);
		return 0;
	case KEY_SEED:
		wanted->seed = number(argument, state);
		return 0;
	case KEY_STEPS:
		wanted->max_steps = positive(argument, state);
		return 0;
	case KEY_BLOCKS:
		wanted->max_blocks = positive(argument, state);
		return 0;
	case KEY_EVERY_ACCESS:
		wanted->every_access = true;
		return 0;
	case KEY_WITHOUT_STATES:
		wanted->without_states = true;
		return 0;
	case KEY_JOBS:
		wanted->jobs = positive(argument, state);
		return 0;
	case KEY_MEMORY:
		if (strcmp(argument, "rc11") != 0 && strcmp(argument, "sc") != 0)
			argp_error(state, "no such memory model: %s", argument);
		wanted->memory =
			strcmp(argument, "sc") == 0 ? MEMORY_SEQUENTIAL : MEMORY_RC11;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	switch (key) {
	case KEY_TIME_LIMIT:
		arguments->time_limit = positive(argument, state);
		return 0;
	case KEY_JSON:
		arguments->json = true;
		return 0;
	case KEY_WITNESS:
		arguments->witness = argument;
		return 0;
	case KEY_HTML:
		arguments->page = argument;
		return 0;
	case KEY_SVG:
		arguments->picture = argument;
		return 0;
	case KEY_CC:
		arguments->sources.compiler = argument;
		return 0;
	case KEY_OUTPUT:
		arguments->options.keep_output = true;
		arguments->options.has_streams = false;
		return 0;
	case 'D':
	case 'I':
		add_flag(arguments, (char)key, argument);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case ARGP_KEY_ARGS:
		arguments->sources.files = state->argv + state->next;
		arguments->sources.files_count = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name the program's C files");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp search_argp = {
	.options = search_options, .parser = parse_search};

static const struct argp_child children[] = {
	{&search_argp, 0, "How it searches:", 1}, {0}};

static const struct argp argp = {.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "FILE.c... [FILE.o | FILE.a]... [-- ARGS]\n"
		    "FILE.c... [-- ARGS] + FILE.c... [-- ARGS]...",
	.doc = "Run a C program with threads or forked processes on shared memory one "
	       "step at a time, through the interleavings that matter, and say what was "
	       "found and what was covered.\vSeveral programs, as a server and its "
	       "clients, run at once when + stands between them. Options come once, "
	       "before the first. The programs before the last may wait for further "
	       "clients when the last has ended.\n\nExit status: 0 nothing was found, 1 "
	       "something was found, 2 the program could not be explored."};

static void print_uncovered(const struct coverage_report *report, struct symbols *symbols)
{
	char sentence[256];
	for (uint32_t i = 0; i < report->uncovered_count; i++) {
		uncovered_sentence(
			&report->uncovered[i], symbols, sentence, sizeof sentence);
		printf("%s\n", sentence);
	}
}

static json_t *uncovered_json(
	const struct coverage_report *report, struct symbols *symbols)
{
	char sentence[256];
	json_t *list = json_array();
	for (uint32_t i = 0; i < report->uncovered_count; i++) {
		uncovered_sentence(
			&report->uncovered[i], symbols, sentence, sizeof sentence);
		json_array_append_new(list, json_string(sentence));
	}
	return list;
}

/* Nothing was found where not everything was looked at: that is no pass. */
static int refuse_to_vouch(const struct coverage_report *report, struct symbols *symbols,
	struct error *error)
{
	char sentence[256];
	if (!report->uncovered_count)
		return error_set(error,
			"nothing was found, but not everything was looked at: %s",
			report->limit);
	uncovered_sentence(&report->uncovered[0], symbols, sentence, sizeof sentence);
	return error_set(error, "%s", sentence);
}

static void print_wrapped(const char *text)
{
	struct buffer page = {0};
	lines_wrap(&page, text, 0, columns_of(stdout));
	fputs(page.bytes ? page.bytes : "", stdout);
	buffer_release(&page);
}

/* What was found, in words. */
static void print_findings(const struct explorer *explorer, const struct finding *first,
	struct symbols *symbols)
{
	uint32_t count;
	char *text = NULL;
	size_t size = 0;
	const struct finding *findings = explorer_findings(explorer, &count);
	FILE *stream = open_memstream(&text, &size);
	if (!stream)
		memory_exhausted();
	findings_print(stream, findings, count, first, symbols);
	fclose(stream);
	print_wrapped(text);
	free(text);
}

static void print_outputs(const struct coverage_report *report)
{
	if (report->outputs > 1)
		printf("the executions printed %u different outputs\n", report->outputs);
	if (report->terminal_asked)
		print_wrapped("the program asked for input and was given none: give it "
			      "as a file (< FILE) or by a pipe");
}

static void print_text(const struct explorer *explorer, struct symbols *symbols)
{
	char sentence[512];
	struct coverage_report report;
	const struct finding *main_finding = explorer_main_finding(explorer);
	explorer_coverage(explorer, &report);
	coverage_sentence(&report, sentence, sizeof sentence);
	if (!main_finding) {
		printf("nothing found\n");
		print_uncovered(&report, symbols);
		print_wrapped(sentence);
		print_outputs(&report);
		return;
	}
	print_findings(explorer, main_finding, symbols);
	print_uncovered(&report, symbols);
	print_outputs(&report);
	if (main_finding->changed_outcome)
		print_wrapped("the witness below ends with other values in shared memory "
			      "than any run without preemption");
	if (!main_finding->trace.result.steps) {
		print_wrapped(sentence);
		return;
	}
	witness_print(stdout, main_finding, symbols, columns_of(stdout));
	printf("\nfound in execution %u of %u\n", main_finding->execution,
		report.executions);
	if (report.cut)
		print_wrapped(sentence);
}

/* The main finding has its witness, and the ladder that is drawn of it. */
static json_t *defect_json(
	const struct finding *finding, struct symbols *symbols, bool is_main)
{
	json_t *json = finding_json(finding, symbols, is_main);
	if (!is_main)
		return json;
	struct ladder *ladder = ladder_of(finding, symbols);
	json_object_set_new(json, "ladder", ladder_value(ladder));
	ladder_free(ladder);
	return json;
}

static json_t *report_json(const struct explorer *explorer, struct symbols *symbols)
{
	uint32_t count;
	char sentence[512];
	struct coverage_report report;
	const struct finding *findings = explorer_findings(explorer, &count);
	const struct finding *main_finding = explorer_main_finding(explorer);
	json_t *defects = json_array();
	explorer_coverage(explorer, &report);
	coverage_sentence(&report, sentence, sizeof sentence);
	for (uint32_t i = 0; i < count; i++)
		json_array_append_new(defects,
			defect_json(&findings[i], symbols, &findings[i] == main_finding));
	return json_pack(
		"{s:s, s:s, s:s, s:o, s:i, s:i, s:I, s:I, s:i, s:i, s:i, s:i, s:o}",
		"verdict", count ? "found" : "none", "coverage",
		coverage_name(report.kind), "covered", count ? "" : sentence, "uncovered",
		uncovered_json(&report, symbols), "executions", (int)report.executions,
		"minimising", (int)report.minimising, "steps", (json_int_t)report.steps,
		"states", (json_int_t)report.states, "outcomes", (int)report.outcomes,
		"outputs", (int)report.outputs, "tasks", (int)report.tasks, "longest",
		(int)report.longest, "defects", defects);
}

static int write_witness(const struct arguments *arguments,
	const struct explorer *explorer, struct symbols *symbols, struct error *error)
{
	const struct finding *finding = explorer_main_finding(explorer);

	if (!arguments->witness || interrupt_seen() || !finding ||
		!finding->trace.result.steps)
		return 0;
	return witness_save(arguments->witness, explorer, finding, &arguments->sources,
		symbols, error);
}

/* The page and the drawing, if they are wanted. */
static int write_pages(const struct arguments *arguments, const struct explorer *explorer,
	struct symbols *symbols, struct error *error)
{
	const struct finding *finding = explorer_main_finding(explorer);
	struct coverage_report report;
	char sentence[512];
	int status = 0;
	if (!arguments->page && !arguments->picture)
		return 0;
	struct ladder *ladder = finding ? ladder_of(finding, symbols) : NULL;
	explorer_coverage(explorer, &report);
	coverage_sentence(&report, sentence, sizeof sentence);
	if (arguments->page)
		status = explored_page_write(
			arguments->page, ladder, sentence, &arguments->sources, error);
	if (!status && arguments->picture && ladder && ladder->rung_count)
		status = explored_picture_write(arguments->picture, ladder, error);
	else if (!status && arguments->picture)
		status = error_set(
			error, "there is no witness to draw into %s", arguments->picture);
	ladder_free(ladder);
	return status;
}

/* After two seconds, where somebody looks on; the line is gone when the report comes. */
static void show_progress(const struct explorer *explorer, long started, long *shown)
{
	struct coverage_report report;
	long now = clock_ms();
	if (now - started < PROGRESS_MS || now - *shown < PROGRESS_EACH_MS)
		return;
	*shown = now;
	explorer_coverage(explorer, &report);
	fprintf(stderr, "\r\033[K%u executions, %llu states", report.executions,
		(unsigned long long)report.states);
	fflush(stderr);
}

/* Until there is no more to try, or somebody ends it. -1: it cannot be explored. */
static int try_all(struct explorer *explorer, struct error *error)
{
	bool shows = screen_of(STDERR_FILENO).redraws;
	long started = clock_ms(), shown = 0;
	int status = 0;
	while (!status && !interrupt_seen() && explorer_next(explorer)) {
		status = explorer_run(explorer, error);
		if (shows)
			show_progress(explorer, started, &shown);
	}
	if (shown)
		fputs("\r\033[K", stderr);
	if (!interrupt_seen())
		return status;
	explorer_stop(
		explorer, interrupt_was_time() ? "the time is up" : "it was interrupted");
	return 0;
}

static int explore(
	const struct arguments *arguments, struct program *program, struct error *error)
{
	uint32_t count = 0;
	int status = -1;
	struct symbols *symbols = NULL;
	struct coverage_report report;
	struct explorer *explorer =
		explorer_new(&arguments->options, program_spawn, program, error);
	if (!explorer)
		return -1;
	if (try_all(explorer, error))
		goto out;
	symbols = symbols_new(program->path, explorer_load_bias(explorer), error);
	if (!symbols)
		goto out;
	explorer_findings(explorer, &count);
	if (arguments->json) {
		json_t *json = report_json(explorer, symbols);
		json_dumpf(json, stdout, JSON_INDENT(1));
		printf("\n");
		json_decref(json);
	} else {
		print_text(explorer, symbols);
	}
	explorer_coverage(explorer, &report);
	status = count > 0;
	if (!count && !coverage_vouches(&report))
		status = refuse_to_vouch(&report, symbols, error);
	if (write_witness(arguments, explorer, symbols, error) ||
		write_pages(arguments, explorer, symbols, error))
		status = -1;
	else if (explorer_divergence(explorer)[0])
		status = error_set(error, "%s: this is a defect of interlock",
			explorer_divergence(explorer));
out:
	symbols_free(symbols);
	explorer_free(explorer);
	return status;
}

static bool names_file(const char *word)
{
	const char *dot = strrchr(word, '.');
	return dot && (!strcmp(dot, ".c") || !strcmp(dot, ".o") || !strcmp(dot, ".a"));
}

/* Where the next program begins: a + among arguments is one of them unless files follow. */
static int program_end(int argc, char **argv, int from)
{
	bool arguments = false, files = false;
	int last = argc;
	while (last > from && !files)
		files = names_file(argv[--last]);
	for (int i = from; i < argc; i++) {
		arguments |= !strcmp(argv[i], "--");
		if (!strcmp(argv[i], "+") && (!arguments || i < last))
			return i;
	}
	return argc;
}

/* Leaves the files: what stands behind -- are arguments. */
static int split_arguments(
	struct program_sources *sources, int argc, char **argv, int from)
{
	for (int i = from; i < argc; i++)
		if (!strcmp(argv[i], "--")) {
			sources->arguments = argv + i + 1;
			sources->arguments_count = argc - i - 1;
			return i;
		}
	return argc;
}

/* The programs behind the first. */
static int read_beside(
	struct program_sources *sources, int argc, char **argv, struct error *error)
{
	for (int from = program_end(argc, argv, 1) + 1; from <= argc;) {
		int end = program_end(argc, argv, from);
		struct program_sources *next = memory_new(1, sizeof *next);
		sources->beside = next;
		next->files = argv + from;
		next->files_count = split_arguments(next, end, argv, from) - from;
		if (!next->files_count)
			return error_set(error, "name the files of the program behind +");
		for (int i = 0; i < next->files_count; i++)
			if (next->files[i][0] == '-')
				return error_set(error,
					"%s: options come before the first program, and "
					"are for all",
					next->files[i]);
		sources = next;
		from = end + 1;
	}
	return 0;
}

static void beside_free(struct program_sources *sources)
{
	while (sources) {
		struct program_sources *next = sources->beside;
		free(sources);
		sources = next;
	}
}

int command_explore(int argc, char **argv)
{
	struct arguments arguments = {.options = explore_defaults};
	struct error error;
	int all = argc;
	arguments.options.jobs = (uint32_t)processor_count();
	arguments.options.has_streams = true;
	argc = program_end(argc, argv, 1);
	argc = split_arguments(&arguments.sources, argc, argv, 1);
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	interrupt_catch();
	if (arguments.time_limit)
		interrupt_after(arguments.time_limit);
	struct program *program = NULL;
	if (!read_beside(&arguments.sources, all, argv, &error))
		program = program_build(&arguments.sources, &error);
	int status = program ? explore(&arguments, program, &error) : -1;
	if (status < 0)
		fprintf(stderr, "interlock explore: %s\n", error.message);
	program_free(program);
	for (int i = 0; i < arguments.sources.flags_count; i++)
		free(arguments.sources.flags[i]);
	free(arguments.sources.flags);
	beside_free(arguments.sources.beside);
	return status < 0 ? EXIT_TROUBLE : status > 0 ? EXIT_FAILED : EXIT_PASSED;
}
