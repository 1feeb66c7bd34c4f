/*
 * image/augment/keras.h - transforms an image exactly as Keras 3 does, including the errors of Keras 3.
 */
#ifndef LADE_SRC_IMAGE_AUGMENT_KERAS_H
#define LADE_SRC_IMAGE_AUGMENT_KERAS_H

#include <lade/image.h>

/*
 * lade__keras_transform() - computes the result of Keras 3's apply_transform() for the image @in and the parameters @t.
 *
 * @out  height * width * channels floats, 0..255   (H, W, C)
 *
 * Before the call, the caller must check the sizes of @in, and that all numbers of @t are finite.
 */
void lade__keras_transform(const struct lade_image *in, const struct lade_transform *t, float *out);

#endif
