/*
 * Makes balanced epochs. A place is a position in the epoch before the epoch is shuffled. The number of places in an
 * epoch equals the number of samples. The number of places of a class is proportional to the weight of the class, and
 * is the same in every epoch. These numbers are first rounded down; the remaining places go to the classes with the
 * largest remainders. A class with q places and n samples uses its samples in a random order. If q > n, the class then
 * uses all its samples once more, in another random order, and so on. Therefore an epoch contains each sample of the
 * class floor(q / n) or ceil(q / n) times.
 */
#include "flow/order/balance.h"

#include <math.h>

#include "flow/order/permutation.h"

static int check(const struct lade__samples *s, const double *weights, double *total, struct lade_error *err) {
    if (!s->class_count || s->tag_first)
        return lade_error_set_subject(err, LADE_EINVAL, "order",
                                      "order is balanced: each sample must have exactly one class");
    *total = 0;
    for (int c = 0; c < s->class_count; c++) {
        double w = weights ? weights[c] : s->groups[c].count > 0;
        if (!(w >= 0 && w <= 1e300))
            return lade_error_set_subject(err, LADE_EINVAL, "class_weights",
                                          "class_weights of class \"%.200s\" is %g: a weight must be 0 to 1e300",
                                          s->class_names[c], w);
        if (w > 0 && !s->groups[c].count)
            return lade_error_set_subject(err, LADE_EINVAL, "class_weights",
                                          "class_weights of class \"%.200s\" is %g, but the class has no samples: set "
                                          "its weight to 0",
                                          s->class_names[c], w);
        *total += w;
    }
    if (!(*total > 0 && isfinite(*total)))
        return lade_error_set_subject(err, LADE_EINVAL, "class_weights",
                                      "class_weights add up to %g: at least one weight must be above 0", *total);
    return LADE_OK;
}

/* Stores the number of places of each class, rounded down, in b->ends, and the remainder in @rest. Returns the number
   of places that no class has yet. */
static int64_t round_down(struct lade__balance *b, const double *weights, double total, double *rest) {
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
    for (int64_t left = round_down(b, weights, total, rest); left > 0; left--) {
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

int64_t lade__balance_at(const struct lade__balance *b, uint64_t seed, int64_t epoch, int64_t place, int64_t *repeat) {
    int low = 0, high = b->samples->class_count - 1;

    while (low < high) { /* finds the first class with ends[c] > place */
        int middle = low + (high - low) / 2;
        if (b->ends[middle] > place)
            high = middle;
        else
            low = middle + 1;
    }
    int64_t n = b->samples->groups[low].count, k = place - (low ? b->ends[low - 1] : 0);
    struct lade__permutation p;
    struct lade_random random;
    *repeat = k / n;
    lade_random_init(&random, seed, (uint64_t)epoch, (uint64_t)low << 40 | (uint64_t)*repeat, LADE_RANDOM_WEIGHTS);
    lade__permutation_init(&p, &random, (uint64_t)n);
    return lade__samples_member(b->samples, low, (int64_t)lade__permutation_at(&p, (uint64_t)(k % n)));
}
