/*
 * size_count.h - counts the images of each size in a hash table.
 */
#ifndef LADE_CLI_COMMAND_SCAN_SIZE_COUNT_H
#define LADE_CLI_COMMAND_SCAN_SIZE_COUNT_H

#include <stddef.h>
#include <stdint.h>

struct size_entry {
    int height, width;
    int64_t count; /* number of images of this size; 0 means that the entry is unused */
};

/* Initialise the struct with {0}. */
struct size_count {
    struct size_entry *entries;
    size_t used, capacity; /* the capacity is a power of two */
};

/* Counts one image. Ends the program if memory runs out. */
void size_count_add(struct size_count *sizes, int height, int width);

/*
 * Moves all used entries to entries[0 .. used - 1] and sorts them by count, the highest first. Entries with equal
 * counts are sorted by height and width. After this call, no more images can be counted.
 */
void size_count_sort(struct size_count *sizes);
void size_count_free(struct size_count *sizes);

#endif
