/*
 * Containers: items in one block of memory behind a hidden header. See container.c.
 */
#ifndef LADE_COLLECT_CONTAINER_H
#define LADE_COLLECT_CONTAINER_H

#include <lade/collect.h>

struct lade_header {
    size_t length, capacity, item_size;
    enum lade__container_kind kind;
    int ndim;
    int64_t shape[LADE_MAX_DIMS]; /* of arrays */
} __attribute__((aligned(16)));

/* The header of a container; not for NULL. */
static inline struct lade_header *lade__header(const void *items) {
    return (struct lade_header *)(uintptr_t)items - 1;
}

/* Room for `capacity` items: a new container, or NULL. */
void *lade__container_new(enum lade__container_kind kind, size_t item_size, size_t capacity);

/* The same items in more room; NULL (no memory, too large): the old container is still there. */
void *lade__container_grow(void *items, size_t capacity);

/* The items are complete: their number, and memory cut to it. Never fails; returns where they are now. */
void *lade__container_seal(void *items, size_t length);

/* Sort by key and keep the last of equal ones: a set, a dict. 0, or LADE_ENOMEM. */
int lade__sort_unique(void *items, struct lade__key key);

#endif
