/*
 * Defines the inner loops in plain C. These loops are the reference for all other sets, and run on CPUs that support no
 * other set.
 */
#include "image/kernel/kernels.h"

#include "image/kernel/rows.h"

static inline uint8_t clip8(int32_t sum) {
    int32_t v = sum >> LADE__WEIGHT_BITS;
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static inline __attribute__((always_inline)) void weigh_n(const struct lade__axis *axis, int channels, int x,
                                                          const uint8_t *in, uint8_t *out) {
    for (; x < axis->out; x++) {
        const int32_t *weight = axis->weight + (size_t)x * (size_t)axis->taps;
        const uint8_t *p = in + (size_t)axis->first[x] * (size_t)channels;
        int32_t sum[4] = {LADE__WEIGHT_HALF, LADE__WEIGHT_HALF, LADE__WEIGHT_HALF, LADE__WEIGHT_HALF};
        uint8_t *to = out + (size_t)x * (size_t)channels;
        for (int k = 0; k < axis->count[x]; k++, p += channels)
            UNROLLED
        for (int c = 0; c < channels; c++)
            sum[c] += p[c] * weight[k];
        UNROLLED
        for (int c = 0; c < channels; c++)
            to[c] = clip8(sum[c]);
    }
}

/* Calls weigh_n() with a constant number of channels, so that the compiler inlines it and unrolls its loops. */
void lade__horizontal_scalar(const struct lade__axis *axis, int channels, int x, const uint8_t *in, uint8_t *out) {
    if (axis->pick || axis->identity)
        lade__row_pick(axis->first + x, axis->out - x, channels, in, axis->in, out + (size_t)(x * channels));
    else if (channels == 1)
        weigh_n(axis, 1, x, in, out);
    else if (channels == 3)
        weigh_n(axis, 3, x, in, out);
    else
        weigh_n(axis, 4, x, in, out);
}

static void horizontal(const struct lade__axis *axis, int channels, const uint8_t *const *in, uint8_t *const *out,
                       int count) {
    for (int i = 0; i < count; i++)
        lade__horizontal_scalar(axis, channels, 0, in[i], out[i]);
}

void lade__vertical_scalar(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out) {
    enum { BLOCK = 64 };
    for (size_t at = 0; at < n; at += BLOCK) {
        int32_t sum[BLOCK];
        size_t width = n - at < BLOCK ? n - at : BLOCK;
        for (size_t i = 0; i < width; i++)
            sum[i] = LADE__WEIGHT_HALF;
        for (int k = 0; k < count; k++)
            for (size_t i = 0; i < width; i++)
                sum[i] += rows[k][at + i] * weight[k];
        for (size_t i = 0; i < width; i++)
            out[at + i] = clip8(sum[i]);
    }
}

static void to_floats(const uint8_t *in, size_t n, float scale, float *out, bool non_temporal) {
    (void)non_temporal;
    lade__row_to_floats(in, n, scale, out);
}

const struct lade__kernels lade__kernels_scalar = {"scalar", NULL, horizontal, lade__vertical_scalar, to_floats, NULL};

const struct lade__kernels *lade__kernels_best(void) {
    const struct lade__kernels *kernels = lade__kernels_vnni();
    if (!kernels)
        kernels = lade__kernels_avx2();
    if (kernels)
        return kernels;
#if defined(__aarch64__)
    return &lade__kernels_vector;
#else
    return &lade__kernels_scalar;
#endif
}
