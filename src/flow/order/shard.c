/*
 * Pure arithmetic. Rank r of w gets [m r / w, m (r + 1) / w) of a batch of m: shares differ by at most one, nothing is
 * left over, and a short last batch is dealt by the same rule. batch <= 2^31 and world <= 2^31, so no product
 * overflows.
 */
#include "flow/order/shard.h"

int64_t lade__shard_steps(const struct lade__shard *s) {
    return s->samples / s->batch + (s->samples % s->batch != 0);
}

int64_t lade__shard_share(const struct lade__shard *s, int64_t step, int64_t *first) {
    int64_t start = step * s->batch, left = s->samples - start;
    int64_t m = left < s->batch ? left : s->batch;
    int64_t low = m * s->rank / s->world;

    *first = start + low;
    return m * (s->rank + 1) / s->world - low;
}

int64_t lade__shard_rows(const struct lade__shard *s) {
    int64_t m = s->samples < s->batch ? s->samples : s->batch;

    return m / s->world + (m % s->world != 0);
}
