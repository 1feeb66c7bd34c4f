/*
 * image/geometry/affine.h - a transform as one affine map: which position of the image a pixel of the result comes
 * from.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_AFFINE_H
#define LADE_SRC_IMAGE_GEOMETRY_AFFINE_H

#include "image/kernel/warp.h"

/*
 * lade__affine_set() - the map of @t for an image of @height x @width, flips included, with the documented meaning.
 *
 * LADE_OK, or LADE_EINVAL where a step is longer than 2^20 pixels or a position farther than 2^30.
 */
int lade__affine_set(struct lade__affine *map, const struct lade_transform *t, int height, int width,
                     struct lade_error *err);

/*
 * lade__affine_reach() - the farthest position from the origin, in pixels, that the map gives for a corner.
 */
int64_t lade__affine_reach(const struct lade__affine *map, int height, int width);

#endif
