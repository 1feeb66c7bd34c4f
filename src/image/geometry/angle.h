/*
 * image/geometry/angle.h - computes sines and cosines that are the same on every machine. The last bit of sin() and
 * cos() of the C library differs between machines, so pixels that are computed from them would also differ.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_ANGLE_H
#define LADE_SRC_IMAGE_GEOMETRY_ANGLE_H

struct lade__angle {
    double sin, cos;
};

/*
 * lade__angle_degrees() - returns the sine and cosine of an angle in degrees. The results are exact at multiples of 90.
 * lade__angle_radians() - returns the sine and cosine of an angle in radians, |@radians| <= 2^20. For the double that
 *                         is nearest to pi / 2, the cosine is 6e-17, not 0; this is correct.
 */
struct lade__angle lade__angle_degrees(double degrees);
struct lade__angle lade__angle_radians(double radians);

#endif
