/*
 * image/view.h - checks an image that a caller passes in.
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

#endif
