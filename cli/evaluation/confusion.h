/*
 * confusion.h - what is taken for what: how many images of each class a net took for each.
 */
#ifndef LADE_CLI_EVALUATION_CONFUSION_H
#define LADE_CLI_EVALUATION_CONFUSION_H

#include <stdint.h>

#include "report/json.h"

struct confusion {
    int classes;
    const char *const *names; /* (classes)   (borrowed) */
    int64_t *counts;          /* (classes, classes): rows are what it is, columns what the net says */
    int64_t images, correct;
};

/* Begins with no image; ends the program when there is no memory. Release in any case; {0} is fine. */
struct confusion confusion_new(int classes, const char *const *names);
void confusion_release(struct confusion *c);

void confusion_add(struct confusion *c, int truth, int predicted);

/* How many images are of class @i, and how many were taken for it. */
int64_t confusion_true_count(const struct confusion *c, int i);
int64_t confusion_predicted_count(const struct confusion *c, int i);

/*
 * Shares from 0 to 1, NaN where there is nothing to divide by: right of all; recall, right of those of class @i;
 * precision, right of those that were taken for it.
 */
double confusion_accuracy(const struct confusion *c);
double confusion_recall(const struct confusion *c, int i);
double confusion_precision(const struct confusion *c, int i);

/* A row per class on stdout; then the matrix, where it fits into @columns. */
void confusion_print(const struct confusion *c, int columns);

/* Puts "classes" (names), "confusion" (rows) and "per_class" into @object. */
void confusion_put(json_t *object, const struct confusion *c);

#endif
