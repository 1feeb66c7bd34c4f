/*
 * Implements prepend, intersperse, compress and filterfalse.
 */
#include "iter/join.h"
#include "iter/stage.h"

#include <lade/itertools.h>

/* ---- prepend and intersperse ------------------------------------------------------------------------------------- */

struct inserted {
    struct lade_linear linear;
    bool begun;
};

/* Returns the inserted item, which is stored after the memory for an item of the source. */
static void *inserted_item(struct lade_gen *g) {
    return (char *)lade__gen_room(g) + LADE__ROUND_16(g->item_size);
}

static int intersperse_each(struct lade_port *port) {
    struct inserted *inserted = lade__stage(port)->self;
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    if (inserted->begun && lade__put(out, inserted_item(&inserted->linear.gen)))
        return LADE_EXIT;
    inserted->begun = true;
    return lade__put(out, item);
}

static void intersperse_run(struct lade_gen *self, struct lade_port *out) {
    lade__linear_run(self, out, intersperse_each);
}

static void prepend_run(struct lade_gen *self, struct lade_port *out) {
    struct lade_input in = ((struct lade_linear *)(void *)self)->in;
    if (lade__put(out, inserted_item(self)))
        return;
    ((struct lade_linear *)(void *)self)->in = (struct lade_input){0};
    lade__run(in.g, in.owned ? LADE__OWNED : 0, out);
}

static struct lade_gen *inserted_new(const struct lade_gen_kind *kind, struct lade_gen *g, int owned,
                                     const void *item) {
    const size_t size = g ? g->item_size : 0;
    struct inserted *inserted =
        lade__linear_new(kind, size, g ? g->item_class : LADE__OTHERS, LADE__ROUND_16(size) + size, g, owned);
    if (inserted)
        memcpy(inserted_item(&inserted->linear.gen), item, size);
    return (struct lade_gen *)inserted;
}

struct lade_gen *lade__intersperse(struct lade_gen *g, int owned, const void *item) {
    static const struct lade_gen_kind kind = {.name = "intersperse",
                                              .frame_size = sizeof(struct inserted),
                                              .drain = intersperse_run,
                                              .drop = lade__linear_drop};
    return inserted_new(&kind, g, owned, item);
}

struct lade_gen *lade__prepend(struct lade_gen *g, int owned, const void *item) {
    static const struct lade_gen_kind kind = {
        .name = "prepend", .frame_size = sizeof(struct inserted), .drain = prepend_run, .drop = lade__linear_drop};
    return inserted_new(&kind, g, owned, item);
}

/* ---- compress ---------------------------------------------------------------------------------------------------- */

static int compress_each(struct lade_port *port) {
    struct lade_join *join = lade__stage(port)->self;
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    const char *selector = lade__join_next(join, 1, out);
    if (!selector)
        return LADE_EXIT;
    for (size_t i = 0; i < join->in[1].g->item_size; i++)
        if (selector[i])
            return lade__put(out, item);
    return 0;
}

static void compress_run(struct lade_gen *self, struct lade_port *out) {
    struct lade_join *join = (struct lade_join *)(void *)self;
    lade__stage_run(self, &join->in[0], out, lade__gen_room(self), compress_each);
    lade__join_drop(self);
}

struct lade_gen *lade__compress(const struct lade_input *inputs) {
    static const struct lade_gen_kind kind = {
        .name = "compress", .frame_size = sizeof(struct lade_join), .drain = compress_run, .drop = lade__join_drop};
    const struct lade_gen *items = inputs[0].g;
    const size_t size = items ? items->item_size : 0;
    return (struct lade_gen *)lade__join_new(&kind, inputs, 2, size, items ? items->item_class : LADE__OTHERS, size);
}

/* ---- filterfalse ------------------------------------------------------------------------------------------------- */

struct filterfalse {
    struct lade_linear linear;
    lade__predicate *call;
    lade__function *f;
};

static int filterfalse_each(struct lade_port *port) {
    const struct filterfalse *filter = lade__stage(port)->self;
    const void *item = lade__stage_item(port);
    return filter->call(filter->f, item) ? 0 : lade__put(lade__stage(port)->out, item);
}

static void filterfalse_run(struct lade_gen *self, struct lade_port *out) {
    lade__linear_run(self, out, filterfalse_each);
}

struct lade_gen *lade__filterfalse(struct lade_gen *g, int owned, lade__predicate *call, lade__function *f) {
    static const struct lade_gen_kind kind = {.name = "filterfalse",
                                              .frame_size = sizeof(struct filterfalse),
                                              .drain = filterfalse_run,
                                              .drop = lade__linear_drop};
    const size_t size = g ? g->item_size : 0;
    struct filterfalse *filter = lade__linear_new(&kind, size, g ? g->item_class : LADE__OTHERS, size, g, owned);
    if (filter) {
        filter->call = call;
        filter->f = f;
    }
    return (struct lade_gen *)filter;
}
