/*
 * Converts palette indices to colours. A palette always has 256 entries, so every index in a file is valid.
 */
#include "image/color/palette.h"

#include <string.h>

void lade__palette_init(struct lade__palette *palette) {
    for (int i = 0; i < 256; i++) {
        memset(palette->rgba[i], i, 3);
        palette->rgba[i][3] = 255;
    }
}

void lade__palette_row(const struct lade__palette *palette, enum lade__pixel_layout layout, const uint8_t *indices,
                       uint8_t *out, int width) {
    if (layout == LADE__RGBA)
        for (int x = 0; x < width; x++, out += 4)
            memcpy(out, palette->rgba[indices[x]], 4);
    else
        for (int x = 0; x < width; x++, out += 3)
            memcpy(out, palette->rgba[indices[x]], 3);
}

void lade__unpack_row(const uint8_t *packed, int bits, uint8_t *out, size_t count) {
    if (bits == 8) {
        memcpy(out, packed, count);
        return;
    }
    unsigned mask = (1u << bits) - 1, per_byte = 8 / (unsigned)bits;
    for (size_t i = 0; i < count; i++)
        out[i] = (uint8_t)(packed[i / per_byte] >> (8 - (unsigned)bits * (i % per_byte + 1)) & mask);
}
