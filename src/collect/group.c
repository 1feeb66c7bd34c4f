/*
 * Implements batched and sample, which store items in a list while a generator runs.
 */
#include "collect/container.h"
#include "collect/text.h"
#include "collect/window.h"
#include "iter/item_text.h"
#include "iter/stage.h"

/* ---- batched ----------------------------------------------------------------------------------------------------- */

struct batched {
    struct lade_linear linear;
    char *items; /* the list; each batch uses the same memory */
    size_t size, count, item_size;
    int item_class; /* the list owns copies of the strings of its items */
};

static void forget_items(struct batched *b) {
    lade__free_texts(b->items, b->count, b->item_size, b->item_class);
    b->count = 0;
}

static int hand_out(struct batched *b, struct lade_port *out) {
    lade__container_set_length(b->items, b->count);
    int status = lade__put(out, &b->items);
    forget_items(b);
    return status;
}

/* Copies the string of an item. Returns 0. If there is no memory, raises LADE_ENOMEM in `out` and returns LADE_ENOMEM.
   */
static int own_text(void *item, int item_class, struct lade_port *out) {
    int status = lade__own_text(item, item_class);
    if (status)
        lade__raise(out, status, "batched, sample: no memory for a string");
    return status;
}

static int batched_each(struct lade_port *port) {
    struct batched *b = lade__stage(port)->self;
    struct lade_port *out = lade__stage(port)->out;
    char *item = b->items + b->count * port->item_size;
    memcpy(item, lade__stage_item(port), port->item_size);
    if (own_text(item, b->item_class, out))
        return LADE_EXIT;
    return ++b->count == b->size ? hand_out(b, out) : 0;
}

static void batched_drop(struct lade_gen *g) {
    if (((struct batched *)(void *)g)->items)
        forget_items((struct batched *)(void *)g);
    lade__container_free(((struct batched *)(void *)g)->items);
    ((struct batched *)(void *)g)->items = NULL;
    lade__linear_drop(g);
}

static void batched_run(struct lade_gen *self, struct lade_port *out) {
    struct batched *b = (struct batched *)(void *)self;
    struct lade_stage stage = {.out = out, .self = b};
    if (b->size)
        b->items = lade__container_new(LADE__LIST, b->linear.in.g->item_size, b->size);
    if (!b->size) {
        lade__raise(out, LADE_EINVAL, "batched(g, n): n must be at least 1");
    } else if (b->items) {
        lade__stage_drive(&stage, &b->linear.in, lade__gen_room(self), batched_each);
        if (b->count && !out->pending) /* the items of the last list are yielded even if the source failed */
            hand_out(b, out);
        lade__pass_exception(&stage.port, out);
    } else {
        lade__raise(out, LADE_ENOMEM, "batched: no memory for %zu items", b->size);
    }
    batched_drop(self);
}

struct lade_gen *lade__batched(struct lade_gen *g, int owned, int64_t n) {
    static const struct lade_gen_kind kind = {
        .name = "batched", .frame_size = sizeof(struct batched), .drain = batched_run, .drop = batched_drop};
    struct batched *b = lade__linear_new(&kind, sizeof(void *), 0, g ? g->item_size : 0, g, owned);
    if (b) {
        b->size = n > 0 ? (size_t)n : 0;
        b->item_size = g->item_size;
        b->item_class = g->item_class;
    }
    return (struct lade_gen *)b;
}

/* ---- sample ------------------------------------------------------------------------------------------------------ */

struct sampler {
    struct lade_port port;
    struct lade_random random;
    char *items;
    size_t size;
    uint64_t seen;
    int item_class; /* the sampler owns copies of the strings of its items */
};

/* The item with index i replaces one of the kept items with the probability size / (i + 1). */
static int sample_full(struct lade_port *port) {
    struct sampler *s = (struct sampler *)(void *)port;
    port->p -= port->item_size;
    uint64_t at = s->seen++;
    if (at >= s->size)
        at = lade_random_below(&s->random, s->seen);
    if (at >= s->size)
        return 0;
    char *place = s->items + at * port->item_size;
    if (s->seen > s->size)
        lade__free_text(place, s->item_class);
    memcpy(place, port->p, port->item_size);
    return own_text(place, s->item_class, port) ? LADE_EXIT : 0;
}

/* Returns the container of the sampled items, or NULL if there is no memory for copies of strings. */
static void *sampled(struct sampler *s) {
    size_t n = s->seen < s->size ? (size_t)s->seen : s->size;
    if (!lade__has_text(s->item_class))
        return lade__container_finish(s->items, n);
    void *packed = lade__pack_texts(LADE__LIST, s->items, n, s->port.item_size, s->item_class);
    lade__free_texts(s->items, n, s->port.item_size, s->item_class);
    lade__container_free(s->items);
    return packed;
}

static void free_samples(struct sampler *s) {
    size_t n = s->seen < s->size ? (size_t)s->seen : s->size;
    lade__free_texts(s->items, n, s->port.item_size, s->item_class);
    lade__container_free(s->items);
}

void *lade__sample(struct lade_gen *g, int owned, size_t n, uint64_t seed, struct lade_error *err,
                   struct lade_port *body) {
    static char nothing;
    const size_t size = g ? g->item_size : 1;
    struct sampler s = {.port = {.full = sample_full, .item_size = size}, .size = n};
    void *items = NULL;
    s.item_class = g ? g->item_class : LADE__OTHERS;
    s.port.p = g ? g->slot : &nothing;
    s.port.end = s.port.p + size;
    s.items = lade__container_new(LADE__LIST, size, n);
    lade_random_init(&s.random, seed, 0, 0, LADE_RANDOM_ORDER);
    if (s.items)
        lade__run(g, lade__run_whole(owned), &s.port);
    else if (owned)
        lade__gen_free(g);
    if (s.items && s.port.pending)
        free_samples(&s);
    else
        items = s.items ? sampled(&s) : NULL;
    if (!items && !s.port.pending)
        lade__raise(&s.port, LADE_ENOMEM, "sample: no memory for %zu items", n);
    lade__deliver(&s.port, err, body);
    return items;
}
