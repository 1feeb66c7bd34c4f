/*
 * train/net/dropout.h - the dropout layer.
 */
#ifndef LADE_SRC_TRAIN_NET_DROPOUT_H
#define LADE_SRC_TRAIN_NET_DROPOUT_H

#include <stdint.h>

/*
 * Which numbers are dropped is a function of these values and of the position in the sample. Threads and addresses do
 * not matter.
 */
struct lade__dropout {
    double rate; /* fraction of the numbers that become 0 */
    uint64_t seed, clock;
    int layer;
};

/*
 * lade__dropout() - sets @to to 0 where a number is dropped, and to @from / (1 - rate) elsewhere, for @n samples of
 * @count numbers. @first is the index of the first sample in the batch. The forward and the backward pass both call
 * this function. @to may be @from.
 */
void lade__dropout(const struct lade__dropout *d, int64_t first, int64_t n, int64_t count, const float *from,
                   float *to);

#endif
