/*
 * Provides the memory for the stacks of generators. See arena.c.
 */
#ifndef LADE_GEN_ARENA_H
#define LADE_GEN_ARENA_H

#include "gen/stack.h"

enum {
    LADE__MIN_ORDER = 15, /* log2 of the smallest stack: 32 KiB, twice the stack space that each body has at least */
    LADE__MAX_ORDER = 30  /* log2 of the largest stack: 1 GiB */
};

/* Makes a new stack of 2^order bytes with a guard below it. On error, fills *err and returns NULL. The caller holds the
   lock of the pool.
   */
struct lade_stack *lade__arena_cut(int order, struct lade_error *err);

/* Returns the lowest usable address of the generator stack that contains `address`; NULL if no generator stack contains
   it. */
char *lade__arena_limit(const char *address);

/* Returns the stack whose guard contains `address`; NULL if there is none. Signal handlers may call this function. */
struct lade_stack *lade__arena_guarded(const char *address);

/* Returns the pages of a stack to the system; the address space stays reserved. */
void lade__arena_release_pages(const struct lade_stack *stack);

#endif
