# The library mp in its three builds. See reference/README.md.
#   libmp.a           each process is a process
#   libmp-threads.a   each process is a thread, with annotations: for helgrind and TSan
#   libmp-explore.a   processes; every operation announced to the explorer's runtime

# Without a procedure linkage table a function of the C library is found when the program starts:
# otherwise each child would look up anew, at some ten page faults each, what its parent never called.
REFERENCE_COMPILE = $(COMPILE) -D_GNU_SOURCE -Ireference/include -fvisibility=hidden -fno-plt
REFERENCE_FORK := $(filter-out %_thread.c %_threads.c,$(wildcard reference/src/*.c))
REFERENCE_THREADS := $(filter-out %_fork.c,$(wildcard reference/src/*.c))

$(BUILD)/obj/reference/fork/%.o: reference/src/%.c
	@mkdir -p $(@D)
	$(REFERENCE_COMPILE) -c -o $@ $<

$(BUILD)/obj/reference/threads/%.o: reference/src/%.c
	@mkdir -p $(@D)
	$(REFERENCE_COMPILE) -pthread -DMP_THREADS -c -o $@ $<

# The explorer's own instrumentation must not be in it: its steps are announced by hand. It
# finds the caller's line by frame pointers.
$(BUILD)/obj/reference/explore/%.o: reference/src/%.c
	@mkdir -p $(@D)
	$(COMPILE) -fno-sanitize=all -fno-omit-frame-pointer -D_GNU_SOURCE -Ireference/include -DMP_EXPLORE -c -o $@ $<

define reference_archive
@mkdir -p $(@D)
@rm -f $@
$(AR) rcs $@ $^
endef

$(BUILD)/lib/libmp.a: $(REFERENCE_FORK:reference/src/%.c=$(BUILD)/obj/reference/fork/%.o)
	$(reference_archive)
$(BUILD)/lib/interlock/libmp-threads.a: $(REFERENCE_THREADS:reference/src/%.c=$(BUILD)/obj/reference/threads/%.o)
	$(reference_archive)
$(BUILD)/lib/interlock/libmp-explore.a: $(REFERENCE_FORK:reference/src/%.c=$(BUILD)/obj/reference/explore/%.o)
	$(reference_archive)

REFERENCE_LIBRARIES := $(BUILD)/lib/libmp.a $(BUILD)/lib/interlock/libmp-threads.a \
	$(BUILD)/lib/interlock/libmp-explore.a
REFERENCE_HEADERS := $(patsubst reference/include/%,$(BUILD)/include/%,$(wildcard reference/include/mp/*.h))

$(BUILD)/include/mp/%.h: reference/include/mp/%.h
	@mkdir -p $(@D)
	cp $< $@

ALL += $(REFERENCE_LIBRARIES) $(REFERENCE_HEADERS)

# Examples are linked twice, like everything: build/examples/race, build/examples/race-threads.
REFERENCE_EXAMPLES := $(patsubst reference/examples/%.c,%,$(wildcard reference/examples/*.c))
REFERENCE_EXAMPLE_PROGRAMS := $(foreach name,$(REFERENCE_EXAMPLES),\
	$(BUILD)/examples/$(name) $(BUILD)/examples/$(name)-threads)
ALL += $(REFERENCE_EXAMPLE_PROGRAMS)

$(BUILD)/obj/reference/examples/%.o: reference/examples/%.c
	@mkdir -p $(@D)
	$(COMPILE) -D_GNU_SOURCE -Ireference/include -c -o $@ $<
$(BUILD)/examples/%-threads: $(BUILD)/obj/reference/examples/%.o $(BUILD)/lib/interlock/libmp-threads.a
	@mkdir -p $(@D)
	$(LINK) -pthread -o $@ $^
$(BUILD)/examples/%: $(BUILD)/obj/reference/examples/%.o $(BUILD)/lib/libmp.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^

# Each test_NAME.c is one Check program for each backend; each fork_test_NAME.c is one for
# processes alone. The thread backend is also built for ThreadSanitizer, and tested so.
REFERENCE_TEST_LIBS := $(shell pkg-config --libs check 2>/dev/null)
REFERENCE_TEST_NAMES := $(patsubst reference/tests/%.c,%,$(wildcard reference/tests/test_*.c))
REFERENCE_FORK_TEST_NAMES := $(patsubst reference/tests/%.c,%,$(wildcard reference/tests/fork_test_*.c))
REFERENCE_TESTS := $(foreach name,$(REFERENCE_TEST_NAMES),\
	$(BUILD)/tests/reference/$(name) $(BUILD)/tests/reference/$(name)-threads)
REFERENCE_TEST_FLAGS = -D_GNU_SOURCE -Ireference/include -Ireference/src \
	-DBUILD_DIRECTORY='"$(abspath $(BUILD))"' -DSOURCE_DIRECTORY='"$(abspath reference)"'
REFERENCE_TSAN_COMPILE = $(CC) -std=c11 $(WARNINGS) $(CFLAGS) -MMD -MP -pthread -DMP_THREADS \
	-fsanitize=thread -fno-omit-frame-pointer

$(BUILD)/obj/reference/tests/%-threads.o: reference/tests/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(REFERENCE_TEST_FLAGS) -pthread -DMP_THREADS -c -o $@ $<
$(BUILD)/obj/reference/tests/%.o: reference/tests/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(REFERENCE_TEST_FLAGS) -c -o $@ $<
$(BUILD)/tests/reference/%-threads: $(BUILD)/obj/reference/tests/%-threads.o $(BUILD)/lib/interlock/libmp-threads.a
	@mkdir -p $(@D)
	$(LINK) -pthread -o $@ $^ $(REFERENCE_TEST_LIBS)
$(BUILD)/tests/reference/%: $(BUILD)/obj/reference/tests/%.o $(BUILD)/lib/libmp.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(REFERENCE_TEST_LIBS)

$(BUILD)/obj/reference/tsan/%.o: reference/%.c
	@mkdir -p $(@D)
	$(REFERENCE_TSAN_COMPILE) $(REFERENCE_TEST_FLAGS) -c -o $@ $<
$(BUILD)/tests/reference/%-tsan: $(BUILD)/obj/reference/tsan/tests/%.o \
		$(REFERENCE_THREADS:reference/%.c=$(BUILD)/obj/reference/tsan/%.o)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fsanitize=thread $(LDFLAGS) -pthread -o $@ $^ $(REFERENCE_TEST_LIBS)

$(REFERENCE_TESTS): | $(REFERENCE_EXAMPLE_PROGRAMS)
REFERENCE_FORK_TESTS := $(REFERENCE_FORK_TEST_NAMES:%=$(BUILD)/tests/reference/%)
$(REFERENCE_FORK_TESTS): | $(REFERENCE_TESTS)

# These run what is built, besides what they are linked with.
$(BUILD)/tests/reference/fork_test_explore: | $(REFERENCE_LIBRARIES) $(BUILD)/interlock
$(BUILD)/tests/reference/fork_test_install: | $(BUILD)/lib/libmp.so.$(VERSION)

# One instrumented build does not mix with another tool.
ifndef SANITIZE
REFERENCE_TESTS += $(patsubst %,$(BUILD)/tests/reference/%-tsan,$(filter-out test_examples,$(REFERENCE_TEST_NAMES)))
REFERENCE_TESTS += $(REFERENCE_FORK_TESTS)
else
REFERENCE_TESTS += $(filter-out %_tools %_explore %_install,$(REFERENCE_FORK_TESTS))
endif

TESTS += $(REFERENCE_TESTS)
LONG_TESTS += $(patsubst reference/tests/%.c,$(BUILD)/tests/reference/%,\
	$(shell grep -l '^START_LONG_TEST' reference/tests/*test_*.c))

.PHONY: kill-test
kill-test: $(BUILD)/tests/reference/fork_test_kill
	MP_KILLS=10000 $<

# The table of reference/README.md, measured here and now.
REFERENCE_BENCH_OBJECTS := $(patsubst reference/%.c,$(BUILD)/obj/reference/%.o,$(wildcard reference/bench/*.c))
$(BUILD)/obj/reference/bench/%.o: reference/bench/%.c
	@mkdir -p $(@D)
	$(COMPILE) -D_GNU_SOURCE -Ireference/include -DBENCH_PYTHON='"$(abspath reference/bench/python.py)"' \
		-DBENCH_FORKS='"$(abspath $(BUILD)/bench/forks)"' -DBENCH_PEERS='"$(abspath $(BUILD)/bench/peers)"' \
		-DBENCH_MCE='"perl $(abspath reference/bench/peers/mce.pl)"' -c -o $@ $<
# Peers in other languages. One that cannot be built here is skipped, and its rows say so.
$(BUILD)/bench/peers/boost: reference/bench/peers/boost.cpp
	@mkdir -p $(@D)
	@$(CXX) -std=c++17 -O2 -o $@ $< -lrt 2>$@.log || echo "bench: no Boost.Interprocess here: see $@.log"
$(BUILD)/bench/peers/openmp: reference/bench/peers/openmp.cpp
	@mkdir -p $(@D)
	@$(CXX) -std=c++17 -O2 -fopenmp -o $@ $< 2>$@.log || echo "bench: no OpenMP here: see $@.log"
$(BUILD)/bench/forks: reference/bench/plain/forks.c
	@mkdir -p $(@D)
	$(COMPILE) -D_GNU_SOURCE $(LDFLAGS) -o $@ $<
$(BUILD)/bench/reference: $(REFERENCE_BENCH_OBJECTS) $(BUILD)/lib/libmp.a | $(BUILD)/bench/forks \
		$(BUILD)/bench/peers/boost $(BUILD)/bench/peers/openmp
	@mkdir -p $(@D)
	$(LINK) -pthread -o $@ $^ -lrt
BENCHES += $(BUILD)/bench/reference

# The shared library, and what is installed of the library for other programs.
MP_SOVERSION := 0
$(BUILD)/obj/reference/shared/%.o: reference/src/%.c
	@mkdir -p $(@D)
	$(REFERENCE_COMPILE) -fPIC -ftls-model=initial-exec -c -o $@ $<
$(BUILD)/lib/libmp.so.$(VERSION): $(REFERENCE_FORK:reference/src/%.c=$(BUILD)/obj/reference/shared/%.o)
	@mkdir -p $(@D)
	$(LINK) -shared -Wl,-soname,libmp.so.$(MP_SOVERSION) -Wl,-z,defs -o $@ $^

# One page a header, and for each of its functions a line that leads there.
$(BUILD)/man/mp_%.3: reference/include/mp/%.h reference/man/man.awk
	@mkdir -p $(@D)
	awk -v version=$(VERSION) -f reference/man/man.awk $< $< > $@
REFERENCE_PAGES := $(filter-out %/mp_mp.3 %/mp_language.3,$(patsubst reference/include/mp/%.h,$(BUILD)/man/mp_%.3,\
	$(wildcard reference/include/mp/*.h)))

$(BUILD)/lib/%.pc: reference/%.pc.in FORCE
	@mkdir -p $(@D)
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' $< > $@

# The prefix may be another one each time.
.PHONY: FORCE
FORCE:

# The overview names every page.
$(BUILD)/man/mp.3: reference/man/mp.3
	@mkdir -p $(@D)
	sed -e 's|@VERSION@|$(VERSION)|' $< > $@

.PHONY: install-reference
install-reference: $(BUILD)/lib/libmp.a $(BUILD)/lib/libmp.so.$(VERSION) \
		$(BUILD)/lib/interlock/libmp-threads.a $(BUILD)/lib/mp.pc $(BUILD)/lib/mp-threads.pc \
		$(BUILD)/man/mp.3 $(REFERENCE_PAGES)
	install -d $(DESTDIR)$(PREFIX)/include/mp $(DESTDIR)$(PREFIX)/lib/pkgconfig \
		$(DESTDIR)$(PREFIX)/share/man/man3
	install -m 644 reference/include/mp/*.h $(DESTDIR)$(PREFIX)/include/mp/
	install -m 644 $(BUILD)/lib/libmp.a $(BUILD)/lib/interlock/libmp-threads.a $(DESTDIR)$(PREFIX)/lib/
	install $(BUILD)/lib/libmp.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/
	ln -sf libmp.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libmp.so.$(MP_SOVERSION)
	ln -sf libmp.so.$(MP_SOVERSION) $(DESTDIR)$(PREFIX)/lib/libmp.so
	install -m 644 $(BUILD)/lib/mp.pc $(BUILD)/lib/mp-threads.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/
	install -m 644 $(BUILD)/man/mp.3 $(REFERENCE_PAGES) $(DESTDIR)$(PREFIX)/share/man/man3/
	for page in $(REFERENCE_PAGES); do \
		for name in $$(sed -n '/^\.SH NAME/{n;s/ .-.*//;s/,//g;p}' $$page); do \
			test -e $(BUILD)/man/$$name.3 || echo ".so man3/$$(basename $$page)" \
				> $(DESTDIR)$(PREFIX)/share/man/man3/$$name.3; \
		done; \
	done
INSTALLS += install-reference
