/*
 * image/augment/erasing.h - draws the rectangle of random erasing, and erases it.
 */
#ifndef LADE_SRC_IMAGE_AUGMENT_ERASING_H
#define LADE_SRC_IMAGE_AUGMENT_ERASING_H

#include <lade/image.h>

/*
 * lade__erasing_draw()  - draws the rectangle for an image of @height x @width. If the image is not erased, sets *out
 *                         to zero.
 * lade__erasing_apply() - erases the rectangle in the sample @slot. @output describes the layout of @slot.
 */
void lade__erasing_draw(const struct lade_augment *augment, struct lade_random *random, int height, int width,
                        struct lade_erasing *out);
void lade__erasing_apply(const struct lade_erasing *erasing, const struct lade_image *image,
                         const struct lade_output *output, void *slot);

#endif
