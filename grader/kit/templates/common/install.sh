#!/bin/sh
# What grading needs of Debian or Ubuntu, which the machines of a CI service mostly lack.
set -eu
as_root=
[ "$(id -u)" -eq 0 ] || as_root=sudo
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
	gcc libc6-dev binutils valgrind make git ca-certificates
# Ubuntu refuses ordinary users the namespaces of the sandbox; where that stays so, a weaker tier
# is used, and the report says so.
$as_root sysctl -q -w kernel.apparmor_restrict_unprivileged_userns=0 2>/dev/null || true
