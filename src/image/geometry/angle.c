/*
 * Computes sines and cosines. The angle is first reduced to at most an eighth of a turn. The Taylor series then gives
 * the sine and cosine of the reduced angle, and symmetry gives the sine and cosine of the whole angle. The code needs
 * only additions and multiplications of doubles, so the results are the same on every machine.
 */
#include "image/geometry/angle.h"

#include <math.h>

#define PI 3.14159265358979323846

/* Returns the sine of @x, |@x| <= pi / 4. The omitted terms of the series are below 2^-64. */
static double series_sin(double x) {
    double s = x * x;
    double sum = 1. / 355687428096000; /* 17! */
    sum = -1. / 1307674368000 + s * sum;
    sum = 1. / 6227020800 + s * sum;
    sum = -1. / 39916800 + s * sum;
    sum = 1. / 362880 + s * sum;
    sum = -1. / 5040 + s * sum;
    sum = 1. / 120 + s * sum;
    sum = -1. / 6 + s * sum;
    return x + x * s * sum;
}

static double series_cos(double x) {
    double s = x * x;
    double sum = -1. / 6402373705728000; /* 18! */
    sum = 1. / 20922789888000 + s * sum;
    sum = -1. / 87178291200 + s * sum;
    sum = 1. / 479001600 + s * sum;
    sum = -1. / 3628800 + s * sum;
    sum = 1. / 40320 + s * sum;
    sum = -1. / 720 + s * sum;
    sum = 1. / 24 + s * sum;
    return 1 - (s / 2 - s * s * sum);
}

/* Returns the sine and cosine of the angle @quarter * pi / 2 + @x. */
static struct lade__angle turn(double quarter, double x) {
    double s = series_sin(x), c = series_cos(x);
    double quadrant = quarter - 4 * floor(quarter / 4);
    if (quadrant == 0)
        return (struct lade__angle){s, c};
    if (quadrant == 1)
        return (struct lade__angle){c, -s};
    if (quadrant == 2)
        return (struct lade__angle){-s, -c};
    return (struct lade__angle){-c, s};
}

struct lade__angle lade__angle_degrees(double degrees) {
    double quarter = floor(degrees / 90 + 0.5);
    return turn(quarter, (degrees - 90 * quarter) * (PI / 180));
}

struct lade__angle lade__angle_radians(double radians) {
    /* half_pi + rest is pi / 2. half_pi has only 33 bits, so its product with a small integer is exact. */
    const double half_pi = 0x1.921fb544p+0, rest = 0x1.0b4611a626331p-34;
    double quarter = floor(radians / (PI / 2) + 0.5);
    return turn(quarter, (radians - quarter * half_pi) - quarter * rest);
}
