#!/bin/sh
# What a course writes without interlock: compile, run many times, compare, run helgrind
# once. Usage: plain.sh BUILD SUBMISSION RUNS FOLDER
set -eu
build=$1
submission=$2
runs=$3
here=$(cd "$(dirname "$0")" && pwd)
cd "$4"

include="-I$build/share/interlock/labs/critical-section/include -I$build/include"
# shellcheck disable=SC2086 # options
gcc -std=gnu11 -Wall -Wextra -O2 -g $include -o plain \
	"$submission/account.c" "$here/plain.c" "$build/lib/libmp.a"
# shellcheck disable=SC2086 # options
gcc -std=gnu11 -Wall -Wextra -O0 -g $include -o plain-threads \
	"$submission/account.c" "$here/plain.c" \
	"$build/lib/interlock/libmp-threads.a" -pthread
run=0
while [ "$run" -lt "$runs" ]; do
	[ "$(./plain)" = right ]
	run=$((run + 1))
done
valgrind -q --tool=helgrind --error-exitcode=1 ./plain-threads small >/dev/null
