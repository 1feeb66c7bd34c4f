/*
 * Defines the inner loops with the vector extension of GCC and Clang. A vector has four 32-bit integers, like a NEON
 * register. NEON can multiply 32-bit integers, so weights are not split into parts. This set is made for AArch64, but
 * it compiles for every CPU, so its test runs on every machine.
 */
#include "image/kernel/kernels.h"

#include "image/kernel/rows.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

typedef int32_t words __attribute__((vector_size(16)));
typedef float floats __attribute__((vector_size(16)));
typedef uint8_t bytes __attribute__((vector_size(4)));

INLINE words load(const uint8_t *p) {
    bytes four;
    memcpy(&four, p, sizeof four);
    return __builtin_convertvector(four, words);
}

INLINE words set(int32_t v) {
    return (words){v, v, v, v};
}

/* Shifts sums and clamps them to 0..255. A comparison of vectors returns -1 (true) or 0 (false) for each element. */
INLINE bytes to_bytes(words sum) {
    sum >>= LADE__WEIGHT_BITS;
    sum &= ~(sum < 0);
    words over = sum > 255;
    return __builtin_convertvector((sum & ~over) | (set(255) & over), bytes);
}

/* ---- Horizontal -------------------------------------------------------------------------------------------------- */

/* Returns the number of output pixels that can be computed four bytes at a time without an access beyond the end of a
   row. */
static int fast_pixels(const struct lade__axis *axis, int channels) {
    int beyond = 4 / channels + (4 % channels != 0) - 1; /* number of later pixels that a load of 4 bytes reads */
    int x = axis->out - beyond;
    while (x > 0 && axis->first[x - 1] + axis->count[x - 1] + beyond > axis->in)
        x--;
    return x > 0 ? x : 0;
}

/* Computes four bytes of each row at a time. If a pixel has three bytes, the next pixel overwrites the fourth byte. */
INLINE void horizontal_n(const struct lade__axis *axis, int channels, const uint8_t *const *in, uint8_t *const *out,
                         int end) {
    for (int x = 0; x < end; x++) {
        const int32_t *weight = axis->weight + (size_t)x * (size_t)axis->taps;
        size_t at = (size_t)axis->first[x] * (size_t)channels;
        words sum[LADE__ROWS_AT_ONCE];
        UNROLLED
        for (int r = 0; r < LADE__ROWS_AT_ONCE; r++)
            sum[r] = set(LADE__WEIGHT_HALF);
        for (int k = 0; k < axis->count[x]; k++, at += (size_t)channels) {
            words w = set(weight[k]);
            UNROLLED
            for (int r = 0; r < LADE__ROWS_AT_ONCE; r++)
                sum[r] += load(in[r] + at) * w;
        }
        UNROLLED
        for (int r = 0; r < LADE__ROWS_AT_ONCE; r++) {
            bytes pixel = to_bytes(sum[r]);
            memcpy(out[r] + (size_t)x * (size_t)channels, &pixel, sizeof pixel);
        }
    }
}

/* Resizes grey rows. Multiplies four source samples of an output sample at a time. */
static void horizontal_grey(const struct lade__axis *axis, const uint8_t *const *in, uint8_t *const *out, int end) {
    for (int x = 0; x < end; x++) {
        const int32_t *weight = axis->weight + (size_t)x * (size_t)axis->taps;
        for (int r = 0; r < LADE__ROWS_AT_ONCE; r++) {
            const uint8_t *p = in[r] + axis->first[x];
            words sum = {LADE__WEIGHT_HALF, 0, 0, 0};
            int k = 0;
            for (; k + 4 <= axis->count[x]; k += 4) {
                words w;
                memcpy(&w, weight + k, sizeof w);
                sum += load(p + k) * w;
            }
            for (; k < axis->count[x]; k++)
                sum[0] += p[k] * weight[k];
            out[r][x] = to_bytes(set(sum[0] + sum[1] + sum[2] + sum[3]))[0];
        }
    }
}

static void horizontal(const struct lade__axis *axis, int channels, const uint8_t *const *in, uint8_t *const *out,
                       int count) {
    int end = axis->pick || axis->identity ? 0 : fast_pixels(axis, channels);
    const uint8_t *from[LADE__ROWS_AT_ONCE];
    uint8_t *to[LADE__ROWS_AT_ONCE];
    lade__fill_rows(in, out, count, from, to);
    if (channels == 1)
        horizontal_grey(axis, from, to, end);
    else if (channels == 3)
        horizontal_n(axis, 3, from, to, end);
    else
        horizontal_n(axis, 4, from, to, end);
    for (int r = 0; r < count; r++)
        lade__horizontal_scalar(axis, channels, end, in[r], out[r]);
}

/* ---- Vertical ---------------------------------------------------------------------------------------------------- */

enum { LANES = 8, BLOCK = 4 * LANES };

static void vertical_block(const uint8_t *const *rows, const int32_t *weight, int count, size_t at, uint8_t *out) {
    words sum[LANES];
    UNROLLED
    for (int i = 0; i < LANES; i++)
        sum[i] = set(LADE__WEIGHT_HALF);
    for (int k = 0; k < count; k++) {
        words w = set(weight[k]);
        UNROLLED
        for (int i = 0; i < LANES; i++)
            sum[i] += load(rows[k] + at + 4 * i) * w;
    }
    UNROLLED
    for (int i = 0; i < LANES; i++) {
        bytes four = to_bytes(sum[i]);
        memcpy(out + at + 4 * i, &four, sizeof four);
    }
}

static void vertical(const uint8_t *const *rows, const int32_t *weight, int count, size_t n, uint8_t *out) {
    if (n < BLOCK) {
        lade__vertical_scalar(rows, weight, count, n, out);
        return;
    }
    for (size_t at = 0; at + BLOCK <= n; at += BLOCK)
        vertical_block(rows, weight, count, at, out);
    if (n % BLOCK)
        vertical_block(rows, weight, count, n - BLOCK, out); /* the last block overlaps the block before it */
}

/* ---- To floats --------------------------------------------------------------------------------------------------- */

static void to_floats(const uint8_t *in, size_t n, float scale, float *out, bool non_temporal) {
    (void)non_temporal;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        floats four = __builtin_convertvector(load(in + i), floats) * scale;
        memcpy(out + i, &four, sizeof four);
    }
    lade__row_to_floats(in + i, n - i, scale, out + i);
}

const struct lade__kernels lade__kernels_vector = {"vector", NULL, horizontal, vertical, to_floats, NULL};
