/*
 * Implements the table of strings as a hash table with open addressing. A search must be fast, because a long list
 * names the same classes a million times.
 */
#include "flow/source/string_table.h"

#include <lade/base.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* Returns the slot of @string, or a free slot in which @string can be stored. */
static size_t find_slot(const struct lade__string_table *t, const char *string, size_t n) {
    size_t at = (size_t)XXH3_64bits(string, n) & (t->slot_count - 1);

    for (; t->slots[at]; at = (at + 1) & (t->slot_count - 1)) {
        const char *other = t->strings[t->slots[at] - 1];
        if (strncmp(other, string, n) == 0 && other[n] == 0)
            break;
    }
    return at;
}

int32_t lade__string_table_find(const struct lade__string_table *t, const char *string, size_t n) {
    return t->slot_count ? t->slots[find_slot(t, string, n)] - 1 : -1;
}

static int grow(struct lade__string_table *t) {
    size_t count = t->slot_count ? t->slot_count * 2 : 64;
    int32_t *slots = lade_calloc(count, sizeof *slots), capacity = (int32_t)(count / 2);
    char **strings = lade_realloc(t->strings, (size_t)capacity, sizeof *strings);

    t->strings = strings ? strings : t->strings;
    if (!slots || !strings || t->count >= 1 << 30) {
        lade_free(slots);
        return LADE_ENOMEM;
    }
    lade_free(t->slots);
    t->slots = slots;
    t->slot_count = count;
    t->capacity = capacity;
    for (int32_t i = 0; i < t->count; i++)
        slots[find_slot(t, t->strings[i], strlen(t->strings[i]))] = i + 1;
    return LADE_OK;
}

int32_t lade__string_table_add(struct lade__string_table *t, const char *string, size_t n) {
    int32_t found = lade__string_table_find(t, string, n);

    if (found >= 0)
        return found;
    char *copy = t->count < t->capacity || grow(t) == LADE_OK ? lade_alloc(n + 1) : NULL;
    if (!copy)
        return LADE_ENOMEM;
    memcpy(copy, string, n);
    copy[n] = 0;
    t->strings[t->count] = copy;
    t->slots[find_slot(t, string, n)] = t->count + 1;
    return t->count++;
}

struct numbered {
    char *string;
    int32_t old;
};

static int by_bytes(const void *a, const void *b) {
    return strcmp(((const struct numbered *)a)->string, ((const struct numbered *)b)->string);
}

int lade__string_table_sort(struct lade__string_table *t, int32_t **rank) {
    struct numbered *table = lade_calloc((size_t)t->count + 1, sizeof *table);

    *rank = lade_calloc((size_t)t->count + 1, sizeof **rank);
    if (!table || !*rank) {
        lade_free(table);
        lade_free(*rank);
        *rank = NULL;
        return LADE_ENOMEM;
    }
    for (int32_t i = 0; i < t->count; i++)
        table[i] = (struct numbered){t->strings[i], i};
    qsort(table, (size_t)t->count, sizeof *table, by_bytes);
    for (int32_t i = 0; i < t->count; i++) {
        t->strings[i] = table[i].string;
        (*rank)[table[i].old] = i;
    }
    lade_free(table);
    return LADE_OK;
}

void lade__string_table_release(struct lade__string_table *t) {
    for (int32_t i = 0; i < t->count; i++)
        lade_free(t->strings[i]);
    lade_free(t->strings);
    lade_free(t->slots);
    *t = (struct lade__string_table){0};
}
