/*
 * Converts Oklab to sRGB, with the matrices of Ottosson's paper and the transfer function of IEC 61966-2-1.
 */
#include "report/colour.h"

#include <math.h>
#include <stdbool.h>

static double encode(double linear) {
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055;
}

static bool convert(double lightness, double a, double b, struct colour *out) {
    double l = lightness + 0.3963377774 * a + 0.2158037573 * b;
    double m = lightness - 0.1055613458 * a - 0.0638541728 * b;
    double s = lightness - 0.0894841775 * a - 1.2914855480 * b;
    l = l * l * l;
    m = m * m * m;
    s = s * s * s;
    double red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
    double green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
    double blue = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
    *out =
        (struct colour){encode(fmin(fmax(red, 0), 1)), encode(fmin(fmax(green, 0), 1)), encode(fmin(fmax(blue, 0), 1))};
    const double slack = 1e-3;
    return fmin(fmin(red, green), blue) >= -slack && fmax(fmax(red, green), blue) <= 1 + slack;
}

struct colour colour_lch(double lightness, double chroma, double hue) {
    struct colour c;
    double angle = hue * 6.283185307179586;
    for (int i = 0; i < 24 && !convert(lightness, chroma * cos(angle), chroma * sin(angle), &c); i++)
        chroma *= 0.9;
    return c;
}

struct colour colour_rgb(unsigned rgb) {
    return (struct colour){(rgb >> 16 & 255) / 255., (rgb >> 8 & 255) / 255., (rgb & 255) / 255.};
}

struct colour colour_of_class(int i) {
    const double golden = 0.6180339887498949; /* the hues i * golden modulo 1 are spread almost evenly, for any number
                                                 of classes */
    return colour_lch(i % 2 ? 0.55 : 0.66, 0.16, fmod(0.07 + i * golden, 1));
}
