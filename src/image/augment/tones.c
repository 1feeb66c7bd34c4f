/*
 * Uses the formulas that torchvision uses for images of bytes, but computes in floats. Values are rounded only for the
 * histogram of equalize. Each channel is changed separately, and alpha is not changed.
 */
#include "image/augment/tones.h"

#include <math.h>
#include <string.h>

static bool sharpens(const struct lade_transform *t) {
    return t->sharpness != 0 && t->sharpness != 1;
}

bool lade__tones_change(const struct lade_transform *t) {
    return sharpens(t) || (t->posterize && t->posterize < 8) || t->solarize != 0 || t->autocontrast || t->equalize;
}

static float clamp(float v) {
    return v < 0 ? 0 : v > 255 ? 255 : v;
}

/* ---- Sharpness --------------------------------------------------------------------------------------------------- */

/* Returns the blurred value at @here. The pixel in the centre has the weight 5, and its 8 neighbours have the weight 1.
   @above and @same are values at this position in unchanged copies of the row above and of the row itself. */
static float blurred(const float *above, const float *same, const float *below, int step) {
    float sum = above[-step] + above[0] + above[step] + same[-step] + 5 * same[0] + same[step] + below[-step] +
                below[0] + below[step];
    return sum * (1 / 13.f);
}

/* The pixels at the border do not have 8 neighbours, so these pixels do not change. */
static void sharpen(float factor, int height, int width, int channels, float *image, float *scratch) {
    size_t samples = (size_t)width * (size_t)channels;
    float *above = scratch, *same = scratch + samples;
    int colors = channels == 4 ? 3 : channels;
    if (height <= 2 || width <= 2)
        return;
    memcpy(above, image, samples * sizeof *image);
    for (int y = 1; y + 1 < height; y++) {
        float *row = image + (size_t)y * samples;
        memcpy(same, row, samples * sizeof *row);
        for (int x = 1; x + 1 < width; x++)
            for (int c = 0; c < colors; c++) {
                int i = x * channels + c;
                float blur = blurred(above + i, same + i, row + samples + i, channels);
                row[i] = clamp(same[i] + (1 - factor) * (blur - same[i]));
            }
        float *free = above;
        above = same;
        same = free;
    }
}

/* ---- Tones ------------------------------------------------------------------------------------------------------- */

/* Sets the lower bits of each value to 0. */
static void posterize(int bits, size_t n, int channels, float *channel) {
    float step = (float)(1 << (8 - bits));
    for (size_t i = 0; i < n; i++, channel += channels)
        *channel = floorf(*channel / step) * step;
}

static void solarize(float threshold, size_t n, int channels, float *channel) {
    for (size_t i = 0; i < n; i++, channel += channels)
        *channel = *channel >= threshold ? 255 - *channel : *channel;
}

/* Moves the smallest value to 0 and the largest value to 255. */
static void autocontrast(size_t n, int channels, float *channel) {
    float low = *channel, high = *channel;
    for (size_t i = 0; i < n; i++) {
        float v = channel[i * (size_t)channels];
        low = v < low ? v : low;
        high = v > high ? v : high;
    }
    float scale = (high - low) * (1 / 255.f);
    for (size_t i = 0; low != high && i < n; i++, channel += channels)
        *channel = clamp((*channel - low) / scale);
}

static int byte_of(float v) {
    return (int)(clamp(v) + 0.5f);
}

/* Makes all grey levels about equally frequent. The largest level is not counted, as in Pillow and torchvision. */
static void equalize(size_t n, int channels, float *channel) {
    uint64_t counts[256] = {0}, sum = 0, last = 0;
    float table[256];
    for (size_t i = 0; i < n; i++)
        counts[byte_of(channel[i * (size_t)channels])]++;
    for (int v = 0; v < 256; v++)
        last = counts[v] ? counts[v] : last;
    uint64_t step = (n - last) / 255;
    if (step == 0)
        return;
    for (int v = 0; v < 256; v++) {
        uint64_t level = (sum + step / 2) / step;
        table[v] = level < 255 ? (float)level : 255;
        sum += counts[v];
    }
    for (size_t i = 0; i < n; i++, channel += channels)
        *channel = table[byte_of(*channel)];
}

void lade__tones_apply(const struct lade_transform *t, int height, int width, int channels, float *image,
                       float *scratch) {
    size_t n = (size_t)height * (size_t)width;
    int colors = channels == 4 ? 3 : channels;

    if (sharpens(t))
        sharpen(t->sharpness == (float)LADE_OFF ? 0 : t->sharpness, height, width, channels, image, scratch);
    for (int c = 0; c < colors; c++) {
        if (t->posterize && t->posterize < 8)
            posterize(t->posterize, n, channels, image + c);
        if (t->solarize != 0)
            solarize(t->solarize == (float)LADE_OFF ? 0 : t->solarize, n, channels, image + c);
        if (t->autocontrast)
            autocontrast(n, channels, image + c);
        if (t->equalize)
            equalize(n, channels, image + c);
    }
}
