/* Each augmentation does what its name says, and the steps of standardisation follow their formulas. */
#include "support/image_samples.h"

#include <math.h>

static lade_decoder *decoder;

static void setup(void) {
    decoder = lade_decoder_new();
    ck_assert_ptr_nonnull(decoder);
}

static void teardown(void) {
    lade_decoder_free(decoder);
}

/* Returns the result as floats, (H, W, C) or in the order of @o. The caller frees it. */
static float *apply(const struct lade_image *in, const struct lade_transform *t, const struct lade_output *o) {
    struct lade_error err = {0};
    float *slot = malloc(lade_output_bytes(o, in->height, in->width, in->channels));
    ck_assert_msg(lade_image_to_tensor(decoder, in, t, o, slot, &err) == LADE_OK, "%s", err.message);
    return slot;
}

static double at(const struct lade_image *in, int y, int x, int c) {
    return in->pixels[(size_t)y * in->stride + (size_t)(x * in->channels + c)];
}

/* Checks that every pixel (y, x) of the result of @t is pixel (from_y, from_x) of @in. */
#define CHECK_MOVED(in, t, from_y, from_x)                                                      \
    do {                                                                                        \
        float *moved = apply(in, t, NULL);                                                      \
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

/* The turn is counter-clockwise: the right side becomes the top. */
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

/* The centre of a turn is the centre of the image, also if its sides differ. Half a turn moves every pixel to the
   opposite place. */
START_TEST(half_a_turn_is_about_the_centre) {
    struct lade_image in = sample_image(31, 8, 3, 1);
    struct lade_transform t = {.theta = 180, .fill_mode = LADE_FILL_CONSTANT};
    CHECK_MOVED(&in, &t, 7 - y, 30 - x);
    free(in.pixels);
}
END_TEST

/* Transforms an image with one bright pixel, and returns the new position of that pixel (the centre of gravity). */
static void spot(const struct lade_transform *t, int y, int x, double *to_y, double *to_x) {
    enum { N = 41 };
    static uint8_t pixels[N * N];
    struct lade_image in = {pixels, N, N, 1, N};
    double sum = 0;
    memset(pixels, 0, sizeof pixels);
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            pixels[(y + dy) * N + x + dx] = 200;
    float *out = apply(&in, t, NULL);
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
    CHECK_SPOT(both, 0, 10, -10, 5); /* turned, then moved along the width of the screen */
}
END_TEST

/* ---- Colours ----------------------------------------------------------------------------------------------------- */

/* CHANGE(name, ...) defines a function for the value of channel c of a pixel p after a change, before it is clamped. */
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
    float *out = apply(&in, &color_changes[_i].transform, &scaled);
    for (int i = 0; i < 9 * 5 * 4; i++) {
        const uint8_t *pixel = in.pixels + (size_t)(i / 36) * in.stride + i / 4 % 9 * 4;
        double want = i % 4 == 3 ? pixel[3] : color_changes[_i].change(pixel, i % 4);
        ck_assert(fabs((double)out[i] - fmin(fmax(want, 0), 255) / 2) < 1e-4);
    }
    free(out);
    free(in.pixels);
}
END_TEST

/* ---- Draws ------------------------------------------------------------------------------------------------------- */

static struct lade_transform draw(const struct lade_augment *augment, uint64_t sample) {
    struct lade_random random;
    struct lade_transform t;
    lade_random_init(&random, 5, 1, sample, LADE_RANDOM_AUGMENT);
    lade_transform_draw(augment, &random, 20, 50, &t);
    return t;
}

/* Draws are inside the range, cover it, and have its middle as their mean. */
#define CHECK_DRAWN(augment, field, low, high)                                               \
    do {                                                                                     \
        double least = 1e9, most = -1e9, sum = 0;                                            \
        for (uint64_t i = 0; i < 3000; i++) {                                                \
            double v = draw(&(augment), i).field;                                            \
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
                             .channel_shift_range = 60};
    struct lade_augment one = {.zoom_range = {0.2}};
    CHECK_DRAWN(a, theta, -40, 40);
    CHECK_DRAWN(a, brightness, 0.5, 1.5);
    CHECK_DRAWN(a, shear, -10, 10);
    CHECK_DRAWN(a, zx, 0.8, 1.3);
    CHECK_DRAWN(a, zy, 0.8, 1.3);
    CHECK_DRAWN(one, zx, 0.8, 1.2);
    for (int c = 0; c < 4; c++)
        CHECK_DRAWN(a, channel_shift_intensity[c], -60, 60);
    int equal = 0;
    for (uint64_t i = 0; i < 100; i++) {
        struct lade_transform t = draw(&a, i);
        equal += t.zx == t.zy || t.channel_shift_intensity[0] == t.channel_shift_intensity[1];
    }
    ck_assert_int_eq(equal, 0); /* drawn separately */
}
END_TEST

START_TEST(whole_pixels_are_whole) {
    struct lade_augment a = {.width_shift_range = 3, .shift_unit = LADE_SHIFT_WHOLE_PIXELS};
    struct lade_augment keras = a, one = {.height_shift_range = 1, .shift_unit = LADE_SHIFT_WHOLE_PIXELS};
    int count[5] = {0}, keras_count[5] = {0};
    keras.quirks = LADE_QUIRKS_KERAS3;
    for (uint64_t i = 0; i < 3000; i++) {
        double x = draw(&a, i).tx, y = draw(&keras, i).ty; /* Keras exchanges the axes */
        ck_assert(x == floor(x) && fabs(x) <= 2 && y == floor(y) && fabs(y) <= 2);
        count[(int)x + 2]++;
        keras_count[(int)y + 2]++;
        ck_assert(draw(&one, i).ty == 0);
    }
    for (int k = 0; k < 5; k++) {
        ck_assert_int_lt(abs(count[k] - 600), 90);
        ck_assert_int_lt(abs(keras_count[k] - (k == 2 ? 1000 : 500)), 90); /* 0 is twice as frequent */
    }
}
END_TEST

/* ---- Standardisation --------------------------------------------------------------------------------------------- */

static double mean_of(const float *x, size_t n, size_t step) {
    double sum = 0;
    for (size_t i = 0; i < n; i += step)
        sum += (double)x[i];
    return sum / (double)(n / step);
}

static double std_of(const float *x, size_t n, size_t step) {
    double mean = mean_of(x, n, step), sum = 0;
    for (size_t i = 0; i < n; i += step)
        sum += ((double)x[i] - mean) * ((double)x[i] - mean);
    return sqrt(sum / (double)(n / step));
}

START_TEST(samplewise_steps) {
    struct lade_image in = sample_image(31, 17, 3, 7);
    size_t n = 31 * 17 * 3;
    struct lade_output plain = {.rescale = 1 / 255.f}, center = plain, std = plain;
    center.samplewise_center = true;
    std.samplewise_std_normalization = true;
    float *x = apply(&in, NULL, &plain), *c = apply(&in, NULL, &center), *s = apply(&in, NULL, &std);
    double mean = mean_of(x, n, 1), deviation = std_of(x, n, 1);
    for (size_t i = 0; i < n; i++) {
        ck_assert(fabs((double)c[i] - ((double)x[i] - mean)) < 1e-6);
        ck_assert(fabs((double)s[i] - ((double)x[i] - mean) / (deviation + 1e-6)) < 1e-5);
    }
    ck_assert(fabs(mean_of(s, n, 1)) < 1e-6 && fabs(std_of(s, n, 1) - 1) < 1e-4);
    free(x);
    free(c);
    free(s);
    free(in.pixels);
}
END_TEST

START_TEST(featurewise_steps) {
    for (int first = 0; first < 2; first++)
        for (int k = 0; k < 3; k++) {
            int channels = (int[]){1, 3, 4}[k];
            struct lade_image in = sample_image(11, 5, channels, 7);
            struct lade_stats stats = {.channels = channels, .mean = {100, 20, -3, 7}, .std = {50, 2, 9, 0}};
            struct lade_output o = {.stats = &stats, .featurewise_std_normalization = true};
            o.data_format = (enum lade_data_format)first;
            float *out = apply(&in, NULL, &o);
            for (int i = 0; i < 55 * channels; i++) {
                int c = first ? i / 55 : i % channels, place = first ? i % 55 : i / channels;
                double want = (at(&in, place / 11, place % 11, c) - stats.mean[c]) / (stats.std[c] + 1e-6);
                ck_assert_msg(fabs((double)out[i] - want) <= 1e-6 * fabs(want), "%d: %g", i, (double)out[i]);
            }
            free(out);
            free(in.pixels);
        }
}
END_TEST

START_TEST(whitening_multiplies_by_the_matrix) {
    enum { N = 3 * 2 * 3 };
    static float matrix[N * N];
    struct lade_image in = sample_image(3, 2, 3, 8);
    struct lade_stats stats = {.channels = 3, .mean = {1, 2, 3}, .zca_values = N, .zca = matrix};
    struct lade_output o = {.stats = &stats, .zca_whitening = true};
    for (int i = 0; i < N * N; i++)
        matrix[i] = (float)(i % 7) - 3;
    float *out = apply(&in, NULL, &o);
    for (int k = 0; k < N; k++) {
        double want = 0;
        for (int i = 0; i < N; i++)
            want += (at(&in, i / 9, i / 3 % 3, i % 3) - stats.mean[i % 3]) * (double)matrix[i * N + k];
        ck_assert(fabs((double)out[k] - want) < 1e-3);
    }
    free(out);
    free(in.pixels);
}
END_TEST

START_TEST(impossible_steps_are_named) {
    static const float matrix[1];
    static const struct lade_stats grey = {.channels = 1}, small = {.channels = 3, .zca_values = 1, .zca = matrix};
    static const struct {
        struct lade_output output;
        int code;
        const char *step;
    } cases[] = {
        {{.uint8 = true, .samplewise_center = true}, LADE_EINVAL, "samplewise_center"},
        {{.uint8 = true, .featurewise_center = true, .stats = &grey}, LADE_EINVAL, "featurewise_center"},
        {{.featurewise_center = true}, LADE_ESTATE, "featurewise_center"},
        {{.featurewise_std_normalization = true}, LADE_ESTATE, "featurewise_std_normalization"},
        {{.featurewise_center = true, .stats = &grey}, LADE_EINVAL, "featurewise_center"},
        {{.zca_whitening = true, .stats = &small}, LADE_EINVAL, "zca_whitening"},
        {{.zca_whitening = true, .featurewise_std_normalization = true}, LADE_EINVAL, "featurewise_std_normalization"},
    };
    struct lade_image in = sample_image(4, 4, 3, 5), large = sample_image(33, 32, 3, 5);
    struct lade_error err = {0};
    static float slot[33 * 32 * 3];
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, NULL, &cases[_i].output, slot, &err), cases[_i].code);
    ck_assert_str_eq(err.subject, cases[_i].step);
    struct lade_output white = {.zca_whitening = true, .stats = &small};
    ck_assert_int_eq(lade_image_to_tensor(decoder, &large, NULL, &white, slot, &err), LADE_EINVAL);
    ck_assert_str_eq(err.subject, "zca_whitening");
    free(in.pixels);
    free(large.pixels);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "augment");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, identity_changes_nothing);
    tcase_add_test(tcase, a_flip_is_exact_and_its_own_inverse);
    tcase_add_test(tcase, quarter_turns_of_squares_are_exact);
    tcase_add_test(tcase, half_a_turn_is_about_the_centre);
    tcase_add_test(tcase, each_parameter_moves_as_its_name_says);
    tcase_add_loop_test(tcase, changes_of_colours_follow_their_formulas, 0,
                        sizeof color_changes / sizeof *color_changes);
    tcase_add_test(tcase, draws_fill_their_ranges);
    tcase_add_test(tcase, whole_pixels_are_whole);
    tcase_add_test(tcase, samplewise_steps);
    tcase_add_test(tcase, featurewise_steps);
    tcase_add_test(tcase, whitening_multiplies_by_the_matrix);
    tcase_add_loop_test(tcase, impossible_steps_are_named, 0, 7);
}
