/*
 * A hash table with open addressing: lists name a class a million times.
 */
#include "flow/source/string_table.h"

#include <lade/base.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* Where @word is, or the free slot where it would be. */
static size_t place(const struct lade__intern *in, const char *word, size_t n) {
    size_t at = (size_t)XXH3_64bits(word, n) & (in->slot_count - 1);

    for (; in->slots[at]; at = (at + 1) & (in->slot_count - 1)) {
        const char *there = in->words[in->slots[at] - 1];
        if (strncmp(there, word, n) == 0 && there[n] == 0)
            break;
    }
    return at;
}

int32_t lade__intern_find(const struct lade__intern *in, const char *word, size_t n) {
    return in->slot_count ? in->slots[place(in, word, n)] - 1 : -1;
}

static int grow(struct lade__intern *in) {
    size_t count = in->slot_count ? in->slot_count * 2 : 64;
    int32_t *slots = lade_calloc(count, sizeof *slots), room = (int32_t)(count / 2);
    char **words = lade_realloc(in->words, (size_t)room, sizeof *words);

    in->words = words ? words : in->words;
    if (!slots || !words || in->count >= 1 << 30) {
        lade_free(slots);
        return LADE_ENOMEM;
    }
    lade_free(in->slots);
    in->slots = slots;
    in->slot_count = count;
    in->room = room;
    for (int32_t i = 0; i < in->count; i++)
        slots[place(in, in->words[i], strlen(in->words[i]))] = i + 1;
    return LADE_OK;
}

int32_t lade__intern_add(struct lade__intern *in, const char *word, size_t n) {
    int32_t known = lade__intern_find(in, word, n);

    if (known >= 0)
        return known;
    char *copy = in->count < in->room || grow(in) == LADE_OK ? lade_alloc(n + 1) : NULL;
    if (!copy)
        return LADE_ENOMEM;
    memcpy(copy, word, n);
    copy[n] = 0;
    in->words[in->count] = copy;
    in->slots[place(in, word, n)] = in->count + 1;
    return in->count++;
}

struct numbered {
    char *word;
    int32_t old;
};

static int by_bytes(const void *a, const void *b) {
    return strcmp(((const struct numbered *)a)->word, ((const struct numbered *)b)->word);
}

int lade__intern_sort(struct lade__intern *in, int32_t **rank) {
    struct numbered *table = lade_calloc((size_t)in->count + 1, sizeof *table);

    *rank = lade_calloc((size_t)in->count + 1, sizeof **rank);
    if (!table || !*rank) {
        lade_free(table);
        lade_free(*rank);
        *rank = NULL;
        return LADE_ENOMEM;
    }
    for (int32_t i = 0; i < in->count; i++)
        table[i] = (struct numbered){in->words[i], i};
    qsort(table, (size_t)in->count, sizeof *table, by_bytes);
    for (int32_t i = 0; i < in->count; i++) {
        in->words[i] = table[i].word;
        (*rank)[table[i].old] = i;
    }
    lade_free(table);
    return LADE_OK;
}

void lade__intern_release(struct lade__intern *in) {
    for (int32_t i = 0; i < in->count; i++)
        lade_free(in->words[i]);
    lade_free(in->words);
    lade_free(in->slots);
    *in = (struct lade__intern){0};
}
