/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. The code of a function is followed from its start to its end, block by
 * block, with what its registers and its slots of the stack hold (evaluate.h). A call of
 * __tsan_read4 and its like is remembered with the address that it was given; an access
 * behind it, in the same block, to the same address is announced by that (announced.h). One
 * that is not, and that does not lie in the function's own frame, gets a breakpoint.
 *
 * The frame is the function's own, but for locals whose address it gives away: it passes it to
 * a call, or stores it. These are looked for first; how far such a local reaches, the
 * debugging information says. What has no name there, a temporary of the compiler's, can be
 * given to nobody but the function that fills it in, so it stays the function's own.
 *
 * A bit-field is written by reading the word around it first, after its write has been
 * announced. Others may come in between the two, so the write is announced once more.
 *
 * An announcement that is missed costs a breakpoint that is not needed. One that is believed
 * wrongly costs an access that nobody sees: so all are forgotten at each jump, each label and
 * each call of anything else, and what holds a lock prefix, which no compiler makes of an
 * access that it announces, is always listed.
 */
#include "explore/census.h"

#include "base/memory.h"
#include "explore/announced.h"
#include "explore/listing.h"
#include "explore/symbols.h"
#include "explore/variables.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* rbp lies so far below where the stack's pointer was when the function began. */
enum { FRAME_POINTER = 8 };

struct range {
	int64_t from, to;
};

struct taker {
	const char *path;
	struct listing listing;
	struct symbols *symbols; /* once they are needed */
	csh decoder;
	cs_insn *decoded;
	bool *starts;  /* an instruction begins at this byte of the text */
	bool *targets; /* something jumps to it */
	struct census *census;
	struct error *error;

	/* of the function at hand */
	struct evaluation evaluation;
	struct announced announced;
	struct range *given; /* parts of the frame whose addresses are given away */
	size_t given_count;
	bool listing_accesses; /* the second time that the function is gone through */
};

static bool is_jump(const cs_insn *decoded)
{
	const cs_detail *detail = decoded->detail;
	for (uint8_t i = 0; i < detail->groups_count; i++)
		if (detail->groups[i] == CS_GRP_JUMP)
			return true;
	return decoded->id == X86_INS_LOOP || decoded->id == X86_INS_LOOPE ||
	       decoded->id == X86_INS_LOOPNE;
}

/* Where a jump or a call leads; 0: the instruction alone does not say. */
static uint64_t target_of(const cs_insn *decoded)
{
	const cs_x86 *x86 = &decoded->detail->x86;
	bool leads = is_jump(decoded) || decoded->id == X86_INS_CALL;
	return leads && x86->op_count && x86->operands[0].type == X86_OP_IMM
		       ? (uint64_t)x86->operands[0].imm
		       : 0;
}

static bool in_text(const struct taker *taker, uint64_t address)
{
	const struct section *text = &taker->listing.program;
	return address >= text->start && address < text->end;
}

/* Decodes the instruction at *address and goes on to the next; false at bytes that are none,
 * one of which is passed over. */
static bool decode(struct taker *taker, uint64_t *address, uint64_t end)
{
	const struct section *text = &taker->listing.program;
	const uint8_t *code = text->bytes + (*address - text->start);
	size_t size = end - *address;
	if (cs_disasm_iter(taker->decoder, &code, &size, address, taker->decoded))
		return true;
	++*address;
	return false;
}

static struct breakpoint *add(struct taker *taker, uint64_t pc)
{
	struct census *census = taker->census;
	census->list = memory_grow(census->list, census->count + 1, sizeof *census->list);
	struct breakpoint *new = &census->list[census->count++];
	*new = (struct breakpoint){.pc = pc, .kind = BREAKPOINT_UNKNOWN, .length = 1};
	return new;
}

static void find_targets(struct taker *taker)
{
	const struct section *text = &taker->listing.program;
	for (uint64_t address = text->start; address < text->end;) {
		uint64_t start = address;
		if (!decode(taker, &address, text->end))
			continue;
		taker->census->instructions++;
		taker->starts[start - text->start] = true;
		uint64_t target = target_of(taker->decoded);
		if (in_text(taker, target))
			taker->targets[target - text->start] = true;
	}
}

/* Locals */

static void give(struct taker *taker, int64_t from, int64_t to)
{
	taker->given =
		memory_grow(taker->given, taker->given_count + 1, sizeof *taker->given);
	taker->given[taker->given_count++] = (struct range){from, to};
}

static void give_local(struct taker *taker, const struct value *address, uint64_t pc)
{
	struct variable variable;
	struct error ignored;
	if (!value_in_frame(address))
		return;
	if (!taker->symbols)
		taker->symbols = symbols_new(taker->path, 0, &ignored);
	int64_t offset = address->constant;
	if (taker->symbols && variable_in_frame(taker->symbols, pc + 1,
				      offset + FRAME_POINTER, &variable))
		give(taker, offset - (int64_t)variable.within,
			offset - (int64_t)variable.within + (int64_t)variable.size);
}

static bool is_given(
	const struct taker *taker, const struct value *address, uint64_t size)
{
	int64_t from = address->constant;
	for (size_t i = 0; i < taker->given_count; i++)
		if (from < taker->given[i].to &&
			from + (int64_t)size > taker->given[i].from)
			return true;
	return false;
}

/* What it is called with stays with the caller. */
static bool keeps_to_itself(const char *function)
{
	return function &&
	       (!strncmp(function, "__tsan_", 7) ||
		       !strncmp(function, "__sanitizer_cov_", 16) ||
		       !strcmp(function, "memcpy") || !strcmp(function, "memmove") ||
		       !strcmp(function, "memset") || !strcmp(function, "memcmp"));
}

/* The addresses of locals that the instruction gives away. */
static void find_given(
	struct taker *taker, const struct instruction *instruction, const char *called)
{
	enum { STATIC_CHAIN = 10 };
	static const uint8_t arguments[] = {7, 6, 2, 1, 8, 9, STATIC_CHAIN};
	const cs_insn *decoded = instruction->decoded;
	const cs_x86 *x86 = &decoded->detail->x86;
	if (decoded->id == X86_INS_CALL) {
		for (size_t i = 0; !keeps_to_itself(called) && i < sizeof arguments;
			i++) {
			const struct value *value =
				&taker->evaluation.registers[arguments[i]];
			give_local(taker, value, decoded->address);
			/* The frame that a nested function sees has no name. */
			if (arguments[i] == STATIC_CHAIN && value_in_frame(value))
				give(taker, value->constant, 0);
		}
		return;
	}
	if (!instruction->operands_count ||
		!(instruction->operands[0].flags & OPERAND_WRITE))
		return;
	for (uint8_t i = 0; i < x86->op_count; i++) {
		if (x86->operands[i].type != X86_OP_REG)
			continue;
		uint8_t number = instruction_register(x86->operands[i].reg);
		if (number != NO_REGISTER)
			give_local(taker, &taker->evaluation.registers[number],
				decoded->address);
	}
}

/* Accesses */

/* Without the parts that are known to be announced, harmless or the function's own. */
static void look_at_operand(
	struct taker *taker, enum breakpoint_kind kind, struct operand *operand)
{
	struct value address = evaluation_address(&taker->evaluation, operand);
	uint64_t size = operand->size, times;
	bool own = value_in_frame(&address) && !is_given(taker, &address, size);
	bool canary = operand->flags & OPERAND_THREAD && operand->base == NO_REGISTER &&
		      operand->index == NO_REGISTER &&
		      (operand->displacement == 0 || operand->displacement == 0x28);
	if (own || canary ||
		(!(operand->flags & (OPERAND_WRITE | OPERAND_THREAD)) &&
			operand->base == NO_REGISTER &&
			listing_is_constant(
				&taker->listing, (uint64_t)address.constant))) {
		operand->flags &= ~(OPERAND_READ | OPERAND_WRITE);
		return;
	}
	if (kind == BREAKPOINT_UPDATE || kind == BREAKPOINT_EXCHANGE)
		return;
	if (kind == BREAKPOINT_REPEATED) {
		if (!value_constant(&taker->evaluation.registers[1], &times) ||
			times > UINT32_MAX)
			return;
		size *= times;
	}
	if (operand->flags & OPERAND_READ &&
		announced_covers(&taker->announced, &address, size, false))
		operand->flags &= ~OPERAND_READ;
	if (operand->flags & OPERAND_WRITE &&
		announced_covers(&taker->announced, &address, size, true))
		operand->flags &= ~OPERAND_WRITE;
	if (operand->flags & OPERAND_READ)
		announced_withdraw(&taker->announced, &address, size);
}

static void list_access(struct taker *taker, struct instruction *instruction)
{
	uint8_t left = 0;
	for (unsigned i = 0; i < instruction->operands_count; i++) {
		look_at_operand(taker, instruction->kind, &instruction->operands[i]);
		left |= instruction->operands[i].flags & (OPERAND_READ | OPERAND_WRITE);
	}
	if (!left && instruction->kind != BREAKPOINT_SYSCALL)
		return;
	struct breakpoint *breakpoint = add(taker, instruction->decoded->address);
	if (!instruction_copy(instruction, breakpoint))
		breakpoint->kind = BREAKPOINT_UNKNOWN;
}

/* Its end, for which nothing is known from before it. */
static void begin_block(struct taker *taker)
{
	evaluation_block(&taker->evaluation);
	announced_forget(&taker->announced);
}

static void go_through(struct taker *taker, const struct instruction *instruction)
{
	const cs_insn *decoded = instruction->decoded;
	uint64_t target = target_of(decoded);
	bool call = decoded->id == X86_INS_CALL;
	/* A name that the program gives itself is none of ours. */
	const char *called = call && !in_text(taker, target)
				     ? listing_function(&taker->listing, target)
				     : NULL;
	struct instruction own = *instruction;
	if (taker->listing_accesses)
		list_access(taker, &own);
	else
		find_given(taker, instruction, called);
	if (call && called && !strncmp(called, "__tsan_", 7))
		announced_call(&taker->announced, called, &taker->evaluation);
	else if (call)
		announced_forget(&taker->announced);
	evaluation_step(&taker->evaluation, instruction);
	if (is_jump(decoded))
		announced_forget(&taker->announced);
}

static void go_through_function(struct taker *taker, uint64_t start, uint64_t end)
{
	const struct section *text = &taker->listing.program;
	announced_forget(&taker->announced);
	evaluation_function(&taker->evaluation, taker->decoder);
	for (uint64_t address = start; address < end;) {
		struct instruction instruction;
		uint64_t at = address, target;
		if (taker->targets[at - text->start] && at != start)
			begin_block(taker);
		bool known = decode(taker, &address, end) &&
			     instruction_read(taker->decoded, &instruction);
		if (known && (target = target_of(taker->decoded)) != 0 &&
			in_text(taker, target))
			known = taker->starts[target - text->start];
		if (known) {
			go_through(taker, &instruction);
			continue;
		}
		if (taker->listing_accesses)
			add(taker, at);
		begin_block(taker);
	}
}

static void count_function(struct taker *taker, uint64_t start, uint64_t end)
{
	taker->given_count = 0;
	taker->listing_accesses = false;
	go_through_function(taker, start, end);
	taker->listing_accesses = true;
	go_through_function(taker, start, end);
}

static void count_program(struct taker *taker)
{
	const struct listing *listing = &taker->listing;
	uint64_t start = listing->program.start, end = listing->program.end;
	find_targets(taker);
	for (size_t i = 0; i < listing->functions_count; i++) {
		uint64_t next = listing->functions[i].start;
		if (next <= start || next >= end)
			continue;
		count_function(taker, start, next);
		start = next;
	}
	if (start < end)
		count_function(taker, start, end);
}

/* Nothing is known of what happens in there. */
static void count_foreign(struct taker *taker)
{
	const struct listing *listing = &taker->listing;
	for (size_t i = 0; i < listing->functions_count; i++) {
		uint64_t start = listing->functions[i].start;
		if (start >= listing->foreign.start && start < listing->foreign.end &&
			(i == 0 || listing->functions[i - 1].start != start))
			add(taker, start);
	}
}

static int by_address(const void *a, const void *b)
{
	const struct breakpoint *first = a, *second = b;
	return (first->pc > second->pc) - (first->pc < second->pc);
}

static int count(struct taker *taker, struct census *census)
{
	const struct section *text = &taker->listing.program;
	census->start = text->start;
	census->end = text->end;
	taker->starts = memory_new(text->end - text->start + 1, sizeof(bool));
	taker->targets = memory_new(text->end - text->start + 1, sizeof(bool));
	if (text->bytes)
		count_program(taker);
	count_foreign(taker);
	if (census->count > BREAKPOINTS_MAX)
		return error_set(taker->error,
			"not covered: the program has %u accesses to memory that the "
			"compiler does not announce; at most %d can be followed",
			census->count, BREAKPOINTS_MAX);
	if (census->count)
		qsort(census->list, census->count, sizeof *census->list, by_address);
	return 0;
}

int census_take(const char *program, struct census *census, struct error *error)
{
	struct taker taker = {.path = program, .census = census, .error = error};
	int status = -1;
	*census = (struct census){0};
	if (listing_open(&taker.listing, program, error))
		return -1;
	if (cs_open(CS_ARCH_X86, CS_MODE_64, &taker.decoder) != CS_ERR_OK) {
		error_set(error, "the decoder of instructions does not start");
	} else {
		cs_option(taker.decoder, CS_OPT_DETAIL, CS_OPT_ON);
		taker.decoded = cs_malloc(taker.decoder);
		status = count(&taker, census);
		cs_free(taker.decoded, 1);
		cs_close(&taker.decoder);
	}
	if (status)
		census_release(census);
	symbols_free(taker.symbols);
	listing_close(&taker.listing);
	free(taker.given);
	free(taker.starts);
	free(taker.targets);
	return status;
}

void census_release(struct census *census)
{
	free(census->list);
	*census = (struct census){0};
}

int census_write(const struct census *census, int memory_fd, struct error *error)
{
	size_t size = census->count * sizeof *census->list;
	uint64_t text[2] = {census->start, census->end};
	if (pwrite(memory_fd, text, sizeof text,
		    offsetof(struct control_memory, program_start)) != sizeof text ||
		pwrite(memory_fd, &census->count, sizeof census->count,
			offsetof(struct control_memory, breakpoints_count)) !=
			(ssize_t)sizeof census->count ||
		(size && pwrite(memory_fd, census->list, size,
				 offsetof(struct control_memory, breakpoints)) !=
				 (ssize_t)size))
		return error_system(error, "writing the census of the program");
	return 0;
}
