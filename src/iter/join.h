/*
 * Declares the functions that combinators of several sources share.
 */
#ifndef LADE_ITER_JOIN_H
#define LADE_ITER_JOIN_H

#include "iter/stage.h"

struct lade_join {
    struct lade_gen gen;
    int n;
    lade__comparator *compare;        /* merge: compares two items */
    size_t offsets[LADE__MAX_INPUTS]; /* zip: the offset of each item in the struct */
    int misfit;                       /* zip: the number of a member that does not have the type of its item, or 0 */
    size_t first_size;                /* zip: the size of an item of the first source, which may have ended */
    bool longest;                     /* zip_longest: a struct of fill values is stored after the room for an item */
    struct lade_input in[LADE__MAX_INPUTS];
};

/* Makes a combinator. Takes ownership of the owned sources, even if it returns NULL. */
struct lade_join *lade__join_new(const struct lade_gen_kind *kind, const struct lade_input *inputs, int n,
                                 size_t item_size, int item_class, size_t room);

/* Frees all owned sources. Combinators of several sources use this function as `drop`, and call it at the end of
   their bodies. */
void lade__join_drop(struct lade_gen *g);

/* Returns the next item of source i, or NULL at its end. If the source fails, raises the error in `out` and returns
   NULL. */
void *lade__join_next(struct lade_join *join, int i, struct lade_port *out);

#endif
