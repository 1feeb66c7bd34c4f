/*
 * Computes the scores of one output of a net. All sums are double, because r2 is a small difference of large sums.
 */
#include "evaluation/scores.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "terminal/text.h"

static double truth_at(const struct score_column *c, int64_t i) {
    return (double)c->truths[i * c->stride];
}

static double value_at(const struct score_column *c, int64_t i) {
    return (double)c->values[i * c->stride];
}

/* ---- Labels ------------------------------------------------------------------------------------------------------ */

struct ranked {
    float value;
    bool positive;
};

/* The highest value comes first. */
static int compare_ranked(const void *a, const void *b) {
    float x = ((const struct ranked *)a)->value, y = ((const struct ranked *)b)->value;
    return (y > x) - (y < x);
}

double score_average_precision(const struct score_column *c) {
    struct ranked *list = text_alloc((size_t)c->count + 1, sizeof *list);
    double positives = 0, found = 0, sum = 0;
    bool ranked = true;
    for (int64_t i = 0; i < c->count; i++) {
        ranked = ranked && !isnan(value_at(c, i));
        list[i] = (struct ranked){c->values[i * c->stride], truth_at(c, i) >= 0.5};
        positives += list[i].positive;
    }
    if (ranked)
        qsort(list, (size_t)c->count, sizeof *list, compare_ranked);
    for (int64_t i = 0, next; i < c->count && ranked; i = next) {
        double more = list[i].positive; /* number of images with this value that have the label */
        for (next = i + 1; next < c->count && list[next].value == list[i].value; next++)
            more += list[next].positive;
        found += more;
        sum += more / positives * (found / (double)next);
    }
    free(list);
    return positives > 0 && ranked ? sum : (double)NAN;
}

static double fraction(int64_t part, int64_t whole) {
    return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

struct score_label score_label(const struct score_column *c) {
    int64_t images = 0, predicted = 0, right = 0;
    for (int64_t i = 0; i < c->count; i++) {
        bool truth = truth_at(c, i) >= 0.5, positive = value_at(c, i) >= 0.5;
        images += truth;
        predicted += positive;
        right += truth && positive;
    }
    return (struct score_label){images, fraction(right, predicted), fraction(right, images),
                                fraction(2 * right, images + predicted)};
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

double score_mean_error(const struct score_column *c) {
    double sum = 0;
    for (int64_t i = 0; i < c->count; i++)
        sum += fabs(value_at(c, i) - truth_at(c, i));
    return c->count > 0 ? sum / (double)c->count : (double)NAN;
}

double score_r2(const struct score_column *c) {
    double mean = 0, errors = 0, total = 0;
    for (int64_t i = 0; i < c->count; i++)
        mean += truth_at(c, i) / (double)c->count;
    for (int64_t i = 0; i < c->count; i++) {
        double error = value_at(c, i) - truth_at(c, i), distance = truth_at(c, i) - mean;
        errors += error * error;
        total += distance * distance;
    }
    bool equal = true; /* @total may be above 0 because of rounding errors */
    for (int64_t i = 1; i < c->count; i++)
        equal = equal && truth_at(c, i) == truth_at(c, 0);
    if (c->count < 2)
        return (double)NAN;
    return equal && !isnan(errors) ? errors == 0 : 1 - errors / total;
}
