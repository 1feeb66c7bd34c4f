/*
 * image/kernel/kernels.h - the inner loops: the two of a resize, and bytes to floats. The plain ones are the reference;
 * a faster set gives the same bytes, which a test proves on random sizes.
 */
#ifndef LADE_SRC_IMAGE_KERNEL_KERNELS_H
#define LADE_SRC_IMAGE_KERNEL_KERNELS_H

#include "image/kernel/resample_weights.h"

/* Rows that go across at once, so that weights are fetched once for all of them. */
#define LADE__ROWS_ACROSS 4

/* A loop of few turns, for a compiler that would not do it by itself. */
#if defined(__clang__)
#define UNROLLED
#else
#define UNROLLED _Pragma("GCC unroll 8")
#endif

struct lade__kernels {
    const char *name;

    /* Before across(), once the axis is set: put its weights into axis->packed in the order that suits. May be NULL.
       LADE_OK or LADE_ENOMEM. */
    int (*pack)(struct lade__axis *axis, int channels, struct lade_error *err);

    /* @count <= LADE__ROWS_ACROSS rows of axis->in pixels become rows of axis->out; @channels 1, 3 or 4. Reads and
       writes no byte outside of them. */
    void (*across)(const struct lade__axis *axis, int channels, const uint8_t *const *in, uint8_t *const *out,
                   int count);

    /* @out[i] = the sum over k < @count of rows[k][i] * weight[k], for @n bytes. */
    void (*down)(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out);

    /* @out[i] = @in[i] * @scale, for @n samples. @past_cache: straight to memory, where the CPU can, because nobody
       reads so much so soon; then settle() comes before another thread may read. NULL: it need not. */
    void (*to_floats)(const uint8_t *in, size_t n, float scale, float *out, bool past_cache);
    void (*settle)(void);
};

extern const struct lade__kernels lade__kernels_plain;
extern const struct lade__kernels lade__kernels_vector; /* any CPU; meant for AArch64 */

/*
 * lade__kernels_best() - the fastest that this CPU can run. lade__kernels_avx2(), lade__kernels_vnni() - NULL where
 * it cannot run them.
 */
const struct lade__kernels *lade__kernels_best(void);
const struct lade__kernels *lade__kernels_avx2(void);
const struct lade__kernels *lade__kernels_vnni(void);

/*
 * lade__across_plain() - output pixels from @x on, of one row; what a fast kernel leaves at the end of a row.
 * lade__down_plain() - the plain down().
 * lade__to_floats_avx2(), lade__settle_avx2() - those of all sets that have AVX2 and more.
 */
void lade__across_plain(const struct lade__axis *axis, int channels, int x, const uint8_t *in, uint8_t *out);
void lade__down_plain(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out);
void lade__to_floats_avx2(const uint8_t *in, size_t n, float scale, float *out, bool past_cache);
void lade__settle_avx2(void);

#endif
