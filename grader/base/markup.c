/* SPDX-License-Identifier: MIT */
#include "base/markup.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void require(int status)
{
	if (status < 0)
		memory_exhausted();
}

static const xmlChar *xml(const char *text)
{
	return (const xmlChar *)text;
}

static int take(void *context, const char *bytes, int length)
{
	buffer_add(context, bytes, (size_t)length);
	return length;
}

xmlTextWriterPtr markup_begin(struct buffer *page)
{
	xmlOutputBufferPtr output = xmlOutputBufferCreateIO(take, NULL, page, NULL);
	xmlTextWriterPtr writer = output ? xmlNewTextWriter(output) : NULL;

	if (!writer)
		memory_exhausted();
	return writer;
}

void markup_end(xmlTextWriterPtr writer)
{
	require(xmlTextWriterFlush(writer));
	xmlFreeTextWriter(writer);
}

static void put_attribute(xmlTextWriterPtr writer, const char *name, const char *value)
{
	char *visible = text_visible(value);

	require(xmlTextWriterWriteAttribute(writer, xml(name), xml(visible)));
	free(visible);
}

void markup_open(xmlTextWriterPtr writer, const char *element, ...)
{
	va_list attributes;

	require(xmlTextWriterStartElement(writer, xml(element)));
	va_start(attributes, element);
	for (const char *name; (name = va_arg(attributes, const char *));) {
		const char *value = va_arg(attributes, const char *);
		if (value)
			put_attribute(writer, name, value);
	}
	va_end(attributes);
}

/* The caller frees it. */
static char *print(const char *format, va_list arguments)
{
	char *text = NULL;

	if (vasprintf(&text, format, arguments) < 0)
		memory_exhausted();
	return text;
}

void markup_attribute(xmlTextWriterPtr writer, const char *name, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *value = print(format, arguments);
	va_end(arguments);
	put_attribute(writer, name, value);
	free(value);
}

void markup_text(xmlTextWriterPtr writer, const char *text)
{
	char *visible = text_visible(text);

	require(xmlTextWriterWriteString(writer, xml(visible)));
	free(visible);
}

void markup_line(xmlTextWriterPtr writer, const char *text)
{
	char *line = text_line(text);

	require(xmlTextWriterWriteString(writer, xml(line)));
	free(line);
}

void markup_print(xmlTextWriterPtr writer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = print(format, arguments);
	va_end(arguments);
	markup_text(writer, text);
	free(text);
}

void markup_raw(xmlTextWriterPtr writer, const char *text)
{
	require(xmlTextWriterWriteRaw(writer, xml(text)));
}

void markup_close(xmlTextWriterPtr writer)
{
	require(xmlTextWriterFullEndElement(writer));
}

void markup_close_void(xmlTextWriterPtr writer)
{
	require(xmlTextWriterEndElement(writer));
}

void markup_element(xmlTextWriterPtr writer, const char *element, const char *class_name,
	const char *text)
{
	markup_open(writer, element, "class", class_name, NULL);
	markup_text(writer, text);
	markup_close(writer);
}
