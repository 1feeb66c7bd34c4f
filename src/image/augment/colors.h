/*
 * image/augment/colors.h - the changes of colours: brightness and channel shift. They are made on a row of floats from
 * 0 to 255, after the affine map and before rescale. Alpha does not change.
 */
#ifndef LADE_SRC_IMAGE_AUGMENT_COLORS_H
#define LADE_SRC_IMAGE_AUGMENT_COLORS_H

#include <lade/image.h>

/* What a row needs, computed once for an image: @add and @factor have a value for each of its @n samples. */
struct lade__colors {
    const struct lade_transform *transform;
    int channels;
    size_t n;
    float *add, *factor;
};

/*
 * lade__colors_prepare() - fills in @add and @factor. Returns false, and fills in nothing, if the transform does not
 *                          change colours.
 * lade__colors_apply()   - changes the colours of @row and multiplies all its values by @scale.
 */
bool lade__colors_prepare(const struct lade__colors *colors);
void lade__colors_apply(const struct lade__colors *colors, float scale, float *row);

#endif
