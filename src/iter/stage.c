/*
 * Implements stage.h, and provides the stack space for long chains.
 *
 * In a chain, each stage reads the items of the stage before it, and the first stage reads the items of the source. A
 * chain makes nested calls in two directions. To start the chain, the last stage calls lade__run() for the stage before
 * it, and so on until the source runs. If little stack space is left, lade__run() continues on another stack.
 *
 * To pass an item, the source calls the first stage, this stage calls the second stage, and so on until the consumer
 * has the item. The field `up` of a port is the stack space in bytes that the calls for an item need, and lade__run()
 * keeps this space free. After each group of HOP / STEP stages, the calls for an item continue on another stack. One
 * stage of the group owns this stack until the stage ends. A chain with fewer than HOP / STEP stages needs no other
 * stack.
 */
#include "iter/stage.h"
#include "gen/sanitize.h"
#include "gen/stack/stack.h"

#ifdef __SANITIZE_ADDRESS__
enum { STEP = 1024 };
#else
enum { STEP = 512 }; /* upper limit of the stack space in bytes that one stage needs to pass an item */
#endif
enum { HOP = 32 * STEP };

void lade__input_drop(struct lade_input *input) {
    if (input->owned)
        lade__gen_free(input->g);
    *input = (struct lade_input){0};
}

void *lade__linear_new(const struct lade_gen_kind *kind, size_t item_size, int item_class, size_t room,
                       struct lade_gen *source, int owned) {
    struct lade_input in = {source, owned};
    struct lade_linear *linear = source ? lade__gen_new_sized(kind, item_size, item_class, room) : NULL;
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

struct hop {
    struct lade_stage *stage;
    int status;
};

static void hop_call(struct lade_gen *opaque, struct lade_port *port) {
    struct hop *hop = (struct hop *)(void *)opaque;
    hop->status = hop->stage->each(port);
}

/* The function `full` of a stage that has a stack. Calls `each` on this stack. */
static int hop_full(struct lade_port *port) {
    struct hop hop = {.stage = lade__stage(port)};
    lade__call_on_notify(hop.stage->stack, hop_call, (struct lade_gen *)(void *)&hop, port);
    return hop.status;
}

static __attribute__((noinline)) void run_with_hop(struct lade_stage *stage, struct lade_input in) {
    struct lade_error err;
    stage->stack = lade__stack_take(0, &err);
    if (!stage->stack) {
        lade__input_drop(&in);
        lade__raise_with(&stage->port, &err);
        return;
    }
    stage->stack->g = NULL;
    stage->port.full = hop_full;
    stage->port.up = STEP;
    lade__run(in.g, in.owned ? LADE__OWNED : 0, &stage->port);
    lade__stack_give(stage->stack);
}

void lade__stage_source(struct lade_stage *stage, struct lade_input in, int (*each)(struct lade_port *port)) {
    stage->each = stage->port.full = each;
    stage->port.limit = stage->out->limit;
    stage->port.up = (unsigned short)(stage->out->up + STEP);
    if (__builtin_expect(stage->port.up >= HOP, 0))
        run_with_hop(stage, in);
    else
        lade__run(in.g, in.owned ? LADE__OWNED : 0, &stage->port);
}

void lade__stage_drive(struct lade_stage *stage, struct lade_input *input, void *room,
                       int (*each)(struct lade_port *port)) {
    struct lade_input in = *input;
    *input = (struct lade_input){0}; /* lade__run() frees the generator */
    stage->port = (struct lade_port){.p = room, .end = (char *)room + in.g->item_size, .item_size = in.g->item_size};
    lade__stage_source(stage, in, each);
}

void lade__stage_run(void *self, struct lade_input *input, struct lade_port *out, void *room,
                     int (*each)(struct lade_port *port)) {
    struct lade_stage stage;
    stage.out = out;
    stage.self = self;
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
