/*
 * image/kernel/warp.h - the inner loop of augmentation: a row of the result, each pixel from between four of the image.
 * The plain one is the reference; a faster one gives the same bytes, which a test proves on random maps.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_WARP_H
#define LADE_SRC_IMAGE_KERNEL_WARP_H

#include <lade/image.h>

/* Whole pixels above, fractions below. */
enum { LADE__FIXED_BITS = 32 };

/*
 * Pixel (y, x) of the result comes from column x0 + x * xx + y * xy and row y0 + x * yx + y * yy of the image, in
 * fixed point: whole numbers, so that any order of adding steps gives the same position.
 */
struct lade__affine {
    int64_t x0, xx, xy;
    int64_t y0, yx, yy;
};

/* Fractions of a pixel have so many bits: weights fit 16 bits, and four pixels weighed a float's 24. */
enum { LADE__FRACTION_BITS = 14, LADE__FRACTION_ONE = 1 << LADE__FRACTION_BITS };

/* Added to a position in fixed point, so that cutting it to that many bits is rounding. */
#define LADE__HALF_STEP (INT64_C(1) << (LADE__FIXED_BITS - LADE__FRACTION_BITS - 1))

struct lade__warp {
    const struct lade_image *in; /* the result has its size */
    struct lade__affine map;
    enum lade_fill_mode fill_mode;
    bool linear; /* else the nearest pixel */
    int reach;   /* lade__affine_reach() */
};

struct lade__warp_kernel {
    const char *name;

    /* Pixels @begin .. @end - 1 of row @y of the result, times @scale, to @out, which begins with pixel @begin. None of
       them is outside of the image where fill_mode is LADE_FILL_CONSTANT. Writes no float behind the last one. */
    void (*row)(const struct lade__warp *w, int y, int begin, int end, float scale, float *out);
};

extern const struct lade__warp_kernel lade__warp_plain;

/*
 * lade__warp_best() - the fastest that this CPU can run and that is fit for @w.
 * lade__warp_avx2() - NULL where the CPU cannot run it, or it is not made for such images. (AVX-512 would not be
 * faster: two of the three units that count become one.)
 */
const struct lade__warp_kernel *lade__warp_best(const struct lade__warp *w);
const struct lade__warp_kernel *lade__warp_avx2(const struct lade__warp *w);

/*
 * lade__warp_inside() - the pixels of row @y whose positions lie in the image: *@begin .. *@end - 1, which may be none.
 */
void lade__warp_inside(const struct lade__warp *w, int y, int *begin, int *end);

#endif
