/*
 * Converts colours by Pillow's integer formulas. The functions work on rows, because codecs produce rows and the
 * resizer reads rows.
 */
#include "image/color/color.h"

#include <string.h>

/* Returns a * b / 255, rounded to the nearest integer. */
static inline uint8_t mul255(unsigned a, unsigned b) {
    unsigned t = a * b + 128;
    return (uint8_t)(((t >> 8) + t) >> 8);
}

/* Returns the luma of ITU-R 601-2. The weights have 16 fraction bits. */
static inline uint8_t luma(unsigned r, unsigned g, unsigned b) {
    return (uint8_t)((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16);
}

/* Converts one ink of an inverted CMYK pixel to red, green or blue: the light that this ink and black do not absorb. */
static inline uint8_t ink(unsigned inverted, unsigned inverted_black) {
    return (uint8_t)(inverted_black - mul255(255 - inverted, inverted_black));
}

static void grey_to_grey(const uint8_t *in, uint8_t *out, int width) {
    memcpy(out, in, (size_t)width);
}

static void grey_to_rgb(const uint8_t *in, uint8_t *out, int width) {
    for (int x = 0; x < width; x++, out += 3)
        out[0] = out[1] = out[2] = in[x];
}

static void grey_to_rgba(const uint8_t *in, uint8_t *out, int width) {
    for (int x = 0; x < width; x++, out += 4) {
        out[0] = out[1] = out[2] = in[x];
        out[3] = 255;
    }
}

static void rgb_to_rgb(const uint8_t *in, uint8_t *out, int width) {
    memcpy(out, in, (size_t)width * 3);
}

static void rgb_to_grey(const uint8_t *in, uint8_t *out, int width) {
    for (int x = 0; x < width; x++, in += 3)
        out[x] = luma(in[0], in[1], in[2]);
}

static void rgb_to_rgba(const uint8_t *in, uint8_t *out, int width) {
    for (int x = 0; x < width; x++, in += 3, out += 4) {
        out[0] = in[0];
        out[1] = in[1];
        out[2] = in[2];
        out[3] = 255;
    }
}

static void rgba_to_rgb(const uint8_t *in, uint8_t *out, int width) {
    for (int x = 0; x < width; x++, in += 4, out += 3) {
        out[0] = in[0];
        out[1] = in[1];
        out[2] = in[2];
    }
}

static void rgba_to_grey(const uint8_t *in, uint8_t *out, int width) {
    for (int x = 0; x < width; x++, in += 4)
        out[x] = luma(in[0], in[1], in[2]);
}

static void rgba_to_rgba(const uint8_t *in, uint8_t *out, int width) {
    memcpy(out, in, (size_t)width * 4);
}

static void cmyk_to_rgb(const uint8_t *in, uint8_t *out, int width) {
    for (int x = 0; x < width; x++, in += 4, out += 3) {
        out[0] = ink(in[0], in[3]);
        out[1] = ink(in[1], in[3]);
        out[2] = ink(in[2], in[3]);
    }
}

static void cmyk_to_grey(const uint8_t *in, uint8_t *out, int width) {
    for (int x = 0; x < width; x++, in += 4)
        out[x] = luma(ink(in[0], in[3]), ink(in[1], in[3]), ink(in[2], in[3]));
}

static void cmyk_to_rgba(const uint8_t *in, uint8_t *out, int width) {
    for (int x = 0; x < width; x++, in += 4, out += 4) {
        out[0] = ink(in[0], in[3]);
        out[1] = ink(in[1], in[3]);
        out[2] = ink(in[2], in[3]);
        out[3] = 255;
    }
}

typedef void convert_fn(const uint8_t *in, uint8_t *out, int width);

static convert_fn *const converters[LADE__LAYOUT_COUNT][LADE_COLOR_MODE_COUNT] = {
    [LADE__GREY] =
        {[LADE_COLOR_RGB] = grey_to_rgb, [LADE_COLOR_GRAYSCALE] = grey_to_grey, [LADE_COLOR_RGBA] = grey_to_rgba},
    [LADE__RGB] =
        {[LADE_COLOR_RGB] = rgb_to_rgb, [LADE_COLOR_GRAYSCALE] = rgb_to_grey, [LADE_COLOR_RGBA] = rgb_to_rgba},
    [LADE__RGBA] =
        {[LADE_COLOR_RGB] = rgba_to_rgb, [LADE_COLOR_GRAYSCALE] = rgba_to_grey, [LADE_COLOR_RGBA] = rgba_to_rgba},
    [LADE__CMYK_INVERTED] =
        {[LADE_COLOR_RGB] = cmyk_to_rgb, [LADE_COLOR_GRAYSCALE] = cmyk_to_grey, [LADE_COLOR_RGBA] = cmyk_to_rgba},
};

int lade__layout_channels(enum lade__pixel_layout layout) {
    static const int channels[LADE__LAYOUT_COUNT] = {1, 3, 4, 4};
    return channels[layout];
}

bool lade__layout_is(enum lade__pixel_layout layout, enum lade_color_mode mode) {
    static const enum lade__pixel_layout wanted[LADE_COLOR_MODE_COUNT] = {
        [LADE_COLOR_RGB] = LADE__RGB, [LADE_COLOR_GRAYSCALE] = LADE__GREY, [LADE_COLOR_RGBA] = LADE__RGBA};
    return layout == wanted[mode];
}

void lade__convert_row(enum lade__pixel_layout layout, enum lade_color_mode mode, const uint8_t *in, uint8_t *out,
                       int width) {
    converters[layout][mode](in, out, width);
}

static inline void premultiply(const uint8_t *in, uint8_t *out) {
    unsigned alpha = in[3];
    out[0] = mul255(in[0], alpha);
    out[1] = mul255(in[1], alpha);
    out[2] = mul255(in[2], alpha);
    out[3] = (uint8_t)alpha;
}

/* Tests four pixels at a time, because most pixels are opaque. */
void lade__premultiply_row(const uint8_t *in, uint8_t *out, int width) {
    int x = 0;
    for (; x + 4 <= width; x += 4, in += 16, out += 16) {
        if ((in[3] & in[7] & in[11] & in[15]) == 255)
            memcpy(out, in, 16);
        else
            for (int k = 0; k < 16; k += 4)
                premultiply(in + k, out + k);
    }
    for (; x < width; x++, in += 4, out += 4)
        premultiply(in, out);
}

void lade__unpremultiply_row(uint8_t *pixels, int width) {
    for (int x = 0; x < width; x++, pixels += 4) {
        unsigned alpha = pixels[3];
        if (alpha == 0 || alpha == 255)
            continue;
        uint64_t per_one = (255u << 24) / alpha + 1; /* allows one division for three colours; the results are exact */
        for (int c = 0; c < 3; c++) {
            unsigned v = (unsigned)(pixels[c] * per_one >> 24); /* 255 * colour / alpha */
            pixels[c] = (uint8_t)(v < 255 ? v : 255);
        }
    }
}
