/*
 * Computes the rows of a transformed image and stores them in the slot of a batch. to_tensor.c prepares the run.
 */
#ifndef LADE_SRC_IMAGE_TENSOR_ROWS_H
#define LADE_SRC_IMAGE_TENSOR_ROWS_H

#include <lade/image.h>

#include "image/augment/colors.h"
#include "image/kernel/kernels.h"
#include "image/kernel/warp.h"

/* The state of writing one image to a slot. */
struct lade__tensor_run {
    const struct lade_image *in;
    bool bits16; /* the samples of `in` are uint16_t */
    const struct lade_transform *transform;
    const struct lade_output *output;
    const struct lade__kernels *kernels;
    float scale;
    bool non_temporal;
    size_t samples; /* number of samples in a row */
    bool warps, changes_colors;
    struct lade__warp warp;
    const struct lade__warp_kernel *kernel;
    int *mirrored; /* the columns of a row in reverse order */
    struct lade__colors colors;
    float *floats;      /* a row in floats; the memory is enough for two rows */
    uint8_t *bytes;     /* a row in bytes, or in samples of 16 bits */
    uint8_t *split;     /* a row in bytes, split into its channels */
    const float *whole; /* the whole transformed image if needs_whole() returns true; otherwise NULL */
    void *slot;
};

/*
 * lade__tensor_compute_row() - computes row @y of the transformed image in floats, multiplied by @scale, and stores the
 *                              row at @row.
 * lade__tensor_store_rows()  - computes all rows, or takes them from run->whole, and stores them in run->slot.
 */
void lade__tensor_compute_row(const struct lade__tensor_run *run, int y, float scale, float *row);
void lade__tensor_store_rows(struct lade__tensor_run *run);

#endif
