/*
 * image/color/palette.h - indices to colours, and small samples out of the bytes that they share.
 */
#ifndef LADE_SRC_IMAGE_COLOR_PALETTE_H
#define LADE_SRC_IMAGE_COLOR_PALETTE_H

#include "image/color/color.h"

struct lade__palette {
    uint8_t rgba[256][4];
};

/*
 * lade__palette_init() - every index its own shade of grey, opaque: what Pillow has where a file leaves entries out.
 * lade__palette_row() - @width indices to pixels of @layout, LADE__RGB or LADE__RGBA.
 * lade__unpack_row() - @count samples of @bits (1, 2, 4 or 8), the first in the highest bits, to a byte each.
 */
void lade__palette_init(struct lade__palette *palette);
void lade__palette_row(const struct lade__palette *palette, enum lade__pixel_layout layout, const uint8_t *indices,
                       uint8_t *out, int width);
void lade__unpack_row(const uint8_t *packed, int bits, uint8_t *out, size_t count);

#endif
