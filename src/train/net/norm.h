/*
 * train/net/norm.h - batch normalisation of some lanes: each finds out about its part, they meet, each goes on.
 */
#ifndef LADE_SRC_TRAIN_NET_NORM_H
#define LADE_SRC_TRAIN_NET_NORM_H

#include "train/dnnl/kernels.h"

/* PyTorch's defaults. */
#define LADE__NORM_EPSILON  1e-5
#define LADE__NORM_MOMENTUM 0.1

/*
 * What is known of each channel; the memory is the lane's, LADE__NORM_FLOATS(channels) of it.
 */
struct lade__norm {
    int64_t count;       /* numbers of a channel in the part */
    double *sums[2];     /* of a part, then of the batch: mean and squares around it; sums of dy and of dy * x^ */
    float *mean, *scale; /* of the batch; scale is 1 / sqrt(variance + epsilon) */
    float *partial[2];   /* of a few numbers, before they are added to the sums; on the way back, means of the sums */
    double *unbiased_variance; /* squares around the mean of all / (count - 1), for the running one */
};

#define LADE__NORM_FLOATS(channels) (10 * (size_t)(channels))

struct lade__norm lade__norm_at(float *memory, int64_t channels, int64_t count);

/*
 * Forward: lade__norm_reduce() at a part; lade__norm_synchronise() puts the batch's numbers into every lane's; then
 * lade__norm_apply(): y = (x - mean) * scale * weight + bias.
 *
 * Backward: lade__norm_reduce_backward() also makes the gradients of weight and bias of the part; lade__norm_synchronise_backward();
 * lade__norm_apply_backward(). dx must not be dy.
 *
 * @parts: how many lanes. They are added up in their order.
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

/* The running mean and variance follow those of the batch. */
void lade__norm_update_running(const struct lade__norm *s, int64_t channels, float *mean, float *variance);
/* 1 / sqrt(variance + epsilon). */
void lade__norm_inverse_deviation(const float *variance, int64_t channels, float *scale);

#endif
