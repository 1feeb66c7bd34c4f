/* Checks that each augmentation has the effect that its name describes. */
#include "support/decoder_case.h"
#include "support/image_samples.h"

#include <math.h>

static double at(const struct lade_image *in, int y, int x, int c) {
    return in->pixels[(size_t)y * in->stride + (size_t)(x * in->channels + c)];
}

/* Checks that every pixel (y, x) of the result of @t is pixel (from_y, from_x) of @in. */
#define CHECK_MOVED(in, t, from_y, from_x)                                                      \
    do {                                                                                        \
        float *moved = transform_image(decoder, in, t, NULL);                                   \
        for (int y = 0; y < (in)->height; y++)                                                  \
            for (int x = 0; x < (in)->width; x++)                                               \
                for (int c = 0; c < (in)->channels; c++) {                                      \
                    double got = moved[(y * (in)->width + x) * (in)->channels + c];             \
                    ck_assert_msg(got == at(in, from_y, from_x, c), "(%d, %d): %g", y, x, got); \
                }                                                                               \
        free(moved);                                                                            \
    } while (0)

/* ---- Moves ------------------------------------------------------------------------------------------------------- */

START_TEST(identity_changes_nothing) {
    static const struct lade_transform same[] = {
        {0},
        {.zx = 1, .zy = 1, .brightness = 1},
        {.theta = 360},
        {.theta = -720, .shear = 180},
        {.theta = 360, .fill_mode = LADE_FILL_CONSTANT, .cval = 9},
        {.theta = 360, .interpolation_order = LADE_OFF},
        {.quirks = LADE_QUIRKS_KERAS3, .zx = 1, .zy = 1},
    };
    struct lade_image in = sample_image(37, 21, 3, 3);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        CHECK_MOVED(&in, &same[i], y, x);
    free(in.pixels);
}
END_TEST

START_TEST(a_flip_is_exact_and_its_own_inverse) {
    struct lade_image in = sample_image(10, 7, 3, 5);
    for (int quirks = 0; quirks < LADE_QUIRKS_COUNT; quirks++) {
        struct lade_transform h = {.flip_horizontal = true, .quirks = (enum lade_quirks)quirks};
        struct lade_transform v = {.flip_vertical = true, .quirks = (enum lade_quirks)quirks};
        struct lade_transform warped = {.flip_horizontal = true, .theta = 360, .quirks = (enum lade_quirks)quirks};
        CHECK_MOVED(&in, &h, y, 9 - x);
        CHECK_MOVED(&in, &v, 6 - y, x);
        if (quirks == LADE_QUIRKS_DOCUMENTED)
            CHECK_MOVED(&in, &warped, y, 9 - x);
    }
    struct lade_transform flip = {.flip_horizontal = true, .flip_vertical = true};
    struct lade_output bytes = {.uint8 = true};
    uint8_t once[210], twice[210];
    struct lade_image again = {once, 10, 7, 3, 30};
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &flip, &bytes, once, NULL), LADE_OK);
    ck_assert_int_eq(lade_image_to_tensor(decoder, &again, &flip, &bytes, twice, NULL), LADE_OK);
    for (int y = 0; y < 7; y++)
        ck_assert_int_eq(memcmp(twice + y * 30, in.pixels + (size_t)y * in.stride, 30), 0);
    free(in.pixels);
}
END_TEST

/* The turn is counter-clockwise, so the right side becomes the top. */
START_TEST(quarter_turns_of_squares_are_exact) {
    for (int n = 1; n < 20; n++)
        for (int mode = 0; mode < LADE_FILL_MODE_COUNT; mode++) {
            struct lade_image in = sample_image(n, n, (int[]){1, 3, 4}[n % 3], (uint64_t)n);
            struct lade_transform t = {.theta = 90, .fill_mode = (enum lade_fill_mode)mode, .cval = 77};
            CHECK_MOVED(&in, &t, x, n - 1 - y);
            t.theta = -90;
            CHECK_MOVED(&in, &t, n - 1 - x, y);
            t.theta = 180;
            CHECK_MOVED(&in, &t, n - 1 - y, n - 1 - x);
            t.interpolation_order = LADE_OFF;
            t.theta = 270;
            CHECK_MOVED(&in, &t, n - 1 - x, y);
            free(in.pixels);
        }
}
END_TEST

/* The centre of a turn is the centre of the image, even if the width differs from the height. Half a turn moves every
   pixel to the opposite side of the centre. */
START_TEST(half_a_turn_is_about_the_centre) {
    struct lade_image in = sample_image(31, 8, 3, 1);
    struct lade_transform t = {.theta = 180, .fill_mode = LADE_FILL_CONSTANT};
    CHECK_MOVED(&in, &t, 7 - y, 30 - x);
    free(in.pixels);
}
END_TEST

/* Transforms an image that has one bright pixel. Sets (*to_y, *to_x) to the new position of this pixel, which is the
   centre of gravity of the result. */
static void spot(const struct lade_transform *t, int y, int x, double *to_y, double *to_x) {
    enum { N = 41 };
    static uint8_t pixels[N * N];
    struct lade_image in = {pixels, N, N, 1, N};
    double sum = 0;
    memset(pixels, 0, sizeof pixels);
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            pixels[(y + dy) * N + x + dx] = 200;
    float *out = transform_image(decoder, &in, t, NULL);
    *to_y = *to_x = 0;
    for (int i = 0; i < N * N; i++) {
        sum += (double)out[i];
        *to_y += (double)out[i] * (i / N - 20);
        *to_x += (double)out[i] * (i % N - 20);
    }
    *to_y /= sum;
    *to_x /= sum;
    free(out);
}

#define CHECK_SPOT(t, y, x, want_y, want_x)                                                              \
    do {                                                                                                 \
        double to_y, to_x;                                                                               \
        spot(&(t), 20 + (y), 20 + (x), &to_y, &to_x);                                                    \
        ck_assert_msg(fabs(to_y - (want_y)) < 0.1 && fabs(to_x - (want_x)) < 0.1, "%g, %g", to_y, to_x); \
    } while (0)

START_TEST(each_parameter_moves_as_its_name_says) {
    const double r = 3.14159265358979323846 / 180;
    struct lade_transform turn = {.theta = 30}, shear = {.shear = 20}, zoom_x = {.zx = 0.5}, zoom_y = {.zy = 2};
    struct lade_transform right = {.tx = -5}, up = {.ty = 4}, both = {.theta = 90, .tx = -5};
    CHECK_SPOT(turn, 0, 12, -12 * sin(30 * r), 12 * cos(30 * r)); /* counter-clockwise */
    CHECK_SPOT(shear, -10, 0, -10, -10 * tan(20 * r)); /* the top of a vertical line moves to the left by 20 degrees */
    CHECK_SPOT(shear, 10, 3, 10, 3 + 10 * tan(20 * r));
    CHECK_SPOT(zoom_x, 5, 6, 5, 12); /* the result shows half of the width, twice as wide */
    CHECK_SPOT(zoom_y, 6, 5, 3, 5);
    CHECK_SPOT(right, 3, 4, 3, 9);
    CHECK_SPOT(up, 3, 4, -1, 4);
    CHECK_SPOT(both, 0, 10, -10, 5); /* the image is turned, and then moved along the width of the result */
}
END_TEST

/* ---- Colours ----------------------------------------------------------------------------------------------------- */

/* CHANGE(name, ...) defines a function that returns the value of channel c of pixel p after a change. The value is not
   clamped yet. */
#define CHANGE(name, ...)                           \
    static double name(const uint8_t p[4], int c) { \
        return (__VA_ARGS__);                       \
    }
CHANGE(darker, p[c] * 0.5)
CHANGE(brighter, p[c] * 1.7)
CHANGE(black, p[c] * 0)
CHANGE(shifted, p[c] + (const double[]){30.5, -200, 0}[c])
static const struct {
    struct lade_transform transform;
    double (*change)(const uint8_t p[4], int c);
} color_changes[] = {
    {{.brightness = 0.5}, darker},
    {{.brightness = 1.7, .theta = 360}, brighter},
    {{.brightness = LADE_OFF}, black},
    {{.channel_shift_intensity = {30.5, -200, 0}}, shifted},
};

/* Alpha does not change, and nothing is rounded. */
START_TEST(changes_of_colours_follow_their_formulas) {
    static const struct lade_output scaled = {.rescale = 0.5f};
    struct lade_image in = sample_image(9, 5, 4, 2);
    float *out = transform_image(decoder, &in, &color_changes[_i].transform, &scaled);
    for (int i = 0; i < 9 * 5 * 4; i++) {
        const uint8_t *pixel = in.pixels + (size_t)(i / 36) * in.stride + i / 4 % 9 * 4;
        double want = i % 4 == 3 ? pixel[3] : color_changes[_i].change(pixel, i % 4);
        ck_assert(fabs((double)out[i] - fmin(fmax(want, 0), 255) / 2) < 1e-4);
    }
    free(out);
    free(in.pixels);
}
END_TEST

/* ---- Erasing ----------------------------------------------------------------------------------------------------- */

/* The rectangle gets the scaled value, in each element type and order of axes. All other values stay the same. The part
   of the rectangle that is outside of the image is ignored. */
START_TEST(erasing_fills_a_rectangle) {
    enum { W = 11, H = 7 };
    static const struct lade_erasing rectangles[] = {
        {2, 3, 4, 2, 100}, {0, 0, W, H, 7.4f}, {9, 5, 65535, 65535, 300}, {W, 2, 3, 3, 1}, {2, H, 3, 3, 1}};
    static const struct lade_transform others[] = {{0}, {.theta = 20, .brightness = 1.2}, {.flip_vertical = true}};
    for (int i = 0; i < 5 * 3 * 4 * 3; i++) {
        struct lade_transform plain = others[i / 5 % 3], erased = plain;
        struct lade_output output = {.uint8 = i / 15 % 2, .data_format = (enum lade_data_format)(i / 30 % 2)};
        int channels = (int[]){1, 3, 4}[i / 60];
        struct lade_image in = sample_image(W, H, channels, 3);
        const struct lade_erasing *e = &rectangles[i % 5];
        union {
            float floats[W * H * 4];
            uint8_t bytes[W * H * 4];
        } a, b;
        output.rescale = output.uint8 ? 0 : 0.5f;
        erased.erasing = *e;
        ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &plain, &output, &a, NULL), LADE_OK);
        ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &erased, &output, &b, NULL), LADE_OK);
        for (int k = 0; k < W * H * channels; k++) {
            int pixel = output.data_format == LADE_CHANNELS_FIRST ? k % (W * H) : k / channels;
            int x = pixel % W, y = pixel / W;
            bool inside = x >= e->x && x < e->x + e->width && y >= e->y && y < e->y + e->height;
            float value = fminf(e->value, 255);
            if (output.uint8)
                ck_assert_int_eq(b.bytes[k], inside ? (int)lroundf(value) : a.bytes[k]);
            else
                ck_assert_float_eq(b.floats[k], inside ? value / 2 : a.floats[k]);
        }
        free(in.pixels);
    }
}
END_TEST

START_TEST(a_value_of_erasing_must_be_finite) {
    struct lade_transform t = {.erasing = {0, 0, 1, 1, NAN}};
    struct lade_image in = sample_image(2, 2, 1, 3);
    struct lade_error err = {0};
    float slot[4];
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &t, NULL, slot, &err), LADE_EINVAL);
    ck_assert_str_eq(err.subject, "erasing");
    free(in.pixels);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = decoder_case(suite, "augment");
    tcase_add_test(tcase, identity_changes_nothing);
    tcase_add_test(tcase, a_flip_is_exact_and_its_own_inverse);
    tcase_add_test(tcase, quarter_turns_of_squares_are_exact);
    tcase_add_test(tcase, half_a_turn_is_about_the_centre);
    tcase_add_test(tcase, each_parameter_moves_as_its_name_says);
    tcase_add_test(tcase, erasing_fills_a_rectangle);
    tcase_add_test(tcase, a_value_of_erasing_must_be_finite);
    tcase_add_loop_test(tcase, changes_of_colours_follow_their_formulas, 0,
                        sizeof color_changes / sizeof *color_changes);
}
