/*
 * image/geometry/crop.h - chooses the part of an image that is resized, and the size of the resized part.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_CROP_H
#define LADE_SRC_IMAGE_GEOMETRY_CROP_H

#include "image/geometry/resize.h"

/*
 * The size and the part that the caller selected with struct lade_decode_options. At most one of keep_aspect_ratio,
 * box, shorter_side and pad is set.
 */
struct lade__crop {
    int target_width, target_height; /* size of the result; 0 means the size of the part */
    bool keep_aspect_ratio;          /* use the largest centred part that has the shape of the result */
    struct lade_box box;             /* use this part of the upright image; width 0 means the whole image */
    int shorter_side;                /* resize the shorter side to this length, then cut out the centre; 0 means off */
    bool pad;                        /* resize the whole image to a part of the result; the rest gets pad_value */
    uint8_t pad_value;
    int whole_width, whole_height; /* size of the upright image, according to its header */
};

/*
 * lade__crop_plan() - plans the resize of an upright image that was decoded to @width x @height.
 *
 * @out   the result; only its width and height are used
 * @from  is set to the part of the decoded image that the resizer reads
 * @plan  is set to the resize of the part @from
 *
 * @width x @height may be smaller than the size in the header, because a codec may scale the image down.
 */
void lade__crop_plan(const struct lade__crop *crop, int width, int height, const struct lade_image *out,
                     struct lade_box *from, struct lade__resize_plan *plan);

/*
 * lade__crop_fit() - returns the part of the result that the resized image fills. If crop->pad is not set, this part is
 * the whole result.
 */
struct lade_box lade__crop_fit(const struct lade__crop *crop, int out_width, int out_height);

/*
 * lade__crop_min_size() - computes the smallest size to which a codec may scale the whole image. If the image were
 * smaller, the part that is resized would be smaller than the result.
 */
void lade__crop_min_size(const struct lade__crop *crop, int *width, int *height);

#endif
