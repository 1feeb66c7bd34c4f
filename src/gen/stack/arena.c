/*
 * Maps arenas and cuts them into generator stacks. An arena is an aligned mapping for stacks of one size, so lade can
 * compute which arena and which stack contain an address. The struct lade__arena and the structs of its stacks are
 * stored in a separate mapping, so that all pages of the stacks can be released.
 *
 * The first arena has 1 MiB, and each new arena is as large as all older arenas together, up to 64 MiB. So a small
 * program takes little address space. If the kernel refuses an arena, a smaller arena is mapped.
 *
 * A small arena is mapped with PROT_NONE, and mprotect() makes each new stack writable. Memory with PROT_NONE does not
 * count for RLIMIT_DATA, for vm.overcommit_memory=2, or for the memory that mlockall() loads. The memory below a stack
 * stays PROT_NONE and is the guard of the stack. The disadvantage is that each stack is then a separate mapping, which
 * costs time and counts for vm.max_map_count. So large arenas are mapped writable, except if RLIMIT_DATA,
 * vm.overcommit_memory=2 or mlockall() is in effect. In a writable arena, MADV_GUARD_INSTALL (Linux 6.13) makes the
 * guards.
 *
 * Below each guard there is a gap of unused address space. A function that was compiled without
 * -fstack-clash-protection may skip the guard with one large frame. Such a function then writes to the gap, and not to
 * the stack of another generator. A larger guard would have the same effect, but the kernel needs time and memory for
 * each page of a guard.
 *
 * The first frames of the stacks start at different cache lines. If all stacks started at the same offset in a page,
 * their frames would compete for the same sets of the first-level cache.
 */
#define _GNU_SOURCE /* madvise, mincore, MAP_ANONYMOUS */
#include "gen/stack/arena.h"
#include "base/limits.h"
#include "base/sys.h"
#include "gen/stack/arena_index.h"
#include "gen/stack/valgrind.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif
#define NO_ADVICE 0x7fff /* an advice value that no kernel implements */

enum {
    LARGEST_ARENA = 64 << 20,
    WRITABLE_FROM = 16 << 20, /* size of the smallest arena that is mapped writable */
    STAGGER_LINES = 32        /* number of different cache lines at which stacks start: 32 lines are half a page */
};

/* The lock of the pool protects these variables. */
static struct {
    struct lade__arena *newest;
    size_t mapped; /* bytes of all arenas */
} orders[LADE__MAX_ORDER + 1];
static unsigned stacks_cut;
static int guard_by_madvise = -1; /* 1: madvise() can make guards; 0: madvise() cannot; -1: not tested yet */

/* ---- Finding ----------------------------------------------------------------------------------------------------- */

char *lade__arena_limit(const char *address) {
    const struct lade__arena *arena = lade__arena_find(address);
    return arena
               ? arena->base + (size_t)(address - arena->base) / arena->stride * arena->stride + LADE__GAP + LADE__GUARD
               : NULL;
}

struct lade_stack *lade__arena_guarded(const char *address) {
    struct lade__arena *arena = lade__arena_find(address);
    if (!arena)
        return NULL;
    size_t index = (size_t)(address - arena->base) / arena->stride,
           offset = (size_t)(address - arena->base) % arena->stride;
    return offset < LADE__GAP + LADE__GUARD && index < arena->cut && arena->stack[index].low ? &arena->stack[index]
                                                                                             : NULL;
}

/* ---- Mapping ----------------------------------------------------------------------------------------------------- */

static void *map(size_t size, int protection) {
    void *p = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

/*
 * Maps memory that is aligned to LADE__ARENA_UNIT. Under valgrind, the memory is a block of malloc(), because
 * valgrind's leak check would search all stacks in a mapping for pointers. This block is never freed, and its address
 * is stored in *block.
 */
static char *map_aligned(size_t size, int protection, void **block) {
    const size_t unit = LADE__ARENA_UNIT;
    char *raw = RUNNING_ON_VALGRIND ? malloc(size + unit) : map(size + unit, protection);
    if (!raw)
        return NULL;
    char *base = (char *)(((uintptr_t)raw + unit - 1) & ~(unit - 1));
    *block = raw;
    if (RUNNING_ON_VALGRIND)
        return base;
    if (base > raw)
        munmap(raw, (size_t)(base - raw));
    munmap(base + size, (size_t)(raw + unit - base));
    return base;
}

/* Returns true if the kernel has loaded a page that was never used. The kernel does this after mlockall(MCL_FUTURE). */
static bool memory_is_locked(void *unused_page) {
    unsigned char resident = 0;
    return !mincore(unused_page, 1, &resident) && resident & 1;
}

/* Returns true if a writable mapping costs nothing before the program writes to it: unused pages count for no limit and
   take no physical memory. */
static bool writable_is_free(void *unused_page) {
    struct rlimit limit;
    return !memory_is_locked(unused_page) && !lade__overcommit_is_off() && !getrlimit(RLIMIT_DATA, &limit) &&
           limit.rlim_cur == RLIM_INFINITY;
}

static size_t header_size(size_t stacks) {
    const size_t page = lade__sys_page_size();
    return (sizeof(struct lade__arena) + stacks * sizeof(struct lade_stack) + page - 1) / page * page;
}

static void unmap(struct lade__arena *arena) {
    if (arena->base && !RUNNING_ON_VALGRIND)
        munmap(arena->base, arena->size);
    munmap(arena, header_size(arena->stacks));
}

/* Maps an arena of `size` bytes for stacks of 2^order bytes. Returns NULL if the kernel refuses the memory. */
static struct lade__arena *map_arena(int order, size_t size, size_t stride) {
    const size_t stacks = size / stride;
    const size_t header = header_size(stacks), page = lade__sys_page_size();
    struct lade__arena *arena = map(header + page, PROT_READ | PROT_WRITE);
    if (!arena)
        return NULL;
    char *unused_page = (char *)arena + header;
    bool writable = RUNNING_ON_VALGRIND || (size >= WRITABLE_FROM && guard_by_madvise != 0 && orders[order].mapped &&
                                            writable_is_free(unused_page));
    munmap(unused_page, page);
    *arena = (struct lade__arena){.size = size, .stride = stride, .stacks = (unsigned)stacks};
    arena->base = map_aligned(size, writable ? PROT_READ | PROT_WRITE : PROT_NONE, &arena->block);
    arena->writable = writable;
    if (!arena->base || lade__arena_store(arena->base, size, arena)) {
        int saved = errno;
        unmap(arena);
        errno = saved;
        return NULL;
    }
    arena->next = orders[order].newest;
    orders[order].newest = arena;
    orders[order].mapped += size;
    return arena;
}

static void refused(struct lade_error *err, size_t bytes) {
    int code = lade__limit_of_memory(err, bytes, errno, "cannot map %zu KiB for a generator stack", bytes / 1024);
    lade_error_set(err, code, "%s; it also helps to hold fewer generators at a time", err->message);
}

/* Maps the next arena for stacks of 2^order bytes. Returns NULL on error. */
static struct lade__arena *next_arena(int order, struct lade_error *err) {
    const size_t unit = LADE__ARENA_UNIT;
    const size_t stride = ((size_t)1 << order) + LADE__GUARD + LADE__GAP, least = (stride + unit - 1) / unit * unit;
    size_t size = orders[order].mapped < LARGEST_ARENA ? orders[order].mapped : LARGEST_ARENA;
    for (;; size = size / 2 / unit * unit) {
        size = size < least ? least : size;
        struct lade__arena *arena = map_arena(order, size, stride);
        if (arena)
            return arena;
        if (size == least)
            break;
    }
    refused(err, least + unit);
    return NULL;
}

/* ---- Cutting ----------------------------------------------------------------------------------------------------- */

/* Makes a guard in a writable arena. Returns 0, or -1 with errno. */
static int install_guard(char *guard) {
    if (guard_by_madvise < 0 && !madvise(guard, LADE__GUARD, NO_ADVICE))
        guard_by_madvise = 0; /* the program runs in qemu-user, which accepts every advice and ignores it */
    if (guard_by_madvise != 0) {
        if (!madvise(guard, LADE__GUARD, MADV_GUARD_INSTALL)) {
            guard_by_madvise = 1;
            return 0;
        }
        guard_by_madvise = 0;
    }
    return mprotect(guard, LADE__GUARD, PROT_NONE);
}

struct lade_stack *lade__arena_cut(int order, struct lade_error *err) {
    struct lade__arena *arena = orders[order].newest;
    if ((!arena || arena->cut == arena->stacks) && !(arena = next_arena(order, err)))
        return NULL;
    char *guard = arena->base + arena->cut * arena->stride + LADE__GAP, *low = guard + LADE__GUARD;
    size_t size = (size_t)1 << order;
    if (arena->writable ? install_guard(guard) : mprotect(low, size, PROT_READ | PROT_WRITE)) {
        refused(err, size);
        return NULL;
    }
    struct lade_stack *stack = &arena->stack[arena->cut++];
    *stack = (struct lade_stack){
        .low = low, .top = low + size - 64 * (size_t)(stacks_cut++ % STAGGER_LINES), .order = order, .arena = arena};
    (void)VALGRIND_STACK_REGISTER(low, low + size);
    return stack;
}

/* ---- Releasing --------------------------------------------------------------------------------------------------- */

static void release_pages(const struct lade_stack *first, const struct lade_stack *last) {
    char *end = last->low + ((size_t)1 << last->order);
    size_t size = (size_t)(end - first->low);
    if (madvise(first->low, size, MADV_DONTNEED) && madvise(first->low, size, MADV_DONTNEED_LOCKED)) {
        munlock(first->low, size); /* Linux before 5.18 does not release locked pages */
        madvise(first->low, size, MADV_DONTNEED);
    }
}

/* Releases the pages of all unused stacks of an arena. If several unused stacks directly follow each other, one system
   call releases all their pages. */
static void clean(struct lade__arena *arena) {
    struct lade_stack *first = NULL;
    arena->have_pages = 0;
    for (unsigned i = 0; i < arena->cut; i++) {
        struct lade_stack *stack = &arena->stack[i];
        if (!stack->unused || !stack->has_pages)
            continue;
        stack->has_pages = false;
        if (!first)
            first = stack;
        if (i + 1 == arena->cut || !stack[1].unused || !stack[1].has_pages) {
            release_pages(first, stack);
            first = NULL;
        }
    }
}

void lade__arena_clean(int order) {
    for (struct lade__arena *arena = orders[order].newest; arena; arena = arena->next)
        if (arena->have_pages)
            clean(arena);
}

static bool is_unused(const struct lade__arena *arena) {
    return arena->unused == arena->cut && !RUNNING_ON_VALGRIND;
}

void lade__arena_unmap(int order, struct lade_stack **list) {
    while (*list)
        if (is_unused((*list)->arena))
            *list = (*list)->next;
        else
            list = &(*list)->next;
    for (struct lade__arena **at = &orders[order].newest, *arena; (arena = *at);) {
        if (!is_unused(arena)) {
            at = &arena->next;
            continue;
        }
        *at = arena->next;
        orders[order].mapped -= arena->size;
        lade__arena_store(arena->base, arena->size, NULL);
        unmap(arena);
    }
}
