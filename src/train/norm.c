/*
 * train/norm.c - batch normalisation (Ioffe, Szegedy, ICML 2015). oneDNN has a primitive for it, but one that knows
 * only the samples it is given: with a batch cut into parts each would be normalised by itself, and training would
 * depend on the number of threads. So each part adds up, the parts meet, and the batch has one mean and one variance.
 * They are put together as Chan, Golub and LeVeque have it (COMPSTAT 1982): no small difference of large sums.
 */
#include "train/norm.h"

#include <math.h>
#include <string.h>

struct lade__norm lade__norm_at(float *memory, int64_t channels, int64_t count) {
    double *d = (double *)(void *)memory;
    float *f = memory + 6 * channels;
    return (struct lade__norm){count, {d, d + channels}, f, f + channels, d + 2 * channels};
}

/* How many channels there are in block @b: the last one may be padded. */
static int64_t width_of(const struct lade__loops *l, int64_t channels, int64_t b) {
    int64_t left = channels - b * l->inner;
    return left < l->inner ? left : l->inner;
}

/* ---- Forward ------------------------------------------------------------------------------------------------------
 */

void lade__norm_look(const struct lade__norm *s, const struct lade__loops *l, int64_t channels, const float *x) {
    double *mean = s->sums[0], *squares = s->sums[1], count = (double)s->count;
    memset(mean, 0, (size_t)channels * sizeof *mean);
    memset(squares, 0, (size_t)channels * sizeof *squares);
    const float *at = x;
    for (int64_t i = 0; i < l->n; i++)
        for (int64_t b = 0; b < l->blocks; b++)
            for (int64_t p = 0; p < l->places; p++, at += l->inner)
                for (int64_t c = 0, width = width_of(l, channels, b); c < width; c++)
                    mean[b * l->inner + c] += (double)at[c];
    for (int64_t c = 0; c < channels; c++)
        mean[c] /= count;
    at = x;
    for (int64_t i = 0; i < l->n; i++)
        for (int64_t b = 0; b < l->blocks; b++)
            for (int64_t p = 0; p < l->places; p++, at += l->inner)
                for (int64_t c = 0, width = width_of(l, channels, b); c < width; c++) {
                    double off = (double)at[c] - mean[b * l->inner + c];
                    squares[b * l->inner + c] += off * off;
                }
}

void lade__norm_meet(const struct lade__norm *s, int parts, int64_t channels) {
    for (int64_t c = 0; c < channels; c++) {
        double count = (double)s[0].count, mean = s[0].sums[0][c], squares = s[0].sums[1][c];
        for (int i = 1; i < parts; i++) {
            double more = (double)s[i].count, off = s[i].sums[0][c] - mean;
            squares += s[i].sums[1][c] + off * off * count * more / (count + more);
            mean += off * more / (count + more);
            count += more;
        }
        for (int i = 0; i < parts; i++) {
            s[i].mean[c] = (float)mean;
            s[i].scale[c] = (float)(1 / sqrt(squares / count + LADE__NORM_EPSILON));
            s[i].counted_variance[c] = squares / (count > 1 ? count - 1 : 1);
        }
    }
}

void lade__norm_apply(const struct lade__loops *l, int64_t channels, const float *mean, const float *scale,
                      const float *weight, const float *bias, const float *x, float *y) {
    for (int64_t i = 0; i < l->n; i++)
        for (int64_t b = 0; b < l->blocks; b++) {
            int64_t first = b * l->inner, width = width_of(l, channels, b);
            for (int64_t p = 0; p < l->places; p++, x += l->inner, y += l->inner) {
                for (int64_t c = 0; c < width; c++)
                    y[c] = (x[c] - mean[first + c]) * (scale[first + c] * weight[first + c]) + bias[first + c];
                for (int64_t c = width; c < l->inner; c++)
                    y[c] = 0;
            }
        }
}

/* ---- Backward -----------------------------------------------------------------------------------------------------
 */

void lade__norm_look_back(const struct lade__norm *s, const struct lade__loops *l, int64_t channels, const float *x,
                          const float *dy, float *dweight, float *dbias) {
    double *sum = s->sums[0], *product = s->sums[1];
    memset(sum, 0, (size_t)channels * sizeof *sum);
    memset(product, 0, (size_t)channels * sizeof *product);
    for (int64_t i = 0; i < l->n; i++)
        for (int64_t b = 0; b < l->blocks; b++) {
            int64_t first = b * l->inner, width = width_of(l, channels, b);
            for (int64_t p = 0; p < l->places; p++, x += l->inner, dy += l->inner)
                for (int64_t c = 0; c < width; c++) {
                    sum[first + c] += (double)dy[c];
                    product[first + c] += (double)dy[c] * (double)((x[c] - s->mean[first + c]) * s->scale[first + c]);
                }
        }
    for (int64_t c = 0; c < channels; c++) {
        dweight[c] = (float)product[c];
        dbias[c] = (float)sum[c];
    }
}

void lade__norm_meet_back(const struct lade__norm *s, int parts, int64_t channels) {
    for (int which = 0; which < 2; which++)
        for (int64_t c = 0; c < channels; c++) {
            double sum = 0;
            for (int i = 0; i < parts; i++)
                sum += s[i].sums[which][c];
            for (int i = 0; i < parts; i++)
                s[i].sums[which][c] = sum;
        }
}

void lade__norm_apply_back(const struct lade__norm *s, const struct lade__loops *l, int64_t channels, int64_t count,
                           const float *weight, const float *x, const float *dy, float *dx) {
    for (int64_t i = 0; i < l->n; i++)
        for (int64_t b = 0; b < l->blocks; b++) {
            int64_t first = b * l->inner, width = width_of(l, channels, b);
            for (int64_t p = 0; p < l->places; p++, x += l->inner, dy += l->inner, dx += l->inner) {
                for (int64_t c = 0; c < width; c++) {
                    int64_t k = first + c;
                    float normal = (x[c] - s->mean[k]) * s->scale[k];
                    float mean = (float)(s->sums[0][k] / (double)count), slope = (float)(s->sums[1][k] / (double)count);
                    dx[c] = weight[k] * s->scale[k] * (dy[c] - mean - normal * slope);
                }
                for (int64_t c = width; c < l->inner; c++)
                    dx[c] = 0;
            }
        }
}

/* ---- What is kept -------------------------------------------------------------------------------------------------
 */

void lade__norm_follow(const struct lade__norm *s, int64_t channels, float *mean, float *variance) {
    for (int64_t c = 0; c < channels; c++) {
        mean[c] += (float)(LADE__NORM_MOMENTUM * ((double)s->mean[c] - (double)mean[c]));
        variance[c] += (float)(LADE__NORM_MOMENTUM * (s->counted_variance[c] - (double)variance[c]));
    }
}

void lade__norm_scale(const float *variance, int64_t channels, float *scale) {
    for (int64_t c = 0; c < channels; c++)
        scale[c] = (float)(1 / sqrt((double)variance[c] + LADE__NORM_EPSILON));
}
