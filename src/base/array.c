/*
 * Makes arrays larger. If the process calls fork() while an array is being enlarged, the array in the child process is
 * valid.
 */
#include "base/array.h"

#include <string.h>

int lade__array_grow(void *pointer_to_array, int64_t *capacity, size_t size) {
    int64_t larger = *capacity * 2 + 4;
    void *before, *p = lade_calloc((size_t)larger, size);

    if (!p)
        return LADE_ENOMEM;
    memcpy(&before, pointer_to_array, sizeof before); /* a `struct item **` may not be read as a `void **` */
    if (before)
        memcpy(p, before, (size_t)*capacity * size);
    memcpy(pointer_to_array, &p, sizeof p); /* is set before *capacity, which must never be larger than the array */
    *capacity = larger;
    lade_free(before);
    return LADE_OK;
}
