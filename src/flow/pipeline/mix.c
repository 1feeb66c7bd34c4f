/*
 * Uses the formulas of torchvision's MixUp and CutMix. Each sample of a batch is mixed with the sample before it. The
 * worker that makes a sample also makes the sample before it, and mixes the two samples immediately. Therefore no
 * worker waits for another worker, and a rank can mix the first sample of its slice, although the sample before it
 * belongs to another rank. The cost is that each sample is made twice.
 */
#include "flow/pipeline/mix.h"

#include <math.h>
#include <string.h>

#include "image/augment/random_crop.h"

/* ---- Drawing ----------------------------------------------------------------------------------------------------- */

/* Draws a number of the distribution Beta(alpha, alpha) with the method of Johnk. */
static double draw_beta(struct lade_random *random, double alpha) {
    for (;;) {
        double x = lade__power(lade_random_double(random), 1 / alpha);
        double y = lade__power(lade_random_double(random), 1 / alpha);
        if (x + y > 0 && x + y <= 1)
            return x / (x + y);
    }
}

static int limited(double v, int most) {
    return v < 0 ? 0 : v > most ? most : (int)v;
}

/* Draws the rectangle of CutMix. Its centre may be anywhere in the image, and the part outside of the image is cut
   off. */
static void draw_rectangle(struct lade_random *random, int height, int width, struct lade__mix *mix) {
    int x = (int)lade_random_below(random, (uint64_t)width), y = (int)lade_random_below(random, (uint64_t)height);
    double half = 0.5 * sqrt(1 - mix->keep);
    int half_width = (int)(half * width), half_height = (int)(half * height);

    mix->left = limited(x - half_width, width);
    mix->top = limited(y - half_height, height);
    mix->right = limited(x + half_width, width);
    mix->bottom = limited(y + half_height, height);
    double area = (double)(mix->right - mix->left) * (mix->bottom - mix->top);
    mix->keep = 1 - area / ((double)width * height);
}

void lade__mix_draw(const struct lade_flow_options *options, int64_t epoch, int64_t step, struct lade__mix *mix) {
    double mixup = (double)options->mixup_alpha, cutmix = (double)options->cutmix_alpha;
    struct lade_random random;

    *mix = (struct lade__mix){.kind = LADE__MIX_NONE, .keep = 1};
    if (mixup == 0 && cutmix == 0)
        return;
    lade_random_init(&random, options->seed, (uint64_t)epoch, (uint64_t)step, LADE_RANDOM_MIX);
    bool coin = lade_random_double(&random) < 0.5;
    bool cut = mixup == 0 || (cutmix != 0 && coin);
    mix->kind = cut ? LADE__MIX_CUT : LADE__MIX_BLEND;
    mix->keep = draw_beta(&random, cut ? cutmix : mixup);
    if (cut)
        draw_rectangle(&random, options->target_size[0], options->target_size[1], mix);
}

/* ---- Mixing ------------------------------------------------------------------------------------------------------ */

static void blend_floats(float keep, size_t n, float *restrict row, const float *restrict other) {
    for (size_t i = 0; i < n; i++)
        row[i] = row[i] * keep + other[i] * (1 - keep);
}

static void blend_bytes(float keep, size_t n, uint8_t *restrict row, const uint8_t *restrict other) {
    for (size_t i = 0; i < n; i++)
        row[i] = (uint8_t)(row[i] * keep + other[i] * (1 - keep) + 0.5f);
}

static void blend_16(float keep, size_t n, uint16_t *restrict row, const uint16_t *restrict other) {
    for (size_t i = 0; i < n; i++)
        row[i] = (uint16_t)(row[i] * keep + other[i] * (1 - keep) + 0.5f);
}

/* Copies the rectangle. @size is the size of a value in bytes. */
static void cut(const struct lade__mix *mix, const struct lade_flow_options *o, int channels, size_t size,
                unsigned char *row, const unsigned char *other) {
    bool first = o->data_format == LADE_CHANNELS_FIRST;
    size_t height = (size_t)o->target_size[0], width = (size_t)o->target_size[1];
    size_t planes = first ? (size_t)channels : 1, pixel = size * (first ? 1 : (size_t)channels);

    for (size_t plane = 0; plane < planes; plane++)
        for (size_t y = (size_t)mix->top; y < (size_t)mix->bottom; y++) {
            size_t at = ((plane * height + y) * width + (size_t)mix->left) * pixel;
            memcpy(row + at, other + at, (size_t)(mix->right - mix->left) * pixel);
        }
}

void lade__mix_apply(const struct lade__mix *mix, const struct lade_flow_options *options, int channels, void *row,
                     const void *other) {
    size_t n = (size_t)options->target_size[0] * (size_t)options->target_size[1] * (size_t)channels;

    if (mix->kind == LADE__MIX_CUT)
        cut(mix, options, channels, lade_dtype_size(options->dtype), row, other);
    else if (options->dtype == LADE_UINT8)
        blend_bytes((float)mix->keep, n, row, other);
    else if (options->dtype == LADE_UINT16)
        blend_16((float)mix->keep, n, row, other);
    else
        blend_floats((float)mix->keep, n, row, other);
}

void lade__mix_label(const struct lade__mix *mix, int64_t columns, float *y, const float *other) {
    blend_floats((float)mix->keep, (size_t)columns, y, other);
}
