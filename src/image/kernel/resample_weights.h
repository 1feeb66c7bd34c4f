/*
 * image/kernel/resample_weights.h - the weights of a resize along one axis: a table of the input samples that make up
 * each output sample, and of their weights. A separable filter is a horizontal and a vertical axis.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_RESAMPLE_WEIGHTS_H
#define LADE_SRC_IMAGE_KERNEL_RESAMPLE_WEIGHTS_H

#include "image/kernel/buffer.h"
#include <lade/image.h>

/*
 * Weights are fixed-point numbers with this many fraction bits. A sum of weighted 8-bit samples then fits into 32 bits,
 * with two spare bits for filters that overshoot. Sums start at one half and are clamped to 0..255 after the shift.
 */
#define LADE__WEIGHT_BITS 22
#define LADE__WEIGHT_ONE  (1 << LADE__WEIGHT_BITS)
#define LADE__WEIGHT_HALF (1 << (LADE__WEIGHT_BITS - 1))

/*
 * The resize of an axis. The source has `size` samples; those between `from` and `to` are resized to `whole` samples.
 * Of these only `out` samples are computed, beginning with sample `skip`.
 */
struct lade__axis_plan {
    enum lade_interpolation interpolation;
    int size;
    double from, to;
    int whole, skip, out;
};

/*
 * Output sample i is the sum over k < count[i] of input[first[i] + k] * weight[i * taps + k]. Weights from count[i] to
 * taps are 0. Neither first[i] nor first[i] + count[i] decreases as i grows.
 */
struct lade__axis {
    struct lade__axis_plan plan; /* the resize that the table is for */
    int begin;                   /* the first source sample that is used; first[] is relative to it */
    int in;                      /* number of source samples from `begin` to the last one that is used */
    int out;                     /* number of output samples */
    int taps;                    /* capacity for weights per output sample */
    int most;                    /* the largest count */
    bool identity;               /* the output equals the input */
    bool pick;                   /* each output sample is one input sample (nearest): count and taps are 1 */
    int *first;
    int *count;
    int32_t *weight;
    struct lade__buffer tables; /* memory of first, count and weight */
    struct lade__buffer exact;  /* the weights of one sample before rounding */
    struct lade__buffer packed; /* the weights in the layout of a SIMD kernel */
    int packed_channels;        /* the number of channels that `packed` is for; 0 means that it is not set */
    int packed_reach;           /* a number that the kernel keeps with `packed` */
};

/*
 * lade__axis_set() - compute the table for @plan. Does nothing if the table is for the same plan, because the images of
 * a data set often have the same size. @axis must be initialised with {0}.
 *
 * Returns LADE_OK, LADE_ENOMEM, or LADE_ELIMIT for a filter over 2^29 samples or an output of more than 2^24 samples.
 * The axis can be used again after an error. The operations and their order are Pillow's, so that the results are
 * equal.
 */
int lade__axis_set(struct lade__axis *axis, const struct lade__axis_plan *plan, struct lade_error *err);

void lade__axis_release(struct lade__axis *axis);

#endif
