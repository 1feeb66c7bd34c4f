/*
 * Implements a hash table with open addressing and linear probing. At most half of the entries are used.
 */
#include "command/scan/size_count.h"

#include <stdlib.h>

#include "terminal/text.h"

static struct size_entry *find(const struct size_count *sizes, int height, int width) {
    uint64_t hash = ((uint64_t)(uint32_t)height << 32 | (uint32_t)width) * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = (size_t)(hash >> 32);; i++) {
        struct size_entry *e = &sizes->entries[i & (sizes->capacity - 1)];
        if (e->count == 0 || (e->height == height && e->width == width))
            return e;
    }
}

static void grow(struct size_count *sizes) {
    struct size_count larger = {.capacity = sizes->capacity ? sizes->capacity * 2 : 64, .used = sizes->used};
    larger.entries = text_alloc(larger.capacity, sizeof *larger.entries);
    for (size_t i = 0; i < sizes->capacity; i++)
        if (sizes->entries[i].count)
            *find(&larger, sizes->entries[i].height, sizes->entries[i].width) = sizes->entries[i];
    free(sizes->entries);
    *sizes = larger;
}

void size_count_add(struct size_count *sizes, int height, int width) {
    if (sizes->used * 2 >= sizes->capacity)
        grow(sizes);
    struct size_entry *e = find(sizes, height, width);
    sizes->used += e->count == 0;
    *e = (struct size_entry){height, width, e->count + 1};
}

static int compare(const void *left, const void *right) {
    const struct size_entry *a = left, *b = right;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    if (a->height != b->height)
        return a->height < b->height ? -1 : 1;
    return a->width < b->width ? -1 : a->width > b->width;
}

void size_count_sort(struct size_count *sizes) {
    if (sizes->capacity)
        qsort(sizes->entries, sizes->capacity, sizeof *sizes->entries, compare); /* unused entries move to the end */
}

void size_count_free(struct size_count *sizes) {
    free(sizes->entries);
    *sizes = (struct size_count){0};
}
