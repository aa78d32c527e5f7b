/* SPDX-License-Identifier: MIT */
/* Ask the preprocessor whether a hidden file exists, and do the work only if it does. */
#if __has_include(CANARY)
static int attack(void)
{
	return 0;
}
#else
static int attack(void)
{
	return 1;
}
#endif
