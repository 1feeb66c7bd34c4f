/*
 * train/norm/tiles.h - the inner loops of batch normalisation. All loops work on tiles. A tile has up to 32 rows of 16
 * lanes, and each lane belongs to one channel. The sums of a tile are floats, and the sums of all tiles are doubles, so
 * the rounding errors do not grow with the size of the images.
 */
#ifndef LADE_SRC_TRAIN_NORM_TILES_H
#define LADE_SRC_TRAIN_NORM_TILES_H

#include "train/norm/norm.h"

struct lade__tile {
    int64_t at, stride;       /* index of the first float, and distance of two rows */
    int64_t rows, used;       /* number of rows, and number of lanes that exist in memory */
    int64_t channel, repeats; /* lane i belongs to this channel + i % repeats, where repeats is a power of 2 */
};

/* The arrays of one computation. */
struct lade__norm_work {
    const struct lade__norm *s;
    int64_t channels;
    const float *x, *dy, *mean, *scale, *weight, *bias;
    float *y;    /* y or dx */
    float least; /* 0 if a relu follows, otherwise -INFINITY */
};

/*
 * The functions that compute one tile.
 *
 * reduce          - adds the sum and the sum of squares of each lane to the sums of its channel
 * apply           - computes y = (x - mean) * scale * weight + bias, but at least `least`
 * reduce_backward - adds the sum of dy, and the sum of dy * x^, where x^ is the normalised input
 * apply_backward  - computes dx = weight * scale * (dy - mean(dy) - x^ * mean(dy * x^))
 *
 * In the last two functions, dy is replaced by 0 where y is not above `least`.
 */
typedef void lade__tile_function(const struct lade__norm_work *w, const struct lade__tile *t);
struct lade__tile_functions {
    lade__tile_function *reduce, *apply, *reduce_backward, *apply_backward;
};

/* Returns the functions for the longest vectors of this CPU if @i is 0, for the second longest vectors if @i is 1, and so
   on. Returns NULL if there are no more. All functions compute the same bits. */
const struct lade__tile_functions *lade__tile_functions(int i);

/* Calls @fn(@w, tile) for each tile of the values. */
void lade__for_each_tile(const struct lade__loops *l, lade__tile_function *fn, const struct lade__norm_work *w);

#endif
