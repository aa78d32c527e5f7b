/* SPDX-License-Identifier: MIT */
/*
 * A short run of the fuzzer's targets in every `make check`, with sanitizers on: mutations of
 * a valid input by a generator with a fixed seed, so that a failure comes again. make check-long
 * makes more of them, and `make fuzz` goes further.
 */
#include "suite.h"

#include "fuzz/targets.h"

#include <dirent.h>

/* Leaks are looked for by make fuzz: it takes ptrace, which not every container allows. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

enum { FEW = 100, MANY = 800, MOST_BYTES = 131072 };

static int rounds = FEW;

static uint64_t state = 20261122;

static uint64_t draw(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

/* One change: a bit, a byte, a piece doubled, dropped or overwritten by another. */
static size_t mutate(uint8_t *bytes, size_t size)
{
	static const uint8_t favourites[] = {0, '\n', '<', '>', '"', ':', '{', '[', '-',
		'%', 0x1b, 0x7f, 0x80, 0xc0, 0xe2, 0xff};
	size_t at, length;

	if (size == 0)
		bytes[size++] = (uint8_t)draw(256);
	at = draw(size);
	length = 1 + draw(size - at < 64 ? size - at : 64);
	switch (draw(5)) {
	case 0:
		bytes[at] ^= (uint8_t)(1U << draw(8));
		break;
	case 1:
		bytes[at] = favourites[draw(sizeof(favourites))];
		break;
	case 2:
		if (size + length < MOST_BYTES) {
			memmove(bytes + at + length, bytes + at, size - at);
			size += length;
		}
		break;
	case 3:
		memmove(bytes + at, bytes + at + length, size - at - length);
		size -= length;
		break;
	default:
		memmove(bytes + draw(size - length + 1), bytes + at, length);
	}
	return size;
}

/* The seed as it is, nothing at all, and what becomes of the seed. */
static void try_seed(const struct fuzz_target *target, const char *seed, size_t length)
{
	uint8_t *bytes = memory_new(MOST_BYTES, 1);
	size_t size = length;

	ck_assert_uint_lt(length, MOST_BYTES);
	target->run((const uint8_t *)seed, length);
	target->run((const uint8_t *)"", 0);
	for (int round = 0; round < rounds; round++) {
		/* Now and then afresh, or nothing but noise would be left. */
		if (round % 8 == 0) {
			size = length;
			memcpy(bytes, seed, length);
		}
		size = mutate(bytes, size);
		target->run(bytes, size);
	}
	free(bytes);
}

/* What once broke a reader, and what no text can say, lies in a folder. */
static int try_corpus(const struct fuzz_target *target)
{
	char *folder = text_format("grader/tests/fuzz/corpus/%s", target->name);
	struct dirent **names = NULL;
	int count = scandir(folder, &names, NULL, alphasort);
	int tried = 0;

	for (int i = 0; i < count; i++) {
		struct error error;
		char *path = path_join(folder, names[i]->d_name);
		size_t size = 0;
		char *seed = names[i]->d_name[0] == '.'
				     ? NULL
				     : file_read(path, MOST_BYTES, &size, &error);

		if (seed)
			try_seed(target, seed, size);
		tried += seed != NULL;
		free(seed);
		free(path);
		free(names[i]);
	}
	free(names);
	free(folder);
	return tried;
}

static void try_target(const struct fuzz_target *target)
{
	char *seed = target->seed_path ? file_get(target->seed_path) : NULL;
	int tried = try_corpus(target);

	if (!seed && target->seed)
		seed = text_copy(target->seed);
	if (seed)
		try_seed(target, seed, strlen(seed));
	if (target->make) {
		uint8_t made[FUZZ_MADE_BYTES];
		size_t size = target->make(made);
		try_seed(target, (const char *)made, size);
		tried++;
	}
	ck_assert_msg(seed || tried > 0, "%s has no seed", target->name);
	free(seed);
}

static void try_targets(void)
{
	fuzz_open();
	for (int i = 0; i < FUZZ_TARGETS; i++)
		try_target(&fuzz_targets[i]);
	fuzz_close();
}

START_TEST(few_bytes_break_no_reader)
{
	try_targets();
}
END_TEST

START_LONG_TEST(no_bytes_break_a_reader, few_bytes_break_no_reader)
{
	rounds = MANY;
	try_targets();
}
END_TEST

static void add_tests(TCase *tcase)
{
	add_short_test(tcase, few_bytes_break_no_reader, 0, 1);
	add_long_test(tcase, no_bytes_break_a_reader, 0, 1);
}

int main(void)
{
	suite_hang_seconds = 1800; /* under sanitizers, on a busy machine */
	return suite_run_case("fuzz", add_tests, scratch_make, scratch_remove);
}
