/*
 * Declares a table of distinct strings. Each string has a number, and equal strings have the same number. The table is
 * used to number the classes of a list.
 */
#ifndef LADE_SRC_FLOW_SOURCE_STRING_TABLE_H
#define LADE_SRC_FLOW_SOURCE_STRING_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct lade__string_table {
    char **strings; /* (count) each string is allocated with lade_alloc() */
    int32_t count, capacity;
    int32_t *slots;    /* hash table; a slot contains the number of a string + 1, or 0 if it is free */
    size_t slot_count; /* a power of two */
};

/*
 * lade__string_table_find()    - returns the number of the string that consists of the @n bytes at @string, or -1 if
 *                                the string is not in the table.
 * lade__string_table_add()     - returns the number of the string. If the string is not in the table, adds it with the
 *                                next number. Returns LADE_ENOMEM if there is no memory, or for more than 2^30 strings.
 * lade__string_table_sort()    - renumbers the strings in byte order. (*rank)[i] is the new number of the string that
 *                                had the number i. The caller frees *rank with lade_free(). Afterwards the table cannot
 *                                be searched. Returns LADE_OK or LADE_ENOMEM.
 * lade__string_table_release() - frees the memory. @t may be all zero.
 */
int32_t lade__string_table_find(const struct lade__string_table *t, const char *string, size_t n);
int32_t lade__string_table_add(struct lade__string_table *t, const char *string, size_t n);
int lade__string_table_sort(struct lade__string_table *t, int32_t **rank);
void lade__string_table_release(struct lade__string_table *t);

#endif
