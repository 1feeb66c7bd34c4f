/*
 * matrix.h - the picture of a confusion matrix.
 */
#ifndef LADE_CLI_MATRIX_H
#define LADE_CLI_MATRIX_H

#include <stdbool.h>

#include "confusion.h"

/* Draws it to @path, PNG or SVG by its suffix; false after a message. */
bool matrix_write(const char *path, const char *title, const char *subtitle, const struct confusion *c);

#endif
