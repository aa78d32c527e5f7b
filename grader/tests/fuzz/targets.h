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
#include "base/temporary.h"
#include "base/text.h"
#include "build/code.h"
#include "build/diagnostics.h"
#include "build/source.h"
#include "build/symbols.h"
#include "detect/helgrind.h"
#include "explore/explore.h"
#include "explore/witness.h"
#include "intake/intake.h"
#include "lab/lab.h"
#include "play/hearing.h"
#include "score/result.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define FUZZ_LAB "labs/critical-section"

static struct {
	char *folder; /* on tmpfs where there is one: each run writes a file */
	char *lab_folder, *lab_yaml, *submission, *source, *intake, *result;
	struct lab *lab;	 /* the real one */
	struct symbols *symbols; /* of this program, in place of a submission's */
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
	fuzz.symbols = symbols_new("/proc/self/exe", 0, &error);
	FUZZ_MUST(fuzz.symbols);
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

	symbols_free(fuzz.symbols);
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
	FUZZ_MUST(intake_take(&intake, fuzz.lab, fuzz.submission, fuzz.intake, 0,
			  &error) == 0);
	FUZZ_MUST(intake.complaint || intake.files[0].bytes == (long long)size);
	intake_release(&intake);
}

static inline void fuzz_object(const uint8_t *bytes, size_t size)
{
	char *text = fuzz_string(bytes, size);

	free(symbols_complaint(fuzz.lab, NULL, size % 2, text));
	free(sections_complaint(fuzz.lab, size % 2, text));
	free(requests_complaint((const char *)bytes, size));
	free(text);
}

static inline void fuzz_source(const uint8_t *bytes, size_t size)
{
	char *text = fuzz_string(bytes, size);

	struct source source;

	free(code_complaint(fuzz.lab, "", text));
	source_read(&source, fuzz.lab, "work.c", text, size);
	source_release(&source);
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

/* The next piece of the input: two bytes say how long it is. */
static inline const uint8_t *fuzz_piece(
	const uint8_t **bytes, size_t *left, size_t most, size_t *size)
{
	const uint8_t *piece = *bytes + (*left < 2 ? *left : 2);
	size_t length = *left < 2 ? 0 : (*bytes)[0] + 256U * (*bytes)[1];

	*left -= (size_t)(piece - *bytes);
	length = length < most ? length : most;
	*size = length < *left ? length : *left;
	*bytes = piece + *size;
	*left -= *size;
	return piece;
}

/* A pair of sockets: what is sent into the one is heard from the other. */
static inline void fuzz_pair(int type, int ends[2])
{
	FUZZ_MUST(socketpair(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0);
}

/* The answers of a player: the arena as it left it, messages, what it printed and what
 * helgrind wrote, each a piece. */
static inline void fuzz_player(const uint8_t *bytes, size_t size)
{
	enum { ARENA_PART = sizeof(struct arena) + 64, MESSAGES = 4 };
	static const struct lab_limits limits = {.cpu_seconds = 2, .output_kb = 1};
	_Alignas(64) uint8_t memory[ARENA_PART] = {0};
	int sockets[2], printed[2], xml[2];
	struct arena_report report;
	struct player_run run = {.end = PLAY_RETURNED, .process = -1};
	size_t length;
	const uint8_t *piece = fuzz_piece(&bytes, &size, sizeof(memory), &length);

	memcpy(memory, piece, length);
	fuzz_pair(SOCK_SEQPACKET, sockets);
	fuzz_pair(SOCK_STREAM, printed);
	fuzz_pair(SOCK_STREAM, xml);
	struct hearing hearing = {.limits = &limits,
		.arena = (const struct arena *)memory,
		.planned = length > 4 ? memory[4] : 2,
		.socket = sockets[0],
		.printed = printed[0],
		.xml_fd = xml[0]};
	for (int i = 0; i < MESSAGES; i++) {
		piece = fuzz_piece(&bytes, &size, 256, &length);
		FUZZ_MUST(
			send(sockets[1], piece, length, MSG_NOSIGNAL) == (ssize_t)length);
	}
	piece = fuzz_piece(&bytes, &size, 32768, &length);
	FUZZ_MUST(send(printed[1], piece, length, MSG_NOSIGNAL) == (ssize_t)length);
	FUZZ_MUST(send(xml[1], bytes, size, MSG_NOSIGNAL) == (ssize_t)size);
	for (int i = 0; i < MESSAGES + 1; i++) {
		hearing_drain(&hearing);
		if (!hearing_answer(&hearing, &report))
			continue;
		run = (struct player_run){.end = PLAY_RETURNED, .process = -1};
		hearing_judge(&hearing, &report, &run);
		FUZZ_MUST(run.process >= -1 && run.process < ARENA_PROCESSES);
		FUZZ_MUST(run.process < 0 || run.end != PLAY_RETURNED);
		free(hearing_explain(&hearing, &run));
	}
	FUZZ_MUST(hearing.output_size <= 1024 && hearing.xml_size == size);
	hearing_release(&hearing);
	for (int i = 0; i < 2; i++) {
		close(sockets[i]);
		close(printed[i]);
		close(xml[i]);
	}
}

/* A program under the explorer that answers every request, and leaves in the control
 * memory what the input says. */
struct fuzz_program {
	const uint8_t *bytes;
	size_t left;
	int memory_fd, command_fd;
	struct control_memory *memory;
};

enum { FUZZ_EXECUTIONS = 24, FUZZ_MADE_BYTES = 120000 };

static inline pid_t fuzz_spawn(
	void *context, int memory_fd, int command_fd, struct error *error)
{
	struct fuzz_program *program = context;
	char answers[1 + FUZZ_EXECUTIONS * 2];

	(void)error;
	memset(answers, 'd', sizeof(answers));
	answers[0] = 'h';
	program->command_fd = fcntl(command_fd, F_DUPFD_CLOEXEC, 0);
	program->memory = mmap(NULL, sizeof(*program->memory), PROT_READ | PROT_WRITE,
		MAP_SHARED, memory_fd, 0);
	FUZZ_MUST(program->memory != MAP_FAILED);
	program->memory->magic = CONTROL_MAGIC;
	FUZZ_MUST(send(program->command_fd, answers, sizeof(answers), MSG_NOSIGNAL) ==
		  (ssize_t)sizeof(answers));
	return 0; /* no process */
}

static inline void fuzz_execution(struct fuzz_program *program)
{
	struct control_memory *memory = program->memory;
	size_t length;
	const uint8_t *piece = fuzz_piece(
		&program->bytes, &program->left, sizeof(memory->result), &length);

	memcpy(&memory->result, piece, length);
	piece = fuzz_piece(
		&program->bytes, &program->left, sizeof(memory->defects), &length);
	memcpy(memory->defects, piece, length);
	piece = fuzz_piece(
		&program->bytes, &program->left, 16 * sizeof(*memory->steps), &length);
	memcpy(memory->steps, piece, length);
	piece = fuzz_piece(
		&program->bytes, &program->left, 16 * sizeof(*memory->pointers), &length);
	memcpy(memory->pointers, piece, length);
}

static inline void fuzz_show(const struct finding *finding)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	FUZZ_MUST(stream);
	defect_print(stream, finding, fuzz.symbols);
	witness_print(stream, finding, fuzz.symbols, 80);
	json_t *json = finding_json(finding, fuzz.symbols, true);
	json_decref(json);
	fclose(stream);
	free(text);
}

static inline void fuzz_trace(const uint8_t *bytes, size_t size)
{
	struct explore_options options = explore_defaults;
	struct fuzz_program program = {.bytes = bytes, .left = size};
	struct coverage_report report;
	struct error error;
	char sentence[512];

	options.budget = 12;
	options.samples = 6;
	options.max_steps = 64;
	struct explorer *explorer = explorer_new(&options, fuzz_spawn, &program, &error);
	FUZZ_MUST(explorer);
	for (int i = 0; i < FUZZ_EXECUTIONS * 2 && explorer_next(explorer); i++) {
		fuzz_execution(&program);
		if (explorer_run(explorer, &error))
			break;
		explorer_judge(explorer, program.left % 7 == 1, "the balance is wrong");
	}
	explorer_coverage(explorer, &report);
	coverage_sentence(&report, sentence, sizeof(sentence));
	const struct finding *finding = explorer_main_finding(explorer);
	if (finding)
		fuzz_show(finding);
	explorer_free(explorer);
	close(program.command_fd);
	munmap(program.memory, sizeof(*program.memory));
}

/* Inputs made of the real structures, whatever their layout is today. */
static inline size_t fuzz_put_piece(
	uint8_t *bytes, size_t at, const void *piece, size_t size)
{
	FUZZ_MUST(at + 2 + size <= FUZZ_MADE_BYTES);
	bytes[at] = (uint8_t)size;
	bytes[at + 1] = (uint8_t)(size >> 8);
	memcpy(bytes + at + 2, piece, size);
	return at + 2 + size;
}

/* Two processes, of which the second crashed; then what each of the pipes holds. */
static inline size_t fuzz_make_player(uint8_t *bytes)
{
	_Alignas(64) struct arena arena = {.mode = ARENA_FORK,
		.process_count = 2,
		.cpu_seconds = 2,
		.processes = {{.entry = "withdraw", .returned = 1},
			{.entry = "deposit", .exit_code = -11}}};
	struct arena_report report = {.wait_status = 0x100, .cpu_ms = 12};
	size_t size = fuzz_put_piece(bytes, 0, &arena, sizeof(arena));

	size = fuzz_put_piece(bytes, size, &report, sizeof(report));
	size = fuzz_put_piece(bytes, size, "r", 1);
	size = fuzz_put_piece(bytes, size, "", 0);
	size = fuzz_put_piece(bytes, size, &report, sizeof(report));
	size = fuzz_put_piece(bytes, size, "hello\n", 6);
	memcpy(bytes + size, "<?xml?>", 7);
	return size + 7;
}

/* Executions of two processes that both update a place: fine, racing, deadlocked. */
static inline size_t fuzz_make_trace(uint8_t *bytes)
{
	static const uint32_t kinds[] = {
		DEFECT_NONE, DEFECT_RACE, DEFECT_RACE, DEFECT_DEADLOCK};
	static const uint8_t done[] = {STEP_START, STEP_FORK, STEP_LOCK, STEP_READ,
		STEP_READ, STEP_WRITE, STEP_WRITE, STEP_EXIT};
	size_t size = 0;

	for (int execution = 0; execution < 12; execution++) {
		uint32_t kind = kinds[execution / 2 % 4];
		struct execution_result result = {.ending = kind == DEFECT_DEADLOCK
								    ? ENDING_DEFECT
								    : ENDING_FINISHED,
			.steps = sizeof(done),
			.tasks = 2,
			.processes = 2,
			.defects = kind != DEFECT_NONE,
			.accesses = 9,
			.outcome = (uint64_t)execution};
		struct defect defect = {.pc = 0x1234,
			.other_pc = 0x1250,
			.address = 1ULL << 63 | 0x540,
			.step = 4,
			.kind = (uint16_t)kind,
			.other_task = 1,
			.waiting_count = 2,
			.waiting = {0, 1},
			.waiting_kind = {STEP_LOCK, STEP_LOCK},
			.text = "two accesses"};
		struct step steps[sizeof(done)];

		memset(steps, 0, sizeof(steps));
		for (size_t i = 0; i < sizeof(done); i++)
			steps[i] = (struct step){.pc = 0x1200 + i,
				.address = 1ULL << 63 | 0x540,
				.value = i,
				.enabled = 3,
				.state = (uint64_t)execution * 100 + i,
				.task = (uint16_t)(i % 2),
				.previous = (uint16_t)(i / 2 % 2),
				.size = 8,
				.kind = done[i],
				.enabled_count = 2};
		size = fuzz_put_piece(bytes, size, &result, sizeof(result));
		size = fuzz_put_piece(bytes, size, &defect, sizeof(defect));
		size = fuzz_put_piece(bytes, size, steps, sizeof(steps));
	}
	return size;
}

static const struct fuzz_target {
	const char *name;
	void (*run)(const uint8_t *bytes, size_t size);
	/* What to start from besides corpus/NAME: a file, a text or what is made. */
	const char *seed_path;
	const char *seed;
	size_t (*make)(uint8_t *bytes); /* at most FUZZ_MADE_BYTES */
} fuzz_targets[] = {
	{"lab", fuzz_lab, FUZZ_LAB "/lab.yaml", NULL, NULL},
	{"helgrind", fuzz_helgrind, NULL,
		"<?xml version=\"1.0\"?><valgrindoutput><error><kind>Race</kind><xwhat>"
		"<text>a race</text></xwhat><stack><frame><ip>0x1</ip><fn>f</fn><file>"
		"account.c</file><line>3</line></frame></stack><auxwhat>other</auxwhat>"
		"</error><status><state>FINISHED</state></status></valgrindoutput>",
		NULL},
	{"result", fuzz_result, "reports/sample/result.json", NULL, NULL},
	{"intake", fuzz_intake, FUZZ_LAB "/solution/account.c", NULL, NULL},
	{"object", fuzz_object, NULL,
		"account_withdraw T 0 10\n__tsan_read8 U\n  1 .init_array 00000008\n",
		NULL},
	{"source", fuzz_source, NULL,
		"# 0 \"work.c\"\n# 0 \"<built-in>\"\n# 1 \"work.h\" 1\nint a;\n"
		"# 2 \"work.c\" 2\nchar *b = R\"(x)\";\nasm no_sanitize\n",
		NULL},
	{"diagnostics", fuzz_diagnostics, NULL,
		"account.c:3:5: error: expected ';'\naccount.c: In function 'f':\n"
		"ld: a.o: undefined reference to `mp_lock'\n",
		NULL},
	{"player", fuzz_player, NULL, NULL, fuzz_make_player},
	{"trace", fuzz_trace, NULL, NULL, fuzz_make_trace},
	{"text", fuzz_text, NULL, "\033[2J]]>\xef\xbf\xbe\xff\r\n::error::<b>&\u202e",
		NULL},
};

enum { FUZZ_TARGETS = sizeof(fuzz_targets) / sizeof(*fuzz_targets) };

#endif
