/*
 * Computes the weights of a resize. The filters, their supports, the window of each output sample and the rounding of
 * weights are the same as in Pillow's Image.resize(). Even if only two operations were done in another order, some
 * pixels would differ from Pillow.
 */
#include "image/kernel/resample_weights.h"

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
    return sin(x) / x * (0.54f + 0.46f * cos(x)); /* these constants have single precision in Pillow */
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
    double support; /* the filter is 0 at this distance from its centre, and beyond */
} filters[LADE_INTERPOLATION_COUNT] = {
    [LADE_INTERPOLATION_BILINEAR] = {triangle, 1.0}, [LADE_INTERPOLATION_BICUBIC] = {cubic, 2.0},
    [LADE_INTERPOLATION_LANCZOS] = {lanczos, 3.0},   [LADE_INTERPOLATION_BOX] = {box, 0.5},
    [LADE_INTERPOLATION_HAMMING] = {hamming, 1.0},
};

static int allocate(struct lade__axis *axis, struct lade_error *err) {
    size_t entry = 2 * sizeof(int) + (size_t)axis->taps * sizeof(int32_t);
    axis->first = lade__buffer_need(&axis->tables, (size_t)axis->out, entry);
    if (!axis->first || !lade__buffer_need(&axis->exact, (size_t)axis->taps, sizeof(double)))
        return lade_error_set(err, LADE_ENOMEM, "no memory for the tables of a resize from %d to %d pixels",
                              axis->plan.size, axis->plan.whole);
    axis->count = axis->first + axis->out;
    axis->weight = axis->count + axis->out;
    return LADE_OK;
}

/* For the filter "nearest": selects the source sample at the centre of each output sample. The position is
   computed by repeated addition of the step, as in Pillow, because a multiplication would round differently. */
static void pick_samples(struct lade__axis *axis, double step) {
    const struct lade__axis_plan *plan = &axis->plan;
    double at = plan->from + step * 0.5;
    for (int i = -plan->skip; i < axis->out; i++, at += step) {
        if (i < 0)
            continue;
        axis->first[i] = at < plan->size ? (int)at : plan->size - 1;
        axis->count[i] = 1;
        axis->weight[i] = LADE__WEIGHT_ONE;
    }
}

/* Computes the weights of output sample @i. The weights are normalised so that their sum is 1, and then rounded. */
static void weigh(struct lade__axis *axis, int i, double center, double per_sample) {
    double *exact = axis->exact.data;
    int32_t *weight = axis->weight + (size_t)i * (size_t)axis->taps;
    double sum = 0;
    for (int k = 0; k < axis->count[i]; k++) {
        exact[k] = filters[axis->plan.interpolation].weight((k + axis->first[i] - center + 0.5) * per_sample);
        sum += exact[k];
    }
    for (int k = 0; k < axis->count[i]; k++) {
        double w = (sum != 0.0 ? exact[k] / sum : exact[k]) * LADE__WEIGHT_ONE;
        weight[k] = (int32_t)(w < 0 ? w - 0.5 : w + 0.5);
    }
    for (int k = axis->count[i]; k < axis->taps; k++)
        weight[k] = 0;
}

static void mix_samples(struct lade__axis *axis, double step, double spread, double support) {
    const struct lade__axis_plan *plan = &axis->plan;
    for (int i = 0; i < axis->out; i++) {
        double center = plan->from + (i + plan->skip + 0.5) * step;
        int begin = (int)(center - support + 0.5);
        int end = (int)(center + support + 0.5);
        begin = begin < 0 ? 0 : begin;
        end = end > plan->size ? plan->size : end;
        axis->first[i] = begin;
        axis->count[i] = end - begin;
        axis->most = end - begin > axis->most ? end - begin : axis->most;
        weigh(axis, i, center, 1.0 / spread);
    }
}

/* Makes first[] relative to the first source sample that is used. */
static void trim(struct lade__axis *axis) {
    int last = axis->out - 1;
    axis->begin = axis->first[0];
    axis->in = axis->first[last] + axis->count[last] - axis->begin;
    for (int i = 0; axis->begin && i < axis->out; i++)
        axis->first[i] -= axis->begin;
}

static bool same_plan(const struct lade__axis_plan *a, const struct lade__axis_plan *b) {
    return a->interpolation == b->interpolation && a->size == b->size && a->from == b->from && a->to == b->to &&
           a->whole == b->whole && a->skip == b->skip && a->out == b->out;
}

enum { MAX_WHOLE = 1 << 24 };

int lade__axis_set(struct lade__axis *axis, const struct lade__axis_plan *plan, struct lade_error *err) {
    if (same_plan(&axis->plan, plan))
        return LADE_OK;
    double step = (plan->to - plan->from) / plan->whole;
    double spread = step < 1.0 ? 1.0 : step; /* if the image is reduced, the filter covers the whole output sample */
    double support = filters[plan->interpolation].support * spread;

    if (support > INT_MAX / 4 || plan->whole > MAX_WHOLE)
        return lade_error_set(err, LADE_ELIMIT, "a resize from %d to %d pixels is not possible", plan->size,
                              plan->whole);
    axis->plan = *plan;
    axis->out = plan->out;
    axis->packed_channels = 0;
    axis->pick = plan->interpolation == LADE_INTERPOLATION_NEAREST;
    axis->identity = plan->size == plan->whole && plan->from == 0 && plan->to == plan->size;
    axis->taps = axis->pick || axis->identity ? 1 : (int)ceil(support) * 2 + 1;
    int rc = allocate(axis, err);
    if (rc < 0) {
        axis->plan.out = 0; /* the next call must compute the table */
        return rc;
    }
    axis->most = 1;
    if (axis->pick || axis->identity)
        pick_samples(axis, step);
    else
        mix_samples(axis, step, spread, support);
    trim(axis);
    return LADE_OK;
}

void lade__axis_release(struct lade__axis *axis) {
    lade__buffer_release(&axis->tables);
    lade__buffer_release(&axis->exact);
    lade__buffer_release(&axis->packed);
}
