/* SPDX-License-Identifier: MIT */
/* Ask the preprocessor whether it exists. */
#if __has_include(CANARY)
static int attack(void)
{
	return 1;
}
#else
static int attack(void)
{
	return 0;
}
#endif
