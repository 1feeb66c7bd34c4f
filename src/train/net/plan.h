/*
 * train/net/plan.h - defines the plan for batches of one size. A plan divides the batch into shards, one for each
 * thread, and lists the ops that compute each shard. Each shard has its own kernels. The division and the order of the
 * ops depend only on the number of samples and the number of threads. For this reason, the results are the same, bit
 * for bit, in every run with these numbers.
 *
 * A plan is made once for each batch size and cached. The last batch of an epoch may be smaller, so it has its own
 * plan.
 */
#ifndef LADE_SRC_TRAIN_NET_PLAN_H
#define LADE_SRC_TRAIN_NET_PLAN_H

#include "train/dnnl/kernels.h"
#include "train/net/loss.h"
#include "train/net/norm.h"
#include "train/net/replica.h"
#include "train/net/spec.h"

/*
 * An op is one operation on a shard, either a layer or a change of layout between two layers. Offsets are positions in
 * the activations of the replica, in floats.
 */
struct lade__op {
    const struct lade__layer *layer; /* NULL: a change of layout */
    struct lade__kernel *kernel;     /* NULL: dropout.c or norm.c computes the op, or there is nothing to compute */
    struct lade__dnnl_layout *view;  /* layout of the output; NULL: the layout of the kernel's output */
    struct lade__loops loops;        /* batchnorm only: the layout of input and output as loops */
    bool in_place;                   /* the output overwrites the input */
    size_t output;                   /* offset of the output, if not in_place */
    size_t statistics;               /* batchnorm only: offset of the statistics of the batch */
    float *y;                        /* address of the output; the forward pass sets it */
};

/*
 * A shard consists of consecutive samples of a batch and the ops that compute these samples.
 */
struct lade__batch_shard {
    int64_t first, n;            /* index of the first sample, number of samples */
    struct lade__dnnl_layout *x; /* layout of the samples */
    struct lade__op *ops;
    int op_count;
    int first_trainable;                       /* index of the first op that has a gradient; op_count or more: no op has
                                                  a gradient */
    struct lade__kernel *softmax;              /* the kernel of the log-softmax; NULL: the loss does not need the
                                                  log-softmax */
    size_t samples, log_softmax, gradients[2]; /* offsets of the samples as floats, of the log-softmax, and of two
                                                  buffers for gradients */
    size_t floats;                             /* size of all activations, in floats */
};

struct lade__plan {
    int64_t n; /* batch size */
    bool training;
    uint64_t last_use; /* value of lade__plan_cache.uses */
    int count;         /* number of shards */
    struct lade__batch_shard *shards;
    struct lade__norm *norms; /* one for each shard, for the synchronisation of a batchnorm */
};

/* The input that is the same for all plans of a net. */
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
 * lade__plan_cache_get() - stores the plan for a batch of @n samples in *out, and reserves memory in the replicas.
 * @replicas is an array of config->threads replicas. If the cache is full, a new plan replaces the plan that was not
 * used for the longest time. The plan belongs to the cache and is valid until the next call.
 *
 * Returns LADE_OK; LADE_ELIMIT, LADE_ENOMEM or LADE_ERUNTIME with @err.
 */
int lade__plan_cache_get(struct lade__plan_cache *c, const struct lade__plan_config *config,
                         struct lade__replica *replicas, int64_t n, bool training, struct lade__plan **out,
                         struct lade_error *err);
void lade__plan_cache_release(struct lade__plan_cache *c);

/* ---- shard.c ----------------------------------------------------------------------------------------------------- */

/*
 * lade__batch_shard_init() - makes the ops of a shard. The caller must have set `first` and `n`. Returns LADE_OK, or a
 * status with @err. The caller must release the shard in both cases.
 */
int lade__batch_shard_init(struct lade__batch_shard *s, const struct lade__plan_config *config, bool training,
                           struct lade__engine *engine, struct lade_error *err);
void lade__batch_shard_release(struct lade__batch_shard *s); /* {0} is allowed */

#endif
