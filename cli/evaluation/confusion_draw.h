/*
 * confusion_draw.h - draws the plot of a confusion matrix.
 */
#ifndef LADE_CLI_EVALUATION_CONFUSION_DRAW_H
#define LADE_CLI_EVALUATION_CONFUSION_DRAW_H

#include <stdbool.h>

#include "evaluation/confusion.h"

/* Draws @c to the file @path. The suffix of @path selects PNG or SVG. On error, prints a message and returns false.
   This function is in the module "draw". */
bool confusion_draw(const char *path, const char *title, const char *subtitle, const struct confusion *c);

#endif
