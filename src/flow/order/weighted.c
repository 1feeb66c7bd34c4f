/*
 * Makes weighted epochs by systematic sampling. The weights of the samples are intervals on a line, one after the
 * other. The places of an epoch are points at equal distances on this line, and one random number for each epoch moves
 * all points. If the point of a place is in the interval of a sample, the place has this sample. If the weight of a
 * sample is x times the mean weight, an epoch contains the sample floor(x) or ceil(x) times, and on average x times.
 * With equal weights, each sample occurs once. Independent draws would have the same averages, but would leave out more
 * samples.
 */
#include "flow/order/weighted.h"

#include <math.h>

int lade__weighted_init(struct lade__weighted *w, const struct lade__samples *samples, struct lade_error *err) {
    double sum = 0;

    *w = (struct lade__weighted){.count = samples->count};
    if (!samples->weights)
        return lade_error_set_subject(err, LADE_EINVAL, "order",
                                      "order is weighted, but the samples of %s have no weights", samples->source);
    w->ends = lade_calloc((size_t)w->count, sizeof *w->ends);
    if (!w->ends)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the weights of %lld samples", (long long)w->count);
    for (int64_t i = 0; i < w->count; i++)
        w->ends[i] = sum += (double)samples->weights[lade__samples_row(samples, i)];
    if (sum > 0)
        return LADE_OK;
    return lade_error_set_subject(err, LADE_EINVAL, "order",
                                  "order is weighted, but the weights of all samples of %s are 0", samples->source);
}

void lade__weighted_release(struct lade__weighted *w) {
    lade_free(w->ends);
    *w = (struct lade__weighted){0};
}

/* Returns the point of @place on the line. The point is below the end of the line, even if the product is rounded
   up. */
static double point_of(const struct lade__weighted *w, double random, int64_t place) {
    double total = w->ends[w->count - 1];

    return fmin(((double)place + random) * (total / (double)w->count), nextafter(total, 0));
}

int64_t lade__weighted_at(const struct lade__weighted *w, uint64_t seed, int64_t epoch, int64_t place,
                          int64_t *repeat) {
    int64_t low = 0, high = w->count - 1, first = 0, last = place;
    struct lade_random random;

    lade_random_init(&random, seed, (uint64_t)epoch, 0, LADE_RANDOM_WEIGHTS);
    double u = lade_random_double(&random), point = point_of(w, u, place);
    while (low < high) { /* finds the first sample with ends[sample] > point */
        int64_t middle = low + (high - low) / 2;
        if (w->ends[middle] > point)
            high = middle;
        else
            low = middle + 1;
    }
    double start = low ? w->ends[low - 1] : 0;
    while (first < last) { /* finds the first place whose point is not below the start of the interval */
        int64_t middle = first + (last - first) / 2;
        if (point_of(w, u, middle) >= start)
            last = middle;
        else
            first = middle + 1;
    }
    *repeat = place - first;
    return low;
}
