/*
 * Declares a generator that yields the items of an array. The generator may own the array.
 */
#ifndef LADE_ITER_SOURCE_H
#define LADE_ITER_SOURCE_H

#include <lade/gen.h>

/* Makes a generator of the n items at `first`. If `owned` is not NULL, the generator calls release(owned) when it ends
   or is freed. If there is no memory for the generator, this function calls release(owned) and returns NULL. */
struct lade_gen *lade__items_new(const void *first, size_t item_size, int item_class, int64_t n, void *owned,
                                 void (*release)(void *));

#endif
