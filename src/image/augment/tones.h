/*
 * image/augment/tones.h - changes the sharpness and the tones of an image, as torchvision does. Some of these changes
 * depend on neighbouring pixels or on the whole image, so they need the whole image in floats.
 */
#ifndef LADE_SRC_IMAGE_AUGMENT_TONES_H
#define LADE_SRC_IMAGE_AUGMENT_TONES_H

#include <lade/image.h>

/*
 * lade__tones_change() - returns true if the transform changes the sharpness or the tones: sharpness, posterize,
 *                        solarize, autocontrast or equalize.
 * lade__tones_apply()  - changes @image of @height x @width pixels, which have @channels channels and values from 0 to
 *                        255. Alpha does not change. @scratch has memory for two rows.
 */
bool lade__tones_change(const struct lade_transform *t);
void lade__tones_apply(const struct lade_transform *t, int height, int width, int channels, float *image,
                       float *scratch);

#endif
