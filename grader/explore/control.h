/* SPDX-License-Identifier: MIT */
/*
 * The memory that the explorer and the program under test share: a memfd, mapped at
 * CONTROL_ADDRESS in every process of the program. The explorer writes `request` before an
 * execution, the runtime inside the program writes all the rest.
 *
 *	control->request.strategy = STRATEGY_POS;
 *	(one byte goes to the fork server, one comes back)
 *	if (control->result.ending == ENDING_DEADLOCK)
 *		...
 *
 * The program can write here what it likes: the explorer reads it as hostile bytes.
 */
#ifndef INTERLOCK_EXPLORE_CONTROL_H
#define INTERLOCK_EXPLORE_CONTROL_H

#include <stdint.h>

#define CONTROL_ADDRESS 0x680000000000ull
/* changes with the layout: both sides have to be of one build */
#define CONTROL_MAGIC                                                                    \
	(0x31657268706c7869ull + sizeof(struct control_memory) * 1000 + DEFECT_KINDS)
#define CONTROL_ENVIRONMENT "INTERLOCK_EXPLORE"

/* What the explorer asks a fork server for. */
enum { COMMAND_EXECUTE = 'x', COMMAND_TWIN = 't' };

enum {
	TASKS_MAX = 256,
	STEPS_MAX = 1 << 20,
	CELLS_MAX = 1 << 16,
	CELLS_MORE = 1 << 15,
	OBJECTS_MAX = 1 << 12,
	RACY_MAX = 1 << 12,
	DEFECTS_MAX = 32,
	HELD_MAX = 64,
	REGIONS_MAX = 512,
	PIPES_MAX = 128, /* ends of pipes and sockets */
	SOCKET_PATH = 108,
	PROGRAMS_MAX = 8, /* at once */
	NAMES_MAX = 32,
	CALLERS_MAX = 5,
	PRIORITY_CHANGES_MAX = 8,
	STOPS_MAX = 128,
	PAGES_MAX = 1024,
	POINTERS_MAX = 512,
	PERMITS_MAX = 1 << 12,
	LOCATIONS_MAX = 1 << 10,
	STORES_MAX = 1 << 13,
	SNAPSHOTS_MAX = 1 << 12,
	FENCES_MAX = 1 << 10,
	CLOCK_WORDS = TASKS_MAX / 64,
	OWNER_DEAD = 0xffff,
	SEVERAL_USERS = 0xffff, /* or one that may well be used by several */
	PENDING_MAX = 256,
	INTERRUPTED_MAX = 64,
	TIMERS_MAX = 64,
	FILES_MAX = 128,
	FILE_NAMES_MAX = 128,
	FILE_SHOWN = 32,
	DESCRIPTORS_MAX = 128, /* of a process, that are files */
	OPEN_FILES_MAX = 512,
	FILE_LOCKS_MAX = 128,
	SOURCES_MAX = 64,
	SETS_MAX = 32,
	SET_SEMAPHORES = 32,
	SET_OPERATIONS = 8,
	UNDO_MAX = 64,
	SEGMENTS_MAX = 32,
	QUEUES_MAX = 32,
	MESSAGES_MAX = 128,
	MESSAGE_BYTES = 8192,
	TICK_MS = 250,	  /* of a processor's time */
	ROBUST_MUTEX = 1, /* what becomes of a lock whose owner dies */
	ROBUST_LIBRARY = 2,
	PATH_ROOM = 4096,
	PATH_ROOMS = 6,	    /* two for each path, and two to look around */
	PRINTED_KEPT = 600, /* bytes */
	PLAN_FREE = 0xffff, /* in the plan: the strategy decides this step */
	BREAKPOINTS_MAX = 1 << 14,
	OPERANDS_MAX = 2,
	CODE_MAX = 16,
	NO_REGISTER = 0xff,
};

/* What a task is about to do. A step is one of these, taken. */
enum step_kind {
	STEP_NONE,
	STEP_START,
	STEP_READ,
	STEP_WRITE,
	STEP_ATOMIC_READ,
	STEP_ATOMIC_WRITE,
	STEP_ATOMIC_UPDATE,
	STEP_LOCK,
	STEP_TRY_LOCK,
	STEP_UNLOCK,
	STEP_READ_LOCK,
	STEP_COND_WAIT,
	STEP_COND_RELOCK,
	STEP_COND_SIGNAL,
	STEP_COND_BROADCAST,
	STEP_SEM_WAIT,
	STEP_SEM_POST,
	STEP_SEM_READ,
	STEP_BARRIER,
	STEP_BARRIER_LEAVE,
	STEP_ONCE,
	STEP_CREATE,
	STEP_JOIN,
	STEP_FORK,
	STEP_WAIT_CHILD,
	STEP_EXIT,
	STEP_FUTEX_WAIT,
	STEP_FUTEX_WAKE,
	STEP_SLEEP,
	STEP_YIELD,
	STEP_PIPE_READ,
	STEP_PIPE_WRITE,
	STEP_SIGNAL,
	STEP_PAUSE,
	STEP_SIGNAL_WAIT,
	STEP_SIGNAL_READ,
	STEP_SIGNAL_MASK,
	STEP_STOPPED,	/* until SIGCONT comes */
	STEP_RELATIONS, /* whose child a process is, or of which group: read or changed */
	STEP_SET,	/* operations on a System V semaphore set */
	STEP_MESSAGE_SEND,
	STEP_MESSAGE_RECEIVE,
	STEP_FILE_READ,
	STEP_FILE_WRITE,
	STEP_FILE_LOCK,
	STEP_NAME, /* of a file: made, removed, looked for */
	STEP_BIND, /* a socket to an address */
	STEP_LISTEN,
	STEP_CONNECT,
	STEP_ACCEPT,
	STEP_SEND,
	STEP_RECEIVE,
	STEP_DESTROY,
	STEP_FENCE,    /* sequentially consistent */
	STEP_ITEM_END, /* of an item that the program marks: others may begin before */
	STEP_LIBRARY,  /* an operation of the reference library; `detail` says which */
	STEP_PICK,     /* not an operation: which waiter `task` is woken */
	STEP_PICK_VALUE, /* likewise: which value an atomic has; `task` is its number, and 0 the
			    newest */
	STEP_PICK_POST, /* likewise: by whose post a wait for a semaphore got through */
	STEP_KINDS
};

enum defect_kind {
	DEFECT_NONE,
	DEFECT_RACE,
	DEFECT_ASSERT,
	DEFECT_CRASH,
	DEFECT_DEADLOCK,
	DEFECT_LIVELOCK,
	DEFECT_UNLOCK,	    /* unlocked by a task that does not hold it */
	DEFECT_HELD,	    /* held at exit */
	DEFECT_DESTROYED,   /* destroyed or unmapped in use, or used before its start or
				after its end */
	DEFECT_FREED,	    /* memory used after free, or freed twice */
	DEFECT_CHILDREN,    /* children never waited for, threads never joined */
	DEFECT_LEAK,	    /* named semaphores and shared memory left behind */
	DEFECT_EXIT_STATUS, /* the program ended with another status than 0 */
	DEFECT_SERIAL,	    /* marked items were never in progress at once */
	DEFECT_PRIVATE,	    /* an object that is private to a process is used by two */
	DEFECT_CRITERION,   /* the lab's own check failed; the referee says so */
	DEFECT_KINDS
};

enum ending {
	ENDING_NONE, /* still running, or killed from outside */
	ENDING_FINISHED,
	ENDING_DEFECT,	  /* ended early at defects[defects_count - 1] */
	ENDING_CAPPED,	  /* max_steps reached */
	ENDING_FULL,	  /* a table of the runtime is full; the limit is named */
	ENDING_UNCOVERED, /* the program came to what is not followed; it is named */
	ENDING_DIVERGED	  /* the plan asked for a task that could not run */
};

enum strategy {
	STRATEGY_FIRST, /* go on with the running task; else the next in turn */
	STRATEGY_RANDOM,
	STRATEGY_POS,
	STRATEGY_PCT,
	STRATEGY_SURW,
	STRATEGY_DIRECTED, /* priorities and stops as given */
};

enum task_state {
	TASK_FREE,
	TASK_READY,
	TASK_BLOCKED,
	TASK_SPINNING, /* cannot get on until another task changes something */
	TASK_FINISHED,
};

/* What signals did to the wait that a task is in. */
enum interruption {
	NOT_INTERRUPTED,
	INTERRUPTED, /* it was made ready for a handler */
	HANDLED,     /* a handler has run, and the wait goes on, as with SA_RESTART */
	WAIT_ENDED   /* the handler ends the wait */
};

/* flags of a step and of an operation */
enum {
	FLAG_HANDLER = 4, /* of an access that is kept: by a signal's handler */
	FLAG_FILE = 8,	  /* likewise: of a file's bytes, by a call */
	FLAG_ATOMIC = 1,
	FLAG_WRITE = 2,
	FLAG_FREE_SWITCH = 4, /* leaving the task before this step is no preemption */
	FLAG_TIMED_OUT = 8,
	FLAG_VOLATILE = 16,
	FLAG_GONE = 32,	  /* freed or unmapped: nothing is left to be looked at */
	FLAG_TIMED = 64,  /* an operation that gives up if it cannot be done in time */
	FLAG_EARLY = 128, /* its time was chosen to come although others could run, or it
			     was woken for no reason */
};

/* `detail` of an atomic access: its order as the compiler numbers it, + 1, and these */
enum {
	DETAIL_ORDER = 0xff,
	DETAIL_FAILED = 1 << 8, /* a compare-and-swap that did not swap */
	DETAIL_OLDER = 1 << 9,	/* a newer value was there: written by the step, */
	DETAIL_STEP_SHIFT = 16, /* counted from 1, whose number lies here; 0: none */
};

/* what came of a step */
enum {
	EFFECT_CHANGED = 1, /* it changed something that others may see */
	EFFECT_TIMED = 2,   /* meanwhile somebody waited with a deadline */
};

struct operation {
	uint64_t address; /* canonical: the same for every task that can reach it */
	uint64_t pc;
	uint64_t pointer; /* as the task itself sees it */
	uint64_t detail;
	uint16_t size;
	uint8_t kind;
	uint8_t flags;
};

/* One step: who took it, what it was and who could have run instead. */
struct step {
	uint64_t pc;
	uint64_t callers[CALLERS_MAX]; /* where values are wanted */
	uint64_t address;
	uint64_t value; /* read, or left behind by the write; 0 where it has no meaning */
	uint64_t enabled;  /* tasks 0 to 63 */
	uint64_t expiring; /* those whose timed wait may give up here instead, or that may
			      be woken for no reason */
	uint64_t state; /* hash of the whole state before the step; 0 unless asked for */
	uint64_t detail;
	uint16_t task;
	uint16_t previous; /* the task that ran before */
	uint16_t size;
	uint8_t kind;
	uint8_t flags;
	uint32_t enabled_count; /* of both */
	uint16_t held;		/* locks that the task holds */
	uint16_t effects;
};

struct defect {
	uint64_t pc;
	uint64_t callers[CALLERS_MAX];
	uint64_t other_pc;
	uint64_t other_callers[CALLERS_MAX];
	uint64_t address;
	uint32_t step;
	uint16_t kind;
	uint16_t task;
	uint16_t other_task;
	uint8_t is_write;
	uint8_t other_is_write;
	uint8_t waiting_count; /* tasks named in waiting, for a deadlock */
	uint8_t size;
	uint16_t waiting[16];
	uint8_t waiting_kind[16];
	uint64_t waiting_pc[16];
	uint64_t waiting_address[16]; /* what each waits for; 0: nothing in memory */
	uint16_t waiting_owner[16];   /* the task that has it, + 1; 0: none */
	uint64_t waiting_callers[16][CALLERS_MAX];
	char text[200];
};

/*
 * Something on a stack or among the program's variables that says what shared memory is
 * called: a pointer into it, or a frame whose locals other tasks reach. Noted where values
 * are wanted.
 */
struct pointer {
	uint64_t pc; /* in the function whose frame it is; 0: a variable of the program */
	int64_t offset; /* of the pointer from the frame's pointer, or its address */
	uint64_t
		target; /* the canonical address that it holds, or the frame pointer's own */
	uint64_t is_frame;
};

struct target {
	uint64_t address; /* 0: no target */
	uint64_t writer;  /* pc of the write to be read, 0: what was there at the start */
	uint64_t reader;  /* pc of the read */
};

/* DIRECTED: the task's priority changes before its nth step (from 0) of this kind at pc. */
struct stop {
	uint64_t pc;
	uint32_t nth;
	uint32_t priority;
	uint16_t task;
	uint8_t kind;
	uint8_t passed; /* the runtime's own */
};

struct given {
	uint64_t device, inode;
};

struct request {
	uint32_t strategy;
	uint32_t max_steps;
	uint64_t seed;
	uint32_t plan_length;
	uint32_t hash_from; /* first step whose state is hashed; UINT32_MAX: none */
	uint32_t changes_count;
	uint32_t changes
		[PRIORITY_CHANGES_MAX]; /* PCT: steps at which the priority drops */
	struct target target;
	uint32_t weights[TASKS_MAX]; /* SURW: steps expected of each task; DIRECTED: its
					priority at the start */
	uint64_t focus;		     /* SURW: the address whose steps count */
	uint64_t guarded, guarded_size; /* memory of whoever drives the explorer */
	uint8_t every_access;		/* each access to reachable memory is a step */
	uint8_t every_release;		/* releases are choices too: no reduction */
	uint8_t every_turn;		/* so is when a task starts, or a join returns */
	uint8_t want_values;		/* step values and callers are filled in */
	uint8_t has_streams; /* it reads our input; what it prints is kept and compared */
	uint8_t keep_output; /* the program's output is not thrown away */
	uint8_t lenient; /* a plan that cannot be followed is left, not a divergence */
	uint8_t report_known; /* report races between places that are steps already */
	uint8_t protect;      /* the census's test: see protection.h */
	uint8_t endless;      /* max_steps is no cap: more is a livelock */
	uint8_t rc11;	      /* atomics may return older values, see history.c */
	uint64_t max_blocks;  /* of a task without a step; an access counts as some */
	uint32_t racy_count;
	uint32_t
		detect; /* bits of defect_kind: a task whose crash does not count just ends */
	uint32_t stops_count;
	struct stop stops[STOPS_MAX];
};

/* How a task is led on, one instruction at a time (stepping.c). */
struct stepping {
	uint32_t phase;
	uint32_t still; /* ticks of the clock since anything moved */
	uint64_t progress;
	uint32_t left, period, power;
	uint64_t registers, memory; /* hashes that have to come round again */
	uint64_t smallest;	    /* of the hashes of the registers in the cycle */
};
enum { STEPPING_OFF, STEPPING_SEARCH, STEPPING_ROUND, STEPPING_REACH };

struct execution_result {
	uint32_t ending;
	uint32_t steps;
	uint32_t tasks;
	uint32_t processes;
	uint32_t defects;
	uint32_t diverged_at;
	uint32_t preemptions;
	uint32_t switches;
	uint64_t accesses; /* to reachable memory, steps or not */
	uint64_t outcome;  /* hash of what reachable memory held at the end */
	int32_t exit_status;
	uint32_t items;		/* that the program marked: begun */
	uint32_t items_at_once; /* the most in progress at once */
	uint32_t kept_busy;	/* times that a task waited by going round in a loop */
	uint32_t pointers;
	uint32_t weaker_orders; /* some atomic access was not sequentially consistent */
	uint64_t item_pc;	/* where the first item began */
	uint64_t busy_pc;	/* where a task first went round in a loop */
	uint32_t interrupted_count;
	uint64_t interrupted[INTERRUPTED_MAX]; /* places that share memory with a signal's
						  handler: they become steps */
	char limit[64];	       /* ENDING_FULL: which; ENDING_UNCOVERED: what */
	uint64_t uncovered_pc; /* where it is called */
	uint64_t uncovered_callers[CALLERS_MAX];
	uint64_t output, output_size;	/* what it printed: a hash, bytes, */
	char output_text[PRINTED_KEPT]; /* and how it begins */
	uint64_t blocks; /* of loops without a step, as far as they have been counted */
	uint32_t terminal_asked; /* for standard input, which is none to a program */
	uint32_t ticks;		 /* of TICK_MS, while the program ran */
	uint8_t program_of[TASKS_MAX]; /* by task, from 1; 0: of what starts them */
	uint32_t programs_started;
};

struct set_operation { /* as struct sembuf */
	uint16_t number;
	int16_t change;
	int16_t flags;
};

struct task {
	uint32_t baton; /* futex; 1: run */
	uint32_t os_id;
	uint16_t process;
	uint16_t parent;
	uint8_t state;
	uint8_t yielded;
	uint8_t timed_out;
	uint8_t detached;
	uint8_t joined;
	uint8_t cancelled;
	uint8_t cancel_disabled;
	uint8_t main_thread;
	uint8_t clock_read;
	uint32_t quiet; /* steps since it last changed something */
	struct operation pending;
	uint64_t callers[CALLERS_MAX]; /* of pending, where values are wanted */
	uint64_t wait_key;	       /* what it is blocked on */
	uint64_t wait_order;
	uint64_t deadline;	  /* virtual nanoseconds; 0: none */
	uint64_t expired_changes; /* by others, when it last gave up early */
	uint32_t expired_count;	  /* how often since they changed anything */
	uint32_t
		patience; /* sampling: decisions until its wait gives up; 0: it does not */
	uint64_t priority;
	uint64_t result; /* of the thread's function */
	uint64_t pthread;
	uint64_t frame;	    /* where its live stack starts, in its own address space */
	uint64_t own_frame; /* where it started last on the task's own stack: the program
			       may have put it on another (swapcontext, sigaltstack) */
	uint64_t stack_top;
	uint64_t thread_block; /* its thread-local storage */
	uint64_t made_at;      /* threads: the pc of what created it */
	uint64_t own_changes;
	uint64_t spin_state;
	uint64_t spin_changes; /* its own, then */
	uint8_t spin_holding;  /* a lock, then */
	uint32_t spin_power;
	uint32_t spin_count;
	uint32_t last_write; /* step whose value is still to be read, + 1 */
	uint16_t fence_released, fence_acquires; /* snapshots, + 1, see history.c */
	uint64_t signals; /* pending for it; signals.c writes these three */
	uint64_t signals_blocked;
	uint64_t signals_awaited; /* in sigwait() and its kin */
	uint8_t interruption;	  /* of its wait by a signal's handler */
	int32_t error_number;	  /* errno at its last arrival */
	uint32_t within;     /* accesses so far of the library's function that it is in */
	uint32_t items_open; /* marked items inside each other */
	uint32_t held_count;
	uint64_t held[HELD_MAX];
	uint64_t held_pc[HELD_MAX];
	uint32_t clock[TASKS_MAX];
	struct set_operation set_operations[SET_OPERATIONS]; /* that it stands before */
	uint16_t set_operations_count;
};

struct process {
	uint32_t os_id;
	uint16_t parent;
	uint16_t main_task;
	uint16_t threads; /* alive */
	uint8_t alive;
	uint8_t waited;
	int32_t status; /* as wait() gives it */
	uint64_t hash;	/* of its private memory, when it last gave up the baton */
	/* signals.c writes these: */
	uint64_t signals;      /* pending, while nobody was open to them */
	uint64_t caught;       /* those that it has a handler for */
	uint64_t ignored;      /* those that it ignores, other than by default */
	uint8_t reaps_itself;  /* its children leave no status */
	uint8_t no_stops_told; /* SIGCHLD only for their ends */
	/* process.c: job control */
	int32_t group;
	uint8_t stopped;		  /* the signal that did it; 0: not stopped */
	uint8_t stop_news, continue_news; /* for waitpid() */
	uint8_t parent_death_signal;
	uint8_t program;     /* of several at once, from 1; task.c */
	uint8_t child_ended; /* while none of its tasks slept on a futex */
	uint16_t descriptors[DESCRIPTORS_MAX]; /* open files, from 1; descriptors.c */
};

/* A signal that was sent and not yet taken. Written by signals.c. */
struct pending_signal {
	uint64_t value, key;
	int32_t code, pid;
	uint16_t process;
	uint16_t receiver; /* the task + 1; 0: whoever of the process is open to it */
	uint8_t number;
	uint8_t from_timer; /* nobody sent it */
};

/* The System V objects of an execution. Written by sysv_semaphore.c, sysv_memory.c, queue.c. */
struct ipc_name {
	int32_t key;   /* 0: private */
	uint32_t life; /* which of the objects that had this place: part of its number */
	uint8_t used;
	uint8_t hidden; /* found by no key: removed but in use, or a POSIX queue */
	uint16_t mode;
};

struct semaphore_set {
	struct ipc_name name;
	uint16_t count;
	uint16_t values[SET_SEMAPHORES];
	int32_t last_pid[SET_SEMAPHORES];
};

struct undo { /* what SEM_UNDO gives back at the end of a process */
	uint16_t process, set, number;
	int16_t change;
};

struct segment {
	struct ipc_name name;
	uint64_t length;
	uint32_t region;
	uint16_t attached[TASKS_MAX]; /* by process */
};

struct message_queue {
	struct ipc_name name;
	uint32_t messages, bytes; /* in it now */
	uint32_t messages_most, bytes_most, message_most;
	uint32_t open;		 /* POSIX: descriptors of all processes */
	uint16_t notify_process; /* + 1 */
	uint8_t notify_number;
	uint64_t notify_value;
};

struct message {
	uint64_t order; /* of arrival */
	int64_t type;	/* POSIX: the priority */
	uint32_t size;
	uint16_t queue; /* + 1; 0: free */
	unsigned char text[MESSAGE_BYTES];
};

#define FILE_KEYS (1ull << 60) /* of bytes, at 40 bits a file */
#define NAME_KEYS (1ull << 59) /* of names, with 48 bits of their hash */

/* A regular file, in the order of first use. Written by files.c. */
struct file {
	uint64_t device, inode;
	uint64_t contents; /* hash */
	uint64_t keyed;	   /* ftok() has made a key of its number */
};

/* What a path leads to. Written by names.c. */
struct file_name {
	uint64_t key;
	uint16_t kind; /* of its mode; 0: it leads to nothing, or nobody has changed it */
	uint32_t file; /* number of a regular file, from 1 */
	char shown[FILE_SHOWN]; /* the end of its path */
};

/* What open() makes, and dup() and fork() share. Written by descriptors.c. */
struct open_file {
	uint16_t descriptors;  /* that lead here; 0: none */
	uint16_t fifo;	       /* number of the pipe behind it, from 1; 0: a file */
	uint8_t reads, writes; /* if it is of a FIFO */
	uint32_t file;	       /* number, if it is none */
	int64_t offset;	       /* when a call last moved it */
};

/* A lock on a range of a file, or a range that was unlocked. Written by locks.c. */
struct file_lock {
	uint64_t file, start, end; /* end 0: as far as the file goes */
	uint32_t owner;
	uint8_t used, exclusive;
};

/* What a descriptor stands for that is no file of the kernel's. Written by sources.c. */
enum source_kind {
	SOURCE_NONE,
	SOURCE_EVENT,
	SOURCE_SIGNALS,
	SOURCE_TIMER,
	SOURCE_QUEUE
};
struct event_source {
	uint64_t count; /* of an eventfd, or expirations of a timer */
	uint64_t mask;	/* of a signalfd */
	uint8_t kind;
	uint8_t semaphore;
	uint16_t place; /* of the timer, or of the queue */
};

/* alarm(), setitimer(), timer_create(). Written by timers.c. */
struct timer {
	uint64_t deadline; /* 0: not running */
	uint64_t interval, value;
	uint32_t overruns;
	uint16_t process;
	uint16_t receiver;
	uint8_t used;
	uint8_t number; /* the signal; 0: none */
	uint8_t posix;	/* made by timer_create() */
	uint8_t source; /* that it counts its expirations in */
};

/* One access that a later one may race with. */
struct record {
	uint64_t pc_flags; /* pc << 16 | byte mask << 8 | flags */
	uint32_t clock;
	uint16_t task;
	uint16_t unused;
	uint64_t caller;
};

struct cell {
	uint64_t key; /* canonical address / 8 */
	uint32_t generation;
	uint16_t count;
	uint16_t unused;
	uint32_t next; /* more records: index into cells_more, + 1 */
	uint32_t unused2;
	struct record records[3];
};

/* One store to an atomic, in the order of its location. */
struct store {
	uint64_t value;
	uint32_t older, newer; /* index + 1 */
	uint32_t step;	       /* counted from 1; 0: before its history began */
	uint32_t fences;       /* sequentially consistent ones before it */
	uint8_t update;	       /* nothing comes between it and the older one */
	uint8_t sequential;
	uint8_t mark;
	uint32_t
		seen[TASKS_MAX]; /* each task's clock when it first knew it; 0: not yet */
	uint32_t message[TASKS_MAX]; /* what an acquiring reader comes after */
};

struct location {
	uint64_t key;
	uint32_t generation;
	uint32_t newest; /* index of a store + 1; 0: no history */
	uint16_t size;
	uint16_t released
		[TASKS_MAX]; /* by each task's last release store: snapshots, + 1 */
};

struct fence {
	uint32_t epoch;
	uint16_t task;
	uint32_t known[TASKS_MAX]; /* at this one and all before it */
};

/* What one post of a semaphore lets through, and what happened before that post. */
struct permit {
	uint32_t next; /* of the same semaphore, in the order of posting; index + 1 */
	uint16_t poster;
	uint64_t pc;
	uint32_t clock[TASKS_MAX];
};

struct object {
	uint64_t key;
	uint32_t generation;
	uint16_t robust;
	uint16_t user;	  /* the process that uses it, + 1; SEVERAL_USERS */
	uint32_t permits; /* semaphores: posts that nobody has taken; index + 1 */
	uint32_t machine; /* bytes that an atomic instruction of the program updates */
	uint64_t owner;	  /* locks: the task + 1, OWNER_DEAD */
	uint64_t owner_pc;
	uint32_t clock[TASKS_MAX];
};

struct region {
	uint64_t device, inode;
	uint64_t length;
	uint64_t pc;	 /* where it was made, and by which calls; */
	uint64_t path;	 /* 0: not by mapping anonymous memory */
	uint32_t maker;	 /* the process */
	uint64_t window; /* 0, or where every process sees it, mapped or not */
	uint64_t kept;	 /* hash, when one that has it mapped last had its turn */
	uint64_t
		hash_end; /* bytes that are hashed from its start; the touched ones if large */
};

struct pipe_end {
	uint64_t inode;
	uint32_t from; /* the end whose bytes are read here: its own, or a pair's other */
	uint64_t filled; /* bytes in it; or datagrams, or connections to be accepted */
	uint64_t hash;
	uint32_t writers, readers;
};

/* A socket that has, or may get, an address; what is in it counts the pipe of the same number.
 * Written by sockets.c, the lines that follow the first empty one by socket_options.c. */
struct socket_end {
	uint64_t key;	  /* of the address that it is bound to; 0: none */
	uint64_t inode;	  /* of the file that its path names */
	uint16_t domain;  /* AF_UNIX, AF_INET, AF_INET6; 0: socket() did not make it */
	uint16_t kind;	  /* SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET */
	uint8_t families; /* by which addresses of the machine it is found */
	uint8_t any;	  /* by all of them */
	uint8_t refused;  /* nobody had what it sent: told by its next call */
	uint16_t port;
	uint16_t peer_port; /* where datagrams go that name no address; 0: nowhere */
	uint16_t path_size;
	uint16_t backlog;
	unsigned char path[SOCKET_PATH];

	uint8_t shares_port, only_version_6;
	uint64_t receive_limit, send_limit; /* virtual nanoseconds; 0: none */
};

struct named_semaphore {
	char name[64];
	uint32_t value[8]; /* a sem_t lies here */
	uint8_t kind;
	uint8_t linked;
};

/* What an instruction does to memory. The address is that of base, index times scale and
 * displacement together; registers are numbered as the processor does. */
struct operand {
	int64_t displacement;
	uint32_t size;
	uint8_t base, index; /* NO_REGISTER: none */
	uint8_t scale;
	uint8_t flags; /* OPERAND_READ and the like */
};

enum {
	OPERAND_READ = 1,
	OPERAND_WRITE = 2,
	OPERAND_THREAD = 4 /* from its own block on */
};

enum breakpoint_kind {
	BREAKPOINT_ACCESS,
	BREAKPOINT_UPDATE,   /* atomic, and a fence */
	BREAKPOINT_EXCHANGE, /* likewise, if what it compares is equal */
	BREAKPOINT_REPEATED, /* as often as rcx says */
	BREAKPOINT_SYSCALL,
	BREAKPOINT_UNKNOWN, /* nobody knows what happens there: not covered */
};

/* An instruction whose accesses the compiler does not announce (census.h). */
struct breakpoint {
	uint64_t pc;
	uint8_t kind;
	uint8_t length;
	uint8_t operands_count;
	uint8_t code_length; /* of what is run in its place */
	uint8_t relative;    /* where in it an address counts from rip; 0: nowhere */
	uint8_t is_call;     /* its code only jumps */
	uint8_t code[CODE_MAX];
	struct operand operands[OPERANDS_MAX];
};

struct control_memory {
	uint64_t magic;
	uint64_t load_bias;
	uint32_t
		processor; /* to run on, modulo how many there are; the explorer's wish */
	uint64_t racy[RACY_MAX]; /* open-addressed set of pcs whose accesses are steps */
	struct request request;
	struct execution_result result;
	/* the explorer's, from before the program starts; in the order of their addresses */
	uint64_t program_start, program_end; /* the text of the program, without ours */
	uint32_t breakpoints_count;
	struct breakpoint breakpoints[BREAKPOINTS_MAX];
	uint32_t programs_count; /* that run at once; 0: one, which nobody else starts */
	char programs[PROGRAMS_MAX][FILE_SHOWN];

	/* The census's test: the program's accesses that it saw, and those that nobody announced. */
	uint64_t accesses_checked, accesses_missed;
	uint64_t missed_pc, missed_address; /* of the first */
	uint32_t missed_write;

	/* What follows is the runtime's own. */
	uint32_t server; /* pid of the fork server */
	struct stepping stepping;
	uint32_t generation;
	uint32_t running;
	uint32_t stood_by; /* + 1: ran before those that went on at once; schedule.c */
	uint32_t cells_used, cells_more_used, objects_used;
	uint32_t locations_used, stores_used, stores_free, snapshots_used, fences_used;
	uint32_t permits_used, permits_free; /* free: a list, as a semaphore's */
	uint32_t regions_used, pipes_used, names_used, pages_used;
	uint32_t low_priority;
	uint32_t target_state;
	uint32_t intended; /* SURW: the task whose step of interest comes next, + 1 */
	uint64_t changes;  /* by all tasks, see touched() */
	uint32_t spinning;
	uint64_t ready[CLOCK_WORDS];
	uint64_t wait_order;
	uint64_t time;	/* virtual nanoseconds */
	uint32_t timed; /* somebody has waited with a time limit, or on a condition */
	uint32_t pending_used, timers_used;
	uint32_t undo_used, files_used, sources_used, file_names_used, open_files_used;
	uint64_t messages_sent;
	uint32_t messages_used;	  /* no later one is in a queue */
	uint64_t drawn;		  /* random numbers of the kernel */
	uint32_t regions_partial; /* some process may not have all of a region mapped */
	char files_root[PATH_ROOM / 2]; /* paths.c: the execution's own files; "": none */
	char path_rooms[PATH_ROOMS][PATH_ROOM];
	uint32_t files_changed; /* something is there */
	uint64_t input_inode;	/* of the file that is given as standard input */
	uint64_t output_inode;	/* of the server's file that the output goes to */
	struct given given[3];	/* what an execution finds as 0, 1 and 2 */
	int32_t output_fd;
	int32_t objects_fd[NAMES_MAX]; /* the server's, for shared memory objects */
	uint64_t random[2];
	struct task tasks[TASKS_MAX];
	struct process processes[TASKS_MAX];
	struct region regions[REGIONS_MAX];
	uint64_t socket_salt; /* of the server, in the kernel's names of its sockets */
	struct pipe_end pipes[PIPES_MAX];
	struct socket_end sockets[PIPES_MAX]; /* likewise */
	struct named_semaphore names[NAMES_MAX];
	struct pending_signal pending[PENDING_MAX];
	struct timer timers[TIMERS_MAX];
	struct file files[FILES_MAX];
	struct file_name file_names[FILE_NAMES_MAX];
	struct open_file open_files[OPEN_FILES_MAX];
	struct file_lock locks[FILE_LOCKS_MAX], released[FILE_LOCKS_MAX];
	struct event_source sources[SOURCES_MAX];
	struct semaphore_set sets[SETS_MAX];
	struct undo undo[UNDO_MAX];
	struct segment segments[SEGMENTS_MAX];
	struct message_queue queues[QUEUES_MAX];
	struct message messages[MESSAGES_MAX];
	uint64_t pages[PAGES_MAX];
	struct defect defects[DEFECTS_MAX];
	struct pointer pointers[POINTERS_MAX];
	uint32_t cells_touched[CELLS_MAX];
	uint32_t objects_touched[OBJECTS_MAX];
	struct cell cells[CELLS_MAX];
	struct cell cells_more[CELLS_MORE];
	struct object objects[OBJECTS_MAX];
	struct permit permits[PERMITS_MAX];
	uint32_t locations_touched[LOCATIONS_MAX];
	struct location locations[LOCATIONS_MAX];
	struct store stores[STORES_MAX];
	uint32_t snapshots[SNAPSHOTS_MAX][TASKS_MAX];
	struct fence fences[FENCES_MAX];
	struct step steps[STEPS_MAX];
	uint16_t plan[STEPS_MAX];
};

/* Not a step of its task, but a choice that the step before it left open. */
static inline int step_kind_picks(unsigned kind)
{
	return kind == STEP_PICK || kind == STEP_PICK_POST || kind == STEP_PICK_VALUE;
}

static inline uint64_t control_mix(uint64_t x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ull;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ull;
	x ^= x >> 32;
	return x;
}

#endif
