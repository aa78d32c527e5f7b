/* SPDX-License-Identifier: MIT */
/*
 * The sampled executions: which strategy the next one uses, from what the earlier ones did.
 * Most are directed (direct.h) as long as there is something to direct; between them come
 * reads-from pairs that were not seen yet (Wolff et al., "Greybox fuzzing for concurrency
 * testing", ASPLOS 2024), POS, PCT, SURW and the random walk.
 *
 *	sampler_plan(sampler, &request);
 *	... the execution ...
 *	sampler_learn(sampler, &trace);
 */
#ifndef INTERLOCK_EXPLORE_SAMPLE_H
#define INTERLOCK_EXPLORE_SAMPLE_H

#include "explore/trace.h"

struct sampler;

struct sampler *sampler_new(uint64_t seed, int strategy);
void sampler_free(struct sampler *sampler);
void sampler_plan(struct sampler *sampler, struct request *request);
void sampler_learn(struct sampler *sampler, const struct trace *trace);

#endif
