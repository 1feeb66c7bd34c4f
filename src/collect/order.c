/*
 * Order and equality of numbers and strings, for sets, dicts and `contains`. NaN sorts behind every number and is equal
 * to itself here, so that a set holds at most one.
 */
#include "collect/container.h"

#include <stdlib.h>
#include <string.h>

#define THREE_WAY(T)                \
    do {                            \
        T x, y;                     \
        memcpy(&x, a, sizeof x);    \
        memcpy(&y, b, sizeof y);    \
        if (x < y || x > y)         \
            return x < y ? -1 : 1;  \
        return (x != x) - (y != y); \
    } while (0)

int lade__compare(const void *a, const void *b, int type) {
    switch (type) {
    case LADE_FLOAT32:
        THREE_WAY(float);
    case LADE_FLOAT64:
        THREE_WAY(double);
    case LADE__BOOL:
        THREE_WAY(bool);
    case LADE__CHAR:
        THREE_WAY(char);
    case LADE_UINT8:
        THREE_WAY(uint8_t);
    case LADE_INT8:
        THREE_WAY(int8_t);
    case LADE_INT16:
        THREE_WAY(int16_t);
    case LADE_UINT16:
        THREE_WAY(uint16_t);
    case LADE_INT32:
        THREE_WAY(int32_t);
    case LADE_UINT32:
        THREE_WAY(uint32_t);
    case LADE_INT64:
        THREE_WAY(int64_t);
    case LADE_UINT64:
        THREE_WAY(uint64_t);
    case LADE__STRING: {
        const char *x, *y;
        memcpy(&x, a, sizeof x);
        memcpy(&y, b, sizeof y);
        if (!x || !y)
            return (y == NULL) - (x == NULL);
        int order = strcmp(x, y);
        return (order > 0) - (order < 0);
    }
    default:
        return 0;
    }
}

/* qsort has no context argument in C11 and is not stable: sort indices by hand, merging. */
static void merge_sort(const char **items, const char **spare, size_t n, struct lade__key key) {
    if (n < 2)
        return;
    size_t half = n / 2;
    merge_sort(items, spare, half, key);
    merge_sort(items + half, spare, n - half, key);
    memcpy(spare, items, half * sizeof *items);
    size_t left = 0, right = half, out = 0;
    while (left < half && right < n)
        items[out++] = lade__compare(items[right] + key.offset, spare[left] + key.offset, key.type) < 0 ? items[right++]
                                                                                                        : spare[left++];
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
    merge_sort(order, order + n, n, key);
    for (size_t i = 0; i < n; i++)
        if (i + 1 == n || lade__compare(order[i] + key.offset, order[i + 1] + key.offset, key.type))
            memcpy(sorted + kept++ * size, order[i], size);
    memcpy(items, sorted, kept * size);
    header->length = kept;
    header->shape[0] = (int64_t)kept;
    lade_free(order);
    lade_free(sorted);
    return LADE_OK;
}
