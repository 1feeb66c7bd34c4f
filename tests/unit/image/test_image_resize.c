/* Tests properties of a resize that hold for every filter, and tests that SIMD kernels do not change the result.
   Also tests that a resize of a few rows at a time, while the image is decoded, does not change the result.
   test_image_pillow compares the pixels with Pillow's pixels. */
#include "image/decoder.h"
#include "support/image_samples.h"

static lade_decoder *decoder;
static struct lade_random dice;

static void setup(void) {
    decoder = lade_decoder_new();
    ck_assert_ptr_nonnull(decoder);
    lade_random_init(&dice, 17, 0, 0, LADE_RANDOM_USER);
}

static void teardown(void) {
    lade_decoder_free(decoder);
}

static int roll(int low, int high) {
    return low + (int)lade_random_below(&dice, (uint64_t)(high - low + 1));
}

static int roll_channels(void) {
    return (int[]){1, 3, 4}[roll(0, 2)];
}

static void resize(const struct lade_image *in, const struct lade_image *out, enum lade_interpolation filter) {
    struct lade_error err = {0};
    ck_assert_msg(lade_image_resize(decoder, in, out, filter, &err) == LADE_OK, "%s", err.message);
}

START_TEST(one_colour_stays_one_colour) {
    for (int k = 0; k < 100; k++) {
        int channels = roll_channels(), value = roll(0, 255);
        struct lade_image in = sample_image(roll(1, 60), roll(1, 60), channels, 5); /* rows without gaps */
        struct lade_image out = sample_image(roll(1, 60), roll(1, 60), channels, 2);
        memset(in.pixels, value, in.stride * (size_t)in.height);
        for (size_t i = 3; channels == 4 && i < in.stride * (size_t)in.height; i += 4)
            in.pixels[i] = 255; /* opaque */
        resize(&in, &out, (enum lade_interpolation)_i);
        for (int y = 0; y < out.height; y++)
            for (int x = 0; x < out.width * channels; x++)
                ck_assert_int_eq(out.pixels[(size_t)y * out.stride + (size_t)x],
                                 channels == 4 && x % 4 == 3 ? 255 : value);
        free(in.pixels);
        free(out.pixels);
    }
}
END_TEST

START_TEST(same_size_is_a_copy_and_gaps_between_rows_stay) {
    for (int k = 0; k < 20; k++) {
        int width = roll(1, 40), height = roll(1, 40), channels = roll_channels();
        struct lade_image in = sample_image(width, height, channels, 2), out = sample_image(width, height, channels, 4);
        resize(&in, &out, (enum lade_interpolation)_i);
        ck_assert(same_image(&in, &out));
        struct lade_image small = {out.pixels, 1, 1, channels, out.stride};
        resize(&in, &small, (enum lade_interpolation)_i);
        for (int y = 0; y < height; y++) /* sample_image() fills the gaps with 0xaa */
            for (size_t x = (size_t)(width * channels); x < out.stride; x++)
                ck_assert_int_eq(out.pixels[(size_t)y * out.stride + x], 0xaa);
        free(in.pixels);
        free(out.pixels);
    }
}
END_TEST

START_TEST(nearest_takes_the_pixel_at_the_centre) {
    struct lade_image in = sample_image(5, 1, 1, 5), out = sample_image(10, 1, 1, 5), third = sample_image(2, 1, 1, 5);
    resize(&in, &out, LADE_INTERPOLATION_NEAREST);
    for (int x = 0; x < 10; x++)
        ck_assert_int_eq(out.pixels[x], in.pixels[x / 2]);
    resize(&in, &third, LADE_INTERPOLATION_NEAREST); /* centres 1.25 and 3.75 */
    ck_assert_int_eq(third.pixels[0], in.pixels[1]);
    ck_assert_int_eq(third.pixels[1], in.pixels[3]);
    free(in.pixels);
    free(out.pixels);
    free(third.pixels);
}
END_TEST

START_TEST(box_by_a_whole_factor_is_the_mean) {
    struct lade_image in = sample_image(12, 1, 1, 5), out = sample_image(3, 1, 1, 5);
    resize(&in, &out, LADE_INTERPOLATION_BOX);
    for (int x = 0; x < 3; x++) {
        int sum = 0;
        for (int k = 0; k < 4; k++)
            sum += in.pixels[4 * x + k];
        ck_assert_int_eq(out.pixels[x], (sum + 2) / 4);
    }
    free(in.pixels);
    free(out.pixels);
}
END_TEST

START_TEST(transparent_pixels_do_not_change_colours) {
    struct lade_image in = sample_image(16, 16, 4, 5), out = sample_image(5, 5, 4, 5);
    for (int i = 0; i < 256; i++) /* opaque red next to transparent green */
        memcpy(in.pixels + (size_t)i * 4, i % 16 < 8 ? "\xc8\0\0\xff" : "\0\xc8\0\0", 4);
    resize(&in, &out, (enum lade_interpolation)_i);
    for (int i = 0; i < 25; i++) {
        const uint8_t *p = out.pixels + (size_t)i * 4;
        if (p[3] > 20)
            ck_assert_msg(p[0] >= 190 && p[1] == 0, /* some filters overshoot 200 */
                          "%d: %d %d %d %d", i, p[0], p[1], p[2], p[3]);
    }
    free(in.pixels);
    free(out.pixels);
}
END_TEST

static void set_axis(struct lade__axis *axis, enum lade_interpolation filter, int in, int out) {
    const struct lade__axis_plan plan = {filter, in, 0, in, out, 0, out};
    ck_assert_int_eq(lade__axis_set(axis, &plan, NULL), LADE_OK);
    ck_assert_int_le(axis->in, in); /* the filter "nearest" does not use all source samples */
}

/* Computes the same resize with two sets of kernels and compares the bytes. */
static void compare_kernels(const struct lade__kernels *fast, enum lade_interpolation filter) {
    struct lade__axis x = {0}, y = {0};
    int channels = roll_channels();
    struct lade_image in = sample_image(roll(1, 300), roll(1, 40), channels, (uint64_t)roll(0, 1000));
    if (roll(0, 3) == 0) /* with extreme values, some filters give sums outside of 0..255 */
        for (size_t i = 0; i < in.stride * (size_t)in.height; i++)
            in.pixels[i] = roll(0, 1) ? 255 : 0;
    int out_width = roll(0, 3) ? roll(1, 300) : roll(1, 9), out_height = roll(1, 40);
    set_axis(&x, filter, in.width, out_width);
    set_axis(&y, filter, in.height, out_height);

    size_t n = (size_t)(out_width * channels), in_row = (size_t)(in.width * channels);
    int count = roll(1, LADE__ROWS_AT_ONCE);
    const uint8_t *from[LADE__ROWS_AT_ONCE];
    uint8_t *a[LADE__ROWS_AT_ONCE], *b[LADE__ROWS_AT_ONCE];
    for (int r = 0; r < count; r++) { /* of the exact size, so that a sanitizer finds an overrun */
        from[r] = memcpy(malloc(in_row), in.pixels + (size_t)(r % in.height) * in.stride, in_row);
        a[r] = malloc(n);
        b[r] = malloc(n);
    }
    lade__kernels_scalar.horizontal(&x, channels, from, a, count);
    if (fast->pack)
        ck_assert_int_eq(fast->pack(&x, channels, NULL), LADE_OK);
    fast->horizontal(&x, channels, from, b, count);
    for (int r = 0; r < count; r++) {
        ck_assert_msg(memcmp(a[r], b[r], n) == 0, "%s, horizontal, row %d, %d channels, %d to %d",
                      lade_interpolation_name(filter), r, channels, in.width, out_width);
        free((void *)(uintptr_t)from[r]);
        free(a[r]);
        free(b[r]);
    }

    const uint8_t *rows[64];
    int i = roll(0, out_height - 1);
    ck_assert_int_le(y.count[i], 64);
    for (int k = 0; k < y.count[i]; k++)
        rows[k] = in.pixels + (size_t)(y.first[i] + k) * in.stride;
    uint8_t *plain = malloc(in_row), *quick = malloc(in_row);
    lade__kernels_scalar.vertical(rows, y.weight + i * y.taps, y.count[i], in_row, plain);
    fast->vertical(rows, y.weight + i * y.taps, y.count[i], in_row, quick);
    ck_assert_msg(memcmp(plain, quick, in_row) == 0, "%s, vertical, %zu bytes, %d taps",
                  lade_interpolation_name(filter), in_row, y.count[i]);
    free(plain);
    free(quick);
    free(in.pixels);
    lade__axis_release(&x);
    lade__axis_release(&y);
}

/* Kernels that this CPU does not support are not tested. */
START_TEST(simd_kernels_equal_the_scalar_ones) {
    const struct lade__kernels *all[] = {&lade__kernels_vector, lade__kernels_avx2(), lade__kernels_vnni()};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i] && _i == 0)
            printf("kernels: %s\n", all[i]->name);
        for (int k = 0; all[i] && k < 300; k++)
            compare_kernels(all[i], (enum lade_interpolation)_i);
    }
}
END_TEST

START_TEST(floats_are_bytes_times_the_scale) {
    const struct lade__kernels *all[] = {&lade__kernels_scalar, &lade__kernels_vector, lade__kernels_avx2(),
                                         lade__kernels_vnni()};
    for (int k = 0; k < 200; k++) {
        size_t n = (size_t)roll(1, 300);
        uint8_t *in = malloc(n);
        float *out = malloc(n * sizeof *out), scale = k % 2 ? 1 / 255.f : 1;
        for (size_t i = 0; i < n; i++)
            in[i] = (uint8_t)roll(0, 255);
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            if (!all[i])
                continue;
            memset(out, 0, n * sizeof *out);
            all[i]->to_floats(in, n, scale, out, roll(0, 1));
            if (all[i]->fence)
                all[i]->fence();
            for (size_t j = 0; j < n; j++)
                ck_assert(out[j] == in[j] * scale);
        }
        free(in);
        free(out);
    }
}
END_TEST

START_TEST(strips_equal_decoding_and_then_resizing) {
    struct lade_error err = {0};
    for (int k = 0; k < 40; k++) {
        struct lade__encoded bytes = roll(0, 1) ? sample_jpeg(roll(1, 90), roll(1, 90), roll(0, 1) ? 3 : 1, roll(0, 1))
                                                : sample_png(roll(1, 90), roll(1, 90), roll_channels());
        struct lade_decode_options options = {.color_mode = (enum lade_color_mode)roll(0, 2),
                                              .target_size = {roll(1, 90), roll(1, 90)},
                                              .interpolation = (enum lade_interpolation)_i};
        struct lade_image once, whole;
        ck_assert_int_eq(lade_image_decode_resized(decoder, bytes.data, bytes.size, &options, &once, &err), LADE_OK);
        once = copy_image(&once);
        struct lade_image twice = copy_image(&once);
        ck_assert_int_eq(lade_image_decode(decoder, bytes.data, bytes.size, options.color_mode, NULL, &whole, &err),
                         LADE_OK);
        resize(&whole, &twice, options.interpolation);
        ck_assert(same_image(&once, &twice));
        free(once.pixels);
        free(twice.pixels);
        lade_free(bytes.data);
    }
}
END_TEST

START_TEST(keeping_the_aspect_ratio_takes_the_centre) {
    struct lade_error err = {0};
    struct lade_image out, whole;
    struct lade__encoded bytes = sample_png(40, 20, 3);
    struct lade_decode_options options = {.target_size = {10, 10}, .keep_aspect_ratio = true};
    ck_assert_int_eq(lade_image_decode_resized(decoder, bytes.data, bytes.size, &options, &out, &err), LADE_OK);
    out = copy_image(&out);
    ck_assert_int_eq(lade_image_decode(decoder, bytes.data, bytes.size, LADE_COLOR_RGB, NULL, &whole, &err), LADE_OK);
    struct lade_image centre = whole, expect = copy_image(&out);
    centre.pixels += 10 * 3;
    centre.width = 20;
    resize(&centre, &expect, LADE_INTERPOLATION_NEAREST);
    ck_assert(same_image(&out, &expect));
    free(out.pixels);
    free(expect.pixels);
    lade_free(bytes.data);
}
END_TEST

/* The result is the resized image in the centre of an image of one value. Some images are resized and padded, some are
   only padded, and one has the target size. */
START_TEST(padding_keeps_the_aspect_ratio) {
    static const struct {
        int width, height, target[2], fit_width, fit_height;
    } cases[] = {{40, 20, {10, 10}, 10, 5},  {20, 40, {10, 11}, 5, 10}, {40, 20, {30, 40}, 40, 20},
                 {10, 10, {30, 12}, 12, 12}, {7, 7, {5, 5}, 5, 5},      {1000, 1, {9, 9}, 9, 1},
                 {3, 17, {16, 16}, 3, 16},   {33, 20, {20, 33}, 33, 20}};
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        int width = cases[i / 2].width, height = cases[i / 2].height;
        int fit_width = cases[i / 2].fit_width, fit_height = cases[i / 2].fit_height;
        struct lade_error err = {0};
        struct lade_image out, whole;
        struct lade__encoded bytes = sample_png(width, height, 3);
        struct lade_decode_options options = {.color_mode = i % 2 ? LADE_COLOR_GRAYSCALE : LADE_COLOR_RGB,
                                              .target_size = {cases[i / 2].target[0], cases[i / 2].target[1]},
                                              .interpolation = LADE_INTERPOLATION_BILINEAR,
                                              .pad_to_aspect_ratio = true,
                                              .pad_value = 77};
        ck_assert_int_eq(lade_image_decode_resized(decoder, bytes.data, bytes.size, &options, &out, &err), LADE_OK);
        ck_assert(out.height == options.target_size[0] && out.width == options.target_size[1]);
        out = copy_image(&out);
        ck_assert_int_eq(lade_image_decode(decoder, bytes.data, bytes.size, options.color_mode, NULL, &whole, &err),
                         LADE_OK);
        struct lade_image expect = copy_image(&out), part = expect;
        memset(expect.pixels, 77, expect.stride * (size_t)expect.height);
        part.width = fit_width;
        part.height = fit_height;
        part.pixels += (size_t)((out.height - fit_height) / 2) * expect.stride +
                       (size_t)((out.width - fit_width) / 2 * expect.channels);
        resize(&whole, &part, LADE_INTERPOLATION_BILINEAR);
        ck_assert_msg(same_image(&out, &expect), "%d x %d", width, height);
        free(out.pixels);
        free(expect.pixels);
        lade_free(bytes.data);
    }
}
END_TEST

START_TEST(an_error_names_the_argument) {
    struct lade_error err = {0};
    struct lade_image in = sample_image(4, 4, 3, 5), out = sample_image(2, 2, 3, 5), bad;
    bad = out;
    bad.channels = 1;
    ck_assert_int_eq(lade_image_resize(decoder, &in, &bad, LADE_INTERPOLATION_BOX, &err), LADE_EINVAL);
    bad = out;
    bad.width = 0;
    ck_assert_int_eq(lade_image_resize(decoder, &in, &bad, LADE_INTERPOLATION_BOX, &err), LADE_EINVAL);
    bad = in;
    bad.stride = 11;
    ck_assert_int_eq(lade_image_resize(decoder, &bad, &out, LADE_INTERPOLATION_BOX, &err), LADE_EINVAL);
    ck_assert_ptr_nonnull(strstr(err.message, "stride"));
    ck_assert_int_eq(lade_image_resize(decoder, &in, &out, (enum lade_interpolation)77, &err), LADE_EINVAL);
    ck_assert_ptr_nonnull(strstr(err.message, "77"));
    free(in.pixels);
    free(out.pixels);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "resize");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, one_colour_stays_one_colour, 0, LADE_INTERPOLATION_COUNT);
    tcase_add_loop_test(tcase, same_size_is_a_copy_and_gaps_between_rows_stay, 0, LADE_INTERPOLATION_COUNT);
    tcase_add_test(tcase, nearest_takes_the_pixel_at_the_centre);
    tcase_add_test(tcase, box_by_a_whole_factor_is_the_mean);
    tcase_add_loop_test(tcase, transparent_pixels_do_not_change_colours, LADE_INTERPOLATION_BILINEAR,
                        LADE_INTERPOLATION_COUNT);
    tcase_add_loop_test(tcase, simd_kernels_equal_the_scalar_ones, 0, LADE_INTERPOLATION_COUNT);
    tcase_add_test(tcase, floats_are_bytes_times_the_scale);
    tcase_add_loop_test(tcase, strips_equal_decoding_and_then_resizing, 0, LADE_INTERPOLATION_COUNT);
    tcase_add_test(tcase, padding_keeps_the_aspect_ratio);
    tcase_add_test(tcase, keeping_the_aspect_ratio_takes_the_centre);
    tcase_add_test(tcase, an_error_names_the_argument);
}
