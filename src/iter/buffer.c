/*
 * Implements cycle, shuffle and window, which keep items in a buffer.
 */
#include "iter/stage.h"

struct buffer {
    struct lade_linear linear;
    char *items;
    size_t count, capacity;
    size_t size; /* shuffle: number of items in the full buffer; window: number of items in a window */
    struct lade_random random;
};

static struct buffer *buffer_of(struct lade_port *port) {
    return lade__stage(port)->self;
}

static void buffer_drop(struct lade_gen *g) {
    lade_free(((struct buffer *)(void *)g)->items);
    ((struct buffer *)(void *)g)->items = NULL;
    lade__linear_drop(g);
}

static struct buffer *buffer_new(const struct lade_gen_kind *kind, struct lade_gen *g, int owned, size_t item_size,
                                 int arithmetic) {
    return lade__linear_new(kind, item_size, arithmetic, g ? g->item_size : 0, g, owned);
}

/* Appends an item to the buffer. Returns 0. If there is no memory, raises the error in `out` and returns
   LADE_ENOMEM. */
static int keep(struct buffer *b, const void *item, size_t item_size, struct lade_port *out) {
    if (b->count == b->capacity) {
        size_t capacity = b->capacity ? 2 * b->capacity : 16;
        char *larger = lade_realloc(b->items, capacity, item_size);
        if (!larger) {
            lade__raise(out, LADE_ENOMEM, "%s: no memory for %zu items", b->linear.gen.kind->name, capacity);
            return LADE_ENOMEM;
        }
        b->items = larger;
        b->capacity = capacity;
    }
    memcpy(b->items + b->count++ * item_size, item, item_size);
    return 0;
}

/* ---- cycle ------------------------------------------------------------------------------------------------------- */

static int cycle_each(struct lade_port *port) {
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    return keep(buffer_of(port), item, port->item_size, out) ? LADE_EXIT : lade__put(out, item);
}

static void cycle_run(struct lade_gen *self, struct lade_port *out) {
    struct buffer *b = (struct buffer *)(void *)self;
    lade__linear_run(self, out, cycle_each);
    for (size_t i = 0; b->count && !out->pending; i = (i + 1) % b->count)
        lade__put(out, b->items + i * self->item_size);
    buffer_drop(self);
}

struct lade_gen *lade__cycle(struct lade_gen *g, int owned, int unused) {
    static const struct lade_gen_kind kind = {
        .name = "cycle", .frame_size = sizeof(struct buffer), .drain = cycle_run, .drop = buffer_drop};
    (void)unused;
    return (struct lade_gen *)buffer_new(&kind, g, owned, g ? g->item_size : 0, g && g->arithmetic);
}

/* ---- shuffle ----------------------------------------------------------------------------------------------------- */

/* Adds the item to the buffer. If the buffer is full, yields a random item of the buffer and replaces it by the new
   item. */
static int shuffle_each(struct lade_port *port) {
    struct buffer *b = buffer_of(port);
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    if (b->count < b->size)
        return keep(b, item, port->item_size, out) ? LADE_EXIT : 0;
    char *chosen = b->items + lade_random_below(&b->random, b->count) * port->item_size;
    memcpy(out->p, chosen, port->item_size);
    memcpy(chosen, item, port->item_size);
    return lade__put_done(out);
}

static void shuffle_run(struct lade_gen *self, struct lade_port *out) {
    struct buffer *b = (struct buffer *)(void *)self;
    lade__linear_run(self, out, shuffle_each);
    while (b->count && !out->pending) {
        char *chosen = b->items + lade_random_below(&b->random, b->count) * self->item_size;
        memcpy(out->p, chosen, self->item_size);
        b->count--;
        if (chosen != b->items + b->count * self->item_size)
            memcpy(chosen, b->items + b->count * self->item_size, self->item_size);
        lade__put_done(out);
    }
    buffer_drop(self);
}

struct lade_gen *lade__shuffle(struct lade_gen *g, int owned, size_t size, uint64_t seed) {
    static const struct lade_gen_kind kind = {
        .name = "shuffle", .frame_size = sizeof(struct buffer), .drain = shuffle_run, .drop = buffer_drop};
    struct buffer *b = buffer_new(&kind, g, owned, g ? g->item_size : 0, g && g->arithmetic);
    if (b) {
        b->size = size ? size : 1;
        lade_random_init(&b->random, seed, 0, 0, LADE_RANDOM_ORDER);
    }
    return (struct lade_gen *)b;
}

/* ---- window ------------------------------------------------------------------------------------------------------ */

/* The buffer has space for two windows. When the buffer is full, its last items are moved to its start. So each item is
   moved at most once. */
static int window_each(struct lade_port *port) {
    struct buffer *b = buffer_of(port);
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    if (b->count == 2 * b->size) {
        memcpy(b->items, b->items + (b->size + 1) * port->item_size, (b->size - 1) * port->item_size);
        b->count = b->size - 1;
    }
    if (keep(b, item, port->item_size, out))
        return LADE_EXIT;
    if (b->count < b->size)
        return 0;
    const void *shown = b->items + (b->count - b->size) * port->item_size;
    return lade__put(out, &shown);
}

static void window_run(struct lade_gen *self, struct lade_port *out) {
    if (((struct buffer *)(void *)self)->size)
        lade__linear_run(self, out, window_each);
    else
        lade__raise(out, LADE_EINVAL, "window(g, n): n must be at least 1");
    buffer_drop(self);
}

struct lade_gen *lade__window(struct lade_gen *g, int owned, int64_t n) {
    static const struct lade_gen_kind kind = {
        .name = "window", .frame_size = sizeof(struct buffer), .drain = window_run, .drop = buffer_drop};
    struct buffer *b = buffer_new(&kind, g, owned, sizeof(const void *), 0);
    if (b)
        b->size = n > 0 ? (size_t)n : 0;
    return (struct lade_gen *)b;
}
