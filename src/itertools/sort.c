/*
 * Implements sorted, reversed, min_by and max_by. The key of each item is computed once.
 */
#include "collect/container.h"
#include "collect/text.h"
#include "gen/gen_impl.h"
#include "iter/item_text.h"
#include "itertools/key.h"

/* Reports that there is no memory and returns NULL. Frees the container. */
static void *no_memory(void *items, const char *what, struct lade_error *err, struct lade_port *body) {
    struct lade_port carrier = {.item_size = 1};
    lade__container_free(items);
    lade__raise(&carrier, LADE_ENOMEM, "%s: out of memory", what);
    lade__deliver(&carrier, err, body);
    return NULL;
}

/* Computes the keys of all items. Returns NULL if there is no memory. */
static char *keys_of(const char *items, const struct lade_header *header, const struct lade__by *by) {
    const size_t stride = lade__key_stride(by);
    char *keys = lade_calloc(header->length ? header->length : 1, stride);
    for (size_t i = 0; keys && i < header->length; i++)
        by->call(by->f, items + i * header->item_size, keys + i * stride);
    return keys;
}

/* Sorts the items of a list by their keys. Returns `items`. If there is no memory, does not change the list and returns
   NULL. */
static void *in_order(char *items, const struct lade__by *by) {
    const struct lade_header *header = lade__header(items);
    const size_t n = header->length, size = header->item_size, stride = by->call ? lade__key_stride(by) : size;
    char *keys = by->call ? keys_of(items, header, by) : items;
    const char **order = lade_calloc(n ? n : 1, 2 * sizeof *order);
    char *sorted = lade_calloc(n ? n : 1, size);
    if (keys && order && sorted) {
        for (size_t i = 0; i < n; i++)
            order[i] = keys + i * stride;
        lade__merge_sort(order, order + n, n, (struct lade__key){0, by->compare});
        for (size_t i = 0; i < n; i++)
            memcpy(sorted + i * size, items + (size_t)(order[i] - keys) / stride * size, size);
        memcpy(items, sorted, n * size);
    }
    void *result = keys && order && sorted ? items : NULL;
    if (keys != items)
        lade_free(keys);
    lade_free(order);
    lade_free(sorted);
    return result;
}

void *lade__sorted(struct lade_gen *g, int owned, const struct lade__by *by, struct lade_error *err,
                   struct lade_port *body) {
    void *items = lade__collect(g, owned, LADE__LIST, (struct lade__key){0}, err, body);
    if (!items || in_order(items, by))
        return items;
    return no_memory(items, "sorted", err, body);
}

void *lade__reversed(struct lade_gen *g, int owned, struct lade_error *err, struct lade_port *body) {
    char *items = lade__collect(g, owned, LADE__LIST, (struct lade__key){0}, err, body);
    if (!items)
        return NULL;
    const size_t n = lade__header(items)->length, size = lade__header(items)->item_size;
    char *spare = lade_alloc(size);
    if (!spare)
        return no_memory(items, "reversed", err, body);
    for (size_t i = 0; i < n / 2; i++) {
        char *left = items + i * size, *right = items + (n - 1 - i) * size;
        memcpy(spare, left, size);
        memcpy(left, right, size);
        memcpy(right, spare, size);
    }
    lade_free(spare);
    return items;
}

/* ---- min and max by key ------------------------------------------------------------------------------------------ */

struct best {
    struct lade_port port;
    const struct lade__by *by;
    int sign, status, item_class;
    bool found;
    void *out;                                /* the best item, with a copy of its string */
    _Alignas(16) char key[2][LADE__MOST_KEY]; /* the best key, and the key of the new item */
};

/* Returns the item_class of the keys. If the keys are strings, the item_class is LADE__TEXTS, so each key is copied.
   The reason is that a key may point to the string of an item. */
static int key_class_of(const struct lade__by *by) {
    return lade__is_string(by->type) ? LADE__TEXTS : LADE__OTHERS;
}

static int best_full(struct lade_port *port) {
    struct best *best = (struct best *)(void *)port;
    port->p -= port->item_size;
    best->by->call(best->by->f, port->p, best->key[1]);
    if (best->found && best->by->compare(best->key[1], best->key[0]) * best->sign <= 0)
        return 0;
    const int key_class = key_class_of(best->by);
    if (best->found) {
        lade__free_text(best->key[0], key_class);
        lade__free_text(best->out, best->item_class);
    }
    memcpy(best->key[0], best->key[1], best->by->size);
    memcpy(best->out, port->p, port->item_size);
    best->found = true;
    best->status = lade__own_text(best->key[0], key_class);
    const int status = lade__own_text(best->out, best->item_class);
    best->status = best->status ? best->status : status;
    return best->status ? LADE_EXIT : 0;
}

/* Replaces the string of the result by an equal string that is never freed, and frees the copies. */
static void finish_best(struct best *best) {
    if (!best->found)
        return;
    lade__free_text(best->key[0], key_class_of(best->by));
    char *copy = lade__has_text(best->item_class) ? lade__text_of(best->out) : NULL;
    if (copy && !best->status)
        best->status = lade__keep_text(best->out, best->item_class);
    lade_free(copy);
}

void lade__best(struct lade_gen *g, int owned, const struct lade__by *by, int sign, void *out, struct lade_error *err,
                struct lade_port *body) {
    static char nothing;
    struct best best = {.by = by, .sign = sign, .out = out, .item_class = g ? g->item_class : LADE__OTHERS};
    lade__port_init(&best.port, best_full, g ? g->item_size : 1);
    best.port.p = g ? g->slot : &nothing;
    best.port.end = best.port.p + best.port.item_size;
    lade__run(g, LADE__WHOLE | (owned ? LADE__OWNED : 0), &best.port);
    finish_best(&best);
    if (best.status) {
        best.port.pending = 0;
        lade__raise(&best.port, best.status, "min_by, max_by: no memory for a string");
    } else if (!best.found && !best.port.pending)
        lade__raise(&best.port, LADE_EINVAL, "%s of a generator without items", sign < 0 ? "min_by" : "max_by");
    lade__deliver(&best.port, err, body);
}
