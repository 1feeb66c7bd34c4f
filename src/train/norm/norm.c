/*
 * train/norm/norm.c - computes batch normalisation (Ioffe, Szegedy, ICML 2015). oneDNN's own primitive is not used,
 * because the primitive computes statistics over the samples of one call. A call has the samples of one shard, so the
 * result would depend on the number of threads. Here, each shard computes its own mean and its own sum of squared
 * deviations. Then the numbers of all shards are combined to one mean and one variance of the batch. The
 * formula of Chan, Golub and LeVeque (COMPSTAT 1982) is used, because it avoids the difference of two large sums.
 *
 * All loops work on tiles. A tile has up to 32 rows of 16 lanes, and each lane belongs to one channel. The sums of a
 * tile are floats, and the sums of all tiles are doubles, so the rounding errors do not grow with the size of the
 * images.
 */
#include "train/norm/norm.h"

#include <math.h>
#include <string.h>

#include "train/net/vector.h"

struct lade__norm lade__norm_at(float *memory, int64_t channels, int64_t count) {
    double *d = (double *)(void *)memory;
    float *f = memory + 6 * channels;
    return (struct lade__norm){
        count, {d, d + channels}, f, f + channels, {f + 2 * channels, f + 3 * channels}, d + 2 * channels};
}

/* ---- Tiles ------------------------------------------------------------------------------------------------------- */

#define LANES     16
#define TILE_ROWS 32

/* The lanes of a row are four vectors. The loops over the four vectors are unrolled, so that the vectors stay in
   registers. The address of a vector need not be a multiple of 16. */
#define VECTORS        (LANES / LADE__VEC_FLOATS)
#define EACH_VECTOR(i) _Pragma("GCC unroll 4") for (int i = 0; i < VECTORS; i++)
#define AT(p, i)       (*(lade__vec_unaligned *)((p) + (i)*LADE__VEC_FLOATS))
#define CONST_AT(p, i) (*(const lade__vec_unaligned *)((p) + (i)*LADE__VEC_FLOATS))

#define LANE(vectors, i) ((vectors)[(i) / LADE__VEC_FLOATS][(i) % LADE__VEC_FLOATS])

struct tile {
    int64_t at, stride;       /* index of the first float, and distance of two rows */
    int64_t rows, used;       /* number of rows, and number of lanes that exist in memory */
    int64_t channel, repeats; /* lane i belongs to this channel + i % repeats, where repeats is a power of 2 */
};

/* Calls @fn(@ctx, tile) for each tile of the values. If a block has 1, 2, 4 or 8 channels, a row of a tile consists of
   several places. */
static void for_each_tile(const struct lade__loops *l, void (*fn)(void *ctx, const struct tile *t), void *ctx) {
    bool packed = LANES % l->inner == 0, one_block = l->blocks == 1;
    int64_t runs = one_block ? 1 : l->n * l->blocks, length = (one_block ? l->n : 1) * l->places * l->inner;
    int64_t row = packed ? LANES : l->inner;
    for (int64_t run = 0; run < runs; run++)
        for (int64_t at = 0, rows; at < length; at += rows * row) {
            rows = (length - at) / row < TILE_ROWS ? (length - at) / row : TILE_ROWS;
            int64_t width = rows == 0 ? length - at : row; /* the last row may be incomplete */
            rows += rows == 0;
            for (int64_t lane = 0; lane < width; lane += LANES)
                fn(ctx, &(struct tile){run * length + at + lane, row, rows, width - lane < LANES ? width - lane : LANES,
                                       run % l->blocks * l->inner + lane, packed ? l->inner : LANES});
        }
}

/* Returns the address of the first row of a tile in @array, and sets *stride. If some lanes do not exist in memory, the
   rows are copied to @copy, and the missing lanes are 0. */
static const float *rows_of(const struct tile *t, const float *array, float copy[TILE_ROWS * LANES], int64_t *stride) {
    *stride = t->stride;
    if (t->used == LANES)
        return array + t->at;
    *stride = LANES;
    memset(copy, 0, (size_t)(t->rows * LANES) * sizeof *copy);
    for (int64_t r = 0; r < t->rows; r++)
        memcpy(copy + r * LANES, array + t->at + r * t->stride, (size_t)t->used * sizeof *copy);
    return copy;
}

/* Stores the value of each lane's channel in @out. The value is 0 for the padding of a block. */
static void spread(const struct tile *t, const float *values, int64_t channels, float out[LANES]) {
    if (t->repeats == LANES && t->channel + LANES <= channels) {
        memcpy(out, values + t->channel, LANES * sizeof *out);
        return;
    }
    for (int64_t i = 0; i < LANES; i++) {
        int64_t channel = t->channel + (i & (t->repeats - 1));
        out[i] = channel < channels ? values[channel] : 0;
    }
}

/* The arrays of one computation. */
struct work {
    const struct lade__norm *s;
    int64_t channels;
    const float *x, *dy, *mean, *scale, *weight, *bias;
    float *y;    /* y or dx */
    float least; /* forward: smaller results are replaced by this number */
};

/* Adds the results of a tile to the sums of the channels. */
static void add_lanes(const struct work *w, const struct tile *t, const double first[LANES],
                      const double second[LANES]) {
    for (int64_t i = 0; i < t->used; i++) {
        int64_t channel = t->channel + (i & (t->repeats - 1));
        if (channel < w->channels) {
            w->s->sums[0][channel] += first[i];
            w->s->sums[1][channel] += second[i];
        }
    }
}

static void clear_sums(const struct lade__norm *s, int64_t channels) {
    memset(s->sums[0], 0, (size_t)channels * sizeof(double));
    memset(s->sums[1], 0, (size_t)channels * sizeof(double));
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

/* Adds the sum and the sum of squares of each lane. The sum of squares is computed from the squared deviations from the
   mean of the tile, because the squares of the values themselves would be rounded too much. */
static void reduce_tile(void *ctx, const struct tile *t) {
    const struct work *w = ctx;
    float copy[TILE_ROWS * LANES];
    int64_t stride;
    const float *x = rows_of(t, w->x, copy, &stride), *row = x;
    lade__vec sum[VECTORS] = {{0}}, squares[VECTORS] = {{0}}, mean[VECTORS];
    for (int64_t r = 0; r < t->rows; r++, row += stride)
        EACH_VECTOR(i)
    sum[i] += CONST_AT(row, i);
    EACH_VECTOR(i)
    mean[i] = sum[i] * (1 / (float)t->rows);
    for (int64_t r = 0; r < t->rows; r++, x += stride)
        EACH_VECTOR(i) {
            lade__vec off = CONST_AT(x, i) - mean[i];
            squares[i] += off * off;
        }
    double first[LANES], second[LANES];
    for (int i = 0; i < LANES; i++) {
        /* The sum of (x - m)^2 is the sum of x^2, minus 2 m times the sum of x, plus rows * m^2. */
        double m = (double)LANE(mean, i);
        first[i] = (double)LANE(sum, i);
        second[i] = (double)LANE(squares, i) + m * (2 * first[i] - (double)t->rows * m);
    }
    add_lanes(w, t, first, second);
}

void lade__norm_reduce(const struct lade__norm *s, const struct lade__loops *l, int64_t channels, const float *x) {
    struct work w = {.s = s, .channels = channels, .x = x};
    clear_sums(s, channels);
    for_each_tile(l, reduce_tile, &w);
    for (int64_t c = 0; c < channels; c++) {
        double mean = s->sums[0][c] / (double)s->count;
        s->sums[1][c] = fmax(0, s->sums[1][c] - mean * s->sums[0][c]);
        s->sums[0][c] = mean;
    }
}

void lade__norm_synchronise(const struct lade__norm *s, int shards, int64_t channels) {
    for (int64_t c = 0; c < channels; c++) {
        double count = (double)s[0].count, mean = s[0].sums[0][c], squares = s[0].sums[1][c];
        for (int i = 1; i < shards; i++) {
            double more = (double)s[i].count, off = s[i].sums[0][c] - mean;
            squares += s[i].sums[1][c] + off * off * count * more / (count + more);
            mean += off * more / (count + more);
            count += more;
        }
        for (int i = 0; i < shards; i++) {
            s[i].mean[c] = (float)mean;
            s[i].scale[c] = (float)(1 / sqrt(squares / count + LADE__NORM_EPSILON));
            s[i].unbiased_variance[c] = squares / (count > 1 ? count - 1 : 1);
        }
    }
}

static void apply_tile(void *ctx, const struct tile *t) {
    const struct work *w = ctx;
    float copy[TILE_ROWS * LANES], mean[LANES], scale[LANES], weight[LANES], bias[LANES];
    int64_t stride;
    const float *x = rows_of(t, w->x, copy, &stride);
    spread(t, w->mean, w->channels, mean);
    spread(t, w->scale, w->channels, scale);
    spread(t, w->weight, w->channels, weight);
    spread(t, w->bias, w->channels, bias);
    EACH_VECTOR(i)
    AT(scale, i) *= AT(weight, i);
    lade__vec least = lade__vec_of(w->least);
    for (int64_t r = 0; r < t->rows; r++, x += stride) {
        float row[LANES], *y = w->y + t->at + r * t->stride, *to = t->used == LANES ? y : row;
        EACH_VECTOR(i) {
            lade__vec v = (CONST_AT(x, i) - AT(mean, i)) * AT(scale, i) + AT(bias, i);
            AT(to, i) = lade__vec_choose((lade__vec_mask)(least > v), least, v); /* NaN remains NaN */
        }
        if (to == row)
            memcpy(y, row, (size_t)t->used * sizeof *y);
    }
}

void lade__norm_apply(const struct lade__loops *l, int64_t channels, const float *mean, const float *scale,
                      const float *weight, const float *bias, bool relu, const float *x, float *y) {
    struct work w = {.channels = channels,
                     .x = x,
                     .mean = mean,
                     .scale = scale,
                     .weight = weight,
                     .bias = bias,
                     .y = y,
                     .least = relu ? 0 : -INFINITY};
    for_each_tile(l, apply_tile, &w);
}

/* ---- Backward ---------------------------------------------------------------------------------------------------- */

/* The numbers of a tile's lanes that both steps of the backward pass need. */
struct backward {
    float mean[LANES], scale[LANES], bias[LANES];
    float slope[LANES]; /* scale * weight */
};

static void begin_backward(const struct work *w, const struct tile *t, struct backward *b) {
    float weight[LANES];
    spread(t, w->mean, w->channels, b->mean);
    spread(t, w->scale, w->channels, b->scale);
    spread(t, w->bias, w->channels, b->bias);
    spread(t, w->weight, w->channels, weight);
    EACH_VECTOR(i)
    AT(b->slope, i) = AT(b->scale, i) * AT(weight, i);
}

/* Returns dy. If a relu follows and the relu has made the output 0, returns 0 instead. @off is x - mean. The output is
   computed again with the formula of the forward pass. */
static inline lade__vec gradient(const struct work *w, const struct backward *b, int i, lade__vec dy, lade__vec off) {
    lade__vec y = off * CONST_AT(b->slope, i) + CONST_AT(b->bias, i);
    return lade__vec_choose((lade__vec_mask)(y > lade__vec_of(w->least)), dy, lade__vec_of(0));
}

/* Adds the sum of dy, and the sum of dy * x^, where x^ is the normalised input. */
static void reduce_backward_tile(void *ctx, const struct tile *t) {
    const struct work *w = ctx;
    float copy_x[TILE_ROWS * LANES], copy_dy[TILE_ROWS * LANES];
    int64_t stride;
    const float *x = rows_of(t, w->x, copy_x, &stride), *dy = rows_of(t, w->dy, copy_dy, &stride);
    struct backward b;
    begin_backward(w, t, &b);
    lade__vec sum[VECTORS] = {{0}}, products[VECTORS] = {{0}};
    for (int64_t r = 0; r < t->rows; r++, x += stride, dy += stride)
        EACH_VECTOR(i) {
            lade__vec off = CONST_AT(x, i) - AT(b.mean, i), g = gradient(w, &b, i, CONST_AT(dy, i), off);
            sum[i] += g;
            products[i] += g * off;
        }
    double first[LANES], second[LANES];
    for (int i = 0; i < LANES; i++) {
        first[i] = (double)LANE(sum, i);
        second[i] = (double)LANE(products, i) * (double)b.scale[i];
    }
    add_lanes(w, t, first, second);
}

static struct work backward_work(const struct lade__norm *s, int64_t channels, const struct lade__norm_backward *b) {
    return (struct work){.s = s,
                         .channels = channels,
                         .x = b->x,
                         .dy = b->dy,
                         .mean = s->mean,
                         .scale = s->scale,
                         .weight = b->weight,
                         .bias = b->bias,
                         .least = b->relu ? 0 : -INFINITY};
}

void lade__norm_reduce_backward(const struct lade__norm *s, const struct lade__loops *l, int64_t channels,
                                const struct lade__norm_backward *b, float *dweight, float *dbias) {
    struct work w = backward_work(s, channels, b);
    clear_sums(s, channels);
    for_each_tile(l, reduce_backward_tile, &w);
    for (int64_t c = 0; c < channels; c++) {
        dbias[c] = (float)s->sums[0][c];
        dweight[c] = (float)s->sums[1][c];
    }
}

void lade__norm_synchronise_backward(const struct lade__norm *s, int shards, int64_t channels) {
    double count = 0;
    for (int i = 0; i < shards; i++)
        count += (double)s[i].count;
    for (int which = 0; which < 2; which++)
        for (int64_t c = 0; c < channels; c++) {
            double sum = 0;
            for (int i = 0; i < shards; i++)
                sum += s[i].sums[which][c];
            for (int i = 0; i < shards; i++)
                s[i].means[which][c] = (float)(sum / count);
        }
}

/* Computes dx = weight * scale * (dy - mean(dy) - x^ * mean(dy * x^)). */
static void apply_backward_tile(void *ctx, const struct tile *t) {
    const struct work *w = ctx;
    float copy_x[TILE_ROWS * LANES], copy_dy[TILE_ROWS * LANES], mean_dy[LANES], mean_product[LANES];
    int64_t stride;
    const float *x = rows_of(t, w->x, copy_x, &stride), *dy = rows_of(t, w->dy, copy_dy, &stride);
    struct backward b;
    begin_backward(w, t, &b);
    spread(t, w->s->means[0], w->channels, mean_dy);
    spread(t, w->s->means[1], w->channels, mean_product);
    EACH_VECTOR(i)
    AT(mean_product, i) *= AT(b.scale, i);
    for (int64_t r = 0; r < t->rows; r++, x += stride, dy += stride) {
        float row[LANES], *dx = w->y + t->at + r * t->stride, *to = t->used == LANES ? dx : row;
        EACH_VECTOR(i) {
            lade__vec off = CONST_AT(x, i) - AT(b.mean, i), g = gradient(w, &b, i, CONST_AT(dy, i), off);
            AT(to, i) = (g - AT(mean_dy, i) - off * AT(mean_product, i)) * AT(b.slope, i);
        }
        if (to == row)
            memcpy(dx, row, (size_t)t->used * sizeof *dx);
    }
}

void lade__norm_apply_backward(const struct lade__norm *s, const struct lade__loops *l, int64_t channels,
                               const struct lade__norm_backward *b, float *dx) {
    struct work w = backward_work(s, channels, b);
    w.y = dx;
    for_each_tile(l, apply_backward_tile, &w);
}

/* ---- Running statistics ------------------------------------------------------------------------------------------ */

void lade__norm_update_running(const struct lade__norm *s, int64_t channels, float *mean, float *variance) {
    for (int64_t c = 0; c < channels; c++) {
        mean[c] += (float)(LADE__NORM_MOMENTUM * ((double)s->mean[c] - (double)mean[c]));
        variance[c] += (float)(LADE__NORM_MOMENTUM * (s->unbiased_variance[c] - (double)variance[c]));
    }
}

void lade__norm_inverse_deviation(const float *variance, int64_t channels, float *scale) {
    for (int64_t c = 0; c < channels; c++)
        scale[c] = (float)(1 / sqrt((double)variance[c] + LADE__NORM_EPSILON));
}
