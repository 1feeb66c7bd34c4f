/*
 * Provides the memory for the stacks of generators. See arena.c.
 */
#ifndef LADE_GEN_STACK_ARENA_H
#define LADE_GEN_STACK_ARENA_H

#include <lade/base.h>
#include <stdbool.h>

enum {
    LADE__MIN_ORDER = 15,   /* log2 of the smallest stack: 32 KiB, twice the minimum stack space of a body */
    LADE__MAX_ORDER = 30,   /* log2 of the largest stack: 1 GiB */
    LADE__GAP = 192 * 1024, /* unused address space below each guard, in bytes; see arena.c */
    LADE__GUARD = 64 * 1024 /* memory without access below each stack, in bytes */
};

struct lade_stack {
    char *low;      /* lowest usable address; the guard is below it */
    char *top;      /* address at which the first frame begins, aligned to 64 bytes */
    int order;      /* log2 of the size of the stack in bytes */
    bool unused;    /* the stack is in the depot, which contains the free stacks (see stack.c) */
    bool has_pages; /* the stack may have memory: it was used after its pages were last released */
    struct lade__arena *arena;
    const struct lade_gen *g; /* the generator whose code runs on the stack; NULL for lade_call_with_stack() */
    struct lade_stack *next;
};

/* A memory mapping that is divided into stacks of one size. To cut a stack means to make the next stack of the arena,
   when a stack is needed. */
struct lade__arena {
    char *base;
    size_t size, stride;      /* a stride is the size of a gap, a guard and a stack together, in bytes */
    bool writable;            /* true: the whole arena is writable; false: only the stacks that were cut are writable */
    unsigned stacks, cut;     /* number of stacks that fit into the arena, and number of stacks that were cut */
    unsigned unused;          /* number of stacks in the depot */
    unsigned have_pages;      /* number of stacks in the depot whose pages are not released */
    void *block;              /* under valgrind: the block of malloc() that contains the arena */
    struct lade__arena *next; /* the next older arena for stacks of this size */
    struct lade_stack stack[];
};

/*
 * The caller of these functions must hold the lock of the pool.
 *
 * lade__arena_cut()     - makes a new stack of 2^order bytes with a guard below it. Returns NULL with *err on error.
 * lade__arena_clean()   - releases the pages of all unused stacks of 2^order bytes.
 * lade__arena_unmap()   - unmaps the arenas whose stacks are all unused, and removes these stacks from @list.
 */
struct lade_stack *lade__arena_cut(int order, struct lade_error *err);
void lade__arena_clean(int order);
void lade__arena_unmap(int order, struct lade_stack **list);

/* Returns the lowest usable address of the generator stack that contains `address`. Returns NULL if no generator
   stack contains this address. */
char *lade__arena_limit(const char *address);

/* Returns the stack whose guard contains `address`, or NULL. Signal handlers may call this function. */
struct lade_stack *lade__arena_guarded(const char *address);

#endif
