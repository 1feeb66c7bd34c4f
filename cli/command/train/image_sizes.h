/*
 * image_sizes.h - reads the sizes of some images of a source, from which lade train chooses the target size.
 */
#ifndef LADE_CLI_COMMAND_TRAIN_IMAGE_SIZES_H
#define LADE_CLI_COMMAND_TRAIN_IMAGE_SIZES_H

#include <lade/flow.h>
#include <stdbool.h>

#include "option/source.h"

/* The result for a sample of the images. All fields are 0 if no size could be read. */
struct image_sizes {
    int count;        /* number of images whose headers were read */
    int shorter_side; /* median of the shorter sides */
    int target;       /* height and width of the samples that the function suggests */
    bool has_colours; /* an image has three or more channels */
};

/* Reads the headers of at most 256 images, which are spread evenly over the samples of @flow. For an array, the shape of
   the array is used. */
struct image_sizes image_sizes_read(const struct source *source, const lade_flow *flow);

#endif
