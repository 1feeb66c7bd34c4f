/*
 * Maps arenas and cuts them into generator stacks. An arena is a large aligned mapping for stacks of one size, so the
 * arena and the stack that contain an address can be computed. The struct lade_stack of a stack is stored in a separate
 * mapping, so that all pages of the stack can be released.
 *
 * There is a guard below each stack. On Linux 6.13 and later, MADV_GUARD_INSTALL makes a guard without another mapping.
 * On other kernels mprotect() is used. It splits the arena into two mappings for each stack, so the process may reach
 * the limit vm.max_map_count; the error message names this limit. The stacks start at different cache lines, because
 * frames at the same offset would compete for the same sets of the first-level cache.
 *
 * Below each guard there is a gap of unused address space. A function that was compiled without
 * -fstack-clash-protection may skip the guard with one large frame. It then writes to the gap, and not to the stack of
 * another generator. A larger guard would have the same effect, but the kernel needs time and memory for each page of a
 * guard.
 */
#define _GNU_SOURCE /* madvise, MAP_ANONYMOUS */
#include "gen/arena.h"
#include "gen/valgrind.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#define NO_ADVICE 0x7fff /* an advice that no kernel implements */

enum {
    GAP = 192 * 1024,
    GUARD = 64 * 1024,
    ARENA_ORDER = 26,    /* an arena has 64 MiB of address space: 204 stacks of the default size */
    ARENA_SLOTS = 32768, /* size of the table of arenas, enough for 2 TiB of address space */
    STAGGER_LINES = 32   /* the starts of stacks differ by up to 32 cache lines, half a page */
};

struct arena {
    char *base;
    size_t stride; /* size of a gap, a guard and a stack together, in bytes */
    struct lade_stack *headers;
};

/* A hash table of the arenas, with open addressing. The key is address >> ARENA_ORDER. Entries are never removed, so
   readers need no lock. */
static struct arena arenas[ARENA_SLOTS];
static _Atomic uintptr_t arena_keys[ARENA_SLOTS];

/* The lock of the pool protects the next three variables. */
static struct {
    char *next, *end;           /* the part of the newest arena that is not cut into stacks yet */
    struct lade_stack *headers; /* the unused structs for the stacks in this part */
} uncut[LADE__MAX_ORDER + 1];
static unsigned stacks_cut;
static int guard_by_madvise = -1; /* 1: madvise() makes guards; 0: mprotect() does; -1: not tested yet */

/* ---- The table of arenas ----------------------------------------------------------------------------------------- */

static unsigned arena_slot(uintptr_t key) {
    return (unsigned)((key * 0x9E3779B97F4A7C15u) >> 49) % ARENA_SLOTS;
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

static int arena_register(char *base, size_t size, size_t stride, struct lade_stack *headers) {
    for (size_t offset = 0; offset < size; offset += (size_t)1 << ARENA_ORDER) {
        uintptr_t key = (uintptr_t)(base + offset) >> ARENA_ORDER;
        unsigned i = arena_slot(key), tries = 0;
        while (atomic_load_explicit(&arena_keys[i], memory_order_relaxed) && tries < ARENA_SLOTS)
            i = (i + 1) % ARENA_SLOTS, tries++;
        if (tries == ARENA_SLOTS)
            return -1;
        arenas[i] = (struct arena){base, stride, headers};
        atomic_store_explicit(&arena_keys[i], key, memory_order_release);
    }
    return 0;
}

char *lade__arena_limit(const char *address) {
    const struct arena *arena = arena_of(address);
    return arena ? arena->base + (size_t)(address - arena->base) / arena->stride * arena->stride + GAP + GUARD : NULL;
}

struct lade_stack *lade__arena_guarded(const char *address) {
    const struct arena *arena = arena_of(address);
    if (!arena)
        return NULL;
    size_t offset = (size_t)(address - arena->base) % arena->stride;
    struct lade_stack *stack = &arena->headers[(size_t)(address - arena->base) / arena->stride];
    return offset >= GAP && offset < GAP + GUARD && stack->low ? stack : NULL;
}

/* ---- Mapping and cutting ----------------------------------------------------------------------------------------- */

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

/*
 * Maps aligned memory. Under valgrind it is a block of malloc(), because the leak check would search all stacks in other
 * memory. The block is never freed, and *block points to it.
 */
static char *map_aligned(size_t size, size_t alignment, void **block) {
    char *raw = RUNNING_ON_VALGRIND ? malloc(size + alignment) : map(size + alignment);
    if (!raw)
        return NULL;
    char *base = (char *)(((uintptr_t)raw + alignment - 1) & ~(alignment - 1));
    *block = raw;
    if (RUNNING_ON_VALGRIND)
        return base;
    if (base > raw)
        munmap(raw, (size_t)(base - raw));
    munmap(base + size, (size_t)(raw + alignment - base));
    return base;
}

/* Maps an arena for stacks of 2^order bytes. Returns 0 or a status. */
static int arena_map(int order, struct lade_error *err) {
    const size_t unit = (size_t)1 << ARENA_ORDER;
    const size_t stride = ((size_t)1 << order) + GUARD + GAP;
    size_t size = (stride + unit - 1) & ~(unit - 1);
    void *block;
    char *base = map_aligned(size, unit, &block);
    if (!base)
        return no_address_space((size + unit) >> 20, err);
    const size_t stacks = size / stride;
    struct lade_stack *headers = map((stacks + 1) * sizeof *headers);
    if (!headers) {
        munmap(base, size);
        return no_address_space(1, err);
    }
    if (arena_register(base, size, stride, headers)) {
        munmap(base, size);
        munmap(headers, (stacks + 1) * sizeof *headers);
        return lade_error_set(err, LADE_ELIMIT,
                              "more than %d arenas of generator stacks; hold fewer generators at a time", ARENA_SLOTS);
    }
    headers[stacks].next = block; /* so that the block is not lost */
    uncut[order].next = base;
    uncut[order].end = base + stacks * stride;
    uncut[order].headers = headers;
    return 0;
}

static int guard_install(char *guard, struct lade_error *err) {
    if (guard_by_madvise < 0 && !madvise(guard, GUARD, NO_ADVICE))
        guard_by_madvise = 0; /* the program runs in qemu-user, which accepts every advice and ignores it */
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

struct lade_stack *lade__arena_cut(int order, struct lade_error *err) {
    if (uncut[order].next == uncut[order].end && arena_map(order, err))
        return NULL;
    char *guard = uncut[order].next + GAP, *low = guard + GUARD;
    size_t size = (size_t)1 << order;
    if (guard_install(guard, err))
        return NULL;
    uncut[order].next = low + size;
    struct lade_stack *stack = uncut[order].headers++;
    *stack = (struct lade_stack){
        .low = low, .top = low + size - 64 * (size_t)(stacks_cut++ % STAGGER_LINES), .order = order};
    VALGRIND_STACK_REGISTER(low, low + size);
    return stack;
}

void lade__arena_release_pages(const struct lade_stack *stack) {
    madvise(stack->low, (size_t)1 << stack->order, MADV_DONTNEED);
}
