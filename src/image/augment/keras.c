/*
 * Computes the same results as Keras 3's apply_transform(), with the same steps and the same arithmetic: SciPy's
 * affine_transform in double precision, Pillow's brightness on bytes, and NumPy's float32 in the other steps. This code
 * is slower than lade's own transform. It is for users who must reproduce results of Keras. Keras has errors that
 * lade's own transform does not have (docs/augmentation.md); a comment that begins with "Keras error" marks each of
 * these errors.
 */
#include "image/augment/keras.h"

#include <math.h>
#include <string.h>

#include "image/geometry/angle.h"

#define PI 3.14159265358979323846

/* ---- The matrix -------------------------------------------------------------------------------------------------- */

struct matrix {
    double m[3][3];
};

static struct matrix times(struct matrix a, struct matrix b) {
    struct matrix c = {0};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                c.m[i][j] += a.m[i][k] * b.m[k][j];
    return c;
}

static struct matrix moved(double x, double y) {
    return (struct matrix){{{1, 0, x}, {0, 1, y}, {0, 0, 1}}};
}

/* Computes the affine matrix. out[0] is for the source row, and out[1] is for the source column. out[0] and out[1] have
   three elements each: the factor of the row, the factor of the column and an offset. Returns false if the transform
   has no affine step. */
static bool matrix_of(const struct lade_transform *t, int height, int width, double out[2][3]) {
    struct lade__angle turn = lade__angle_radians(t->theta * (PI / 180));
    struct lade__angle shear = lade__angle_radians(t->shear * (PI / 180));
    double zx = t->zx != 0 ? t->zx : 1, zy = t->zy != 0 ? t->zy : 1;
    struct matrix all = moved(0, 0);

    if (t->theta == 0 && t->tx == 0 && t->ty == 0 && t->shear == 0 && zx == 1 && zy == 1)
        return false;
    if (t->theta != 0)
        all = (struct matrix){{{turn.cos, -turn.sin, 0}, {turn.sin, turn.cos, 0}, {0, 0, 1}}};
    if (t->tx != 0 || t->ty != 0)
        all = times(all, moved(t->tx, t->ty));
    if (t->shear != 0)
        all = times(all, (struct matrix){{{1, -shear.sin, 0}, {0, shear.cos, 0}, {0, 0, 1}}});
    if (zx != 1 || zy != 1)
        all = times(all, (struct matrix){{{zx, 0, 0}, {0, zy, 0}, {0, 0, 1}}});
    /* Keras error: the centre is in the order (row, column), but the matrix is in the order (x, y) */
    double cx = height / 2. - 0.5, cy = width / 2. - 0.5;
    all = times(times(moved(cx, cy), all), moved(-cx, -cy));
    for (int i = 0; i < 2; i++) {
        out[i][0] = all.m[1 - i][1];
        out[i][1] = all.m[1 - i][0];
        out[i][2] = all.m[1 - i][2];
    }
    return true;
}

/* ---- SciPy's affine_transform ------------------------------------------------------------------------------------ */

/* Applies the fill mode, which maps a position outside of the image to a position inside the image. Returns -1 if the
   pixel gets the fill value. */
static double bring_back(double at, int n, enum lade_fill_mode mode) {
    double last = n - 1;

    if (at >= 0 && at <= last)
        return at;
    if (mode == LADE_FILL_CONSTANT)
        return -1;
    if (mode == LADE_FILL_NEAREST)
        return at < 0 ? 0 : last;
    if (n == 1)
        return 0;
    if (mode == LADE_FILL_WRAP) /* Keras error: the period is one less than the size */
        return at < 0 ? at + last * (trunc(-at / last) + 1) : at - last * trunc(at / last);
    if (at < 0) {
        if (at < -2. * n)
            at += 2. * n * trunc(-at / (2. * n));
        return at < -n ? at + 2. * n : (at > -1e-15 ? 1e-15 : -at) - 1;
    }
    at -= 2. * n * trunc(at / (2. * n));
    return at >= n ? 2. * n - at - 1 : at;
}

struct taps {
    int at[2];
    double weight[2];
    int count;
};

/* Computes the samples that are read for position @at, and their weights. Returns false if the fill value must be
   used. */
static bool taps_of(double at, int n, enum lade_fill_mode mode, bool linear, struct taps *taps) {
    at = bring_back(at, n, mode);
    if (at <= -1)
        return false;
    int first = (int)floor(linear ? at : at + 0.5);
    double fraction = at - floor(at);
    *taps = (struct taps){{first, first + 1}, {1, 0}, linear ? 2 : 1};
    if (linear) {
        taps->weight[0] = 1 - fraction;
        taps->weight[1] = 1 - taps->weight[0];
    }
    for (int i = 0; i < taps->count; i++) /* an index of -1 or n means the border sample, or has weight 0 */
        taps->at[i] = taps->at[i] < 0 ? 0 : taps->at[i] > n - 1 ? n - 1 : taps->at[i];
    return true;
}

/* Computes one pixel at the position (@row, @column), which may be outside of the image. */
static void pixel(const struct lade_image *in, const struct lade_transform *t, double row, double column, float *out) {
    bool linear = t->interpolation_order != LADE_OFF;
    struct taps rows = {0}, columns = {0};
    bool inside = taps_of(row, in->height, t->fill_mode, linear, &rows) &&
                  taps_of(column, in->width, t->fill_mode, linear, &columns);

    for (int c = 0; c < in->channels; c++) {
        double sum = 0;
        for (int i = 0; inside && i < rows.count; i++)
            for (int k = 0; k < columns.count; k++)
                sum += in->pixels[(size_t)rows.at[i] * in->stride + (size_t)(columns.at[k] * in->channels + c)] *
                       rows.weight[i] * columns.weight[k];
        out[c] = inside ? (float)sum : t->cval;
    }
}

/* Computes the same value as pixel() for a linear interpolation at a position inside the image. The sums have the same
   order, so the result has the same bits. This function has no branches, because most pixels are inside the image. */
static inline void inner_pixel(const struct lade_image *in, int channels, double row, double column, float *out) {
    int y = (int)row, x = (int)column;
    double rows[2] = {1 - (row - y)}, columns[2] = {1 - (column - x)};
    const uint8_t *first = in->pixels + (size_t)y * in->stride + (size_t)(x * channels);
    const uint8_t *second = first + (y + 1 < in->height ? in->stride : 0);
    int next = x + 1 < in->width ? channels : 0;

    rows[1] = 1 - rows[0];
    columns[1] = 1 - columns[0];
    for (int c = 0; c < channels; c++) {
        double sum = first[c] * rows[0] * columns[0];
        sum += first[next + c] * rows[0] * columns[1];
        sum += second[c] * rows[1] * columns[0];
        sum += second[next + c] * rows[1] * columns[1];
        out[c] = (float)sum;
    }
}

static inline double clamp(double at, int last) {
    return at < 0 ? 0 : at > last ? last : at;
}

/* @channels is a constant in each call, so that the compiler unrolls the loops over the channels. */
static inline void affine_of(const struct lade_image *in, int channels, const struct lade_transform *t, double m[2][3],
                             float *out) {
    bool linear = t->interpolation_order != LADE_OFF, nearest = t->fill_mode == LADE_FILL_NEAREST;

    for (int y = 0; y < in->height; y++)
        for (int x = 0; x < in->width; x++, out += channels) {
            double row = y * m[0][0] + x * m[0][1] + m[0][2], column = y * m[1][0] + x * m[1][1] + m[1][2];
            if (nearest) {
                row = clamp(row, in->height - 1);
                column = clamp(column, in->width - 1);
            }
            bool inside = row >= 0 && row <= in->height - 1 && column >= 0 && column <= in->width - 1;
            if (inside && linear)
                inner_pixel(in, channels, row, column, out);
            else
                pixel(in, t, row, column, out);
        }
}

static void affine(const struct lade_image *in, const struct lade_transform *t, double m[2][3], float *out) {
    if (in->channels == 3)
        affine_of(in, 3, t, m, out);
    else if (in->channels == 1)
        affine_of(in, 1, t, m, out);
    else
        affine_of(in, in->channels, t, m, out);
}

static void copy(const struct lade_image *in, float *out) {
    size_t samples = (size_t)in->width * (size_t)in->channels;
    for (int y = 0; y < in->height; y++)
        for (size_t i = 0; i < samples; i++)
            *out++ = in->pixels[(size_t)y * in->stride + i];
}

/* ---- Channel shift, flips, brightness ---------------------------------------------------------------------------- */

static void range_of(const float *x, size_t n, float *least, float *most) {
    *least = *most = x[0];
    for (size_t i = 1; i < n; i++) {
        *least = x[i] < *least ? x[i] : *least;
        *most = x[i] > *most ? x[i] : *most;
    }
}

/* Keras error: all channels, including alpha, are shifted by the same amount, and values are clamped to the smallest
   and largest value of the image. */
static void channel_shift(float *x, size_t n, float intensity) {
    float least, most;
    range_of(x, n, &least, &most);
    for (size_t i = 0; i < n; i++) {
        float v = x[i] + intensity;
        x[i] = v < least ? least : v > most ? most : v;
    }
}

static void swap(float *a, float *b, int n) {
    for (int i = 0; i < n; i++) {
        float kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

static void flip_horizontal(float *x, int height, int width, int channels) {
    for (int y = 0; y < height; y++, x += (size_t)width * (size_t)channels)
        for (int i = 0; i < width / 2; i++)
            swap(x + i * channels, x + (width - 1 - i) * channels, channels);
}

static void flip_vertical(float *x, int height, int row) {
    for (int i = 0; i < height / 2; i++)
        swap(x + (size_t)i * (size_t)row, x + (size_t)(height - 1 - i) * (size_t)row, row);
}

/* Keras error: values are converted to bytes and truncated instead of rounded. An image with values outside of 0..255
   is scaled to bytes before the change, and scaled back after it. */
static void brightness(float *x, size_t n, int channels, float factor) {
    float least, most, top = 0;
    range_of(x, n, &least, &most);
    bool stretch = least < 0 || most > 255;
    if (stretch) {
        for (size_t i = 0; i < n; i++)
            x[i] -= least;
        top = most - least;
        for (size_t i = 0; i < n; i++)
            x[i] = (top != 0 ? x[i] / top : x[i]) * 255;
    }
    for (size_t i = 0; i < n; i++) {
        uint8_t byte = (uint8_t)x[i];
        bool alpha = channels == 4 && i % 4 == 3;
        float v = alpha ? byte : factor * (float)byte;
        x[i] = v <= 0 ? 0 : v >= 255 ? 255 : (uint8_t)v;
        if (stretch)
            x[i] = x[i] / 255 * top + least;
    }
}

void lade__keras_transform(const struct lade_image *in, const struct lade_transform *t, float *out) {
    int row = in->width * in->channels;
    size_t n = (size_t)in->height * (size_t)row;
    double m[2][3];

    if (matrix_of(t, in->height, in->width, m))
        affine(in, t, m, out);
    else
        copy(in, out);
    if (t->channel_shift_intensity[0] != 0)
        channel_shift(out, n, (float)t->channel_shift_intensity[0]);
    if (t->flip_horizontal)
        flip_horizontal(out, in->height, in->width, in->channels);
    if (t->flip_vertical)
        flip_vertical(out, in->height, row);
    if (t->brightness != 0)
        brightness(out, n, in->channels, t->brightness == LADE_OFF ? 0 : (float)t->brightness);
}
