/*
 * colour.h - colours by lightness, chroma and hue, in the colour space Oklab (Bjoern Ottosson, "A perceptual color
 * space for image processing", 2020). Colours of equal lightness there look equally light.
 */
#ifndef LADE_CLI_REPORT_COLOUR_H
#define LADE_CLI_REPORT_COLOUR_H

struct colour {
    double r, g, b; /* sRGB, 0..1 */
};

/*
 * Returns a colour with @lightness 0..1, @chroma 0 (grey) .. about 0.3, and @hue 0..1. The chroma of a colour that sRGB
 * cannot represent is reduced.
 */
struct colour colour_lch(double lightness, double chroma, double hue);

/* Returns the colour 0xrrggbb. */
struct colour colour_rgb(unsigned rgb);

/* Returns the colour of class @i. Neighbouring classes differ clearly, and each colour is readable on white. */
struct colour colour_of_class(int i);

#endif
