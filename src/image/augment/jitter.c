/*
 * Uses the formulas that torchvision uses for images of floats. Nothing is rounded between the steps. The hue is
 * computed with one formula for each colour instead of torchvision's six cases; the formulas give the same colours.
 */
#include "image/augment/jitter.h"

#include <math.h>

/* Returns the factor for the value @drawn of a field of struct lade_transform. In the field, 0 means the factor 1, and
   LADE_OFF means the factor 0. */
static float factor(float drawn) {
    return drawn == (float)LADE_OFF ? 0 : drawn == 0 ? 1 : drawn;
}

bool lade__jitter_changes(const struct lade_transform *t) {
    return factor(t->contrast) != 1 || factor(t->saturation) != 1 || t->hue != 0;
}

static float clamp(float v) {
    return v < 0 ? 0 : v > 255 ? 255 : v;
}

static float grey(const float *pixel) {
    return pixel[0] * 0.2989f + pixel[1] * 0.587f + pixel[2] * 0.114f;
}

/* Moves the value @v away from @other if @by is above 1, and towards @other if @by is below 1. */
static float blend(float v, float other, float by) {
    return clamp(v * by + other * (1 - by));
}

/* ---- Contrast ---------------------------------------------------------------------------------------------------- */

/* Returns the mean of the grey values. The sum is a double, so that rounding errors stay small in large images. */
static float mean_grey(const float *image, size_t n, int channels) {
    double sum = 0;

    for (size_t i = 0; i < n; i++, image += channels)
        sum += (double)(channels == 1 ? *image : grey(image));
    return (float)(sum / (double)n);
}

static void change_contrast(float by, size_t n, int channels, float *image) {
    float mean = mean_grey(image, n, channels);
    int colors = channels == 4 ? 3 : channels;

    for (size_t i = 0; i < n; i++, image += channels)
        for (int c = 0; c < colors; c++)
            image[c] = blend(image[c], mean, by);
}

/* ---- Saturation and hue ------------------------------------------------------------------------------------------ */

static void change_saturation(float by, size_t n, int channels, float *image) {
    for (size_t i = 0; i < n; i++, image += channels) {
        float g = grey(image);
        for (int c = 0; c < 3; c++)
            image[c] = blend(image[c], g, by);
    }
}

/* Returns @x modulo 6, for @x from 0 to 12. */
static float modulo_6(float x) {
    return x < 6 ? x : x - 6;
}

/* Returns the hue of a colour in sixths of the circle, from 0 to 6. @high is the largest value of the colour, and
   @chroma, which is not 0, is the difference between the largest and the smallest value. */
static float hue_of(const float *pixel, float high, float chroma) {
    float r = pixel[0], g = pixel[1], b = pixel[2];

    if (high == r)
        return modulo_6((g - b) / chroma + 6);
    return high == g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
}

/* Returns the value of a colour channel. @distance is 5 for red, 3 for green and 1 for blue. */
static float channel(float hue, float distance, float high, float chroma) {
    float k = modulo_6(distance + hue), part = k < 4 - k ? k : 4 - k;

    return high - chroma * (part < 0 ? 0 : part > 1 ? 1 : part);
}

/* Turns the hue of each pixel by @by sixths of the circle. @by is from -3 to 3. */
static void change_hue(float by, size_t n, int channels, float *image) {
    for (size_t i = 0; i < n; i++, image += channels) {
        float high = fmaxf(fmaxf(image[0], image[1]), image[2]);
        float chroma = high - fminf(fminf(image[0], image[1]), image[2]);
        if (chroma == 0)
            continue;
        float hue = modulo_6(hue_of(image, high, chroma) + by + (by < 0 ? 6 : 0));
        image[0] = clamp(channel(hue, 5, high, chroma));
        image[1] = clamp(channel(hue, 3, high, chroma));
        image[2] = clamp(channel(hue, 1, high, chroma));
    }
}

void lade__jitter_apply(const struct lade_transform *t, size_t n, int channels, float *image) {
    float contrast = factor(t->contrast), saturation = factor(t->saturation);

    if (contrast != 1)
        change_contrast(contrast, n, channels, image);
    if (saturation != 1 && channels > 1)
        change_saturation(saturation, n, channels, image);
    if (t->hue != 0 && channels > 1)
        change_hue(6 * (t->hue - floorf(t->hue + 0.5f)), n, channels, image);
}
