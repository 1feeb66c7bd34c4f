/*
 * Computes combinations of indices in lexicographic order. combine.c yields the items that have these indices.
 * partition.c divides a list of items at these indices.
 */
#ifndef LADE_ITERTOOLS_COMBINATION_H
#define LADE_ITERTOOLS_COMBINATION_H

#include <stdbool.h>
#include <stddef.h>

/* Sets index[from], ..., index[to - 1] to first, first + step, first + 2 * step, ... */
static inline void lade__count_up(size_t *index, size_t from, size_t to, size_t first, size_t step) {
    for (size_t i = from; i < to; i++)
        index[i] = first + (i - from) * step;
}

/* Replaces a combination of r of the indices 0, ..., n - 1 by the next combination. `step` is 0 if an index may occur
   several times, and 1 otherwise. Returns false if there is no next combination. */
static inline bool lade__next_combination(size_t *index, size_t r, size_t n, size_t step) {
    size_t i = r;
    while (i > 0 && index[i - 1] == n - 1 - (r - i) * step)
        i--;
    if (i)
        lade__count_up(index, i - 1, r, index[i - 1] + 1, step);
    return i > 0;
}

#endif
