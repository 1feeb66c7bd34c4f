/*
 * A generator of the items of an array, for sources that own the array.
 */
#ifndef LADE_ITER_SOURCE_H
#define LADE_ITER_SOURCE_H

#include <lade/gen.h>

/* Makes a generator of the n items at `first`. When it ends or is freed, and if there is no memory for it, it calls
   release(owned) unless `owned` is NULL. */
struct lade_gen *lade__items_new(const void *first, size_t item_size, int item_class, int64_t n, void *owned,
                                 void (*release)(void *));

#endif
