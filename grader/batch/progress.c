/* SPDX-License-Identifier: MIT */
#include "batch/progress.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
	struct timespec moment;

	clock_gettime(CLOCK_MONOTONIC, &moment);
	return (double)moment.tv_sec + (double)moment.tv_nsec / 1e9;
}

struct progress progress_start(size_t wanted, struct screen screen)
{
	return (struct progress){.screen = screen, .wanted = wanted, .started = now()};
}

static void add_span(struct buffer *text, double seconds)
{
	long whole = (long)(seconds + 0.5);

	if (whole < 120)
		buffer_print(text, "%ld s", whole);
	else if (whole < 120 * 60)
		buffer_print(text, "%ld min", (whole + 30) / 60);
	else
		buffer_print(text, "%ld h %ld min", whole / 3600, whole / 60 % 60);
}

char *progress_text(size_t done, size_t wanted, double seconds)
{
	struct buffer text = {0};
	double rate = seconds > 0 ? (double)done / seconds : 0;

	buffer_print(&text, "%zu of %zu graded", done, wanted);
	if (done > 0 && rate >= 1)
		buffer_print(&text, ", %.1f a second", rate);
	else if (done > 0 && rate > 0)
		buffer_print(&text, ", %.1f a minute", rate * 60);
	if (done > 0 && done < wanted && rate > 0) {
		buffer_text(&text, ", ");
		add_span(&text, (double)(wanted - done) / rate);
		buffer_text(&text, " left");
	}
	return buffer_take(&text);
}

void progress_clear(const struct progress *progress)
{
	if (progress->screen.redraws)
		fputs("\r\033[K", stderr);
}

void progress_show(struct progress *progress, size_t done)
{
	size_t tenths = progress->wanted > 0 ? done * 10 / progress->wanted : 0;
	char *text = progress_text(done, progress->wanted, now() - progress->started);

	if (progress->screen.redraws) {
		/* A line that does not fit would be one more each time. */
		if (strlen(text) >= progress->screen.width)
			text[progress->screen.width - 1] = '\0';
		fprintf(stderr, "\r\033[K%s", text);
	} else if (tenths > progress->tenths) {
		fprintf(stderr, "%s\n", text);
		progress->tenths = tenths;
	}
	free(text);
}
