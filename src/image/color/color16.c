/*
 * Converts colours of 16-bit samples. The formulas are the formulas of color.c with 65535 in place of 255. Images with
 * 16 bits are rare, so this code is short rather than fast.
 */
#include "image/color/color.h"

#include <string.h>

enum { MOST = 65535 };

/* Returns the luma of ITU-R 601-2. The weights have 16 fraction bits. */
static uint16_t luma(const uint16_t *rgb) {
    return (uint16_t)((rgb[0] * UINT32_C(19595) + rgb[1] * UINT32_C(38470) + rgb[2] * UINT32_C(7471) + 0x8000) >> 16);
}

void lade__convert_row16(enum lade__pixel_layout layout, enum lade_color_mode mode, const uint16_t *in, uint16_t *out,
                         int width) {
    int from = lade__layout_channels(layout), to = lade_color_mode_channels(mode);
    for (int x = 0; x < width; x++, in += from, out += to) {
        uint16_t pixel[4] = {in[0], in[0], in[0], MOST};
        if (from >= 3)
            memcpy(pixel, in, (size_t)from * sizeof *in);
        if (to == 1)
            out[0] = from == 1 ? in[0] : luma(in);
        else
            memcpy(out, pixel, (size_t)to * sizeof *out);
    }
}

void lade__premultiply_row16(const uint16_t *in, uint16_t *out, int width) {
    for (int x = 0; x < width; x++, in += 4, out += 4) {
        uint32_t alpha = in[3];
        for (int c = 0; c < 3; c++)
            out[c] = (uint16_t)((in[c] * alpha + MOST / 2) / MOST);
        out[3] = (uint16_t)alpha;
    }
}

void lade__unpremultiply_row16(uint16_t *pixels, int width) {
    for (int x = 0; x < width; x++, pixels += 4) {
        uint32_t alpha = pixels[3];
        for (int c = 0; c < 3 && alpha; c++) {
            uint32_t color = pixels[c] * (uint32_t)MOST / alpha;
            pixels[c] = (uint16_t)(color < MOST ? color : MOST);
        }
    }
}
