/*
 * train/norm/tiles.c - divides the values of a layer into tiles. tile_functions.h defines the functions that compute a
 * tile. This file includes tile_functions.h once for each length of vectors, and chooses the length for the CPU.
 */
#include "train/norm/tiles.h"

#include <string.h>

#define LANES 16
#define ROWS  32

/* If a block has 1, 2, 4 or 8 channels, a row of a tile consists of several places. */
void lade__for_each_tile(const struct lade__loops *l, lade__tile_function *fn, const struct lade__norm_work *w) {
    bool packed = LANES % l->inner == 0, one_block = l->blocks == 1;
    int64_t runs = one_block ? 1 : l->n * l->blocks, length = (one_block ? l->n : 1) * l->places * l->inner;
    int64_t row = packed ? LANES : l->inner;
    for (int64_t run = 0; run < runs; run++)
        for (int64_t at = 0, rows; at < length; at += rows * row) {
            rows = (length - at) / row < ROWS ? (length - at) / row : ROWS;
            int64_t width = rows == 0 ? length - at : row; /* the last row may be incomplete */
            rows += rows == 0;
            for (int64_t lane = 0; lane < width; lane += LANES) {
                struct lade__tile t = {.at = run * length + at + lane,
                                       .stride = row,
                                       .rows = rows,
                                       .used = width - lane < LANES ? width - lane : LANES,
                                       .channel = run % l->blocks * l->inner + lane,
                                       .repeats = packed ? l->inner : LANES};
                fn(w, &t);
            }
        }
}

/* Returns the address of the first row of a tile in @array, and sets *stride. If some lanes do not exist in memory, the
   rows are copied to @copy, and the missing lanes are 0. */
static inline const float *rows_of(const struct lade__tile *t, const float *array, float copy[ROWS * LANES],
                                   int64_t *stride) {
    *stride = t->stride;
    if (t->used == LANES)
        return array + t->at;
    *stride = LANES;
    memset(copy, 0, (size_t)(t->rows * LANES) * sizeof *copy);
    for (int64_t r = 0; r < t->rows; r++)
        memcpy(copy + r * LANES, array + t->at + r * t->stride, (size_t)t->used * sizeof *copy);
    return copy;
}

/* Returns true if each lane belongs to another channel, and none is the padding of a block. */
static inline bool has_own_channels(const struct lade__tile *t, int64_t channels) {
    return t->repeats == LANES && t->channel + LANES <= channels;
}

/* Stores the value of each lane's channel in @out. The value is 0 for the padding of a block. */
static inline void spread(const struct lade__tile *t, const float *values, int64_t channels, float out[LANES]) {
    if (has_own_channels(t, channels)) {
        memcpy(out, values + t->channel, LANES * sizeof *out);
        return;
    }
    for (int64_t i = 0; i < LANES; i++) {
        int64_t channel = t->channel + (i & (t->repeats - 1));
        out[i] = channel < channels ? values[channel] : 0;
    }
}

/* Adds the sums of a tile's lanes to the sums of the channels. */
static void add_lanes(const struct lade__norm_work *w, const struct lade__tile *t, const double *first,
                      const double *second) {
    for (int64_t i = 0; i < t->used; i++) {
        int64_t channel = t->channel + (i & (t->repeats - 1));
        if (channel < w->channels) {
            w->s->sums[0][channel] += first[i];
            w->s->sums[1][channel] += second[i];
        }
    }
}

/* The numbers of a tile's lanes that several functions need. */
struct lane_values {
    float mean[LANES], scale[LANES], bias[LANES];
    float slope[LANES]; /* scale * weight */
};

static inline void read_lanes(const struct lade__norm_work *w, const struct lade__tile *t, struct lane_values *v) {
    float weight[LANES];
    spread(t, w->mean, w->channels, v->mean);
    spread(t, w->scale, w->channels, v->scale);
    spread(t, w->bias, w->channels, v->bias);
    spread(t, w->weight, w->channels, weight);
    for (int i = 0; i < LANES; i++)
        v->slope[i] = v->scale[i] * weight[i];
}

/* ---- Vectors ----------------------------------------------------------------------------------------------------- */

typedef float four_floats __attribute__((vector_size(4 * sizeof(float)), aligned(sizeof(float)), may_alias));
typedef double doubles __attribute__((vector_size(4 * sizeof(double)), aligned(sizeof(double)), may_alias));

#define EACH_FOUR(i)     _Pragma("GCC unroll 4") for (int i = 0; i < LANES; i += 4)
#define DOUBLES(p)       (*(doubles *)(p))
#define CONST_DOUBLES(p) (*(const doubles *)(p))
#define TO_DOUBLES(p)    __builtin_convertvector(*(const four_floats *)(p), doubles)

#define FLOATS 4
#define TARGET
#define NAME(word) word##_4
#include "train/norm/tile_functions.h"

#if defined __x86_64__
#define FLOATS     8
#define TARGET     __attribute__((target("avx2")))
#define NAME(word) word##_8
#include "train/norm/tile_functions.h"

#define FLOATS     16
#define TARGET     __attribute__((target("avx512f")))
#define NAME(word) word##_16
#include "train/norm/tile_functions.h"
#endif

const struct lade__tile_functions *lade__tile_functions(int i) {
#if defined __x86_64__
    const struct lade__tile_functions *all[] = {__builtin_cpu_supports("avx512f") ? &functions_16 : NULL,
                                                __builtin_cpu_supports("avx2") ? &functions_8 : NULL, &functions_4};
#else
    const struct lade__tile_functions *all[] = {&functions_4};
#endif
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (all[k] && i-- == 0)
            return all[k];
    return NULL;
}
