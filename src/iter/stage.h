/*
 * Declares linear combinators, which have one source (take, filter, map, ...). A linear combinator runs its source with
 * a *stage*, which is a port that processes each item and passes the result to the port of the consumer. So each stage
 * costs a few function calls for each item. A chain of stages that is pulled needs only one stack, unless the chain is
 * long (see stage.c). docs/glossary.md explains the terms port, window, source and pull.
 */
#ifndef LADE_ITER_STAGE_H
#define LADE_ITER_STAGE_H

#include "gen/gen_impl.h"

#include <lade/iter.h>

/* An input is a generator that a combinator reads. Frees the generator of an input if it is owned, and sets both fields
   of the input to 0. */
void lade__input_drop(struct lade_input *input);

/* Makes a linear combinator. The frame of the combinator begins with a struct lade_linear. If the source is owned, the
   combinator frees the source when the combinator ends or is freed. If there is no memory, this function frees an owned
   source and returns NULL. The function `drop` of the kind must be lade__linear_drop(), or must call
   lade__linear_drop(). */
struct lade_linear {
    struct lade_gen gen;
    struct lade_input in;
};
void *lade__linear_new(const struct lade_gen_kind *kind, size_t item_size, int item_class, size_t room,
                       struct lade_gen *source, int owned);
void lade__linear_drop(struct lade_gen *g);

/* A running stage. `out` is the port of the consumer. */
struct lade_stage {
    struct lade_port port;
    struct lade_port *out;
    void *self;                          /* the argument of `each`: the combinator, or a part of it */
    int (*each)(struct lade_port *port); /* called for each item, on `stack` */
    struct lade_stack *stack;            /* NULL if `each` runs on the stack of the source */
};

/*
 * Runs an input of a combinator and calls `each` for each item. `each` returns 0, or LADE_EXIT to stop the input.
 * `room` is memory for one item of the input. Errors are raised in `out`. The generator of the input is freed if it is
 * owned, and the input is cleared.
 */
void lade__stage_run(void *self, struct lade_input *input, struct lade_port *out, void *room,
                     int (*each)(struct lade_port *port));

/* Does the same as lade__stage_run(), but an exception of the input remains in stage->port. The caller sets `out` and
   `self` of the stage. */
void lade__stage_drive(struct lade_stage *stage, struct lade_input *input, void *room,
                       int (*each)(struct lade_port *port));

/* Does the same as lade__stage_run() for a linear combinator. The memory after its slot is used as `room`. */
void lade__linear_run(struct lade_gen *self, struct lade_port *out, int (*each)(struct lade_port *port));

/* Runs a source with a stage. The caller has set `out` and `self` of the stage, and `p`, `end` and `item_size` of the
   stage's port. Frees the source if it is owned. */
void lade__stage_source(struct lade_stage *stage, struct lade_input in, int (*each)(struct lade_port *port));

/* Returns the item for which `each` was called, and clears the window for the next item, which uses the same memory. */
static inline void *lade__stage_item(struct lade_port *port) {
    port->p = port->end - port->item_size;
    return port->p;
}

static inline struct lade_stage *lade__stage(struct lade_port *port) {
    return (struct lade_stage *)(void *)port;
}

/* Passes an item to the consumer. Returns 0, or LADE_EXIT if the consumer needs no more items. */
int lade__put(struct lade_port *out, const void *item);

/* Does the same as lade__put() for an item that is already stored at out->p. */
int lade__put_done(struct lade_port *out);

/* Moves the exception of the port `from`, which belongs to a stage, to the port `to` of the consumer. LADE_EXIT is
   removed and not moved, because the stage itself has raised LADE_EXIT to stop its source. */
void lade__pass_exception(struct lade_port *from, struct lade_port *to);

#endif
