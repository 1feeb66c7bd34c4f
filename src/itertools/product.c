/*
 * Implements product, which yields all tuples that contain one item of each source. All items of the sources are
 * collected first.
 */
#include "collect/container.h"
#include "iter/join.h"

#include <lade/itertools.h>

#include <string.h>

struct product {
    struct lade_join join;
    char *pools[LADE__MAX_INPUTS];
    char *tuple;
};

static void product_drop(struct lade_gen *g) {
    struct product *p = (struct product *)(void *)g;
    for (int i = 0; i < p->join.n; i++) {
        lade__container_free(p->pools[i]);
        p->pools[i] = NULL;
    }
    lade__container_free(p->tuple);
    p->tuple = NULL;
    lade__join_drop(g);
}

/* Collects all sources. Returns the size of an item. On error, raises the error in `out` and returns 0. */
static size_t prepare(struct product *p, struct lade_port *out) {
    const size_t size = p->join.in[0].g->item_size;
    for (int i = 0; i < p->join.n; i++) {
        struct lade_error err = {0};
        struct lade_input in = p->join.in[i];
        p->join.in[i] = (struct lade_input){0};
        p->pools[i] = lade__collect(in.g, in.owned, LADE__LIST, (struct lade__key){0}, &err, NULL);
        if (!p->pools[i]) {
            lade__raise_with(out, &err);
            return 0;
        }
    }
    p->tuple = lade__container_new(LADE__TUPLE, size, (size_t)p->join.n);
    if (!p->tuple) {
        lade__raise(out, LADE_ENOMEM, "product: no memory for a tuple of %d items", p->join.n);
        return 0;
    }
    p->tuple = lade__container_finish(p->tuple, (size_t)p->join.n);
    return size;
}

static void product_run(struct lade_gen *self, struct lade_port *out) {
    struct product *p = (struct product *)(void *)self;
    const size_t size = prepare(p, out);
    size_t index[LADE__MAX_INPUTS] = {0};
    int changed = 0; /* the items of the tuple from this index on must be replaced */
    bool more = size != 0;
    for (int i = 0; more && i < p->join.n; i++)
        more = lade__header(p->pools[i])->length != 0;
    while (more) {
        for (int i = changed; i < p->join.n; i++)
            memcpy(p->tuple + (size_t)i * size, p->pools[i] + index[i] * size, size);
        if (lade__put(out, &p->tuple))
            break;
        changed = p->join.n - 1;
        while (changed >= 0 && ++index[changed] == lade__header(p->pools[changed])->length)
            index[changed--] = 0;
        more = changed >= 0;
    }
    product_drop(self);
}

struct lade_gen *lade__product(const struct lade_input *inputs, int n) {
    static const struct lade_gen_kind kind = {
        .name = "product", .frame_size = sizeof(struct product), .drain = product_run, .drop = product_drop};
    return (struct lade_gen *)lade__join_new(&kind, inputs, n, sizeof(void *), LADE__OTHERS, 0);
}
