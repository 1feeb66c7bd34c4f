/*
 * Implements the index of arenas as a tree with three levels, like the page table of a CPU. Bits 36 to 47 of an address
 * are the index in the first level. Bits 26 to 35 are the index in a node of the second level. Bits 20 to 25 are the
 * index in a leaf. Nodes are made when they are needed and stay until the library is unloaded, so a reader needs no
 * lock.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "gen/stack/arena_index.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>

enum { UNIT_BITS = 20, LEAF_BITS = 6, NODE_BITS = 10, ROOT_BITS = 12, NODES_AT_ONCE = 32 * 1024 };

struct leaf {
    struct lade__arena *_Atomic arenas[1 << LEAF_BITS];
};

struct node {
    struct leaf *_Atomic leaves[1 << NODE_BITS];
};

static struct node *_Atomic root[1 << ROOT_BITS];

/* Nodes and leaves are allocated from blocks. Each block begins with a pointer to the block that was made before it. */
static char *block, *block_next, *block_end;

static void *make(size_t size) {
    if ((size_t)(block_end - block_next) < size) {
        void *p = mmap(NULL, NODES_AT_ONCE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            return NULL;
        *(char **)p = block;
        block = p;
        block_next = block + sizeof(char *);
        block_end = block + NODES_AT_ONCE;
    }
    void *made = block_next;
    block_next += size;
    return made;
}

static unsigned part(uintptr_t unit, int shift, int bits) {
    return (unsigned)(unit >> shift) & ((1U << bits) - 1);
}

struct lade__arena *lade__arena_find(const char *address) {
    uintptr_t unit = (uintptr_t)address >> UNIT_BITS;
    if (unit >> (ROOT_BITS + NODE_BITS + LEAF_BITS))
        return NULL;
    struct node *node = atomic_load_explicit(&root[part(unit, NODE_BITS + LEAF_BITS, ROOT_BITS)], memory_order_acquire);
    if (!node)
        return NULL;
    struct leaf *leaf = atomic_load_explicit(&node->leaves[part(unit, LEAF_BITS, NODE_BITS)], memory_order_acquire);
    return leaf ? atomic_load_explicit(&leaf->arenas[part(unit, 0, LEAF_BITS)], memory_order_acquire) : NULL;
}

/* Returns the leaf for this unit of addresses. Makes the leaf if it does not exist yet. Returns NULL if there is no
   memory or if the address is too large. */
static struct leaf *leaf_of(uintptr_t unit) {
    if (unit >> (ROOT_BITS + NODE_BITS + LEAF_BITS))
        return NULL;
    struct node *_Atomic *at = &root[part(unit, NODE_BITS + LEAF_BITS, ROOT_BITS)];
    struct node *node = *at;
    if (!node) {
        if (!(node = make(sizeof *node)))
            return NULL;
        atomic_store_explicit(at, node, memory_order_release);
    }
    struct leaf *_Atomic *under = &node->leaves[part(unit, LEAF_BITS, NODE_BITS)];
    struct leaf *leaf = *under;
    if (!leaf) {
        if (!(leaf = make(sizeof *leaf)))
            return NULL;
        atomic_store_explicit(under, leaf, memory_order_release);
    }
    return leaf;
}

int lade__arena_store(const char *base, size_t size, struct lade__arena *arena) {
    const uintptr_t first = (uintptr_t)base >> UNIT_BITS, end = first + (size >> UNIT_BITS);
    for (uintptr_t unit = first; unit < end; unit++)
        if (!leaf_of(unit))
            return -1;
    for (uintptr_t unit = first; unit < end; unit++)
        atomic_store_explicit(&leaf_of(unit)->arenas[part(unit, 0, LEAF_BITS)], arena, memory_order_release);
    return 0;
}

void lade__arena_index_free(void) {
    while (block) {
        char *older = *(char **)(void *)block;
        munmap(block, NODES_AT_ONCE);
        block = older;
    }
}
