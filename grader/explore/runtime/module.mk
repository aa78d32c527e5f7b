# The runtime that programs under test are linked with, as one relocatable object. What the
# compiler calls on its own (memcpy and the like) is renamed first: in the program those
# names are entries into the runtime.

# The handlers are called from entries.S alone, so they have no prototypes.
RUNTIME_DIRECTORY := grader/explore/runtime
RUNTIME_SOURCES := $(wildcard $(RUNTIME_DIRECTORY)/*.c)
RUNTIME_OBJECTS := $(RUNTIME_SOURCES:%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/$(RUNTIME_DIRECTORY)/entries.o
RUNTIME_FLAGS := -std=c11 $(WARNINGS) -O2 -g -D_GNU_SOURCE -Ireference/include -fno-builtin -mgeneral-regs-only \
	-Wno-missing-prototypes -fno-stack-protector -fcf-protection=none -fPIE -ftls-model=local-exec -MMD -MP
RUNTIME_RENAMES := $(foreach name,memcpy memmove memset strlen strcmp strncpy,\
	--redefine-sym $(name)=plain_$(name))

$(BUILD)/obj/$(RUNTIME_DIRECTORY)/%.o: $(RUNTIME_DIRECTORY)/%.c
	@mkdir -p $(@D)
	$(CC) $(RUNTIME_FLAGS) -c -o $@ $<
	objcopy $(RUNTIME_RENAMES) $@

$(BUILD)/obj/$(RUNTIME_DIRECTORY)/entries.o: $(RUNTIME_DIRECTORY)/entries.S
	@mkdir -p $(@D)
	$(CC) -MMD -MP -c -o $@ $<

# What programs can see of it: the functions of the table, which give way to a program's own of
# the same name, and what the compiler and the library call.
RUNTIME_NAMES := $(BUILD)/obj/$(RUNTIME_DIRECTORY)/names
$(RUNTIME_NAMES): $(RUNTIME_DIRECTORY)/functions.def
	@mkdir -p $(@D)
	sed -n 's/^[A-Z]*(\([A-Za-z0-9_]*\),.*/\1/p' $< > $@

$(BUILD)/lib/interlock/explore.o: $(RUNTIME_OBJECTS) $(RUNTIME_NAMES)
	@mkdir -p $(@D)
	$(LD) -r -o $@ $(RUNTIME_OBJECTS)
	objcopy --wildcard --keep-global-symbol='__tsan_*' --keep-global-symbol='mp_checker_*' \
		--keep-global-symbol='interlock_mark_*' \
		--keep-global-symbols=$(RUNTIME_NAMES) --weaken-symbols=$(RUNTIME_NAMES) $@

ALL += $(BUILD)/lib/interlock/explore.o
