#!/bin/sh
# Grades a student's repository with the labs that lie beside this file; nothing of the student's
# but the files that a lab asks for is read. Usage: grade.sh REPOSITORY REPORTS
# Exit codes: 0 all passed, 1 something did not, 2 the grader could not do its work.
set -u
student=$(cd "$1" && pwd) || exit 2
mkdir -p "$2"
reports=$(cd "$2" && pwd) || exit 2
cd "$(dirname "$0")" || exit 2
interlock=$(sh ./prepare.sh) || exit 2

"$interlock" --version
worst=0
while read -r lab pin; do
	if [ -d "$student/$lab" ]; then
		"$interlock" grade --pin "$pin" -o "$reports" "labs/$lab" "$student/$lab"
		code=$?
	else
		echo "There is no folder $lab: it was not graded."
		code=1
	fi
	[ "$code" -le "$worst" ] || worst=$code
done <labs.txt
exit "$worst"
