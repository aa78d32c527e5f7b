-- SPDX-License-Identifier: MIT
-- The tables of class.db. Names and ids are as in the reports; times are in UTC.
-- Each part below brings a database of the version before it to its own; a fresh one gets all.
-- version 1

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

-- version 2
-- How the host of the course knows who handed it in: a line a person, ids parted by tabs.
ALTER TABLE submission ADD COLUMN ids TEXT NOT NULL DEFAULT '';

-- version 3
-- Who should have handed in, as the roster says; an empty text for what it does not say.
CREATE TABLE person (
	lab TEXT NOT NULL REFERENCES lab,
	position INTEGER NOT NULL,  -- in the roster
	id TEXT NOT NULL,
	login TEXT NOT NULL,
	email TEXT NOT NULL,
	name TEXT NOT NULL,
	section TEXT NOT NULL,
	team TEXT NOT NULL,
	due TEXT NOT NULL,  -- with the extension, if there is one
	PRIMARY KEY (lab, position)
) WITHOUT ROWID;

-- What being late costs, in percent of the lab's points.
CREATE TABLE policy (
	lab TEXT PRIMARY KEY REFERENCES lab,
	due TEXT NOT NULL,  -- of those whose roster says none
	grace_minutes INTEGER NOT NULL,
	penalty INTEGER NOT NULL,  -- a day
	cap INTEGER NOT NULL,
	best INTEGER NOT NULL  -- of several hand-ins the best counts, not the newest
);

-- version 4
-- Where the last batch found lab and class, and how it graded: to grade again as it did.
CREATE TABLE source (
	lab TEXT PRIMARY KEY REFERENCES lab,
	folder TEXT NOT NULL,  -- the lab's
	class TEXT NOT NULL,  -- the folder or archive of the class
	compiler TEXT NOT NULL,
	only TEXT NOT NULL,  -- the one criterion that was judged, or ''
	secret TEXT NOT NULL,  -- 16 hexadecimal digits
	inputs TEXT NOT NULL  -- the same, or '' where they follow from the files
);

ALTER TABLE history ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE history ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- A grading that was made again, with nothing changed that it depends on, and ended otherwise.
CREATE TABLE disagreement (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL REFERENCES grading ON DELETE CASCADE,
	author TEXT NOT NULL,
	made_at TEXT NOT NULL,
	verdict TEXT NOT NULL,
	points INTEGER NOT NULL,
	max_points INTEGER NOT NULL,
	result TEXT NOT NULL
);
CREATE INDEX disagreement_by_key ON disagreement (key);

-- version 5
-- What was done wrong, in words that are the same for all who did it; '' for what was not failed.
ALTER TABLE criterion ADD COLUMN mistake TEXT NOT NULL DEFAULT '';
CREATE INDEX criterion_by_mistake ON criterion (name, mistake);

-- Hashes of a hand-in's parts, 8 bytes each, sorted: alike for those that are alike.
CREATE TABLE fingerprint (
	key TEXT PRIMARY KEY,
	exact TEXT NOT NULL,  -- the same for files that differ in names and layout only
	parts BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX fingerprint_by_exact ON fingerprint (exact);

-- version 6
-- Each criterion of each hand-in with what counts: a person's word before that of the grading.
CREATE VIEW counted AS
SELECT submission.lab AS lab, submission.student AS student, criterion.name AS criterion,
	criterion.position AS position,
	coalesce(word.points, criterion.points) AS points,
	criterion.max_points AS max_points,
	CASE WHEN word.points IS NULL THEN criterion.verdict
	WHEN word.points >= criterion.max_points THEN 'pass' ELSE 'fail' END AS verdict,
	word.points IS NOT NULL AS adjusted,
	word.points IS NOT NULL OR criterion.verdict NOT IN ('error', 'inconclusive') AS judged
FROM submission JOIN criterion USING (key)
LEFT JOIN (SELECT lab, student, criterion, points, max(id) FROM adjustment
	GROUP BY lab, student, criterion) AS word ON word.lab = submission.lab
	AND word.student = submission.student AND word.criterion = criterion.name
WHERE listed;
