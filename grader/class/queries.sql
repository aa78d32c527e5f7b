-- SPDX-License-Identifier: MIT
-- Questions that instructors ask of a class's database; ?1 is the lab. Each has a name and what it
-- answers; the columns of the answer are named as people read them.

-- query points: who got how much, adjustments included
SELECT student, sum(points) AS points, sum(max_points) AS of, max(adjusted) AS adjusted
FROM counted WHERE lab = ?1 AND judged GROUP BY student ORDER BY student;

-- query distribution: how many got how much, in tenths of what could be judged
WITH share AS (SELECT min(9, sum(points) * 10 / sum(max_points)) AS tenth
	FROM counted WHERE lab = ?1 AND judged GROUP BY student HAVING sum(max_points) > 0)
SELECT tenth * 10 AS from_percent, tenth * 10 + CASE tenth WHEN 9 THEN 10 ELSE 9 END AS to_percent,
	count(*) AS students
FROM share GROUP BY tenth ORDER BY tenth;

-- query criteria: criteria by failure rate, of those in whose work they were judged
SELECT criterion, sum(verdict = 'fail') AS failed, sum(judged AND verdict <> 'blocked') AS judged,
	CASE WHEN sum(judged AND verdict <> 'blocked') = 0 THEN 0
	ELSE 100 * sum(verdict = 'fail') / sum(judged AND verdict <> 'blocked') END AS failed_percent,
	sum(verdict = 'blocked') AS blocked, sum(NOT judged) AS not_judged
FROM counted WHERE lab = ?1 GROUP BY criterion
ORDER BY failed_percent DESC, failed DESC, min(position);

-- query mistakes: the same mistake together, the commonest first
SELECT criterion.name AS criterion, count(*) AS students, mistake, group_concat(student, ', ') AS who
FROM submission JOIN criterion USING (key)
WHERE listed AND submission.lab = ?1 AND mistake <> ''
GROUP BY criterion.name, mistake ORDER BY count(*) DESC, min(position), mistake;

-- query identical: answers that differ in names, comments and layout at most
SELECT count(*) AS students, group_concat(student, ', ') AS who
FROM submission JOIN fingerprint USING (key)
WHERE listed AND lab = ?1 AND length(parts) > 0
GROUP BY exact HAVING count(*) > 1 ORDER BY count(*) DESC, min(student);

-- query unjudged: what could not be judged, and why
SELECT student, criterion.name AS criterion, criterion.verdict AS verdict, evidence.stage AS stage, reason
FROM submission JOIN criterion USING (key)
LEFT JOIN evidence ON evidence.key = criterion.key AND evidence.criterion = criterion.name
	AND evidence.verdict = criterion.verdict
WHERE listed AND submission.lab = ?1 AND criterion.verdict IN ('error', 'inconclusive')
GROUP BY student, criterion.name ORDER BY student, criterion.position;

-- query ungraded: who handed in and has no grading yet
SELECT student, path FROM submission LEFT JOIN grading USING (key)
WHERE listed AND submission.lab = ?1 AND grading.key IS NULL ORDER BY student;

-- query adjustments: what was changed by hand, by whom and why
SELECT student, criterion, points, reason, author, made_at FROM adjustment WHERE lab = ?1 ORDER BY id;

-- query history: whose counting grading was replaced by another one, and when
SELECT student, counted_from, points, max_points AS of, author, reason
FROM history LEFT JOIN grading USING (key)
WHERE history.lab = ?1 AND student IN
	(SELECT student FROM history WHERE lab = ?1 GROUP BY student HAVING count(*) > 1)
ORDER BY student, history.rowid;

-- query alarms: who got another score though nothing had changed
SELECT student, grading.points AS first_points, disagreement.points AS points, made_at, author
FROM disagreement JOIN grading USING (key) JOIN submission USING (key)
WHERE listed AND submission.lab = ?1 ORDER BY student, id;

-- query slowest: what took longest to grade
SELECT student, duration_ms, verdict, started FROM submission JOIN grading USING (key)
WHERE listed AND submission.lab = ?1 ORDER BY duration_ms DESC, student LIMIT 20;
