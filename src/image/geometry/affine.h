/*
 * image/geometry/affine.h - makes one affine map of a transform. The map gives for each pixel of the result its
 * position in the image.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_AFFINE_H
#define LADE_SRC_IMAGE_GEOMETRY_AFFINE_H

#include "image/kernel/warp.h"

/*
 * lade__affine_set() - compute the map of @t for an image of @height x @width, with its flips. The parameters have the
 * meaning of LADE_QUIRKS_DOCUMENTED.
 *
 * Returns LADE_OK, or LADE_EINVAL if a step is longer than 2^20 pixels or a position is farther away than 2^30 pixels.
 */
int lade__affine_set(struct lade__affine *map, const struct lade_transform *t, int height, int width,
                     struct lade_error *err);

/*
 * lade__affine_reach() - the largest coordinate, in pixels, that the map has for a corner of the result.
 */
int64_t lade__affine_reach(const struct lade__affine *map, int height, int width);

#endif
