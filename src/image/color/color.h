/*
 * image/color/color.h - converts rows of pixels from the colours of a codec to the colours that the caller wants.
 */
#ifndef LADE_SRC_IMAGE_COLOR_COLOR_H
#define LADE_SRC_IMAGE_COLOR_COLOR_H

#include <lade/image.h>

/*
 * The kinds of pixels that codecs pass to the sink. Each sample has 8 bits, or 16 bits if sink->bits16 is true.
 */
enum lade__pixel_layout {
    LADE__GREY,
    LADE__RGB,
    LADE__RGBA,
    LADE__CMYK_INVERTED, /* 255 means no ink, as in the JPEG files of Adobe; Pillow inverts every CMYK JPEG */
    LADE__LAYOUT_COUNT
};

/*
 * lade__layout_channels() - returns the number of samples in a pixel.
 * lade__layout_is()       - returns true if pixels of @layout are already pixels of @mode and need no conversion.
 * lade__convert_row()     - converts @width pixels. @in and @out must not overlap.
 */
int lade__layout_channels(enum lade__pixel_layout layout);
bool lade__layout_is(enum lade__pixel_layout layout, enum lade_color_mode mode);
void lade__convert_row(enum lade__pixel_layout layout, enum lade_color_mode mode, const uint8_t *in, uint8_t *out,
                       int width);

/*
 * lade__convert_row16(), lade__premultiply_row16(), lade__unpremultiply_row16() - do the same as the functions without
 * 16 in their names, for samples of 16 bits. The layout must not be LADE__CMYK_INVERTED. @in and @out of
 * lade__premultiply_row16() may be the same.
 */
void lade__convert_row16(enum lade__pixel_layout layout, enum lade_color_mode mode, const uint16_t *in, uint16_t *out,
                         int width);
void lade__premultiply_row16(const uint16_t *in, uint16_t *out, int width);
void lade__unpremultiply_row16(uint16_t *pixels, int width);

/*
 * lade__premultiply_row()   - multiplies the colours of RGBA pixels by alpha, as in Pillow's mode "RGBa".
 * lade__unpremultiply_row() - divides the colours by alpha, in place. Pixels with alpha 0 are not changed.
 */
void lade__premultiply_row(const uint8_t *in, uint8_t *out, int width);
void lade__unpremultiply_row(uint8_t *pixels, int width);

#endif
