/*
 * train/net/dropout.c - computes dropout (Srivastava and others, JMLR 2014). No mask is stored, because the backward
 * pass draws the same random numbers again.
 */
#include "train/net/dropout.h"

#include <math.h>

#include <lade/base.h>

#define DRAWN_TOGETHER 65536 /* count of random numbers that are drawn from one random stream */

void lade__dropout(const struct lade__dropout *d, int64_t first, int64_t n, int64_t count, const float *from,
                   float *to) {
    uint32_t limit = (uint32_t)ldexp(d->rate, 32);
    float scale = (float)(1 / (1 - d->rate));
    uint64_t streams = ((uint64_t)count + DRAWN_TOGETHER - 1) / DRAWN_TOGETHER, layer = (uint64_t)d->layer << 48;
    for (int64_t i = 0; i < n; i++, from += count, to += count) {
        struct lade_random r;
        for (int64_t j = 0; j < count; j++) {
            if (j % DRAWN_TOGETHER == 0)
                lade_random_init(&r, d->seed, d->clock & UINT32_MAX,
                                 layer | ((uint64_t)(first + i) * streams + (uint64_t)j / DRAWN_TOGETHER),
                                 LADE_RANDOM_DROPOUT);
            to[j] = lade_random_u32(&r) < limit ? 0 : from[j] * scale;
        }
    }
}
