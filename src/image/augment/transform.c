/*
 * Draws the random changes of one image from the options of augmentation. All random numbers are drawn for every image,
 * even if an option is off. So turning an option on or off does not change the random numbers of other options, and two
 * streams with the same seed change an image and its mask in the same way.
 */
#include "image/augment/options.h"

#include <math.h>
#include <string.h>

#include "base/option.h"
#include "image/augment/erasing.h"
#include "image/augment/trivial.h"
#include "image/geometry/affine.h"

/* The arguments of the functions draw_...(), which return the drawn value. */
struct draw {
    double u;             /* a random number, at least 0 and below 1 */
    double first, second; /* the numbers of the option; `second` is 0 if the option has one number */
    double before;        /* the value that an earlier row has stored in the same field */
    const struct lade_augment *augment;
    int height, width; /* size of the image */
};

/* ---- How values are drawn ---------------------------------------------------------------------------------------- */

/* Returns a number from -range to range. */
static double within(double u, double range) {
    return (2 * u - 1) * range;
}

static double draw_either_way(const struct draw *d) {
    return within(d->u, d->first);
}

static double draw_coin(const struct draw *d) {
    return d->first != 0 && d->u < 0.5;
}

/* Returns a whole number from -(n - 1) to n - 1. With LADE_QUIRKS_KERAS3, 0 is twice as frequent as any other number,
   because Keras 3 draws the sign separately. */
static double whole_pixels(double u, double n, enum lade_quirks quirks) {
    if (n == 0)
        return 0;
    if (quirks == LADE_QUIRKS_KERAS3) {
        double k = floor(u * 2 * n);
        return k < n ? k : n - k;
    }
    return floor(u * (2 * n - 1)) - (n - 1);
}

/* Returns a shift in pixels along an axis of @size pixels. */
static double shift(const struct draw *d, double range, int size) {
    const struct lade_augment *a = d->augment;
    bool fraction = a->shift_unit == LADE_SHIFT_FRACTION || (a->shift_unit == LADE_SHIFT_AUTO && range < 1);

    if (a->shift_unit == LADE_SHIFT_WHOLE_PIXELS)
        return whole_pixels(d->u, range, a->quirks);
    return within(d->u, fraction ? range * size : range);
}

static double draw_width_shift(const struct draw *d) {
    return shift(d, d->first, d->width);
}

static double draw_height_shift(const struct draw *d) {
    return shift(d, d->first, d->height);
}

/* Returns a number from the range {low, high}. {f, 0} means {1 - f, 1 + f}. */
static double draw_zoom(const struct draw *d) {
    double low = d->second != 0 ? d->first : 1 - d->first, high = d->second != 0 ? d->second : 1 + d->first;

    return low + d->u * (high - low);
}

/* Returns a factor as the fields of struct lade_transform store it: 0 if the option is off, LADE_OFF for a factor of
   0. */
static double draw_factor(const struct draw *d) {
    double drawn = draw_zoom(d);

    return d->first == 0 && d->second == 0 ? 0 : drawn != 0 ? drawn : LADE_OFF;
}

/* Adds the offset of the crop to the shift. With a padding of N pixels, the offset is from -N to N. */
static double draw_padded_crop(const struct draw *d) {
    return d->before + floor(d->u * (2 * d->first + 1)) - d->first;
}

static void draw_erasing(const struct draw *d, struct lade_random *random, struct lade_transform *t) {
    lade__erasing_draw(d->augment, random, d->height, d->width, &t->erasing);
}

static void draw_trivial(const struct draw *d, struct lade_random *random, struct lade_transform *t) {
    lade__trivial_draw(random, d->height, d->width, t);
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

/* RANDOM_NUMBERS is the number of random numbers that all rows use together. */
#define ROW(field, use, ...)        use
#define DRAWN(function, field, ...) +sizeof((int[]){__VA_ARGS__}) / sizeof(int)
#define DRAWN_PAIR(...)             +2
#define DRAWN_ALONE(...)
#define COPIED(field)
#define PARAMETER
enum { MOST_VALUES = 4, RANDOM_NUMBERS = 0 LADE__AUGMENT_OPTIONS(ROW) };
#undef ROW
#undef DRAWN
#undef DRAWN_PAIR
#undef DRAWN_ALONE
#undef COPIED
#undef PARAMETER

struct row {
    struct lade_option_info info;
    size_t into;                             /* offset in struct lade_transform */
    double (*draw)(const struct draw *draw); /* NULL if the row has no DRAWN and no DRAWN_PAIR */
    void (*draw_alone)(const struct draw *draw, struct lade_random *random, struct lade_transform *t);
    int count, numbers[MOST_VALUES]; /* number of drawn values, and for each value the index of its random number */
    const char *field, *second;      /* the field of the drawn values, and the field of the second value or NULL */
    enum lade_random_purpose alone;  /* the stream of a row with DRAWN_ALONE, otherwise 0 */
    bool copied;
};

#define FIELD(field)         offsetof(struct lade_augment, field), sizeof((struct lade_augment){0}.field)
#define ROW(field, use, ...) {.info = {#field, "Augmentation", FIELD(field), __VA_ARGS__}, use},
#define DRAWN(function, into_field, ...)                                                                    \
    .into = offsetof(struct lade_transform, into_field), .draw = draw_##function, .numbers = {__VA_ARGS__}, \
    .count = sizeof((int[]){__VA_ARGS__}) / sizeof(int), .field = #into_field
#define DRAWN_PAIR(function, into_field, second_field, n, m) DRAWN(function, into_field, n, m), .second = #second_field
#define DRAWN_ALONE(function, purpose)                       .draw_alone = draw_##function, .alone = (purpose)
#define COPIED(field)                                        .into = offsetof(struct lade_transform, field), .copied = true
#define PARAMETER                                            .copied = false

static const struct row rows[] = {LADE__AUGMENT_OPTIONS(ROW)};

enum { ROWS = sizeof rows / sizeof *rows };

/* ---- Drawing and checking ---------------------------------------------------------------------------------------- */

/* A drawn value is a bool if the option is a bool, a float if the option is a float, and otherwise a double. */
static void store(const struct row *row, void *into, int i, double value) {
    if (row->info.type == LADE_OPTION_BOOL)
        ((bool *)into)[i] = value != 0;
    else if (row->info.type == LADE_OPTION_FLOAT)
        ((float *)into)[i] = (float)value;
    else
        ((double *)into)[i] = value;
}

static double stored(const struct row *row, const void *from, int i) {
    if (row->info.type == LADE_OPTION_BOOL)
        return ((const bool *)from)[i];
    return row->info.type == LADE_OPTION_FLOAT ? (double)((const float *)from)[i] : ((const double *)from)[i];
}

/* Draws the values of a row with DRAWN or DRAWN_PAIR from the random numbers @u. */
static void draw_values(const struct row *row, struct draw *draw, const double *u, const void *option, void *into) {
    size_t size = lade__option_size(row->info.type);

    draw->first = lade__option_value(row->info.type, option, 0);
    draw->second = row->info.size > size ? lade__option_value(row->info.type, option, 1) : 0;
    for (int i = 0; i < row->count; i++) {
        draw->u = u[row->numbers[i]];
        draw->before = stored(row, into, i);
        store(row, into, i, row->draw(draw));
    }
}

/* Calls the function of a row with DRAWN_ALONE, which changes the transform. The function gets a separate
   stream of random numbers, for the same sample as @random. */
static void draw_alone(const struct row *row, const struct draw *draw, const struct lade_random *random,
                       struct lade_transform *t) {
    const uint32_t *key = random->key, *counter = random->counter;
    struct lade_random own;

    lade_random_init(&own, key[0] | (uint64_t)key[1] << 32, counter[1], counter[2] | (uint64_t)counter[3] << 32,
                     row->alone);
    row->draw_alone(draw, &own, t);
}

void lade_transform_draw(const struct lade_augment *augment, struct lade_random *random, int height, int width,
                         struct lade_transform *out) {
    static const struct lade_augment none;
    struct draw draw = {.augment = augment ? augment : &none, .height = height, .width = width};
    double u[RANDOM_NUMBERS];

    for (int i = 0; i < RANDOM_NUMBERS; i++)
        u[i] = lade_random_double(random);
    memset(out, 0, sizeof *out);
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        const char *option = (const char *)draw.augment + row->info.offset;
        char *into = (char *)out + row->into;
        if (row->draw)
            draw_values(row, &draw, u, option, into);
        else if (row->copied)
            memcpy(into, option, row->info.size);
        else if (row->draw_alone && !lade__option_is_zero(&row->info, draw.augment))
            draw_alone(row, &draw, random, out);
    }
    if (draw.augment->quirks == LADE_QUIRKS_KERAS3) { /* Keras 3 exchanges the two axes by mistake */
        double along_width = out->tx;
        out->tx = out->ty;
        out->ty = along_width;
    }
}

static bool is_whole(double x) {
    return x == floor(x);
}

int lade_augment_check(const struct lade_augment *augment, struct lade_error *err) {
    if (lade__reserved_check(augment->augment_reserved, sizeof augment->augment_reserved, "lade_augment", err) < 0)
        return LADE_EINVAL;
    for (const struct row *row = rows; row < rows + ROWS; row++)
        if (lade__option_check(&row->info, augment, err) < 0)
            return LADE_EINVAL;
    if (augment->shift_unit != LADE_SHIFT_WHOLE_PIXELS)
        return LADE_OK;
    bool width = !is_whole(augment->width_shift_range);
    if (!width && is_whole(augment->height_shift_range))
        return LADE_OK;
    const char *name = width ? "width_shift_range" : "height_shift_range";
    return lade_error_set_subject(err, LADE_EINVAL, name,
                                  "%s is %g: it must be a whole number, because shift_unit is whole_pixels", name,
                                  width ? augment->width_shift_range : augment->height_shift_range);
}

/* ---- Checking a transform ---------------------------------------------------------------------------------------- */

static int not_finite(struct lade_error *err, const char *field, double value) {
    return lade_error_set_subject(err, LADE_EINVAL, field, "%s is %g: it must be a finite number", field, value);
}

int lade__transform_check_fields(const struct lade_transform *t, struct lade_error *err) {
    for (const struct row *row = rows; row < rows + ROWS; row++)
        for (int i = 0; i < row->count; i++) {
            double value = stored(row, (const char *)t + row->into, i);
            if (!isfinite(value))
                return not_finite(err, i && row->second ? row->second : row->field, value);
        }
    const struct {
        const char *name;
        float value;
    } others[] = {
        {"cval", t->cval}, {"erasing", t->erasing.value}, {"sharpness", t->sharpness}, {"solarize", t->solarize}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!isfinite(others[i].value))
            return not_finite(err, others[i].name, (double)others[i].value);
    if (t->posterize > 8)
        return lade_error_set_subject(err, LADE_EINVAL, "posterize", "posterize is %d: it must be 0 to 8",
                                      t->posterize);
    if ((unsigned)t->fill_mode >= LADE_FILL_MODE_COUNT)
        return lade_error_set_subject(err, LADE_EINVAL, "fill_mode", "fill_mode %d is not known", (int)t->fill_mode);
    if ((unsigned)t->quirks >= LADE_QUIRKS_COUNT)
        return lade_error_set_subject(err, LADE_EINVAL, "quirks", "quirks %d is not known", (int)t->quirks);
    return LADE__RESERVED_CHECK(t, "lade_transform", err);
}

int lade__transform_check(const struct lade_transform *t, int height, int width, struct lade_error *err) {
    struct lade__affine map;
    int status = lade__transform_check_fields(t, err);

    if (status == LADE_OK && t->quirks != LADE_QUIRKS_KERAS3)
        status = lade__affine_set(&map, t, height, width, err);
    return status;
}
