/* SPDX-License-Identifier: MIT */
/*
 * Sections of a lab's README.md that a program writes and only instructors read: each
 * stands between two comments of HTML, the first of which bears its title.
 *
 *	char *text = readme_with_section(old, "Selftest with gcc", table);
 *	char *handout = readme_without_sections(text);
 */
#ifndef INTERLOCK_LAB_README_H
#define INTERLOCK_LAB_README_H

/* The text with this section: in place of the one with the same title, or at the end. The
 * body is lines of Markdown without a heading. The caller frees it. */
char *readme_with_section(const char *text, const char *title, const char *body);

/* The text without any section, to be freed. A section that nothing ends goes on to the end
 * of the text. */
char *readme_without_sections(const char *text);

#endif
