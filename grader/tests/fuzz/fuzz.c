/* SPDX-License-Identifier: MIT */
/*
 * The targets under libFuzzer: `make fuzz SECONDS=600`, all in turn, or one with
 * INTERLOCK_FUZZ=NAME build/fuzz/fuzz.
 */
#include "fuzz/targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* For the next run: what is made of structures can lie in no repository. */
static void write_seed(const struct fuzz_target *target, const char *path)
{
	uint8_t made[FUZZ_MADE_BYTES];

	if (path && target->make)
		fuzz_put(path, made, target->make(made));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const struct fuzz_target *chosen;

	if (!chosen) {
		const char *name = getenv("INTERLOCK_FUZZ");

		fuzz_open();
		atexit(fuzz_close);
		for (int i = 0; i < FUZZ_TARGETS; i++)
			if (name && strcmp(name, fuzz_targets[i].name) == 0)
				chosen = &fuzz_targets[i];
		FUZZ_MUST(chosen);
		write_seed(chosen, getenv("INTERLOCK_FUZZ_SEED"));
	}
	chosen->run(bytes, size);
	return 0;
}
