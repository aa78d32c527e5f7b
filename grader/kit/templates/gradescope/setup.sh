#!/bin/sh
# Run once by Gradescope, when it builds the image of the autograder.
set -eu
apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
	gcc libc6-dev binutils valgrind make
