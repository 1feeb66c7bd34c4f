/*
 * sample_image.h - draws an image of the sample data set.
 */
#ifndef LADE_CLI_COMMAND_SYNTH_SAMPLE_IMAGE_H
#define LADE_CLI_COMMAND_SYNTH_SAMPLE_IMAGE_H

#include <cairo.h>
#include <stdint.h>

/*
 * sample_image_draw() - draws image @index of the class @shape on @surface (RGB24). The pixels depend only on the
 * arguments and the size of the surface.
 */
void sample_image_draw(cairo_surface_t *surface, int shape, uint64_t seed, int64_t index);

#endif
