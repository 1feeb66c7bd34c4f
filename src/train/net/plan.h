/*
 * train/net/plan.h - the plan of a batch size: how a batch is divided into shards, one for each thread, and the ops
 * that compute a shard. Each shard has its own kernels. Division and order depend on the numbers of samples and threads
 * alone, and so do the bits of the results.
 *
 * A plan is made once for each batch size (the last batch of an epoch is smaller) and kept.
 */
#ifndef LADE_SRC_TRAIN_NET_PLAN_H
#define LADE_SRC_TRAIN_NET_PLAN_H

#include "train/dnnl/kernels.h"
#include "train/net/loss.h"
#include "train/net/norm.h"
#include "train/net/replica.h"
#include "train/net/spec.h"

/*
 * One operation on a shard: usually a layer, sometimes a change of layout between two layers. Offsets are positions in
 * the activations of the replica, in floats.
 */
struct lade__op {
    const struct lade__layer *layer; /* NULL: a change of layout */
    struct lade__kernel *kernel;     /* NULL: another file computes the op, or there is nothing to compute */
    struct lade__dnnl_layout *view;  /* layout of the output, if it differs from the kernel's output; or NULL */
    struct lade__loops loops;        /* batchnorm only: the layout of input and output as loops */
    bool in_place;                   /* the output overwrites the input */
    size_t output;                   /* offset of the output, if not in_place */
    size_t statistics;               /* batchnorm only: offset of the statistics of the batch */
    float *y;                        /* the output, set by the forward pass */
};

/*
 * Some consecutive samples of a batch, and the ops for them.
 */
struct lade__batch_shard {
    int64_t first, n;            /* index of the first sample, number of samples */
    struct lade__dnnl_layout *x; /* layout of the samples */
    struct lade__op *ops;
    int op_count;
    int first_trainable;                       /* the first op that has a gradient; op_count or more: none has */
    struct lade__kernel *softmax;              /* log-softmax; NULL: the loss does not need it */
    size_t samples, log_softmax, gradients[2]; /* offsets: samples as floats, log-softmax, two buffers for gradients */
    size_t floats;                             /* size of all activations */
};

struct lade__plan {
    int64_t n; /* batch size */
    bool training;
    uint64_t last_use; /* value of lade__plan_cache.uses */
    int count;         /* number of shards */
    struct lade__batch_shard *shards;
    struct lade__norm *norms; /* one for each shard, for the synchronisation of a batchnorm */
};

/* What all plans of a net have in common. */
struct lade__plan_config {
    const struct lade__spec *spec;
    enum lade_loss loss;
    int threads;
};

#define LADE__PLANS 8

struct lade__plan_cache {
    struct lade__plan *plans[LADE__PLANS];
    uint64_t uses;
};

/*
 * lade__plan_cache_get() - returns the plan for a batch of @n samples in *out and reserves memory in the @replicas, of
 * which there are config->threads. A new plan replaces the one that was not used for the longest time. The plan belongs
 * to the cache and is valid until the next call.
 *
 * Returns LADE_OK; LADE_ELIMIT, LADE_ENOMEM or LADE_ERUNTIME with @err.
 */
int lade__plan_cache_get(struct lade__plan_cache *c, const struct lade__plan_config *config,
                         struct lade__replica *replicas, int64_t n, bool training, struct lade__plan **out,
                         struct lade_error *err);
void lade__plan_cache_release(struct lade__plan_cache *c);

/* ---- shard.c ----------------------------------------------------------------------------------------------------- */

/*
 * lade__batch_shard_init() - makes the ops of a shard whose `first` and `n` are set. Returns LADE_OK, or a status with
 * @err; the caller releases the shard in both cases.
 */
int lade__batch_shard_init(struct lade__batch_shard *s, const struct lade__plan_config *config, bool training,
                           struct lade__engine *engine, struct lade_error *err);
void lade__batch_shard_release(struct lade__batch_shard *s); /* {0} is allowed */

#endif
