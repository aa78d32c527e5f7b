# make check      build and check your work in this folder
# make explore    what the explorer says alone: it tries the interleavings, one step at a time
# make helgrind   what helgrind says alone: data races
# make report     check, keep the reports in reports/, and open the first page
# make problems   check, and end with a line for each problem, as a compiler writes it
#
# The program is the one that came with the course (../.interlock), or else the one on your
# PATH. Name another: make check INTERLOCK=~/interlock-0.1.0-x86_64/bin/interlock
PACKED := $(lastword $(sort $(wildcard ../.interlock/interlock-*-$(shell uname -m).tar.gz)))
INTERLOCK ?= $(if $(PACKED),../.interlock/program/bin/interlock,interlock)
REPORTS := reports/$(notdir $(CURDIR))
OPEN ?= $(firstword $(if $(DISPLAY)$(WAYLAND_DISPLAY),$(shell command -v xdg-open)) \
	$(shell command -v wslview))

.PHONY: check explore helgrind report problems ready
check explore helgrind report problems: ready

check:
	@$(INTERLOCK) check

explore helgrind:
	@if grep -q $@ lab.yaml; then $(INTERLOCK) check --stage $@; \
	else echo "$@ decides nothing in this lab."; fi

report:
	@$(INTERLOCK) check -o reports || test $$? -eq 1
	@$(if $(OPEN),$(OPEN) $(REPORTS)/page.html,echo "Open $(CURDIR)/$(REPORTS)/page.html")

problems:
	@$(INTERLOCK) check -o reports; code=$$?; test $$code -eq 2 || \
		$(INTERLOCK) report $(REPORTS)/result.json --format compiler; exit $$code

# What came with the course is unpacked once, and anew where there is a newer one.
../.interlock/program/bin/interlock: $(PACKED)
	@rm -rf ../.interlock/program && mkdir -p ../.interlock/program && \
	tar -xzf $(PACKED) -C ../.interlock/program --strip-components=1 && touch $@

ready: $(if $(PACKED),$(filter ../%,$(INTERLOCK)))
	@command -v $(INTERLOCK) >/dev/null || { \
	echo "make: the program interlock is not here. Get its packages from your course, and"; \
	echo "    sudo apt-get install ./interlock_*.deb ./libmp-dev_*.deb"; \
	echo "or unpack interlock-*.tar.gz anywhere and name the program in it:"; \
	echo "    make check INTERLOCK=~/interlock-0.1.0-x86_64/bin/interlock"; \
	exit 2; } >&2
