/* Tests lade_image_to_tensor(), which transforms an image and stores it in a batch. The results are compared with a
   slow and simple formula. */
#include "support/image_samples.h"

#include <math.h>

static lade_decoder *decoder;
static struct lade_random dice;

static void setup(void) {
    decoder = lade_decoder_new();
    ck_assert_ptr_nonnull(decoder);
    lade_random_init(&dice, 23, 0, 0, LADE_RANDOM_USER);
}

static void teardown(void) {
    lade_decoder_free(decoder);
}

static int roll(int low, int high) {
    return low + (int)lade_random_below(&dice, (uint64_t)(high - low + 1));
}

/* ---- A simple formula for one sample ----------------------------------------------------------------------------- */

static double pixel(const struct lade_image *in, const struct lade_transform *t, int y, int x, int c) {
    int h = in->height, w = in->width;
    switch (t->fill_mode) {
    case LADE_FILL_CONSTANT:
        if (y < 0 || y >= h || x < 0 || x >= w)
            return t->cval;
        break;
    case LADE_FILL_REFLECT: /* the image is continued by mirrored and normal copies in turn */
        while (y < 0 || y >= h)
            y = y < 0 ? -1 - y : 2 * h - 1 - y;
        while (x < 0 || x >= w)
            x = x < 0 ? -1 - x : 2 * w - 1 - x;
        break;
    case LADE_FILL_WRAP:
        while (y < 0 || y >= h)
            y += y < 0 ? h : -h;
        while (x < 0 || x >= w)
            x += x < 0 ? w : -w;
        break;
    default:
        y = y < 0 ? 0 : y >= h ? h - 1 : y;
        x = x < 0 ? 0 : x >= w ? w - 1 : x;
    }
    return in->pixels[(size_t)y * in->stride + (size_t)(x * in->channels + c)];
}

/* Computes the source position of pixel (y, x) of the result. The steps are flips, zoom, shear, shift and turn. */
static void come_from(const struct lade_image *in, const struct lade_transform *t, int y, int x, double *from_y,
                      double *from_x) {
    const double degree = 3.14159265358979323846 / 180;
    double cx = (in->width - 1) / 2., cy = (in->height - 1) / 2.;
    double u = ((t->flip_horizontal ? in->width - 1 - x : x) - cx) * (t->zx != 0 ? t->zx : 1);
    double v = ((t->flip_vertical ? in->height - 1 - y : y) - cy) * (t->zy != 0 ? t->zy : 1);
    u -= tan(t->shear * degree) * v;
    u += t->tx;
    v += t->ty;
    *from_x = cx + cos(t->theta * degree) * u - sin(t->theta * degree) * v;
    *from_y = cy + sin(t->theta * degree) * u + cos(t->theta * degree) * v;
}

static bool hangs(double at, double border) {
    return fabs(at - border) < 1e-3 && fabs(at - border) > 1e-9;
}

static double nearest_whole(double at) {
    return fabs(at - floor(at + 0.5)) < 1e-3 ? floor(at + 0.5) : at; /* a rounding error must not change the pixel */
}

/* Sets *want to the expected value. Returns false if the value depends on a rounding error, because the position is at
   the border or in the middle between two pixels. */
static bool expected(const struct lade_image *in, const struct lade_transform *t, int y, int x, int c, double *want) {
    double from_y, from_x;
    come_from(in, t, y, x, &from_y, &from_x);
    bool nearest = t->interpolation_order == LADE_OFF;
    if (nearest && (fabs(from_x - floor(from_x) - 0.5) < 1e-3 || fabs(from_y - floor(from_y) - 0.5) < 1e-3))
        return false;
    if (t->fill_mode == LADE_FILL_CONSTANT &&
        (hangs(from_x, 0) || hangs(from_x, in->width - 1) || hangs(from_y, 0) || hangs(from_y, in->height - 1)))
        return false;
    from_x = nearest_whole(from_x);
    from_y = nearest_whole(from_y);
    if (t->fill_mode == LADE_FILL_CONSTANT &&
        (from_y < 0 || from_y > in->height - 1 || from_x < 0 || from_x > in->width - 1)) {
        *want = t->cval;
        return true;
    }
    if (nearest) {
        *want = pixel(in, t, (int)floor(from_y + 0.5), (int)floor(from_x + 0.5), c);
        return true;
    }
    int y0 = (int)floor(from_y), x0 = (int)floor(from_x);
    double fy = from_y - y0, fx = from_x - x0, sum = 0;
    for (int k = 0; k < 4; k++) {
        double weight = (k & 1 ? fx : 1 - fx) * (k & 2 ? fy : 1 - fy);
        if (weight > 0)
            sum += weight * pixel(in, t, y0 + (k >> 1), x0 + (k & 1), c);
    }
    *want = sum;
    return true;
}

static double slot_value(const void *slot, const struct lade_output *o, const struct lade_image *in, int y, int x,
                         int c) {
    int at = o->data_format == LADE_CHANNELS_LAST ? (y * in->width + x) * in->channels + c
                                                  : (c * in->height + y) * in->width + x;
    return o->uint8 ? ((const uint8_t *)slot)[at] : ((const float *)slot)[at];
}

static void check_transform(const struct lade_image *in, const struct lade_transform *t, const struct lade_output *o) {
    struct lade_error err = {0};
    size_t size = lade_output_bytes(o, in->height, in->width, in->channels);
    void *slot = malloc(size); /* of the exact size, so that a sanitizer finds a write past the end */
    ck_assert_msg(lade_image_to_tensor(decoder, in, t, o, slot, &err) == LADE_OK, "%s", err.message);
    double scale = o->rescale != 0 ? o->rescale : 1;
    for (int y = 0; y < in->height; y++)
        for (int x = 0; x < in->width; x++)
            for (int c = 0; c < in->channels; c++) {
                double want, got = slot_value(slot, o, in, y, x, c);
                if (!expected(in, t, y, x, c, &want))
                    continue;
                double apart = o->uint8 ? fabs(got - fmin(fmax(want, 0), 255)) - 0.5 : fabs(got - want * scale);
                ck_assert_msg(apart <= 0.3 * scale, /* the tolerance of nearest_whole() for both axes, at steep edges */
                              "%d x %d x %d (%d, %d, %d): %g, not %g; theta %g tx %g ty %g shear %g zx %g zy %g %s "
                              "order %d flips %d %d",
                              in->height, in->width, in->channels, y, x, c, got, want, t->theta, t->tx, t->ty, t->shear,
                              t->zx, t->zy, lade_fill_mode_name(t->fill_mode), t->interpolation_order,
                              t->flip_horizontal, t->flip_vertical);
            }
    free(slot);
}

/* Draws a shift. It is 0, a number of whole pixels, a fraction of a pixel, or larger than the image. */
static double roll_shift(int size) {
    switch (roll(0, 3)) {
    case 0:
        return 0;
    case 1:
        return roll(-size, size);
    case 2:
        return lade_random_uniform(&dice, -size, size);
    default:
        return lade_random_uniform(&dice, -5 * size, 5 * size);
    }
}

START_TEST(every_transform_follows_the_formula) {
    for (int k = 0; k < 300; k++) {
        struct lade_image in = sample_image(roll(1, 24), roll(1, 24), (int[]){1, 3, 4}[roll(0, 2)], (uint64_t)k);
        struct lade_transform t = {.tx = roll_shift(in.width),
                                   .ty = roll_shift(in.height),
                                   .fill_mode = (enum lade_fill_mode)_i,
                                   .cval = (float)roll(-20, 300) + 0.25f,
                                   .interpolation_order = roll(0, 3) ? 1 : LADE_OFF,
                                   .flip_horizontal = roll(0, 1),
                                   .flip_vertical = roll(0, 1)};
        if (roll(0, 1))
            t.theta = lade_random_uniform(&dice, -200, 200);
        if (roll(0, 1))
            t.shear = lade_random_uniform(&dice, -50, 50);
        if (roll(0, 1))
            t.zx = lade_random_uniform(&dice, 0.3, 2);
        if (roll(0, 1))
            t.zy = lade_random_uniform(&dice, 0.3, 2);
        struct lade_output o = {.uint8 = roll(0, 1), .data_format = (enum lade_data_format)roll(0, 1)};
        if (!o.uint8 && roll(0, 1))
            o.rescale = 1 / 255.f;
        check_transform(&in, &t, &o);
        free(in.pixels);
    }
}
END_TEST

START_TEST(no_transform_gives_the_pixels_themselves) {
    struct lade_image in = sample_image(13, 7, 3, 3);
    float slot[7 * 13 * 3];
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, NULL, NULL, slot, NULL), LADE_OK);
    for (int y = 0; y < 7; y++)
        for (int x = 0; x < 39; x++)
            ck_assert(slot[y * 39 + x] == in.pixels[(size_t)y * in.stride + (size_t)x]);
    struct lade_output scaled = {.rescale = 1 / 255.f};
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, NULL, &scaled, slot, NULL), LADE_OK);
    for (int y = 0; y < 7; y++)
        for (int x = 0; x < 39; x++)
            ck_assert(slot[y * 39 + x] == in.pixels[(size_t)y * in.stride + (size_t)x] * (1 / 255.f));
    free(in.pixels);
}
END_TEST

/* A width shift moves the image along its width, as the documentation says. */
START_TEST(width_shift_moves_along_the_width) {
    uint8_t pixels[] = {1, 2, 3, 4, 5, 6};
    struct lade_image in = {pixels, 3, 2, 1, 3};
    struct lade_output o = {.uint8 = true};
    struct lade_transform right = {.tx = -1, .fill_mode = LADE_FILL_CONSTANT}, down = {.ty = -1};
    uint8_t slot[6];
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &right, &o, slot, NULL), LADE_OK);
    ck_assert_int_eq(memcmp(slot, (uint8_t[]){0, 1, 2, 0, 4, 5}, 6), 0);
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &down, &o, slot, NULL), LADE_OK);
    ck_assert_int_eq(memcmp(slot, (uint8_t[]){1, 2, 3, 1, 2, 3}, 6), 0);
}
END_TEST

/* Compares the fill modes with the rows in the comments of lade/image.h. */
START_TEST(fill_modes_equal_their_comments) {
    static const char *const pictures[] = {"aaaaaaaa|abcd|dddddddd", "kkkkkkkk|abcd|kkkkkkkk", "abcddcba|abcd|dcbaabcd",
                                           "abcdabcd|abcd|abcdabcd"};
    struct lade_image in = {(uint8_t *)"abcd", 4, 1, 1, 4};
    struct lade_output o = {.uint8 = true};
    char drawn[24] = "";
    for (int part = -2; part <= 2; part++) {
        struct lade_transform t = {.tx = part * 4, .fill_mode = (enum lade_fill_mode)_i, .cval = 'k'};
        char four[5] = "";
        ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &t, &o, four, NULL), LADE_OK);
        strcat(drawn, part == 0 || part == 1 ? "|" : "");
        strcat(drawn, four);
    }
    ck_assert_str_eq(drawn, pictures[_i]);
}
END_TEST

START_TEST(impossible_arguments_are_errors) {
    struct lade_image in = sample_image(4, 4, 3, 5), none = {0};
    struct lade_error err = {0};
    float slot[48];
    struct lade_output o = {.uint8 = true, .rescale = 0.5f};
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, NULL, &o, slot, &err), LADE_EINVAL);
    ck_assert_str_eq(err.subject, "rescale");
    struct lade_transform t = {.tx = NAN};
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &t, NULL, slot, &err), LADE_EINVAL);
    t.tx = 1e300;
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &t, NULL, slot, &err), LADE_EINVAL);
    t = (struct lade_transform){.fill_mode = (enum lade_fill_mode)9};
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &t, NULL, slot, &err), LADE_EINVAL);
    o = (struct lade_output){.data_format = (enum lade_data_format)9};
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, NULL, &o, slot, &err), LADE_EINVAL);
    ck_assert_int_eq(lade_image_to_tensor(decoder, &none, NULL, NULL, slot, &err), LADE_EINVAL);
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, NULL, NULL, NULL, &err), LADE_EINVAL);
    free(in.pixels);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "tensor");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, every_transform_follows_the_formula, 0, LADE_FILL_MODE_COUNT);
    tcase_add_test(tcase, no_transform_gives_the_pixels_themselves);
    tcase_add_test(tcase, width_shift_moves_along_the_width);
    tcase_add_loop_test(tcase, fill_modes_equal_their_comments, 0, LADE_FILL_MODE_COUNT);
    tcase_add_test(tcase, impossible_arguments_are_errors);
}
