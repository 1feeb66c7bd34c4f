/*
 * Implements counter, which counts equal items. The items are sorted, and each sequence of equal items becomes one
 * entry of a dict.
 */
#include "collect/container.h"
#include "gen/gen_impl.h"
#include "itertools/key.h"

struct counted {
    char *items; /* in ascending order */
    size_t n, size;
    bool texts; /* true if the items are strings, which are copied to the memory after the entries */
    const struct lade__by *by;
    const struct lade__tally *to;
};

/* Returns the number of equal items from index i on. */
static size_t run_length(const struct counted *c, size_t i) {
    size_t run = 1;
    while (i + run < c->n && !c->by->compare(c->items + i * c->size, c->items + (i + run) * c->size))
        run++;
    return run;
}

static const char *text_of(const struct counted *c, size_t i) {
    return c->texts ? ((const char *const *)(const void *)c->items)[i] : NULL;
}

/* Makes the dict. Returns NULL if there is no memory. */
static char *make_entries(const struct counted *c) {
    size_t entries = 0, bytes = 0;
    for (size_t i = 0; i < c->n; i += run_length(c, i)) {
        entries++;
        bytes += text_of(c, i) ? strlen(text_of(c, i)) + 1 : 0;
    }
    const size_t size = c->to->size;
    char *dict = lade__container_new(LADE__DICT, size, entries + (bytes + size - 1) / size);
    if (!dict)
        return NULL;
    char *entry = dict, *texts = dict + entries * size;
    memset(dict, 0, entries * size);
    for (size_t i = 0, run; i < c->n; i += run, entry += size) {
        const char *text = text_of(c, i);
        run = run_length(c, i);
        const long count = (long)run;
        memcpy(entry + c->to->item_offset, text ? (void *)&texts : c->items + i * c->size, c->size);
        memcpy(entry + c->to->count_offset, &count, sizeof count);
        if (text)
            texts = (char *)memcpy(texts, text, strlen(text) + 1) + strlen(text) + 1;
    }
    lade__container_set_length(dict, entries);
    return dict;
}

void *lade__counter(struct lade_gen *g, int owned, const struct lade__by *by, const struct lade__tally *to,
                    struct lade_error *err, struct lade_port *body) {
    struct counted c = {.texts = g && g->item_class == LADE__TEXTS, .by = by, .to = to};
    c.items = lade__sorted(g, owned, by, err, body);
    if (!c.items)
        return NULL;
    c.n = lade__header(c.items)->length;
    c.size = lade__header(c.items)->item_size;
    char *dict = make_entries(&c);
    lade__container_free(c.items);
    if (dict)
        return dict;
    struct lade_port carrier = {.item_size = 1};
    lade__raise(&carrier, LADE_ENOMEM, "counter: out of memory");
    lade__deliver(&carrier, err, body);
    return NULL;
}
