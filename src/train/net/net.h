/*
 * train/net/net.h - what a net holds, and what is done with it. A batch is cut into parts, one for each thread, which go
 * through the net side by side: each part has its own kernels, memory and gradients, and they meet when the gradients
 * are added up. Cut and order of addition depend on the number of samples and of threads alone: so do the bits.
 *
 * Kernels are made once for each batch size (the last batch of an epoch is short) and kept.
 */
#ifndef LADE_SRC_TRAIN_NET_NET_H
#define LADE_SRC_TRAIN_NET_NET_H

#include "train/net/spec.h"
#include "train/dnnl/kernels.h"
#include "train/net/loss.h"
#include "train/net/norm.h"
#include "train/net/thread_pool.h"

/*
 * One thing that is done to a part of a batch: mostly a layer, sometimes a change of layout between two. Offsets are in
 * the lane's flow, in floats.
 */
struct lade__op {
    const struct lade__layer *layer; /* NULL: a change of layout */
    struct lade__kernel *kernel;     /* NULL: our own code does it, or there is nothing to do */
    struct lade__dnnl_layout *view;  /* the output, where it lies otherwise than the kernel says; or NULL */
    struct lade__loops loops;        /* of a batchnorm: how input and output lie */
    bool in_place;                   /* output and input are one */
    size_t output, statistics;       /* where its output lies; of a batchnorm: what it found out about the batch */
    float *y;                        /* its output, since the last forward pass */
};

/*
 * Some samples of a batch, and the steps for so many.
 */
struct lade__batch_shard {
    int64_t first, n;
    struct lade__dnnl_layout *x; /* of the samples */
    struct lade__op *ops;
    int count, first_trainable;         /* the first step with a gradient to compute; count: none */
    struct lade__kernel *softmax;       /* or NULL, where the loss needs none */
    size_t input, logits, gradients[2]; /* places in the flow: converted samples, logsoftmax, gradients taking turns */
    size_t floats;                      /* of the flow */
};

struct lade__plan {
    int64_t n;
    bool training;
    uint64_t used; /* when, in uses of the net; the plan not used for longest gives way */
    int count;
    struct lade__batch_shard *shards;
    struct lade__norm *norms; /* of each part, at a meeting */
};

#define LADE__PLANS       8
#define LADE__MAX_THREADS 1024

/*
 * What one part works on, where it stands, and what came of it.
 */
struct lade__replica {
    struct lade__engine *engine;
    float *gradients;   /* as long as the block of what is learnt */
    float *activations; /* what flows through, in one block */
    size_t activation_floats;

    float *x;         /* the samples */
    int next;         /* the op that is next */
    bool is_backward; /* on the way back */
    int gradient_at;  /* where the gradient is */
    bool waits;       /* waits for the other lanes: a batchnorm needs all of the batch */
    bool synchronised;

    int status;
    struct lade_error error;
    struct lade__loss_sums sums;
};

struct lade_net {
    struct lade_net_info info;
    struct lade__spec spec;
    float *values;  /* the block of all parameters, design.block_floats long */
    uint64_t clock; /* batches learnt from: dropout draws by it */
    struct lade__thread_pool *pool;
    struct lade__replica *replicas; /* info.threads of them; what one holds is taken when it is first needed */
    struct lade__plan *plans[LADE__PLANS];
    uint64_t uses;
    int gradient_count; /* of the last lade__net_compute_gradients(): so many lanes have gradients to add up */
};

/*
 * lade__net_assemble() - a net of a design, whose members it takes over also on failure; parameters are 0.
 * lade__net_draw() - initial parameters, as lade_net_new() says.
 */
int lade__net_assemble(struct lade__spec *spec, const char *text, const struct lade_net_options *options,
                       lade_net **out, struct lade_error *err);
void lade__net_draw(lade_net *net);

/* From now on @preprocessing, copied, or NULL, is what it knows of its samples. LADE_OK; LADE_EINVAL (no UTF-8) or
   LADE_ENOMEM with @err. */
int lade__net_set_preprocessing(lade_net *net, const char *preprocessing, struct lade_error *err);

/* "0.weight": a parameter's name in files and messages. Returns @name. */
#define LADE__PARAMETER_NAME 32
char *lade__parameter_name(const struct lade__parameter *p, char *name);

/* ---- plan.c ------------------------------------------------------------------------------------------------------ */

/*
 * lade__net_plan() - how a batch of @n samples goes through the net: parts, kernels; and memory in the lanes for it.
 * The plan is the net's, and good until another is asked for.
 *
 * Returns LADE_OK; LADE_ELIMIT, LADE_ENOMEM or LADE_ERUNTIME with @err.
 */
int lade__net_plan(lade_net *net, int64_t n, bool training, struct lade__plan **out, struct lade_error *err);
void lade__plan_free(struct lade__plan *p); /* NULL is fine */
void lade__replica_release(struct lade__replica *replica);

/* ---- pass.c ------------------------------------------------------------------------------------------------------ */

/*
 * lade__net_check_input() - are @x samples of this net's shape? LADE_OK or LADE_EINVAL with @err naming what differs.
 *
 * lade__net_forward() - predictions for samples @first .. @first + @n - 1 of @x, checked before; to @out (n, outputs).
 *
 * lade__net_evaluate_batch() - forward and loss for a batch, which may be empty: adds to @t.
 *
 * lade__net_compute_gradients() - forward, loss, backward for a batch of one sample or more: adds to @t, and leaves in the lanes
 * what lade__net_sum_gradients() adds up. If the loss is not finite (the caller sees it in @t), that is undefined, and
 * what layers keep (running means) is as it was. A batch that weighs nothing changes nothing, neither @t.
 *
 * Return LADE_OK; LADE_EINVAL (the batch does not fit), or what lade__net_plan() returned; LADE_ERUNTIME with @err.
 */
int lade__net_check_input(const lade_net *net, const struct lade_tensor *x, struct lade_error *err);
int lade__net_forward(lade_net *net, const struct lade_tensor *x, int64_t first, int64_t n, float *out,
                      struct lade_error *err);
int lade__net_evaluate_batch(lade_net *net, const struct lade_batch *b, struct lade__loss_sums *t,
                             struct lade_error *err);
int lade__net_compute_gradients(lade_net *net, const struct lade_batch *b, const struct lade__loss_config *goal,
                                struct lade__loss_sums *t, struct lade_error *err);

/*
 * lade__net_sum_gradients() - floats @begin .. @end - 1 of the gradient of the mean loss, to net->lanes[0].gradients;
 * once for each float, and multiples of 16. Apart from lade__net_compute_gradients(), so that an optimiser finds them in the cache.
 */
void lade__net_sum_gradients(lade_net *net, size_t begin, size_t end);

/*
 * lade__net_for_each_piece() - call @fn for pieces of the block of parameters, side by side; together they are the block.
 */
void lade__net_for_each_piece(lade_net *net, void (*fn)(void *ctx, size_t begin, size_t end), void *ctx);

/*
 * lade__net_evaluate_source() - lade__net_evaluate_batch() for the next @steps batches of a source that was checked. What it or the
 * source returned.
 */
int lade__net_evaluate_source(lade_net *net, const struct lade_source *source, int64_t ops, struct lade__loss_sums *t,
                              struct lade_error *err);

/*
 * lade__source_check() - does what @source says of itself fit the net? *steps, if 0, becomes the source's.
 *
 * Returns LADE_OK or LADE_EINVAL with @err naming what differs; @what is "source" or "validation".
 */
int lade__source_check(const lade_net *net, const struct lade_source *source, const char *what, int64_t *ops,
                       struct lade_error *err);

#endif
