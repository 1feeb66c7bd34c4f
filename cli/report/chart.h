/*
 * chart.h - draws the plot of a training run. Each quantity has its own panel, for example the loss. A panel shows the
 * values of each epoch, for training and validation.
 */
#ifndef LADE_CLI_REPORT_CHART_H
#define LADE_CLI_REPORT_CHART_H

#include <stdbool.h>

/* Selects the validation value that is marked as the best: none, the highest, or the lowest. */
enum chart_best { CHART_NO_BEST, CHART_HIGHEST, CHART_LOWEST };

/* A panel. Each array has one value for each epoch. NaN means that the epoch has no value. */
struct chart_panel {
    const char *title;
    const double *training;   /* the training values; if `validation` is NULL, the only line of the panel */
    const double *validation; /* NULL means that the panel has one line without a name */
    bool percent;             /* a value of 1 is drawn as 100% */
    enum chart_best best;
};

/* Returns a step that divides @range, which is above 0, into at most @parts parts. The step is 1, 2 or 5 times a
   power of ten. */
double chart_step(double range, int parts);

/* Draws @panel_count panels of @epochs epochs to the file @path. The suffix of @path selects PNG or SVG. On error,
   prints a message and returns false. This function is in the module "draw". */
bool chart_draw(const char *path, const char *title, const char *subtitle, const struct chart_panel *panels,
                int panel_count, int epochs);

#endif
