/*
 * Has a row for each operation of torchvision's TrivialAugmentWide that struct lade_transform can describe. The
 * magnitudes have the same 31 steps as in torchvision. The operations ShearY, Sharpness, Posterize, Solarize,
 * AutoContrast and Equalize are missing, because struct lade_transform has no fields for them.
 */
#include "image/augment/trivial.h"

#include <math.h>

#include "image/geometry/angle.h"

enum { STEPS = 31 };

/* Multiplies a factor of a struct lade_transform by @by. In the struct, 0 means 1 and LADE_OFF means 0. */
static double multiplied(double factor, double by) {
    double product = factor == LADE_OFF ? 0 : factor == 0 ? by : factor * by;

    return product != 0 ? product : LADE_OFF;
}

/* Returns the angle in degrees whose tangent is @slope, -1 <= @slope <= 1, with Newton's method. The arc tangent
   of the C library differs between machines. */
static double angle_of(double slope) {
    double angle = slope;

    for (int i = 0; i < 6; i++) {
        struct lade__angle a = lade__angle_radians(angle);
        angle -= (a.sin - slope * a.cos) * a.cos;
    }
    return angle * (180 / 3.14159265358979323846);
}

static void keep(struct lade_transform *t, double magnitude) {
    (void)t, (void)magnitude;
}

static void shear(struct lade_transform *t, double magnitude) {
    t->shear += angle_of(magnitude);
}

static void translate_x(struct lade_transform *t, double magnitude) {
    t->tx += trunc(magnitude);
}

static void translate_y(struct lade_transform *t, double magnitude) {
    t->ty += trunc(magnitude);
}

static void rotate(struct lade_transform *t, double magnitude) {
    t->theta += magnitude;
}

static void brightness(struct lade_transform *t, double magnitude) {
    t->brightness = multiplied(t->brightness, 1 + magnitude);
}

static void saturation(struct lade_transform *t, double magnitude) {
    t->saturation = (float)multiplied((double)t->saturation, 1 + magnitude);
}

static void contrast(struct lade_transform *t, double magnitude) {
    t->contrast = (float)multiplied((double)t->contrast, 1 + magnitude);
}

static const struct {
    void (*change)(struct lade_transform *t, double magnitude);
    double most; /* the largest magnitude; the sign is drawn separately */
} operations[] = {{keep, 0},     {shear, 0.99},      {translate_x, 32},  {translate_y, 32},
                  {rotate, 135}, {brightness, 0.99}, {saturation, 0.99}, {contrast, 0.99}};

void lade__trivial_draw(struct lade_random *random, struct lade_transform *t) {
    uint64_t operation = lade_random_below(random, sizeof operations / sizeof *operations);
    double magnitude = operations[operation].most * (double)lade_random_below(random, STEPS) / (STEPS - 1);
    bool negative = lade_random_below(random, 2) == 1;

    operations[operation].change(t, negative ? -magnitude : magnitude);
}
