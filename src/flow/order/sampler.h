/*
 * Chooses the samples of each batch and their order. The sample at a position depends only on the options, the epoch
 * and the position.
 */
#ifndef LADE_SRC_FLOW_ORDER_SAMPLER_H
#define LADE_SRC_FLOW_ORDER_SAMPLER_H

#include <lade/flow.h>

#include "flow/order/permutation.h"

struct lade__balance;
struct lade__weighted;

struct lade__sampler {
    int64_t samples;    /* number of samples in an epoch */
    int64_t batch_size; /* number of samples in a global batch, which all ranks share */
    int rank, world;    /* the rank of this process, and the number of ranks */
    bool drop_last;     /* no batch has fewer samples than batch_size */
    enum lade_order order;
    uint64_t seed;
    const struct lade__balance *balance;   /* only for LADE_ORDER_BALANCED   (borrowed) */
    const struct lade__weighted *weighted; /* only for LADE_ORDER_WEIGHTED   (borrowed) */
};

/* The order of one epoch. */
struct lade__epoch_order {
    const struct lade__sampler *sampler;
    int64_t epoch;
    struct lade__permutation permutation;
};

/*
 * lade__sampler_steps()    - returns the number of batches in an epoch. The last batch may be shorter, or is left
 *                            out (drop_last).
 * lade__sampler_slice()    - returns the number of samples of batch @step that belong to this rank.
 *                            *first is set to the position of the first of these samples in the epoch.
 * lade__sampler_max_rows() - returns the largest number that lade__sampler_slice() can return.
 * lade__sampler_before()   - returns the position before @position in global batch @step. For the first position of the
 *                            batch, returns the last position of the batch.
 */
int64_t lade__sampler_steps(const struct lade__sampler *s);
int64_t lade__sampler_slice(const struct lade__sampler *s, int64_t step, int64_t *first);
int64_t lade__sampler_max_rows(const struct lade__sampler *s);
int64_t lade__sampler_before(const struct lade__sampler *s, int64_t step, int64_t position);

/*
 * lade__epoch_order_init() - computes the order of @epoch. @sampler is borrowed.
 * lade__epoch_order_at()   - returns the sample at @position, 0 .. samples-1. A balanced or weighted epoch may contain
 *                            the sample several times. *repeat is set to the number of this occurrence, counted from 0.
 */
void lade__epoch_order_init(struct lade__epoch_order *order, const struct lade__sampler *sampler, int64_t epoch);
int64_t lade__epoch_order_at(const struct lade__epoch_order *order, int64_t position, int64_t *repeat);

#endif
