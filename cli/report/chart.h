/*
 * chart.h - the plot of a training run: loss and accuracy of each epoch, for training and validation, and the learning
 * rate if it changes.
 */
#ifndef LADE_CLI_REPORT_CHART_H
#define LADE_CLI_REPORT_CHART_H

#include <stdbool.h>

/* The values of an epoch. A value that does not exist is NaN. */
struct chart_epoch {
    double loss, accuracy, val_loss, val_accuracy, lr;
};

/* Draws @count epochs to the file @path, as PNG or SVG according to its suffix. Returns false after a message. */
bool chart_write(const char *path, const char *title, const char *subtitle, const struct chart_epoch *epochs,
                 int count);

#endif
