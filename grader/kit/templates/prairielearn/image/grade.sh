#!/bin/sh
# Run by PrairieLearn for each submission, with the student's files in /grade/student. Without
# results.json it says that grading failed, and takes no points.
set -u
grade=${GRADE:-/grade}
cd "$(dirname "$0")" || exit 2
interlock=$(sh ./prepare.sh) || exit 2

reports=$(mktemp -d)
read -r lab pin <labs.txt
"$interlock" grade --pin "$pin" -o "$reports" "labs/$lab" "$grade/student"
[ $? -le 1 ] || exit 2
mkdir -p "$grade/results"
"$interlock" report "$reports/student/result.json" --format prairielearn \
	-o "$grade/results/results.json"
