/*
 * metrics.h - computes three metrics of a test: top-5 accuracy, macro averages and ROC-AUC. The definitions and the
 * names are the same as in scikit-learn.
 */
#ifndef LADE_CLI_EVALUATION_METRICS_H
#define LADE_CLI_EVALUATION_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "evaluation/confusion.h"

enum { METRICS_TOP = 5 };

/* The sums and scores that metrics_add() collects. Initialise the struct with {0}. */
struct metrics {
    int64_t in_top; /* number of images whose true class is one of the METRICS_TOP classes with the highest values */
    struct metrics_score {
        float score; /* probability of the second class */
        bool positive;
    } * scores;              /* one score for each image of a net with two classes; otherwise NULL */
    int64_t count, capacity; /* number of scores */
};

/* Counts one image. @p has the @outputs values of lade_net_predict(), and @truth is the true class. Ends the program if
   memory runs out. */
void metrics_add(struct metrics *m, const float *p, int64_t outputs, int truth);
void metrics_release(struct metrics *m);

/*
 * metrics_top_accuracy() - returns the fraction of the images whose true class is one of the 5 classes with the highest
 *     values (scikit-learn: top_k_accuracy_score with k=5). If two values are equal, the class with the lower index
 *     counts as higher. NaN counts as higher than each number, so a true class whose value is NaN is not one of the 5.
 *     Returns NaN for a net with at most 5 classes, because the fraction would always be 1
 * metrics_macro()        - returns the unweighted means of the precision, the recall and the F1 score of the classes
 *     (scikit-learn: precision_recall_fscore_support with average="macro" and zero_division=0). A fraction whose
 *     denominator is 0 counts as 0. A class that is neither a true nor a predicted class of any image is left out
 * metrics_roc_auc()      - returns the area under the ROC curve of the second of two classes (scikit-learn:
 *     roc_auc_score). The area is the probability that a random image of the second class has a higher score than a
 *     random image of the first class, where equal scores count one half. Returns NaN if the net does not have two
 *     classes, if all images have the same class, or if a score is NaN. Sorts the scores
 */
double metrics_top_accuracy(const struct metrics *m, const struct confusion *c);
struct metrics_macro {
    double precision, recall, f1;
} metrics_macro(const struct confusion *c);
double metrics_roc_auc(struct metrics *m);

#endif
