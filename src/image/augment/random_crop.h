/*
 * image/augment/random_crop.h - draws the sides of a random rectangle, for random crops and for random erasing,
 * and computes powers for random numbers.
 */
#ifndef LADE_SRC_IMAGE_AUGMENT_RANDOM_CROP_H
#define LADE_SRC_IMAGE_AUGMENT_RANDOM_CROP_H

#include <lade/image.h>

/*
 * The distribution of the sides of a rectangle.
 */
struct lade__random_sides {
    double image;     /* area of the image, in square pixels */
    double from, to;  /* range of the area of the rectangle, as a fraction of `image`; uniformly distributed */
    double low, high; /* the logarithm of (first side / second side) is uniformly distributed between log(low) and
                         log(high) */
};

/*
 * lade__random_sides_draw() - draws the two sides of a rectangle, rounded to whole pixels. Takes two random numbers.
 */
void lade__random_sides_draw(const struct lade__random_sides *sides, struct lade_random *random, int *first,
                             int *second);

/*
 * lade__power() - returns @base to the power of @x, for @base >= 0 and @x >= 0. The result is the same on every
 * machine, because the function computes only products and square roots. The function
 * takes floor(@x) + 40 steps.
 */
double lade__power(double base, double x);

#endif
