#!/bin/sh
# Writes result.json into the student's folder. Usage: grade.sh SUBMISSION
set -u
student=$(cd "$1" && pwd) || exit 2
reports=$(mktemp -d) || exit 2
cd "$(dirname "$0")" || exit 2
interlock=$(sh ./prepare.sh) || exit 2

read -r lab pin <labs.txt
"$interlock" grade --pin "$pin" -o "$reports" "labs/$lab" "$student"
[ $? -le 1 ] || exit 2
"$interlock" report "$reports"/*/result.json --format classroom50 -o "$student/result.json"
