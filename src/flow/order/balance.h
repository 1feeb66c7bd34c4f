/*
 * Makes balanced epochs. In a balanced epoch, each class has a chosen fraction of the places. This fraction does not
 * depend on the number of samples of the class. A place is a position in the epoch before the epoch is shuffled.
 */
#ifndef LADE_SRC_FLOW_ORDER_BALANCE_H
#define LADE_SRC_FLOW_ORDER_BALANCE_H

#include "flow/source/samples.h"

struct lade__balance {
    const struct lade__samples *samples;
    int64_t *ends; /* (classes) the places ends[c-1] .. ends[c]-1 belong to class c; class 0 has 0 .. ends[0]-1 */
};

/*
 * lade__balance_init()    - divides the places of an epoch in proportion to @weights, which has one weight for each
 *                           class. NULL means equal weights. Returns LADE_OK, LADE_EINVAL (a weight is negative, all
 *                           weights are 0, a class without samples has a weight above 0, or there are no classes) or
 *                           LADE_ENOMEM.
 * lade__balance_release() - frees the memory. @b may be all zero.
 * lade__balance_at()      - returns the sample at @place, 0 .. samples-1. *repeat is set to the number of places below
 *                           @place that have the same sample.
 */
int lade__balance_init(struct lade__balance *b, const struct lade__samples *samples, const double *weights,
                       struct lade_error *err);
void lade__balance_release(struct lade__balance *b);
int64_t lade__balance_at(const struct lade__balance *b, uint64_t seed, int64_t epoch, int64_t place, int64_t *repeat);

#endif
