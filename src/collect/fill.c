/*
 * Fills containers. Generators and the loops of comprehensions store their items directly in the unused memory of the
 * container.
 */
#include "collect/container.h"
#include "collect/text.h"
#include "iter/item_text.h"

#include <string.h>

enum { FIRST_CAPACITY = 32 };

struct fill {
    struct lade_port port;
    char *items;
    int status;
};

/* Doubles the memory of a full container, whose items have `used` bytes. Returns the items, which may have moved.
   Returns NULL if there is no memory. */
static char *grow(char *items, size_t used, size_t item_size) {
    return lade__container_grow(items, used / item_size * 2);
}

static int fill_full(struct lade_port *port) {
    struct fill *fill = (struct fill *)(void *)port;
    size_t used = (size_t)(port->p - fill->items);
    char *larger = grow(fill->items, used, port->item_size);
    if (!larger) {
        fill->status = LADE_ENOMEM;
        port->p -= port->item_size; /* makes space, because the generator function may store one more item before it
                                       stops */
        return LADE_EXIT;
    }
    fill->items = larger;
    port->p = larger + used;
    port->end = larger + used * 2;
    return 0;
}

static int finish(void **items, size_t length, struct lade__key key) {
    struct lade_header *header = lade__header(*items);
    header->length = length;
    int status = LADE_OK;
    if (header->kind == LADE__SET || header->kind == LADE__DICT) {
        status = lade__sort_unique(*items, key);
        length = header->length;
    }
    if (!status)
        *items = lade__container_finish(*items, length);
    return status;
}

void *lade__collect(struct lade_gen *g, int owned, enum lade__container_kind kind, struct lade__key key,
                    struct lade_error *err, struct lade_port *body) {
    if (g && lade__has_text(g->item_class))
        return lade__collect_texts(g, owned, kind, key, err, body);
    const size_t item_size = g ? g->item_size : 1;
    void *items = lade__container_new(kind, item_size, FIRST_CAPACITY);
    struct fill fill = {.port = {.full = fill_full, .item_size = item_size}, .items = items};
    fill.status = items ? LADE_OK : LADE_ENOMEM;
    if (items) {
        fill.port.p = items;
        fill.port.end = fill.port.p + FIRST_CAPACITY * item_size;
        lade__run(g, LADE__WHOLE | (owned ? LADE__OWNED : 0), &fill.port);
        items = fill.items;
        if (!fill.status && !fill.port.pending)
            fill.status = finish(&items, (size_t)(fill.port.p - fill.items) / item_size, key);
    } else if (owned) {
        lade__gen_free(g);
    }
    if (fill.status) {
        fill.port.pending = 0;
        lade__raise(&fill.port, fill.status, "out of memory while collecting items");
    }
    if (lade__deliver(&fill.port, err, body)) {
        lade__container_free(items);
        return NULL;
    }
    return items;
}

/* ---- Comprehensions ---------------------------------------------------------------------------------------------- */

int lade__builder_grow(struct lade__builder *b) {
    size_t used = (size_t)(b->p - b->items);
    char *larger = b->failed   ? NULL
                   : !b->items ? lade__container_new(b->kind, b->item_size, FIRST_CAPACITY)
                               : grow(b->items, used, b->item_size);
    if (!larger) { /* later items are discarded, and lade__builder_finish() reports the error */
        b->failed = 1;
        return LADE_ENOMEM;
    }
    b->items = larger;
    b->p = larger + used;
    b->end = larger + lade__header(larger)->capacity * b->item_size;
    return LADE_OK;
}

void lade__builder_own(struct lade__builder *b, void *item, int item_class) {
    b->item_class = item_class;
    if (lade__own_text(item, item_class))
        b->failed = 1;
}

/* Moves the copies of strings into one container. Returns NULL if there is no memory. */
static void *pack(struct lade__builder *b, lade__comparator *compare) {
    size_t n = (size_t)(b->p - b->items) / b->item_size;
    void *items = lade__pack_texts(b->kind, b->items, n, b->item_size, b->item_class);
    lade__free_texts(b->items, n, b->item_size, b->item_class);
    lade__container_free(b->items);
    b->items = NULL;
    if (items && b->kind == LADE__SET && lade__sort_unique(items, (struct lade__key){0, compare})) {
        lade__container_free(items);
        return NULL;
    }
    return items;
}

void *lade__builder_finish(struct lade__builder *b, lade__comparator *compare, struct lade_port *body) {
    void *items = b->items;
    int status = b->failed ? LADE_ENOMEM : LADE_OK;
    if (lade__has_text(b->item_class) && items) {
        items = pack(b, compare);
        if (items && !status)
            return items;
        status = LADE_ENOMEM;
    }
    if (!items && !status) {
        items = lade__container_new(b->kind, b->item_size, 0);
        status = items ? LADE_OK : LADE_ENOMEM;
    }
    if (!status)
        status = finish(&items, (size_t)(b->p - b->items) / b->item_size, (struct lade__key){0, compare});
    if (!status)
        return items;
    if (items)
        lade__container_free(items);
    struct lade_port carrier = {.item_size = b->item_size};
    lade__raise(&carrier, status, "out of memory in a comprehension");
    lade__deliver(&carrier, NULL, body);
    return NULL;
}
