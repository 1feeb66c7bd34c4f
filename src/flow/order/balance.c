/*
 * An epoch keeps its length; its places are dealt to the classes by weight, the same in each epoch, and what is left by
 * rounding goes to the largest remainders. A class with q places and n samples goes through its samples in a random
 * order, again and again in another one: each of them comes floor(q/n) or ceil(q/n) times, rather than as chance would
 * have it.
 */
#include "flow/order/balance.h"

#include <math.h>

#include "flow/order/permutation.h"

static int check(const struct lade__samples *s, const double *weights, double *total, struct lade_error *err) {
    if (!s->class_count || s->tag_first)
        return lade_error_set(err, LADE_EINVAL, "order is balanced: it needs samples of one class each");
    *total = 0;
    for (int c = 0; c < s->class_count; c++) {
        double w = weights ? weights[c] : s->groups[c].count > 0;
        if (!(w >= 0 && w <= 1e300))
            return lade_error_set(err, LADE_EINVAL, "class_weights of class \"%.200s\" is %g: it can be 0 or more",
                                  s->class_names[c], w);
        if (w > 0 && !s->groups[c].count)
            return lade_error_set(err, LADE_EINVAL,
                                  "class_weights of class \"%.200s\" is %g, but it has no samples: give it 0",
                                  s->class_names[c], w);
        *total += w;
    }
    if (!(*total > 0 && isfinite(*total)))
        return lade_error_set(err, LADE_EINVAL, "class_weights add up to %g: one at least must be above 0", *total);
    return LADE_OK;
}

/* Whole places in ends[c], what is left of each class in rest[c]; returns how many places are left over. */
static int64_t deal(struct lade__balance *b, const double *weights, double total, double *rest) {
    const struct lade__samples *s = b->samples;
    int64_t left = s->count;

    for (int c = 0; c < s->class_count; c++) {
        double share = (double)s->count * ((weights ? weights[c] : s->groups[c].count > 0) / total);
        int64_t whole = (int64_t)share;
        whole = whole < left ? whole : left;
        b->ends[c] = whole;
        rest[c] = share > 0 ? share - (double)whole : -1;
        left -= whole;
    }
    return left;
}

int lade__balance_init(struct lade__balance *b, const struct lade__samples *samples, const double *weights,
                       struct lade_error *err) {
    double total = 0;

    *b = (struct lade__balance){.samples = samples};
    if (check(samples, weights, &total, err) < 0)
        return LADE_EINVAL;
    int n = samples->class_count;
    double *rest = lade_calloc((size_t)n, sizeof *rest);
    b->ends = lade_calloc((size_t)n, sizeof *b->ends);
    if (!rest || !b->ends) {
        lade_free(rest);
        return lade_error_set(err, LADE_ENOMEM, "no memory to balance %d classes", n);
    }
    for (int64_t left = deal(b, weights, total, rest); left > 0; left--) {
        int most = 0;
        for (int c = 1; c < n; c++)
            most = rest[c] > rest[most] ? c : most;
        b->ends[most]++;
        rest[most] -= 1;
    }
    for (int c = 1; c < n; c++)
        b->ends[c] += b->ends[c - 1];
    lade_free(rest);
    return LADE_OK;
}

void lade__balance_release(struct lade__balance *b) {
    lade_free(b->ends);
    *b = (struct lade__balance){0};
}

int64_t lade__balance_at(const struct lade__balance *b, uint64_t seed, int64_t epoch, int64_t place, int64_t *pass) {
    int low = 0, high = b->samples->class_count - 1;

    while (low < high) { /* the first class whose places end behind this one */
        int middle = low + (high - low) / 2;
        if (b->ends[middle] > place)
            high = middle;
        else
            low = middle + 1;
    }
    int64_t n = b->samples->groups[low].count, k = place - (low ? b->ends[low - 1] : 0);
    struct lade__permutation p;
    struct lade_random random;
    *pass = k / n;
    lade_random_init(&random, seed, (uint64_t)epoch, (uint64_t)low << 40 | (uint64_t)*pass, LADE_RANDOM_WEIGHTS);
    lade__permutation_init(&p, &random, (uint64_t)n);
    return lade__samples_member(b->samples, low, (int64_t)lade__permutation_at(&p, (uint64_t)(k % n)));
}
