/*
 * colour.h - colours by lightness, chroma and hue, in a space (Oklab: Bjoern Ottosson, "A perceptual color space for
 * image processing", 2020) where equal numbers look equally light: palettes made by arithmetic come out even.
 */
#ifndef LADE_CLI_REPORT_COLOUR_H
#define LADE_CLI_REPORT_COLOUR_H

struct colour {
    double r, g, b; /* sRGB, 0..1 */
};

/* @lightness 0..1, @chroma 0 (grey) .. about 0.3, @hue in turns. What a screen cannot show loses chroma, not hue. */
struct colour colour_lch(double lightness, double chroma, double hue);

/* 0xrrggbb */
struct colour colour_rgb(unsigned rgb);

/* One of many colours that are told apart well, for class @i: of medium lightness, good on white. */
struct colour colour_of_class(int i);

#endif
