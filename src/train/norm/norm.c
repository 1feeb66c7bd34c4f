/*
 * train/norm/norm.c - computes batch normalisation (Ioffe, Szegedy, ICML 2015). oneDNN's own primitive is not used,
 * because the primitive computes statistics over the samples of one call. A call has the samples of one shard, so the
 * result would depend on the number of threads. Here, each shard computes its own mean and its own sum of squared
 * deviations. Then the numbers of all shards are combined to one mean and one variance of the batch. The
 * formula of Chan, Golub and LeVeque (COMPSTAT 1982) is used, because it avoids the difference of two large sums.
 */
#include "train/norm/norm.h"

#include <math.h>
#include <string.h>

#include "train/norm/tiles.h"

struct lade__norm lade__norm_at(float *memory, int64_t channels, int64_t count) {
    double *d = (double *)(void *)memory;
    float *f = memory + 6 * channels;
    return (struct lade__norm){
        count, {d, d + channels}, f, f + channels, {f + 2 * channels, f + 3 * channels}, d + 2 * channels};
}

static void clear_sums(const struct lade__norm *s, int64_t channels) {
    memset(s->sums[0], 0, (size_t)channels * sizeof(double));
    memset(s->sums[1], 0, (size_t)channels * sizeof(double));
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

void lade__norm_reduce(const struct lade__norm *s, const struct lade__loops *l, int64_t channels, const float *x) {
    struct lade__norm_work w = {.s = s, .channels = channels, .x = x};
    clear_sums(s, channels);
    lade__for_each_tile(l, lade__tile_functions(0)->reduce, &w);
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

void lade__norm_apply(const struct lade__loops *l, int64_t channels, const float *mean, const float *scale,
                      const float *weight, const float *bias, bool relu, const float *x, float *y) {
    struct lade__norm_work w = {.channels = channels,
                                .x = x,
                                .mean = mean,
                                .scale = scale,
                                .weight = weight,
                                .bias = bias,
                                .y = y,
                                .least = relu ? 0 : -INFINITY};
    lade__for_each_tile(l, lade__tile_functions(0)->apply, &w);
}

/* ---- Backward ---------------------------------------------------------------------------------------------------- */

static struct lade__norm_work backward_work(const struct lade__norm *s, int64_t channels,
                                            const struct lade__norm_backward *b) {
    return (struct lade__norm_work){.s = s,
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
    struct lade__norm_work w = backward_work(s, channels, b);
    clear_sums(s, channels);
    lade__for_each_tile(l, lade__tile_functions(0)->reduce_backward, &w);
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

void lade__norm_apply_backward(const struct lade__norm *s, const struct lade__loops *l, int64_t channels,
                               const struct lade__norm_backward *b, float *dx) {
    struct lade__norm_work w = backward_work(s, channels, b);
    w.y = dx;
    lade__for_each_tile(l, lade__tile_functions(0)->apply_backward, &w);
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
