/*
 * The resize loops in plain C: what every other set of kernels must equal, and what runs where there is none.
 */
#include "image/kernels.h"

static inline uint8_t clip8(int32_t sum) {
    int32_t v = sum >> LADE__WEIGHT_BITS;
    return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

static inline __attribute__((always_inline)) void across_n(const struct lade__axis *axis, int channels,
                                                           const uint8_t *in, uint8_t *out) {
    const int32_t *weight = axis->weight;
    for (int x = 0; x < axis->out; x++, weight += axis->taps, out += channels) {
        const uint8_t *p = in + (size_t)axis->first[x] * (size_t)channels;
        int32_t sum[4] = {LADE__WEIGHT_HALF, LADE__WEIGHT_HALF, LADE__WEIGHT_HALF, LADE__WEIGHT_HALF};
        for (int k = 0; k < axis->count[x]; k++, p += channels)
            for (int c = 0; c < channels; c++)
                sum[c] += p[c] * weight[k];
        for (int c = 0; c < channels; c++)
            out[c] = clip8(sum[c]);
    }
}

static inline __attribute__((always_inline)) void pick_n(const struct lade__axis *axis, int channels, const uint8_t *in,
                                                         uint8_t *out) {
    for (int x = 0; x < axis->out; x++, out += channels) {
        const uint8_t *p = in + (size_t)axis->first[x] * (size_t)channels;
        for (int c = 0; c < channels; c++)
            out[c] = p[c];
    }
}

/* A constant number of channels lets the compiler unroll. */
static void across(const struct lade__axis *axis, int channels, const uint8_t *in, uint8_t *out) {
    if (axis->pick || axis->identity)
        channels == 1 ? pick_n(axis, 1, in, out) : channels == 3 ? pick_n(axis, 3, in, out) : pick_n(axis, 4, in, out);
    else
        channels == 1   ? across_n(axis, 1, in, out)
        : channels == 3 ? across_n(axis, 3, in, out)
                        : across_n(axis, 4, in, out);
}

static void down(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out) {
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

const struct lade__kernels lade__kernels_plain = {"plain", across, down};

const struct lade__kernels *lade__kernels_best(void) {
    const struct lade__kernels *fast = lade__kernels_avx2();
    return fast ? fast : &lade__kernels_plain;
}
