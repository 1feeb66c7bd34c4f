/*
 * shapes.h - the things that `lade synth` draws: closed outlines that fit a circle of radius 1.
 */
#ifndef LADE_CLI_COMMAND_SYNTH_SHAPES_H
#define LADE_CLI_COMMAND_SYNTH_SHAPES_H

#include <cairo.h>

enum { SHAPE_COUNT = 16 };

/* "circle", "square", ...: easy to tell apart first; NULL where there is no such shape. */
const char *shape_name(int shape);

/* Adds its outline to the path around (0, 0); to be filled by the even-odd rule. */
void shape_path(cairo_t *cr, int shape);

#endif
