/*
 * base/array.h - arrays that grow while another thread may call fork().
 *
 * The function is not public. LADE_API exports it, because the library lade-data calls it.
 */
#ifndef LADE_SRC_BASE_ARRAY_H
#define LADE_SRC_BASE_ARRAY_H

#include <lade/base.h>

/*
 * lade__array_grow() - enlarges an array. *capacity is the number of its elements. The function stores the new number
 *                      of elements in *capacity. The new elements are zero.
 *
 *                      With realloc(), a child process would have an invalid pointer if the process forks after
 *                      realloc() has freed the old memory and before the caller has stored the new pointer. This
 *                      function changes the pointer and the capacity before it frees the old memory, so the pointer
 *                      and the capacity are valid in a child process. The caller must make sure that no other thread
 *                      changes the array at the same time.
 *
 * @pointer_to_array  the address of the pointer to the array, for example a `struct item **`; the pointer may be NULL
 * @size              size of an element in bytes
 *
 * Returns LADE_OK. If there is no memory, changes nothing and returns LADE_ENOMEM.
 */
LADE_API int lade__array_grow(void *pointer_to_array, int64_t *capacity, size_t size);

#endif
