/*
 * Who gets what: an epoch is cut into global batches first, each batch into the shares of the ranks second, so that one
 * rank and many see the same epoch and make the same number of steps.
 */
#ifndef LADE_FLOW_ORDER_SHARD_H
#define LADE_FLOW_ORDER_SHARD_H

#include <stdint.h>

struct lade__shard {
    int64_t samples; /* of an epoch */
    int64_t batch;   /* samples of a global batch */
    int rank, world;
};

/*
 * lade__shard_steps() - batches in an epoch; the last one may be short.
 * lade__shard_share() - the positions in the epoch that this rank computes of batch @step: *first, and how many.
 * lade__shard_rows()  - the most that lade__shard_share() ever gives.
 */
int64_t lade__shard_steps(const struct lade__shard *s);
int64_t lade__shard_share(const struct lade__shard *s, int64_t step, int64_t *first);
int64_t lade__shard_rows(const struct lade__shard *s);

#endif
