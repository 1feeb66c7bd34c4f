/*
 * image/kernel/warp.h - declares the inner loop of geometric augmentation. The loop computes a row of the result. Each
 * pixel of the row is interpolated between four pixels of the image. The scalar function is the reference: a test calls
 * the scalar and the AVX2 function with random maps, and both must return the same bytes.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_WARP_H
#define LADE_SRC_IMAGE_KERNEL_WARP_H

#include "image/kernel/rows.h"
#include <lade/image.h>

/* Number of fraction bits of a position. */
enum { LADE__FIXED_BITS = 32 };

/*
 * An affine map from the result to the image. Pixel (y, x) of the result is read from column x0 + x * xx + y * xy and
 * row y0 + x * yx + y * yy of the image. The numbers are fixed-point, so the order of additions does not change the
 * result.
 */
struct lade__affine {
    int64_t x0, xx, xy;
    int64_t y0, yx, yy;
};

/* Number of fraction bits that interpolation uses. With 14 bits, a weight fits into 16 bits, and a weighted sum of four
   pixels fits into the 24-bit mantissa of a float. */
enum { LADE__FRACTION_BITS = 14, LADE__FRACTION_ONE = 1 << LADE__FRACTION_BITS };

/* This number is added to a position, so that truncating the sum to LADE__FRACTION_BITS rounds the position. */
#define LADE__HALF_STEP (INT64_C(1) << (LADE__FIXED_BITS - LADE__FRACTION_BITS - 1))

struct lade__warp {
    const struct lade_image *in; /* the result has the same size */
    struct lade__affine map;
    enum lade_fill_mode fill_mode;
    bool linear; /* true: interpolate between four pixels; false: use the nearest pixel */
    bool bits16; /* the samples of `in` are uint16_t; only lade__warp_16 reads them */
    int reach;   /* largest coordinate (absolute value, in pixels) that `map` gives; see lade__affine_reach() */
};

struct lade__warp_kernel {
    const char *name;

    /* Computes pixels @begin to @end - 1 of row @y of the result and multiplies them by @scale. Stores pixel @begin at
       @out[0], and nothing after the last pixel. If fill_mode is LADE_FILL_CONSTANT, all positions must be inside the
       image. */
    void (*row)(const struct lade__warp *w, int y, int begin, int end, float scale, float *out);
};

extern const struct lade__warp_kernel lade__warp_scalar;
extern const struct lade__warp_kernel lade__warp_16; /* for images with bits16 set; values are divided by 257 */

/*
 * lade__warp_best() - returns the fastest kernel for this CPU and for @w.
 *
 * lade__warp_avx2() - returns the AVX2 kernel, or NULL if this CPU lacks AVX2 or the kernel does not support @w. There
 * is no kernel for AVX-512, because it would not be faster: 512-bit instructions combine two of the three execution
 * ports that this loop needs.
 */
const struct lade__warp_kernel *lade__warp_best(const struct lade__warp *w);
const struct lade__warp_kernel *lade__warp_avx2(const struct lade__warp *w);

/*
 * lade__warp_inside() - finds the pixels of row @y whose positions are inside the image. These are the pixels *begin to
 * *end - 1. If no position is inside, *begin equals *end.
 */
void lade__warp_inside(const struct lade__warp *w, int y, int *begin, int *end);

#endif
