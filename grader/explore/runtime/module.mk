# The runtime that programs under test are linked with, as one relocatable object. What the
# compiler calls on its own (memcpy and the like) is renamed first: in the program those
# names are entries into the runtime.

# The handlers are called from entries.S alone, so they have no prototypes.
RUNTIME_DIRECTORY := grader/explore/runtime
RUNTIME_MADE := $(BUILD)/obj/$(RUNTIME_DIRECTORY)
RUNTIME_SOURCES := $(wildcard $(RUNTIME_DIRECTORY)/*.c)
RUNTIME_OBJECTS := $(RUNTIME_SOURCES:%.c=$(BUILD)/obj/%.o)
RUNTIME_FLAGS := -std=c11 $(WARNINGS) -O2 -g -D_GNU_SOURCE -Ireference/include -fno-builtin -mgeneral-regs-only \
	-Wno-missing-prototypes -fno-stack-protector -fcf-protection=none -fPIE -ftls-model=local-exec -MMD -MP
RUNTIME_RENAMES := $(foreach name,memcpy memmove memset strlen strcmp strncpy,\
	--redefine-sym $(name)=plain_$(name))

$(RUNTIME_MADE)/%.o: $(RUNTIME_DIRECTORY)/%.c
	@mkdir -p $(@D)
	$(CC) $(RUNTIME_FLAGS) -c -o $@ $<
	objcopy $(RUNTIME_RENAMES) $@

$(RUNTIME_MADE)/entries.o: $(RUNTIME_DIRECTORY)/entries.S
	@mkdir -p $(@D)
	$(CC) -MMD -MP -c -o $@ $<

# What the runtime calls of the C library is the C library's, whatever the program defines, and
# never an entry of its own: such calls go through reals.o, whose slots are filled at the start.
# The rest are variables, places, what the compiler brings along, and what finds the others.
RUNTIME_NOT_REAL := _GLOBAL_OFFSET_TABLE_|__popcountdi2|__libc_stack_end|std(in|out|err)|environ|dlsym|explore_.*|call_real|__sanitizer_cov_trace_pc|__executable_start|etext|__(start|stop)_interlock_text
$(RUNTIME_MADE)/code.o: $(RUNTIME_OBJECTS)
	$(LD) -r -o $@ $^
	nm -u $@ | awk '$$2 !~ /^($(RUNTIME_NOT_REAL))$$/ { print $$2 }' > $@.calls
	awk '{ print $$1 " real_" $$1 }' $@.calls > $@.renames
	objcopy --redefine-syms=$@.renames $@

$(RUNTIME_MADE)/reals.o: $(RUNTIME_DIRECTORY)/reals.S $(RUNTIME_MADE)/code.o
	awk '{ print "REAL(" $$1 ")" }' $(RUNTIME_MADE)/code.o.calls > $(RUNTIME_MADE)/reals.def
	$(CC) -I$(RUNTIME_MADE) -c -o $@ $<

# What programs can see of it: the functions of the table, which give way to a program's own of
# the same name, and what the compiler and the library call. Beside it lies the table as text,
# by which programs are checked: "NAME WHERE" a line.
RUNTIME_TABLE := $(BUILD)/lib/interlock/functions
$(RUNTIME_TABLE): $(RUNTIME_DIRECTORY)/functions.def
	@mkdir -p $(@D)
	sed -n -e 's/^MATH(\(\w*\), \(\w*\))/\1 \2\n\1f \2\n\1l \2/p;t' \
		-e 's/^[A-Z]*(\(\w*\), \(\w*\).*/\1 \2/p' $< > $@
$(RUNTIME_MADE)/names: $(RUNTIME_DIRECTORY)/functions.def
	@mkdir -p $(@D)
	sed -nE 's/^(MODELLED|QUICK|PLAIN|VARIADIC)\((\w*),.*/\2/p' $< > $@

$(BUILD)/lib/interlock/explore.o: $(RUNTIME_MADE)/code.o $(RUNTIME_MADE)/entries.o $(RUNTIME_MADE)/reals.o $(RUNTIME_MADE)/names
	@mkdir -p $(@D)
	$(LD) -r -o $@ $(filter %.o,$^)
	objcopy --wildcard --keep-global-symbol='__tsan_*' --keep-global-symbol='mp_checker_*' \
		--keep-global-symbol=__sanitizer_cov_trace_pc \
		--keep-global-symbol='interlock_mark_*' --keep-global-symbol=explore_uncovered \
		--keep-global-symbols=$(RUNTIME_MADE)/names --weaken-symbols=$(RUNTIME_MADE)/names \
		--rename-section .text=interlock_text $@

ALL += $(BUILD)/lib/interlock/explore.o $(RUNTIME_TABLE)
