/*
 * counter: how often each item occurs. The items are sorted, and each run of equal items becomes one entry.
 */
#include "collect/container.h"
#include "gen/gen_impl.h"
#include "itertools/key.h"

/* Stores one entry of the dict: an item, and its count as a long. */
static void store(char *entry, const struct lade__tally *to, const void *item, size_t item_size, long count) {
    memset(entry, 0, to->size);
    memcpy(entry + to->item_offset, item, item_size);
    memcpy(entry + to->count_offset, &count, sizeof count);
}

void *lade__counter(struct lade_gen *g, int owned, const struct lade__by *by, const struct lade__tally *to,
                    struct lade_error *err, struct lade_port *body) {
    char *items = lade__sorted(g, owned, by, err, body);
    if (!items)
        return NULL;
    const size_t n = lade__header(items)->length, size = lade__header(items)->item_size;
    char *entries = lade__container_new(LADE__DICT, to->size, n);
    size_t used = 0;
    for (size_t i = 0, run; entries && i < n; i += run) {
        for (run = 1; i + run < n && !by->compare(items + i * size, items + (i + run) * size);)
            run++;
        store(entries + used++ * to->size, to, items + i * size, size, (long)run);
    }
    lade__container_free(items);
    if (entries)
        return lade__container_finish(entries, used);
    struct lade_port carrier = {.item_size = 1};
    lade__raise(&carrier, LADE_ENOMEM, "counter: out of memory");
    lade__deliver(&carrier, err, body);
    return NULL;
}
