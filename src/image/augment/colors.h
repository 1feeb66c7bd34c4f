/*
 * image/augment/colors.h - changes the colours of an image: brightness and channel shift. The changes are applied to a
 * row of floats from 0 to 255, after the affine map and before rescale. Alpha does not change.
 */
#ifndef LADE_SRC_IMAGE_AUGMENT_COLORS_H
#define LADE_SRC_IMAGE_AUGMENT_COLORS_H

#include <lade/image.h>

/* The values that are added to the samples of a row, and the factors of the samples. These values and factors are
   computed once for each image. @add and @factor have @n elements, one for each sample of a row. */
struct lade__colors {
    const struct lade_transform *transform;
    int channels;
    size_t n;
    float *add, *factor;
};

/*
 * lade__colors_prepare() - fills @add and @factor. If the transform does not change colours, does nothing and returns
 *                          false.
 * lade__colors_apply()   - changes the colours of @row and multiplies all its values by @scale.
 */
bool lade__colors_prepare(const struct lade__colors *colors);
void lade__colors_apply(const struct lade__colors *colors, float scale, float *row);

#endif
