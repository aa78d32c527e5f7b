/* SPDX-License-Identifier: MIT */
/*
 * Every reader of bytes that a submission, or a program that read one, has a hand in. Each
 * target takes any bytes; it must neither crash nor let through what its caller relies on.
 *
 *	fuzz_open();
 *	fuzz_targets[0].run(bytes, size);
 *	fuzz_close();
 */
#ifndef INTERLOCK_TESTS_FUZZ_TARGETS_H
#define INTERLOCK_TESTS_FUZZ_TARGETS_H

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/text.h"
#include "build/diagnostics.h"
#include "build/symbols.h"
#include "detect/helgrind.h"
#include "intake/intake.h"
#include "lab/lab.h"
#include "score/result.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FUZZ_LAB "labs/critical-section"

static struct {
	char *folder; /* on tmpfs where there is one: each run writes a file */
	char *lab_folder, *lab_yaml, *submission, *source, *intake, *result;
	struct lab *lab; /* the real one */
} fuzz;

#define FUZZ_MUST(condition)                                                             \
	do {                                                                             \
		if (!(condition)) {                                                      \
			fprintf(stderr, "fuzz: %s\n", #condition);                       \
			abort();                                                         \
		}                                                                        \
	} while (0)

static inline void fuzz_open(void)
{
	static const char *const parts[] = {"checks", "include", "solution", "README.md"};
	struct error error;

	fuzz.folder = folder_make_temporary(&error);
	FUZZ_MUST(fuzz.folder);
	fuzz.lab_folder = path_join(fuzz.folder, "lab");
	fuzz.lab_yaml = path_join(fuzz.lab_folder, "lab.yaml");
	fuzz.submission = path_join(fuzz.folder, "submission");
	fuzz.source = path_join(fuzz.submission, "account.c");
	fuzz.intake = path_join(fuzz.folder, "intake");
	fuzz.result = path_join(fuzz.folder, "result.json");
	FUZZ_MUST(mkdir(fuzz.lab_folder, 0700) == 0);
	FUZZ_MUST(mkdir(fuzz.submission, 0700) == 0);
	FUZZ_MUST(mkdir(fuzz.intake, 0700) == 0);
	fuzz.lab = lab_open(FUZZ_LAB, &error);
	FUZZ_MUST(fuzz.lab);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		char *from = path_join(fuzz.lab->folder, parts[i]);
		char *to = path_join(fuzz.lab_folder, parts[i]);
		FUZZ_MUST(symlink(from, to) == 0);
		free(from);
		free(to);
	}
}

static inline void fuzz_close(void)
{
	struct error error;

	lab_close(fuzz.lab);
	FUZZ_MUST(folder_remove(fuzz.folder, &error) == 0);
	free(fuzz.folder);
	free(fuzz.lab_folder);
	free(fuzz.lab_yaml);
	free(fuzz.submission);
	free(fuzz.source);
	free(fuzz.intake);
	free(fuzz.result);
}

static inline void fuzz_put(const char *path, const uint8_t *bytes, size_t size)
{
	FILE *file = fopen(path, "we");

	FUZZ_MUST(file && fwrite(bytes, 1, size, file) == size);
	FUZZ_MUST(fclose(file) == 0);
}

static inline char *fuzz_string(const uint8_t *bytes, size_t size)
{
	char *text = memory_new(size + 1, 1);

	memcpy(text, bytes, size);
	return text;
}

static inline void fuzz_lab(const uint8_t *bytes, size_t size)
{
	struct error error = {""};

	fuzz_put(fuzz.lab_yaml, bytes, size);
	struct lab *lab = lab_open(fuzz.lab_folder, &error);
	FUZZ_MUST(lab || error.message[0]);
	if (lab) /* what every caller takes for granted */
		FUZZ_MUST(lab->files_count > 0 && lab->criteria_count > 0);
	lab_close(lab);
}

static inline void fuzz_helgrind(const uint8_t *bytes, size_t size)
{
	struct helgrind_report report;
	struct error error;
	char *xml = fuzz_string(bytes, size);

	if (helgrind_read(&report, xml, size, fuzz.lab, &error) == 0) {
		for (size_t i = 0; i < report.count; i++)
			FUZZ_MUST(report.errors[i].what && report.errors[i].file);
		helgrind_release(&report);
	}
	free(xml);
}

static inline void fuzz_result(const uint8_t *bytes, size_t size)
{
	struct error error = {""};

	fuzz_put(fuzz.result, bytes, size);
	struct result *result = result_read(fuzz.result, &error);
	FUZZ_MUST(result || error.message[0]);
	if (result) /* what was read can be written and read again */
		FUZZ_MUST(result_write(result, fuzz.result, &error) == 0);
	result_free(result);
}

static inline void fuzz_intake(const uint8_t *bytes, size_t size)
{
	struct intake intake;
	struct error error;

	fuzz_put(fuzz.source, bytes, size);
	FUZZ_MUST(intake_take(&intake, fuzz.lab, fuzz.submission, fuzz.intake, &error) ==
		  0);
	FUZZ_MUST(intake.complaint || intake.files[0].bytes == (long long)size);
	intake_release(&intake);
}

static inline void fuzz_object(const uint8_t *bytes, size_t size)
{
	char *text = fuzz_string(bytes, size);

	free(symbols_complaint(fuzz.lab, text));
	free(sections_complaint(text));
	free(requests_complaint((const char *)bytes, size));
	free(text);
}

static inline void fuzz_diagnostics(const uint8_t *bytes, size_t size)
{
	char *text = fuzz_string(bytes, size), name[64];
	struct diagnostic first;

	(void)diagnostics_first_error(text, &first);
	(void)diagnostics_undefined(text, name, sizeof(name));
	free(text);
}

static inline void fuzz_text(const uint8_t *bytes, size_t size)
{
	char *valid = text_valid(bytes, size);
	char *const shown[] = {text_visible(valid), text_line(valid), text_html(valid),
		text_markdown(valid), text_github_data(valid),
		text_github_property(valid), text_file_name(valid), text_cut(valid, 40)};

	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		if (i < 7)
			FUZZ_MUST(!strpbrk(shown[i], "\033\r\a\b\x7f"));
		free(shown[i]);
	}
	free(valid);
}

static const struct fuzz_target {
	const char *name;
	void (*run)(const uint8_t *bytes, size_t size);
	const char *seed_path; /* a file to start from, or NULL */
	const char *seed;
} fuzz_targets[] = {
	{"lab", fuzz_lab, FUZZ_LAB "/lab.yaml", NULL},
	{"helgrind", fuzz_helgrind, NULL,
		"<?xml version=\"1.0\"?><valgrindoutput><error><kind>Race</kind><xwhat>"
		"<text>a race</text></xwhat><stack><frame><ip>0x1</ip><fn>f</fn><file>"
		"account.c</file><line>3</line></frame></stack><auxwhat>other</auxwhat>"
		"</error><status><state>FINISHED</state></status></valgrindoutput>"},
	{"result", fuzz_result, "reports/sample/result.json", NULL},
	{"intake", fuzz_intake, FUZZ_LAB "/solution/account.c", NULL},
	{"object", fuzz_object, NULL,
		"account_withdraw T 0 10\n__tsan_read8 U\n  1 .init_array 00000008\n"},
	{"diagnostics", fuzz_diagnostics, NULL,
		"account.c:3:5: error: expected ';'\naccount.c: In function 'f':\n"
		"ld: a.o: undefined reference to `mp_lock'\n"},
	{"text", fuzz_text, NULL, "\033[2J]]>\xef\xbf\xbe\xff\r\n::error::<b>&\u202e"},
};

enum { FUZZ_TARGETS = sizeof(fuzz_targets) / sizeof(*fuzz_targets) };

#endif
