/* SPDX-License-Identifier: MIT */
/*
 * An unknown is named by a number: what is computed from known operands by an instruction that
 * is not followed in detail gets one that is made from these, so that the same computation
 * done twice has the same name; what nothing is known of gets one of its own.
 */
#include "explore/evaluate.h"

#include <string.h>

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI };

static struct value constant_of(int64_t constant)
{
	return (struct value){.constant = constant};
}

static struct value unknown_of(uint64_t unknown)
{
	struct value value = {.count = 1};
	value.terms[0].unknown = unknown;
	value.terms[0].factor = 1;
	return value;
}

static struct value fresh(struct evaluation *evaluation)
{
	return unknown_of(control_mix(++evaluation->unknowns + (1ull << 62)));
}

static uint64_t hash_of(const struct value *value)
{
	uint64_t hash = control_mix((uint64_t)value->constant + 17);
	for (unsigned i = 0; i < value->count; i++)
		hash = control_mix(hash ^ value->terms[i].unknown) +
		       (uint64_t)value->terms[i].factor * 0x9e3779b97f4a7c15ull;
	return control_mix(hash);
}

/* What an operation makes of two values, one of which may be NULL. */
static struct value result_of(
	uint64_t operation, const struct value *a, const struct value *b)
{
	uint64_t hash = control_mix(operation ^ 0x5bd1e995) ^ hash_of(a);
	return unknown_of(control_mix(hash) + (b ? hash_of(b) : 0) + 3);
}

static struct value scaled(const struct value *value, int64_t factor)
{
	struct value result = {.constant = value->constant * factor};
	for (unsigned i = 0; factor && i < value->count; i++) {
		result.terms[i] = value->terms[i];
		result.terms[i].factor *= factor;
		result.count++;
	}
	return result;
}

static struct value sum(const struct value *a, const struct value *b)
{
	struct value result = {.constant = a->constant + b->constant};
	unsigned i = 0, k = 0;
	while (i < a->count || k < b->count) {
		bool from_a =
			k == b->count ||
			(i < a->count && a->terms[i].unknown <= b->terms[k].unknown);
		bool both = i < a->count && k < b->count &&
			    a->terms[i].unknown == b->terms[k].unknown;
		int64_t factor = from_a ? a->terms[i].factor : b->terms[k].factor;
		uint64_t unknown = from_a ? a->terms[i].unknown : b->terms[k].unknown;
		if (both)
			factor += b->terms[k].factor;
		i += from_a;
		k += both || !from_a;
		if (!factor)
			continue;
		if (result.count == TERMS_MAX)
			return result_of(X86_INS_ADD, a, b);
		result.terms[result.count].unknown = unknown;
		result.terms[result.count++].factor = factor;
	}
	return result;
}

static struct value difference(const struct value *a, const struct value *b)
{
	struct value negative = scaled(b, -1);
	return sum(a, &negative);
}

bool value_distance(const struct value *from, const struct value *to, int64_t *distance)
{
	struct value apart = difference(to, from);
	*distance = apart.constant;
	return apart.count == 0;
}

bool value_constant(const struct value *value, uint64_t *constant)
{
	*constant = (uint64_t)value->constant;
	return value->count == 0;
}

bool value_in_frame(const struct value *value)
{
	for (unsigned i = 0; i < value->count; i++)
		if (value->terms[i].unknown == UNKNOWN_STACK &&
			value->terms[i].factor == 1)
			return true;
	return false;
}

bool value_frame_offset(const struct value *value, int64_t *offset)
{
	*offset = value->constant;
	return value->count == 1 && value_in_frame(value);
}

struct value evaluation_address(
	const struct evaluation *evaluation, const struct operand *operand)
{
	struct value address = constant_of(operand->displacement);
	if (operand->flags & OPERAND_THREAD) {
		struct value thread = unknown_of(UNKNOWN_THREAD);
		address = sum(&address, &thread);
	}
	if (operand->base != NO_REGISTER)
		address = sum(&address, &evaluation->registers[operand->base]);
	if (operand->index != NO_REGISTER) {
		struct value index =
			scaled(&evaluation->registers[operand->index], operand->scale);
		address = sum(&address, &index);
	}
	return address;
}

void evaluation_block(struct evaluation *evaluation)
{
	for (unsigned i = 0; i < 16; i++) {
		evaluation->registers[i] = fresh(evaluation);
		evaluation->half_known[i] = false;
	}
	/* Where the stack ends is not known any more, only that it is in the frame. */
	struct value stack = unknown_of(UNKNOWN_STACK);
	evaluation->registers[RSP] = sum(&stack, &evaluation->registers[RSP]);
	if (evaluation->frame_pointer) {
		evaluation->registers[RBP] = stack;
		evaluation->registers[RBP].constant = evaluation->frame_offset;
	}
	evaluation->slots_count = 0;
}

void evaluation_function(struct evaluation *evaluation, csh decoder)
{
	*evaluation =
		(struct evaluation){.decoder = decoder, .unknowns = evaluation->unknowns};
	evaluation_block(evaluation);
	evaluation->registers[RSP] = unknown_of(UNKNOWN_STACK);
}

/* Slots */

static bool apart(const struct slot *slot, int64_t offset, uint32_t size)
{
	return slot->offset + slot->size <= offset || offset + size <= slot->offset;
}

static void slot_store(struct evaluation *evaluation, int64_t offset, uint32_t size,
	const struct value *value)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < evaluation->slots_count; i++)
		if (apart(&evaluation->slots[i], offset, size))
			evaluation->slots[kept++] = evaluation->slots[i];
	evaluation->slots_count = kept;
	if (kept < SLOTS_MAX)
		evaluation->slots[evaluation->slots_count++] =
			(struct slot){offset, size, *value};
}

static struct value slot_load(
	struct evaluation *evaluation, int64_t offset, uint32_t size)
{
	for (unsigned i = 0; i < evaluation->slots_count; i++)
		if (evaluation->slots[i].offset == offset &&
			evaluation->slots[i].size == size)
			return evaluation->slots[i].value;
	struct value value = fresh(evaluation);
	slot_store(evaluation, offset, size, &value);
	return value;
}

/* Instructions */

/* The register that a name is part of. */
static uint8_t whole_register(unsigned name, unsigned *size)
{
	static const unsigned short parts[][16] = {
		{X86_REG_EAX, X86_REG_ECX, X86_REG_EDX, X86_REG_EBX, X86_REG_ESP,
			X86_REG_EBP, X86_REG_ESI, X86_REG_EDI, X86_REG_R8D, X86_REG_R9D,
			X86_REG_R10D, X86_REG_R11D, X86_REG_R12D, X86_REG_R13D,
			X86_REG_R14D, X86_REG_R15D},
		{X86_REG_AX, X86_REG_CX, X86_REG_DX, X86_REG_BX, X86_REG_SP, X86_REG_BP,
			X86_REG_SI, X86_REG_DI, X86_REG_R8W, X86_REG_R9W, X86_REG_R10W,
			X86_REG_R11W, X86_REG_R12W, X86_REG_R13W, X86_REG_R14W,
			X86_REG_R15W},
		{X86_REG_AL, X86_REG_CL, X86_REG_DL, X86_REG_BL, X86_REG_SPL, X86_REG_BPL,
			X86_REG_SIL, X86_REG_DIL, X86_REG_R8B, X86_REG_R9B, X86_REG_R10B,
			X86_REG_R11B, X86_REG_R12B, X86_REG_R13B, X86_REG_R14B,
			X86_REG_R15B},
		{X86_REG_AH, X86_REG_CH, X86_REG_DH, X86_REG_BH}};
	static const unsigned sizes[] = {4, 2, 1, 1};
	uint8_t number = instruction_register(name);
	*size = 8;
	for (unsigned part = 0; number == NO_REGISTER && part < 4; part++)
		for (uint8_t i = 0; i < 16; i++)
			if (name && parts[part][i] == name) {
				*size = sizes[part];
				number = i;
			}
	return number;
}

/* What a register holds, or the part of it that is named. */
static struct value read_register(const struct evaluation *evaluation, unsigned name)
{
	unsigned size;
	uint8_t number = whole_register(name, &size);
	if (number == NO_REGISTER)
		return unknown_of(control_mix(name) + 5);
	const struct value *whole = &evaluation->registers[number];
	if (size == 8)
		return *whole;
	if (size == 4 && evaluation->half_known[number])
		return evaluation->halves[number];
	if (whole->count == 0 && size == 4)
		return constant_of((int64_t)(uint32_t)whole->constant);
	return result_of(name == X86_REG_AH ? 64 : size, whole, NULL);
}

static void write_register(
	struct evaluation *evaluation, unsigned name, const struct value *value)
{
	unsigned size;
	uint8_t number = whole_register(name, &size);
	if (number == NO_REGISTER)
		return;
	evaluation->half_known[number] = size == 4;
	if (size == 8) {
		evaluation->registers[number] = *value;
	} else if (size == 4) {
		evaluation->halves[number] = *value;
		evaluation->registers[number] =
			value->count ? result_of(32, value, NULL)
				     : constant_of((int64_t)(uint32_t)value->constant);
	} else {
		evaluation->registers[number] = fresh(evaluation);
	}
}

/* The value of the operand, whose part of a register is told from its whole. */
static struct value read_source(struct evaluation *evaluation,
	const struct instruction *instruction, const cs_x86_op *from)
{
	int64_t offset;
	if (from->type == X86_OP_IMM)
		return constant_of(from->imm);
	if (from->type == X86_OP_REG)
		return read_register(evaluation, from->reg);
	if (instruction->operands_count != 1)
		return fresh(evaluation);
	const struct operand *operand = &instruction->operands[0];
	struct value address = evaluation_address(evaluation, operand);
	if (value_frame_offset(&address, &offset))
		return slot_load(evaluation, offset, operand->size);
	/* The thread's block begins with its own address. */
	if (address.count == 1 && address.terms[0].unknown == UNKNOWN_THREAD &&
		address.constant == 0)
		return unknown_of(UNKNOWN_THREAD);
	return fresh(evaluation);
}

static void write_target(struct evaluation *evaluation,
	const struct instruction *instruction, const cs_x86_op *to,
	const struct value *value)
{
	int64_t offset;
	if (to->type == X86_OP_REG) {
		write_register(evaluation, to->reg, value);
		return;
	}
	if (to->type != X86_OP_MEM)
		return;
	struct value address = evaluation_address(evaluation, &instruction->operands[0]);
	if (value_frame_offset(&address, &offset))
		slot_store(evaluation, offset, instruction->operands[0].size, value);
	else if (value_in_frame(&address))
		evaluation->slots_count = 0;
}

static struct value address_loaded(
	const struct evaluation *evaluation, const cs_insn *decoded)
{
	const x86_op_mem *memory = &decoded->detail->x86.operands[1].mem;
	struct operand operand = {.displacement = memory->disp,
		.base = instruction_register(memory->base),
		.index = instruction_register(memory->index),
		.scale = (uint8_t)memory->scale};
	if (memory->base == X86_REG_RIP)
		operand.displacement += (int64_t)(decoded->address + decoded->size);
	else if (operand.base == NO_REGISTER && memory->base != X86_REG_INVALID)
		return result_of(decoded->address, &(struct value){0}, NULL);
	return evaluation_address(evaluation, &operand);
}

/* Any instruction that is not followed in detail: what it writes is a function of what it
 * reads, or anything, if that is not only registers. */
static void step_other(
	struct evaluation *evaluation, const struct instruction *instruction)
{
	const cs_insn *decoded = instruction->decoded;
	const cs_x86 *x86 = &decoded->detail->x86;
	cs_regs read, written;
	uint8_t read_count, written_count;
	if (cs_regs_access(evaluation->decoder, decoded, read, &read_count, written,
		    &written_count)) {
		evaluation_block(evaluation);
		return;
	}
	uint64_t hash = control_mix(decoded->id);
	bool known = instruction->operands_count == 0;
	for (uint8_t i = 0; i < read_count; i++) {
		struct value value = read_register(evaluation, read[i]);
		hash = control_mix(hash + hash_of(&value));
		known &= read[i] != X86_REG_EFLAGS;
	}
	for (uint8_t i = 0; i < x86->op_count; i++)
		if (x86->operands[i].type == X86_OP_IMM)
			hash = control_mix(hash + (uint64_t)x86->operands[i].imm);
	for (uint8_t i = 0; i < written_count; i++) {
		struct value value = known ? unknown_of(control_mix(hash + written[i]))
					   : fresh(evaluation);
		write_register(evaluation, written[i], &value);
	}
	if (x86->op_count && x86->operands[0].type == X86_OP_MEM) {
		struct value value = fresh(evaluation);
		if (instruction->operands_count &&
			instruction->operands[0].flags & OPERAND_WRITE)
			write_target(evaluation, instruction, &x86->operands[0], &value);
	}
}

static void step_call(struct evaluation *evaluation)
{
	static const uint8_t clobbered[] = {RAX, RCX, RDX, RSI, RDI, 8, 9, 10, 11};
	for (size_t i = 0; i < sizeof clobbered; i++) {
		evaluation->registers[clobbered[i]] = fresh(evaluation);
		evaluation->half_known[clobbered[i]] = false;
	}
}

static void step_stack(
	struct evaluation *evaluation, const struct instruction *instruction)
{
	const cs_x86_op *operand = &instruction->decoded->detail->x86.operands[0];
	struct value *stack = &evaluation->registers[RSP];
	int64_t offset;
	if (instruction->decoded->id == X86_INS_PUSH) {
		struct value pushed = read_source(evaluation, instruction, operand);
		stack->constant -= 8;
		if (value_frame_offset(stack, &offset))
			slot_store(evaluation, offset, 8, &pushed);
		return;
	}
	struct value popped = value_frame_offset(stack, &offset)
				      ? slot_load(evaluation, offset, 8)
				      : fresh(evaluation);
	stack->constant += 8;
	write_target(evaluation, instruction, operand, &popped);
}

static void step_move(
	struct evaluation *evaluation, const struct instruction *instruction)
{
	const cs_x86 *x86 = &instruction->decoded->detail->x86;
	struct value value = read_source(evaluation, instruction, &x86->operands[1]);
	int64_t offset;
	write_target(evaluation, instruction, &x86->operands[0], &value);
	/* Where the frame's pointer is set, in the function's first lines. */
	if (x86->operands[0].type == X86_OP_REG && x86->operands[0].reg == X86_REG_RBP) {
		evaluation->frame_pointer = value_frame_offset(&value, &offset);
		evaluation->frame_offset = offset;
	}
}

static void step_extend(
	struct evaluation *evaluation, const struct instruction *instruction)
{
	const cs_insn *decoded = instruction->decoded;
	const cs_x86 *x86 = &decoded->detail->x86;
	struct value value = read_source(evaluation, instruction, &x86->operands[1]);
	value = result_of(decoded->id == X86_INS_MOVZX ? 128 + x86->operands[1].size
						       : 160 + x86->operands[1].size,
		&value, NULL);
	write_register(evaluation, x86->operands[0].reg, &value);
}

static void step_sum(struct evaluation *evaluation, const struct instruction *instruction)
{
	const cs_insn *decoded = instruction->decoded;
	const cs_x86 *x86 = &decoded->detail->x86;
	struct value a = read_source(evaluation, instruction, &x86->operands[0]);
	struct value b = read_source(evaluation, instruction, &x86->operands[1]);
	struct value value =
		decoded->id == X86_INS_ADD ? sum(&a, &b) : difference(&a, &b);
	write_target(evaluation, instruction, &x86->operands[0], &value);
}

static bool is_register(const cs_x86_op *operand, unsigned size)
{
	return operand->type == X86_OP_REG && operand->size == size;
}

/* Multiplication by a constant. */
static bool step_scale(
	struct evaluation *evaluation, const struct instruction *instruction)
{
	const cs_insn *decoded = instruction->decoded;
	const cs_x86 *x86 = &decoded->detail->x86;
	const cs_x86_op *last = &x86->operands[x86->op_count - 1];
	bool shift = decoded->id == X86_INS_SHL;
	if (x86->op_count < 2 || last->type != X86_OP_IMM ||
		!is_register(&x86->operands[0], 8) ||
		(shift && (last->imm < 0 || last->imm > 31)))
		return false;
	struct value value =
		read_source(evaluation, instruction, &x86->operands[x86->op_count - 2]);
	value = scaled(&value, shift ? 1ll << last->imm : last->imm);
	write_register(evaluation, x86->operands[0].reg, &value);
	return true;
}

/* The stack is rounded down to a multiple: it stays in the frame. */
static bool step_round(struct evaluation *evaluation, const cs_insn *decoded)
{
	const cs_x86 *x86 = &decoded->detail->x86;
	if (!is_register(&x86->operands[0], 8) || x86->operands[0].reg != X86_REG_RSP ||
		x86->operands[1].type != X86_OP_IMM)
		return false;
	struct value rounded = result_of(X86_INS_AND, &evaluation->registers[RSP], NULL);
	struct value stack = unknown_of(UNKNOWN_STACK);
	evaluation->registers[RSP] = sum(&stack, &rounded);
	return true;
}

static bool step_known(
	struct evaluation *evaluation, const struct instruction *instruction)
{
	const cs_insn *decoded = instruction->decoded;
	const cs_x86 *x86 = &decoded->detail->x86;
	switch (decoded->id) {
	case X86_INS_MOV:
	case X86_INS_MOVABS:
		step_move(evaluation, instruction);
		return true;
	case X86_INS_MOVZX:
	case X86_INS_MOVSX:
	case X86_INS_MOVSXD:
		step_extend(evaluation, instruction);
		return true;
	case X86_INS_CDQE: {
		struct value low = read_register(evaluation, X86_REG_EAX);
		low = result_of(160 + 4, &low, NULL);
		write_register(evaluation, X86_REG_RAX, &low);
		return true;
	}
	case X86_INS_LEA: {
		struct value value = address_loaded(evaluation, decoded);
		write_register(evaluation, x86->operands[0].reg, &value);
		return true;
	}
	case X86_INS_ADD:
	case X86_INS_SUB:
		if (!is_register(&x86->operands[0], 8))
			return false;
		step_sum(evaluation, instruction);
		return true;
	case X86_INS_SHL:
	case X86_INS_IMUL:
		return step_scale(evaluation, instruction);
	case X86_INS_AND:
		return step_round(evaluation, decoded);
	case X86_INS_XOR:
		if (x86->operands[0].type != X86_OP_REG ||
			x86->operands[1].type != X86_OP_REG ||
			x86->operands[0].reg != x86->operands[1].reg)
			return false;
		write_register(evaluation, x86->operands[0].reg, &(struct value){0});
		return true;
	case X86_INS_PUSH:
	case X86_INS_POP:
		step_stack(evaluation, instruction);
		return true;
	case X86_INS_LEAVE:
		evaluation->registers[RSP] = evaluation->registers[RBP];
		evaluation->registers[RSP].constant += 8;
		return true;
	case X86_INS_CALL:
		step_call(evaluation);
		return true;
	default:
		return false;
	}
}

void evaluation_step(struct evaluation *evaluation, const struct instruction *instruction)
{
	if (!step_known(evaluation, instruction))
		step_other(evaluation, instruction);
}
