/* SPDX-License-Identifier: MIT */
/* Make a system call through the entry for 32-bit programs. */
static int attack(void)
{
#ifdef __x86_64__
	long result = 20; /* getpid there */

	__asm__ volatile("int $0x80" : "+a"(result) : : "memory");
	return result > 0;
#else
	return 0;
#endif
}
