/*
 * Words as numbers: the same word has the same number. For the classes of a list.
 */
#ifndef LADE_FLOW_SOURCE_STRING_TABLE_H
#define LADE_FLOW_SOURCE_STRING_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct lade__intern {
    char **words; /* (count) each a lade_alloc() */
    int32_t count, room;
    int32_t *slots; /* numbers + 1 by hash; a power of two of them */
    size_t slot_count;
};

/*
 * lade__intern_find()    - the number of the @n bytes of @word, or -1.
 * lade__intern_add()     - the same; a new word gets the next number. LADE_ENOMEM, also beyond 2^30 words.
 * lade__intern_sort()    - number the words anew, in byte order; rank[old] = new. LADE_ENOMEM. Finding ends with it.
 * lade__intern_release() - @in may be all zero.
 */
int32_t lade__intern_find(const struct lade__intern *in, const char *word, size_t n);
int32_t lade__intern_add(struct lade__intern *in, const char *word, size_t n);
int lade__intern_sort(struct lade__intern *in, int32_t **rank);
void lade__intern_release(struct lade__intern *in);

#endif
