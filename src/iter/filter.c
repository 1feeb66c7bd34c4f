/*
 * Implements filter, take_while and drop_while.
 */
#include "iter/stage.h"

struct filter {
    struct lade_linear linear;
    lade__predicate *call;
    lade__function *f;
    bool dropped; /* drop_while: true after the first item that was yielded; all later items are yielded */
};

static struct filter *filter_of(struct lade_port *port) {
    return lade__stage(port)->self;
}

static int filter_each(struct lade_port *port) {
    const struct filter *filter = filter_of(port);
    const void *item = lade__stage_item(port);
    return filter->call(filter->f, item) ? lade__put(lade__stage(port)->out, item) : 0;
}

static int take_while_each(struct lade_port *port) {
    const struct filter *filter = filter_of(port);
    const void *item = lade__stage_item(port);
    return filter->call(filter->f, item) ? lade__put(lade__stage(port)->out, item) : LADE_EXIT;
}

static int drop_while_each(struct lade_port *port) {
    struct filter *filter = filter_of(port);
    const void *item = lade__stage_item(port);
    if (!filter->dropped && filter->call(filter->f, item))
        return 0;
    filter->dropped = true;
    return lade__put(lade__stage(port)->out, item);
}

static void filter_run(struct lade_gen *self, struct lade_port *out) {
    lade__linear_run(self, out, filter_each);
}

static void take_while_run(struct lade_gen *self, struct lade_port *out) {
    lade__linear_run(self, out, take_while_each);
}

static void drop_while_run(struct lade_gen *self, struct lade_port *out) {
    lade__linear_run(self, out, drop_while_each);
}

static struct lade_gen *filter_new(const struct lade_gen_kind *kind, struct lade_gen *g, int owned,
                                   lade__predicate *call, lade__function *f) {
    size_t size = g ? g->item_size : 0;
    struct filter *filter = lade__linear_new(kind, size, g ? g->item_class : LADE__OTHERS, size, g, owned);
    if (filter) {
        filter->call = call;
        filter->f = f;
    }
    return (struct lade_gen *)filter;
}

struct lade_gen *lade__filter(struct lade_gen *g, int owned, lade__predicate *call, lade__function *f) {
    static const struct lade_gen_kind kind = {
        .name = "filter", .frame_size = sizeof(struct filter), .drain = filter_run, .drop = lade__linear_drop};
    return filter_new(&kind, g, owned, call, f);
}

struct lade_gen *lade__take_while(struct lade_gen *g, int owned, lade__predicate *call, lade__function *f) {
    static const struct lade_gen_kind kind = {
        .name = "take_while", .frame_size = sizeof(struct filter), .drain = take_while_run, .drop = lade__linear_drop};
    return filter_new(&kind, g, owned, call, f);
}

struct lade_gen *lade__drop_while(struct lade_gen *g, int owned, lade__predicate *call, lade__function *f) {
    static const struct lade_gen_kind kind = {
        .name = "drop_while", .frame_size = sizeof(struct filter), .drain = drop_while_run, .drop = lade__linear_drop};
    return filter_new(&kind, g, owned, call, f);
}
