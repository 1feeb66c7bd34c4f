/*
 * train/net/replica.h - defines a replica. A replica contains everything that one thread needs to compute a shard of a
 * batch: an engine, memory for gradients and activations, and the progress of the computation. All replicas share the
 * parameters.
 */
#ifndef LADE_SRC_TRAIN_NET_REPLICA_H
#define LADE_SRC_TRAIN_NET_REPLICA_H

#include "train/dnnl/kernels.h"
#include "train/net/loss.h"

struct lade__replica {
    struct lade__engine *engine; /* NULL before the first plan. A plan lists the ops for a batch size (plan.h) */
    float *gradients;            /* spec.trainable_floats floats; NULL before the first training batch */
    float *activations;          /* one block for all buffers of a plan */
    size_t activation_floats;

    /* The progress of the current pass. */
    float *x;          /* the samples of the shard */
    int next;          /* index of the next op */
    bool is_backward;  /* the forward pass and the loss are finished, and the backward pass is running */
    bool waits;        /* the next op is a batchnorm, and this replica waits for the other replicas */
    bool synchronised; /* all replicas have arrived at the batchnorm, so the next op can run */

    int status;
    struct lade_error error;
    struct lade__loss_sums sums;
};

/*
 * lade__replica_reserve() - allocates @activation_floats floats for activations, and @gradient_floats floats for
 * gradients if @gradient_floats is not 0. Memory that is already large enough is kept. Returns false if there is no
 * memory.
 * lade__replica_release() - frees the memory and the engine.
 */
bool lade__replica_reserve(struct lade__replica *r, size_t activation_floats, size_t gradient_floats);
void lade__replica_release(struct lade__replica *r);

#endif
