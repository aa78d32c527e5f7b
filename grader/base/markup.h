/* SPDX-License-Identifier: MIT */
/*
 * Markup, written by libxml2, from text that may be anybody's: what is no character is made
 * visible, and what would be markup is escaped.
 *
 *	struct buffer page = {0};
 *	xmlTextWriterPtr writer = markup_begin(&page);
 *	markup_open(writer, "p", "class", "reason", NULL);
 *	markup_text(writer, evidence->reason);
 *	markup_close(writer);
 *	markup_end(writer);
 *
 * What fails is that memory runs out, which ends the program.
 */
#ifndef INTERLOCK_BASE_MARKUP_H
#define INTERLOCK_BASE_MARKUP_H

#include "base/buffer.h"

#include <libxml/xmlwriter.h>

/* Writes to the end of the buffer, which must outlive the writer. */
xmlTextWriterPtr markup_begin(struct buffer *page);
void markup_end(xmlTextWriterPtr writer);

/* An element, and its attributes: names and values in turn, ended by NULL. One whose value is
 * NULL is left out. */
void markup_open(xmlTextWriterPtr writer, const char *element, ...)
	__attribute__((sentinel));

/* One more attribute of the element just opened. */
void markup_attribute(xmlTextWriterPtr writer, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void markup_text(xmlTextWriterPtr writer, const char *text);
/* The same on one line: what is a submission's name need not be one. */
void markup_line(xmlTextWriterPtr writer, const char *text);
void markup_print(xmlTextWriterPtr writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Text that is ours and is markup already. */
void markup_raw(xmlTextWriterPtr writer, const char *text);

/* Ends the element that was opened last, with an end tag also where it is empty. */
void markup_close(xmlTextWriterPtr writer);

/* Ends an element that HTML has no end tag for. */
void markup_close_void(xmlTextWriterPtr writer);

/* A whole element that has one class and one text. */
void markup_element(xmlTextWriterPtr writer, const char *element, const char *class_name,
	const char *text);

#endif
