/*
 * image/view.h - checks the image and the other arguments that a caller passes in.
 */
#ifndef LADE_SRC_IMAGE_VIEW_H
#define LADE_SRC_IMAGE_VIEW_H

#include <lade/image.h>

/* Returns true if the image has pixels, its size is at least 1 x 1, it has 1, 3 or 4 channels, and its stride is not
   shorter than a row. */
static inline bool lade__image_ok(const struct lade_image *image) {
    return image && image->pixels && image->width >= 1 && image->height >= 1 &&
           (image->channels == 1 || image->channels == 3 || image->channels == 4) &&
           image->stride / (size_t)image->channels >= (size_t)image->width;
}

/*
 * lade__output_check() - checks the arguments @o and @t of lade_image_to_tensor() for the image @in. Returns LADE_OK,
 *                        LADE_EINVAL or LADE_ESTATE.
 */
int lade__output_check(const struct lade_output *o, const struct lade_transform *t, const struct lade_image *in,
                       struct lade_error *err);

#endif
