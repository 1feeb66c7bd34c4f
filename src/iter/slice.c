/*
 * Implements take, drop and step, which together do the same as itertools.islice. The source of take stores its items
 * directly in the window of the consumer. (A window is memory for items, see lade/gen.h.) So take only does work when
 * the window is full, and not for each item.
 */
#include "iter/stage.h"

struct slice {
    struct lade_linear linear;
    int64_t count; /* take: items left to take; drop: items left to skip; step: n */
    int64_t skip;  /* step: items left to skip */
};

static struct lade_gen *slice_new(const struct lade_gen_kind *kind, struct lade_gen *g, int owned, int64_t count,
                                  size_t room) {
    struct slice *slice =
        lade__linear_new(kind, g ? g->item_size : 0, g ? g->item_class : LADE__OTHERS, room, g, owned);
    if (slice)
        slice->count = count;
    return (struct lade_gen *)slice;
}

/* ---- take -------------------------------------------------------------------------------------------------------- */

/* Sets the window of the source to the free part of the window of `out`. If the free part has space for more than
   `count` items, the window has space for only `count` items. */
static void take_window(struct lade_port *port, struct lade_port *out, int64_t count) {
    int64_t room = (out->end - out->p) / (int64_t)out->item_size;
    port->p = out->p;
    port->end = out->p + (count < room ? count : room) * (int64_t)out->item_size;
}

static int take_full(struct lade_port *port) {
    struct lade_port *out = lade__stage(port)->out;
    struct slice *slice = lade__stage(port)->self;
    slice->count -= (port->p - out->p) / (int64_t)out->item_size;
    out->p = port->p;
    if (lade__port_is_full(out) && lade__port_full(out)) {
        port->p = out->p;
        return LADE_EXIT;
    }
    take_window(port, out, slice->count ? slice->count : 1); /* space for at least one item, even if count is 0 */
    port->sent = out->sent;
    return slice->count ? 0 : LADE_EXIT;
}

static void take_run(struct lade_gen *self, struct lade_port *out) {
    struct slice *slice = (struct slice *)(void *)self;
    struct lade_input in = slice->linear.in;
    if (slice->count <= 0) {
        lade__input_drop(&slice->linear.in);
        return;
    }
    slice->linear.in = (struct lade_input){0};
    struct lade_stage stage;
    stage.out = out;
    stage.self = self;
    lade__port_init(&stage.port, take_full, out->item_size);
    take_window(&stage.port, out, slice->count);
    lade__stage_source(&stage, in, take_full);
    if (!out->pending)
        out->p = stage.port.p; /* adds the items that the source stored before it ended */
    lade__pass_exception(&stage.port, out);
}

struct lade_gen *lade__take(struct lade_gen *g, int owned, int64_t n) {
    static const struct lade_gen_kind kind = {
        .name = "take", .frame_size = sizeof(struct slice), .drain = take_run, .drop = lade__linear_drop};
    return slice_new(&kind, g, owned, n, 0);
}

/* ---- drop and step ----------------------------------------------------------------------------------------------- */

static int drop_each(struct lade_port *port) {
    struct slice *slice = lade__stage(port)->self;
    void *item = lade__stage_item(port);
    if (slice->count > 0) {
        slice->count--;
        return 0;
    }
    return lade__put(lade__stage(port)->out, item);
}

static void drop_run(struct lade_gen *self, struct lade_port *out) {
    lade__linear_run(self, out, drop_each);
}

struct lade_gen *lade__drop_items(struct lade_gen *g, int owned, int64_t n) {
    static const struct lade_gen_kind kind = {
        .name = "drop", .frame_size = sizeof(struct slice), .drain = drop_run, .drop = lade__linear_drop};
    return slice_new(&kind, g, owned, n, g ? g->item_size : 0);
}

static int step_each(struct lade_port *port) {
    struct slice *slice = lade__stage(port)->self;
    void *item = lade__stage_item(port);
    if (slice->skip > 0) {
        slice->skip--;
        return 0;
    }
    slice->skip = slice->count - 1;
    return lade__put(lade__stage(port)->out, item);
}

static void step_run(struct lade_gen *self, struct lade_port *out) {
    if (((struct slice *)(void *)self)->count > 0) {
        lade__linear_run(self, out, step_each);
    } else {
        lade__raise(out, LADE_EINVAL, "step(g, n): n must be at least 1");
        lade__linear_drop(self);
    }
}

struct lade_gen *lade__step(struct lade_gen *g, int owned, int64_t n) {
    static const struct lade_gen_kind kind = {
        .name = "step", .frame_size = sizeof(struct slice), .drain = step_run, .drop = lade__linear_drop};
    return slice_new(&kind, g, owned, n, g ? g->item_size : 0);
}
