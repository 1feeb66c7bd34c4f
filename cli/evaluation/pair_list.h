/*
 * pair_list.h - draws a list of the pairs of classes that are confused most. The list is beside a confusion matrix
 * whose cells are too small for numbers.
 */
#ifndef LADE_CLI_EVALUATION_PAIR_LIST_H
#define LADE_CLI_EVALUATION_PAIR_LIST_H

#include <cairo.h>

#include "evaluation/confusion.h"

enum { PAIR_LIST_MOST = 60 };

struct pair_list {
    const struct confusion *confusion; /* borrowed */
    struct confusion_pair pairs[PAIR_LIST_MOST];
    int count;
    double width;
};

/* Returns a list whose height is at most @height units. */
struct pair_list pair_list_of(const struct confusion *c, double height);

/* Draws the list. The left upper corner is (x, y). */
void pair_list_draw(cairo_t *cr, const struct pair_list *list, double x, double y);

#endif
