/*
 * image/color/color.h - rows of pixels from what a codec gives to what the caller asked for.
 */
#ifndef LADE_SRC_IMAGE_COLOR_COLOR_H
#define LADE_SRC_IMAGE_COLOR_COLOR_H

#include <lade/image.h>

/*
 * What codecs deliver, 8 bits a sample.
 */
enum lade__pixel_layout {
    LADE__GREY,
    LADE__RGB,
    LADE__RGBA,
    LADE__CMYK_INVERTED, /* 255 is no ink: what Adobe writes into JPEG, and what Pillow takes every such file for */
    LADE__LAYOUT_COUNT
};

/*
 * lade__layout_channels() - 1, 3, 4, 4.
 * lade__layout_is() - is @layout what @mode wants, so that nothing need be converted?
 * lade__convert_row() - @width pixels of @layout at @in become pixels of @mode at @out; they must not overlap.
 */
int lade__layout_channels(enum lade__pixel_layout layout);
bool lade__layout_is(enum lade__pixel_layout layout, enum lade_color_mode mode);
void lade__convert_row(enum lade__pixel_layout layout, enum lade_color_mode mode, const uint8_t *in, uint8_t *out,
                       int width);

/*
 * lade__premultiply_row() - RGBA pixels with their colours multiplied by alpha, as Pillow's mode "RGBa".
 * lade__unpremultiply_row() - back again, in place; pixels of alpha 0 stay as they are.
 */
void lade__premultiply_row(const uint8_t *in, uint8_t *out, int width);
void lade__unpremultiply_row(uint8_t *pixels, int width);

#endif
