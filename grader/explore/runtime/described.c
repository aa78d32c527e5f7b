/* SPDX-License-Identifier: MIT */
/*
 * Functions of the C library that are called as they are. functions.def says what each reads
 * and writes; that is announced as the program's own accesses, at the place of the call:
 *
 *	PLAIN(fgets, box, stream(3), writes(1, written))
 *
 *	reads, writes   what the argument of that number points to, counted among those that
 *			are numbers or pointers; result: what is returned; pointed(n): what
 *			lies where the argument points
 *	hidden		a state of the library's own that no lock guards; reads_hidden: is
 *			only looked at
 *	stream		a FILE: the argument, or input, output, errors. A lock of its own guards
 *			it, which is one of the model where the stream is one of stdio.c
 *	descriptor	likewise of a file descriptor
 *	path		the name of a file, and what for (paths.h): the execution has its own
 *
 * How much is read or written:
 *
 *	string, wide	up to the end of the text; string_of(n): at most argument n of it
 *	like(n)		as argument n's text; wide_like(n)
 *	bytes(n)	as argument n says; words(n): times four; items(n, m): argument n times m
 *	size(k)		so many bytes
 *	text		the text that is there afterwards; written: if the result is not 0 or -1
 *	returned(n)	the result times argument n, if any; returned_up_to(n): one more than the
 *			result, at most argument n, if any
 *	printf_format(n), scanf_format(n)
 *			the format, and what the va_list in argument n has for it
 *
 * What is known beforehand is announced before the call. Otherwise only the step is, if the
 * place is one that races, and the rest follows once the extent is known.
 */
#include "described.h"
#include "files.h"
#include "paths.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum does { NOTHING_MORE, READS, WRITES, STREAM, DESCRIPTOR, PATH };

enum extent {
	STRING,
	STRING_OF,
	WIDE,
	LIKE,
	WIDE_LIKE,
	BYTES,
	WORDS,
	ITEMS,
	SIZE,
	TEXT,
	WRITTEN,
	RETURNED,
	RETURNED_UP_TO,
	PRINTF_FORMAT,
	SCANF_FORMAT,
};

/* Beside enum path_use: the argument after the path says for what it is opened. */
enum { OPEN_FLAGS = 100, OPEN_MODE };

enum {
	RESULT = 7,
	STANDARD_INPUT,
	STANDARD_OUTPUT,
	STANDARD_ERRORS,
	HIDDEN,
	POINTED = 16
};

struct effect {
	uint8_t does, at, extent, first, second;
	uint16_t size;
	uint64_t *hidden;
};

struct plain {
	const char *name, *real_name;
	unsigned fixed; /* arguments before those that vary; 0: none do */
	struct effect effects[4];
};

/* States of the library's own, one variable each: only their addresses mean something. */
static uint64_t environment, locale, place_of_getopt, place_of_strtok, signgam_of_lgamma,
	state_of_drand48, state_of_mblen, text_of_l64a, timezone_rules;

#define reads(argument, how)                                                             \
	{                                                                                \
		.does = READS, .at = argument, how                                       \
	}
#define writes(argument, how)                                                            \
	{                                                                                \
		.does = WRITES, .at = argument, how                                      \
	}
#define hidden(state)                                                                    \
	{                                                                                \
		.does = WRITES, .at = HIDDEN, .hidden = &state                           \
	}
#define reads_hidden(state)                                                              \
	{                                                                                \
		.does = READS, .at = HIDDEN, .hidden = &state                            \
	}
#define stream(argument)                                                                 \
	{                                                                                \
		.does = STREAM, .at = argument                                           \
	}
#define descriptor(argument)                                                             \
	{                                                                                \
		.does = DESCRIPTOR, .at = argument                                       \
	}
#define result RESULT
#define path(argument, how)                                                              \
	{                                                                                \
		.does = PATH, .at = argument, .extent = how                              \
	}
#define input STANDARD_INPUT
#define output STANDARD_OUTPUT
#define errors STANDARD_ERRORS
#define pointed(argument) (POINTED + (argument))
#define string .extent = STRING
#define string_of(n) .extent = STRING_OF, .first = n
#define wide .extent = WIDE
#define like(n) .extent = LIKE, .first = n
#define wide_like(n) .extent = WIDE_LIKE, .first = n
#define bytes(n) .extent = BYTES, .first = n
#define words(n) .extent = WORDS, .first = n
#define items(n, m) .extent = ITEMS, .first = n, .second = m
#define size(k) .extent = SIZE, .size = k
#define text .extent = TEXT
#define written .extent = WRITTEN
#define returned(n) .extent = RETURNED, .first = n
#define returned_up_to(n) .extent = RETURNED_UP_TO, .first = n
#define printf_format(n) .extent = PRINTF_FORMAT, .first = n
#define scanf_format(n) .extent = SCANF_FORMAT, .first = n
#define PLAIN(name, where, ...) {#name, #name, 0, {__VA_ARGS__}},
#define VARIADIC(name, where, real, fixed, ...) {#name, #real, fixed, {__VA_ARGS__}},
#define MODELLED(name, where)
#define QUICK(name, where)
#define PURE(name, where)
#define MATH(name, where)
#define DATA(name, where)

/* In the order of the table, by which entries.S numbers them. */
static const struct plain plains[] = {
#include "functions.def"
};

#undef size
#undef result
#undef string
#undef input
#undef output
#undef errors
#undef stream
#undef written
#undef text
#undef bytes
#undef words

static void *reals[sizeof plains / sizeof *plains];

void described_find(void)
{
	for (size_t i = 0; i < sizeof plains / sizeof *plains; i++)
		reals[i] = real_named(plains[i].real_name);
}

static uint64_t argument(const struct call *call, unsigned number)
{
	return number == RESULT ? call->returned : call->integers[number - 1];
}

static void *place(const struct effect *effect, const struct call *call)
{
	if (effect->at == HIDDEN)
		return effect->hidden;
	if (effect->at < POINTED)
		return (void *)argument(call, effect->at);
	void **pointer = (void **)argument(call, effect->at - POINTED);
	return pointer ? *pointer : NULL;
}

static size_t length_within(const char *text, size_t most)
{
	size_t length = 0;
	while (length < most && text[length])
		length++;
	return length < most ? length + 1 : length;
}

static size_t wide_length(const wchar_t *text)
{
	size_t length = 0;
	while (text[length])
		length++;
	return (length + 1) * sizeof *text;
}

static bool known_afterwards(const struct effect *effect)
{
	return effect->extent == TEXT || effect->extent == WRITTEN ||
	       effect->extent == RETURNED || effect->extent == RETURNED_UP_TO ||
	       effect->at == RESULT;
}

/* The size of what is read or written; the pointer is none to nothing. */
static size_t extent_of(
	const struct effect *effect, const struct call *call, const void *pointer)
{
	uint64_t first = effect->first ? argument(call, effect->first) : 1;
	int64_t came = (int64_t)call->returned;
	if (effect->at == HIDDEN)
		return sizeof(uint64_t);
	switch ((enum extent)effect->extent) {
	case STRING:
	case TEXT:
	case WRITTEN:
		return length_within(pointer, SIZE_MAX);
	case STRING_OF:
		return length_within(pointer, first);
	case WIDE:
		return wide_length(pointer);
	case LIKE:
		return length_within((const char *)first, SIZE_MAX);
	case WIDE_LIKE:
		return wide_length((const wchar_t *)first);
	case BYTES:
		return first;
	case WORDS:
		return first * sizeof(wchar_t);
	case ITEMS:
		return first * argument(call, effect->second);
	case SIZE:
		return effect->size;
	case RETURNED:
		return came > 0 ? (size_t)came * first : 0;
	case RETURNED_UP_TO:
		came = (int32_t)came;
		if (came < 0)
			return 0;
		return !effect->first || (uint64_t)came < first ? (uint64_t)came + 1
								: first;
	default:
		return 0;
	}
}

static bool came_to_nothing(const struct effect *effect, const struct call *call)
{
	return effect->extent == WRITTEN && effect->at != RESULT &&
	       (!call->returned || (int32_t)call->returned == -1);
}

static FILE *stream_of(const struct effect *effect, const struct call *call)
{
	switch (effect->at) {
	case STANDARD_INPUT:
		return stdin;
	case STANDARD_OUTPUT:
		return stdout;
	case STANDARD_ERRORS:
		return stderr;
	default:
		return (FILE *)argument(call, effect->at);
	}
}

static void stream_begins(const struct effect *effect, struct call *call)
{
	FILE *stream = stream_of(effect, call);
	if (!stream)
		return;
	FILE *followed = stream_followed(stream);
	if (followed != stream && effect->at < RESULT)
		call->integers[effect->at - 1] = (uint64_t)followed;
	if (stream_enter(followed))
		call->entered++;
}

/* It may be closed by now. */
static void stream_ends(const struct effect *effect, const struct call *call)
{
	FILE *stream = stream_of(effect, call);
	if (stream && call->entered)
		stream_leave(stream);
}

static void announce_before(const struct effect *effect, struct call *call)
{
	unsigned flags = effect->does == WRITES ? FLAG_WRITE : 0;
	uint64_t pc = explore_self.frame->pc;
	if (effect->does == STREAM) {
		stream_begins(effect, call);
		return;
	}
	if (effect->does == DESCRIPTOR) {
		pipe_refuse((int)argument(call, effect->at));
		return;
	}
	if (effect->at == RESULT || effect->does == PATH)
		return;
	const void *pointer = place(effect, call);
	if (!pointer)
		return;
	if (effect->extent == PRINTF_FORMAT && effect->at != HIDDEN)
		printf_reads(pointer, argument(call, effect->first), pc);
	else if (effect->extent == SCANF_FORMAT && effect->at != HIDDEN)
		access_memory(pointer, length_within(pointer, SIZE_MAX), 0, pc);
	else if (known_afterwards(effect))
		access_ahead(pointer, flags, pc);
	else
		access_memory(pointer, extent_of(effect, call, pointer), flags, pc);
}

static void announce_after(const struct effect *effect, struct call *call)
{
	unsigned flags = effect->does == WRITES ? FLAG_WRITE : 0;
	uint64_t pc = explore_self.frame->pc;
	if (effect->does == STREAM)
		stream_ends(effect, call);
	if (effect->does != READS && effect->does != WRITES)
		return;
	if (effect->at != HIDDEN && effect->extent == SCANF_FORMAT) {
		scanf_writes((const char *)argument(call, effect->at),
			argument(call, effect->first), (int)call->returned, pc);
		return;
	}
	if (!known_afterwards(effect) || came_to_nothing(effect, call))
		return;
	const void *pointer = place(effect, call);
	if (pointer)
		access_behind(pointer, extent_of(effect, call, pointer), flags, pc);
}

typedef void announcing(const struct effect *effect, struct call *call);

static void announce_all(
	const struct plain *plain, struct call *call, announcing *announce)
{
	int error = errno;
	for (int i = 0; i < 4 && plain->effects[i].does && explore_self.task; i++) {
		explore_self.task->within++;
		announce(&plain->effects[i], call);
	}
	errno = error;
}

/* Files are opened, looked at and changed where the execution has them. */
static void find_paths(const struct plain *plain, struct call *call)
{
	int room = 0;
	for (int i = 0; i < 4 && plain->effects[i].does && explore_self.task; i++) {
		const struct effect *effect = &plain->effects[i];
		if (effect->does != PATH)
			continue;
		uint64_t *place = &call->integers[effect->at - 1];
		enum path_use use = (enum path_use)effect->extent;
		if (effect->extent == OPEN_FLAGS)
			use = path_use_of_flags((int)place[1]);
		if (effect->extent == OPEN_MODE)
			use = path_use_of_mode((const char *)place[1]);
		*place = (uint64_t)path_for((const char *)*place, use, room++);
	}
}

/* entries.S calls it with the program's registers, and returns what it leaves in them. */
void described_call(uint32_t number, struct call *call)
{
	const struct plain *plain = &plains[number];
	struct frame *frame = explore_self.frame;
	struct call fixed;
	struct arguments list = {0};
	struct call *used = call;
	call->entered = 0;
	if (plain->fixed) {
		fixed = *call;
		list = (struct arguments){.integers_used = plain->fixed * 8,
			.floats_used = sizeof call->integers,
			.stack = (const uint64_t *)call->stack,
			.registers = (const unsigned char *)call};
		fixed.integers[plain->fixed] = (uint64_t)&list;
		used = &fixed;
	}
	if (explore_self.task)
		explore_self.task->within = 0;
	announce_all(plain, used, announce_before);
	struct arguments kept = list;
	find_paths(plain, used);
	struct frame *outer = explore_self.library_call;
	explore_self.library_call = frame;
	call_real(reals[number], used);
	explore_self.library_call = outer;
	explore_self.frame = frame; /* the library may have called malloc() */
	if (plain->fixed)
		list = kept; /* to be gone through again */
	announce_all(plain, used, announce_after);
	if (explore_self.task)
		explore_self.task->within = 0;
	call->returned = used->returned;
	call->returned_too = used->returned_too;
	call->floats[0] = used->floats[0];
	call->floats[1] = used->floats[1];
}
