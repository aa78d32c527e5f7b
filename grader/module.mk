# The interlock program. Every folder of grader/ is one concern; grader/LAYERS lists them from
# the lowest up, and each includes only those above it in that file.

GRADER_PACKAGES := libxml-2.0 libcyaml jansson libarchive libseccomp libmd sqlite3
GRADER_CPPFLAGS := -D_GNU_SOURCE -DINTERLOCK_VERSION='"$(VERSION)"' -Igrader -Igrader/play/include -Ireference/include \
	$(shell pkg-config --cflags $(GRADER_PACKAGES) check 2>/dev/null)
GRADER_LIBS := $(shell pkg-config --libs $(GRADER_PACKAGES) check 2>/dev/null) -ldl

GRADER_FOLDERS := $(shell sed 's/\#.*//' grader/LAYERS)
GRADER_SOURCES := $(foreach folder,$(GRADER_FOLDERS),$(wildcard grader/$(folder)/*.c))
GRADER_OBJECTS := $(GRADER_SOURCES:%.c=$(BUILD)/obj/%.o)

$(BUILD)/obj/grader/%.o: grader/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(GRADER_CPPFLAGS) -c -o $@ $<

$(BUILD)/obj/libinterlock.a: $(GRADER_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

# A grader/tests/NAME.c is one Check program, linked with the whole grader but main.
GRADER_TESTS := $(patsubst grader/tests/%.c,$(BUILD)/tests/grader/%,$(wildcard grader/tests/test_*.c))
$(BUILD)/tests/grader/%: $(BUILD)/obj/grader/tests/%.o $(BUILD)/obj/libinterlock.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(GRADER_LIBS)

TESTS += $(GRADER_TESTS)
