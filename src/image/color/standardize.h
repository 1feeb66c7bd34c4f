/*
 * image/color/standardize.h - changes one sample of a batch like Keras's standardize(). All steps of standardize()
 * except the first step, rescale, are applied.
 */
#ifndef LADE_SRC_IMAGE_COLOR_STANDARDIZE_H
#define LADE_SRC_IMAGE_COLOR_STANDARDIZE_H

#include "image/kernel/buffer.h"
#include <lade/image.h>

/*
 * lade__standardize_steps() - checks that the steps of @output can be combined and are possible for images of this
 * size. Returns LADE_OK or LADE_EINVAL.
 *
 * lade__standardize_stats() - checks the statistics of @output for images of this size. Returns LADE_OK, LADE_ESTATE if
 * a step needs statistics but output->stats is missing, or LADE_EINVAL.
 *
 * The subject of an error is the name of the step.
 */
int lade__standardize_steps(const struct lade_output *output, int height, int width, int channels,
                            struct lade_error *err);
int lade__standardize_stats(const struct lade_output *output, int height, int width, int channels,
                            struct lade_error *err);

/*
 * lade__standardize() - applies the steps of @output to the floats of @slot, whose axes have the order of
 * output->data_format. Returns LADE_OK or LADE_ENOMEM.
 *
 * @scratch  holds the copy of the image that zca_whitening needs
 */
int lade__standardize(const struct lade_output *output, int height, int width, int channels, float *slot,
                      struct lade__buffer *scratch, struct lade_error *err);

#endif
