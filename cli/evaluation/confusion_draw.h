/*
 * confusion_draw.h - the picture of a confusion matrix.
 */
#ifndef LADE_CLI_EVALUATION_CONFUSION_DRAW_H
#define LADE_CLI_EVALUATION_CONFUSION_DRAW_H

#include <stdbool.h>

#include "evaluation/confusion.h"

/* Draws it to @path, PNG or SVG by its suffix; false after a message. */
bool confusion_draw(const char *path, const char *title, const char *subtitle, const struct confusion *c);

#endif
