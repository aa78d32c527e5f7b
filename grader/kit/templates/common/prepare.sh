#!/bin/sh
# Unpacks the program and prints where it is, if everything here is what was pinned; 2 if not.
# Usage, in the kit's folder: interlock=$(sh prepare.sh)
sha256sum --quiet --check pins.sha256 >&2 || {
	echo "grade: the files of the grader were changed; nothing was graded" >&2
	exit 2
}
folder=$(mktemp -d) && tar -xzf "@PROGRAM@" -C "$folder" --strip-components=1 || exit 2
chmod 755 "$folder" # the sandbox's user reads what is linked with
echo "$folder/bin/interlock"
