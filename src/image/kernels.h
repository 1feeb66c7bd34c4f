/*
 * image/kernels.h - the two inner loops of a resize. The plain ones are the reference; a faster set gives the same
 * bytes, which a test proves on random sizes.
 */
#ifndef LADE_SRC_IMAGE_KERNELS_H
#define LADE_SRC_IMAGE_KERNELS_H

#include "image/axis.h"

struct lade__kernels {
    const char *name;

    /* One row of @axis->in pixels becomes one of @axis->out; @channels 1, 3 or 4. Reads no byte outside of either. */
    void (*across)(const struct lade__axis *axis, int channels, const uint8_t *in, uint8_t *out);

    /* @out[i] = the sum over k < @count of rows[k][i] * weight[k], for @n bytes. */
    void (*down)(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out);
};

extern const struct lade__kernels lade__kernels_plain;

/*
 * lade__kernels_best() - the fastest that this CPU can run. lade__kernels_avx2() - NULL where it cannot run them.
 */
const struct lade__kernels *lade__kernels_best(void);
const struct lade__kernels *lade__kernels_avx2(void);

#endif
