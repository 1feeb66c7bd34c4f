/*
 * Defines a table with one row for each operation of torchvision's TrivialAugmentWide, in the order of torchvision. As
 * in torchvision, a magnitude has 31 steps.
 */
#include "image/augment/trivial.h"

#include <math.h>

#include "image/geometry/angle.h"

/* Multiplies a factor of a struct lade_transform by @by. In the struct, 0 means 1 and LADE_OFF means 0. */
static double multiplied(double factor, double by) {
    double product = factor == LADE_OFF ? 0 : factor == 0 ? by : factor * by;

    return product != 0 ? product : LADE_OFF;
}

/* Returns the angle in degrees whose tangent is @slope, -1 <= @slope <= 1. The function uses Newton's method, because
   the arc tangent of the C library differs between machines. */
static double angle_of(double slope) {
    double angle = slope;

    for (int i = 0; i < 6; i++) {
        struct lade__angle a = lade__angle_radians(angle);
        angle -= (a.sin - slope * a.cos) * a.cos;
    }
    return angle * (180 / 3.14159265358979323846);
}

/* The image and the magnitude of a change. */
struct change {
    double magnitude; /* may be negative */
    int step;
    int height, width;
};

static void keep(const struct change *c, struct lade_transform *t) {
    (void)c, (void)t;
}

/* torchvision shears about the upper left corner of the image. lade shears about the centre, so the image is also
   moved. */
static void shear_x(const struct change *c, struct lade_transform *t) {
    t->shear -= angle_of(c->magnitude);
    t->tx += c->magnitude * c->height / 2;
}

/* A turn, a shear along x and a zoom together have the effect of a shear along y. */
static void shear_y(const struct change *c, struct lade_transform *t) {
    double m = c->magnitude, n = sqrt(1 + m * m), offset = m * c->width / 2;
    t->theta += angle_of(m);
    t->shear -= angle_of(m);
    t->zx = (t->zx != 0 ? t->zx : 1) * n;
    t->zy = (t->zy != 0 ? t->zy : 1) / n;
    t->tx += m / n * offset;
    t->ty += offset / n;
}

static void translate_x(const struct change *c, struct lade_transform *t) {
    t->tx -= trunc(c->magnitude);
}

static void translate_y(const struct change *c, struct lade_transform *t) {
    t->ty -= trunc(c->magnitude);
}

static void rotate(const struct change *c, struct lade_transform *t) {
    t->theta += c->magnitude;
}

static void brightness(const struct change *c, struct lade_transform *t) {
    t->brightness = multiplied(t->brightness, 1 + c->magnitude);
}

static void saturation(const struct change *c, struct lade_transform *t) {
    t->saturation = (float)multiplied((double)t->saturation, 1 + c->magnitude);
}

static void contrast(const struct change *c, struct lade_transform *t) {
    t->contrast = (float)multiplied((double)t->contrast, 1 + c->magnitude);
}

static void sharpness(const struct change *c, struct lade_transform *t) {
    t->sharpness = (float)(1 + c->magnitude);
}

/* Keeps 8 bits at step 0, and 2 bits at the last step. */
static void posterize(const struct change *c, struct lade_transform *t) {
    t->posterize = (uint8_t)(8 - c->step / 5. + 0.5);
}

static void solarize(const struct change *c, struct lade_transform *t) {
    int left = LADE__TRIVIAL_STEPS - 1 - c->step;
    t->solarize = left ? 255.f * (float)left / (LADE__TRIVIAL_STEPS - 1) : (float)LADE_OFF;
}

static void autocontrast(const struct change *c, struct lade_transform *t) {
    (void)c;
    t->autocontrast = true;
}

static void equalize(const struct change *c, struct lade_transform *t) {
    (void)c;
    t->equalize = true;
}

static const struct {
    void (*add)(const struct change *c, struct lade_transform *t);
    double most; /* the largest magnitude; 0 if the operation has no sign */
} operations[LADE__TRIVIAL_OPERATIONS] = {{keep, 0},         {shear_x, 0.99},   {shear_y, 0.99},    {translate_x, 32},
                                          {translate_y, 32}, {rotate, 135},     {brightness, 0.99}, {saturation, 0.99},
                                          {contrast, 0.99},  {sharpness, 0.99}, {posterize, 0},     {solarize, 0},
                                          {autocontrast, 0}, {equalize, 0}};

void lade__trivial_add(int operation, int step, bool negative, int height, int width, struct lade_transform *t) {
    double magnitude = operations[operation].most * step / (LADE__TRIVIAL_STEPS - 1);
    const struct change c = {negative ? -magnitude : magnitude, step, height, width};

    operations[operation].add(&c, t);
}

void lade__trivial_draw(struct lade_random *random, int height, int width, struct lade_transform *t) {
    int operation = (int)lade_random_below(random, LADE__TRIVIAL_OPERATIONS);
    int step = (int)lade_random_below(random, LADE__TRIVIAL_STEPS);
    bool negative = lade_random_below(random, 2) == 1;

    lade__trivial_add(operation, step, negative, height, width, t);
}
