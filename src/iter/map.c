/*
 * Implements map, accumulate and flat, which compute new items.
 */
#include "iter/item_text.h"
#include "iter/stage.h"

#include "gen/stack/stack.h"

/* ---- map --------------------------------------------------------------------------------------------------------- */

struct map {
    struct lade_linear linear;
    lade__mapper *call;
    lade__function *f;
};

static int map_each(struct lade_port *port) {
    const struct map *map = lade__stage(port)->self;
    struct lade_port *out = lade__stage(port)->out;
    map->call(map->f, lade__stage_item(port), out->p);
    return lade__put_done(out);
}

static void map_run(struct lade_gen *self, struct lade_port *out) {
    lade__linear_run(self, out, map_each);
}

struct lade_gen *lade__map(struct lade_gen *g, int owned, size_t item_size, int item_class, lade__mapper *call,
                           lade__function *f) {
    static const struct lade_gen_kind kind = {
        .name = "map", .frame_size = sizeof(struct map), .drain = map_run, .drop = lade__linear_drop};
    struct map *map = lade__linear_new(&kind, item_size, item_class, g ? g->item_size : 0, g, owned);
    if (map) {
        map->call = call;
        map->f = f;
    }
    return (struct lade_gen *)map;
}

/* ---- accumulate -------------------------------------------------------------------------------------------------- */

struct accumulate {
    struct lade_linear linear;
    lade__adder *add; /* adds an item to the total; if NULL, `f` is called instead */
    lade__folder *call;
    lade__function *f;
    bool begun;
    _Alignas(16) char total[16];
};

/* Computes the new total. For the first item, the total is this item. For each later item, the total is f(total, item).
   If the total has a string, this string is a copy. Returns 0 or LADE_ENOMEM. */
static int next_total(struct accumulate *a, const void *item) {
    const int item_class = a->linear.gen.item_class;
    char *old = a->begun && lade__has_text(item_class) ? lade__text_of(a->total) : NULL;
    if (a->begun)
        a->call(a->f, a->total, item);
    else
        memcpy(a->total, item, a->linear.gen.item_size);
    a->begun = true;
    return lade__renew_text(a->total, item_class, old);
}

static int accumulate_each(struct lade_port *port) {
    struct accumulate *a = lade__stage(port)->self;
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    if (!a->begun || !a->add) {
        if (next_total(a, item)) {
            lade__raise(out, LADE_ENOMEM, "accumulate: no memory for a string");
            return LADE_EXIT;
        }
    } else if (a->add(a->total, item)) {
        lade__raise(out, LADE_ELIMIT,
                    "accumulate: a sum does not fit into the %zu bytes of an item; map the items to a larger type",
                    port->item_size);
        return LADE_EXIT;
    }
    return lade__put(out, a->total);
}

static void accumulate_drop(struct lade_gen *g) {
    struct accumulate *a = (struct accumulate *)(void *)g;
    if (a->begun)
        lade__free_text(a->total, g->item_class);
    a->begun = false;
    lade__linear_drop(g);
}

static void accumulate_run(struct lade_gen *self, struct lade_port *out) {
    lade__linear_run(self, out, accumulate_each);
    accumulate_drop(self);
}

static struct accumulate *accumulate_new(struct lade_gen *g, int owned) {
    static const struct lade_gen_kind kind = {.name = "accumulate",
                                              .frame_size = sizeof(struct accumulate),
                                              .drain = accumulate_run,
                                              .drop = accumulate_drop};
    size_t size = g ? g->item_size : 0;
    return lade__linear_new(&kind, size, g ? g->item_class : LADE__OTHERS, size, g, owned);
}

struct lade_gen *lade__accumulate(struct lade_gen *g, int owned, lade__adder *add) {
    struct accumulate *a = accumulate_new(g, owned);
    if (a)
        a->add = add;
    return (struct lade_gen *)a;
}

struct lade_gen *lade__accumulate_by(struct lade_gen *g, int owned, lade__folder *call, lade__function *f) {
    struct accumulate *a = accumulate_new(g, owned);
    if (a) {
        a->call = call;
        a->f = f;
    }
    return (struct lade_gen *)a;
}

/* ---- flat -------------------------------------------------------------------------------------------------------- */

struct flat {
    struct lade_linear linear;
    char *frame; /* frame address of flat_run() */
};

/*
 * Runs the item, which is a generator, with the port of the consumer. The field `limit` of this port is the lowest
 * address of the stack on which flat_run() runs. If the source calls this function on another stack, `limit` must be
 * the lowest address of that stack while the item runs.
 */
static int flat_each(struct lade_port *port) {
    struct lade_gen *inner;
    memcpy(&inner, lade__stage_item(port), sizeof inner);
    struct lade_port *out = lade__stage(port)->out;
    char *limit = out->limit, *here = __builtin_frame_address(0);
    const struct flat *flat = lade__stage(port)->self;
    if (__builtin_expect(here < limit || here > flat->frame, 0))
        out->limit = lade__stack_limit(here);
    lade__run(inner, LADE__OWNED, out);
    out->limit = limit;
    return out->pending ? LADE_EXIT : 0;
}

static void flat_run(struct lade_gen *self, struct lade_port *out) {
    ((struct flat *)(void *)self)->frame = __builtin_frame_address(0);
    lade__linear_run(self, out, flat_each);
}

struct lade_gen *lade__flat(struct lade_gen *g, int owned, size_t item_size, int item_class) {
    static const struct lade_gen_kind kind = {
        .name = "flat", .frame_size = sizeof(struct flat), .drain = flat_run, .drop = lade__linear_drop};
    return lade__linear_new(&kind, item_size, item_class, sizeof(struct lade_gen *), g, owned);
}
