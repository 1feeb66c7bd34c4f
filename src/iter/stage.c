/*
 * The functions of stage.h.
 */
#include "iter/stage.h"

void lade__input_drop(struct lade_input *input) {
    if (input->owned)
        lade__gen_free(input->g);
    *input = (struct lade_input){0};
}

void *lade__linear_new(const struct lade_gen_kind *kind, size_t item_size, int arithmetic, size_t room,
                       struct lade_gen *source, int owned) {
    struct lade_input in = {source, owned};
    struct lade_linear *linear = source ? lade__gen_new_sized(kind, item_size, arithmetic, room) : NULL;
    if (linear)
        linear->in = in;
    else
        lade__input_drop(&in);
    return linear;
}

void lade__linear_drop(struct lade_gen *g) {
    lade__input_drop(&((struct lade_linear *)(void *)g)->in);
}

void lade__pass_exception(struct lade_port *from, struct lade_port *to) {
    struct lade_error *error;
    int status = lade__port_take(from, &error);
    if (status && status != LADE_EXIT && !to->pending) {
        const struct lade_error copy = lade__error_or(status, error);
        lade__raise_with(to, &copy);
    }
    lade_free(error);
}

void lade__stage_drive(struct lade_stage *stage, struct lade_input *input, void *room,
                       int (*each)(struct lade_port *port)) {
    struct lade_input in = *input;
    *input = (struct lade_input){0}; /* because lade__run() frees it */
    stage->port = (struct lade_port){.p = room,
                                     .end = (char *)room + in.g->item_size,
                                     .full = each,
                                     .item_size = in.g->item_size,
                                     .limit = stage->out->limit};
    lade__run(in.g, in.owned ? LADE__OWNED : 0, &stage->port);
}

void lade__stage_run(void *self, struct lade_input *input, struct lade_port *out, void *room,
                     int (*each)(struct lade_port *port)) {
    struct lade_stage stage = {.out = out, .self = self};
    lade__stage_drive(&stage, input, room, each);
    lade__pass_exception(&stage.port, out);
}

void lade__linear_run(struct lade_gen *self, struct lade_port *out, int (*each)(struct lade_port *port)) {
    lade__stage_run(self, &((struct lade_linear *)(void *)self)->in, out, lade__gen_room(self), each);
}

int lade__put_done(struct lade_port *out) {
    out->p += out->item_size;
    return lade__port_is_full(out) && lade__port_full(out) ? LADE_EXIT : 0;
}

int lade__put(struct lade_port *out, const void *item) {
    memcpy(out->p, item, out->item_size);
    return lade__put_done(out);
}
