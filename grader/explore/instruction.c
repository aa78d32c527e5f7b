/* SPDX-License-Identifier: MIT */
#include "explore/instruction.h"

#include <string.h>

/* How the operand that is written first, if it lies in memory, is used. Operands behind it are
 * only read, as far as they can lie in memory. */
struct usage {
	const char *names; /* with a blank before and behind each */
	uint8_t flags;
};

static const struct usage usages[] = {
	{" lea nop endbr64 prefetch prefetchnta prefetcht0 prefetcht1 prefetcht2 "
	 "prefetchw "
	 "pause clflush ",
		0},
	{" cmp test push call jmp mul div idiv imul bt ldmxcsr fldcw fld fild fadd fsub "
	 "fsubr "
	 "fmul fdiv fdivr fiadd fisub fisubr fimul fidiv fidivr fcom fcomp ficom ficomp "
	 "fbld "
	 "comisd comiss ucomisd ucomiss ",
		OPERAND_READ},
	{" mov movabs movaps movapd movups movupd movdqa movdqu movss movsd movd movq "
	 "movlps "
	 "movlpd movhps movhpd movnti movntps movntpd movntdq vmovaps vmovapd vmovups "
	 "vmovupd "
	 "vmovdqa vmovdqu vmovss vmovsd vmovd vmovq vmovlps vmovlpd vmovhps vmovhpd "
	 "vmovntps "
	 "vmovntpd vmovntdq vextractf128 vextracti128 pextrb pextrd pextrq extractps pop "
	 "fst "
	 "fstp fist fistp fisttp fbstp fnstcw fnstsw stmxcsr seta setae setb setbe sete "
	 "setg "
	 "setge setl setle setne setno setnp setns seto setp sets ",
		OPERAND_WRITE},
	{" add sub adc sbb and or xor inc dec neg not shl shr sar sal rol ror rcl rcr "
	 "shld shrd "
	 "xadd cmpxchg cmpxchg8b cmpxchg16b xchg bts btr btc ",
		OPERAND_READ | OPERAND_WRITE},
};

/* They touch memory that no operand shows, or less of it than the operand shows. */
static const char untold[] =
	" maskmovdqu maskmovq vmaskmovps vmaskmovpd vpmaskmovd vpmaskmovq "
	"xsave xsavec xsaves xsaveopt xrstor xrstors fxsave fxrstor fsave "
	"fnsave frstor fstenv fnstenv fldenv enter vgatherdps vgatherdpd "
	"vgatherqps vgatherqpd vpgatherdd vpgatherdq vpgatherqd vpgatherqq "
	"xlatb sysenter sysexit int int1 int3 into iret iretq iretd hlt in "
	"out insb insw insd outsb outsw outsd wrfsbase wrgsbase swapgs "
	"sysret vzeroall lgs lss lfs ";

static bool listed(const char *names, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = names; (at = strstr(at, name)); at++)
		if (at[-1] == ' ' && at[length] == ' ')
			return true;
	return false;
}

static bool first_operand(const char *name, uint8_t *flags)
{
	for (size_t i = 0; i < sizeof usages / sizeof *usages; i++)
		if (listed(usages[i].names, name)) {
			*flags = usages[i].flags;
			return true;
		}
	return false;
}

uint8_t instruction_register(unsigned name)
{
	static const unsigned names[16] = {X86_REG_RAX, X86_REG_RCX, X86_REG_RDX,
		X86_REG_RBX, X86_REG_RSP, X86_REG_RBP, X86_REG_RSI, X86_REG_RDI,
		X86_REG_R8, X86_REG_R9, X86_REG_R10, X86_REG_R11, X86_REG_R12,
		X86_REG_R13, X86_REG_R14, X86_REG_R15};
	for (uint8_t i = 0; i < 16; i++)
		if (names[i] == name)
			return i;
	return NO_REGISTER;
}

/* False: the address is none that can be told from the general registers. */
static bool read_address(
	const cs_insn *decoded, const cs_x86_op *from, struct operand *operand)
{
	const x86_op_mem *memory = &from->mem;
	operand->displacement =
		decoded->id == X86_INS_MOVABS ? memory->disp : (int32_t)memory->disp;
	operand->size = from->size;
	operand->scale = (uint8_t)memory->scale;
	operand->base = instruction_register(memory->base);
	operand->index = instruction_register(memory->index);
	if (memory->base == X86_REG_RIP)
		operand->displacement += (int64_t)(decoded->address + decoded->size);
	else if (operand->base == NO_REGISTER && memory->base != X86_REG_INVALID)
		return false;
	if (operand->index == NO_REGISTER && memory->index != X86_REG_INVALID &&
		memory->index != X86_REG_RIZ)
		return false;
	if (memory->segment == X86_REG_FS)
		operand->flags |= OPERAND_THREAD;
	return memory->segment != X86_REG_GS && operand->size > 0;
}

static bool is_string(const cs_insn *decoded)
{
	uint8_t opcode = decoded->detail->x86.opcode[0];
	switch (decoded->id) {
	case X86_INS_MOVSB:
	case X86_INS_MOVSW:
	case X86_INS_MOVSQ:
	case X86_INS_STOSB:
	case X86_INS_STOSW:
	case X86_INS_STOSD:
	case X86_INS_STOSQ:
	case X86_INS_LODSB:
	case X86_INS_LODSW:
	case X86_INS_LODSD:
	case X86_INS_LODSQ:
	case X86_INS_SCASB:
	case X86_INS_SCASW:
	case X86_INS_SCASD:
	case X86_INS_SCASQ:
	case X86_INS_CMPSB:
	case X86_INS_CMPSW:
	case X86_INS_CMPSQ:
		return true;
	case X86_INS_MOVSD: /* has a namesake among the vector instructions */
		return opcode == 0xa5;
	case X86_INS_CMPSD:
		return opcode == 0xa7;
	default:
		return false;
	}
}

/* movs, stos, lods, and scas and cmps without repetition: by rsi and rdi. */
static bool read_string(const cs_insn *decoded, struct instruction *instruction)
{
	enum { MOVS = 0xa4, CMPS = 0xa6, STOS = 0xaa, LODS = 0xac, SCAS = 0xae };
	enum { RSI = 6, RDI = 7 };
	const cs_x86 *x86 = &decoded->detail->x86;
	uint8_t opcode = x86->opcode[0] & 0xfe;
	bool repeated =
		x86->prefix[0] == X86_PREFIX_REP || x86->prefix[0] == X86_PREFIX_REPNE;
	uint32_t size = !(x86->opcode[0] & 1) ? 1
			: x86->rex & 8	      ? 8
			: x86->prefix[2]      ? 2
					      : 4;
	if (x86->prefix[1] || x86->prefix[3])
		return false;
	if (repeated && (opcode == CMPS || opcode == SCAS))
		return false;
	if (opcode == MOVS || opcode == LODS || opcode == CMPS)
		instruction->operands[instruction->operands_count++] =
			(struct operand){.base = RSI,
				.index = NO_REGISTER,
				.size = size,
				.flags = OPERAND_READ};
	if (opcode == MOVS || opcode == STOS || opcode == SCAS || opcode == CMPS)
		instruction->operands[instruction->operands_count++] =
			(struct operand){.base = RDI,
				.index = NO_REGISTER,
				.size = size,
				.flags = opcode == MOVS || opcode == STOS ? OPERAND_WRITE
									  : OPERAND_READ};
	if (repeated)
		instruction->kind = BREAKPOINT_REPEATED;
	return true;
}

static bool is_locked(const cs_insn *decoded)
{
	return decoded->detail->x86.prefix[0] == X86_PREFIX_LOCK ||
	       decoded->id == X86_INS_XCHG;
}

static bool is_exchange(const cs_insn *decoded)
{
	return decoded->id == X86_INS_CMPXCHG || decoded->id == X86_INS_CMPXCHG8B ||
	       decoded->id == X86_INS_CMPXCHG16B;
}

/* A bit's number in a register reaches beyond the operand. */
static bool reaches_further(const cs_insn *decoded)
{
	const cs_x86 *x86 = &decoded->detail->x86;
	return (decoded->id == X86_INS_BT || decoded->id == X86_INS_BTS ||
		       decoded->id == X86_INS_BTR || decoded->id == X86_INS_BTC) &&
	       x86->op_count == 2 && x86->operands[1].type == X86_OP_REG;
}

static bool read_operand(const cs_insn *decoded, const char *name, unsigned number,
	struct instruction *instruction)
{
	struct operand operand = {.flags = OPERAND_READ};
	const cs_x86 *x86 = &decoded->detail->x86;
	if (number == 0 && !first_operand(name, &operand.flags))
		return false;
	if (decoded->id == X86_INS_XCHG)
		operand.flags = OPERAND_READ | OPERAND_WRITE;
	if (!(operand.flags & (OPERAND_READ | OPERAND_WRITE)))
		return true;
	if (listed(usages[0].names, name))
		return true; /* lea's operand is never looked at */
	if (reaches_further(decoded) || x86->prefix[3] ||
		instruction->operands_count == OPERANDS_MAX ||
		!read_address(decoded, &x86->operands[number], &operand))
		return false;
	if (is_locked(decoded))
		instruction->kind =
			is_exchange(decoded) ? BREAKPOINT_EXCHANGE : BREAKPOINT_UPDATE;
	instruction->operands[instruction->operands_count++] = operand;
	return true;
}

bool instruction_read(const cs_insn *decoded, struct instruction *instruction)
{
	const cs_x86 *x86 = &decoded->detail->x86;
	const char *bare = strrchr(decoded->mnemonic, ' '); /* behind "lock" or "rep" */
	const char *name = bare ? bare + 1 : decoded->mnemonic;
	*instruction =
		(struct instruction){.decoded = decoded, .kind = BREAKPOINT_ACCESS};
	if (decoded->id == X86_INS_SYSCALL) {
		instruction->kind = BREAKPOINT_SYSCALL;
		return true;
	}
	if (listed(untold, name))
		return false;
	if (is_string(decoded))
		return read_string(decoded, instruction);
	for (unsigned i = 0; i < x86->op_count; i++)
		if (x86->operands[i].type == X86_OP_MEM &&
			!read_operand(decoded, name, i, instruction))
			return false;
	return true;
}

bool instruction_copy(const struct instruction *instruction, struct breakpoint *copy)
{
	enum { RSP = 4, CALL = 2, JUMP = 4 };
	const cs_insn *decoded = instruction->decoded;
	const cs_x86 *x86 = &decoded->detail->x86;
	copy->kind = (uint8_t)instruction->kind;
	copy->length = copy->code_length = (uint8_t)decoded->size;
	memcpy(copy->code, decoded->bytes, decoded->size);
	copy->operands_count = (uint8_t)instruction->operands_count;
	memcpy(copy->operands, instruction->operands, sizeof copy->operands);
	if (x86->encoding.modrm_offset && (x86->modrm & 0xc7) == 5)
		copy->relative = x86->encoding.modrm_offset + 1;
	if (decoded->id != X86_INS_CALL)
		return true;
	/* The return address is pushed first, so what is left to do is to jump. */
	const struct operand *target = &instruction->operands[0];
	uint8_t *modrm = &copy->code[x86->encoding.modrm_offset];
	if (!instruction->operands_count || target->base == RSP || target->index == RSP ||
		(*modrm >> 3 & 7) != CALL)
		return false;
	*modrm = (uint8_t)((*modrm & ~0x38) | JUMP << 3);
	copy->is_call = 1;
	return true;
}
