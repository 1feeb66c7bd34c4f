/*
 * confusion.h - the confusion matrix: how many images of each class a net predicted as each class.
 */
#ifndef LADE_CLI_EVALUATION_CONFUSION_H
#define LADE_CLI_EVALUATION_CONFUSION_H

#include <stdint.h>

#include "report/json.h"

struct confusion {
    int classes;
    const char *const *names; /* (classes)   (borrowed) */
    int64_t *counts;          /* (classes, classes): a row for each true class, a column for each predicted class */
    int64_t images, correct;
};

/* Returns a matrix of zeros; ends the program if memory runs out. Borrows @names. */
struct confusion confusion_new(int classes, const char *const *names);

/* Frees the counts. @c may be {0}. */
void confusion_release(struct confusion *c);

/* Counts one image. */
void confusion_add(struct confusion *c, int truth, int predicted);

/* The number of images whose true class is @i, and whose predicted class is @i. */
int64_t confusion_true_count(const struct confusion *c, int i);
int64_t confusion_predicted_count(const struct confusion *c, int i);

/*
 * Fractions from 0 to 1, or NaN if the divisor is 0. Accuracy is the fraction of all images that were predicted
 * correctly; recall of the images of class @i; precision of the images predicted as class @i.
 */
double confusion_accuracy(const struct confusion *c);
double confusion_recall(const struct confusion *c, int i);
double confusion_precision(const struct confusion *c, int i);

/* Prints a row for each class, and then the matrix if it fits into @columns. */
void confusion_print(const struct confusion *c, int columns);

/* Adds "classes" (names), "confusion" (rows) and "per_class" to @object. */
void confusion_put(json_t *object, const struct confusion *c);

#endif
