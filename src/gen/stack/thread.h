/*
 * Declares the thread-local variables of generators, and functions that release the memory of a thread when the thread
 * ends. See thread.c.
 */
#ifndef LADE_GEN_STACK_THREAD_H
#define LADE_GEN_STACK_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h> /* defines __GLIBC__ */

enum {
    LADE__FRAME_CLASSES = 8, /* number of frame sizes that a thread keeps; see frame.h */
    LADE__STACK_CLASSES = 8  /* number of stack sizes that a thread keeps; see stack.c */
};

/* Each struct contains the free frames or the free stacks of one size that a thread keeps. If both fields are 0, the
   thread has not kept a frame or stack of this size yet. */
struct lade__free_frames {
    void **first;  /* each free frame contains a pointer to the next free frame */
    unsigned room; /* number of frames that may be added */
};

struct lade__free_stacks {
    struct lade_stack *first;
    unsigned room; /* number of stacks that may be added */
};

struct lade__thread {
    struct lade__free_frames frames[LADE__FRAME_CLASSES];
    struct lade__free_stacks stacks[LADE__STACK_CLASSES];
    char *native_low, *native_high; /* the bounds of the stack of the thread; NULL if they were not read yet */
    struct lade_gen **postponed;    /* see free_chain() in gen.c */
    void *signal_stack;             /* see overflow.c */
    bool registered;
    struct lade__thread *previous, *next; /* the list of the registered threads */
};

/*
 * With the initial-exec model, thread-local variables have a fixed offset from the thread pointer, so the shared
 * library accesses them without a function call. glibc reserves a few hundred bytes of such memory for libraries that
 * dlopen() loads. Other C libraries, for example musl, cannot load such a library with dlopen().
 */
#ifdef __GLIBC__
#define LADE__THREAD_MODEL tls_model("initial-exec"),
#else
#define LADE__THREAD_MODEL
#endif

extern _Thread_local __attribute__((LADE__THREAD_MODEL visibility("hidden"))) struct lade__thread lade__thread;

/* Marks functions that use thread-local variables. Neither the compiler nor the linker may inline such a function into
   a generator function. Otherwise the generator function could keep the address of a thread-local variable in a
   register, and then continue on another thread. */
#define LADE__THREAD_BOUND __attribute__((noinline))

/* The functions of a module that keeps memory for each thread. Each function may be NULL. */
struct lade__thread_user {
    void (*flush)(struct lade__thread *thread); /* releases the memory of this module that the thread keeps */
    void (*end)(struct lade__thread *thread);   /* is called after flush() when the thread ends */
    void (*unload)(void); /* is called after flush() and end() when dlclose() unloads the library */
};

enum lade__thread_slot { LADE__USER_FRAMES, LADE__USER_STACKS, LADE__USER_SIGNALS, LADE__USERS };

/* Ensures that the functions of @user are called when this thread ends. Returns 0. If this is not possible, returns -1.
   The thread must then not keep memory. */
LADE__THREAD_BOUND int lade__thread_register(enum lade__thread_slot slot, const struct lade__thread_user *user);

/* Calls the flush() functions for this thread. */
LADE__THREAD_BOUND void lade__thread_flush(void);

/* These functions lock and unlock the lock of the pool, which protects the pool of stacks, the arenas and the list of
   threads. fork() also takes this lock, because a child process has only the thread that called fork(). If another
   thread held the lock during fork(), the lock would never be released in the child. */
void lade__stacks_lock(void);
void lade__stacks_unlock(void);

#endif
