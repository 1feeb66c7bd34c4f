/*
 * Warps an image in plain C. Four pixels are multiplied by integer weights and added, which is exact. The sum is then
 * converted to a float and multiplied once. Every kernel that computes pixels in these steps returns the same bytes.
 *
 * A fill mode changes the position before pixels are read. The period of "wrap" is the size of the image, as the
 * documentation of Keras defines it. SciPy, which Keras calls, uses a period that is one pixel shorter.
 */
#include "image/kernel/warp.h"

/* The two samples that are read along an axis, and the position between them. */
struct taps {
    int near, far;
    int fraction; /* 0 .. LADE__FRACTION_ONE */
};

static int modulo(int i, int n) {
    int r = i % n;
    return r < 0 ? r + n : r;
}

static struct taps taps_of(int64_t at, int n, enum lade_fill_mode mode) {
    int i = (int)(at >> LADE__FIXED_BITS);
    int fraction = (int)((uint32_t)at >> (LADE__FIXED_BITS - LADE__FRACTION_BITS));

    if (mode == LADE_FILL_WRAP) {
        i = modulo(i, n);
        return (struct taps){i, i + 1 < n ? i + 1 : 0, fraction};
    }
    if (mode == LADE_FILL_REFLECT) {
        i = modulo(i, 2 * n);
        if (i >= n) {
            i = 2 * n - 2 - i;
            fraction = LADE__FRACTION_ONE - fraction;
        }
    }
    if (i < 0)
        return (struct taps){0, 0, 0};
    if (i >= n - 1)
        return (struct taps){n - 1, n - 1, 0};
    return (struct taps){i, i + 1, fraction};
}

/* Returns sample @i of a row. */
static inline __attribute__((always_inline)) int sample(const uint8_t *row, int i, bool bits16) {
    return bits16 ? ((const uint16_t *)(const void *)row)[i] : row[i];
}

static inline __attribute__((always_inline)) void linear(const struct lade__warp *w, int y, int begin, int end,
                                                         float scale, float *out, bool bits16) {
    const struct lade_image *in = w->in;
    const struct lade__affine *m = &w->map;
    int64_t from_x = m->x0 + y * m->xy + begin * m->xx + LADE__HALF_STEP;
    int64_t from_y = m->y0 + y * m->yy + begin * m->yx + LADE__HALF_STEP;
    const float unit = scale * (1.f / LADE__FRACTION_ONE);

    for (int x = begin; x < end; x++, from_x += m->xx, from_y += m->yx, out += in->channels) {
        struct taps across = taps_of(from_x, in->width, w->fill_mode), down = taps_of(from_y, in->height, w->fill_mode);
        const uint8_t *upper = in->pixels + (size_t)down.near * in->stride;
        const uint8_t *lower = in->pixels + (size_t)down.far * in->stride;
        int left = across.near * in->channels, right = across.far * in->channels;
        int lower_right = (across.fraction * down.fraction + LADE__FRACTION_ONE / 2) >> LADE__FRACTION_BITS;
        int upper_right = across.fraction - lower_right, lower_left = down.fraction - lower_right;
        int upper_left = LADE__FRACTION_ONE - across.fraction - lower_left;
        for (int c = 0; c < in->channels; c++) {
            int sum = sample(upper, left + c, bits16) * upper_left + sample(upper, right + c, bits16) * upper_right +
                      sample(lower, left + c, bits16) * lower_left + sample(lower, right + c, bits16) * lower_right;
            out[c] = bits16 ? lade__from_16((double)sum / LADE__FRACTION_ONE) * scale : (float)sum * unit;
        }
    }
}

/* Returns the index of the nearest sample. A half is rounded up. */
static int nearest(int64_t at, int n, enum lade_fill_mode mode) {
    int i = (int)((at + (INT64_C(1) << (LADE__FIXED_BITS - 1))) >> LADE__FIXED_BITS);

    if (mode == LADE_FILL_WRAP)
        return modulo(i, n);
    if (mode == LADE_FILL_REFLECT) {
        i = modulo(i, 2 * n);
        return i < n ? i : 2 * n - 1 - i;
    }
    return i < 0 ? 0 : i < n ? i : n - 1;
}

static inline __attribute__((always_inline)) void nearest_row(const struct lade__warp *w, int y, int begin, int end,
                                                              float scale, float *out, bool bits16) {
    const struct lade_image *in = w->in;
    const struct lade__affine *m = &w->map;
    int64_t from_x = m->x0 + y * m->xy + begin * m->xx, from_y = m->y0 + y * m->yy + begin * m->yx;

    for (int x = begin; x < end; x++, from_x += m->xx, from_y += m->yx, out += in->channels) {
        const uint8_t *pixels = in->pixels + (size_t)nearest(from_y, in->height, w->fill_mode) * in->stride;
        int at = nearest(from_x, in->width, w->fill_mode) * in->channels;
        for (int c = 0; c < in->channels; c++) {
            int value = sample(pixels, at + c, bits16);
            out[c] = (bits16 ? lade__from_16(value) : (float)value) * scale;
        }
    }
}

static void row(const struct lade__warp *w, int y, int begin, int end, float scale, float *out) {
    if (w->linear)
        linear(w, y, begin, end, scale, out, false);
    else
        nearest_row(w, y, begin, end, scale, out, false);
}

static void row16(const struct lade__warp *w, int y, int begin, int end, float scale, float *out) {
    if (w->linear)
        linear(w, y, begin, end, scale, out, true);
    else
        nearest_row(w, y, begin, end, scale, out, true);
}

const struct lade__warp_kernel lade__warp_scalar = {"scalar", row};
const struct lade__warp_kernel lade__warp_16 = {"16 bits", row16};

const struct lade__warp_kernel *lade__warp_best(const struct lade__warp *w) {
    if (w->bits16)
        return &lade__warp_16;
    const struct lade__warp_kernel *fast = lade__warp_avx2(w);
    return fast ? fast : &lade__warp_scalar;
}

/* ---- Pixels whose position is inside the image ------------------------------------------------------------------- */

/* Returns a / b, rounded down. b must be above 0. */
static int64_t divide_down(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

/* Reduces the range *begin .. *end - 1 to the integers x with 0 <= start + x * step <= n - 1. Rounds positions in the
   same way as the kernels. */
static void narrow(int64_t start, int64_t step, int n, int64_t *begin, int64_t *end) {
    int64_t last = ((int64_t)(n - 1) << LADE__FIXED_BITS) + 2 * LADE__HALF_STEP - 1;
    start += LADE__HALF_STEP;
    if (step < 0) { /* mirror the axis */
        start = last - start;
        step = -step;
    }
    if (step == 0) {
        *end = start < 0 || start > last ? *begin : *end;
        return;
    }
    int64_t first = -divide_down(start, step), behind = divide_down(last - start, step) + 1;
    *begin = first > *begin ? first : *begin;
    *end = behind < *end ? behind : *end;
}

void lade__warp_inside(const struct lade__warp *w, int y, int *begin, int *end) {
    const struct lade__affine *m = &w->map;
    int64_t first = 0, behind = w->in->width;
    narrow(m->x0 + y * m->xy, m->xx, w->in->width, &first, &behind);
    narrow(m->y0 + y * m->yy, m->yx, w->in->height, &first, &behind);
    *begin = (int)(first < behind ? first : 0);
    *end = (int)(first < behind ? behind : 0);
}
