/*
 * Defines the header that is stored before the items of a container. See container.c.
 */
#ifndef LADE_COLLECT_CONTAINER_H
#define LADE_COLLECT_CONTAINER_H

#include <lade/collect.h>

struct lade_header {
    size_t length, capacity, item_size, spare; /* spare: the number of unused bytes before the header */
    enum lade__container_kind kind;
    int ndim;
    int64_t shape[LADE_MAX_DIMS]; /* array: the sizes; other containers: shape[0] is the length */
    uintptr_t mark;               /* the address of the items XOR MARK of container.c */
} __attribute__((aligned(16)));

/* Returns the header of a container, which must not be NULL. */
static inline struct lade_header *lade__header(const void *items) {
    return (struct lade_header *)(uintptr_t)items - 1;
}

/* Returns true if `items` is a container that has not been freed. `items` may be any pointer to an object.
   AddressSanitizer must not check this function, because the memory before an object may be unallocated. */
bool lade__is_marked(const void *items);

/* Makes a container with memory for `capacity` items. Returns NULL if there is no memory. */
void *lade__container_new(enum lade__container_kind kind, size_t item_size, size_t capacity);

/* Changes the memory of a container to `capacity` items. Returns the items, which may have moved. If there is no
   memory, returns NULL and does not change the container. */
void *lade__container_grow(void *items, size_t capacity);

/* Sets the number of items, which is at most the capacity. In a list of char, stores a 0 after the items, so that
   the list is also a string. */
void lade__container_set_length(void *items, size_t length);

/* Sets the number of items and frees the unused memory. Never fails. Returns the items, which may have moved. */
void *lade__container_finish(void *items, size_t length);

/* Sorts the items of a set or dict by key. If several items have equal keys, keeps the last of them. Returns 0 or
   LADE_ENOMEM. */
int lade__sort_unique(void *items, struct lade__key key);

/* Sorts n pointers to items by key. Equal items keep their order. `spare` is memory for n pointers. */
void lade__merge_sort(const char **items, const char **spare, size_t n, struct lade__key key);

#endif
