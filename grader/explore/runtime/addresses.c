/* SPDX-License-Identifier: MIT */
/*
 * The same addresses in every run. The program itself lies where it was linked to; its stack,
 * the loader and the libraries lie where the kernel draws them, and asking the kernel not to
 * (ADDR_NO_RANDOMIZE) is refused in many containers. So the program starts twice within one
 * process. The first start has done no work of the program's when it comes here, and
 *
 *	takes all addresses from which the kernel would choose, but those from BOTTOM to TOP:
 *	whether it chooses from above or from below, what it chooses is the same from now on;
 *	maps the program's writable parts and the loader anew, as execve() does;
 *	builds the stack that execve() would leave, at an address of ours, and
 *	jumps to the loader.
 *
 * The second start finds the mark in its environment. What the first one mapped stays, beyond
 * TOP, where nobody looks: the kernel still writes to its restartable sequences there.
 */
#include "runtime.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* In between lies all that has a place of its own: the control memory, the heap, stacks. */
#define BOTTOM 0x400000000000ull
#define TOP 0x6e0000000000ull
#define LOADER_START TOP
#define STACK_END 0x6b0000000000ull

enum {
	LOADER_MOST = 16 << 20,
	STACK_BYTES = 8 << 20,
	HEADERS_MOST = 32,
	WORDS_MOST = 4096
};

static uintptr_t page_down(uintptr_t address)
{
	return address & ~4095ull;
}

static uintptr_t page_up(uintptr_t address)
{
	return (address + 4095) & ~4095ull;
}

static long map(
	uintptr_t start, size_t size, int protection, int flags, int fd, size_t from)
{
	return kernel(
		SYS_mmap, (long)start, (long)size, protection, flags, fd, (long)from);
}

static void map_exactly(
	uintptr_t start, size_t size, int protection, int flags, int fd, size_t from)
{
	if (map(start, size, protection, flags, fd, from) != (long)start)
		die("no memory at a fixed address: a limit on the address space "
		    "(ulimit -v) has to go");
}

/* Halved until nothing fits any more but between BOTTOM and TOP. */
static void take_addresses(void)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	kernel(SYS_munmap, (long)BOTTOM, (long)(TOP - BOTTOM), 0, 0, 0, 0);
	for (size_t size = 1ull << 46; size >= 4096;) {
		long at = map(0, size, PROT_NONE, flags, -1, 0);
		if (at > 0 && ((uintptr_t)at >= TOP || (uintptr_t)at + size <= BOTTOM))
			continue;
		if (at > 0)
			kernel(SYS_munmap, at, (long)size, 0, 0, 0, 0);
		size /= 2;
	}
	long page = map(0, 4096, PROT_NONE, flags, -1, 0);
	if (page != (long)(TOP - 4096) && page != (long)BOTTOM)
		die("addresses are drawn by the kernel: a limit on the address space "
		    "(ulimit -v) has to go");
	kernel(SYS_munmap, page, 4096, 0, 0, 0, 0);
}

bool address_is_taken(uintptr_t address)
{
	return address >= TOP + LOADER_MOST;
}

/* The part of the file, as execve() and the loader map it. */
static void map_part(const ElfW(Phdr) * part, uintptr_t bias, int fd)
{
	const int protection = (part->p_flags & PF_R ? PROT_READ : 0) |
			       (part->p_flags & PF_W ? PROT_WRITE : 0) |
			       (part->p_flags & PF_X ? PROT_EXEC : 0);
	uintptr_t start = bias + part->p_vaddr, file_end = start + part->p_filesz;
	uintptr_t end = page_up(start + part->p_memsz);
	size_t before = start - page_down(start);
	if (part->p_filesz)
		map_exactly(start - before, part->p_filesz + before, protection,
			MAP_PRIVATE | MAP_FIXED, fd, part->p_offset - before);
	if (part->p_memsz == part->p_filesz)
		return;
	for (char *byte = (char *)file_end; (uintptr_t)byte % 4096; byte++)
		*byte = 0;
	if (page_up(file_end) < end)
		map_exactly(page_up(file_end), end - page_up(file_end), protection,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static int open_file(const char *path)
{
	long fd = kernel(SYS_open, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0, 0);
	if (fd < 0)
		die(path);
	return (int)fd;
}

/* Where the loader begins. */
static uintptr_t map_loader(const char *path)
{
	ElfW(Ehdr) header;
	ElfW(Phdr) parts[HEADERS_MOST];
	int fd = open_file(path);
	if (kernel(SYS_pread64, fd, (long)&header, sizeof header, 0, 0, 0) !=
			(long)sizeof header ||
		header.e_phnum > HEADERS_MOST ||
		kernel(SYS_pread64, fd, (long)parts,
			(long)(header.e_phnum * sizeof *parts), (long)header.e_phoff, 0,
			0) != (long)(header.e_phnum * sizeof *parts))
		die("the program's loader");
	for (int i = 0; i < header.e_phnum; i++)
		if (parts[i].p_type == PT_LOAD)
			map_part(&parts[i], LOADER_START, fd);
	kernel(SYS_close, fd, 0, 0, 0, 0, 0);
	return LOADER_START + header.e_entry;
}

/* From here on nothing of the program's data may be used. */
static void map_program_again(const ElfW(Phdr) * parts, size_t count)
{
	int fd = open_file("/proc/self/exe");
	for (size_t i = 0; i < count; i++)
		if (parts[i].p_type == PT_LOAD && parts[i].p_flags & PF_W)
			map_part(&parts[i], 0, fd);
	kernel(SYS_close, fd, 0, 0, 0, 0, 0);
}

/* A stack that grows down, as the first start finds it. */
struct stack {
	uintptr_t end;
	size_t count;
	uint64_t words[WORDS_MOST]; /* from argc on */
};

static void push_word(struct stack *stack, uint64_t word)
{
	if (stack->count >= WORDS_MOST)
		die("too many arguments");
	stack->words[stack->count++] = word;
}

static uintptr_t push_bytes(struct stack *stack, const void *bytes, size_t size)
{
	if (STACK_END - stack->end + size > STACK_BYTES / 2)
		die("the arguments are too long");
	stack->end -= size;
	real.memcpy((void *)stack->end, bytes, size);
	return stack->end;
}

static uintptr_t push_text(struct stack *stack, const char *text)
{
	size_t length = 0;
	while (text[length])
		length++;
	return push_bytes(stack, text, length + 1);
}

static void push_texts(struct stack *stack, char *const *texts)
{
	for (; *texts; texts++)
		push_word(stack, push_text(stack, *texts));
	push_word(stack, 0);
}

/* What the kernel tells the loader. Its random bytes guard stacks and pointers: ours are
 * always the same. Without its own page of code (vdso) the C library asks it by calls. */
static void push_kernels_words(struct stack *stack, const ElfW(auxv_t) * word)
{
	static const unsigned char no_chance[16] = {0x5e, 0xed};
	for (; word->a_type != AT_NULL; word++) {
		uint64_t value = word->a_un.a_val;
		switch (word->a_type) {
		case AT_SYSINFO_EHDR:
			continue;
		case AT_BASE:
			value = LOADER_START;
			break;
		case AT_RANDOM:
			value = push_bytes(stack, no_chance, sizeof no_chance);
			break;
		case AT_EXECFN:
			value = push_text(stack, "program");
			break;
		case AT_PLATFORM:
		case AT_BASE_PLATFORM:
			value = push_text(stack, (const char *)value);
			break;
		default:
			break;
		}
		push_word(stack, word->a_type);
		push_word(stack, value);
	}
	push_word(stack, AT_NULL);
	push_word(stack, 0);
}

/* Returns where the stack begins. */
static uintptr_t build_stack(int argc, char **argv, char **environment)
{
	static struct stack stack = {.end = STACK_END};
	char **after = environ;
	map_exactly(STACK_END - STACK_BYTES, STACK_BYTES, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	while (*after++)
		;
	push_word(&stack, (uint64_t)argc);
	push_texts(&stack, argv);
	push_texts(&stack, environment);
	push_kernels_words(&stack, (const ElfW(auxv_t) *)after);
	uintptr_t start = (stack.end - stack.count * sizeof *stack.words) & ~15ull;
	real.memcpy((void *)start, stack.words, stack.count * sizeof *stack.words);
	return start;
}

void addresses_pin(int argc, char **argv, char **environment)
{
	const ElfW(Phdr) *parts = (const ElfW(Phdr) *)getauxval(AT_PHDR);
	const size_t count = getauxval(AT_PHNUM);
	const char *loader = NULL;
	for (size_t i = 0; i < count; i++)
		if (parts[i].p_type == PT_INTERP)
			loader = (const char *)parts[i].p_vaddr;
	if (!loader)
		die("the program has no loader: it must not be linked with -static");
	take_addresses();
	uintptr_t stack = build_stack(argc, argv, environment);
	uintptr_t entry = map_loader(loader);
	map_program_again(parts, count);
	__asm__ volatile("mov %0, %%rsp\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "xor %%edx, %%edx\n\t"
			 "jmp *%1"
			 :
			 : "r"(stack), "r"(entry)
			 : "memory");
	__builtin_unreachable();
}
