/*
 * image/view.h - is a struct lade_image that came from outside fit to be read or written?
 */
#ifndef LADE_SRC_IMAGE_VIEW_H
#define LADE_SRC_IMAGE_VIEW_H

#include <lade/image.h>

static inline bool lade__image_ok(const struct lade_image *image) {
    return image && image->pixels && image->width >= 1 && image->height >= 1 &&
           (image->channels == 1 || image->channels == 3 || image->channels == 4) &&
           image->stride / (size_t)image->channels >= (size_t)image->width;
}

#endif
