/*
 * image/kernel/resample_weights.h - computes the weights of a resize along one axis. For each output sample, a table
 * lists the input samples that are mixed, and their weights. A resize uses one table for the horizontal axis and one
 * for the vertical axis.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_RESAMPLE_WEIGHTS_H
#define LADE_SRC_IMAGE_KERNEL_RESAMPLE_WEIGHTS_H

#include "image/kernel/buffer.h"
#include <lade/image.h>

/*
 * Number of fraction bits of a weight, which is a fixed-point number. With 22 bits, a sum of weighted 8-bit samples
 * fits into 32 bits, and two bits are left for filters with negative weights, whose sums may exceed 255. Sums start at
 * one half, so that the shift rounds them, and are clamped to 0..255 after the shift.
 */
#define LADE__WEIGHT_BITS 22
#define LADE__WEIGHT_ONE  (1 << LADE__WEIGHT_BITS)
#define LADE__WEIGHT_HALF (1 << (LADE__WEIGHT_BITS - 1))

/*
 * The resize of an axis. The source has `size` samples. The part from `from` to `to` is resized to `whole` samples.
 * Only `out` samples of the result are computed, beginning with sample `skip`.
 */
struct lade__axis_plan {
    enum lade_interpolation interpolation;
    int size;
    double from, to;
    int whole, skip, out;
};

/*
 * Output sample i is the sum over k < count[i] of input[first[i] + k] * weight[i * taps + k]. The weights with
 * k >= count[i] are 0. Neither first[i] nor first[i] + count[i] decreases as i grows.
 */
struct lade__axis {
    struct lade__axis_plan plan; /* the resize for which the table was computed */
    int begin;                   /* the first source sample that is used; first[] counts from this sample */
    int in;                      /* number of source samples from `begin` to the last used sample */
    int out;                     /* number of output samples */
    int taps;                    /* number of weights that `weight` has for each output sample */
    int most;                    /* the largest element of count[] */
    bool identity;               /* the output equals the input */
    bool pick;                   /* each output sample is one input sample (nearest); all counts and `taps` are 1 */
    int *first;
    int *count;
    int32_t *weight;
    struct lade__buffer tables; /* memory of first, count and weight */
    struct lade__buffer exact;  /* the weights of one sample before rounding */
    struct lade__buffer packed; /* the weights in the layout of a SIMD kernel */
    int packed_channels;        /* number of channels for which `packed` was computed; 0: `packed` is not set */
    int packed_reach;           /* for the kernels with VNNI: largest number of source bytes for 8 output bytes */
};

/*
 * lade__axis_set() - computes the table for @plan. Does nothing if the table was computed for an equal plan; this is
 * frequent, because the images of a data set often have the same size. @axis must be initialised with {0}.
 *
 * Returns LADE_OK or LADE_ENOMEM. Returns LADE_ELIMIT if the filter reaches more than 2^29 samples in each direction,
 * or if plan->whole is more than 2^24. The axis can be used again after an error. The operations and their order are
 * the same as in Pillow, so the weights are equal.
 */
int lade__axis_set(struct lade__axis *axis, const struct lade__axis_plan *plan, struct lade_error *err);

void lade__axis_release(struct lade__axis *axis);

#endif
