/*
 * Implements the pool of generator stacks. A stack in the pool keeps its pages, so the next generator that takes the
 * stack causes no page faults. Each thread keeps a few free stacks for itself; all other free stacks are in a depot
 * that all threads share. A stack may be taken on one thread and returned on another thread.
 */
#define _GNU_SOURCE /* pthread_getattr_np */
#include "gen/stack.h"
#include "gen/arena.h"
#include "gen/frame.h"
#include "gen/overflow.h"
#include "gen/valgrind.h"

#include <lade/gen.h>

#include <pthread.h>
#include <stdatomic.h>

enum {
    DEFAULT_ORDER = 16,
    THREAD_KEEPS = 64,  /* largest number of free stacks of each size that a thread keeps for itself */
    DEPOT_KEEPS = 4096, /* number of free stacks of each size in the depot that keep their pages */
    FOREIGN_STACK_GUESS = 8192
};

static _Atomic int current_order = DEFAULT_ORDER;

static pthread_mutex_t depot_lock = PTHREAD_MUTEX_INITIALIZER;
static struct free_list {
    struct lade_stack *first;
    unsigned count;
} depot[LADE__MAX_ORDER + 1];

/* With this model, thread-local variables have a fixed offset from the thread pointer, so the shared library accesses
   them without a function call. Only a few hundred bytes can be used in this way. */
#define THREAD_LOCAL static _Thread_local __attribute__((tls_model("initial-exec")))
THREAD_LOCAL struct own_list {
    struct lade_stack *first;
    unsigned room; /* number of stacks that may be added; also 0 before the thread keeps its first stack */
} mine_by_order[LADE__MAX_ORDER - LADE__MIN_ORDER + 1];
THREAD_LOCAL int registered;
THREAD_LOCAL char *native_low, *native_high;

static pthread_once_t once = PTHREAD_ONCE_INIT, fork_once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_exit;

/* ---- The depot's lock -------------------------------------------------------------------------------------------- */

static void lock(void) {
    pthread_mutex_lock(&depot_lock);
}

static void unlock(void) {
    pthread_mutex_unlock(&depot_lock);
}

static void register_fork(void) {
    pthread_atfork(lock, unlock, unlock);
}

/* Takes the lock. fork() also takes the lock, because a child process has only the thread that called fork(). If
   another thread held the lock during fork(), the lock would never be released in the child. */
static void lock_depot(void) {
    pthread_once(&fork_once, register_fork);
    lock();
}

/* ---- Taking and giving ------------------------------------------------------------------------------------------- */

static void depot_put(struct lade_stack *stack) {
    struct free_list *list = &depot[stack->order];
    if (list->count >= DEPOT_KEEPS)
        lade__arena_release_pages(stack);
    stack->next = list->first;
    list->first = stack;
    list->count++;
}

static struct own_list *mine(int order) {
    return &mine_by_order[order - LADE__MIN_ORDER];
}

static void thread_flush(void *unused) {
    (void)unused;
    lock_depot();
    for (int order = LADE__MIN_ORDER; order <= LADE__MAX_ORDER; order++) {
        for (struct lade_stack *stack; (stack = mine(order)->first);) {
            mine(order)->first = stack->next;
            depot_put(stack);
        }
        mine(order)->room = 0;
    }
    unlock();
    lade__frames_flush();
    registered = 0;
}

static void thread_end(void *unused) {
    thread_flush(unused);
    lade__overflow_thread_end();
}

static void make_key(void) {
    pthread_key_create(&thread_exit, thread_end);
}

int lade__thread_will_flush(void) {
    if (!registered) {
        pthread_once(&once, make_key);
        registered = !pthread_setspecific(thread_exit, &registered);
    }
    return !registered;
}

void lade__stack_thread_begin(void) {
    if (lade__overflow_thread_begin())
        lade__thread_will_flush();
}

static __attribute__((noinline)) struct lade_stack *take_shared(int order, struct lade_error *err) {
    lade__stack_thread_begin();
    lock_depot();
    struct lade_stack *stack = depot[order].first;
    if (stack) {
        depot[order].first = stack->next;
        depot[order].count--;
    } else {
        stack = lade__arena_cut(order, err);
    }
    unlock();
    return lade__valgrind_taken(stack);
}

struct lade_stack *lade__stack_take(int order, struct lade_error *err) {
    int usual = atomic_load_explicit(&current_order, memory_order_relaxed);
    if (order < usual)
        order = usual;
    struct lade_stack *stack = mine(order)->first;
    if (!stack)
        return take_shared(order, err);
    mine(order)->first = stack->next;
    mine(order)->room++;
    return stack;
}

/* Is called if this thread may keep no more stacks of this size, or has not kept a stack of this size yet. */
static __attribute__((noinline)) void give_shared(struct lade_stack *stack) {
    struct own_list *list = mine(stack->order);
    if (!list->first && !RUNNING_ON_VALGRIND && !lade__thread_will_flush()) {
        list->room = THREAD_KEEPS;
        lade__stack_give(stack);
        return;
    }
    stack = lade__valgrind_given(stack);
    lock_depot();
    depot_put(stack);
    unlock();
}

void lade__stack_give(struct lade_stack *stack) {
    struct own_list *list = mine(stack->order);
    if (!list->room) {
        give_shared(stack);
        return;
    }
    stack->next = list->first;
    list->first = stack;
    list->room--;
}

int lade__stack_order(size_t bytes) {
    int order = LADE__MIN_ORDER;
    while (order < LADE__MAX_ORDER && (size_t)1 << order < bytes)
        order++;
    return order;
}

int lade_set_stack_size(size_t bytes) {
    if (bytes < (size_t)1 << LADE__MIN_ORDER || bytes > (size_t)1 << LADE__MAX_ORDER)
        return LADE_EINVAL;
    atomic_store_explicit(&current_order, lade__stack_order(bytes), memory_order_relaxed);
    return LADE_OK;
}

void lade_release_stacks(void) {
    thread_flush(NULL);
    lock_depot();
    for (int order = LADE__MIN_ORDER; order <= LADE__MAX_ORDER; order++)
        for (const struct lade_stack *stack = depot[order].first; stack; stack = stack->next)
            lade__arena_release_pages(stack);
    unlock();
}

/* ---- The stack of the running thread ----------------------------------------------------------------------------- */

static void find_native_bounds(void) {
    pthread_attr_t attr;
    if (pthread_getattr_np(pthread_self(), &attr))
        return;
    void *low;
    size_t size;
    if (!pthread_attr_getstack(&attr, &low, &size)) {
        native_low = low;
        native_high = native_low + size;
    }
    pthread_attr_destroy(&attr);
}

static __attribute__((noinline)) char *limit_elsewhere(char *here) {
    if (!native_high) {
        find_native_bounds();
        if (here >= native_low && here < native_high)
            return native_low;
    }
    char *limit = lade__arena_limit(here);
    return limit ? limit : here - FOREIGN_STACK_GUESS; /* without a limit: a stack of another coroutine library */
}

char *lade__stack_limit(char *here) {
    return here >= native_low && here < native_high ? native_low : limit_elsewhere(here);
}
