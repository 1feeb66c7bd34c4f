/*
 * image/color/standardize.h - the steps of Keras's standardize() that come after rescale, on the slot of a batch.
 */
#ifndef LADE_SRC_IMAGE_COLOR_STANDARDIZE_H
#define LADE_SRC_IMAGE_COLOR_STANDARDIZE_H

#include "image/kernel/buffer.h"
#include <lade/image.h>

/*
 * lade__standardize_steps() - do the steps of @output go together, for images of this size? LADE_OK or LADE_EINVAL,
 * @err naming the step. lade__standardize_stats() - and are its statistics there, and for such images? LADE_OK,
 * LADE_ESTATE (there are none) or LADE_EINVAL.
 */
int lade__standardize_steps(const struct lade_output *output, int height, int width, int channels,
                            struct lade_error *err);
int lade__standardize_stats(const struct lade_output *output, int height, int width, int channels,
                            struct lade_error *err);

/*
 * lade__standardize() - do them to the floats of @slot, in the order of axes that @output says. LADE_OK or LADE_ENOMEM.
 *
 * @scratch  holds the copy of the image that zca_whitening needs
 */
int lade__standardize(const struct lade_output *output, int height, int width, int channels, float *slot,
                      struct lade__buffer *scratch, struct lade_error *err);

#endif
