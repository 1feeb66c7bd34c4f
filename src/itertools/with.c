/*
 * Implements filter_with, take_while_with, drop_while_with and map_with. The function of the user gets a pointer to the
 * item and the pointer `context` of the user. So the same code works for all item types.
 */
#include "iter/stage.h"

#include <lade/itertools.h>
#include <string.h>

typedef bool predicate_with(const void *item, void *context);
typedef void mapper_with(const void *item, void *result, void *context);

struct with {
    struct lade_linear linear;
    enum lade__with how;
    lade__function *f;
    void *context;
    void *copy;   /* a copy of the context, if the context was a compound literal; otherwise NULL */
    bool dropped; /* drop_while: true after the first item that was yielded; all later items are yielded */
};

static int with_each(struct lade_port *port) {
    struct with *with = lade__stage(port)->self;
    struct lade_port *out = lade__stage(port)->out;
    const void *item = lade__stage_item(port);
    if (with->how == LADE__MAP_WITH) {
        ((mapper_with *)with->f)(item, out->p, with->context);
        return lade__put_done(out);
    }
    bool passed = with->dropped || ((predicate_with *)with->f)(item, with->context);
    if (with->how == LADE__DROP_WHILE_WITH)
        passed = with->dropped = with->dropped || !passed;
    return passed ? lade__put(out, item) : with->how == LADE__TAKE_WHILE_WITH ? LADE_EXIT : 0;
}

static void with_drop(struct lade_gen *g) {
    struct with *with = (struct with *)(void *)g;
    lade_free(with->copy);
    with->copy = NULL;
    lade__linear_drop(g);
}

static void with_run(struct lade_gen *self, struct lade_port *out) {
    lade__linear_run(self, out, with_each);
    with_drop(self);
}

struct lade_gen *lade__with(struct lade_gen *g, int owned, enum lade__with how, size_t item_size, int item_class,
                            lade__function *f, const void *context, size_t literal_size) {
    static const struct lade_gen_kind kind = {
        .name = "with", .frame_size = sizeof(struct with), .drain = with_run, .drop = with_drop};
    struct with *with = lade__linear_new(&kind, item_size, item_class, g ? g->item_size : 0, g, owned);
    if (with) {
        with->how = how;
        with->f = f;
        with->context = (void *)(uintptr_t)context;
        with->copy = literal_size ? lade_alloc(literal_size) : NULL;
        if (with->copy)
            with->context = memcpy(with->copy, context, literal_size);
    }
    if (with && literal_size && !with->copy) {
        lade__gen_free(&with->linear.gen);
        return NULL;
    }
    return (struct lade_gen *)with;
}
