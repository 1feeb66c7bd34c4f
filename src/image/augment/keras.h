/*
 * image/augment/keras.h - what Keras 3 makes of an image, to the last wart.
 */
#ifndef LADE_SRC_IMAGE_AUGMENT_KERAS_H
#define LADE_SRC_IMAGE_AUGMENT_KERAS_H

#include <lade/image.h>

/*
 * lade__keras_transform() - Keras 3's apply_transform() with the parameters @t.
 *
 * @out  height * width * channels floats, 0..255   (H, W, C)
 *
 * The sizes of @in have been checked; all numbers of @t are finite.
 */
void lade__keras_transform(const struct lade_image *in, const struct lade_transform *t, float *out);

#endif
