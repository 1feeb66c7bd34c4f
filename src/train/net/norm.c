/*
 * train/net/norm.c - computes batch normalisation (Ioffe, Szegedy, ICML 2015). oneDNN's own primitive is not used,
 * because the primitive computes statistics over the samples of one call. A call has the samples of one shard, so the
 * result would depend on the number of threads. Here, each shard computes its own mean and its own sum of squared
 * deviations. Then the numbers of all shards are combined to one mean and one variance of the batch. The
 * formula of Chan, Golub and LeVeque (COMPSTAT 1982) is used, because it avoids the difference of two large sums.
 */
#include "train/net/norm.h"

#include <math.h>
#include <string.h>

#include "train/net/vector.h"

struct lade__norm lade__norm_at(float *memory, int64_t channels, int64_t count) {
    double *d = (double *)(void *)memory;
    float *f = memory + 6 * channels;
    return (struct lade__norm){
        count, {d, d + channels}, f, f + channels, {f + 2 * channels, f + 3 * channels}, d + 2 * channels};
}

/* Returns the number of channels in block @b. The last block may have padding after its channels. */
static int64_t width_of(const struct lade__loops *l, int64_t channels, int64_t b) {
    int64_t left = channels - b * l->inner;
    return left < l->inner ? left : l->inner;
}

/* The loops below compute four channels at a time, and then the remaining channels one by one. The address of the
   first of four channels need not be a multiple of 16. */
#define FOUR(p)       (*(lade__vec_unaligned *)(p))
#define CONST_FOUR(p) (*(const lade__vec_unaligned *)(p))

/* Adds the partial sums of channels @first .. @first + @width - 1 to the sums, and sets the partial sums to 0. */
static void flush(const struct lade__norm *s, int which, int64_t first, int64_t width) {
    for (int64_t c = 0; c < width; c++) {
        s->sums[which][first + c] += (double)s->partial[which][c];
        s->partial[which][c] = 0;
    }
}

static void begin(const struct lade__norm *s, int which, int64_t channels) {
    memset(s->sums[which], 0, (size_t)channels * sizeof(double));
    memset(s->partial[which], 0, (size_t)channels * sizeof(float));
}

/* ---- Forward ----------------------------------------------------------------------------------------------------- */

static void add_values(float *sum, const float *x, int64_t width) {
    int64_t c = 0;
    for (; c + LADE__VEC_FLOATS <= width; c += LADE__VEC_FLOATS)
        FOUR(sum + c) += CONST_FOUR(x + c);
    for (; c < width; c++)
        sum[c] += x[c];
}

static void add_squares(float *sum, const float *x, const float *mean, int64_t width) {
    int64_t c = 0;
    for (; c + LADE__VEC_FLOATS <= width; c += LADE__VEC_FLOATS) {
        lade__vec_unaligned off = CONST_FOUR(x + c) - CONST_FOUR(mean + c);
        FOUR(sum + c) += off * off;
    }
    for (; c < width; c++)
        sum[c] += (x[c] - mean[c]) * (x[c] - mean[c]);
}

void lade__norm_reduce(const struct lade__norm *s, const struct lade__loops *l, int64_t channels, const float *x) {
    for (int which = 0; which < 2; which++) {
        const float *at = x;
        begin(s, which, channels);
        for (int64_t i = 0; i < l->n; i++)
            for (int64_t b = 0; b < l->blocks; b++) {
                int64_t first = b * l->inner, width = width_of(l, channels, b);
                for (int64_t p = 0; p < l->places; p++, at += l->inner)
                    if (which == 0)
                        add_values(s->partial[0], at, width);
                    else
                        add_squares(s->partial[1], at, s->mean + first, width);
                flush(s, which, first, width);
            }
        for (int64_t c = 0; which == 0 && c < channels; c++) {
            s->sums[0][c] /= (double)s->count;
            s->mean[c] = (float)s->sums[0][c];
        }
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

static void apply(float *y, const float *x, const float *mean, const float *scale, const float *weight,
                  const float *bias, int64_t width, int64_t inner) {
    int64_t c = 0;
    for (; c + LADE__VEC_FLOATS <= width; c += LADE__VEC_FLOATS)
        FOUR(y + c) = (CONST_FOUR(x + c) - CONST_FOUR(mean + c)) * (CONST_FOUR(scale + c) * CONST_FOUR(weight + c)) +
                      CONST_FOUR(bias + c);
    for (; c < width; c++)
        y[c] = (x[c] - mean[c]) * (scale[c] * weight[c]) + bias[c];
    for (; c < inner; c++)
        y[c] = 0;
}

void lade__norm_apply(const struct lade__loops *l, int64_t channels, const float *mean, const float *scale,
                      const float *weight, const float *bias, const float *x, float *y) {
    for (int64_t i = 0; i < l->n; i++)
        for (int64_t b = 0; b < l->blocks; b++) {
            int64_t k = b * l->inner, width = width_of(l, channels, b);
            for (int64_t p = 0; p < l->places; p++, x += l->inner, y += l->inner)
                apply(y, x, mean + k, scale + k, weight + k, bias + k, width, l->inner);
        }
}

/* ---- Backward ---------------------------------------------------------------------------------------------------- */

static void add_products(float *sum, const float *dy, const float *x, const float *mean, const float *scale,
                         int64_t width) {
    int64_t c = 0;
    for (; c + LADE__VEC_FLOATS <= width; c += LADE__VEC_FLOATS)
        FOUR(sum + c) += CONST_FOUR(dy + c) * ((CONST_FOUR(x + c) - CONST_FOUR(mean + c)) * CONST_FOUR(scale + c));
    for (; c < width; c++)
        sum[c] += dy[c] * ((x[c] - mean[c]) * scale[c]);
}

void lade__norm_reduce_backward(const struct lade__norm *s, const struct lade__loops *l, int64_t channels,
                                const float *x, const float *dy, float *dweight, float *dbias) {
    begin(s, 0, channels);
    begin(s, 1, channels);
    for (int64_t i = 0; i < l->n; i++)
        for (int64_t b = 0; b < l->blocks; b++) {
            int64_t first = b * l->inner, width = width_of(l, channels, b);
            for (int64_t p = 0; p < l->places; p++, x += l->inner, dy += l->inner) {
                add_values(s->partial[0], dy, width);
                add_products(s->partial[1], dy, x, s->mean + first, s->scale + first, width);
            }
            flush(s, 0, first, width);
            flush(s, 1, first, width);
        }
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
                s[i].partial[which][c] = (float)(sum / count);
        }
}

/* Computes dx = weight * scale * (dy - mean(dy) - x^ * mean(dy * x^)) for the channels from @k on. x^ is the normalised
   input. */
static void apply_backward(const struct lade__norm *s, int64_t k, const float *weight, const float *x, const float *dy,
                           float *dx, int64_t width, int64_t inner) {
    const float *mean = s->mean + k, *scale = s->scale + k, *plain = s->partial[0] + k, *slope = s->partial[1] + k;
    int64_t c = 0;
    for (; c + LADE__VEC_FLOATS <= width; c += LADE__VEC_FLOATS) {
        lade__vec_unaligned normal = (CONST_FOUR(x + c) - CONST_FOUR(mean + c)) * CONST_FOUR(scale + c);
        FOUR(dx + c) = CONST_FOUR(weight + c) * CONST_FOUR(scale + c) *
                       (CONST_FOUR(dy + c) - CONST_FOUR(plain + c) - normal * CONST_FOUR(slope + c));
    }
    for (; c < width; c++)
        dx[c] = weight[c] * scale[c] * (dy[c] - plain[c] - (x[c] - mean[c]) * scale[c] * slope[c]);
    for (; c < inner; c++)
        dx[c] = 0;
}

void lade__norm_apply_backward(const struct lade__norm *s, const struct lade__loops *l, int64_t channels,
                               const float *weight, const float *x, const float *dy, float *dx) {
    for (int64_t i = 0; i < l->n; i++)
        for (int64_t b = 0; b < l->blocks; b++) {
            int64_t k = b * l->inner, width = width_of(l, channels, b);
            for (int64_t p = 0; p < l->places; p++, x += l->inner, dy += l->inner, dx += l->inner)
                apply_backward(s, k, weight + k, x, dy, dx, width, l->inner);
        }
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
