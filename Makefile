# Interlock: labs, grader and reference library. README.md says what the targets do.
#
# Each component adds to ALL, TESTS, BENCHES and INSTALLS in its own module.mk. Everything
# that is made lies under $(BUILD), laid out as an installed tree:
#   interlock (bin/interlock once installed), include/, lib/, lib/interlock/, share/interlock/

VERSION := 0.1.0
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?= $(shell nproc)

# Debian 12's valgrind cannot read the newer debugging format as clang writes it.
CFLAGS ?= -O2 -gdwarf-4
# SANITIZE=address,undefined or thread makes an instrumented build; give it a BUILD of its own.
ifdef SANITIZE
INSTRUMENT := -fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all
endif
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wwrite-strings -Wformat=2 -Wcast-qual -Wundef
ifdef CI
WARNINGS += -Werror
endif
COMPILE = $(CC) -std=c11 $(WARNINGS) $(CFLAGS) $(INSTRUMENT) -MMD -MP
LINK = $(CC) $(CFLAGS) $(INSTRUMENT) $(LDFLAGS)

.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

include reference/module.mk
include grader/module.mk
include grader/explore/runtime/module.mk

.PHONY: all packages demo check check-built check-long bench lint install uninstall \
	deb tarball clean
all: $(ALL)

# A fresh machine lacks what pkg-config must find, so what needs it is made by a second make.
packages:
	@.ci/install

# Whose sample classes are graded: some minutes for each lab.
DEMO_LABS := critical-section
demo: packages
	@echo "Building interlock"
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@.ci/demo $(BUILD) reports/out $(JOBS) $(DEMO_LABS)

check: packages
	@echo "Building interlock and its tests"
	@$(MAKE) --no-print-directory -s -j$(JOBS) all tests
	@$(MAKE) --no-print-directory check-built

.PHONY: tests
tests: $(TESTS)

check-built: tests
	@.ci/stand-ins
	@JOBS=$(JOBS) .ci/test $(TESTS)

# What takes long: every submission of every lab, every hostile one in every tier, the whole
# corpus. Each long test names the short one that stands for it in make check.
check-long: packages
	@echo "Building interlock and its tests"
	@$(MAKE) --no-print-directory -s -j$(JOBS) all tests
	@INTERLOCK_LONG=1 JOBS=$(JOBS) .ci/test $(LONG_TESTS)

# The tests of one module each, with sanitizers and under memcheck. The others make programs
# out of what is built, which the compiler must be able to link without these and helgrind
# to run. The library's own tests run under memcheck in every make check.
UNIT_TESTS := $(if $(SANITIZE),$(REFERENCE_TESTS)) $(GRADER_UNIT_TESTS)
check-sanitized: packages
	@$(MAKE) --no-print-directory -s -j$(JOBS) BUILD=$(BUILD)-asan \
		SANITIZE=address,undefined check-units
check-memcheck: packages
	@$(MAKE) --no-print-directory -s -j$(JOBS) check-units \
		UNDER='valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite'

.PHONY: check-sanitized check-memcheck check-units
check-units: $(UNIT_TESTS)
	@UNDER='$(UNDER)' JOBS=$(JOBS) .ci/test $(UNIT_TESTS)

bench: all $(BENCHES)
	@for bench in $(BENCHES); do $$bench || exit 1; done

install: all $(INSTALLS)

# What install puts there is found by installing into a folder of its own. Of folders, those go
# that are ours and empty.
uninstall:
	@staging=$$(mktemp -d) && trap 'rm -rf "$$staging"' EXIT && \
	$(MAKE) --no-print-directory -s install DESTDIR="$$staging" && cd "$$staging" && \
	find . ! -type d -print0 | (cd "$(DESTDIR)/" && xargs -0 rm -f) && \
	find . -depth -type d \( -path '*/interlock*' -o -path '*/mp' \) -print0 | \
		(cd "$(DESTDIR)/" && xargs -0 rmdir --ignore-fail-on-non-empty 2>/dev/null || true)

# Debian packages, in $(BUILD)/deb: the program for students, the labs for instructors, the library.
deb: all
	@.ci/deb $(BUILD) $(VERSION)

# What the package interlock has, for a home folder without root.
tarball: all $(BUILD)/tarball/interlock
	@.ci/tarball $(BUILD) $(VERSION)

clean:
	rm -rf $(BUILD)

# The definitions stand for those that some files are compiled with.
lint: packages
	@JOBS=$(JOBS) .ci/lint $(GRADER_CPPFLAGS) -Ireference/src -Ilabs/critical-section/include \
		-DBUILD_DIRECTORY='""' -DSOURCE_DIRECTORY='""' -DBENCH_FOLDER='""' -DBENCH_PYTHON='""' \
		-DBENCH_PROGRAM='""' -DBENCH_FORKS='""' -DBENCH_PEERS='""' -DBENCH_MCE='""' -DSTEPS=1

-include $(shell test -d $(BUILD) && find $(BUILD) -name '*.d' -type f)

# The handouts in the student template are made from the labs.
TEMPLATE_LABS := critical-section pool-map
.PHONY: student-template
student-template: $(BUILD)/interlock
	for lab in $(TEMPLATE_LABS); do \
		rm -rf student-template/$$lab && \
		$(BUILD)/interlock handout labs/$$lab -o student-template/$$lab || exit 1; \
	done
