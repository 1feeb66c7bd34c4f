/*
 * Defines loops over the samples of a row. Each loop is an inline function with restrict pointers. For each whole
 * block, the function is called with the constant count BLOCK, so that compilers make vector code. The function is then
 * called once for the remaining samples.
 */
#include "image/kernel/rows.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))
enum { BLOCK = 64 };

/* Copies pixels of three bytes. Where possible, copies four bytes at once; the next pixel overwrites the fourth
   byte. */
static void pick3(const int *from, int n, const uint8_t *in, int width, uint8_t *out) {
    for (int i = 0; i < n; i++, out += 3) {
        const uint8_t *p = in + (size_t)from[i] * 3;
        if (from[i] + 1 < width && i + 1 < n)
            memcpy(out, p, 4);
        else
            memcpy(out, p, 3);
    }
}

void lade__row_pick(const int *from, int n, int channels, const uint8_t *in, int width, uint8_t *out) {
    if (channels == 3)
        pick3(from, n, in, width, out);
    else if (channels == 4)
        for (int i = 0; i < n; i++)
            memcpy(out + 4 * (size_t)i, in + 4 * (size_t)from[i], 4);
    else
        for (int i = 0; i < n; i++)
            out[i] = in[from[i]];
}

INLINE float clamp(float v) {
    return v < 0 ? 0 : v > 255 ? 255 : v;
}

INLINE void tone(float *restrict v, const float *restrict add, const float *restrict factor, size_t n, float scale) {
    for (size_t i = 0; i < n; i++)
        v[i] = clamp(clamp(v[i] + add[i]) * factor[i]) * scale;
}

void lade__row_tone(float *v, const float *add, const float *factor, size_t n, float scale) {
    size_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK)
        tone(v + i, add + i, factor + i, BLOCK, scale);
    tone(v + i, add + i, factor + i, n - i, scale);
}

INLINE void normalize(float *restrict v, size_t n, float mean, float factor) {
    for (size_t i = 0; i < n; i++)
        v[i] = (v[i] - mean) * factor;
}

void lade__row_normalize(float *v, size_t n, float mean, float factor) {
    size_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK)
        normalize(v + i, BLOCK, mean, factor);
    normalize(v + i, n - i, mean, factor);
}

INLINE void to_floats(const uint8_t *restrict in, size_t n, float scale, float *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = in[i] * scale;
}

void lade__row_to_floats(const uint8_t *in, size_t n, float scale, float *out) {
    size_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK)
        to_floats(in + i, BLOCK, scale, out + i);
    to_floats(in + i, n - i, scale, out + i);
}

INLINE void to_bytes(const float *restrict in, size_t n, uint8_t *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(int)(in[i] + 0.5f);
}

void lade__row_to_bytes(const float *in, size_t n, uint8_t *out) {
    size_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK)
        to_bytes(in + i, BLOCK, out + i);
    to_bytes(in + i, n - i, out + i);
}

void lade__row_split(const uint8_t *in, size_t n, int channels, uint8_t *out, size_t distance) {
    for (int c = 0; c < channels; c++)
        for (size_t i = 0; i < n; i++)
            out[(size_t)c * distance + i] = in[i * (size_t)channels + (size_t)c];
}

void lade__row_split_floats(const float *in, size_t n, int channels, float *out, size_t distance) {
    for (int c = 0; c < channels; c++)
        for (size_t i = 0; i < n; i++)
            out[(size_t)c * distance + i] = in[i * (size_t)channels + (size_t)c];
}
