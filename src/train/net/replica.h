/*
 * train/net/replica.h - what one thread needs to compute a shard of a batch: an engine, memory for gradients and
 * activations, and the progress of the computation. All replicas share the parameters.
 */
#ifndef LADE_SRC_TRAIN_NET_REPLICA_H
#define LADE_SRC_TRAIN_NET_REPLICA_H

#include "train/dnnl/kernels.h"
#include "train/net/loss.h"

struct lade__replica {
    struct lade__engine *engine; /* NULL before the first plan */
    float *gradients;            /* as long as the trainable part of the block; NULL before the first training batch */
    float *activations;          /* one block for the outputs of all ops of a plan */
    size_t activation_floats;

    /* The current pass. */
    float *x;          /* the samples of the shard */
    int next;          /* index of the next op */
    bool is_backward;  /* the forward pass and the loss are computed */
    int gradient_at;   /* index of the buffer that holds the gradient of the current activations */
    bool waits;        /* the next op is a batchnorm that waits for the other replicas */
    bool synchronised; /* the other replicas have arrived, so that this batchnorm can continue */

    int status;
    struct lade_error error;
    struct lade__loss_sums sums;
};

/*
 * lade__replica_reserve() - allocates memory for @activation_floats, and for gradients of @gradient_floats, if not 0.
 *                           Memory that is large enough is kept. Returns false if there is no memory.
 * lade__replica_release() - frees the memory and the engine.
 */
bool lade__replica_reserve(struct lade__replica *r, size_t activation_floats, size_t gradient_floats);
void lade__replica_release(struct lade__replica *r);

#endif
