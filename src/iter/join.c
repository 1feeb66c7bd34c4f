/*
 * Implements chain, interleave and merge. chain runs its sources one after the other, on the stack on which chain
 * itself runs. The sources store their items directly in the port of the consumer. interleave and merge pull their
 * sources: a source is resumed for one item at a time, and has a separate stack.
 */
#include "iter/join.h"

struct lade_join *lade__join_new(const struct lade_gen_kind *kind, const struct lade_input *inputs, int n,
                                 size_t item_size, int item_class, size_t room) {
    struct lade_join *join = NULL;
    int complete = 1;
    for (int i = 0; i < n; i++)
        complete = complete && inputs[i].g;
    if (complete)
        join = (struct lade_join *)lade__gen_new_sized(kind, item_size, item_class, room);
    if (join) {
        join->n = n;
        memcpy(join->in, inputs, (size_t)n * sizeof *inputs);
        return join;
    }
    for (int i = 0; i < n; i++)
        lade__input_drop(&(struct lade_input){inputs[i].g, inputs[i].owned});
    return NULL;
}

void lade__join_drop(struct lade_gen *g) {
    struct lade_join *join = (struct lade_join *)(void *)g;
    for (int i = 0; i < join->n; i++)
        lade__input_drop(&join->in[i]);
}

void *lade__join_next(struct lade_join *join, int i, struct lade_port *out) {
    struct lade_gen *g = join->in[i].g;
    void *item = lade__gen_resume(g, NULL);
    if (!item) {
        const struct lade_error *error = lade__gen_error(g);
        if (error)
            lade__raise_with(out, error);
    }
    return item;
}

/* ---- chain ------------------------------------------------------------------------------------------------------- */

static void chain_run(struct lade_gen *self, struct lade_port *out) {
    struct lade_join *join = (struct lade_join *)(void *)self;
    for (int i = 0; i < join->n && !out->pending; i++) {
        struct lade_input in = join->in[i];
        join->in[i] = (struct lade_input){0};
        lade__run(in.g, in.owned ? LADE__OWNED : 0, out);
    }
    lade__join_drop(self);
}

struct lade_gen *lade__chain(const struct lade_input *inputs, int n, lade__comparator *unused) {
    static const struct lade_gen_kind kind = {
        .name = "chain", .frame_size = sizeof(struct lade_join), .drain = chain_run, .drop = lade__join_drop};
    (void)unused;
    const struct lade_gen *first = inputs[0].g;
    return (struct lade_gen *)lade__join_new(&kind, inputs, n, first ? first->item_size : 0,
                                             first ? first->item_class : LADE__OTHERS, 0);
}

/* ---- interleave -------------------------------------------------------------------------------------------------- */

static void interleave_run(struct lade_gen *self, struct lade_port *out) {
    struct lade_join *join = (struct lade_join *)(void *)self;
    for (int live = join->n; live && !out->pending;) {
        live = 0;
        for (int i = 0; i < join->n && !out->pending; i++) {
            void *item = join->in[i].g ? lade__join_next(join, i, out) : NULL;
            if (item) {
                lade__put(out, item);
                live++;
            } else {
                lade__input_drop(&join->in[i]);
            }
        }
    }
    lade__join_drop(self);
}

struct lade_gen *lade__interleave(const struct lade_input *inputs, int n, lade__comparator *unused) {
    static const struct lade_gen_kind kind = {
        .name = "interleave", .frame_size = sizeof(struct lade_join), .drain = interleave_run, .drop = lade__join_drop};
    (void)unused;
    const struct lade_gen *first = inputs[0].g;
    return (struct lade_gen *)lade__join_new(&kind, inputs, n, first ? first->item_size : 0,
                                             first ? first->item_class : LADE__OTHERS, 0);
}

/* ---- merge ------------------------------------------------------------------------------------------------------- */

static char *head(struct lade_join *join, int i) {
    return (char *)lade__gen_room(&join->gen) + (size_t)i * join->gen.item_size;
}

/* Copies the next item of source i to the memory of the merge generator. The slot of the source is not used, because
   another consumer may resume the source before the item is yielded. For example, the program may pass the same
   generator twice. Returns false at the end of the source. */
static bool next_head(struct lade_join *join, int i, struct lade_port *out) {
    const void *item = lade__join_next(join, i, out);
    if (item)
        memcpy(head(join, i), item, join->gen.item_size);
    return item;
}

static void merge_run(struct lade_gen *self, struct lade_port *out) {
    struct lade_join *join = (struct lade_join *)(void *)self;
    bool live[LADE__MAX_INPUTS] = {0};
    for (int i = 0; i < join->n && !out->pending; i++)
        live[i] = next_head(join, i, out);
    while (!out->pending) {
        int least = -1;
        for (int i = 0; i < join->n; i++)
            if (live[i] && (least < 0 || join->compare(head(join, i), head(join, least)) < 0))
                least = i;
        if (least < 0 || lade__put(out, head(join, least)))
            break;
        live[least] = next_head(join, least, out);
    }
    lade__join_drop(self);
}

struct lade_gen *lade__merge(const struct lade_input *inputs, int n, lade__comparator *compare) {
    static const struct lade_gen_kind kind = {
        .name = "merge", .frame_size = sizeof(struct lade_join), .drain = merge_run, .drop = lade__join_drop};
    const struct lade_gen *first = inputs[0].g;
    struct lade_join *join =
        lade__join_new(&kind, inputs, n, first ? first->item_size : 0, first ? first->item_class : LADE__OTHERS,
                       first ? (size_t)n * first->item_size : 0);
    if (join)
        join->compare = compare;
    return (struct lade_gen *)join;
}
