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
	$(CC) -c -o $@ $<

$(BUILD)/lib/interlock/explore.o: $(RUNTIME_OBJECTS)
	@mkdir -p $(@D)
	$(LD) -r -o $@ $^

ALL += $(BUILD)/lib/interlock/explore.o
