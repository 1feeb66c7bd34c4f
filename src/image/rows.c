/*
 * Loops over rows. Each is a block of BLOCK samples, inlined with that constant and without aliases, and the same code
 * for what is left over.
 */
#include "image/rows.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))
enum { BLOCK = 64 };

/* Copies four bytes where there is room for a fourth, which the next pixel overwrites. */
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

INLINE float between(float a, float b, float fraction) {
    return a + (b - a) * fraction;
}

INLINE void mix(const uint8_t *restrict a, const uint8_t *restrict b, const uint8_t *restrict c,
                const uint8_t *restrict d, float x, float y, size_t n, float scale, float *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = between(between(a[i], b[i], x), between(c[i], d[i], x), y) * scale;
}

void lade__row_mix(const uint8_t *const abcd[4], float x, float y, size_t n, float scale, float *out) {
    size_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK)
        mix(abcd[0] + i, abcd[1] + i, abcd[2] + i, abcd[3] + i, x, y, BLOCK, scale, out + i);
    mix(abcd[0] + i, abcd[1] + i, abcd[2] + i, abcd[3] + i, x, y, n - i, scale, out + i);
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

void lade__row_split(const uint8_t *in, size_t n, int channels, uint8_t *out, size_t apart) {
    for (int c = 0; c < channels; c++)
        for (size_t i = 0; i < n; i++)
            out[(size_t)c * apart + i] = in[i * (size_t)channels + (size_t)c];
}

void lade__row_split_floats(const float *in, size_t n, int channels, float *out, size_t apart) {
    for (int c = 0; c < channels; c++)
        for (size_t i = 0; i < n; i++)
            out[(size_t)c * apart + i] = in[i * (size_t)channels + (size_t)c];
}
