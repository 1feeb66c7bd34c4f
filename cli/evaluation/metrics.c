/*
 * Computes metrics. ROC-AUC needs the scores of all images. The scores are stored only for nets with two classes.
 */
#include "evaluation/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evaluation/net.h"
#include "terminal/output.h"

static void keep_score(struct metrics *m, struct metrics_score score) {
    if (m->count == m->capacity) {
        int64_t capacity = m->capacity ? 2 * m->capacity : 1024;
        struct metrics_score *scores = realloc(m->scores, (size_t)capacity * sizeof *scores);
        if (!scores)
            out_die("out of memory");
        m->scores = scores;
        m->capacity = capacity;
    }
    m->scores[m->count++] = score;
}

void metrics_add(struct metrics *m, const float *p, int64_t outputs, int truth) {
    int64_t higher = 0;
    for (int64_t j = 0; j < outputs && outputs > METRICS_TOP; j++)
        higher += !(p[j] < p[truth] || (p[j] == p[truth] && j >= truth)); /* true if one of the two is NaN */
    m->in_top += higher < METRICS_TOP;
    if (outputs <= 2)
        keep_score(m, (struct metrics_score){(float)net_probability(p, outputs, 1), truth == 1});
}

void metrics_release(struct metrics *m) {
    free(m->scores);
    *m = (struct metrics){0};
}

double metrics_top_accuracy(const struct metrics *m, const struct confusion *c) {
    return c->classes > METRICS_TOP && c->images > 0 ? (double)m->in_top / (double)c->images : (double)NAN;
}

struct metrics_macro metrics_macro(const struct confusion *c) {
    struct metrics_macro sum = {0};
    int classes = 0;
    for (int i = 0; i < c->classes; i++) {
        int64_t truths = confusion_true_count(c, i), predictions = confusion_predicted_count(c, i);
        sum.precision += predictions > 0 ? confusion_precision(c, i) : 0;
        sum.recall += truths > 0 ? confusion_recall(c, i) : 0;
        sum.f1 += truths + predictions > 0 ? confusion_f1(c, i) : 0;
        classes += truths + predictions > 0;
    }
    return (struct metrics_macro){sum.precision / classes, sum.recall / classes, sum.f1 / classes};
}

static int compare_scores(const void *a, const void *b) {
    float x = ((const struct metrics_score *)a)->score, y = ((const struct metrics_score *)b)->score;
    return (x > y) - (x < y);
}

/* Adds up, for each positive image, the number of negative images with lower scores, and half of the number of negative
   images with equal scores. */
double metrics_roc_auc(struct metrics *m) {
    double below = 0, pairs = 0, positives = 0;
    for (int64_t i = 0; i < m->count; i++)
        if (isnan(m->scores[i].score))
            return NAN;
    if (m->count > 0)
        qsort(m->scores, (size_t)m->count, sizeof *m->scores, compare_scores);
    for (int64_t i = 0, next; i < m->count; i = next) {
        double equal[2] = {0}; /* numbers of negative and positive images with this score */
        for (next = i; next < m->count && m->scores[next].score == m->scores[i].score; next++)
            equal[m->scores[next].positive]++;
        pairs += equal[1] * (below + equal[0] / 2);
        below += equal[0];
        positives += equal[1];
    }
    return positives > 0 && below > 0 ? pairs / (positives * below) : (double)NAN;
}
