/*
 * Epochs in which each class has its share, whatever its number of samples.
 */
#ifndef LADE_FLOW_ORDER_BALANCE_H
#define LADE_FLOW_ORDER_BALANCE_H

#include "flow/source/samples.h"

struct lade__balance {
    const struct lade__samples *samples;
    int64_t *ends; /* (classes) places ends[c-1] .. ends[c]-1 of an epoch are for class c */
};

/*
 * lade__balance_init()    - shares in proportion to @weights, one for each class; NULL: equal. LADE_OK, LADE_EINVAL (a
 *                           weight below 0, none above, a class without samples that has a share, or no classes),
 *                           LADE_ENOMEM.
 * lade__balance_release() - @b may be all zero.
 * lade__balance_at()      - the sample at @place, 0 .. samples-1, of the epoch before it is shuffled; *pass counts how
 *                           often this sample comes at a lower place.
 */
int lade__balance_init(struct lade__balance *b, const struct lade__samples *samples, const double *weights,
                       struct lade_error *err);
void lade__balance_release(struct lade__balance *b);
int64_t lade__balance_at(const struct lade__balance *b, uint64_t seed, int64_t epoch, int64_t place, int64_t *pass);

#endif
