/*
 * image/kernel/resample_weights.h - one axis of a resize as a table: which input samples make each output sample, and
 * how much of each. A separable filter is two of them.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_RESAMPLE_WEIGHTS_H
#define LADE_SRC_IMAGE_KERNEL_RESAMPLE_WEIGHTS_H

#include "image/kernel/buffer.h"
#include <lade/image.h>

/*
 * Weights are integers with this many bits of fraction: 32 bits hold a sum of 8-bit samples with two bits to spare for
 * filters that overshoot. Sums start at one half and are cut to 0..255, so a weight of 1 alone copies its sample.
 */
#define LADE__WEIGHT_BITS 22
#define LADE__WEIGHT_ONE  (1 << LADE__WEIGHT_BITS)
#define LADE__WEIGHT_HALF (1 << (LADE__WEIGHT_BITS - 1))

/*
 * What is asked of an axis: source samples @from to @to, of @size, are resized to @whole samples, of which those from
 * @skip on are made, @out of them.
 */
struct lade__axis_plan {
    enum lade_interpolation interpolation;
    int size;
    double from, to;
    int whole, skip, out;
};

/*
 * Output sample i is the sum over k < count[i] of input[first[i] + k] * weight[i * taps + k]. Weights from count[i] to
 * taps are 0. Both first[i] and first[i] + count[i] never fall as i grows.
 */
struct lade__axis {
    struct lade__axis_plan plan; /* what it is the table for */
    int begin;                   /* the first source sample that matters; `in` and `first` count from there */
    int in;                      /* source samples that matter */
    int out;                     /* samples to make */
    int taps;                    /* room for weights per output sample */
    int most;                    /* the largest count */
    bool identity;               /* output is input: nothing to be done on this axis */
    bool pick;                   /* each output sample is one input sample (nearest): count 1, weight 1, taps 1 */
    int *first;
    int *count;
    int32_t *weight;
    struct lade__buffer tables; /* what the three point into */
    struct lade__buffer exact;  /* one sample's weights before rounding */
    struct lade__buffer packed; /* the weights as a fast kernel wants them */
    int packed_channels;        /* for pixels of so many; 0: not yet */
    int packed_reach;           /* what the kernel notes about it */
};

/*
 * lade__axis_set() - the table for @plan. Does nothing if that is what the table is for already: images of a set often
 * have one size. @axis starts as {0}.
 *
 * Returns LADE_OK, LADE_ENOMEM or LADE_ELIMIT (a filter of 2^29 samples, more than 2^24 to make); the axis stays
 * usable. What Pillow computes, with the same operations in the same order, so that the same bits come out.
 */
int lade__axis_set(struct lade__axis *axis, const struct lade__axis_plan *plan, struct lade_error *err);

void lade__axis_release(struct lade__axis *axis);

#endif
