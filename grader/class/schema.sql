-- SPDX-License-Identifier: MIT
-- The tables of class.db, version 1. Names and ids are as in the reports; times are in UTC.

CREATE TABLE lab (
	name TEXT PRIMARY KEY,
	title TEXT NOT NULL,
	criteria TEXT NOT NULL  -- as a result without evidence: for who has no grading yet
);

-- What somebody handed in. `listed` is 0 for who is no longer in the class.
CREATE TABLE submission (
	lab TEXT NOT NULL REFERENCES lab,
	student TEXT NOT NULL,
	path TEXT NOT NULL,
	handed_in TEXT NOT NULL,
	note TEXT NOT NULL,
	key TEXT NOT NULL,  -- of the grading that counts, made or not
	listed INTEGER NOT NULL,
	PRIMARY KEY (lab, student)
);

-- A grading that was made. `tries` counts those that ended without a judgement.
CREATE TABLE grading (
	key TEXT PRIMARY KEY,
	lab TEXT NOT NULL,
	started TEXT NOT NULL,
	duration_ms INTEGER NOT NULL,
	verdict TEXT NOT NULL,
	points INTEGER NOT NULL,
	max_points INTEGER NOT NULL,  -- of the criteria that could be judged
	tries INTEGER NOT NULL,
	result TEXT NOT NULL  -- result.json, whole
);

CREATE TABLE criterion (
	key TEXT NOT NULL REFERENCES grading ON DELETE CASCADE,
	name TEXT NOT NULL,
	position INTEGER NOT NULL,
	verdict TEXT NOT NULL,
	points INTEGER NOT NULL,
	max_points INTEGER NOT NULL,
	duration_ms INTEGER NOT NULL,
	PRIMARY KEY (key, name)
) WITHOUT ROWID;

CREATE TABLE evidence (
	key TEXT NOT NULL REFERENCES grading ON DELETE CASCADE,
	criterion TEXT NOT NULL,
	position INTEGER NOT NULL,
	stage TEXT NOT NULL,
	verdict TEXT NOT NULL,
	decides INTEGER NOT NULL,
	reason TEXT NOT NULL,
	coverage TEXT,
	file TEXT,
	line INTEGER NOT NULL,
	runs INTEGER NOT NULL,
	failures INTEGER NOT NULL,
	PRIMARY KEY (key, criterion, position)
) WITHOUT ROWID;

-- What a person changed: the newest of a criterion counts, the others are its history.
CREATE TABLE adjustment (
	id INTEGER PRIMARY KEY,
	lab TEXT NOT NULL,
	student TEXT NOT NULL,
	criterion TEXT NOT NULL,
	points INTEGER NOT NULL,
	reason TEXT NOT NULL,
	author TEXT NOT NULL,
	made_at TEXT NOT NULL
);

-- Which key counted from when on: the old verdict stays readable.
CREATE TABLE history (
	lab TEXT NOT NULL,
	student TEXT NOT NULL,
	key TEXT NOT NULL,
	counted_from TEXT NOT NULL
);

CREATE INDEX submission_by_key ON submission (key);
CREATE INDEX criterion_by_name ON criterion (name, verdict);
CREATE INDEX adjustment_by_student ON adjustment (lab, student);
CREATE INDEX history_by_student ON history (lab, student);
