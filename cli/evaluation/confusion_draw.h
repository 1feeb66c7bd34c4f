/*
 * confusion_draw.h - the plot of a confusion matrix.
 */
#ifndef LADE_CLI_EVALUATION_CONFUSION_DRAW_H
#define LADE_CLI_EVALUATION_CONFUSION_DRAW_H

#include <stdbool.h>

#include "evaluation/confusion.h"

/* Draws @c to the file @path, as PNG or SVG according to its suffix. Returns false after a message. */
bool confusion_draw(const char *path, const char *title, const char *subtitle, const struct confusion *c);

#endif
