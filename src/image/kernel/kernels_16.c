/*
 * Defines the inner loops of a resize for samples of 16 bits. The rows are arrays of uint16_t, and sizes are in bytes,
 * so the resizer uses this set like the sets for 8 bits. The sums have 64 bits. Pillow computes these sums in double
 * precision. The weights here are rounded to 22 fraction bits, so a result may differ from Pillow by 1 of 65535.
 */
#include "image/kernel/kernels.h"

#include <string.h>

static uint16_t clip16(int64_t sum) {
    int64_t v = sum >> LADE__WEIGHT_BITS;
    return (uint16_t)(v < 0 ? 0 : v > 65535 ? 65535 : v);
}

static void horizontal_row(const struct lade__axis *axis, int channels, const uint16_t *in, uint16_t *out) {
    for (int x = 0; x < axis->out; x++, out += channels) {
        const int32_t *weight = axis->weight + (size_t)x * (size_t)axis->taps;
        const uint16_t *p = in + (size_t)axis->first[x] * (size_t)channels;
        int64_t sum[4] = {LADE__WEIGHT_HALF, LADE__WEIGHT_HALF, LADE__WEIGHT_HALF, LADE__WEIGHT_HALF};
        for (int k = 0; k < axis->count[x]; k++, p += channels)
            for (int c = 0; c < channels; c++)
                sum[c] += (int64_t)p[c] * weight[k];
        for (int c = 0; c < channels; c++)
            out[c] = clip16(sum[c]);
    }
}

static void horizontal(const struct lade__axis *axis, int channels, const uint8_t *const *in, uint8_t *const *out,
                       int count) {
    for (int i = 0; i < count; i++)
        horizontal_row(axis, channels, (const uint16_t *)(const void *)in[i], (uint16_t *)(void *)out[i]);
}

static void vertical(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out) {
    for (size_t at = 0; at < n; at += sizeof(uint16_t)) {
        int64_t sum = LADE__WEIGHT_HALF;
        for (int k = 0; k < count; k++)
            sum += (int64_t) * (const uint16_t *)(const void *)(rows[k] + at) * weight[k];
        *(uint16_t *)(void *)(out + at) = clip16(sum);
    }
}

const struct lade__kernels lade__kernels_16 = {"16 bits", NULL, horizontal, vertical, NULL, NULL};
