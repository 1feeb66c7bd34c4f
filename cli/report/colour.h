/*
 * colour.h - makes colours from lightness, chroma and hue, in the colour space Oklab (Bjoern Ottosson, "A perceptual
 * color space for image processing", 2020). In Oklab, colours with the same lightness look equally light.
 */
#ifndef LADE_CLI_REPORT_COLOUR_H
#define LADE_CLI_REPORT_COLOUR_H

struct colour {
    double r, g, b; /* sRGB, 0..1 */
};

/*
 * Returns a colour. @lightness is 0..1, @chroma is 0 (grey) to about 0.3, and @hue is 0..1. If sRGB cannot represent
 * the colour, its chroma is reduced.
 */
struct colour colour_lch(double lightness, double chroma, double hue);

/* Returns the colour 0xrrggbb. */
struct colour colour_rgb(unsigned rgb);

/* Returns the colour of class @i. The colours of classes @i and @i + 1 are easy to distinguish, and each colour is easy
   to read on white. */
struct colour colour_of_class(int i);

#endif
