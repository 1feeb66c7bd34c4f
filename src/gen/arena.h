/*
 * Memory for the stacks of generators, mapped in large arenas. See arena.c.
 */
#ifndef LADE_GEN_ARENA_H
#define LADE_GEN_ARENA_H

#include "gen/stack.h"

enum {
    LADE__MIN_ORDER = 15, /* 32 KiB, twice the stack that every generator function gets */
    LADE__MAX_ORDER = 30  /* 1 GiB */
};

/* Makes a new stack of 2^order bytes with a guard below it. Returns NULL with *err. The caller holds the pool's lock.
   */
struct lade_stack *lade__arena_cut(int order, struct lade_error *err);

/* The lowest usable address of the generator stack on which `address` lies; NULL if it is on no such stack. */
char *lade__arena_limit(const char *address);

/* Returns the pages of a stack to the system; the address space stays reserved. */
void lade__arena_release_pages(const struct lade_stack *stack);

#endif
