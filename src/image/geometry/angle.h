/*
 * image/geometry/angle.h - sines and cosines that are the same on every machine. Those of the C library differ in the
 * last bit between machines, and then pixels would differ too.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_ANGLE_H
#define LADE_SRC_IMAGE_GEOMETRY_ANGLE_H

struct lade__angle {
    double sin, cos;
};

/*
 * lade__angle_degrees() - sine and cosine of an angle in degrees. Exact at multiples of 90.
 * lade__angle_radians() - sine and cosine of an angle in radians, |@radians| <= 2^20. The cosine of the double that is
 *                         nearest to pi / 2 is 6e-17, which is correct.
 */
struct lade__angle lade__angle_degrees(double degrees);
struct lade__angle lade__angle_radians(double radians);

#endif
