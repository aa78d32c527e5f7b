/* SPDX-License-Identifier: MIT */
#include "explore/sample.h"

#include "base/memory.h"
#include "explore/direct.h"
#include "explore/events.h"

#include <stdlib.h>
#include <string.h>

enum { DIRECTED_TURNS = 8 }; /* all but one in so many are directed */
enum { PAIRS_MAX = 1 << 14, ACCESSES_MAX = 1 << 11 };

/* A place in the program that reads or writes an address. */
struct place_access {
	uint64_t address, pc;
	bool reads, writes;
};

struct sampler {
	uint64_t random;
	int strategy;
	struct director *director;
	bool directed; /* the execution at hand */
	uint32_t planned, mixed;
	uint32_t targets;
	uint32_t longest;
	struct place_access accesses[ACCESSES_MAX];
	uint32_t accesses_count;
	uint64_t pairs[PAIRS_MAX * 2]; /* hashes of pairs seen or tried; open-addressed */
	uint32_t pairs_count;
	struct step *last; /* steps of the latest finished execution, for the weights */
	uint32_t last_count;
};

static uint64_t next_random(struct sampler *sampler)
{
	sampler->random += 0x9e3779b97f4a7c15ull;
	return control_mix(sampler->random);
}

struct sampler *sampler_new(uint64_t seed, int strategy)
{
	struct sampler *sampler = memory_new(1, sizeof *sampler);
	sampler->random = seed;
	sampler->strategy = strategy;
	sampler->director = director_new(seed);
	return sampler;
}

void sampler_free(struct sampler *sampler)
{
	if (!sampler)
		return;
	director_free(sampler->director);
	free(sampler->last);
	free(sampler);
}

/* True if the pair is new. */
static bool pair_add(
	struct sampler *sampler, uint64_t address, uint64_t writer, uint64_t reader)
{
	uint64_t hash =
		control_mix(control_mix(control_mix(address) + writer) + reader) | 1;
	if (sampler->pairs_count >= PAIRS_MAX)
		return false;
	uint32_t slot = (uint32_t)(hash >> 8) % (PAIRS_MAX * 2);
	while (sampler->pairs[slot]) {
		if (sampler->pairs[slot] == hash)
			return false;
		slot = (slot + 1) % (PAIRS_MAX * 2);
	}
	sampler->pairs[slot] = hash;
	sampler->pairs_count++;
	return true;
}

static void access_add(struct sampler *sampler, const struct step *step)
{
	for (uint32_t i = 0; i < sampler->accesses_count; i++)
		if (sampler->accesses[i].address == step->address &&
			sampler->accesses[i].pc == step->pc)
			return;
	if (sampler->accesses_count >= ACCESSES_MAX)
		return;
	sampler->accesses[sampler->accesses_count++] =
		(struct place_access){.address = step->address,
			.pc = step->pc,
			.reads = step_reads(step),
			.writes = step_writes(step)};
}

void sampler_learn(struct sampler *sampler, const struct trace *trace)
{
	enum { MOST = 1 << 12 };
	if (sampler->directed)
		director_learn(sampler->director, trace);
	uint32_t steps = trace->result.steps;
	if (sampler->longest < steps)
		sampler->longest = steps;
	uint32_t seen = steps < MOST ? steps : MOST;
	for (uint32_t i = 0; i < seen; i++) {
		const struct step *step = &trace->steps[i];
		if (!step->address || (!step_reads(step) && !step_writes(step)))
			continue;
		access_add(sampler, step);
		if (!step_reads(step))
			continue;
		uint64_t writer = 0;
		for (uint32_t k = i; k-- > 0 && !writer;)
			if (trace->steps[k].address == step->address &&
				step_writes(&trace->steps[k]))
				writer = trace->steps[k].pc;
		pair_add(sampler, step->address, writer, step->pc);
	}
	if (trace->result.ending == ENDING_FINISHED || !sampler->last) {
		sampler->last =
			memory_grow(sampler->last, seen + 1, sizeof *sampler->last);
		if (seen)
			memcpy(sampler->last, trace->steps, seen * sizeof *sampler->last);
		sampler->last_count = seen;
	}
}

static bool find_target(struct sampler *sampler, struct target *target)
{
	for (uint32_t r = 0; r < sampler->accesses_count; r++) {
		const struct place_access *reader = &sampler->accesses[r];
		if (!reader->reads)
			continue;
		target->address = reader->address;
		target->reader = reader->pc;
		target->writer = 0;
		if (pair_add(sampler, target->address, 0, target->reader))
			return true;
		for (uint32_t w = 0; w < sampler->accesses_count; w++) {
			const struct place_access *writer = &sampler->accesses[w];
			if (!writer->writes || writer->address != reader->address)
				continue;
			target->writer = writer->pc;
			if (pair_add(sampler, target->address, target->writer,
				    target->reader))
				return true;
		}
	}
	*target = (struct target){0};
	return false;
}

static void plan_pct(struct sampler *sampler, struct request *request)
{
	request->strategy = STRATEGY_PCT;
	request->changes_count = 1 + (uint32_t)(next_random(sampler) % 3);
	for (uint32_t i = 0; i < request->changes_count; i++)
		request->changes[i] =
			(uint32_t)(next_random(sampler) %
				   (sampler->longest ? sampler->longest : 1));
}

static void plan_surw(struct sampler *sampler, struct request *request)
{
	request->strategy = STRATEGY_SURW;
	if (!sampler->accesses_count)
		return;
	uint32_t chosen = (uint32_t)(next_random(sampler) % sampler->accesses_count);
	request->focus = sampler->accesses[chosen].address;
	for (uint32_t i = 0; i < sampler->last_count; i++)
		if (sampler->last[i].address == request->focus)
			request->weights[sampler->last[i].task]++;
}

static void plan_named(struct sampler *sampler, struct request *request, int strategy)
{
	if (strategy == STRATEGY_PCT)
		plan_pct(sampler, request);
	else if (strategy == STRATEGY_SURW)
		plan_surw(sampler, request);
	else
		request->strategy = (uint32_t)strategy;
}

static void plan_mixed(struct sampler *sampler, struct request *request)
{
	static const int turns[] = {
		STRATEGY_POS, STRATEGY_PCT, STRATEGY_SURW, STRATEGY_RANDOM};
	uint32_t number = sampler->mixed++;
	/* Some at full grain, for what an early end hides from the other runs. */
	request->every_access |= number % 8 == 5;
	if (number % 4 != 3 && find_target(sampler, &request->target))
		request->strategy =
			sampler->targets++ % 2 ? STRATEGY_POS : STRATEGY_FIRST;
	else
		plan_named(sampler, request, turns[number / 4 % 4]);
}

void sampler_plan(struct sampler *sampler, struct request *request)
{
	uint32_t number = sampler->planned++;
	bool all = sampler->strategy == STRATEGY_DIRECTED;
	bool turn =
		sampler->strategy < 0 && number % DIRECTED_TURNS != DIRECTED_TURNS - 1;
	request->seed = next_random(sampler);
	sampler->directed = (all || turn) && director_plan(sampler->director, request);
	if (sampler->directed)
		return;
	if (sampler->strategy < 0)
		plan_mixed(sampler, request);
	else if (all)
		request->strategy = STRATEGY_RANDOM; /* nothing is left to direct */
	else
		plan_named(sampler, request, sampler->strategy);
}
