# The interlock program. Every folder of grader/ is one concern; grader/LAYERS lists them from
# the lowest up, and each includes only those above it in that file.

GRADER_PACKAGES := libxml-2.0 libcyaml jansson libseccomp libmd libdw sqlite3 libarchive yaml-0.1 capstone
GRADER_CPPFLAGS := -D_GNU_SOURCE -DINTERLOCK_VERSION='"$(VERSION)"' -Igrader -Igrader/play/include -Ireference/include \
	$(shell pkg-config --cflags $(GRADER_PACKAGES) check 2>/dev/null)
GRADER_LIBS := $(shell pkg-config --libs $(GRADER_PACKAGES) check 2>/dev/null) -ldl

GRADER_FOLDERS := $(shell sed 's/\#.*//' grader/LAYERS)
GRADER_SOURCES := $(foreach folder,$(GRADER_FOLDERS),$(wildcard grader/$(folder)/*.c))
GRADER_OBJECTS := $(GRADER_SOURCES:%.c=$(BUILD)/obj/%.o)

$(BUILD)/obj/grader/%.o: grader/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(GRADER_CPPFLAGS) -c -o $@ $<

# The tables of a class's database, as a text for each version in the program, and the questions
# to it.
CLASS_SCHEMA := $(BUILD)/made/class_schema.c
GRADER_OBJECTS += $(CLASS_SCHEMA:.c=.o)
$(CLASS_SCHEMA): grader/class/schema.sql
	@mkdir -p $(@D)
	{ echo 'extern const char *const class_schema[];'; echo 'const char *const class_schema[] = {""'; \
		sed 's/[\\"]/\\&/g; s/^-- version.*/,/; t; s/--.*//; s/.*/"&\\n"/' $<; echo ', 0};'; } >$@
CLASS_QUERIES := $(BUILD)/made/class_queries.c
GRADER_OBJECTS += $(CLASS_QUERIES:.c=.o)
$(CLASS_QUERIES): grader/class/queries.sql
	@mkdir -p $(@D)
	{ echo 'extern const char class_queries[];'; echo 'const char class_queries[] ='; \
		sed 's/[\\"]/\\&/g; s/.*/"&\\n"/' $<; echo ';'; } >$@

# The styles and scripts of pages, as texts in the program.
PAGE_PARTS := page.css witness.css page.js class.js
PAGE_TEXTS := $(BUILD)/made/page_parts.c
GRADER_OBJECTS += $(PAGE_TEXTS:.c=.o)
$(PAGE_TEXTS): $(PAGE_PARTS:%=reports/page/%)
	@mkdir -p $(@D)
	for part in style:page.css witness_style:witness.css script:page.js class_script:class.js; do \
		echo "extern const char page_$${part%%:*}[]; const char page_$${part%%:*}[] = {"; \
		od -An -v -tu1 reports/page/$${part#*:} | sed 's/\([0-9]\) /\1, /g; s/$$/,/'; \
		echo '0};'; \
	done >$@
MADE_TEXTS := $(CLASS_SCHEMA) $(CLASS_QUERIES) $(PAGE_TEXTS)

$(BUILD)/made/%.o: $(BUILD)/made/%.c
	$(COMPILE) -c -o $@ $<

$(BUILD)/obj/libinterlock.a: $(GRADER_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

# The checks of a lab are loaded into interlock; they call the verbs of play/, Check and libmp:
# all are linked whole, and their names are visible to what is loaded.
GRADER_LINK = $(LINK) -rdynamic -o $@ $(filter %.o,$^) \
	-Wl,--whole-archive $(filter %.a,$^) -lcheck_pic -Wl,--no-whole-archive $(GRADER_LIBS)

$(BUILD)/interlock: $(BUILD)/obj/grader/main.o $(BUILD)/obj/libinterlock.a $(BUILD)/lib/libmp.a
	$(GRADER_LINK)

# The same program for machines that have none of these libraries: only the C library is shared.
GRADER_STATIC_LIBS = -Wl,-Bstatic $(filter-out -pthread -lpthread -lm,$(shell pkg-config --static --libs $(GRADER_PACKAGES))) \
	-lsubunit -lstdc++ -Wl,-Bdynamic -static-libgcc -lm -lpthread -ldl
$(BUILD)/tarball/interlock: $(BUILD)/obj/grader/main.o $(BUILD)/obj/libinterlock.a $(BUILD)/lib/libmp.a
	@mkdir -p $(@D)
	$(LINK) -rdynamic -o $@ $(filter %.o,$^) -Wl,--whole-archive $(filter %.a,$^) \
		-Wl,-Bstatic -lcheck_pic -Wl,--no-whole-archive $(GRADER_STATIC_LIBS)

# What is linked into a submission's program, and the headers that labs include.
PLAYER_OBJECTS := $(patsubst %,$(BUILD)/obj/grader/play/player/%.o,main notes signals)
$(BUILD)/lib/interlock/player.o: $(PLAYER_OBJECTS)
	@mkdir -p $(@D)
	$(LD) -r -o $@ $(PLAYER_OBJECTS)
BRANCHES_OBJECTS := $(patsubst %,$(BUILD)/obj/grader/play/player/%.o,branches callbacks)
$(BUILD)/lib/interlock/branches.o: $(BRANCHES_OBJECTS)
	@mkdir -p $(@D)
	$(LD) -r -o $@ $(BRANCHES_OBJECTS)
$(BUILD)/lib/interlock/shared.o: grader/play/player/shared.c
	@mkdir -p $(@D)
	$(COMPILE) $(GRADER_CPPFLAGS) -c -o $@ $<

# By these the code of a program under test gets sections of its own.
GRADER_SCRIPTS := $(BUILD)/lib/interlock/program.ld $(BUILD)/lib/interlock/foreign.ld
$(GRADER_SCRIPTS): $(BUILD)/lib/interlock/%: grader/build/%
	@mkdir -p $(@D)
	cp $< $@

GRADER_HEADERS := $(patsubst grader/play/include/%,$(BUILD)/include/%,$(wildcard grader/play/include/interlock/*.h))
$(GRADER_HEADERS): $(BUILD)/include/%: grader/play/include/%
	@mkdir -p $(@D)
	cp $< $@

# The folders of the installed share/interlock, seen from the build tree.
GRADER_SHARED := labs student-template reports
GRADER_SHARES := $(GRADER_SHARED:%=$(BUILD)/share/interlock/%)
$(GRADER_SHARES): $(BUILD)/share/interlock/%:
	@mkdir -p $(@D)
	ln -sfn $(CURDIR)/$* $@

# What interlock new-lab makes labs from.
LAB_TEMPLATE := $(BUILD)/share/interlock/lab-template
$(LAB_TEMPLATE):
	@mkdir -p $(@D)
	ln -sfn $(CURDIR)/grader/selftest/template $@
GRADER_SHARES += $(LAB_TEMPLATE)

# What interlock kit and interlock course make folders from.
KIT_TEMPLATES := $(BUILD)/share/interlock/kits
$(KIT_TEMPLATES):
	@mkdir -p $(@D)
	ln -sfn $(CURDIR)/grader/kit/templates $@
GRADER_SHARES += $(KIT_TEMPLATES)

GRADER_PARTS := $(BUILD)/interlock $(BUILD)/lib/interlock/player.o $(BUILD)/lib/interlock/branches.o $(BUILD)/lib/interlock/shared.o $(GRADER_SCRIPTS) $(GRADER_HEADERS) $(GRADER_SHARES)
ALL += $(GRADER_PARTS)

# A grader/tests/test_NAME.c is one Check program, linked with the whole grader but main.
GRADER_TESTS := $(patsubst grader/tests/%.c,$(BUILD)/%,$(wildcard grader/tests/test_*.c))
$(filter-out %/test_fuzz,$(GRADER_TESTS)): $(BUILD)/%: $(BUILD)/obj/grader/tests/%.o $(BUILD)/obj/libinterlock.a $(BUILD)/lib/libmp.a | $(GRADER_PARTS)
	$(GRADER_LINK)

# What reads hostile bytes is tested with sanitizers on, whatever else is built.
SANITIZED := $(GRADER_SOURCES:%.c=$(BUILD)/sanitized/%.o) $(BUILD)/sanitized/grader/tests/test_fuzz.o
SANITIZERS := -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all
$(SANITIZED): $(BUILD)/sanitized/%.o: %.c
	@mkdir -p $(@D)
	$(CC) -std=c11 $(WARNINGS) $(CFLAGS) $(SANITIZERS) -MMD -MP $(GRADER_CPPFLAGS) -c -o $@ $<
$(BUILD)/test_fuzz: $(SANITIZED) $(MADE_TEXTS:.c=.o) $(BUILD)/lib/libmp.a | $(GRADER_PARTS)
	$(CC) $(CFLAGS) $(SANITIZERS) $(LDFLAGS) -rdynamic -o $@ $(filter %.o,$^) $(filter %.a,$^) -lcheck_pic $(GRADER_LIBS)

TESTS += $(GRADER_TESTS)
LONG_TESTS += $(patsubst grader/tests/%.c,$(BUILD)/%,\
	$(shell grep -l '^START_LONG_TEST' grader/tests/test_*.c))
GRADER_UNIT_TESTS := $(patsubst %,$(BUILD)/test_%,error file lab skeleton intake diagnostics \
	symbols source random helgrind text score result report format sarif)

# Grades every submission of two labs 50 times pinned to one CPU and 50 times with all cores
# busy: some hours.
STABILITY ?= 50
.PHONY: stability
stability: all $(BUILD)/test_stability
	INTERLOCK_LONG=1 INTERLOCK_STABILITY=$(STABILITY) $(BUILD)/test_stability

# Explores a race, a correct program and a deadlock as many times with all cores busy, and
# compares every byte.
EXPLORATIONS ?= 1000
.PHONY: explore-stability
explore-stability: all $(BUILD)/test_explore_stability
	INTERLOCK_LONG=1 INTERLOCK_STABILITY=$(EXPLORATIONS) $(BUILD)/test_explore_stability

# Which layers hold which hostile submission.
.PHONY: hostile-table
hostile-table: $(BUILD)/test_hostile $(BUILD)/test_hostile_layers
	@$< --table
	@$(BUILD)/test_hostile_layers --table

# The readers of hostile bytes under libFuzzer with clang's sanitizers, SECONDS for each.
SECONDS ?= 60
FUZZ_BUILD := $(BUILD)/fuzz
FUZZ_COMPILE = clang -std=c11 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	$(GRADER_CPPFLAGS) -Igrader/tests
$(FUZZ_BUILD)/fuzz: $(GRADER_SOURCES) $(MADE_TEXTS) $(wildcard grader/tests/fuzz/*) $(BUILD)/lib/libmp.a
	@mkdir -p $(@D)
	$(FUZZ_COMPILE) -o $@ grader/tests/fuzz/fuzz.c $(GRADER_SOURCES) $(MADE_TEXTS) $(BUILD)/lib/libmp.a $(GRADER_LIBS)

FUZZ_TARGETS := lab helgrind result intake object source diagnostics player trace text
.PHONY: fuzz
fuzz: $(FUZZ_BUILD)/fuzz
	@for target in $(FUZZ_TARGETS); do mkdir -p $(FUZZ_BUILD)/$$target grader/tests/fuzz/corpus/$$target; done
	@for lab in labs/*/; do cp $$lab/lab.yaml $(FUZZ_BUILD)/lab/$$(basename $$lab); done
	@cp reports/sample/result.json $(FUZZ_BUILD)/result/
	@for target in $(FUZZ_TARGETS); do \
		INTERLOCK_FUZZ=$$target INTERLOCK_FUZZ_SEED=$(FUZZ_BUILD)/$$target/made $< -runs=1 2>/dev/null || exit 1; \
		INTERLOCK_FUZZ=$$target $< -max_total_time=$(SECONDS) \
			-rss_limit_mb=2048 -max_len=32768 -timeout=20 -print_final_stats=1 -artifact_prefix=$(FUZZ_BUILD)/$$target- \
			$(FUZZ_BUILD)/$$target grader/tests/fuzz/corpus/$$target || exit 1; \
	done

# What the sandbox costs.
$(BUILD)/bench/bench_box: $(BUILD)/obj/grader/sandbox/bench/bench_box.o $(BUILD)/obj/libinterlock.a $(BUILD)/lib/libmp.a
	@mkdir -p $(@D)
	$(GRADER_LINK)

BENCHES += $(BUILD)/bench/bench_box

# What grading costs. It finds labs and libraries beside itself, as interlock does.
$(BUILD)/obj/grader/bench/%.o: GRADER_CPPFLAGS += -DBENCH_FOLDER='"$(CURDIR)/grader/bench"'
GRADER_BENCHES := $(BUILD)/bench_grade $(BUILD)/bench_labs $(BUILD)/bench_class
$(GRADER_BENCHES): $(BUILD)/%: $(BUILD)/obj/grader/bench/%.o $(BUILD)/obj/libinterlock.a $(BUILD)/lib/libmp.a | $(GRADER_PARTS)
	@mkdir -p $(@D)
	$(GRADER_LINK)

BENCHES += $(GRADER_BENCHES)

# A page of the program and one of each command, from what --help says.
$(BUILD)/man/interlock.1: .ci/man-pages $(BUILD)/interlock
	.ci/man-pages $(BUILD)/interlock $(VERSION) $(@D)

.PHONY: install-grader
install-grader: $(GRADER_PARTS) $(BUILD)/man/interlock.1
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/interlock \
		$(DESTDIR)$(PREFIX)/include/interlock $(DESTDIR)$(PREFIX)/share/interlock \
		$(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install $(BUILD)/interlock $(DESTDIR)$(PREFIX)/bin/interlock
	install -m 644 $(BUILD)/lib/interlock/*.[ao] $(GRADER_SCRIPTS) $(BUILD)/lib/interlock/functions \
		$(DESTDIR)$(PREFIX)/lib/interlock/
	install -m 644 $(GRADER_HEADERS) $(DESTDIR)$(PREFIX)/include/interlock/
	cp -rL $(GRADER_SHARES) $(DESTDIR)$(PREFIX)/share/interlock/
	rm -rf $(DESTDIR)$(PREFIX)/share/interlock/reports/out
	install -m 644 $(BUILD)/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 grader/command/completion.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/interlock
INSTALLS += install-grader

include grader/explore/bench/module.mk
