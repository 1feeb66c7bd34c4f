/*
 * confusion.h - counts a confusion matrix. For each pair of a true class and a predicted class, the matrix has the
 * number of images.
 */
#ifndef LADE_CLI_EVALUATION_CONFUSION_H
#define LADE_CLI_EVALUATION_CONFUSION_H

#include <stdint.h>

#include "report/json.h"

struct confusion {
    int classes;
    const char *const *names; /* names of the classes   (borrowed) */
    int64_t *counts;          /* one row for each true class, with one count for each predicted class */
    int64_t images, correct;
};

/* Returns a matrix of zeros. Ends the program if memory runs out. Borrows @names. */
struct confusion confusion_new(int classes, const char *const *names);

/* Frees the counts. @c may be {0}. */
void confusion_release(struct confusion *c);

/* Counts one image. */
void confusion_add(struct confusion *c, int truth, int predicted);

/* Return the number of images whose true class is @i, and the number of images whose predicted class is @i. */
int64_t confusion_true_count(const struct confusion *c, int i);
int64_t confusion_predicted_count(const struct confusion *c, int i);

/*
 * Return the fraction of correct predictions, from 0 to 1, or NaN if there is no image. Accuracy is the fraction for
 * all images. Recall is the fraction for the images whose true class is @i. Precision is the fraction for the images
 * whose predicted class is @i. The F1 score is the harmonic mean of recall and precision, 2 * TP / (2 * TP + FP + FN).
 */
double confusion_accuracy(const struct confusion *c);
double confusion_recall(const struct confusion *c, int i);
double confusion_precision(const struct confusion *c, int i);
double confusion_f1(const struct confusion *c, int i);

/* A pair of classes that are confused: @count images of the class @truth are predicted as @predicted. */
struct confusion_pair {
    int truth, predicted;
    int64_t count;
};

/* Stores the pairs with the highest counts in @pairs, the highest count first, at most @most pairs. Pairs with equal
   counts have the order of the matrix. Returns the number of pairs. */
int confusion_pairs(const struct confusion *c, struct confusion_pair *pairs, int most);

/*
 * Prints one line for each class. If the matrix fits into @columns columns, also prints the matrix. If there are more
 * than 40 classes, prints only the 20 classes with the lowest F1 scores, and the pairs of classes that are confused
 * most. If stdout is a terminal, long names are shortened, so that the lines fit into @columns columns.
 */
void confusion_print(const struct confusion *c, int columns);

/* Adds the members "classes" (names), "confusion" (rows of the matrix) and "per_class" to @object. */
void confusion_put(json_t *object, const struct confusion *c);

#endif
