# The comparison bench and what the corpus's test shares with it.

CORPUS_SOURCES := corpus.c probe.c trial.c random_program.c litmus.c
CORPUS_OBJECTS := $(CORPUS_SOURCES:%.c=$(BUILD)/obj/grader/explore/bench/%.o)
COMPARE_OBJECTS := $(CORPUS_OBJECTS) $(patsubst %,$(BUILD)/obj/grader/explore/bench/%.o,tools schedules speed compare)

$(CORPUS_OBJECTS): GRADER_CPPFLAGS += \
	-DCORPUS_FOLDER='"$(CURDIR)/grader/explore/corpus"'

$(BUILD)/explore-compare: $(COMPARE_OBJECTS) $(BUILD)/obj/libinterlock.a
	$(LINK) -o $@ $^ $(GRADER_LIBS)
BENCHES += $(BUILD)/explore-compare

$(BUILD)/test_explore_corpus $(BUILD)/test_explore_random $(BUILD)/test_explore_jobs \
	$(BUILD)/test_explore_memory $(BUILD)/test_explore_census: $(CORPUS_OBJECTS)

# What an execution and a step cost.
$(BUILD)/obj/grader/explore/bench/bench_steps.o: GRADER_CPPFLAGS += \
	-DBENCH_PROGRAM='"$(CURDIR)/grader/explore/bench/steps_program.c"'
$(BUILD)/bench_steps: $(BUILD)/obj/grader/explore/bench/bench_steps.o $(BUILD)/obj/libinterlock.a
	$(LINK) -o $@ $^ $(GRADER_LIBS)
BENCHES += $(BUILD)/bench_steps

$(BUILD)/obj/grader/tests/test_explore_memory.o: GRADER_CPPFLAGS += \
	-DCORPUS_FOLDER='"$(CURDIR)/grader/explore/corpus"'
