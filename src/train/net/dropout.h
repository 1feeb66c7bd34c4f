/*
 * train/net/dropout.h - the layer that leaves out some of what flows through it.
 */
#ifndef LADE_SRC_TRAIN_NET_DROPOUT_H
#define LADE_SRC_TRAIN_NET_DROPOUT_H

#include <stdint.h>

/*
 * Which numbers stay is a function of these and of the position in the sample: threads and memory have no say.
 */
struct lade__dropout {
    double rate; /* of the numbers that are left out */
    uint64_t seed, clock;
    int layer;
};

/*
 * lade__dropout() - @to = @from / (1 - share), or 0 where left out, for @n samples of @count numbers, the first being
 * number @first of the batch. Forward and backward alike. @to may be @from.
 */
void lade__dropout(const struct lade__dropout *d, int64_t first, int64_t n, int64_t count, const float *from,
                   float *to);

#endif
