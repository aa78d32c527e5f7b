/* SPDX-License-Identifier: MIT */
/* A class's database, and the shapes in which classes come, with the real program. */
#include "run.h"
#include "tiny.h"

#include "class/archive.h"
#include "class/collect.h"
#include "class/database.h"
#include "class/export.h"
#include "score/result.h"

#include <archive.h>
#include <archive_entry.h>
#include <sqlite3.h>

#define HEADER "#include \"work.h\"\n"
#define RIGHT HEADER "long work(long n) { return 2 * n; }\n"
#define WRONG HEADER "long work(long n) { return n; }\n"

struct entry {
	const char *name;
	const char *bytes;
};

/* An archive as a host makes it: "zip" or "ustar" of these files. */
static char *make_archive(const char *name, const char *format, const struct entry *files)
{
	char *path = scratch_path("%s", name);
	struct archive *archive = archive_write_new();

	ck_assert_int_eq(archive_write_set_format_by_name(archive, format), ARCHIVE_OK);
	ck_assert_int_eq(archive_write_open_filename(archive, path), ARCHIVE_OK);
	for (; files->name; files++) {
		struct archive_entry *entry = archive_entry_new();
		size_t size = strlen(files->bytes);
		archive_entry_set_pathname(entry, files->name);
		archive_entry_set_filetype(entry, AE_IFREG);
		archive_entry_set_perm(entry, 0644);
		archive_entry_set_size(entry, (la_int64_t)size);
		ck_assert_int_eq(archive_write_header(archive, entry), ARCHIVE_OK);
		archive_write_data(archive, files->bytes, size);
		archive_entry_free(entry);
	}
	archive_write_free(archive);
	return path;
}

static struct result *stored(const char *out, const char *student)
{
	struct error error = {""};
	char *path = text_format("%s/%s/result.json", out, student);
	struct result *result = result_read(path, &error);

	ck_assert_msg(result != NULL, "%s", error.message);
	free(path);
	return result;
}

static void expect_points(const char *out, const char *student, long points)
{
	struct result *result = stored(out, student);

	ck_assert_msg(result->points == points, "%s has %ld", student, result->points);
	result_free(result);
}

static void put(const char *class, const char *file, const char *source)
{
	char *path = path_join(class, file);

	file_put(path, source);
	free(path);
}

static void batch_ends(
	int code, const char *lab, const char *class, const char *out, const char *said)
{
	struct ran ran = run_interlock("batch", lab, class, "-o", out, "-j", "2", NULL);

	ck_assert_msg(ran.code == code, "%d: %s%s", ran.code, ran.output, ran.errors);
	char *all = text_format("%s%s", ran.output, ran.errors);
	expect_holds(all, said);
	free(all);
	ran_release(&ran);
}

START_TEST(what_has_not_changed_is_not_graded_again)
{
	char *lab = tiny_lab("same-lab");
	char *class = scratch_path("same");
	char *out = scratch_path("same-out");

	put(class, "alice/work.c", RIGHT);
	put(class, "bob/work.c", WRONG);
	batch_ends(0, lab, class, out, "2 submissions: 1 passed");
	batch_ends(0, lab, class, out, "2 of 2 needed no grading");
	put(class, "bob/work.c", RIGHT "\n");
	batch_ends(0, lab, class, out, "1 of 2 needed no grading");
	expect_points(out, "bob", 10);
	tiny_replace(lab, "lab.yaml", "points: 9", "points: 19");
	batch_ends(0, lab, class, out, "2 submissions: 2 passed");
	expect_points(out, "alice", 20);
	free(out);
	free(class);
	free(lab);
}
END_TEST

START_TEST(reports_that_were_lost_are_made_again_from_the_database)
{
	char *lab = tiny_lab("lost-lab");
	char *class = scratch_path("lost");
	char *out = scratch_path("lost-out");
	char *text = path_join(out, "class.txt");
	char *result = path_join(out, "alice/result.json");

	put(class, "alice/work.c", RIGHT);
	batch_ends(0, lab, class, out, "1 passed");
	char *before = file_get(text);
	ck_assert_int_eq(unlink(text), 0);
	file_put(result, "{");
	struct ran ran = run_interlock("class", out, NULL);
	ck_assert_int_eq(ran.code, 0);
	char *after = file_get(text);
	ck_assert_str_eq(after, before);
	expect_points(out, "alice", 10);
	ran_release(&ran);
	free(after);
	free(before);
	free(result);
	free(text);
	free(out);
	free(class);
	free(lab);
}
END_TEST

/* With the real program: its options reach the database, and its reports follow. */
START_TEST(a_roster_and_when_it_was_due_are_told_to_a_batch)
{
	static const struct entry files[] = {
		{"submission_metadata.yml",
			"submission_11:\n  :submitters:\n  - :name: Jane Doe\n"
			"    :sid: '1'\n  :created_at: 2026-09-02 12:30:00 Z\n"},
		{"submission_11/work.c", RIGHT},
		{NULL, NULL},
	};
	char *lab = tiny_lab("roster-lab");
	char *class = make_archive("roster.zip", "zip", files);
	char *out = scratch_path("roster-out");
	char *roster = scratch_path("roster.csv");
	char *table = path_join(out, "class.csv");

	file_put(roster, "sid,name,section\n1,Jane,A\n2,Eve,A\n");
	struct ran ran = run_interlock("batch", lab, class, "-o", out, "--roster", roster,
		"--due", "2026-09-01T12:30:00Z", "--penalty", "30", "--grace", "5", NULL);
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	expect_holds(ran.output, "1 handed in nothing");
	char *text = file_get(table);
	expect_holds(text, "Jane Doe,1,Jane,A,,2026-09-02T12:30:00Z,2026-09-01T12:30:00Z,"
			   "late: 1 d 0 h,3,7,10,pass");
	expect_holds(text, "Eve,2,Eve,A,,,2026-09-01T12:30:00Z,,0,0,10,absent");
	ran_release(&ran);
	file_put(roster, "sid,name\n1,Jane\n1,Eve\n");
	ran = run_interlock("batch", lab, class, "-o", out, "--roster", roster, NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "lines 2 and 3 are both '1'");
	ran_release(&ran);
	free(text);
	free(table);
	free(roster);
	free(out);
	free(class);
	free(lab);
}
END_TEST

START_TEST(what_could_not_be_judged_is_told_first_and_has_its_row_everywhere)
{
	char *lab = tiny_lab("row-lab");
	char *class = scratch_path("row");
	char *out = scratch_path("row-out");
	char *junit = path_join(out, "junit.xml");

	put(class, "alice/work.c", RIGHT);
	put(class, "bob/work.c", RIGHT);
	tiny_replace(lab, "checks/checks.c", "play_run();", "abort();");
	batch_ends(2, lab, class, out, "! 2 of 2 could not be judged: alice, bob");
	char *xml = file_get(junit);
	expect_holds(xml, "alice");
	expect_holds(xml, "bob");
	struct result *result = stored(out, "bob");
	ck_assert_int_eq(result->verdict, VERDICT_ERROR);
	result_free(result);
	free(xml);
	free(junit);
	free(out);
	free(class);
	free(lab);
}
END_TEST

START_TEST(a_persons_word_counts_and_outlives_another_grading)
{
	char *lab = tiny_lab("word-lab");
	char *class = scratch_path("word");
	char *out = scratch_path("word-out");

	put(class, "bob/work.c", WRONG);
	batch_ends(0, lab, class, out, "0 passed");
	struct ran ran =
		run_interlock("adjust", out, "bob", "doubles", "5", "half right", NULL);
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	ran_release(&ran);
	expect_points(out, "bob", 6);
	put(class, "bob/work.c", WRONG "\n");
	batch_ends(0, lab, class, out, "half right");
	expect_points(out, "bob", 6);
	ran = run_interlock("show", out, "bob", NULL);
	expect_holds(ran.output, "gave 5 points");
	ran_release(&ran);
	ran = run_interlock("adjust", out, "bob", "doubles", "10", "x", NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "0 to 9");
	ran_release(&ran);
	ran = run_interlock("adjust", out, "bob", "nothing", "1", "x", NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "there are compiles, doubles");
	ran_release(&ran);
	ran = run_interlock("show", out, "nobody", NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "nobody");
	ran_release(&ran);
	free(out);
	free(class);
	free(lab);
}
END_TEST

START_TEST(a_database_that_is_none_or_newer_is_refused)
{
	char *lab = tiny_lab("none-lab");
	char *class = scratch_path("none");
	char *out = scratch_path("none-out");
	char *path = path_join(out, "class.db");
	sqlite3 *database = NULL;

	put(class, "alice/work.c", RIGHT);
	put(out, "class.db", "this is no database at all, only some text");
	batch_ends(2, lab, class, out, path);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(sqlite3_open(path, &database), SQLITE_OK);
	sqlite3_exec(database, "PRAGMA user_version = 99", NULL, NULL, NULL);
	sqlite3_close(database);
	batch_ends(2, lab, class, out, "newer interlock");
	free(path);
	free(out);
	free(class);
	free(lab);
}
END_TEST

START_TEST(two_batches_do_not_work_in_one_folder)
{
	char *lab = tiny_lab("lock-lab");
	char *class = scratch_path("lock");
	char *out = scratch_path("lock-out");
	struct error error = {""};
	struct database *database = database_open(out, DATABASE_MAKE, &error);

	ck_assert_msg(database != NULL, "%s", error.message);
	put(class, "alice/work.c", RIGHT);
	batch_ends(2, lab, class, out, "another interlock is at work");
	database_close(database);
	batch_ends(0, lab, class, out, "1 passed");
	free(out);
	free(class);
	free(lab);
}
END_TEST

START_TEST(a_canvas_export_is_read)
{
	static const struct entry files[] = {
		{"doejane_12345_678901_work.c", WRONG},
		{"doejane_12345_1678902_work-1.c", RIGHT},
		{"roejohn_LATE_222_333_work.c", RIGHT},
		{"poemary_77_88_notes.pdf", "%PDF-1.4"},
		{"__MACOSX/._x", "x"},
		{NULL, NULL},
	};
	char *lab = tiny_lab("canvas-lab");
	char *class = make_archive("canvas.zip", "zip", files);
	char *out = scratch_path("canvas-out");

	batch_ends(0, lab, class, out, "3 submissions: 2 passed");
	expect_points(out, "doejane_12345", 10);
	struct result *late = stored(out, "roejohn_222");
	ck_assert_int_eq(late->points, 10);
	expect_holds(late->notice, "LATE");
	result_free(late);
	struct result *pdf = stored(out, "poemary_77");
	expect_holds(pdf->notice, "none that is called work.c");
	result_free(pdf);
	free(out);
	free(class);
	free(lab);
}
END_TEST

START_TEST(a_moodle_export_is_read)
{
	static const struct entry files[] = {
		{"Jane Doe_123_assignsubmission_file/work.c", RIGHT},
		{"John Roe_124_assignsubmission_file/src/work (1).c", RIGHT},
		{NULL, NULL},
	};
	char *lab = tiny_lab("moodle-lab");
	char *class = make_archive("moodle.zip", "zip", files);
	char *out = scratch_path("moodle-out");

	batch_ends(0, lab, class, out, "2 submissions: 2 passed");
	expect_points(out, "Jane%20Doe_123", 10);
	struct result *result = stored(out, "John%20Roe_124");
	expect_holds(result->notice, "taken from src/work (1).c");
	result_free(result);
	free(out);
	free(class);
	free(lab);
}
END_TEST

START_TEST(a_gradescope_export_is_read)
{
	static const struct entry files[] = {
		{"assignment_1_export/submission_metadata.yml",
			"submission_11:\n  :submitters:\n  - :name: Jane Doe\n"
			"    :sid: '1'\n  :created_at: 2026-09-01 12:30:00.5 -07:00\n"
			"submission_12:\n  :submitters:\n  - :name: A\n  - :name: B\n"
			"  :created_at: 2026-09-01 12:30:00 Z\n"},
		{"assignment_1_export/submission_11/work.c", RIGHT},
		{"assignment_1_export/submission_12/work.c", WRONG},
		{NULL, NULL},
	};
	struct gradescope gradescope;
	struct error error = {""};
	char *lab = tiny_lab("scope-lab");
	char *class = make_archive("scope.tar", "ustar", files);
	char *out = scratch_path("scope-out");
	char *metadata = scratch_path("metadata.yml");

	batch_ends(0, lab, class, out, "2 submissions: 1 passed");
	expect_points(out, "Jane%20Doe", 10);
	expect_points(out, "A%20and%20B", 1);
	file_put(metadata, files[0].bytes);
	ck_assert_int_eq(gradescope_read(&gradescope, metadata, &error), 0);
	ck_assert_str_eq(gradescope.entries[0].handed_in, "2026-09-01T19:30:00Z");
	gradescope_release(&gradescope);
	free(metadata);
	free(out);
	free(class);
	free(lab);
}
END_TEST

/* A class of one is a class: the folder of the only student is no wrapper around it. Moodle may
 * also leave out the folders. */
START_TEST(exports_of_one_student_and_flat_ones_are_read)
{
	static const struct {
		const char *name, *file, *student, *ids;
	} exports[] = {
		{"one-moodle.zip", "Jane Doe_123_assignsubmission_file/src/work.c",
			"Jane Doe_123", "123\tJane Doe"},
		{"flat-moodle.zip", "Jane Doe_123_assignsubmission_file_work.c",
			"Jane Doe_123", "123\tJane Doe"},
		{"one-canvas.zip", "doejane_LATE_12_34_work-2.c", "doejane_12", "12"},
		{"wrapped.zip", "class/ada/src/work.c", "ada", ""},
	};
	struct error error = {""};
	char *folder = tiny_lab("shape-lab");
	struct lab *lab = lab_open(folder, &error);

	for (size_t i = 0; i < sizeof(exports) / sizeof(*exports); i++) {
		struct collection collection;
		char *path = make_archive(exports[i].name, "zip",
			(const struct entry[]){{exports[i].file, RIGHT}, {NULL, NULL}});
		struct collect_from from = {.lab = lab, .class = path};
		ck_assert_msg(
			collect(&collection, &from, &error) == 0, "%s", error.message);
		ck_assert_uint_eq(collection.count, 1);
		ck_assert_str_eq(collection.items[0].student, exports[i].student);
		ck_assert_str_eq(collection.items[0].ids, exports[i].ids);
		char *file = path_join(collection.items[0].path, "work.c");
		char *text = file_get(file);
		ck_assert_str_eq(text, RIGHT);
		free(text);
		free(file);
		collection_release(&collection);
		free(path);
	}
	lab_close(lab);
	free(folder);
}
END_TEST

/* A second lab that wants a file of the same name. */
static char *other_tiny_lab(const char *name)
{
	char *lab = tiny_lab(name);

	tiny_replace(lab, "lab.yaml", "name: tiny", "name: other");
	return lab;
}

START_TEST(a_file_that_fits_two_labs_is_nobodys_until_one_is_named)
{
	static const struct {
		const char *file;
		bool fits_both, found;
	} cases[] = {
		{"ada/tiny/work.c", false, true},
		{"ada/repo/tiny/src/work.c", false, true},
		{"ada/other/work.c", false, false},
		{"ada/work.c", true, true},
		{"ada/src/Work.c", true, true},
		{"ada.c", true, true},
	};
	struct error error = {""};
	char *folder = tiny_lab("fits");
	char *other_folder = other_tiny_lab("fits-other");
	struct lab *lab = lab_open(folder, &error);
	struct lab *other = lab_open(other_folder, &error);

	ck_assert_msg(lab && other, "%s", error.message);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct collection collection;
		/* What lies above the class is called as a lab is, and says nothing. */
		char *class = scratch_path("fits-%zu/other", i);
		put(class, cases[i].file, RIGHT);
		struct collect_from from = {.lab = lab,
			.others = (const struct lab *const[]){other},
			.other_count = 1,
			.class = class};
		int status = collect(&collection, &from, &error);
		ck_assert_msg((status == -1) == cases[i].fits_both, "%s", cases[i].file);
		if (status)
			expect_holds(error.message, "fits the labs tiny and other");
		char *file = status == 0 ? path_join(collection.items[0].path, "work.c")
					 : NULL;
		ck_assert_msg(status || path_is_file(file) == cases[i].found, "%s",
			cases[i].file);
		free(file);
		collection_release(&collection);
		free(class);
	}
	lab_close(other);
	lab_close(lab);
	free(other_folder);
	free(folder);
}
END_TEST

START_TEST(a_class_is_graded_by_several_labs_and_summed_up)
{
	char *lab = tiny_lab("course-lab");
	char *other = other_tiny_lab("course-other");
	char *class = scratch_path("course");
	char *out = scratch_path("course-out");
	char *table = path_join(out, "course.csv");
	char *report = path_join(out, "other/ada/report.txt");

	put(class, "ada/tiny/work.c", RIGHT);
	put(class, "ada/other/work.c", WRONG);
	struct ran ran = run_interlock("batch", lab, other, class, "-o", out, NULL);
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	expect_holds(ran.output, "All labs");
	char *text = file_get(table);
	ck_assert_str_eq(text, "name,id,section,other,tiny,points,max_points,judged\n"
			       "ada,,,1,10,11,20,yes\n");
	ck_assert(path_is_file(report));
	ran_release(&ran);
	/* One of the labs alone, later: nothing else changes. */
	batch_ends(0, lab, class, out, "1 of 1 needed no grading");
	ran = run_interlock("show", out, "ada", NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "name one with --lab: other, tiny");
	ran_release(&ran);
	ck_assert_int_eq(unlink(table), 0);
	ran = run_interlock("class", out, NULL);
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	char *again = file_get(table);
	ck_assert_str_eq(again, text);
	ran_release(&ran);
	free(again);
	free(text);
	free(report);
	free(table);
	free(out);
	free(class);
	free(other);
	free(lab);
}
END_TEST

/* A clone of a course's repository has a folder for each lab, so other files of the name. */
START_TEST(near_misses_are_taken_where_that_is_safe_and_told)
{
	char *lab = tiny_lab("near-lab");
	char *class = scratch_path("near");
	char *out = scratch_path("near-out");
	struct {
		const char *student;
		long points;
		const char *said;
	} expected[] = {
		{"clone", 10, "taken from tiny/work.c"},
		{"capital", 10, "taken from Work.c"},
		{"two", 0, "not clear which file"},
		{"object", 0, "compiled program"},
		{"zipped", 10, "in an archive"},
		{"empty", 0, "no file in it"},
	};

	put(class, "clone/tiny/work.c", RIGHT);
	put(class, "clone/other/work.c", WRONG);
	put(class, "capital/Work.c", RIGHT);
	put(class, "two/work (1).c", RIGHT);
	put(class, "two/work (2).c", RIGHT);
	put(class, "object/work.c", "\177ELF\2\1\1");
	put(class, "README.txt", "not a student");
	put(class, "empty/.keep", "");
	char *zip = make_archive("one.zip", "zip",
		(const struct entry[]){{"x/work.c", RIGHT}, {NULL, NULL}});
	char *folder = path_join(class, "zipped");
	char *target = path_join(class, "zipped/hand-in.zip");
	struct error error = {""};
	ck_assert_int_eq(folder_make(folder, &error), 0);
	ck_assert_int_eq(rename(zip, target), 0);
	batch_ends(0, lab, class, out, "6 submissions: 3 passed");
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		struct result *result = stored(out, expected[i].student);
		ck_assert_msg(result->points == expected[i].points, "%s has %ld",
			expected[i].student, result->points);
		ck_assert_ptr_nonnull(result->notice);
		expect_holds(result->notice, expected[i].said);
		result_free(result);
	}
	free(target);
	free(folder);
	free(zip);
	free(out);
	free(class);
	free(lab);
}
END_TEST

START_TEST(an_archive_that_leads_out_or_is_cut_short_is_refused)
{
	static const struct entry out_of_it[] = {{"../../evil.c", RIGHT}, {NULL, NULL}};
	static const struct entry fine[] = {{"alice/work.c", RIGHT}, {NULL, NULL}};
	struct error error = {""};
	char *target = scratch_path("unpacked");
	char *evil = make_archive("evil.tar", "ustar", out_of_it);
	char *cut = make_archive("cut.zip", "zip", fine);

	ck_assert_int_eq(folder_make(target, &error), 0);
	ck_assert_int_eq(archive_unpack(evil, target, ARCHIVE_CLASS, &error), -1);
	expect_holds(error.message, "leads out of it");
	ck_assert_int_eq(truncate(cut, 60), 0);
	ck_assert_int_eq(archive_unpack(cut, target, ARCHIVE_CLASS, &error), -1);
	expect_holds(error.message, "cut.zip");
	free(cut);
	free(evil);
	free(target);
}
END_TEST

/* 100 MB of zeros are some hundred kilobytes in an archive. */
START_TEST(a_bomb_is_refused_before_it_is_unpacked)
{
	struct error error = {""};
	size_t size = 100 << 20;
	char *zeros = memory_new(size + 1, 1);
	char *target = scratch_path("bombed");
	memset(zeros, 'a', size);
	char *bomb = make_archive("bomb.zip", "zip",
		(const struct entry[]){{"work.c", zeros}, {NULL, NULL}});

	ck_assert_int_eq(folder_make(target, &error), 0);
	ck_assert_int_eq(archive_unpack(bomb, target, ARCHIVE_STUDENT, &error), -1);
	expect_holds(error.message, "more than 64 MiB");
	free(bomb);
	free(target);
	free(zeros);
}
END_TEST

static const TTest *const *const tests[] = {
	&what_has_not_changed_is_not_graded_again,
	&reports_that_were_lost_are_made_again_from_the_database,
	&a_roster_and_when_it_was_due_are_told_to_a_batch,
	&what_could_not_be_judged_is_told_first_and_has_its_row_everywhere,
	&a_persons_word_counts_and_outlives_another_grading,
	&a_database_that_is_none_or_newer_is_refused,
	&two_batches_do_not_work_in_one_folder,
	&a_canvas_export_is_read,
	&a_moodle_export_is_read,
	&a_gradescope_export_is_read,
	&exports_of_one_student_and_flat_ones_are_read,
	&a_file_that_fits_two_labs_is_nobodys_until_one_is_named,
	&a_class_is_graded_by_several_labs_and_summed_up,
	&near_misses_are_taken_where_that_is_safe_and_told,
	&an_archive_that_leads_out_or_is_cut_short_is_refused,
	&a_bomb_is_refused_before_it_is_unpacked,
};
SUITE_MAIN("class", tests)
