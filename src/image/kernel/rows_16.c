/*
 * Defines loops over samples of 16 bits. The code is short rather than fast, because images with 16 bits are rare.
 */
#include "image/kernel/rows.h"

#include <string.h>

void lade__row_from_16(const uint8_t *in, size_t n, float scale, float *out) {
    for (size_t i = 0; i < n; i++)
        out[i] = lade__from_16(((const uint16_t *)(const void *)in)[i]) * scale;
}

void lade__row_to_16(const float *floats, const uint8_t *bytes, size_t n, int channels, uint16_t *out,
                     size_t distance) {
    for (size_t i = 0; i < n; i++) {
        size_t at = i % (size_t)channels * distance + i / (size_t)channels;
        out[at] = floats ? (uint16_t)(int)(floats[i] * 257 + 0.5f) : (uint16_t)(bytes[i] * 257);
    }
}

void lade__row_pick_16(const int *from, int n, int channels, const uint8_t *in, uint8_t *out) {
    size_t pixel = (size_t)channels * sizeof(uint16_t);
    for (int i = 0; i < n; i++)
        memcpy(out + (size_t)i * pixel, in + (size_t)from[i] * pixel, pixel);
}
