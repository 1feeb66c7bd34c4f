/*
 * image/augment/jitter.h - changes the contrast, the saturation and the hue of an image, as torchvision's ColorJitter
 * does. The contrast depends on the mean of the image, so these changes need the whole image in floats.
 */
#ifndef LADE_SRC_IMAGE_AUGMENT_JITTER_H
#define LADE_SRC_IMAGE_AUGMENT_JITTER_H

#include <lade/image.h>

/*
 * lade__jitter_changes() - returns true if the transform changes the contrast, the saturation or the hue.
 * lade__jitter_apply()   - changes the @n pixels of @image, which have @channels channels and values from 0 to 255. The
 *                          results are clamped to this range. Alpha does not change. Saturation and hue of a grey image
 *                          do not change.
 */
bool lade__jitter_changes(const struct lade_transform *t);
void lade__jitter_apply(const struct lade_transform *t, size_t n, int channels, float *image);

#endif
