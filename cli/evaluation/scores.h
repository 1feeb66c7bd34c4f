/*
 * scores.h - computes the metrics of nets that predict several labels or numbers. The definitions are the same as in
 * scikit-learn.
 */
#ifndef LADE_CLI_EVALUATION_SCORES_H
#define LADE_CLI_EVALUATION_SCORES_H

#include <stdint.h>

/* The true values and the predictions of one output of a net, as columns of arrays with one row for each image. */
struct score_column {
    const float *truths, *values; /* first value of the column   (borrowed) */
    int64_t count, stride;        /* number of rows, and number of values in a row */
};

/* The fractions of a label. A value of 0.5 or more means that the image has the label. A fraction whose denominator is
   0 is NaN. */
struct score_label {
    int64_t images; /* number of images that have the label */
    double precision, recall, f1;
};

/*
 * score_average_precision() - returns the sum of (R_n - R_{n-1}) P_n over all distinct values, the highest value first.
 *     P_n and R_n are the precision and the recall if all values that are at least the n-th highest value count as
 *     predictions (scikit-learn: average_precision_score). Returns NaN if no image has the label; scikit-learn returns
 *     0. Also returns NaN if a value is NaN, as the other functions do. Ends the program if memory runs out
 * score_label()             - returns the precision, the recall and the F1 score
 * score_mean_error()        - returns the mean absolute error (scikit-learn: mean_absolute_error), or NaN if there is no
 *     image
 * score_r2()                - returns the coefficient of determination, 1 - sum (y - p)^2 / sum (y - mean of y)^2
 *     (scikit-learn: r2_score). If all true values are equal, returns 1 if the predictions have no error and 0
 *     otherwise. Returns NaN for fewer than two images
 */
double score_average_precision(const struct score_column *c);
struct score_label score_label(const struct score_column *c);
double score_mean_error(const struct score_column *c);
double score_r2(const struct score_column *c);

#endif
