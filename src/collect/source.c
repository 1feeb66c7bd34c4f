/*
 * Makes a generator that yields the items of a container, so that each consumer and combinator also accepts a
 * container.
 */
#include "collect/container.h"
#include "iter/source.h"

#include <string.h>

lade_generator_static(char, not_a_container) {
    lade_fail_status(LADE_EINVAL, "this pointer is not a container of lade; write from_array(p, n) for an array, and "
                                  "from_string(s) for the characters of a string");
}

void *lade__from_container(const void *items, int temporary, size_t item_size, int item_class) {
    if (items && !lade__is_marked(items))
        return (void *)not_a_container();
    int64_t n = items ? (int64_t)lade__header(items)->length : 0;
    void *owned = temporary ? (void *)(uintptr_t)items : NULL;
    return lade__items_new(items, item_size, item_class, n, owned, lade__container_free);
}
