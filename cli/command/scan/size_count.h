/*
 * size_count.h - how often each image size occurs: a small hash table, for data sets have few sizes or very many.
 */
#ifndef LADE_CLI_COMMAND_SCAN_SIZE_COUNT_H
#define LADE_CLI_COMMAND_SCAN_SIZE_COUNT_H

#include <stddef.h>
#include <stdint.h>

struct size_entry {
    int height, width;
    int64_t count; /* 0: the place is free */
};

/* Starts as {0}. */
struct size_count {
    struct size_entry *entries;
    size_t used, capacity; /* capacity: a power of two */
};

/* Count one image; ends the program when there is no memory. */
void size_count_add(struct size_count *sizes, int height, int width);

/* Order the entries, most frequent first, then by height and width: entries[0 .. used - 1]. Nothing can be added then.
 */
void size_count_sort(struct size_count *sizes);
void size_count_free(struct size_count *sizes);

#endif
