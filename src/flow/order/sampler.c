/*
 * Chooses the samples of each batch. An epoch is first divided into global batches. Each batch is then divided into one
 * slice for each rank. Therefore the samples of a batch and the number of steps do not depend on the number of ranks.
 * In a batch of m rows, rank r of w ranks gets the rows from m r / w to m (r + 1) / w - 1. The last batch of an epoch
 * may have fewer rows, and is divided in the same way. The sizes of the slices differ by at most one row.
 * batch_size and world are at most 2^31, so no product overflows.
 *
 * The order is a function and not a shuffled list. Except for a weighted order, the function needs no memory that grows
 * with the data set, and threads, ranks and a resumed run can compute the sample at any position directly.
 */
#include "flow/order/sampler.h"

#include "flow/order/balance.h"
#include "flow/order/weighted.h"

int64_t lade__sampler_steps(const struct lade__sampler *s) {
    return s->samples / s->batch_size + (!s->drop_last && s->samples % s->batch_size != 0);
}

int64_t lade__sampler_slice(const struct lade__sampler *s, int64_t step, int64_t *first) {
    int64_t start = step * s->batch_size, left = s->samples - start;
    int64_t m = left < s->batch_size ? left : s->batch_size;
    int64_t low = m * s->rank / s->world;

    *first = start + low;
    return m * (s->rank + 1) / s->world - low;
}

int64_t lade__sampler_max_rows(const struct lade__sampler *s) {
    int64_t m = s->samples < s->batch_size ? s->samples : s->batch_size;

    return m / s->world + (m % s->world != 0);
}

int64_t lade__sampler_before(const struct lade__sampler *s, int64_t step, int64_t position) {
    int64_t start = step * s->batch_size, left = s->samples - start;

    return position > start ? position - 1 : start + (left < s->batch_size ? left : s->batch_size) - 1;
}

void lade__epoch_order_init(struct lade__epoch_order *order, const struct lade__sampler *sampler, int64_t epoch) {
    struct lade_random random;

    *order = (struct lade__epoch_order){.sampler = sampler, .epoch = epoch};
    lade_random_init(&random, sampler->seed, (uint64_t)epoch, 0, LADE_RANDOM_ORDER);
    lade__permutation_init(&order->permutation, &random, (uint64_t)sampler->samples);
}

int64_t lade__epoch_order_at(const struct lade__epoch_order *order, int64_t position, int64_t *repeat) {
    const struct lade__sampler *s = order->sampler;

    *repeat = 0;
    if (s->order == LADE_ORDER_SORTED)
        return position;
    int64_t place = (int64_t)lade__permutation_at(&order->permutation, (uint64_t)position);
    if (s->order == LADE_ORDER_BALANCED)
        return lade__balance_at(s->balance, s->seed, order->epoch, place, repeat);
    if (s->order == LADE_ORDER_WEIGHTED)
        return lade__weighted_at(s->weighted, s->seed, order->epoch, place, repeat);
    return place;
}
