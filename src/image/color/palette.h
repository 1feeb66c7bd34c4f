/*
 * image/color/palette.h - converts palette indices to colours, and unpacks samples of fewer than 8 bits.
 */
#ifndef LADE_SRC_IMAGE_COLOR_PALETTE_H
#define LADE_SRC_IMAGE_COLOR_PALETTE_H

#include "image/color/color.h"

struct lade__palette {
    uint8_t rgba[256][4];
};

/*
 * lade__palette_init() - sets each entry to the opaque grey of its index. Pillow uses these colours for entries that a
 *                        file leaves out.
 * lade__palette_row()  - converts @width indices to pixels. @layout is LADE__RGB or LADE__RGBA.
 * lade__unpack_row()   - unpacks @count samples of @bits (1, 2, 4 or 8) to a byte each. The first sample is in the
 *                        highest bits of its byte.
 */
void lade__palette_init(struct lade__palette *palette);
void lade__palette_row(const struct lade__palette *palette, enum lade__pixel_layout layout, const uint8_t *indices,
                       uint8_t *out, int width);
void lade__unpack_row(const uint8_t *packed, int bits, uint8_t *out, size_t count);

#endif
