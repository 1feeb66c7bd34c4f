/*
 * train/net/pass.h - runs one batch through the net: the forward pass, the loss, and the backward pass. All shards are
 * computed at the same time, each by one replica.
 */
#ifndef LADE_SRC_TRAIN_NET_PASS_H
#define LADE_SRC_TRAIN_NET_PASS_H

#include "base/pool.h"
#include "train/net/plan.h"

struct lade__pass {
    const struct lade__spec *spec;
    float *values;        /* the block of all parameters */
    uint64_t seed, clock; /* dropout depends on these numbers */
    struct lade__pool *pool;
    struct lade__replica *replicas;
    const struct lade__plan *plan;

    const struct lade_tensor *x;
    int64_t first;                          /* index in x of the first sample of the batch */
    enum lade_loss loss;                    /* selects the function that converts outputs to predictions */
    float *out;                             /* array for the predictions; or NULL */
    const struct lade_batch *b;             /* the batch whose labels are used for the loss; or NULL */
    const struct lade__loss_config *config; /* the loss function and its options */
    const bool *canceled;                   /* true: the forward pass ends before the next op; atomic; may be NULL */
    double weight;                          /* lade__loss_weight() of the batch */
};

/*
 * lade__pass_canceled() - returns LADE_OK; or LADE_ECANCELED with @err if *canceled is true. @canceled may be NULL.
 *
 * lade__pass_run() - computes the batch. With a training plan, also computes gradients and updates the running
 * statistics of batchnorms. If the loss is not finite, the function stops and sets *finite to false. In this case, only
 * the sums in the replicas are valid.
 *
 * lade__pass_run() returns LADE_OK; or, with @err, the status of the first shard that failed.
 */
int lade__pass_canceled(const bool *canceled, struct lade_error *err);
int lade__pass_run(const struct lade__pass *p, bool *finite, struct lade_error *err);

/* ---- pass_norm.c ------------------------------------------------------------------------------------------------- */

/*
 * These functions compute batchnorm ops. The first two functions return false if the replica must wait for the other
 * replicas. When all replicas have arrived at the op, lade__pass_synchronise_norm() combines their statistics. After
 * that, each replica repeats the call that returned false.
 *
 * @dx is NULL if the input has no gradient.
 *
 * lade__pass_update_running() - updates the running statistics of all batchnorms.
 */
bool lade__pass_norm_forward(const struct lade__pass *p, struct lade__replica *r, const struct lade__op *op,
                             const float *x);
bool lade__pass_norm_backward(const struct lade__pass *p, struct lade__replica *r, const struct lade__op *op,
                              const float *x, const float *dy, float *dx);
void lade__pass_synchronise_norm(const struct lade__pass *p);
void lade__pass_update_running(const struct lade__pass *p);

#endif
