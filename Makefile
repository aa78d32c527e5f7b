# Interlock: labs, grader and reference library. README.md says what the targets do.
#
# Each component adds to TESTS, BENCHES, ALL and INSTALLS in its own module.mk. Everything
# that is made lies under $(BUILD), laid out as an installed tree:
#   interlock (bin/interlock once installed), include/, lib/, lib/interlock/, share/interlock/

VERSION := 0.1.0
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=

CFLAGS ?= -O2 -g
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

.PHONY: all demo check bench lint install clean deps
all: $(ALL)

clean:
	rm -rf $(BUILD)

-include $(shell test -d $(BUILD) && find $(BUILD) -name '*.d')
