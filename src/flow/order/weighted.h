/*
 * Makes weighted epochs. In a weighted epoch, the expected number of occurrences of a sample is proportional to the
 * weight of the sample. A place is a position in the epoch before the epoch is shuffled.
 */
#ifndef LADE_SRC_FLOW_ORDER_WEIGHTED_H
#define LADE_SRC_FLOW_ORDER_WEIGHTED_H

#include "flow/source/samples.h"

struct lade__weighted {
    int64_t count; /* number of samples, and of places in an epoch */
    double *ends;  /* (count) ends[i] is the sum of the weights of the samples 0 .. i */
};

/*
 * lade__weighted_init()    - adds up the weights of @samples. Returns LADE_OK, LADE_EINVAL (there are no weights, or
 *                            all weights are 0) or LADE_ENOMEM.
 * lade__weighted_release() - frees the memory. @w may be all zero.
 * lade__weighted_at()      - returns the sample at @place, 0 .. count-1. *repeat is set to the number of places below
 *                            @place that have the same sample.
 */
int lade__weighted_init(struct lade__weighted *w, const struct lade__samples *samples, struct lade_error *err);
void lade__weighted_release(struct lade__weighted *w);
int64_t lade__weighted_at(const struct lade__weighted *w, uint64_t seed, int64_t epoch, int64_t place, int64_t *repeat);

#endif
