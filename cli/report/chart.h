/*
 * chart.h - the picture of a training run: loss and accuracy by epoch, training and held-out, and the learning rate
 * where it changes.
 */
#ifndef LADE_CLI_REPORT_CHART_H
#define LADE_CLI_REPORT_CHART_H

#include <stdbool.h>

/* One epoch; NaN where there is no value. */
struct chart_epoch {
    double loss, accuracy, val_loss, val_accuracy, lr;
};

/* Draws @count epochs to @path, PNG or SVG by its suffix; false after a message. */
bool chart_write(const char *path, const char *title, const char *subtitle, const struct chart_epoch *epochs,
                 int count);

#endif
