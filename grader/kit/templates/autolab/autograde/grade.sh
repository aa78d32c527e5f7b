#!/bin/sh
# Grades what was handed in: the file itself, or a tar archive of the lab's files.
# Usage: grade.sh HANDIN
set -u
handin=$(realpath "$1")
cd "$(dirname "$0")" || exit 2
interlock=$(sh ./prepare.sh) || exit 2

mkdir -p submission
case "$handin" in
*.tar) tar -xf "$handin" -C submission || exit 1 ;;
*) cp "$handin" submission/ ;;
esac
read -r lab pin <labs.txt
"$interlock" grade --pin "$pin" -o reports "labs/$lab" submission
[ $? -le 1 ] || exit 2
"$interlock" report reports/submission/result.json --format autolab
