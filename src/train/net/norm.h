/*
 * train/net/norm.h - batch normalisation of a batch that is divided into shards: each shard computes sums over its
 * samples, the sums are combined, then each shard continues with the statistics of the whole batch.
 */
#ifndef LADE_SRC_TRAIN_NET_NORM_H
#define LADE_SRC_TRAIN_NET_NORM_H

#include "train/dnnl/kernels.h"

/* PyTorch's defaults. */
#define LADE__NORM_EPSILON  1e-5
#define LADE__NORM_MOMENTUM 0.1

/*
 * Statistics, one number for each channel in each array. The memory belongs to the replica and has
 * LADE__NORM_FLOATS(channels) floats.
 */
struct lade__norm {
    int64_t count;       /* how many numbers of each channel the shard has */
    double *sums[2];     /* forward: the mean, and the sum of squared deviations from it; backward: the sums of dy and
                             of dy * x^, where x^ is the normalised input */
    float *mean, *scale; /* of the batch; scale is 1 / sqrt(variance + epsilon) */
    float *partial[2];   /* sums of a few numbers before they are added to `sums`; then, in the backward pass, the means
                             of the two sums over the batch */
    double *unbiased_variance; /* of the batch: squared deviations / (count - 1), for the running variance */
};

#define LADE__NORM_FLOATS(channels) (10 * (size_t)(channels))

struct lade__norm lade__norm_at(float *memory, int64_t channels, int64_t count);

/*
 * Forward: lade__norm_reduce() computes the statistics of one shard. lade__norm_synchronise() combines those of all
 * @shards, in their order, and stores the result in each of them. Then lade__norm_apply() computes
 * y = (x - mean) * scale * weight + bias.
 *
 * Backward: the same three functions with _backward. lade__norm_reduce_backward() also computes the gradients of weight
 * and bias of its shard. dx must not be dy.
 */
void lade__norm_reduce(const struct lade__norm *s, const struct lade__loops *l, int64_t channels, const float *x);
void lade__norm_synchronise(const struct lade__norm *s, int shards, int64_t channels);
void lade__norm_apply(const struct lade__loops *l, int64_t channels, const float *mean, const float *scale,
                      const float *weight, const float *bias, const float *x, float *y);
void lade__norm_reduce_backward(const struct lade__norm *s, const struct lade__loops *l, int64_t channels,
                                const float *x, const float *dy, float *dweight, float *dbias);
void lade__norm_synchronise_backward(const struct lade__norm *s, int shards, int64_t channels);
void lade__norm_apply_backward(const struct lade__norm *s, const struct lade__loops *l, int64_t channels,
                               const float *weight, const float *x, const float *dy, float *dx);

/*
 * lade__norm_update_running() - moves the running mean and variance towards those of the batch.
 * lade__norm_inverse_deviation() - computes scale = 1 / sqrt(variance + epsilon).
 */
void lade__norm_update_running(const struct lade__norm *s, int64_t channels, float *mean, float *variance);
void lade__norm_inverse_deviation(const float *variance, int64_t channels, float *scale);

#endif
