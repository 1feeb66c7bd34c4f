/*
 * train/net/dropout.h - computes the dropout layer.
 */
#ifndef LADE_SRC_TRAIN_NET_DROPOUT_H
#define LADE_SRC_TRAIN_NET_DROPOUT_H

#include <stdint.h>

/*
 * The values of this struct and the position of a number in the batch decide whether the number is dropped. The result
 * does not depend on threads and addresses.
 */
struct lade__dropout {
    double rate;          /* fraction of the numbers that become 0 */
    uint64_t seed, clock; /* seed and clock of the net, see struct lade_net */
    int layer;            /* index of the layer */
};

/*
 * lade__dropout() - computes dropout for @n samples of @count numbers. A dropped number becomes 0, and each other
 * number is divided by 1 - rate. @first is the index of the first sample in the batch. The forward and the backward
 * pass both call this function. @to may be @from.
 */
void lade__dropout(const struct lade__dropout *d, int64_t first, int64_t n, int64_t count, const float *from,
                   float *to);

#endif
