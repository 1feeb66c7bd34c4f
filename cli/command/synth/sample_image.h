/*
 * image.h - one picture of the sample data set.
 */
#ifndef LADE_CLI_COMMAND_SYNTH_IMAGE_H
#define LADE_CLI_COMMAND_SYNTH_IMAGE_H

#include <cairo.h>
#include <stdint.h>

/*
 * sample_image_draw() - fill @surface (RGB24) with picture number @index of @shape: a function of its arguments and the
 * surface's size alone.
 */
void sample_image_draw(cairo_surface_t *surface, int shape, uint64_t seed, int64_t index);

#endif
