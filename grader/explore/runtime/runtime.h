/* SPDX-License-Identifier: MIT */
/*
 * The runtime that is linked into the program under test in place of libtsan. Each task of
 * the program (a process or a thread) announces every visible operation here and runs on
 * only when it is chosen; entries.S puts each intercepted function in front of its handler:
 *
 *	int runtime_pthread_mutex_lock(pthread_mutex_t *mutex)
 *	{
 *		struct operation operation = operation_on(STEP_LOCK, mutex);
 *		point(&operation);
 *		...
 *
 * One task runs at a time, so the runtime's own data needs no locks; what the tasks share of
 * it lies in the control memory, whose baton passes are the only synchronisation.
 */
#ifndef INTERLOCK_EXPLORE_RUNTIME_H
#define INTERLOCK_EXPLORE_RUNTIME_H

#include "../control.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define control ((struct control_memory *)CONTROL_ADDRESS)

/* What entries.S leaves on the stack of the caller, whose live stack starts here. */
struct frame {
	uint64_t r15, r14, r13, r12, rbx, rbp;
	uint64_t pc;
};

/* What a task did since its last step (loops.c). */
struct loop {
	uint64_t spent;	  /* blocks and accesses, but those of the present allowance */
	uint64_t look_at; /* so many spent: it is looked at */
	int32_t granted;  /* the present allowance, when it began */
	uint64_t window;  /* blocks that are still compared in this look; 0: none */
	uint64_t power, count;
	uint64_t pc, state; /* what has to come round again */
	const struct frame *frame;
};

enum { LOOK_FIRST = 1 << 16 };

/* The calling thread. entries.S knows the first three: it sets frame at each entry, clears
 * the stack behind itself where left_behind is set, and counts the allowance down. */
struct self {
	struct frame *frame;
	uint32_t left_behind; /* what differs from run to run lies on the stack */
	int32_t allowance;    /* blocks until loops.c looks at the task */
	struct task *task;    /* NULL: not under the scheduler */
	uint32_t index;
	uint32_t inside;	/* the runtime itself is calling into libc */
	uint32_t library_depth; /* inside an operation of the reference library */
	struct loop loop;
	uint32_t handlers;	    /* of signals, that run inside each other */
	bool stood_before;	    /* a wait, where a signal may come */
	struct frame *library_call; /* a call of the C library's own that is under way */
	uint64_t until;	    /* when the library's next operation gives up; 0: never */
	void *updated;	    /* by an atomic instruction that is under way; NULL: unseen */
	uint64_t before[2]; /* what was there */
};
extern __thread struct self explore_self;

/* loops.c: the task takes a step, so it is in no loop without one. */
static inline void loop_left(void)
{
	explore_self.loop.spent = 0;
	explore_self.loop.window = 0;
	explore_self.loop.look_at = LOOK_FIRST;
	explore_self.loop.granted = LOOK_FIRST;
	explore_self.allowance = LOOK_FIRST;
}

/* What belongs to this process alone; copied by fork, as the process is. */
struct mapping {
	uintptr_t start, end;
	uint64_t base; /* canonical address of start */
};
struct action { /* what a signal does: as struct sigaction */
	uint64_t handler, mask;
	int flags;
};
enum { UNMAPPED_KEPT = 8, PRIVATE_PARTS_MAX = 256 };

/* Private memory that it asked the kernel for. */
struct private_part {
	uintptr_t start, end;
	bool readable, of_file;
};
struct private_memory {
	uintptr_t break_end; /* 0: never asked for */
	bool unreadable;     /* some memory is, or was */
	uint32_t used;
	struct private_part parts[PRIVATE_PARTS_MAX];
};
struct own_process {
	uint32_t process;
	uint32_t threads;
	uintptr_t shared_start, shared_end; /* hull of the mappings */
	uint32_t mappings_used;
	struct mapping mappings[REGIONS_MAX];
	struct private_memory memory;
	uint64_t private_base;
	bool had_threads;
	bool had_handlers;
	uint32_t unmapped_next;
	struct mapping unmapped[UNMAPPED_KEPT];
	struct action actions[65]; /* signals.c */
};
extern struct own_process process_private;

/* start.c */
void die(const char *what) __attribute__((noreturn));
void execution_end(enum ending ending) __attribute__((noreturn));
void clear_stack(void); /* below the caller, as at the end of each entry */
void execution_full(const char *limit) __attribute__((noreturn));
/* The program has come to what is not followed: a function's name, say. */
void execution_uncovered(const char *what) __attribute__((noreturn));

/* addresses.c: starts the program again, in this process and at fixed addresses */
void addresses_pin(int argc, char **argv, char **environment) __attribute__((noreturn));
/* Beyond what the kernel chooses from: all of it was taken, that it may not choose there. */
bool address_is_taken(uintptr_t address);

/* task.c */
uint32_t task_new(uint32_t process, uint32_t parent);
uint32_t process_new(uint32_t parent);
void task_adopt(uint32_t index); /* the calling thread is this task from now on */
void task_set_state(struct task *task, enum task_state state);
void task_wait_turn(void);
void wake_all(uint64_t key);
void task_finish(void) __attribute__((noreturn));
void process_finish(int status) __attribute__((noreturn));
void process_killed(uint32_t process, int status);

/* schedule.c: the running task decides who goes on */
void point(const struct operation *operation);
void arrive(const struct operation *operation, bool able);
void arrive_until(const struct operation *operation, bool able, uint64_t deadline);
void note(const struct operation *operation);
void pipes_leave(void);
void pipes_changed(void);
bool block(enum step_kind kind, uint64_t key, uint64_t deadline);
enum leaving { LEAVE_THREAD, LEAVE_PROCESS, LEAVE_ASLEEP };
void leave(enum leaving leaving) __attribute__((noreturn));
uint32_t waiters(uint64_t key);
uint32_t pick_waiter(uint64_t key);
uint32_t pick_value(uint32_t count); /* of so many an atomic may have; 0: the newest */
uint32_t pick_among(
	enum step_kind kind, uint64_t key, const uint64_t *set, uint32_t otherwise);
void make_ready(uint32_t index);
void set_able(uint64_t key, uint64_t kinds, bool able);
void set_able_by(uint64_t key, enum step_kind kind, bool (*able)(const struct task *));
void set_able_here(uint64_t key, uint64_t kinds); /* tasks of this process alone */
uint64_t random_next(void);
bool time_advance(uint64_t time); /* true: somebody's deadline has passed */
#define WHEN_STUCK 1ull		  /* a deadline that comes once nobody else can run */
/* timers.c */
bool timers_fire(void);		  /* those whose time has come; true: some */
uint64_t timers_next(void);	  /* when the next one fires; UINT64_MAX: none does */
uint64_t timer_of(uint32_t task); /* the next one whose signal this waiting task takes */
void timers_drop(uint32_t process);
bool timers_pass(void);
uint64_t timer_key(uint32_t index);

uint32_t expiries_used(const struct task *task);
void changed(void); /* the running task changed something that others may see */
void touched(void); /* as changed(), for what is often undone, as a lock is */
void yield_turn(void);
struct step *own_step(void);
void value_settle(void);

struct operation operation_at(
	enum step_kind kind, uint64_t key, const volatile void *pointer);
struct operation operation_on(enum step_kind kind, const volatile void *object);
void callers_of(const struct frame *frame, uint64_t callers[CALLERS_MAX]);

/* loops.c */
void loop_comes_round(void); /* the task goes on for ever, unless something changes */

/* stepping.c: for the handlers of the clock and of the trap after each instruction */
struct ucontext_t;
void stepping_ticked(struct ucontext_t *machine);
void stepping_trapped(struct ucontext_t *machine);
void stepping_end(struct ucontext_t *machine);

/* strategy.c */
uint32_t strategy_choose(uint32_t current, const uint64_t *candidates);
void strategy_arrived(struct task *task);
void strategy_created(struct task *task);
void strategy_stepped(uint32_t task);

/* clocks.c: happens-before */
void clock_tick(struct task *task);
void clock_join(uint32_t *clock, const uint32_t *other);
void object_release(uint64_t key); /* what the task did so far happens before ... */
void object_set(uint64_t key);	   /* as release, forgetting who released before */
void object_acquire(uint64_t key); /* ... what follows here */
void object_forget(uint64_t key);
struct object *object_find(uint64_t key, bool create);
void objects_fork(uint32_t child); /* copies those in this process's private memory */

void permits_each(const struct object *object,
	void (*visit)(const uint32_t *, uint64_t, void *), void *context);

/* permit.c: what a semaphore's posts order */
void permit_post(uint64_t key);
void permit_take(uint64_t key);
void permits_forget(uint64_t key);
void permits_copy(struct object *to, const struct object *from);
uint64_t permits_after(
	const struct object *object, const struct record *record, uint64_t hash);

/* race.c */
void race_check(uint64_t key, size_t size, unsigned flags, uint64_t pc);
bool race_tells_apart(const uint32_t *one, const uint32_t *other);
void race_forget(uint64_t key, size_t size);
bool racy_pc(uint64_t pc);

/* access.c */
void access_guard(const volatile void *pointer, size_t size); /* not the explorer's own */
void access_memory(
	const volatile void *pointer, size_t size, unsigned flags, uint64_t pc);
/* One whose size is known once it was done: its step comes before, the rest behind. */
void access_ahead(const volatile void *pointer, unsigned flags, uint64_t pc);
void access_behind(
	const volatile void *pointer, size_t size, unsigned flags, uint64_t pc);
bool reachable(uintptr_t address);

/* atomic.c: around an instruction that updates memory of up to 16 bytes in one go. */
bool atomic_of_machine(const void *pointer, unsigned size);
void atomic_update(void *pointer, unsigned size);
void atomic_updated(unsigned size, bool conditional);

/* breakpoints.c */
void breakpoints_set(void);
bool breakpoint_trapped(const siginfo_t *info, void *context); /* it was one */
/* Of the program: that of the instruction if it is in its copy. */
uint64_t breakpoint_origin(uint64_t pc);

/* filter.c */
void filter_set(void);

/* memory.c */
uint64_t canonical(const volatile void *pointer);
void *pointer_of(uint64_t key); /* where this process has it; NULL: nowhere */
void memory_start(void);
void shared_objects_make(void);	 /* in the server, */
void shared_objects_reset(void); /* and after each execution */
bool memory_unmapped(uintptr_t address);
struct mapping *mapping_of(uint64_t region);
uint32_t region_new(size_t length, uint64_t window); /* of memory that is no file's */
void mapping_enter(uintptr_t start, size_t size, uint32_t region);
void mapping_leave(uintptr_t start, size_t size);
const struct mapping *mapping_from(uint64_t key); /* the first that ends beyond the key */
void mapping_touched(uint64_t key, size_t size);
int shared_name(const char *name, char kind, bool create); /* slot in control->names */
void heap_start(void);
bool heap_freed(uintptr_t address);
uintptr_t heap_used_end(void);
#define HEAP_START 0x6a0000000000ull
#define HEAP_SIZE (1ull << 30)
#define REGION_FLAG (1ull << 63)
#define REGION_SHIFT 40

/* pipe.c: a stream or a descriptor through which it could wait is not followed */
void pipe_refuse(int fd);
void pipes_start(void);

/* described.c: where this C library lacks a name, the heap is asked for memory */
void described_find(void);
/* private.c: end is rounded up to whole pages by the caller */
void private_add(struct private_part part);
void private_forget(uintptr_t start, uintptr_t end);
uint64_t private_hash(uint64_t hash);
uint64_t private_size(void);

/* input.c */
void input_make(void); /* in the server */
void input_give(void);
void input_read(int fd); /* before the program reads there */

/* output.c */
struct stat;
void output_make(void); /* in the server */
void output_give(void);
void output_take(void);
void output_limit(const struct stat *status);

/* paths.c: in the server */
void paths_make(void);
void paths_reset(void);

/* leaks.c */
void mapping_made(struct region *region);
void mappings_left(void);

/* state.c */
#define STACK_MOST (1ull << 28) /* what lies further up is on another stack */
bool state_points_into(const struct mapping *mapping);
uint64_t state_hash(void);
void state_keep_process(void);
void state_note_frame(struct task *task);
uint64_t state_self(void);
uint64_t hash_memory_at(uint64_t hash, uintptr_t start, uintptr_t end);
uint64_t hash_pages_there(
	uint64_t hash, uintptr_t start, uintptr_t end); /* some are not */
uint64_t state_alone(void); /* all that the task may depend on while no other one runs */
void state_keep_regions(void); /* before another process has its turn */
uint64_t state_bytes(void);    /* about as many are hashed for that */
void outcome_keep(void);
void outcome_keep_own(void); /* what the process that ends leaves in its own data */
void state_start(void);
void state_program_data(uintptr_t *start, uintptr_t *end);

/* pointers.c */
void pointers_note(const struct operation *operation);

/* report.c */
struct defect *defect_new(enum defect_kind kind, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void defect_fatal(enum defect_kind kind, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));
void report_deadlock(bool livelock) __attribute__((noreturn));
void report_endless(void) __attribute__((noreturn));
void report_endings(void);
bool detected(enum defect_kind kind);

/* time.c */
#define SECOND 1000000000ull /* of virtual time */
struct timespec;
uint64_t deadline_of(const struct timespec *absolute);

/* semaphore.c */
void semaphore_start(void *semaphore, bool shared, unsigned value);

/* lock.c */
void held_add(uint64_t key);
bool held_remove(uint64_t key);

/* keys.c */
void thread_values_release(void);

/* thread.c, process.c, signals.c, crash.c */
void threads_prepare(void);
bool stack_ended(uintptr_t address);
void thread_unwind(void) __attribute__((noreturn));
struct task *task_of(pthread_t thread);
bool cancellation_due(enum step_kind kind);
void cancellation_point(enum step_kind kind);
int virtual_pid(uint32_t process);
bool process_of(pid_t pid, uint32_t *process);
void exit_point(void);
void runtime_abort(void);
pid_t runtime_getpid(void);
int runtime_sched_yield(void);
pid_t runtime_getppid(void);
long process_prctl(int option, long a, long b, long c, long d);
void crash_handlers_install(void);
void ticks_start(void);
void process_exit_last(int status, void *unused);

/* futex.c */
long task_syscall(long number, long a, long b, long c, long d, long e, long f);

/* real.c: the functions that ours stand in front of */
struct msghdr;
struct __jmp_buf_tag;
struct real {
	int (*pthread_create)(
		pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
	pid_t (*fork)(void);
	void *(*mmap)(void *, size_t, int, int, int, off_t);
	int (*munmap)(void *, size_t);
	void *(*memcpy)(void *, const void *, size_t);
	void *(*memmove)(void *, const void *, size_t);
	void *(*memset)(void *, int, size_t);
	int (*memcmp)(const void *, const void *, size_t);
	ssize_t (*read)(int, void *, size_t);
	ssize_t (*write)(int, const void *, size_t);
	int (*close)(int);
	int (*poll)(void *, unsigned long, int);
	ssize_t (*recvmsg)(int, struct msghdr *, int);
	ssize_t (*sendmsg)(int, const struct msghdr *, int);
	int (*shutdown)(int, int);
	int (*shm_open)(const char *, int, mode_t);
	int (*shm_unlink)(const char *);
	int (*sigaction)(int, const void *, void *);
	void (*longjmp)(struct __jmp_buf_tag *, int);
	int (*swapcontext)(void *, const void *);
};
extern struct real real;
void real_find(void);
void *real_named(const char *name); /* NULL: this C library has none */
long kernel(long number, long a, long b, long c, long d, long e, long f);

#endif
