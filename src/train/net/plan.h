/*
 * train/net/plan.h - defines the plan for batches of one size. A plan divides the batch into shards, one for each
 * thread, and lists the ops that compute each shard. Each shard has its own kernels. The division and the order of the
 * ops depend only on the number of samples and the number of threads. For this reason, the results are the same, bit
 * for bit, in every run in which these two numbers are the same.
 *
 * A plan is made once for each batch size and cached. The last batch of an epoch may be smaller, so it has its own
 * plan.
 */
#ifndef LADE_SRC_TRAIN_NET_PLAN_H
#define LADE_SRC_TRAIN_NET_PLAN_H

#include "train/dnnl/kernels.h"
#include "train/net/loss.h"
#include "train/norm/norm.h"
#include "train/net/replica.h"
#include "train/spec/spec.h"

/*
 * A buffer is a part of the activations of a replica. The times in a pass are numbers. The forward pass of op i has
 * time i, the loss has time op_count, and the backward pass of op i has time 2 * op_count - i. A buffer contains
 * numbers that are needed from time `first` to time `last`. Two buffers whose times overlap have no memory in common.
 */
struct lade__shard_buffer {
    size_t floats, offset;
    int first, last;
};

/*
 * The place of one input of a concat in the output. The values of the input are rows of `length` floats. In the output,
 * the first row begins at `first`, and each row begins `stride` floats after the row before.
 */
struct lade__rows {
    int64_t count, length, first, stride;
};

/*
 * An input of an op. The numbers dx, earlier and sum are indices of buffers.
 */
struct lade__op_input {
    int from;               /* index of the op that computes the input, or LADE__SAMPLES */
    bool has_gradient;      /* the backward pass computes the gradient of the input */
    bool is_added;          /* another op that has the same input has already computed a part of this gradient */
    int dx;                 /* the gradient that this op computes */
    int earlier, sum;       /* is_added only: the buffer of this part, and the buffer of the sum of this part and dx */
    float *x;               /* address of the input; the forward pass sets it */
    struct lade__rows rows; /* concat only */
};

/*
 * An op is one operation on a shard, either a layer or a change of layout between two layers. The ops that compute the
 * inputs of an op come before the op. The numbers output, dy and statistics are indices of buffers.
 */
struct lade__op {
    const struct lade__layer *layer;        /* NULL: a change of layout */
    struct lade__kernel *kernel;            /* NULL: no kernel of oneDNN computes the op */
    const struct lade__dnnl_layout *layout; /* layout of the output */
    struct lade__dnnl_layout *own_layout; /* the layout, if this op owns it; NULL: a kernel or other op is the owner */
    struct lade__loops loops;             /* batchnorm only: the layout as loops */
    struct lade__op_input *inputs;
    int input_count;
    bool is_identity;  /* the output is the input */
    bool fused_relu;   /* residual and batchnorm only: the op also computes the relu that follows */
    bool has_gradient; /* the backward pass computes gradients of parameters or inputs */
    int overwrites;    /* index of the input whose memory is also the memory of the output; -1: no input */
    int output, dy;    /* the output and its gradient */
    int statistics;    /* batchnorm only: the statistics of the batch */
    float *y;          /* address of the output; the forward pass sets it */
};

/* Returns true if the gradient of each input is equal to the gradient of the output. */
static inline bool lade__op_copies_gradient(const struct lade__op *op) {
    return op->layer && (op->layer->kind->computed_by == LADE__IDENTITY || op->layer->kind->computed_by == LADE__SUM ||
                         (op->is_identity && !op->kernel));
}

/*
 * A shard consists of consecutive samples of a batch and the ops that compute these samples.
 */
struct lade__batch_shard {
    int64_t first, n;            /* index of the first sample, number of samples */
    struct lade__dnnl_layout *x; /* layout of the samples */
    struct lade__op *ops;
    int op_count;
    struct lade__op_input *inputs; /* lade__op.inputs of all ops */
    int input_count;
    struct lade__shard_buffer *buffers;
    int buffer_count;
    int samples;   /* buffer of the samples as floats */
    size_t floats; /* size of all activations, in floats */
};

struct lade__plan {
    int64_t n; /* batch size */
    bool training;
    uint64_t last_use; /* value of lade__plan_cache.uses at the last use of the plan */
    int count;         /* number of shards */
    struct lade__batch_shard *shards;
    struct lade__norm *norms; /* one for each shard, for the synchronisation of a batchnorm */
};

/* The values that are the same for all plans of a net. */
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

/* ---- memory.c ---------------------------------------------------------------------------------------------------- */

/*
 * lade__batch_shard_place() - makes the buffers of a shard whose ops are complete, and sets their offsets. Returns
 * LADE_OK or LADE_ENOMEM with @err.
 */
int lade__batch_shard_place(struct lade__batch_shard *s, bool training, struct lade_error *err);

#endif
