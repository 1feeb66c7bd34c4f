/*
 * Implements batched and sample, which make lists while a generator runs.
 */
#include "collect/container.h"
#include "iter/stage.h"

/* ---- batched ----------------------------------------------------------------------------------------------------- */

struct batched {
    struct lade_linear linear;
    char *items; /* the list; each batch uses the same memory */
    size_t size, count;
    bool texts; /* items are strings, and the list owns copies of them */
};

static void forget_texts(struct batched *b) {
    for (size_t i = 0; b->texts && i < b->count; i++)
        lade_free(((char **)(void *)b->items)[i]);
    b->count = 0;
}

static int hand_out(struct batched *b, struct lade_port *out) {
    lade__header(b->items)->length = b->count;
    lade__header(b->items)->shape[0] = (int64_t)b->count;
    int status = lade__put(out, &b->items);
    forget_texts(b);
    return status;
}

/* Replaces a string by a copy. NULL is not changed. Returns 0. If there is no memory, raises the error in `out` and
   returns LADE_ENOMEM. */
static int copy_text(char **text, struct lade_port *out) {
    if (!*text)
        return LADE_OK;
    size_t size = strlen(*text) + 1;
    char *copy = lade_alloc(size);
    if (!copy) {
        lade__raise(out, LADE_ENOMEM, "batched: no memory for a string of %zu bytes", size);
        return LADE_ENOMEM;
    }
    *text = memcpy(copy, *text, size);
    return LADE_OK;
}

static int batched_each(struct lade_port *port) {
    struct batched *b = lade__stage(port)->self;
    struct lade_port *out = lade__stage(port)->out;
    char *item = b->items + b->count * port->item_size;
    memcpy(item, lade__stage_item(port), port->item_size);
    if (b->texts && copy_text((char **)(void *)item, out))
        return LADE_EXIT;
    return ++b->count == b->size ? hand_out(b, out) : 0;
}

static void batched_drop(struct lade_gen *g) {
    if (((struct batched *)(void *)g)->items)
        forget_texts((struct batched *)(void *)g);
    lade__container_free(((struct batched *)(void *)g)->items);
    ((struct batched *)(void *)g)->items = NULL;
    lade__linear_drop(g);
}

static void batched_run(struct lade_gen *self, struct lade_port *out) {
    struct batched *b = (struct batched *)(void *)self;
    struct lade_stage stage = {.out = out, .self = b};
    b->items = lade__container_new(LADE__LIST, b->linear.in.g->item_size, b->size);
    if (b->items) {
        lade__stage_drive(&stage, &b->linear.in, lade__gen_room(self), batched_each);
        if (b->count && !out->pending) /* the items of the last list are yielded even if the source failed */
            hand_out(b, out);
        lade__pass_exception(&stage.port, out);
    } else {
        lade__raise(out, LADE_ENOMEM, "batched: no memory for %zu items", b->size);
    }
    batched_drop(self);
}

struct lade_gen *lade__batched(struct lade_gen *g, int owned, size_t n, bool texts) {
    static const struct lade_gen_kind kind = {
        .name = "batched", .frame_size = sizeof(struct batched), .drain = batched_run, .drop = batched_drop};
    struct batched *b = lade__linear_new(&kind, sizeof(void *), 0, g ? g->item_size : 0, g, owned);
    if (b) {
        b->size = n ? n : 1;
        b->texts = texts;
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
};

/* The item with index i replaces one of the kept items with the probability size / (i + 1). */
static int sample_full(struct lade_port *port) {
    struct sampler *s = (struct sampler *)(void *)port;
    port->p -= port->item_size;
    uint64_t at = s->seen++;
    if (at >= s->size)
        at = lade_random_below(&s->random, s->seen);
    if (at < s->size)
        memcpy(s->items + at * port->item_size, port->p, port->item_size);
    return 0;
}

void *lade__sample(struct lade_gen *g, int owned, size_t n, uint64_t seed, struct lade_error *err,
                   struct lade_port *body) {
    static char nothing;
    const size_t size = g ? g->item_size : 1;
    struct sampler s = {.port = {.full = sample_full, .item_size = size}, .size = n};
    s.port.p = g ? g->slot : &nothing;
    s.port.end = s.port.p + size;
    s.items = lade__container_new(LADE__LIST, size, n);
    lade_random_init(&s.random, seed, 0, 0, LADE_RANDOM_ORDER);
    if (s.items) {
        lade__run(g, LADE__WHOLE | (owned ? LADE__OWNED : 0), &s.port);
    } else {
        if (owned)
            lade__gen_free(g);
        lade__raise(&s.port, LADE_ENOMEM, "sample: no memory for %zu items", n);
    }
    if (!lade__deliver(&s.port, err, body))
        return lade__container_finish(s.items, s.seen < n ? (size_t)s.seen : n);
    lade__container_free(s.items);
    return NULL;
}
