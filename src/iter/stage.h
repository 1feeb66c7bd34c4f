/*
 * Combinators. A linear one (take, filter, map, ...) is a *stage*: a port that its source is run into and that passes
 * items on to the next port. Run inside a chain it is a few function calls an item, and however long the chain, pulled
 * from outside it needs one stack: that of the generator which is asked.
 */
#ifndef LADE_ITER_STAGE_H
#define LADE_ITER_STAGE_H

#include "gen/gen_impl.h"

#include <lade/iter.h>

/* Free an input that is owned and still there, and clear it. */
void lade__input_drop(struct lade_input *input);

/* Make a combinator with one input that is the first member behind `gen` in its frame; takes over an owned source even
   if there is no memory (then NULL). The kind's `drop` must be lade__linear_drop. */
struct lade_linear {
    struct lade_gen gen;
    struct lade_input in;
};
void *lade__linear_new(const struct lade_gen_kind *kind, size_t item_size, int arithmetic, size_t room,
                       struct lade_gen *source, int owned);
void lade__linear_drop(struct lade_gen *g);

/* A stage while it runs. `out` is where its items go. */
struct lade_stage {
    struct lade_port port;
    struct lade_port *out;
    void *self; /* what `each` works on: the combinator, or a part of it */
};

/*
 * Run an input of a combinator through a stage, item by item: `each` is called for each, and returns 0 or, to stop,
 * LADE_EXIT. `room` holds one item of the input. Errors go on to out. The input is used up: freed if it is owned, and
 * cleared.
 */
void lade__stage_run(void *self, struct lade_input *input, struct lade_port *out, void *room,
                     int (*each)(struct lade_port *port));

/* The first half of that: an exception of the input stays in stage->port. Of the stage, `out` and `self` are set. */
void lade__stage_drive(struct lade_stage *stage, struct lade_input *input, void *room,
                       int (*each)(struct lade_port *port));

/* The same for a combinator of one input, with the room behind its slot. */
void lade__linear_run(struct lade_gen *self, struct lade_port *out, int (*each)(struct lade_port *port));

/* The item that a stage's `each` was called for. It makes room for the next one. */
static inline void *lade__stage_item(struct lade_port *port) {
    port->p = port->end - port->item_size;
    return port->p;
}

static inline struct lade_stage *lade__stage(struct lade_port *port) {
    return (struct lade_stage *)(void *)port;
}

/* Pass one item on: 0, or LADE_EXIT once nobody wants more. */
int lade__put(struct lade_port *out, const void *item);

/* The same for an item that has been written to out->p already. */
int lade__put_done(struct lade_port *out);

/* Move an exception that ended an inner port to the outer one; LADE_EXIT was the stage's own doing and goes no further.
 */
void lade__pass_exception(struct lade_port *from, struct lade_port *to);

#endif
