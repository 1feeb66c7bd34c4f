/*
 * lr_chart.h - draws the plot of a learning rate range test, which shows the loss for each learning rate.
 */
#ifndef LADE_CLI_REPORT_LR_CHART_H
#define LADE_CLI_REPORT_LR_CHART_H

#include <stdbool.h>

/* Draws @count losses to the file @path, and marks the learning rate @suggestion. The rates must be above 0 and in
   increasing order. The suffix of @path selects PNG or SVG. On error, prints a message and returns false. This function
   is in the module "draw". */
bool lr_chart_draw(const char *path, const char *title, const char *subtitle, const double *rates, const double *losses,
                   int count, double suggestion);

#endif
