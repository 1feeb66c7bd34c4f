/*
 * Applies the steps of Keras's standardize(). The mean and the deviation of a sample are sums of floats, and such a sum
 * depends on the order of the additions. This code fixes the order: there are eight sums in double precision, and float
 * i is added to sum i % 8. Compilers can make vector code from these additions, and the result is the same on every
 * CPU.
 */
#include "image/color/standardize.h"

#include <math.h>
#include <string.h>

#include "base/option.h"
#include "image/kernel/rows.h"

#define EPSILON 1e-6 /* Keras adds this number to a deviation, and divides by the sum */

enum { LANES = 8 };

/* Returns the name of the last step that needs statistics of the data set, or NULL if no step needs them. */
static const char *featurewise_step(const struct lade_output *o) {
    return o->zca_whitening                   ? "zca_whitening"
           : o->featurewise_std_normalization ? "featurewise_std_normalization"
           : o->featurewise_center            ? "featurewise_center"
                                              : NULL;
}

int lade__standardize_steps(const struct lade_output *o, int height, int width, int channels, struct lade_error *err) {
    const char *step = o->samplewise_std_normalization ? "samplewise_std_normalization"
                       : o->samplewise_center          ? "samplewise_center"
                                                       : featurewise_step(o);

    if ((o->uint8 || o->uint16) && step)
        return lade_error_set_subject(err, LADE_EINVAL, step, "%s needs dtype float32: %s has no negative values", step,
                                      o->uint8 ? "uint8" : "uint16");
    if (o->zca_whitening && o->featurewise_std_normalization)
        return lade_error_set_subject(
            err, LADE_EINVAL, "featurewise_std_normalization",
            "featurewise_std_normalization and zca_whitening exclude each other, because whitening also normalizes");
    if (o->zca_whitening && (int64_t)height * width * channels > LADE_ZCA_MAX_VALUES)
        return lade_error_set_subject(
            err, LADE_EINVAL, "zca_whitening",
            "zca_whitening of %d x %d x %d = %lld values: the matrix has one row and one column for each value, so "
            "at most %d values are possible (32x32x3): use smaller images",
            height, width, channels, (long long)height * width * channels, LADE_ZCA_MAX_VALUES);
    return LADE_OK;
}

int lade__standardize_stats(const struct lade_output *o, int height, int width, int channels, struct lade_error *err) {
    const char *step = featurewise_step(o);

    if (!step)
        return LADE_OK;
    if (o->stats && LADE__RESERVED_CHECK(o->stats, "lade_stats", err) < 0)
        return LADE_EINVAL;
    if (!o->stats)
        return lade_error_set_subject(
            err, LADE_ESTATE, step,
            "%s needs the statistics of the data set: set the option `stats`, or call lade_flow_fit() "
            "before the first batch",
            step);
    if (o->stats->channels != channels)
        return lade_error_set_subject(err, LADE_EINVAL, step,
                                      "%s: the statistics are for %d channels, but the images have %d channels", step,
                                      o->stats->channels, channels);
    float rescale = o->rescale != 0 ? o->rescale : 1;
    if (o->stats->rescale != 0 && o->stats->rescale != rescale)
        return lade_error_set_subject(
            err, LADE_EINVAL, step,
            "%s: the statistics were computed with rescale %g, but the images have rescale %g: use the same rescale",
            step, (double)o->stats->rescale, (double)rescale);
    int values = o->stats->zca ? o->stats->zca_values : 0;
    if (o->zca_whitening && values != height * width * channels)
        return lade_error_set_subject(
            err, LADE_EINVAL, "zca_whitening",
            "zca_whitening: the statistics have a matrix for %d values, but an image of %d x %d x %d has "
            "%d values",
            values, height, width, channels, height * width * channels);
    return LADE_OK;
}

/* ---- Statistics of the sample itself ----------------------------------------------------------------------------- */

static double total(const double lane[LANES]) {
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

static double mean_of(const float *x, size_t n) {
    double lane[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++)
            lane[k] += (double)x[i + (size_t)k];
    for (; i < n; i++)
        lane[i % LANES] += (double)x[i];
    return total(lane) / (double)n;
}

static double deviation_of(const float *x, size_t n, double mean) {
    double lane[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++) {
            double apart = (double)x[i + (size_t)k] - mean;
            lane[k] += apart * apart;
        }
    for (; i < n; i++) {
        double apart = (double)x[i] - mean;
        lane[i % LANES] += apart * apart;
    }
    return sqrt(total(lane) / (double)n);
}

static void samplewise(float *x, size_t n, bool divide) {
    double mean = mean_of(x, n);
    double factor = divide ? 1 / (deviation_of(x, n, mean) + EPSILON) : 1;
    lade__row_normalize(x, n, (float)mean, (float)factor);
}

/* ---- Statistics of the data set ---------------------------------------------------------------------------------- */

static void featurewise(const struct lade_output *o, float *x, size_t pixels, int channels) {
    const struct lade_stats *stats = o->stats;
    float mean[4], factor[4];
    for (int c = 0; c < channels; c++) {
        mean[c] = (float)stats->mean[c];
        factor[c] = o->featurewise_std_normalization ? (float)(1 / (stats->std[c] + EPSILON)) : 1;
    }
    if (o->data_format == LADE_CHANNELS_FIRST || channels == 1) {
        for (int c = 0; c < channels; c++, x += pixels)
            lade__row_normalize(x, pixels, mean[c], factor[c]);
        return;
    }
    enum { RUN = 12 }; /* a multiple of 3 and of 4 channels */
    float means[RUN], factors[RUN];
    for (int k = 0; k < RUN; k++) {
        means[k] = mean[k % channels];
        factors[k] = factor[k % channels];
    }
    size_t n = pixels * (size_t)channels, i = 0;
    for (; i + RUN <= n; i += RUN)
        for (int k = 0; k < RUN; k++)
            x[i + (size_t)k] = (x[i + (size_t)k] - means[k]) * factors[k];
    for (int k = 0; i < n; i++, k++)
        x[i] = (x[i] - means[k]) * factors[k];
}

/* Multiplies @x by the matrix, one row of the matrix at a time. Each sum adds its terms in the order of the floats of
   @x. */
static void whiten(const struct lade_stats *stats, float *x, float *kept) {
    size_t n = (size_t)stats->zca_values;
    memcpy(kept, x, n * sizeof *x);
    memset(x, 0, n * sizeof *x);
    for (size_t i = 0; i < n; i++) {
        const float *restrict row = stats->zca + i * n;
        float *restrict sum = x, v = kept[i];
        for (size_t k = 0; k < n; k++)
            sum[k] += v * row[k];
    }
}

int lade__standardize(const struct lade_output *o, int height, int width, int channels, float *slot,
                      struct lade__buffer *scratch, struct lade_error *err) {
    size_t pixels = (size_t)height * (size_t)width, n = pixels * (size_t)channels;

    if (o->samplewise_center || o->samplewise_std_normalization)
        samplewise(slot, n, o->samplewise_std_normalization);
    if (o->featurewise_center || o->featurewise_std_normalization || o->zca_whitening)
        featurewise(o, slot, pixels, channels);
    if (o->zca_whitening) {
        float *kept = lade__buffer_need(scratch, n, sizeof *kept);
        if (!kept)
            return lade_error_set(err, LADE_ENOMEM, "no memory to whiten an image of %d x %d pixels", width, height);
        whiten(o->stats, slot, kept);
    }
    return LADE_OK;
}
