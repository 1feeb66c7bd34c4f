/*
 * Combinators of several sources: one frame for all of them, and how it gives its sources back.
 */
#ifndef LADE_ITER_JOIN_H
#define LADE_ITER_JOIN_H

#include "iter/stage.h"

struct lade_join {
    struct lade_gen gen;
    int n;
    lade__comparator *compare;        /* merge */
    size_t offsets[LADE__MAX_INPUTS]; /* zip: where each source's item goes */
    struct lade_input in[LADE__MAX_INPUTS];
};

/* A joining combinator; takes the owned sources over, also when it returns NULL. */
struct lade_join *lade__join_new(const struct lade_gen_kind *kind, const struct lade_input *inputs, int n,
                                 size_t item_size, int arithmetic, size_t room);

/* Give all sources back: the kinds' `drop`, and the end of every run. */
void lade__join_drop(struct lade_gen *g);

/* The next item of source i: NULL at its end, with an error of it raised in out. */
void *lade__join_next(struct lade_join *join, int i, struct lade_port *out);

#endif
