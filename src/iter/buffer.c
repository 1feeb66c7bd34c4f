/*
 * Implements cycle, shuffle and window, which keep items in a buffer. The buffer owns copies of the strings of its
 * items.
 */
#include "iter/item_text.h"
#include "iter/stage.h"

struct buffer {
    struct lade_linear linear;
    char *items;
    size_t count, capacity, item_size;
    int item_class;
    size_t size; /* shuffle: number of items when the buffer is full; window: number of items in the yielded array */
    struct lade_random random;
};

static struct buffer *buffer_of(struct lade_port *port) {
    return lade__stage(port)->self;
}

static void buffer_drop(struct lade_gen *g) {
    struct buffer *b = (struct buffer *)(void *)g;
    lade__free_texts(b->items, b->count, b->item_size, b->item_class);
    lade_free(b->items);
    b->items = NULL;
    b->count = 0;
    lade__linear_drop(g);
}

/* Makes a generator whose items have `item_size` bytes, and whose buffer contains items of `g`. */
static struct buffer *buffer_new(const struct lade_gen_kind *kind, struct lade_gen *g, int owned, size_t item_size,
                                 int item_class) {
    struct buffer *b = lade__linear_new(kind, item_size, item_class, g ? g->item_size : 0, g, owned);
    if (b) {
        b->item_size = b->linear.in.g->item_size;
        b->item_class = b->linear.in.g->item_class;
    }
    return b;
}

static int no_memory(const struct buffer *b, struct lade_port *out) {
    lade__raise(out, LADE_ENOMEM, "%s: no memory for %zu items", b->linear.gen.kind->name, b->count + 1);
    return LADE_ENOMEM;
}

/* Appends an item to the buffer. Returns 0. If there is no memory, raises the error in `out` and returns
   LADE_ENOMEM. */
static int keep(struct buffer *b, const void *item, struct lade_port *out) {
    if (b->count == b->capacity) {
        size_t capacity = b->capacity ? 2 * b->capacity : 16;
        char *larger = lade_realloc(b->items, capacity, b->item_size);
        if (!larger)
            return no_memory(b, out);
        b->items = larger;
        b->capacity = capacity;
    }
    char *place = b->items + b->count * b->item_size;
    memcpy(place, item, b->item_size);
    if (lade__own_text(place, b->item_class))
        return no_memory(b, out);
    b->count++;
    return 0;
}

/* ---- cycle ------------------------------------------------------------------------------------------------------- */

static int cycle_each(struct lade_port *port) {
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    return keep(buffer_of(port), item, out) ? LADE_EXIT : lade__put(out, item);
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
    return (struct lade_gen *)buffer_new(&kind, g, owned, g ? g->item_size : 0, g ? g->item_class : LADE__OTHERS);
}

/* ---- shuffle ----------------------------------------------------------------------------------------------------- */

/* Yields the item that is stored at out->p, and then frees the string of the item. The consumer does not use the item
   any more when lade__put_done() returns. */
static int yield_taken(const struct buffer *b, struct lade_port *out) {
    char *text = lade__has_text(b->item_class) ? lade__text_of(out->p) : NULL;
    int status = lade__put_done(out);
    lade_free(text);
    return status;
}

/* Adds the item to the buffer. If the buffer is full, yields a random item of the buffer and replaces this item by the
   new item. */
static int shuffle_each(struct lade_port *port) {
    struct buffer *b = buffer_of(port);
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    if (b->count < b->size)
        return keep(b, item, out) ? LADE_EXIT : 0;
    char *chosen = b->items + lade_random_below(&b->random, b->count) * b->item_size;
    memcpy(out->p, chosen, b->item_size);
    memcpy(chosen, item, b->item_size);
    if (lade__own_text(chosen, b->item_class)) {
        lade__free_text(out->p, b->item_class);
        return no_memory(b, out) ? LADE_EXIT : 0;
    }
    return yield_taken(b, out);
}

static void shuffle_run(struct lade_gen *self, struct lade_port *out) {
    struct buffer *b = (struct buffer *)(void *)self;
    lade__linear_run(self, out, shuffle_each);
    while (b->count && !out->pending) {
        char *chosen = b->items + lade_random_below(&b->random, b->count) * b->item_size;
        memcpy(out->p, chosen, b->item_size);
        b->count--;
        if (chosen != b->items + b->count * b->item_size)
            memcpy(chosen, b->items + b->count * b->item_size, b->item_size);
        yield_taken(b, out);
    }
    buffer_drop(self);
}

struct lade_gen *lade__shuffle(struct lade_gen *g, int owned, size_t size, uint64_t seed) {
    static const struct lade_gen_kind kind = {
        .name = "shuffle", .frame_size = sizeof(struct buffer), .drain = shuffle_run, .drop = buffer_drop};
    struct buffer *b = buffer_new(&kind, g, owned, g ? g->item_size : 0, g ? g->item_class : LADE__OTHERS);
    if (b) {
        b->size = size ? size : 1;
        lade_random_init(&b->random, seed, 0, 0, LADE_RANDOM_ORDER);
    }
    return (struct lade_gen *)b;
}

/* ---- window ------------------------------------------------------------------------------------------------------ */

/* The buffer has space for 2 * size items. When the buffer is full, its last size - 1 items are moved to its start. So
   each item is moved at most once. */
static int window_each(struct lade_port *port) {
    struct buffer *b = buffer_of(port);
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    if (b->count == 2 * b->size) {
        lade__free_texts(b->items, b->size + 1, b->item_size, b->item_class);
        memcpy(b->items, b->items + (b->size + 1) * b->item_size, (b->size - 1) * b->item_size);
        b->count = b->size - 1;
    }
    if (keep(b, item, out))
        return LADE_EXIT;
    if (b->count < b->size)
        return 0;
    const void *shown = b->items + (b->count - b->size) * b->item_size;
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
