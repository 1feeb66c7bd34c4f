/*
 * image/kernel/kernels.h - declares the inner loops of the resize and of the conversion to floats. There is one set of
 * functions for each instruction set. The scalar set is the reference: a test calls all sets with random sizes, and
 * every set must return the same bytes as the scalar set.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_KERNELS_H
#define LADE_SRC_IMAGE_KERNEL_KERNELS_H

#include "image/kernel/resample_weights.h"

/* Number of rows that are resized horizontally together, so that each weight is loaded once for these rows. */
#define LADE__ROWS_AT_ONCE 4

/* Marks a short loop that the compiler must unroll. */
#if defined(__clang__)
#define UNROLLED
#else
#define UNROLLED _Pragma("GCC unroll 8")
#endif

struct lade__kernels {
    const char *name;

    /* Stores the weights of @axis in axis->packed, in the layout of this set. The caller must call pack() after
       lade__axis_set() and before horizontal(). Returns LADE_OK or LADE_ENOMEM. The function pointer `pack` is NULL if
       the set does not use axis->packed. */
    int (*pack)(struct lade__axis *axis, int channels, struct lade_error *err);

    /* Resizes @count <= LADE__ROWS_AT_ONCE rows of axis->in pixels to rows of axis->out pixels. @channels is 1, 3 or 4.
       Accesses no byte outside of the rows. */
    void (*horizontal)(const struct lade__axis *axis, int channels, const uint8_t *const *in, uint8_t *const *out,
                       int count);

    /* Computes the @n bytes of an output row. Byte i is the sum of rows[k][i] * weight[k] for all k < @count, rounded
       and clamped to 0..255. */
    void (*vertical)(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out);

    /* Computes @out[i] = @in[i] * @scale, for @n samples. @non_temporal allows stores that bypass the cache. Such
       stores are for results that are not read soon. After such stores, fence() must be called before another thread
       reads the results. The function pointer `fence` is NULL if the set has no such stores. */
    void (*to_floats)(const uint8_t *in, size_t n, float scale, float *out, bool non_temporal);
    void (*fence)(void);
};

extern const struct lade__kernels lade__kernels_scalar;
extern const struct lade__kernels lade__kernels_vector; /* runs on every CPU; fast on AArch64 */
extern const struct lade__kernels lade__kernels_16;     /* resizes samples of 16 bits; has no to_floats() */

/*
 * lade__kernels_best() - returns the fastest set that this CPU supports.
 *
 * lade__kernels_avx2() - returns the set for AVX2, or NULL if this CPU has no AVX2.
 *
 * lade__kernels_vnni() - returns the set for VNNI, or NULL if this CPU lacks VNNI or VBMI of AVX-512.
 */
const struct lade__kernels *lade__kernels_best(void);
const struct lade__kernels *lade__kernels_avx2(void);
const struct lade__kernels *lade__kernels_vnni(void);

/*
 * lade__horizontal_scalar() - computes the output pixels of one row from pixel @x to the end. SIMD kernels call this
 * function for the last pixels of a row.
 *
 * lade__vertical_scalar() - implements vertical() of the scalar set.
 *
 * lade__to_floats_avx2(), lade__fence_avx2() - implement to_floats() and fence() of the AVX2 set and the VNNI set.
 */
void lade__horizontal_scalar(const struct lade__axis *axis, int channels, int x, const uint8_t *in, uint8_t *out);
void lade__vertical_scalar(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out);
void lade__to_floats_avx2(const uint8_t *in, size_t n, float scale, float *out, bool non_temporal);
void lade__fence_avx2(void);

/* Copies the pointers of @count rows, so that a SIMD loop always has LADE__ROWS_AT_ONCE rows. Missing rows are replaced
   by the first row. */
static inline void lade__fill_rows(const uint8_t *const *in, uint8_t *const *out, int count, const uint8_t **from,
                                   uint8_t **to) {
    for (int r = 0; r < LADE__ROWS_AT_ONCE; r++) {
        from[r] = in[r < count ? r : 0];
        to[r] = out[r < count ? r : 0];
    }
}

#endif
