/*
 * From the ranges that a user gives to what happens to one image. Every parameter that there is or will be has its
 * place in one fixed list of random numbers, which is drawn in full for every image: switching one augmentation on or
 * off changes no other, and an image and its mask stay together.
 */
#include <lade/image.h>

#include <math.h>

/* Pinned: part of "same seed, same bytes". New ones go to the end. The order is Keras's. */
enum draw {
    DRAW_ROTATION,
    DRAW_HEIGHT_SHIFT,
    DRAW_WIDTH_SHIFT,
    DRAW_SHEAR,
    DRAW_ZOOM_X,
    DRAW_ZOOM_Y,
    DRAW_HORIZONTAL_FLIP,
    DRAW_VERTICAL_FLIP,
    DRAW_CHANNEL_SHIFT,
    DRAW_BRIGHTNESS,
    DRAW_COUNT
};

static int check_shift(const char *name, double range, struct lade_error *err) {
    if (isfinite(range) && range >= 0 && range <= 1e6)
        return LADE_OK;
    return lade_error_set(err, LADE_EINVAL,
                          "%s %g: must be 0 (off) or more: below 1 a fraction of the size, else pixels up to 10^6",
                          name, range);
}

int lade_augment_check(const struct lade_augment *augment, struct lade_error *err) {
    int rc = check_shift("width_shift_range", augment->width_shift_range, err);
    if (rc == LADE_OK)
        rc = check_shift("height_shift_range", augment->height_shift_range, err);
    if (rc < 0)
        return rc;
    if ((unsigned)augment->shift_unit >= LADE_SHIFT_UNIT_COUNT)
        return lade_error_set(err, LADE_EINVAL, "shift_unit %d is not known", (int)augment->shift_unit);
    if ((unsigned)augment->fill_mode >= LADE_FILL_MODE_COUNT)
        return lade_error_set(err, LADE_EINVAL, "fill_mode %d is not known", (int)augment->fill_mode);
    if (!isfinite(augment->cval))
        return lade_error_set(err, LADE_EINVAL, "cval %g: must be a finite number", (double)augment->cval);
    return LADE_OK;
}

/* A number of @range's unit, in pixels of an axis of @size. */
static double in_pixels(double range, enum lade_shift_unit unit, int size) {
    bool fraction = unit == LADE_SHIFT_FRACTION || (unit == LADE_SHIFT_AUTO && range < 1);
    return fraction ? range * size : range;
}

void lade_transform_draw(const struct lade_augment *augment, struct lade_random *random, int height, int width,
                         struct lade_transform *out) {
    static const struct lade_augment none;
    const struct lade_augment *a = augment ? augment : &none;
    double u[DRAW_COUNT];
    for (int i = 0; i < DRAW_COUNT; i++)
        u[i] = lade_random_double(random);
    *out = (struct lade_transform){
        .tx = (2 * u[DRAW_WIDTH_SHIFT] - 1) * in_pixels(a->width_shift_range, a->shift_unit, width),
        .ty = (2 * u[DRAW_HEIGHT_SHIFT] - 1) * in_pixels(a->height_shift_range, a->shift_unit, height),
        .fill_mode = a->fill_mode,
        .cval = a->cval,
        .flip_horizontal = a->horizontal_flip && u[DRAW_HORIZONTAL_FLIP] < 0.5,
        .flip_vertical = a->vertical_flip && u[DRAW_VERTICAL_FLIP] < 0.5,
    };
}
