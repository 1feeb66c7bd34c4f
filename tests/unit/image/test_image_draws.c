/* Tests how random changes are drawn. The values have the right ranges and distributions, and the same seed always
   gives the same values. */
#include "support/image_samples.h"

#include <math.h>

static struct lade_transform draw(const struct lade_augment *augment, uint64_t sample, int height, int width) {
    struct lade_random random;
    struct lade_transform t;
    lade_random_init(&random, 5, 1, sample, LADE_RANDOM_AUGMENT);
    lade_transform_draw(augment, &random, height, width, &t);
    return t;
}

START_TEST(no_options_mean_no_changes) {
    static const struct lade_transform none;
    struct lade_transform t = draw(NULL, 3, 10, 20);
    ck_assert(t.tx == 0 && t.ty == 0 && !t.flip_horizontal && !t.flip_vertical && t.fill_mode == none.fill_mode);
}
END_TEST

START_TEST(a_draw_is_uniform_within_its_range) {
    enum { N = 20000 };
    struct lade_augment a = {
        .width_shift_range = 0.25, .height_shift_range = 3, .horizontal_flip = true, .vertical_flip = true};
    double sum_x = 0, most_x = 0, most_y = 0;
    int flips_h = 0, flips_v = 0, both = 0;
    for (int i = 0; i < N; i++) {
        struct lade_transform t = draw(&a, (uint64_t)i, 100, 40);
        ck_assert(fabs(t.tx) <= 10 && fabs(t.ty) <= 3); /* 0.25 * 40 pixels, and 3 pixels */
        sum_x += t.tx;
        most_x = fmax(most_x, fabs(t.tx));
        most_y = fmax(most_y, fabs(t.ty));
        flips_h += t.flip_horizontal;
        flips_v += t.flip_vertical;
        both += t.flip_horizontal && t.flip_vertical;
    }
    ck_assert(most_x > 9.9 && most_y > 2.97);
    ck_assert(fabs(sum_x / N) < 0.2);
    ck_assert_int_lt(abs(flips_h - N / 2), 400);
    ck_assert_int_lt(abs(flips_v - N / 2), 400);
    ck_assert_int_lt(abs(both - N / 4), 400);
}
END_TEST

START_TEST(shift_units_follow_their_names) {
    struct lade_augment a = {.width_shift_range = 2, .shift_unit = LADE_SHIFT_FRACTION};
    double most = 0;
    for (uint64_t i = 0; i < 1000; i++)
        most = fmax(most, fabs(draw(&a, i, 10, 50).tx));
    ck_assert(most > 95 && most <= 100);
    a = (struct lade_augment){.width_shift_range = 0.5, .shift_unit = LADE_SHIFT_PIXELS};
    most = 0;
    for (uint64_t i = 0; i < 1000; i++)
        most = fmax(most, fabs(draw(&a, i, 10, 50).tx));
    ck_assert(most > 0.45 && most <= 0.5);
}
END_TEST

/* A drawn value must depend only on its own option. For example, the options of an image and of its mask may differ,
   but both need the same flip and shift. */
START_TEST(an_option_does_not_change_other_draws) {
    struct lade_augment all = {
        .width_shift_range = 0.1, .height_shift_range = 0.1, .horizontal_flip = true, .vertical_flip = true};
    struct lade_augment some = {.horizontal_flip = true, .height_shift_range = 0.1, .fill_mode = LADE_FILL_WRAP};
    for (uint64_t i = 0; i < 200; i++) {
        struct lade_random one, other;
        struct lade_transform a, b;
        lade_random_init(&one, 5, 1, i, LADE_RANDOM_AUGMENT);
        other = one;
        lade_transform_draw(&all, &one, 30, 30, &a);
        lade_transform_draw(&some, &other, 30, 30, &b);
        ck_assert(a.flip_horizontal == b.flip_horizontal && a.ty == b.ty && b.tx == 0 && !b.flip_vertical);
        /* Both calls have drawn the same number of random numbers, so the next random numbers are equal. */
        ck_assert_uint_eq(lade_random_u64(&one), lade_random_u64(&other));
    }
}
END_TEST

/* In every version, each parameter must use the same random number of the stream, because the same seed must give the
   same bytes. */
START_TEST(draws_have_the_order_of_keras) {
    struct lade_augment a = {
        .width_shift_range = 0.5, .height_shift_range = 0.5, .horizontal_flip = true, .vertical_flip = true};
    for (uint64_t i = 0; i < 50; i++) {
        struct lade_random random;
        double u[10];
        lade_random_init(&random, 5, 1, i, LADE_RANDOM_AUGMENT);
        for (int k = 0; k < 10; k++)
            u[k] = lade_random_double(&random);
        struct lade_transform t = draw(&a, i, 64, 32);
        ck_assert(t.ty == (2 * u[1] - 1) * 32 && t.tx == (2 * u[2] - 1) * 16);
        ck_assert(t.flip_horizontal == (u[6] < 0.5) && t.flip_vertical == (u[7] < 0.5));
    }
}
END_TEST

START_TEST(impossible_ranges_are_named) {
    static const struct {
        struct lade_augment augment;
        const char *name;
    } cases[] = {
        {{.width_shift_range = -0.1}, "width_shift_range"},
        {{.height_shift_range = INFINITY}, "height_shift_range"},
        {{.width_shift_range = NAN}, "width_shift_range"},
        {{.fill_mode = (enum lade_fill_mode)12}, "fill_mode"},
        {{.cval = NAN}, "cval"},
        {{.shift_unit = (enum lade_shift_unit)5}, "shift_unit"},
        {{.width_shift_range = 1.5, .shift_unit = LADE_SHIFT_WHOLE_PIXELS}, "width_shift_range"},
        {{.rotation_range = -1}, "rotation_range"},
        {{.rotation_range = 361}, "rotation_range"},
        {{.shear_range = 90}, "shear_range"},
        {{.zoom_range = {1}}, "zoom_range"},
        {{.zoom_range = {1.2, 0.8}}, "zoom_range"},
        {{.zoom_range = {-0.2}}, "zoom_range"},
        {{.zoom_range = {0, 1.5}}, "zoom_range"},
        {{.zoom_range = {NAN, 1}}, "zoom_range"},
        {{.brightness_range = {0.5, 0.2}}, "brightness_range"},
        {{.brightness_range = {-1, 2}}, "brightness_range"},
        {{.channel_shift_range = 256}, "channel_shift_range"},
        {{.interpolation_order = 3}, "interpolation_order"},
        {{.quirks = (enum lade_quirks)2}, "quirks"},
        {{.contrast_range = {1.2f, 0.8f}}, "contrast_range"},
        {{.saturation_range = {-1, 1}}, "saturation_range"},
        {{.hue_range = 0.6f}, "hue_range"},
        {{.crop_padding = -1}, "crop_padding"},
        {{.random_erasing = 1.5f}, "random_erasing"},
        {{.erasing_scale = {0.5f, 0.2f}}, "erasing_scale"},
        {{.erasing_ratio = {0, 2}}, "erasing_ratio"},
        {{.erasing_value = 256}, "erasing_value"},
    };
    struct lade_error err = {0};
    ck_assert_int_eq(lade_augment_check(&(struct lade_augment){.width_shift_range = 0.1}, &err), LADE_OK);
    ck_assert_int_eq(lade_augment_check(&cases[_i].augment, &err), LADE_EINVAL);
    ck_assert_str_eq(err.subject, cases[_i].name);
}
END_TEST

/* ---- The other parameters ---------------------------------------------------------------------------------------- */

static struct lade_transform draw_of(const struct lade_augment *augment, uint64_t sample) {
    struct lade_random random;
    struct lade_transform t;
    lade_random_init(&random, 5, 1, sample, LADE_RANDOM_AUGMENT);
    lade_transform_draw(augment, &random, 20, 50, &t);
    return t;
}

/* Checks that drawn values are inside the range, that some of them are close to each end of the range, and that their
   mean is close to the middle of the range. */
#define CHECK_DRAWN(augment, field, low, high)                                               \
    do {                                                                                     \
        double least = 1e9, most = -1e9, sum = 0;                                            \
        for (uint64_t i = 0; i < 3000; i++) {                                                \
            double v = (double)draw_of(&(augment), i).field;                                 \
            least = fmin(least, v);                                                          \
            most = fmax(most, v);                                                            \
            sum += v;                                                                        \
        }                                                                                    \
        double room = ((high) - (low)) / 100., middle = ((low) + (high)) / 2.;               \
        ck_assert_msg(least >= (low) && least < (low) + room, #field " from %g", least);     \
        ck_assert_msg(most <= (high) && most > (high)-room, #field " to %g", most);          \
        ck_assert_msg(fabs(sum / 3000 - middle) < 3 * room, #field " about %g", sum / 3000); \
    } while (0)

START_TEST(draws_fill_their_ranges) {
    struct lade_augment a = {.rotation_range = 40,
                             .brightness_range = {0.5, 1.5},
                             .shear_range = 10,
                             .zoom_range = {0.8, 1.3},
                             .channel_shift_range = 60,
                             .contrast_range = {0.5f, 1.75f},
                             .saturation_range = {0, 2},
                             .hue_range = 0.25f};
    struct lade_augment one = {
        .zoom_range = {0.2}, .brightness_range = {0.5}, .contrast_range = {0.25f}, .saturation_range = {0.75f}};
    CHECK_DRAWN(a, theta, -40, 40);
    CHECK_DRAWN(a, brightness, 0.5, 1.5);
    CHECK_DRAWN(a, shear, -10, 10);
    CHECK_DRAWN(a, zx, 0.8, 1.3);
    CHECK_DRAWN(a, zy, 0.8, 1.3);
    CHECK_DRAWN(one, zx, 0.8, 1.2);
    CHECK_DRAWN(a, contrast, 0.5, 1.75);
    CHECK_DRAWN(a, saturation, 0, 2);
    CHECK_DRAWN(a, hue, -0.25, 0.25);
    CHECK_DRAWN(one, brightness, 0.5, 1.5);
    CHECK_DRAWN(one, contrast, 0.75, 1.25);
    CHECK_DRAWN(one, saturation, 0.25, 1.75);
    for (int c = 0; c < 4; c++)
        CHECK_DRAWN(a, channel_shift_intensity[c], -60, 60);
    int equal = 0;
    for (uint64_t i = 0; i < 100; i++) {
        struct lade_transform t = draw_of(&a, i);
        equal += t.zx == t.zy || t.channel_shift_intensity[0] == t.channel_shift_intensity[1];
    }
    ck_assert_int_eq(equal, 0); /* the values are drawn separately */
}
END_TEST

START_TEST(whole_pixels_are_whole) {
    struct lade_augment a = {.width_shift_range = 3, .shift_unit = LADE_SHIFT_WHOLE_PIXELS};
    struct lade_augment keras = a, one = {.height_shift_range = 1, .shift_unit = LADE_SHIFT_WHOLE_PIXELS};
    int count[5] = {0}, keras_count[5] = {0};
    keras.quirks = LADE_QUIRKS_KERAS3;
    for (uint64_t i = 0; i < 3000; i++) {
        /* With the quirks of Keras, width_shift_range draws ty. */
        double x = draw_of(&a, i).tx, y = draw_of(&keras, i).ty;
        ck_assert(x == floor(x) && fabs(x) <= 2 && y == floor(y) && fabs(y) <= 2);
        count[(int)x + 2]++;
        keras_count[(int)y + 2]++;
        ck_assert(draw_of(&one, i).ty == 0);
    }
    for (int k = 0; k < 5; k++) {
        ck_assert_int_lt(abs(count[k] - 600), 90);
        /* In Keras, the shift 0 is twice as frequent as each other shift. */
        ck_assert_int_lt(abs(keras_count[k] - (k == 2 ? 1000 : 500)), 90);
    }
}
END_TEST

/* The offsets of a crop from a padded image are equally frequent, and are added to the shift. */
START_TEST(crops_of_padded_images_are_uniform) {
    struct lade_augment a = {.crop_padding = 2}, both = a, shift = {.width_shift_range = 0.3};
    int count_x[5] = {0}, count_y[5] = {0}, equal = 0;
    both.width_shift_range = 0.3;
    for (uint64_t i = 0; i < 3000; i++) {
        struct lade_transform t = draw_of(&a, i);
        ck_assert(t.tx == floor(t.tx) && fabs(t.tx) <= 2 && t.ty == floor(t.ty) && fabs(t.ty) <= 2);
        count_x[(int)t.tx + 2]++;
        count_y[(int)t.ty + 2]++;
        equal += t.tx == t.ty;
        ck_assert(fabs(draw_of(&both, i).tx - draw_of(&shift, i).tx - t.tx) < 1e-9);
    }
    ck_assert_int_lt(abs(equal - 600), 90);
    for (int k = 0; k < 5; k++) {
        ck_assert_int_lt(abs(count_x[k] - 600), 90);
        ck_assert_int_lt(abs(count_y[k] - 600), 90);
    }
}
END_TEST

/* ---- Random erasing ---------------------------------------------------------------------------------------------- */

/* Computes the rectangle with the formulas of torchvision's RandomErasing.make_params(). */
static struct lade_erasing torchvision_erasing(const struct lade_augment *a, struct lade_random *r, int height,
                                               int width) {
    if (lade_random_double(r) >= (double)a->random_erasing)
        return (struct lade_erasing){0};
    double low = log((double)a->erasing_ratio[0]), high = log((double)a->erasing_ratio[1]);
    for (int i = 0; i < 10; i++) {
        double scale = lade_random_uniform(r, (double)a->erasing_scale[0], (double)a->erasing_scale[1]);
        double area = height * width * scale, aspect_ratio = exp(low + lade_random_double(r) * (high - low));
        int h = (int)rint(sqrt(area * aspect_ratio)), w = (int)rint(sqrt(area / aspect_ratio));
        if (!(h < height && w < width))
            continue;
        uint16_t y = (uint16_t)lade_random_below(r, (uint64_t)(height - h + 1));
        uint16_t x = (uint16_t)lade_random_below(r, (uint64_t)(width - w + 1));
        return (struct lade_erasing){x, y, (uint16_t)w, (uint16_t)h, a->erasing_value};
    }
    return (struct lade_erasing){0};
}

START_TEST(erasing_is_drawn_as_in_torchvision) {
    struct lade_augment a = {
        .random_erasing = 0.7f, .erasing_scale = {0.4f, 0.9f}, .erasing_ratio = {0.3f, 3.3f}, .erasing_value = 9};
    int erased = 0, no_room = 0;
    for (uint64_t i = 0; i < 2000; i++) {
        struct lade_random random;
        lade_random_init(&random, 5, 1, i, LADE_RANDOM_ERASE);
        struct lade_erasing want = torchvision_erasing(&a, &random, 30, 12), got = draw(&a, i, 30, 12).erasing;
        ck_assert_msg(got.x == want.x && got.y == want.y && got.width == want.width && got.height == want.height &&
                          got.value == want.value,
                      "sample %llu: %d, %d, %d, %d and %d, %d, %d, %d", (unsigned long long)i, got.x, got.y, got.width,
                      got.height, want.x, want.y, want.width, want.height);
        erased += got.width > 0;
        no_room += got.width == 0 && random.counter[0] % 65536 > 1; /* all ten rectangles were too large */
    }
    ck_assert_int_lt(abs(erased + no_room - 1400), 100);
    ck_assert_int_gt(no_room, 10);
}
END_TEST

/* Zero selects the defaults of torchvision. */
START_TEST(erasing_has_defaults) {
    struct lade_augment a = {.random_erasing = 1}, b = a;
    b.erasing_scale[0] = 0.02f, b.erasing_scale[1] = 0.33f;
    b.erasing_ratio[0] = 0.3f, b.erasing_ratio[1] = 3.3f;
    for (uint64_t i = 0; i < 100; i++) {
        struct lade_transform t = draw(&a, i, 40, 50), u = draw(&b, i, 40, 50);
        double area = t.erasing.width * t.erasing.height / 2000.;
        ck_assert_mem_eq(&t.erasing, &u.erasing, sizeof t.erasing);
        ck_assert(area > 0.01 && area < 0.36);
    }
}
END_TEST

/* ---- TrivialAugment ---------------------------------------------------------------------------------------------- */

/* Returns the index of @magnitude in the 31 steps from 0 to @most. Fails if the magnitude is not one of these steps. */
static int step_of(double magnitude, double most) {
    int step = (int)lround(fabs(magnitude) / most * 30);
    ck_assert_msg(fabs(fabs(magnitude) - most * step / 30) < 1e-6 * most, "%g of %g", magnitude, most);
    return step;
}

/* Returns the index, in torchvision's order, of the operation that @t applies to an image of 40 x 50 pixels. Returns 0
   if nothing changes. Sets *magnitude to the magnitude with its sign. For posterize, this is the number of bits. For
   solarize, autocontrast and equalize, it is 1. */
static int operation_of(const struct lade_transform *t, double *magnitude) {
    const double to_slope = 3.14159265358979323846 / 180;
    const double magnitudes[14] = {0,
                                   t->theta == 0 ? tan(-t->shear * to_slope) : 0,
                                   t->shear != 0 ? tan(t->theta * to_slope) : 0,
                                   t->shear == 0 ? -t->tx : 0,
                                   t->shear == 0 ? -t->ty : 0,
                                   t->shear == 0 ? t->theta : 0,
                                   t->brightness != 0 ? t->brightness - 1 : 0,
                                   t->saturation != 0 ? (double)t->saturation - 1 : 0,
                                   t->contrast != 0 ? (double)t->contrast - 1 : 0,
                                   t->sharpness != 0 ? (double)t->sharpness - 1 : 0,
                                   t->posterize,
                                   t->solarize != 0,
                                   t->autocontrast,
                                   t->equalize};
    int changes = 0, operation = 0;
    for (int k = 1; k < 14; k++)
        if (fabs(magnitudes[k]) > 1e-7) {
            changes++;
            operation = k;
        }
    ck_assert_int_le(changes, 1);
    *magnitude = magnitudes[operation];
    return operation;
}

/* Each image gets at most one change. All operations, steps and signs are equally frequent. */
START_TEST(trivial_augment_draws_one_change) {
    enum { N = 14000, OPERATIONS = 14 };
    struct lade_augment a = {.trivial_augment = true};
    static const double most[OPERATIONS] = {0, 0.99, 0.99, 0, 0, 135, 0.99, 0.99, 0.99, 0.99};
    int counts[OPERATIONS] = {0}, negative = 0, largest = 0, signed_changes = 0, bits[9] = {0};
    for (uint64_t i = 0; i < N; i++) {
        struct lade_transform t = draw(&a, i, 40, 50);
        double magnitude;
        int operation = operation_of(&t, &magnitude);
        counts[operation]++;
        bits[t.posterize]++;
        signed_changes += operation > 0 && operation < 10;
        negative += magnitude < 0;
        if (most[operation] > 0)
            largest += step_of(magnitude, most[operation]) == 30;
        if (t.shear == 0)
            ck_assert(fabs(t.tx) <= 32 && t.tx == trunc(t.tx) && fabs(t.ty) <= 32 && t.ty == trunc(t.ty));
    }
    ck_assert_int_lt(abs(counts[0] - (1000 + 9000 / 31)), 170); /* no change, or a change of magnitude 0 */
    for (int k = 1; k < OPERATIONS; k++)
        ck_assert_int_lt(abs(counts[k] - (k < 10 ? 968 : 1000)), 140);
    ck_assert_int_lt(abs(negative - signed_changes / 2), 250);
    ck_assert_int_lt(abs(largest - 7000 / 31), 70);
    /* Each number of bits belongs to 5 of the 31 magnitudes, but 2 and 8 bits belong to 3 magnitudes. */
    for (int k = 2; k <= 8; k++)
        ck_assert_int_lt(abs(bits[k] - (k == 2 || k == 8 ? 3 : 5) * 1000 / 31), 70);
}
END_TEST

START_TEST(trivial_augment_is_added_to_other_changes) {
    struct lade_augment a = {.trivial_augment = true}, other = {.rotation_range = 10, .contrast_range = {0.5f, 0.5f}};
    struct lade_augment both = other;
    both.trivial_augment = true;
    for (uint64_t i = 0; i < 200; i++) {
        struct lade_transform t = draw(&a, i, 40, 50), u = draw(&other, i, 40, 50), sum = draw(&both, i, 40, 50);
        float contrast = t.contrast != 0 ? t.contrast : 1;
        ck_assert(fabs(sum.theta - t.theta - u.theta) < 1e-9 && sum.tx == t.tx && sum.sharpness == t.sharpness);
        ck_assert(fabsf(sum.contrast - contrast / 2) < 1e-6f);
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "draws");
    tcase_add_test(tcase, no_options_mean_no_changes);
    tcase_add_test(tcase, a_draw_is_uniform_within_its_range);
    tcase_add_test(tcase, shift_units_follow_their_names);
    tcase_add_test(tcase, an_option_does_not_change_other_draws);
    tcase_add_test(tcase, draws_have_the_order_of_keras);
    tcase_add_loop_test(tcase, impossible_ranges_are_named, 0, 28);
    tcase_add_test(tcase, draws_fill_their_ranges);
    tcase_add_test(tcase, whole_pixels_are_whole);
    tcase_add_test(tcase, crops_of_padded_images_are_uniform);
    tcase_add_test(tcase, erasing_is_drawn_as_in_torchvision);
    tcase_add_test(tcase, erasing_has_defaults);
    tcase_add_test(tcase, trivial_augment_draws_one_change);
    tcase_add_test(tcase, trivial_augment_is_added_to_other_changes);
}
