/*
 * image/geometry/angle.h - sines and cosines that are the same on every machine: those of the C library differ in their
 * last bit from one to the next, and so would the pixels.
 */
#ifndef LADE_SRC_IMAGE_GEOMETRY_ANGLE_H
#define LADE_SRC_IMAGE_GEOMETRY_ANGLE_H

struct lade__angle {
    double sin, cos;
};

/*
 * lade__angle_degrees() - of an angle in degrees; exact at multiples of 90.
 * lade__angle_radians() - of an angle in radians, |@radians| <= 2^20; at the double nearest to pi / 2 the cosine is
 *                         6e-17, as it should be.
 */
struct lade__angle lade__angle_degrees(double degrees);
struct lade__angle lade__angle_radians(double radians);

#endif
