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
    int misfit;                       /* zip: the result of find_misfit() in zip.c; 0 if the struct is correct */
    size_t first_size;                /* zip: the size of an item of the first source */
    bool longest;                     /* true for zip_longest. The memory after the slot contains an item of the first
                                         source and then the fill values */
    struct lade_input in[LADE__MAX_INPUTS];
};

/* Makes a combinator with a slot, which is memory for one item, and with `room` bytes of memory after the slot. The
   combinator frees each source whose `owned` is set in `inputs`. If a source is NULL or there is no memory, frees these
   sources and returns NULL. */
struct lade_join *lade__join_new(const struct lade_gen_kind *kind, const struct lade_input *inputs, int n,
                                 size_t item_size, int item_class, size_t room);

/* Frees all sources whose `owned` is set. This function is the `drop` of combinators of several sources. These
   combinators also call the function when they end. */
void lade__join_drop(struct lade_gen *g);

/* Returns the next item of source i, or NULL if the source has ended. If the source fails, raises the error in `out`
   and returns NULL. */
void *lade__join_next(struct lade_join *join, int i, struct lade_port *out);

#endif
