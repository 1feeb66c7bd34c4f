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
    DRAW_CHANNEL_SHIFT_1, /* of the other channels */
    DRAW_CHANNEL_SHIFT_2,
    DRAW_CHANNEL_SHIFT_3,
    DRAW_COUNT
};

/* ---- Checks ------------------------------------------------------------------------------------------------------ */

static int check_range(const char *name, double range, double most, const char *what, struct lade_error *err) {
    if (range >= 0 && range <= most)
        return LADE_OK;
    return lade_error_set(err, LADE_EINVAL, "%s %g: must be 0 (off) to %g%s", name, range, most, what);
}

/* Keras's number f stands for 1 - f to 1 + f. */
static void zoom_limits(const double range[2], double *low, double *high) {
    *low = range[1] != 0 ? range[0] : 1 - range[0];
    *high = range[1] != 0 ? range[1] : 1 + range[0];
}

static int check_pairs(const struct lade_augment *a, struct lade_error *err) {
    const double *b = a->brightness_range, *z = a->zoom_range;
    double low, high;

    if (!(b[0] >= 0 && b[0] <= b[1] && b[1] <= 1000))
        return lade_error_set(err, LADE_EINVAL,
                              "brightness_range {%g, %g}: must be {low, high}, 0 <= low <= high <= "
                              "1000; 1 leaves a picture as it is",
                              b[0], b[1]);
    zoom_limits(z, &low, &high);
    if (!(low > 0 && low <= high && high <= 1000 && z[0] >= 0))
        return lade_error_set(err, LADE_EINVAL,
                              "zoom_range {%g, %g}: must be {low, high}, 0 < low <= high <= 1000, or "
                              "one number below 1",
                              z[0], z[1]);
    return LADE_OK;
}

static int check_words(const struct lade_augment *a, struct lade_error *err) {
    if ((unsigned)a->shift_unit >= LADE_SHIFT_UNIT_COUNT)
        return lade_error_set(err, LADE_EINVAL, "shift_unit %d is not known", (int)a->shift_unit);
    if ((unsigned)a->fill_mode >= LADE_FILL_MODE_COUNT)
        return lade_error_set(err, LADE_EINVAL, "fill_mode %d is not known", (int)a->fill_mode);
    if ((unsigned)a->quirks >= LADE_QUIRKS_COUNT)
        return lade_error_set(err, LADE_EINVAL, "quirks %d is not known", (int)a->quirks);
    if (a->interpolation_order != 0 && a->interpolation_order != 1 && a->interpolation_order != LADE_OFF)
        return lade_error_set(err, LADE_EINVAL,
                              "interpolation_order %d: must be 1 (or 0, its default), or LADE_OFF for "
                              "the nearest pixel",
                              a->interpolation_order);
    if (!isfinite(a->cval))
        return lade_error_set(err, LADE_EINVAL, "cval %g: must be a finite number", (double)a->cval);
    if (a->shift_unit == LADE_SHIFT_WHOLE_PIXELS &&
        (a->width_shift_range != floor(a->width_shift_range) || a->height_shift_range != floor(a->height_shift_range)))
        return lade_error_set(err, LADE_EINVAL,
                              "width_shift_range %g, height_shift_range %g: must be whole numbers with "
                              "shift_unit whole_pixels",
                              a->width_shift_range, a->height_shift_range);
    return LADE_OK;
}

int lade_augment_check(const struct lade_augment *augment, struct lade_error *err) {
    static const char shift[] = ": below 1 a fraction of the size, else pixels";
    const struct {
        const char *name;
        double range, most;
        const char *what;
    } ranges[] = {
        {"rotation_range", augment->rotation_range, 360, " degrees"},
        {"width_shift_range", augment->width_shift_range, 1e6, shift},
        {"height_shift_range", augment->height_shift_range, 1e6, shift},
        {"shear_range", augment->shear_range, 89, " degrees"},
        {"channel_shift_range", augment->channel_shift_range, 255, ""},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (check_range(ranges[i].name, ranges[i].range, ranges[i].most, ranges[i].what, err) < 0)
            return LADE_EINVAL;
    int rc = check_pairs(augment, err);
    return rc == LADE_OK ? check_words(augment, err) : rc;
}

/* ---- Draws ------------------------------------------------------------------------------------------------------- */

/* -range .. range, for @u of 0 .. 1. */
static double either_way(double u, double range) {
    return (2 * u - 1) * range;
}

/* A whole number of -(n - 1) .. n - 1. Keras 3 draws 0 .. n - 1 and a sign apart, so 0 twice as often. */
static double whole_pixels(double u, double n, enum lade_quirks quirks) {
    if (n == 0)
        return 0;
    if (quirks == LADE_QUIRKS_KERAS3) {
        double k = floor(u * 2 * n);
        return k < n ? k : n - k;
    }
    return floor(u * (2 * n - 1)) - (n - 1);
}

/* A shift in pixels along an axis of @size. */
static double draw_shift(double u, double range, const struct lade_augment *a, int size) {
    if (a->shift_unit == LADE_SHIFT_WHOLE_PIXELS)
        return whole_pixels(u, range, a->quirks);
    bool fraction = a->shift_unit == LADE_SHIFT_FRACTION || (a->shift_unit == LADE_SHIFT_AUTO && range < 1);
    return either_way(u, fraction ? range * size : range);
}

static double draw_brightness(double u, const double range[2]) {
    double drawn = range[0] + u * (range[1] - range[0]);
    if (range[1] == 0)
        return 0;
    return drawn != 0 ? drawn : LADE_OFF;
}

void lade_transform_draw(const struct lade_augment *augment, struct lade_random *random, int height, int width,
                         struct lade_transform *out) {
    static const struct lade_augment none;
    const struct lade_augment *a = augment ? augment : &none;
    double u[DRAW_COUNT], low, high;
    for (int i = 0; i < DRAW_COUNT; i++)
        u[i] = lade_random_double(random);
    zoom_limits(a->zoom_range, &low, &high);
    double along_width = draw_shift(u[DRAW_WIDTH_SHIFT], a->width_shift_range, a, width);
    double along_height = draw_shift(u[DRAW_HEIGHT_SHIFT], a->height_shift_range, a, height);
    bool swapped = a->quirks == LADE_QUIRKS_KERAS3;
    *out = (struct lade_transform){
        .theta = either_way(u[DRAW_ROTATION], a->rotation_range),
        .tx = swapped ? along_height : along_width,
        .ty = swapped ? along_width : along_height,
        .shear = either_way(u[DRAW_SHEAR], a->shear_range),
        .zx = low + u[DRAW_ZOOM_X] * (high - low),
        .zy = low + u[DRAW_ZOOM_Y] * (high - low),
        .channel_shift_intensity = {either_way(u[DRAW_CHANNEL_SHIFT], a->channel_shift_range),
                                    either_way(u[DRAW_CHANNEL_SHIFT_1], a->channel_shift_range),
                                    either_way(u[DRAW_CHANNEL_SHIFT_2], a->channel_shift_range),
                                    either_way(u[DRAW_CHANNEL_SHIFT_3], a->channel_shift_range)},
        .brightness = draw_brightness(u[DRAW_BRIGHTNESS], a->brightness_range),
        .flip_horizontal = a->horizontal_flip && u[DRAW_HORIZONTAL_FLIP] < 0.5,
        .flip_vertical = a->vertical_flip && u[DRAW_VERTICAL_FLIP] < 0.5,
        .fill_mode = a->fill_mode,
        .cval = a->cval,
        .interpolation_order = a->interpolation_order,
        .quirks = a->quirks,
    };
}
