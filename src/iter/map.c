/*
 * Implements map, accumulate and flat, which compute new items.
 */
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

struct lade_gen *lade__map(struct lade_gen *g, int owned, size_t item_size, int arithmetic, lade__mapper *call,
                           lade__function *f) {
    static const struct lade_gen_kind kind = {
        .name = "map", .frame_size = sizeof(struct map), .drain = map_run, .drop = lade__linear_drop};
    struct map *map = lade__linear_new(&kind, item_size, arithmetic, g ? g->item_size : 0, g, owned);
    if (map) {
        map->call = call;
        map->f = f;
    }
    return (struct lade_gen *)map;
}

/* ---- accumulate -------------------------------------------------------------------------------------------------- */

struct accumulate {
    struct lade_linear linear;
    lade__adder *add; /* NULL: f is called instead */
    lade__folder *call;
    lade__function *f;
    bool begun;
    _Alignas(16) char total[16];
};

static int accumulate_each(struct lade_port *port) {
    struct accumulate *a = lade__stage(port)->self;
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    if (!a->begun) {
        memcpy(a->total, item, port->item_size);
        a->begun = true;
    } else if (!a->add) {
        a->call(a->f, a->total, item);
    } else if (a->add(a->total, item)) {
        lade__raise(out, LADE_ELIMIT,
                    "accumulate: a sum does not fit in the %zu bytes of an item; map the items to a wider type first",
                    port->item_size);
        return LADE_EXIT;
    }
    return lade__put(out, a->total);
}

static void accumulate_run(struct lade_gen *self, struct lade_port *out) {
    lade__linear_run(self, out, accumulate_each);
}

static struct accumulate *accumulate_new(struct lade_gen *g, int owned) {
    static const struct lade_gen_kind kind = {.name = "accumulate",
                                              .frame_size = sizeof(struct accumulate),
                                              .drain = accumulate_run,
                                              .drop = lade__linear_drop};
    size_t size = g ? g->item_size : 0;
    return lade__linear_new(&kind, size, g && g->arithmetic, size, g, owned);
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
 * Runs the item, which is a generator, with the port of the consumer. The field `limit` of this port belongs to the
 * stack of flat_run(). If the source calls this function on another stack, the limit is replaced during the run.
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

struct lade_gen *lade__flat(struct lade_gen *g, int owned, size_t item_size, int arithmetic) {
    static const struct lade_gen_kind kind = {
        .name = "flat", .frame_size = sizeof(struct flat), .drain = flat_run, .drop = lade__linear_drop};
    return lade__linear_new(&kind, item_size, arithmetic, sizeof(struct lade_gen *), g, owned);
}
