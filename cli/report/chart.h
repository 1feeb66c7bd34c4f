/*
 * chart.h - draws the plot of a training run. The plot has loss and accuracy of each epoch, for training and
 * validation. If the learning rate changes during the run, the plot also has the learning rate.
 */
#ifndef LADE_CLI_REPORT_CHART_H
#define LADE_CLI_REPORT_CHART_H

#include <stdbool.h>

/* The values of an epoch. A value that does not exist is NaN. */
struct chart_epoch {
    double loss, accuracy, val_loss, val_accuracy, lr;
};

/* Draws @count epochs to the file @path. The suffix of @path selects PNG or SVG. On error, prints a message and returns
   false. This function is in the module "draw". */
bool chart_draw(const char *path, const char *title, const char *subtitle, const struct chart_epoch *epochs, int count);

#endif
