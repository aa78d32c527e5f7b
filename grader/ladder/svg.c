/* SPDX-License-Identifier: MIT */
/*
 * Everything has its room before anything is drawn: each rung a row as high as its words need,
 * each task a lane as wide as its words need. Words beside their own lane are read most easily,
 * but take much width; where there are more than COLUMNS_MOST tasks the lanes stand close
 * together, and all words are right of them.
 */
#include "ladder/svg.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
	COLUMNS_MOST = 3,
	CHARACTER = 8, /* wider than one is in any usual font of that size */
	LINE = 18,
	ROW_GAP = 6,
	MARGIN = 12,
	HEAD = 48,
	LANE_LEFT = 30, /* room for an arrow */
	LANE_RIGHT = 16,
	CLOSE_LANE = 36,
	WORDS_LEAST = 28,
	WORDS_MOST = 36,
	WORDS_BESIDE = 52,
	BAND = 8,
	NODE_WIDTH = 64,
	NODE_HEIGHT = 32,
	ARC = 44,
};

struct sheet {
	xmlTextWriterPtr writer;
	const struct ladder *ladder;
	const char *name;
	bool columns;
	long start;   /* where the lanes begin */
	long *lanes;  /* of each task, the x of its line */
	long *words;  /* of each task, the x of its words */
	size_t *most; /* of each task, the columns that its words may take */
	long *rows;   /* of each rung, the y of its dot */
	long width, rows_end, height;
};

/* The next line of at most so many columns, which the caller frees; NULL at the end. */
static char *next_line(const char **text, size_t most)
{
	const char *start = *text + strspn(*text, " "), *end = start, *blank = NULL;
	size_t columns = 0;

	for (; *end && columns < most; columns++) {
		blank = *end == ' ' ? end : blank;
		end++;
		while (((unsigned char)*end & 0xc0) == 0x80)
			end++;
	}
	if (*end && *end != ' ' && blank)
		end = blank;
	*text = end;
	return end > start ? text_format("%.*s", (int)(end - start), start) : NULL;
}

static long lines_of(const char *text, size_t most)
{
	long count = 0;

	for (char *line; (line = next_line(&text, most)); count++)
		free(line);
	return count;
}

/* Returns the lines that were put. */
static long put_lines(struct sheet *sheet, const char *class_name, long x, long y,
	size_t most, const char *text)
{
	long count = 0;

	for (char *line; (line = next_line(&text, most)); count++) {
		markup_open(sheet->writer, "text", "class", class_name, NULL);
		markup_attribute(sheet->writer, "x", "%ld", x);
		markup_attribute(sheet->writer, "y", "%ld", y + count * LINE);
		markup_text(sheet->writer, line);
		markup_close(sheet->writer);
		free(line);
	}
	return count;
}

static bool is_folded(const struct rung *rung)
{
	return rung->kind == RUNG_FOLD || rung->kind == RUNG_LOOP;
}

/* What stands at the rung: its words, and above and below them what one should see. */
struct sayings {
	char *above, *words, *below;
};

static const char *task_name_of(const struct sheet *sheet, uint32_t rung)
{
	return sheet->ladder->tasks[sheet->ladder->rungs[rung].task].name;
}

static char *folded_words(const struct rung *rung)
{
	if (rung->kind == RUNG_FOLD)
		return text_format("%u steps: %s", rung->count, rung->deed);
	if (rung->period == 1)
		return text_format("the same %u times more", rung->count);
	return text_format("the last %u steps %u times more", rung->period, rung->count);
}

static struct sayings say(const struct sheet *sheet, uint32_t at)
{
	const struct rung *rung = &sheet->ladder->rungs[at];
	struct sayings sayings = {0};
	char *words = is_folded(rung) ? folded_words(rung) : rung_words(rung);

	if (sheet->ladder->repeats_from == at + 1)
		sayings.above = text_copy("from here on it repeats:");
	else if (rung->early)
		sayings.above =
			text_format("the time of %s is up", task_name_of(sheet, at));
	else if (rung->preempts && at > 0 &&
		 sheet->ladder->rungs[at - 1].task != rung->task)
		sayings.above = text_format("%s is preempted, %s runs",
			task_name_of(sheet, at - 1), task_name_of(sheet, at));
	else if (rung->preempts)
		sayings.above = text_copy("preemption");
	if (!sheet->columns && !is_folded(rung))
		text_replace(&words, "%s %s", task_name_of(sheet, at), words);
	sayings.words = text_line(words);
	free(words);
	if (rung->note)
		sayings.below = text_line(rung->note);
	else if (rung->decisive)
		sayings.below = text_copy("here it goes wrong");
	return sayings;
}

static void sayings_release(struct sayings *sayings)
{
	free(sayings->above);
	free(sayings->words);
	free(sayings->below);
}

static char *place_of(const struct rung *rung)
{
	return rung->line > 0 ? text_format(":%ld", rung->line) : text_copy("");
}

/* The columns of the longest words of a task, within bounds. */
static size_t widest_words(const struct sheet *sheet, uint32_t task)
{
	size_t widest = WORDS_LEAST;

	for (uint32_t i = 0; i < sheet->ladder->rung_count; i++) {
		const struct rung *rung = &sheet->ladder->rungs[i];
		if (rung->task != task || is_folded(rung))
			continue;
		struct sayings sayings = say(sheet, i);
		size_t columns = text_columns(sayings.words);
		widest = columns > widest ? columns : widest;
		sayings_release(&sayings);
	}
	return widest < WORDS_MOST ? widest : WORDS_MOST;
}

static void place_lanes(struct sheet *sheet)
{
	uint32_t count = sheet->ladder->task_count;
	long x = sheet->start;

	for (uint32_t i = 0; i < count; i++) {
		sheet->lanes[i] = x + LANE_LEFT;
		sheet->most[i] = sheet->columns ? widest_words(sheet, i) : WORDS_BESIDE;
		sheet->words[i] = sheet->lanes[i] + LANE_RIGHT;
		x += sheet->columns
			     ? LANE_LEFT + LANE_RIGHT + (long)sheet->most[i] * CHARACTER
			     : CLOSE_LANE;
	}
	for (uint32_t i = 0; i < count && !sheet->columns; i++)
		sheet->words[i] = x + LANE_LEFT;
	if (!sheet->columns)
		x += LANE_LEFT + WORDS_BESIDE * CHARACTER;
	sheet->width = x + MARGIN;
}

static long words_start(const struct sheet *sheet, const struct rung *rung)
{
	if (is_folded(rung) && sheet->columns)
		return sheet->start + LANE_LEFT - CHARACTER;
	return sheet->words[rung->task];
}

static size_t words_most(const struct sheet *sheet, const struct rung *rung)
{
	if (is_folded(rung) && sheet->columns)
		return (size_t)((sheet->width - words_start(sheet, rung) - MARGIN) /
				CHARACTER);
	return sheet->most[rung->task];
}

static void place_rows(struct sheet *sheet)
{
	long y = HEAD + LINE;

	for (uint32_t i = 0; i < sheet->ladder->rung_count; i++) {
		size_t most = words_most(sheet, &sheet->ladder->rungs[i]);
		struct sayings sayings = say(sheet, i);
		y += sayings.above ? lines_of(sayings.above, most) * LINE + ROW_GAP : 0;
		sheet->rows[i] = y;
		y += lines_of(sayings.words, most) * LINE + ROW_GAP;
		y += sayings.below ? lines_of(sayings.below, most) * LINE : 0;
		sayings_release(&sayings);
	}
	sheet->rows_end = y;
	sheet->height = y + MARGIN;
}

static void put_line(
	struct sheet *sheet, const char *class_name, long x1, long y1, long x2, long y2)
{
	markup_open(sheet->writer, "line", "class", class_name, NULL);
	markup_attribute(sheet->writer, "x1", "%ld", x1);
	markup_attribute(sheet->writer, "y1", "%ld", y1);
	markup_attribute(sheet->writer, "x2", "%ld", x2);
	markup_attribute(sheet->writer, "y2", "%ld", y2);
}

/* Broken where steps are left out. */
static void draw_lanes(struct sheet *sheet)
{
	const struct ladder *ladder = sheet->ladder;

	for (uint32_t task = 0; task < ladder->task_count; task++) {
		long x = sheet->lanes[task], y = HEAD;
		for (uint32_t i = 0; i < ladder->rung_count; i++) {
			if (!is_folded(&ladder->rungs[i]))
				continue;
			long next = i + 1 < ladder->rung_count ? sheet->rows[i + 1]
							       : sheet->rows_end;
			put_line(sheet, "w-lane", x, y, x, sheet->rows[i] - LINE);
			markup_close_void(sheet->writer);
			y = next - LINE;
		}
		put_line(sheet, "w-lane", x, y, x, sheet->rows_end);
		markup_close_void(sheet->writer);
	}
}

static uint32_t locks_in(const char *held)
{
	uint32_t count = 1;

	for (const char *next = held; (next = strstr(next, ", ")); next += 2)
		count++;
	return count;
}

/* From the rung to the task's next one, or to the end. */
static long next_row(const struct sheet *sheet, uint32_t rung)
{
	for (uint32_t i = rung + 1; i < sheet->ladder->rung_count; i++)
		if (sheet->ladder->rungs[i].task == sheet->ladder->rungs[rung].task &&
			!is_folded(&sheet->ladder->rungs[i]))
			return sheet->rows[i];
	return sheet->rows_end;
}

static void draw_bands(struct sheet *sheet)
{
	for (uint32_t i = 0; i < sheet->ladder->rung_count; i++) {
		const struct rung *rung = &sheet->ladder->rungs[i];
		if (!rung->held)
			continue;
		long width = BAND + 4 * ((long)locks_in(rung->held) - 1);
		markup_open(sheet->writer, "rect", "class", "w-band", NULL);
		markup_attribute(
			sheet->writer, "x", "%ld", sheet->lanes[rung->task] - width / 2);
		markup_attribute(sheet->writer, "y", "%ld", sheet->rows[i]);
		markup_attribute(sheet->writer, "width", "%ld", width);
		markup_attribute(sheet->writer, "height", "%ld",
			next_row(sheet, i) - sheet->rows[i]);
		markup_open(sheet->writer, "title", NULL);
		markup_print(
			sheet->writer, "%s holds %s", task_name_of(sheet, i), rung->held);
		markup_close(sheet->writer);
		markup_close(sheet->writer);
	}
}

static void draw_stale(struct sheet *sheet, const struct arrow *arrow)
{
	long x = sheet->lanes[sheet->ladder->rungs[arrow->to].task];
	long from = sheet->rows[arrow->from], to = sheet->rows[arrow->to];

	markup_open(sheet->writer, "path", "class", "w-stale", NULL);
	markup_attribute(sheet->writer, "d", "M%ld %ldC%ld %ld %ld %ld %ld %ld", x - 7,
		from, x - LANE_LEFT, from + LINE, x - LANE_LEFT, to - LINE, x - 9, to);
	markup_attribute(sheet->writer, "marker-end", "url(#%s-stale)", sheet->name);
	markup_open(sheet->writer, "title", NULL);
	markup_text(sheet->writer, "what was read here is written there");
	markup_close(sheet->writer);
	markup_close(sheet->writer);
}

/* Between two lanes the ends stop short of the dots. */
static void draw_race(struct sheet *sheet, const struct arrow *arrow)
{
	const struct rung *from = &sheet->ladder->rungs[arrow->from];
	const struct rung *to = &sheet->ladder->rungs[arrow->to];
	long x1 = sheet->lanes[from->task], x2 = sheet->lanes[to->task];
	long side = x2 > x1 ? 8 : x2 < x1 ? -8 : 0;

	put_line(sheet, "w-race", x1 + side, sheet->rows[arrow->from], x2 - side,
		sheet->rows[arrow->to]);
	markup_attribute(sheet->writer, "marker-start", "url(#%s-race)", sheet->name);
	markup_attribute(sheet->writer, "marker-end", "url(#%s-race)", sheet->name);
	markup_open(sheet->writer, "title", NULL);
	markup_text(sheet->writer, "nothing orders the two");
	markup_close(sheet->writer);
	markup_close(sheet->writer);
}

static void draw_arrows(struct sheet *sheet)
{
	for (uint32_t i = 0; i < sheet->ladder->arrow_count; i++) {
		const struct arrow *arrow = &sheet->ladder->arrows[i];
		if (arrow->kind == ARROW_RACE)
			draw_race(sheet, arrow);
		else
			draw_stale(sheet, arrow);
	}
}

static void put_dot(struct sheet *sheet, const struct rung *rung, long y)
{
	markup_open(sheet->writer, "circle", "class",
		rung->decisive		  ? "w-dot w-dot-wrong"
		: rung->kind == RUNG_READ ? "w-dot w-dot-read"
					  : "w-dot",
		NULL);
	markup_attribute(sheet->writer, "cx", "%ld", sheet->lanes[rung->task]);
	markup_attribute(sheet->writer, "cy", "%ld", y);
	markup_attribute(sheet->writer, "r", "%d", rung->decisive ? 7 : 5);
	markup_close_void(sheet->writer);
}

static void put_number(struct sheet *sheet, const struct rung *rung, long y)
{
	char *place = place_of(rung);
	char *number = rung->number ? text_format("%u", rung->number) : text_copy("end");

	put_lines(sheet, "w-number", MARGIN, y, 6, number);
	put_lines(sheet, "w-place", MARGIN + 5 * CHARACTER, y, 12, place);
	free(number);
	free(place);
}

static void draw_rung(struct sheet *sheet, uint32_t at)
{
	const struct rung *rung = &sheet->ladder->rungs[at];
	struct sayings sayings = say(sheet, at);
	long x = words_start(sheet, rung), y = sheet->rows[at];
	size_t most = words_most(sheet, rung);
	const char *words = is_folded(rung)  ? "w-fold"
			    : rung->decisive ? "w-words w-wrong"
					     : "w-words";

	markup_open(sheet->writer, "g", "class", "w-rung", NULL);
	markup_attribute(sheet->writer, "data-rung", "%u", at);
	if (sayings.above)
		put_lines(sheet, "w-switch", x,
			y + 4 - ROW_GAP - LINE * lines_of(sayings.above, most), most,
			sayings.above);
	if (!is_folded(rung)) {
		put_number(sheet, rung, y + 4);
		put_dot(sheet, rung, y);
	}
	y += 4;
	y += LINE * put_lines(sheet, words, x, y, most, sayings.words);
	if (sayings.below)
		put_lines(sheet, "w-note", x, y, most, sayings.below);
	markup_close(sheet->writer);
	sayings_release(&sayings);
}

static void draw_heads(struct sheet *sheet)
{
	for (uint32_t i = 0; i < sheet->ladder->task_count; i++) {
		const struct ladder_task *task = &sheet->ladder->tasks[i];
		long x = sheet->lanes[i] - CHARACTER;
		put_lines(sheet, "w-head", x, MARGIN + 8, 8, task->name);
		if (task->runs && sheet->columns)
			put_lines(sheet, "w-runs", x, MARGIN + 8 + LINE, sheet->most[i],
				task->runs);
	}
}

static void draw_marker(struct sheet *sheet, const char *kind)
{
	markup_open(sheet->writer, "marker", "viewBox", "0 0 10 10", "refX", "8", "refY",
		"5", "markerWidth", "7", "markerHeight", "7", "orient",
		"auto-start-reverse", NULL);
	markup_attribute(sheet->writer, "id", "%s-%s", sheet->name, kind);
	markup_open(sheet->writer, "path", "d", "M0 0L10 5L0 10z", NULL);
	markup_attribute(sheet->writer, "class", "w-head-%s", kind);
	markup_close_void(sheet->writer);
	markup_close(sheet->writer);
}

/* Tasks that wait for each other, in a row; whoever waits for one further right has its arrow
 * above, and who waits for one further left below. */
struct cycle {
	long y;	   /* of the row's middle */
	long step; /* from one to the next */
	long *nodes;
};

static bool is_cycle(const struct ladder *ladder)
{
	for (uint32_t i = 0; i < ladder->waiting_count; i++)
		if (ladder->waiting[i].holder >= 0 &&
			ladder->waiting[i].holder != (int)ladder->waiting[i].task)
			return true;
	return false;
}

static char *wish_words(const struct waiting *waiting)
{
	return text_format("waits for %s", waiting->object ? waiting->object : "it");
}

static void place_cycle(struct sheet *sheet, struct cycle *cycle)
{
	const struct ladder *ladder = sheet->ladder;
	long widest = 16, x = sheet->start;

	for (uint32_t i = 0; i < ladder->waiting_count; i++) {
		char *words = wish_words(&ladder->waiting[i]);
		long columns = (long)text_columns(words);
		widest = columns > widest ? columns : widest;
		free(words);
	}
	widest = widest < WORDS_MOST ? widest : WORDS_MOST;
	cycle->step = NODE_WIDTH + widest * CHARACTER;
	cycle->nodes = memory_new(ladder->task_count + 1, sizeof(*cycle->nodes));
	long far = ladder->task_count > 1 ? ARC + LINE * (long)(ladder->task_count - 2)
					  : ARC;
	cycle->y = sheet->rows_end + LINE + far + 2 * LINE + NODE_HEIGHT / 2;
	for (uint32_t i = 0; i < ladder->task_count; i++, x += cycle->step)
		cycle->nodes[i] = x + NODE_WIDTH / 2;
	x += MARGIN - cycle->step + NODE_WIDTH;
	sheet->width = x > sheet->width ? x : sheet->width;
	sheet->height = cycle->y + NODE_HEIGHT / 2 + far + 2 * LINE + MARGIN;
}

static void draw_wish(
	struct sheet *sheet, const struct cycle *cycle, const struct waiting *waiting)
{
	long from = cycle->nodes[waiting->task], to = cycle->nodes[waiting->holder];
	long side = to > from ? -1 : 1;
	long apart = labs((long)waiting->task - waiting->holder);
	long edge = cycle->y + side * NODE_HEIGHT / 2;
	long top = edge + side * (ARC + LINE * (apart - 1));
	char *words = wish_words(waiting);
	char *line = text_line(words);

	markup_open(sheet->writer, "path", "class", "w-wish", NULL);
	markup_attribute(sheet->writer, "d", "M%ld %ldC%ld %ld %ld %ld %ld %ld",
		from - side * 10, edge, from - side * 10, top, to + side * 10, top,
		to + side * 10, edge + side * 2);
	markup_attribute(sheet->writer, "marker-end", "url(#%s-wish)", sheet->name);
	markup_close_void(sheet->writer);
	const char *rest = line;
	char *first = next_line(&rest, WORDS_MOST);
	long middle = (edge + 3 * top) / 4 + (side < 0 ? -6 : 16);
	put_lines(sheet, "w-wish-words", (from + to) / 2, middle, WORDS_MOST,
		first ? first : "");
	free(first);
	free(line);
	free(words);
}

static void draw_node(struct sheet *sheet, const struct cycle *cycle, uint32_t task)
{
	markup_open(sheet->writer, "rect", "class", "w-node", "rx", "6", NULL);
	markup_attribute(sheet->writer, "x", "%ld", cycle->nodes[task] - NODE_WIDTH / 2);
	markup_attribute(sheet->writer, "y", "%ld", cycle->y - NODE_HEIGHT / 2);
	markup_attribute(sheet->writer, "width", "%d", NODE_WIDTH);
	markup_attribute(sheet->writer, "height", "%d", NODE_HEIGHT);
	markup_close_void(sheet->writer);
	put_lines(sheet, "w-node-name", cycle->nodes[task], cycle->y + 5, 7,
		sheet->ladder->tasks[task].name);
}

static void draw_cycle(struct sheet *sheet, const struct cycle *cycle)
{
	const struct ladder *ladder = sheet->ladder;

	for (uint32_t i = 0; i < ladder->waiting_count; i++) {
		const struct waiting *waiting = &ladder->waiting[i];
		if (waiting->holder >= 0 && waiting->holder != (int)waiting->task)
			draw_wish(sheet, cycle, waiting);
	}
	for (uint32_t i = 0; i < ladder->task_count; i++)
		draw_node(sheet, cycle, i);
}

static void open_picture(struct sheet *sheet, const char *style)
{
	markup_open(sheet->writer, "svg", "xmlns", "http://www.w3.org/2000/svg", "class",
		"w-picture", "role", "img", NULL);
	markup_attribute(sheet->writer, "aria-labelledby", "%s-title", sheet->name);
	markup_attribute(sheet->writer, "width", "%ld", sheet->width);
	markup_attribute(sheet->writer, "height", "%ld", sheet->height);
	markup_attribute(
		sheet->writer, "viewBox", "0 0 %ld %ld", sheet->width, sheet->height);
	markup_open(sheet->writer, "title", NULL);
	markup_attribute(sheet->writer, "id", "%s-title", sheet->name);
	markup_print(sheet->writer, "The witness: %u steps of %u tasks",
		sheet->ladder->steps, sheet->ladder->task_count);
	markup_close(sheet->writer);
	if (style) {
		markup_open(sheet->writer, "style", NULL);
		markup_raw(sheet->writer, style);
		markup_close(sheet->writer);
	}
	markup_open(sheet->writer, "defs", NULL);
	draw_marker(sheet, "stale");
	draw_marker(sheet, "race");
	draw_marker(sheet, "wish");
	markup_close(sheet->writer);
}

void ladder_draw(xmlTextWriterPtr writer, const struct ladder *ladder, const char *name,
	const char *style)
{
	size_t tasks = (size_t)ladder->task_count + 1;
	struct sheet sheet = {.writer = writer,
		.ladder = ladder,
		.name = name,
		.columns = ladder->task_count <= COLUMNS_MOST,
		.start = MARGIN + 10 * CHARACTER,
		.lanes = memory_new(tasks, sizeof(*sheet.lanes)),
		.words = memory_new(tasks, sizeof(*sheet.words)),
		.most = memory_new(tasks, sizeof(*sheet.most)),
		.rows = memory_new((size_t)ladder->rung_count + 1, sizeof(*sheet.rows))};
	struct cycle cycle = {0};
	bool waits = is_cycle(ladder);

	place_lanes(&sheet);
	place_rows(&sheet);
	if (waits)
		place_cycle(&sheet, &cycle);
	open_picture(&sheet, style);
	draw_lanes(&sheet);
	draw_bands(&sheet);
	draw_arrows(&sheet);
	draw_heads(&sheet);
	for (uint32_t i = 0; i < ladder->rung_count; i++)
		draw_rung(&sheet, i);
	if (waits)
		draw_cycle(&sheet, &cycle);
	markup_close(writer);
	free(cycle.nodes);
	free(sheet.lanes);
	free(sheet.words);
	free(sheet.most);
	free(sheet.rows);
}

void ladder_svg(struct buffer *picture, const struct ladder *ladder, const char *name,
	const char *style)
{
	xmlTextWriterPtr writer = markup_begin(picture);

	ladder_draw(writer, ladder, name, style);
	markup_end(writer);
	buffer_text(picture, "\n");
}
