/*
 * Filter tables of a resize. The filters, their supports, the way the window of an output sample is found and the
 * rounding of weights are those of Pillow's Image.resize(); a change in the order of two operations here changes
 * pixels, which the parity tests would tell.
 */
#include "image/axis.h"

#include <limits.h>
#include <math.h>
#include <string.h>

static double box(double x) {
    return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
}

static double triangle(double x) {
    x = fabs(x);
    return x < 1.0 ? 1.0 - x : 0.0;
}

static double hamming(double x) {
    x = fabs(x);
    if (x == 0.0)
        return 1.0;
    if (x >= 1.0)
        return 0.0;
    x *= M_PI;
    return sin(x) / x * (0.54f + 0.46f * cos(x)); /* single precision constants: Pillow's, hence its pixels */
}

static double cubic(double x) {
    const double a = -0.5;
    x = fabs(x);
    if (x < 1.0)
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
    if (x < 2.0)
        return (((x - 5) * x + 8) * x - 4) * a;
    return 0.0;
}

static double sinc(double x) {
    if (x == 0.0)
        return 1.0;
    x *= M_PI;
    return sin(x) / x;
}

static double lanczos(double x) {
    return x >= -3.0 && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0;
}

static const struct {
    double (*weight)(double);
    double support; /* the filter is 0 from here on */
} filters[LADE_INTERPOLATION_COUNT] = {
    [LADE_BILINEAR] = {triangle, 1.0}, [LADE_BICUBIC] = {cubic, 2.0},   [LADE_LANCZOS] = {lanczos, 3.0},
    [LADE_BOX] = {box, 0.5},           [LADE_HAMMING] = {hamming, 1.0},
};

static int allocate(struct lade__axis *axis, struct lade_error *err) {
    size_t entry = 2 * sizeof(int) + (size_t)axis->taps * sizeof(int32_t);
    axis->first = lade__buffer_need(&axis->tables, (size_t)axis->out, entry);
    if (!axis->first || !lade__buffer_need(&axis->exact, (size_t)axis->taps, sizeof(double)))
        return lade_error_set(err, LADE_ENOMEM, "no memory for the tables of a resize from %d to %d pixels", axis->in,
                              axis->out);
    axis->count = axis->first + axis->out;
    axis->weight = axis->count + axis->out;
    return LADE_OK;
}

/* Nearest: the sample under the middle of each output sample, found by adding up the step as Pillow does. */
static void pick_samples(struct lade__axis *axis, double from, double step) {
    double at = from + step * 0.5;
    for (int i = 0; i < axis->out; i++, at += step) {
        axis->first[i] = at < axis->in ? (int)at : axis->in - 1;
        axis->count[i] = 1;
        axis->weight[i] = LADE__WEIGHT_ONE;
    }
}

/* The weights of one output sample whose window begins at @first: filtered, normalised to 1, rounded. */
static void weigh(struct lade__axis *axis, enum lade_interpolation interpolation, int i, double center,
                  double per_sample) {
    double *exact = axis->exact.data;
    int32_t *weight = axis->weight + (size_t)i * (size_t)axis->taps;
    double sum = 0;
    for (int k = 0; k < axis->count[i]; k++) {
        exact[k] = filters[interpolation].weight((k + axis->first[i] - center + 0.5) * per_sample);
        sum += exact[k];
    }
    for (int k = 0; k < axis->count[i]; k++) {
        double w = (sum != 0.0 ? exact[k] / sum : exact[k]) * LADE__WEIGHT_ONE;
        weight[k] = (int32_t)(w < 0 ? w - 0.5 : w + 0.5);
    }
    for (int k = axis->count[i]; k < axis->taps; k++)
        weight[k] = 0;
}

int lade__axis_set(struct lade__axis *axis, enum lade_interpolation interpolation, int in, double from, double to,
                   int out, struct lade_error *err) {
    if (axis->interpolation == interpolation && axis->in == in && axis->from == from && axis->to == to &&
        axis->out == out)
        return LADE_OK;
    double scale = (to - from) / out;
    double spread = scale < 1.0 ? 1.0 : scale; /* when shrinking, the filter grows to cover the output sample */
    double support = filters[interpolation].support * spread;

    if (support > INT_MAX / 4)
        return lade_error_set(err, LADE_ELIMIT, "a resize from %d to %d pixels is too much at once", in, out);
    axis->interpolation = interpolation;
    axis->from = from;
    axis->to = to;
    axis->in = in;
    axis->out = out;
    axis->packed_channels = 0;
    axis->pick = interpolation == LADE_NEAREST;
    axis->identity = in == out && from == 0 && to == in;
    axis->taps = axis->pick || axis->identity ? 1 : (int)ceil(support) * 2 + 1;
    int rc = allocate(axis, err);
    if (rc < 0) {
        axis->out = 0; /* no table: the next call must not find one */
        return rc;
    }
    axis->most = 1;
    if (axis->pick || axis->identity) {
        pick_samples(axis, from, scale);
        return LADE_OK;
    }
    for (int i = 0; i < out; i++) {
        double center = from + (i + 0.5) * scale;
        int begin = (int)(center - support + 0.5);
        int end = (int)(center + support + 0.5);
        begin = begin < 0 ? 0 : begin;
        end = end > in ? in : end;
        axis->first[i] = begin;
        axis->count[i] = end - begin;
        axis->most = end - begin > axis->most ? end - begin : axis->most;
        weigh(axis, interpolation, i, center, 1.0 / spread);
    }
    return LADE_OK;
}

void lade__axis_release(struct lade__axis *axis) {
    lade__buffer_release(&axis->tables);
    lade__buffer_release(&axis->exact);
    lade__buffer_release(&axis->packed);
}
