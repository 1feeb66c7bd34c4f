/*
 * zip: structs of one item of each source. The first source runs in place through a stage. The others are pulled.
 */
#include "iter/join.h"

static int zip_each(struct lade_port *port) {
    struct lade_port *out = lade__stage(port)->out;
    struct lade_join *join = lade__stage(port)->self;
    memcpy(out->p + join->offsets[0], lade__stage_item(port), port->item_size);
    for (int i = 1; i < join->n; i++) {
        const void *item = lade__join_next(join, i, out);
        if (!item)
            return LADE_EXIT;
        memcpy(out->p + join->offsets[i], item, join->in[i].g->item_size);
    }
    return lade__put_done(out);
}

static void zip_run(struct lade_gen *self, struct lade_port *out) {
    struct lade_join *join = (struct lade_join *)(void *)self;
    if (join->n)
        lade__stage_run(self, &join->in[0], out, lade__gen_room(self), zip_each);
    else
        lade__raise(out, LADE_EINVAL,
                    "zip: the members of the struct do not have the types of the items, in the same order");
    lade__join_drop(self);
}

/* Computes the offsets that a compiler gives to members of these sizes. Returns 0 if the struct has another size. */
static int lay_out(struct lade_join *join, size_t struct_size, const size_t *alignments) {
    size_t end = 0, widest = 1;
    for (int i = 0; i < join->n; i++) {
        end = (end + alignments[i] - 1) / alignments[i] * alignments[i];
        join->offsets[i] = end;
        end += join->in[i].g->item_size;
        widest = alignments[i] > widest ? alignments[i] : widest;
    }
    return (end + widest - 1) / widest * widest == struct_size;
}

struct lade_gen *lade__zip(const struct lade_input *inputs, int n, size_t size, const size_t *alignments) {
    static const struct lade_gen_kind kind = {
        .name = "zip", .frame_size = sizeof(struct lade_join), .drain = zip_run, .drop = lade__join_drop};
    struct lade_join *join = lade__join_new(&kind, inputs, n, size, 0, inputs[0].g ? inputs[0].g->item_size : 0);
    if (join && !lay_out(join, size, alignments)) {
        lade__join_drop(&join->gen);
        join->n = 0; /* zip_run() then raises the error */
    }
    return (struct lade_gen *)join;
}
