/*
 * image/kernel/kernels.h - the inner loops of the resize and of the conversion to floats, in one set for each
 * instruction set. The scalar set is the reference: a test compares the others with it on random sizes, and they must
 * return the same bytes.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_KERNELS_H
#define LADE_SRC_IMAGE_KERNEL_KERNELS_H

#include "image/kernel/resample_weights.h"

/* Number of rows that are resized horizontally together, so that each weight is loaded once for all of them. */
#define LADE__ROWS_AT_ONCE 4

/* Marks a short loop that the compiler must unroll. */
#if defined(__clang__)
#define UNROLLED
#else
#define UNROLLED _Pragma("GCC unroll 8")
#endif

struct lade__kernels {
    const char *name;

    /* Stores the weights of @axis in axis->packed, in the layout of this set. Must be called before horizontal(), after
       lade__axis_set(). Returns LADE_OK or LADE_ENOMEM. NULL if the set does not use axis->packed. */
    int (*pack)(struct lade__axis *axis, int channels, struct lade_error *err);

    /* Resizes @count <= LADE__ROWS_AT_ONCE rows of axis->in pixels to rows of axis->out pixels. @channels is 1, 3 or 4.
       Accesses no byte outside of the rows. */
    void (*horizontal)(const struct lade__axis *axis, int channels, const uint8_t *const *in, uint8_t *const *out,
                       int count);

    /* @out[i] = the sum over k < @count of rows[k][i] * weight[k], for @n bytes. */
    void (*vertical)(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out);

    /* @out[i] = @in[i] * @scale, for @n samples. @non_temporal allows stores that bypass the cache, for results that
       are not read soon. After such stores, fence() must be called before another thread reads them. fence is NULL if
       the set has no such stores. */
    void (*to_floats)(const uint8_t *in, size_t n, float scale, float *out, bool non_temporal);
    void (*fence)(void);
};

extern const struct lade__kernels lade__kernels_scalar;
extern const struct lade__kernels lade__kernels_vector; /* runs on any CPU; made for AArch64 */

/*
 * lade__kernels_best() - the fastest set that this CPU supports.
 *
 * lade__kernels_avx2(), lade__kernels_vnni() - these sets, or NULL if the CPU does not support them.
 */
const struct lade__kernels *lade__kernels_best(void);
const struct lade__kernels *lade__kernels_avx2(void);
const struct lade__kernels *lade__kernels_vnni(void);

/*
 * lade__horizontal_scalar() - computes the output pixels of one row from pixel @x on. SIMD kernels call it for the last
 * pixels of a row.
 *
 * lade__vertical_scalar() - the vertical() of the scalar set.
 *
 * lade__to_floats_avx2(), lade__fence_avx2() - to_floats() and fence() of all sets that need AVX2.
 */
void lade__horizontal_scalar(const struct lade__axis *axis, int channels, int x, const uint8_t *in, uint8_t *out);
void lade__vertical_scalar(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out);
void lade__to_floats_avx2(const uint8_t *in, size_t n, float scale, float *out, bool non_temporal);
void lade__fence_avx2(void);

#endif
