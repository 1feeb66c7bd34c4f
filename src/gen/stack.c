/*
 * The stack pool. Stacks are cut out of arenas, large aligned mappings, so that the arena of an address, and with it
 * the stack an address lies on, is found by arithmetic. A stack that was used keeps its pages: the next user finds them
 * warm. Each thread keeps a few free stacks to itself; the rest lie in a shared depot, so stacks may be taken on one
 * thread and given back on another. What the pool knows of a stack lies apart from it, so that all its pages can go.
 *
 * Guards: MADV_GUARD_INSTALL costs no mapping of its own (Linux 6.13); mprotect, the fall-back, splits the arena into
 * two mappings a stack and can meet vm.max_map_count, which the error then names. Stacks start staggered by cache
 * lines: equal alignments would compete for the same sets of the first-level cache.
 */
#define _GNU_SOURCE /* pthread_getattr_np */
#include "gen/stack.h"
#include "gen/frame.h"

#include <lade/gen.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef VALGRIND_STACK_REGISTER
#define VALGRIND_STACK_REGISTER(low, high) ((void)(low), (void)(high))
#endif

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#define NO_ADVICE 0x7fff /* unknown to every kernel */

enum {
    MIN_ORDER = 15, /* 32 KiB: twice what a body finds at least */
    MAX_ORDER = 30, /* 1 GiB */
    DEFAULT_ORDER = 16,
    GUARD = 64 * 1024,
    ARENA_ORDER = 26,   /* 64 MiB: 512 stacks of the default size; address space, not memory */
    ARENA_SLOTS = 8192, /* of the table below: 512 GiB of stacks */
    THREAD_KEEPS = 64,  /* free stacks a thread keeps to itself */
    DEPOT_KEEPS = 4096, /* free stacks of the depot that keep their pages */
    STAGGER_LINES = 32, /* different starts: 32 lines of 64 bytes, half a page */
    FOREIGN_STACK_GUESS = 8192
};

struct arena {
    char *base;
    size_t stride; /* guard and stack */
};

struct free_list {
    struct lade_stack *first;
    unsigned count;
};

static _Atomic int current_order = DEFAULT_ORDER;

/* Arenas by address: open addressing on (address >> ARENA_ORDER); only ever added to, so readers take no lock. */
static struct arena arenas[ARENA_SLOTS];
static _Atomic uintptr_t arena_keys[ARENA_SLOTS];

static pthread_mutex_t depot_lock = PTHREAD_MUTEX_INITIALIZER;
static struct free_list depot[MAX_ORDER + 1];
static struct {
    char *next, *end;           /* the part of the newest arena not cut yet */
    struct lade_stack *headers; /* for the stacks in it */
} fresh[MAX_ORDER + 1];
static unsigned stacks_cut;
static int guard_by_madvise = -1; /* not known yet */

/* A few hundred bytes at a fixed offset from the thread pointer: reaching them is no function call in a shared library.
 */
#define THREAD_LOCAL static _Thread_local __attribute__((tls_model("initial-exec")))
THREAD_LOCAL struct own_list {
    struct lade_stack *first;
    unsigned room; /* how many more may be kept. No stack and no room: not asked yet if any may */
} mine_by_order[MAX_ORDER - MIN_ORDER + 1];
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

/* A child of fork() has only the thread that forked: were the lock held by another one just then, it would be held for
   ever. */
static void lock_depot(void) {
    pthread_once(&fork_once, register_fork);
    lock();
}

/* ---- Arenas ------------------------------------------------------------------------------------------------------ */

static unsigned arena_slot(uintptr_t key) {
    return (unsigned)((key * 0x9E3779B97F4A7C15u) >> 51) % ARENA_SLOTS;
}

static const struct arena *arena_of(const char *address) {
    uintptr_t key = (uintptr_t)address >> ARENA_ORDER;
    for (unsigned i = arena_slot(key), tries = 0; tries < ARENA_SLOTS; i = (i + 1) % ARENA_SLOTS, tries++) {
        uintptr_t found = atomic_load_explicit(&arena_keys[i], memory_order_acquire);
        if (found == key)
            return &arenas[i];
        if (!found)
            return NULL;
    }
    return NULL;
}

static int arena_register(char *base, size_t size, size_t stride) {
    for (size_t offset = 0; offset < size; offset += (size_t)1 << ARENA_ORDER) {
        uintptr_t key = (uintptr_t)(base + offset) >> ARENA_ORDER;
        unsigned i = arena_slot(key), tries = 0;
        while (atomic_load_explicit(&arena_keys[i], memory_order_relaxed) && tries < ARENA_SLOTS)
            i = (i + 1) % ARENA_SLOTS, tries++;
        if (tries == ARENA_SLOTS)
            return -1;
        arenas[i] = (struct arena){base, stride};
        atomic_store_explicit(&arena_keys[i], key, memory_order_release);
    }
    return 0;
}

static void *map(size_t size) {
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static int no_address_space(size_t mib, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM,
                          "cannot reserve %zu MiB of address space for generator stacks: %s; raise `ulimit -v`, or "
                          "hold fewer generators at a time",
                          mib, strerror(errno));
}

/* Map one more arena for stacks of this order; the depot is locked. */
static int arena_map(int order, struct lade_error *err) {
    const size_t unit = (size_t)1 << ARENA_ORDER;
    const size_t stride = ((size_t)1 << order) + GUARD;
    size_t size = (stride + unit - 1) & ~(unit - 1);
    char *raw = map(size + unit);
    if (!raw)
        return no_address_space((size + unit) >> 20, err);
    char *base = (char *)(((uintptr_t)raw + unit - 1) & ~(unit - 1));
    if (base > raw)
        munmap(raw, (size_t)(base - raw));
    munmap(base + size, (size_t)(raw + unit - base));
    const size_t stacks = size / stride;
    struct lade_stack *headers = map(stacks * sizeof *headers);
    if (!headers) {
        munmap(base, size);
        return no_address_space(1, err);
    }
    if (arena_register(base, size, stride)) {
        munmap(base, size);
        munmap(headers, stacks * sizeof *headers);
        return lade_error_set(err, LADE_ELIMIT,
                              "more than %d arenas of generator stacks; hold fewer generators at a time", ARENA_SLOTS);
    }
    fresh[order].next = base;
    fresh[order].end = base + stacks * stride;
    fresh[order].headers = headers;
    return 0;
}

static int guard_install(char *guard, struct lade_error *err) {
    if (guard_by_madvise < 0 && !madvise(guard, GUARD, NO_ADVICE))
        guard_by_madvise = 0; /* an emulator (qemu-user), which says yes to all and does nothing */
    if (guard_by_madvise != 0) {
        if (!madvise(guard, GUARD, MADV_GUARD_INSTALL)) {
            guard_by_madvise = 1;
            return 0;
        }
        guard_by_madvise = 0;
    }
    if (!mprotect(guard, GUARD, PROT_NONE))
        return 0;
    return lade_error_set(
        err, LADE_ELIMIT,
        "cannot guard one more generator stack: %s; every stack takes two mappings on this kernel: raise "
        "vm.max_map_count (sysctl), or hold fewer generators at a time",
        strerror(errno));
}

/* Cut one more stack off the newest arena; the depot is locked. */
static struct lade_stack *stack_cut(int order, struct lade_error *err) {
    if (fresh[order].next == fresh[order].end && arena_map(order, err))
        return NULL;
    char *guard = fresh[order].next, *low = guard + GUARD;
    size_t size = (size_t)1 << order;
    if (guard_install(guard, err))
        return NULL;
    fresh[order].next += GUARD + size;
    struct lade_stack *stack = fresh[order].headers++;
    *stack = (struct lade_stack){
        .low = low, .top = low + size - 64 * (size_t)(stacks_cut++ % STAGGER_LINES), .order = order};
    VALGRIND_STACK_REGISTER(low, low + size);
    return stack;
}

/* ---- Taking and giving ------------------------------------------------------------------------------------------- */

/* Keep the address space, return the pages. */
static void release_pages(const struct lade_stack *stack) {
    madvise(stack->low, (size_t)1 << stack->order, MADV_DONTNEED);
}

static void depot_put(struct lade_stack *stack) {
    struct free_list *list = &depot[stack->order];
    if (list->count >= DEPOT_KEEPS)
        release_pages(stack);
    stack->next = list->first;
    list->first = stack;
    list->count++;
}

static struct own_list *mine(int order) {
    return &mine_by_order[order - MIN_ORDER];
}

static void thread_flush(void *unused) {
    (void)unused;
    lock_depot();
    for (int order = MIN_ORDER; order <= MAX_ORDER; order++) {
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

static void make_key(void) {
    pthread_key_create(&thread_exit, thread_flush);
}

int lade__thread_will_flush(void) {
    if (!registered) {
        pthread_once(&once, make_key);
        registered = !pthread_setspecific(thread_exit, &registered);
    }
    return !registered;
}

static __attribute__((noinline)) struct lade_stack *take_shared(int order, struct lade_error *err) {
    lock_depot();
    struct lade_stack *stack = depot[order].first;
    if (stack) {
        depot[order].first = stack->next;
        depot[order].count--;
    } else {
        stack = stack_cut(order, err);
    }
    unlock();
    return stack;
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

/* There is no room for it among this thread's own, or not yet. */
static __attribute__((noinline)) void give_shared(struct lade_stack *stack) {
    struct own_list *list = mine(stack->order);
    if (!list->first && !lade__thread_will_flush()) {
        list->room = THREAD_KEEPS;
        lade__stack_give(stack);
        return;
    }
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
    int order = MIN_ORDER;
    while (order < MAX_ORDER && (size_t)1 << order < bytes)
        order++;
    return order;
}

int lade_set_stack_size(size_t bytes) {
    if (bytes < (size_t)1 << MIN_ORDER || bytes > (size_t)1 << MAX_ORDER)
        return LADE_EINVAL;
    atomic_store_explicit(&current_order, lade__stack_order(bytes), memory_order_relaxed);
    return LADE_OK;
}

void lade_release_stacks(void) {
    thread_flush(NULL);
    lock_depot();
    for (int order = MIN_ORDER; order <= MAX_ORDER; order++)
        for (const struct lade_stack *stack = depot[order].first; stack; stack = stack->next)
            release_pages(stack);
    unlock();
}

/* ---- Where are we? ----------------------------------------------------------------------------------------------- */

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
    const struct arena *arena = arena_of(here);
    if (arena)
        return arena->base + (size_t)(here - arena->base) / arena->stride * arena->stride + GUARD;
    return here - FOREIGN_STACK_GUESS; /* somebody else's coroutine: trust it with little */
}

char *lade__stack_limit(char *here) {
    return here >= native_low && here < native_high ? native_low : limit_elsewhere(here);
}
