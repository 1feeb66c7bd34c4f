/*
 * Sorts items and removes duplicates, for sets and dicts.
 */
#include "collect/container.h"

#include <string.h>

/* Sorts pointers to the items with a merge sort. qsort() is not used for two reasons: qsort() is not stable, and it
   passes no context to the comparison function. */
void lade__merge_sort(const char **items, const char **spare, size_t n, struct lade__key key) {
    if (n < 2)
        return;
    size_t half = n / 2;
    lade__merge_sort(items, spare, half, key);
    lade__merge_sort(items + half, spare, n - half, key);
    memcpy(spare, items, half * sizeof *items);
    size_t left = 0, right = half, out = 0;
    while (left < half && right < n)
        items[out++] =
            key.compare(items[right] + key.offset, spare[left] + key.offset) < 0 ? items[right++] : spare[left++];
    memcpy(items + out, spare + left, (half - left) * sizeof *items);
}

int lade__sort_unique(void *items, struct lade__key key) {
    struct lade_header *header = lade__header(items);
    size_t n = header->length, size = header->item_size, kept = 0;
    const char **order = lade_calloc(n ? n : 1, 2 * sizeof *order);
    char *sorted = lade_calloc(n ? n : 1, size);
    if (!order || !sorted) {
        lade_free(order);
        lade_free(sorted);
        return LADE_ENOMEM;
    }
    for (size_t i = 0; i < n; i++)
        order[i] = (const char *)items + i * size;
    lade__merge_sort(order, order + n, n, key);
    for (size_t i = 0; i < n; i++)
        if (i + 1 == n || key.compare(order[i] + key.offset, order[i + 1] + key.offset))
            memcpy(sorted + kept++ * size, order[i], size);
    memcpy(items, sorted, kept * size);
    lade__container_set_length(items, kept);
    lade_free(order);
    lade_free(sorted);
    return LADE_OK;
}
