/*
 * image/geometry/affine.h - computes the affine map of a transform. For each pixel of the result, the map gives the
 * position in the image from which the pixel is read.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_AFFINE_H
#define LADE_SRC_IMAGE_GEOMETRY_AFFINE_H

#include "image/kernel/warp.h"

/*
 * lade__affine_set() - computes the map of @t, including the flips, for an image of @height x @width pixels. The
 * parameters have the meaning of LADE_QUIRKS_DOCUMENTED.
 *
 * Returns LADE_OK, or LADE_EINVAL if the positions of two neighbouring pixels are more than 2^20 pixels apart, or if a
 * position is more than 2^30 pixels outside the image.
 */
int lade__affine_set(struct lade__affine *map, const struct lade_transform *t, int height, int width,
                     struct lade_error *err);

/*
 * lade__affine_reach() - returns the largest absolute value of the coordinates, in pixels, that the map gives for the
 * corners of the result.
 */
int64_t lade__affine_reach(const struct lade__affine *map, int height, int width);

#endif
