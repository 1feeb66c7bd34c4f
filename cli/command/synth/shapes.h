/*
 * shapes.h - draws the shapes of lade synth. Each shape is a closed outline inside a circle of radius 1.
 */
#ifndef LADE_CLI_COMMAND_SYNTH_SHAPES_H
#define LADE_CLI_COMMAND_SYNTH_SHAPES_H

#include <cairo.h>

enum { SHAPE_COUNT = 16 };

/* Returns the name of a shape, or NULL if @shape is out of range. Shapes that are easy to distinguish come first. */
const char *shape_name(int shape);

/* Sets the path of @cr to the outline of a shape, with the centre (0, 0). The caller must fill the path with the
   even-odd rule. */
void shape_path(cairo_t *cr, int shape);

#endif
