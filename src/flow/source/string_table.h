/*
 * A table of distinct strings: equal strings have the same number. It numbers the classes of a list.
 */
#ifndef LADE_SRC_FLOW_SOURCE_STRING_TABLE_H
#define LADE_SRC_FLOW_SOURCE_STRING_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct lade__string_table {
    char **strings; /* (count) each from lade_alloc() */
    int32_t count, capacity;
    int32_t *slots;    /* hash table of numbers + 1; 0: free */
    size_t slot_count; /* a power of two */
};

/*
 * lade__string_table_find()    - returns the number of the @n bytes at @string, or -1 if they are not in the table.
 * lade__string_table_add()     - returns the same number, and adds a new string under the next number. Returns
 *                                LADE_ENOMEM if there is no memory, or for more than 2^30 strings.
 * lade__string_table_sort()    - renumbers the strings in byte order; (*rank)[old] is the new number. Afterwards the
 *                                table cannot be searched. Returns LADE_OK or LADE_ENOMEM.
 * lade__string_table_release() - frees the memory. @t may be all zero.
 */
int32_t lade__string_table_find(const struct lade__string_table *t, const char *string, size_t n);
int32_t lade__string_table_add(struct lade__string_table *t, const char *string, size_t n);
int lade__string_table_sort(struct lade__string_table *t, int32_t **rank);
void lade__string_table_release(struct lade__string_table *t);

#endif
