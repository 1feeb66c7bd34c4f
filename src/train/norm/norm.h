/*
 * train/norm/norm.h - computes the batch normalisation of a batch that is divided into shards. First, each shard
 * computes sums over its samples. Then the sums of all shards are combined. Last, each shard is normalised with the
 * statistics of the whole batch.
 */
#ifndef LADE_SRC_TRAIN_NORM_NORM_H
#define LADE_SRC_TRAIN_NORM_NORM_H

#include "train/dnnl/kernels.h"

/* PyTorch's defaults. */
#define LADE__NORM_EPSILON  1e-5
#define LADE__NORM_MOMENTUM 0.1

/*
 * The statistics of one shard and of the batch. Each array has one element for each channel. The memory belongs to the
 * replica and has LADE__NORM_FLOATS(channels) floats.
 */
struct lade__norm {
    int64_t count;             /* number of elements of each channel in the shard */
    double *sums[2];           /* results of the shard. Forward: [0] mean, [1] sum of squared deviations from the mean.
                            Backward: [0] sum of dy, [1] sum of dy * x^, where x^ is the normalised input */
    float *mean, *scale;       /* mean of the batch, and scale = 1 / sqrt(variance of the batch + epsilon) */
    float *means[2];           /* backward: means of dy and of dy * x^ over the batch */
    double *unbiased_variance; /* sum of squared deviations of the batch / (count of the batch - 1); used to update the
                                  running variance */
};

#define LADE__NORM_FLOATS(channels) (10 * (size_t)(channels))

/* Returns the struct whose arrays are in @memory. */
struct lade__norm lade__norm_at(float *memory, int64_t channels, int64_t count);

/*
 * Forward: lade__norm_reduce() computes the sums of one shard. lade__norm_synchronise() combines the sums of all
 * shards, in the order of the shards, and stores the statistics of the batch in the struct of each shard. Then
 * lade__norm_apply() computes y = (x - mean) * scale * weight + bias. If @relu is true, y becomes max(0, y).
 *
 * Backward: the functions with the suffix _backward are called in the same order. lade__norm_reduce_backward() also
 * computes the gradients of weight and bias for its shard. dx must not be dy.
 */
void lade__norm_reduce(const struct lade__norm *s, const struct lade__loops *l, int64_t channels, const float *x);
void lade__norm_synchronise(const struct lade__norm *s, int shards, int64_t channels);
void lade__norm_apply(const struct lade__loops *l, int64_t channels, const float *mean, const float *scale,
                      const float *weight, const float *bias, bool relu, const float *x, float *y);
struct lade__norm_backward {
    const float *x, *dy, *weight, *bias;
    bool relu; /* dy is the gradient of max(0, y) */
};

void lade__norm_reduce_backward(const struct lade__norm *s, const struct lade__loops *l, int64_t channels,
                                const struct lade__norm_backward *b, float *dweight, float *dbias);
void lade__norm_synchronise_backward(const struct lade__norm *s, int shards, int64_t channels);
void lade__norm_apply_backward(const struct lade__norm *s, const struct lade__loops *l, int64_t channels,
                               const struct lade__norm_backward *b, float *dx);

/*
 * lade__norm_update_running() - moves the running mean and variance towards the mean and variance of the batch.
 * lade__norm_inverse_deviation() - computes scale = 1 / sqrt(variance + epsilon).
 */
void lade__norm_update_running(const struct lade__norm *s, int64_t channels, float *mean, float *variance);
void lade__norm_inverse_deviation(const float *variance, int64_t channels, float *scale);

#endif
