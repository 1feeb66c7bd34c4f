/*
 * Tests the metrics of lade eval and lade train: average precision, MAE, R2, F1, macro averages, top-5 accuracy and
 * ROC-AUC. The expected numbers are examples of the documentation of scikit-learn, or come from a plain implementation
 * of the definition.
 */
#include <math.h>

#include <lade/base.h>

#include "evaluation/metrics.h"
#include "evaluation/scores.h"
#include "support/check_main.h"

enum { MOST = 64 };

static struct score_column column(const float *truths, const float *values, int64_t count) {
    return (struct score_column){truths, values, count, 1};
}

/* Fills the arrays with random labels, and with random scores of which some are equal. Every second case has only one
   label. Returns the number of elements. */
static int64_t random_labels(int i, float truths[MOST], float values[MOST]) {
    struct lade_random r;
    lade_random_init(&r, 1, (uint64_t)i, 0, LADE_RANDOM_USER);
    int64_t count = 1 + (int64_t)lade_random_below(&r, MOST);
    for (int64_t k = 0; k < count; k++) {
        truths[k] = (float)(i % 2 ? lade_random_below(&r, 2) : (uint64_t)(i / 2 % 2));
        values[k] = (float)lade_random_below(&r, 12) / 11;
    }
    return count;
}

/* ---- Labels ------------------------------------------------------------------------------------------------------ */

/* Adds up (R_n - R_{n-1}) P_n over all thresholds, the highest first. */
static double plain_average_precision(const float *truths, const float *values, int64_t count) {
    double sum = 0, last = 0, positives = 0;
    float threshold = INFINITY;
    for (int64_t i = 0; i < count; i++)
        positives += (double)truths[i];
    for (;;) {
        float next = -INFINITY;
        double predicted = 0, right = 0;
        for (int64_t i = 0; i < count; i++)
            next = values[i] < threshold && values[i] > next ? values[i] : next;
        if (next < 0)
            return positives > 0 ? sum : (double)NAN;
        for (int64_t i = 0; i < count; i++) {
            predicted += values[i] >= next;
            right += values[i] >= next && truths[i] > 0;
        }
        sum += (right / positives - last) * (right / predicted);
        last = right / positives;
        threshold = next;
    }
}

static void check_number(double got, double want) {
    if (isnan(want))
        ck_assert_msg(isnan(got), "%g is not NaN", got);
    else
        ck_assert_double_eq_tol(got, want, 1e-12);
}

START_TEST(average_precision) {
    static const float truths[] = {0, 0, 1, 1}, values[] = {.1f, .4f, .35f, .8f}, nan[] = {.1f, NAN, .35f, .8f};
    static const float equal[] = {.5f, .5f, .5f, .5f}, none[] = {0, 0, 0, 0};
    struct score_column c[] = {column(truths, values, 4), column(truths, equal, 4), column(none, values, 4),
                               column(truths, nan, 4),    column(truths, nan, 0),   {truths, values, 2, 2}};
    const double want[] = {2.5 / 3, .5, NAN, NAN, NAN, 1};
    for (size_t i = 0; i < sizeof c / sizeof *c; i++)
        check_number(score_average_precision(&c[i]), want[i]);
    for (int i = 0; i < 200; i++) {
        float t[MOST], v[MOST];
        int64_t count = random_labels(i, t, v);
        struct score_column random = column(t, v, count);
        check_number(score_average_precision(&random), plain_average_precision(t, v, count));
    }
}
END_TEST

START_TEST(precision_recall_and_f1) {
    static const float truths[] = {1, 1, 1, 0, 0, 0}, values[] = {.9f, .5f, .4f, .6f, .1f, NAN}, low[6] = {0};
    struct score_column c = column(truths, values, 6), never = column(truths, low, 6), empty = column(low, low, 6);
    struct score_label s = score_label(&c);
    ck_assert_int_eq(s.images, 3);
    check_number(s.precision, 2. / 3);
    check_number(s.recall, 2. / 3);
    check_number(s.f1, 2. / 3);
    s = score_label(&never);
    check_number(s.precision, NAN);
    check_number(s.recall, 0);
    check_number(s.f1, 0);
    s = score_label(&empty);
    check_number(s.recall, NAN);
    check_number(s.f1, NAN);
}
END_TEST

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

START_TEST(mae_and_r2) {
    static const float y[] = {3, -.5f, 2, 7}, p[] = {2.5f, 0, 2, 8}, up[] = {1, 2, 3}, down[] = {3, 2, 1};
    static const float two[] = {2, 2, 2}, near[] = {2, 2, 2.5f}, nan[] = {2, NAN, 2};
    static const struct {
        const float *truths, *values;
        int64_t count;
        double mae, r2;
    } rows[] = {{y, p, 4, .5, 1 - 1.5 / 29.1875},
                {up, up, 3, 0, 1},
                {up, two, 3, 2. / 3, 0},
                {up, down, 3, 4. / 3, -3},
                {two, two, 3, 0, 1},
                {two, near, 3, .5 / 3, 0},
                {up, nan, 3, NAN, NAN},
                {two, nan, 3, NAN, NAN},
                {nan, up, 3, NAN, NAN},
                {up, down, 1, 2, NAN},
                {up, down, 0, NAN, NAN}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct score_column c = column(rows[i].truths, rows[i].values, rows[i].count);
        check_number(score_mean_error(&c), rows[i].mae);
        check_number(score_r2(&c), rows[i].r2);
    }
}
END_TEST

/* ---- One class --------------------------------------------------------------------------------------------------- */

START_TEST(macro_averages) {
    static const int truths[] = {0, 1, 2, 0, 1, 2}, predicted[] = {0, 2, 1, 0, 0, 1};
    for (int classes = 3; classes < 5; classes++) { /* class 3 has no images and is never predicted */
        struct confusion c = confusion_new(classes, NULL);
        for (int i = 0; i < 6; i++)
            confusion_add(&c, truths[i], predicted[i]);
        struct metrics_macro m = metrics_macro(&c);
        check_number(m.precision, 2. / 9);
        check_number(m.recall, 1. / 3);
        check_number(m.f1, .8 / 3);
        confusion_release(&c);
    }
    struct confusion empty = confusion_new(3, NULL);
    ck_assert(isnan(metrics_macro(&empty).f1) && isnan(confusion_accuracy(&empty)));
    confusion_release(&empty);
}
END_TEST

START_TEST(top_5_accuracy) {
    static const struct {
        float p[7];
        int truth, is_in_top;
    } rows[] = {{{.1f, .2f, .3f, .1f, .1f, .15f, .05f}, 6, 0},   {{.1f, .2f, .3f, .12f, .08f, .15f, .05f}, 4, 0},
                {{.1f, .2f, .3f, .12f, .08f, .15f, .05f}, 0, 1}, {{.1f, .1f, .1f, .1f, .1f, .1f, .1f}, 4, 1},
                {{.1f, .1f, .1f, .1f, .1f, .1f, .1f}, 5, 0},     {{NAN, NAN, NAN, NAN, NAN, NAN, NAN}, 0, 0},
                {{.1f, NAN, .3f, .1f, .1f, .15f, .05f}, 2, 1},   {{.1f, .2f, NAN, .1f, .1f, .15f, .05f}, 2, 0}};
    struct confusion c = confusion_new(7, NULL), few = confusion_new(5, NULL);
    struct metrics m = {0};
    int64_t top = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        metrics_add(&m, rows[i].p, 7, rows[i].truth);
        confusion_add(&c, rows[i].truth, 0);
        confusion_add(&few, 0, 0);
        top += rows[i].is_in_top;
        ck_assert_msg(m.in_top == top, "row %zu", i);
        check_number(metrics_top_accuracy(&m, &c), (double)top / (double)(i + 1));
    }
    check_number(metrics_top_accuracy(&m, &few), NAN);
    check_number(metrics_roc_auc(&m), NAN); /* the net has more than two classes */
    metrics_release(&m);
    confusion_release(&few);
    confusion_release(&c);
}
END_TEST

/* Returns ROC-AUC of @count images. The net has @outputs outputs, one or two. */
static double roc_auc(const float *truths, const float *values, int64_t count, int outputs) {
    struct metrics m = {0};
    for (int64_t i = 0; i < count; i++) {
        float two[] = {1 - values[i], values[i]};
        metrics_add(&m, outputs == 1 ? values + i : two, outputs, (int)truths[i]);
    }
    double area = metrics_roc_auc(&m);
    metrics_release(&m);
    return area;
}

/* Counts the pairs of a positive and a negative image in which the positive image has the higher score. */
static double plain_roc_auc(const float *truths, const float *values, int64_t count) {
    double higher = 0, pairs = 0;
    for (int64_t i = 0; i < count; i++)
        for (int64_t j = 0; j < count; j++)
            if (truths[i] > truths[j]) {
                higher += values[i] > values[j] ? 1 : values[i] == values[j] ? .5 : 0;
                pairs++;
            }
    return pairs > 0 ? higher / pairs : (double)NAN;
}

START_TEST(area_under_the_roc_curve) {
    static const float truths[] = {0, 0, 1, 1}, values[] = {.1f, .4f, .35f, .8f}, nan[] = {.1f, NAN, .35f, .8f};
    for (int outputs = 1; outputs <= 2; outputs++) {
        check_number(roc_auc(truths, values, 4, outputs), .75);
        check_number(roc_auc(truths, values, 2, outputs), NAN); /* all images have the same class */
        check_number(roc_auc(truths, nan, 4, outputs), NAN);
        check_number(roc_auc(truths, values, 0, outputs), NAN);
    }
    for (int i = 0; i < 200; i++) {
        float t[MOST], v[MOST];
        int64_t count = random_labels(i, t, v);
        check_number(roc_auc(t, v, count, 1), plain_roc_auc(t, v, count));
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "metrics");
    tcase_add_test(tcase, average_precision);
    tcase_add_test(tcase, precision_recall_and_f1);
    tcase_add_test(tcase, mae_and_r2);
    tcase_add_test(tcase, macro_averages);
    tcase_add_test(tcase, top_5_accuracy);
    tcase_add_test(tcase, area_under_the_roc_curve);
}
