/*
 * image/augment/options.h - defines the table of augmentation options, one row for each field of lade_augment. The
 * table is a macro, because two modules expand it: transform.c for struct lade_augment, and flow/option for struct
 * lade_flow_options, which has the same fields at other offsets.
 */
#ifndef LADE_SRC_IMAGE_AUGMENT_OPTIONS_H
#define LADE_SRC_IMAGE_AUGMENT_OPTIONS_H

#include <lade/image.h>

extern const struct lade_word lade__fill_mode_words[], lade__quirks_words[], lade__shift_unit_words[],
    lade__interpolation_order_words[];

/*
 * LADE__AUGMENT_OPTIONS(ROW) expands to ROW(field, use, ...) for each option. The last arguments initialise members of
 * struct lade_option_info. `use` selects how the values of struct lade_transform are made from the option:
 *
 *   DRAWN(draw, into, n...)  n is the index of a random number. draw_##draw() of transform.c makes a value from this
 *                            random number and stores the value in the field `into`. With several indices, `into` is an
 *                            array of values.
 *   DRAWN_PAIR(draw, into, second, n, m)  does the same for two fields; the field `second` must follow the field
 *                            `into`. If several rows have the same field `into`, draw_##draw() adds to the value of
 *                            earlier rows.
 *   DRAWN_ALONE(draw, purpose)  draw_##draw() of transform.c changes the transform with a stream of random numbers that
 *                            has this purpose. The function is called only if the option is not zero. The row must
 *                            come after the rows whose fields the function changes.
 *   COPIED(into)             the value of the option is copied to the field `into`.
 *   PARAMETER                the functions draw_...() of other rows use the value of the option.
 *
 * The indices of a row must never change, because the same seed must give the same bytes in every version. A new row
 * uses the next free index.
 */
#define LADE__AUGMENT_OPTIONS(ROW)                                                                                     \
    ROW(rotation_range, DRAWN(either_way, theta, 0), .type = LADE_OPTION_DOUBLE, .maximum = 360, .placeholder = "X",   \
        .description = "turn by up to X degrees in either direction")                                                  \
    ROW(width_shift_range, DRAWN(width_shift, tx, 2), .type = LADE_OPTION_DOUBLE, .maximum = 1e6, .placeholder = "X",  \
        .description = "move left or right by up to X: a fraction of the width if X is below 1, otherwise pixels")     \
    ROW(height_shift_range, DRAWN(height_shift, ty, 1), .type = LADE_OPTION_DOUBLE, .maximum = 1e6,                    \
        .placeholder = "X",                                                                                            \
        .description = "move up or down by up to X: a fraction of the height if X is below 1, otherwise pixels")       \
    ROW(shift_unit, PARAMETER, .type = LADE_OPTION_ENUM, .words = lade__shift_unit_words, .stored_as_number = true,    \
        .placeholder = "UNIT", .description = "unit of the two shift ranges")                                          \
    ROW(brightness_range, DRAWN(factor, brightness, 9), .type = LADE_OPTION_DOUBLE, .maximum = 1000, .single = true,   \
        .placeholder = "A,B", .description = "multiply colours by a factor from A to B; one number X means 1-X,1+X")   \
    ROW(shear_range, DRAWN(either_way, shear, 3), .type = LADE_OPTION_DOUBLE, .maximum = 89, .placeholder = "X",       \
        .description = "slant vertical lines by up to X degrees in either direction")                                  \
    ROW(zoom_range, DRAWN_PAIR(zoom, zx, zy, 4, 5), .type = LADE_OPTION_DOUBLE, .maximum = 1000,                       \
        .above_minimum = true, .single = true, .placeholder = "A,B",                                                   \
        .description = "multiply the visible width and height by a factor from A to B; a factor below 1 enlarges the " \
                       "content; one number X means 1-X,1+X")                                                          \
    ROW(channel_shift_range, DRAWN(either_way, channel_shift_intensity, 8, 10, 11, 12), .type = LADE_OPTION_DOUBLE,    \
        .maximum = 255, .placeholder = "X",                                                                            \
        .description = "add a random value from -X to X to each colour channel; the value differs for each channel")   \
    ROW(fill_mode, COPIED(fill_mode), .type = LADE_OPTION_ENUM, .words = lade__fill_mode_words, .placeholder = "MODE", \
        .description = "values of the pixels that come from outside the image")                                        \
    ROW(cval, COPIED(cval), .type = LADE_OPTION_FLOAT, .minimum = -INFINITY, .maximum = INFINITY, .placeholder = "X",  \
        .description = "value of the pixels that come from outside the image, for fill mode constant")                 \
    ROW(horizontal_flip, DRAWN(coin, flip_horizontal, 6), .type = LADE_OPTION_BOOL,                                    \
        .description = "exchange left and right in half of the images")                                                \
    ROW(vertical_flip, DRAWN(coin, flip_vertical, 7), .type = LADE_OPTION_BOOL,                                        \
        .description = "exchange top and bottom in half of the images")                                                \
    ROW(interpolation_order, COPIED(interpolation_order), .type = LADE_OPTION_ENUM,                                    \
        .words = lade__interpolation_order_words, .stored_as_number = true, .default_value = {1}, .placeholder = "N",  \
        .description = "interpolation between pixels; 1 is linear, 0 is the nearest pixel (for masks)")                \
    ROW(quirks, COPIED(quirks), .type = LADE_OPTION_ENUM, .words = lade__quirks_words, .placeholder = "WHOSE",         \
        .description = "compute these options as Keras documents them, or as Keras 3 computes them")                   \
    ROW(contrast_range, DRAWN(factor, contrast, 13), .type = LADE_OPTION_FLOAT, .maximum = 1000, .single = true,       \
        .placeholder = "A,B",                                                                                          \
        .description = "multiply the contrast by a factor from A to B; one number X means 1-X,1+X")                    \
    ROW(saturation_range, DRAWN(factor, saturation, 14), .type = LADE_OPTION_FLOAT, .maximum = 1000, .single = true,   \
        .placeholder = "A,B",                                                                                          \
        .description = "multiply the saturation by a factor from A to B; one number X means 1-X,1+X")                  \
    ROW(hue_range, DRAWN(either_way, hue, 15), .type = LADE_OPTION_FLOAT, .maximum = 0.5, .placeholder = "X",          \
        .description = "turn the hue by up to X in either direction; 1 is the whole circle")                           \
    ROW(crop_padding, DRAWN_PAIR(padded_crop, tx, ty, 16, 17), .type = LADE_OPTION_INT, .maximum = 65535,              \
        .placeholder = "N",                                                                                            \
        .description = "pad each side by N pixels with the fill mode, and crop a random part of the original size")    \
    ROW(random_erasing, DRAWN_ALONE(erasing, LADE_RANDOM_ERASE), .type = LADE_OPTION_FLOAT, .maximum = 1,              \
        .placeholder = "P", .description = "erase a rectangle of each image with probability P")                       \
    ROW(erasing_scale, PARAMETER, .type = LADE_OPTION_FLOAT, .maximum = 1, .default_value = {0.02, 0.33},              \
        .placeholder = "A,B",                                                                                          \
        .description = "random erasing: area of the rectangle, as a fraction of the image's area")                     \
    ROW(erasing_ratio, PARAMETER, .type = LADE_OPTION_FLOAT, .minimum = 0.001, .maximum = 1000,                        \
        .default_value = {0.3, 3.3}, .placeholder = "A,B",                                                             \
        .description = "random erasing: height of the rectangle, divided by its width")                                \
    ROW(erasing_value, PARAMETER, .type = LADE_OPTION_FLOAT, .maximum = 255, .placeholder = "X",                       \
        .description = "random erasing: value of the erased pixels, before rescale")                                   \
    ROW(trivial_augment, DRAWN_ALONE(trivial, LADE_RANDOM_TRIVIAL), .type = LADE_OPTION_BOOL,                          \
        .description = "TrivialAugment: apply one random change, with a random magnitude, to each image")

/*
 * lade__transform_check_fields() - checks that all numbers of @t are finite and that its enums are valid.
 * lade__transform_check()        - also checks that @t reads no pixels too far outside an image of @height x @width.
 *
 * Both functions return LADE_OK, or LADE_EINVAL with the field as the subject.
 */
int lade__transform_check_fields(const struct lade_transform *t, struct lade_error *err);
int lade__transform_check(const struct lade_transform *t, int height, int width, struct lade_error *err);

#endif
