/*
 * Implements unique_everseen and unique_justseen. unique_everseen yields each item whose key has not occurred before.
 * unique_justseen yields each item whose key differs from the key of the previous item.
 */
#include "iter/stage.h"
#include "itertools/key.h"
#include "itertools/seen.h"

struct unique {
    struct lade_linear linear;
    struct lade__by by;
    struct lade__seen seen;
    struct lade__last_key last;            /* unique_justseen: the key of the previous item */
    _Alignas(16) char key[LADE__MOST_KEY]; /* memory for a new key */
};

static void unique_drop(struct lade_gen *g) {
    lade__seen_drop(&((struct unique *)(void *)g)->seen);
    lade__last_key_drop(&((struct unique *)(void *)g)->last);
    lade__linear_drop(g);
}

static int everseen_each(struct lade_port *port) {
    struct unique *u = lade__stage(port)->self;
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    int added = lade__seen_add(&u->seen, lade__key_of(&u->by, item, u->key));
    if (added < 0)
        lade__raise(out, added, "unique_everseen: no memory for more than %zu keys", u->seen.count);
    return added < 0 ? LADE_EXIT : added ? lade__put(out, item) : 0;
}

static int justseen_each(struct lade_port *port) {
    struct unique *u = lade__stage(port)->self;
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    int changed = lade__key_changed(&u->last, &u->by, lade__key_of(&u->by, item, u->key));
    if (changed < 0)
        lade__raise(out, changed, "unique_justseen: no memory for a key");
    return changed < 0 ? LADE_EXIT : changed ? lade__put(out, item) : 0;
}

static void everseen_run(struct lade_gen *self, struct lade_port *out) {
    lade__linear_run(self, out, everseen_each);
    unique_drop(self);
}

static void justseen_run(struct lade_gen *self, struct lade_port *out) {
    lade__linear_run(self, out, justseen_each);
    unique_drop(self);
}

static struct lade_gen *unique_new(const struct lade_gen_kind *kind, struct lade_gen *g, int owned,
                                   const struct lade__by *by) {
    const size_t size = g ? g->item_size : 0;
    struct unique *u = lade__linear_new(kind, size, g ? g->item_class : LADE__OTHERS, size, g, owned);
    if (u) {
        u->by = *by;
        u->seen = (struct lade__seen){.size = by->size, .type = by->type, .compare = by->compare};
    }
    return (struct lade_gen *)u;
}

struct lade_gen *lade__unique_everseen(struct lade_gen *g, int owned, const struct lade__by *by) {
    static const struct lade_gen_kind kind = {
        .name = "unique_everseen", .frame_size = sizeof(struct unique), .drain = everseen_run, .drop = unique_drop};
    return unique_new(&kind, g, owned, by);
}

struct lade_gen *lade__unique_justseen(struct lade_gen *g, int owned, const struct lade__by *by) {
    static const struct lade_gen_kind kind = {
        .name = "unique_justseen", .frame_size = sizeof(struct unique), .drain = justseen_run, .drop = unique_drop};
    return unique_new(&kind, g, owned, by);
}
