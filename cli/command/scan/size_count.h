/*
 * size_count.h - counts how often each image size occurs, in a hash table.
 */
#ifndef LADE_CLI_COMMAND_SCAN_SIZE_COUNT_H
#define LADE_CLI_COMMAND_SCAN_SIZE_COUNT_H

#include <stddef.h>
#include <stdint.h>

struct size_entry {
    int height, width;
    int64_t count; /* 0 means that the entry is unused */
};

/* Initialise it with {0}. */
struct size_count {
    struct size_entry *entries;
    size_t used, capacity; /* the capacity is a power of two */
};

/* Counts one image; ends the program if memory runs out. */
void size_count_add(struct size_count *sizes, int height, int width);

/*
 * Sorts entries[0 .. used - 1] by frequency, the highest first, and then by height and width. Afterwards no image can
 * be counted.
 */
void size_count_sort(struct size_count *sizes);
void size_count_free(struct size_count *sizes);

#endif
