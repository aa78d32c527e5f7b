/* SPDX-License-Identifier: MIT */
/*
 * Pages for people: each one file that needs no other, with the styles and the script of
 * reports/page/ inside. A page asks for nothing over a network, and says so to the browser.
 *
 *	struct buffer text = {0};
 *	xmlTextWriterPtr page = page_open(&text, "A critical section: alice", page_script);
 *	page_witness(page, ladder, "w1");
 *	page_source(page, "account.c", source, NULL, 0);
 *	page_close(page);
 */
#ifndef INTERLOCK_REPORT_PAGE_H
#define INTERLOCK_REPORT_PAGE_H

#include "base/markup.h"
#include "base/verdict.h"

#include <stdbool.h>

struct ladder;
struct result;

/* What is in reports/page/, put into the program when it is built. */
extern const char page_style[], page_script[], page_class_script[], page_witness_style[];

/* The page's head; what is written then is its body. page_close ends it. */
xmlTextWriterPtr page_open(struct buffer *text, const char *title, const char *script);
void page_close(xmlTextWriterPtr page);

/* "passed", "failed", "not judged", with a sign, in an element of that class. */
void page_verdict(xmlTextWriterPtr page, const char *element, enum verdict verdict);

/* The witness: what was found, in words; the drawing; a table of its steps; and what the
 * player in the script needs. `name` is what its ids begin with. */
void page_witness(xmlTextWriterPtr page, const struct ladder *ladder, const char *name);

/* A file with numbered lines. `pointed`, so many lines from 1 up, are marked. */
void page_source(xmlTextWriterPtr page, const char *file, const char *text,
	const long *pointed, size_t pointed_count);

/* Lines as they are; one can scroll in them. `label` says what they are. */
void page_lines(xmlTextWriterPtr page, const char *label, const char *text);

/* The drawing alone, as a file that needs no other; the caller frees it. */
char *page_picture(const struct ladder *ladder, const char *name);

#endif
