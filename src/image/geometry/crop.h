/*
 * image/geometry/crop.h - which part of an image is decoded and resized to what.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_CROP_H
#define LADE_SRC_IMAGE_GEOMETRY_CROP_H

#include "image/geometry/row_sink.h"

/*
 * lade__crop_plan() - for an upright image that was decoded to @width x @height: @from, the part that is all there is
 * for the resizer; and @plan, what it makes of that. sink->image has its size already.
 */
void lade__crop_plan(const struct lade__sink *sink, int width, int height, struct lade_box *from,
                     struct lade__resize_plan *plan);

/*
 * lade__crop_need() - a codec that decodes at a fraction of the size: how large the whole image has to be at least, for
 * its part not to be smaller than what it is resized to.
 */
void lade__crop_need(const struct lade__sink *sink, int *width, int *height);

#endif
