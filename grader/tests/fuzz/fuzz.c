/* SPDX-License-Identifier: MIT */
/*
 * The targets under libFuzzer: `make fuzz SECONDS=600`, all in turn, or one with
 * INTERLOCK_FUZZ=NAME build/fuzz.
 */
#include "fuzz/targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

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
	}
	chosen->run(bytes, size);
	return 0;
}
