/*
 * Finds the arena that contains an address. See arena_index.c.
 */
#ifndef LADE_GEN_STACK_ARENA_INDEX_H
#define LADE_GEN_STACK_ARENA_INDEX_H

#include "gen/stack/arena.h"

/* The sizes and addresses of arenas are multiples of this number of bytes. */
#define LADE__ARENA_UNIT ((size_t)1 << 20)

/* Returns the arena that contains @address, or NULL. Any thread may call the function, without a lock. */
struct lade__arena *lade__arena_find(const char *address);

/* Stores @arena, which may be NULL, for the @size bytes at @base. Returns 0. If there is no memory for the index, or
   if the address is too large, returns -1 and does not change the index. The caller must hold the lock of the pool. */
int lade__arena_store(const char *base, size_t size, struct lade__arena *arena);

/* Frees the memory of the index. The index must not be used afterwards. */
void lade__arena_index_free(void);

#endif
