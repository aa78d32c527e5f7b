# make check: build and check your work in this folder.
# Set INTERLOCK if the program is not on your PATH: make check INTERLOCK=~/interlock/build/interlock
INTERLOCK ?= interlock

.PHONY: check
check:
	@command -v $(INTERLOCK) >/dev/null || { \
		echo "make: interlock is not installed; see the README of the course" >&2; exit 2; }
	@$(INTERLOCK) check
