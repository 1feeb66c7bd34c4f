/* Tests two properties of crops. If only a part of an image is decoded, its pixels are equal to the same part of the
   whole decoded image. The size and position of random crops have the right distribution. */
#include "support/image_samples.h"

#include <math.h>
#include <stdio.h>

#include <jpeglib.h>

static lade_decoder *decoder, *other;
static struct lade_random dice;

static void setup(void) {
    decoder = lade_decoder_new();
    other = lade_decoder_new();
    ck_assert(decoder && other);
    lade_random_init(&dice, 31, 0, 0, LADE_RANDOM_USER);
}

static void teardown(void) {
    lade_decoder_free(decoder);
    lade_decoder_free(other);
}

static int roll(int low, int high) {
    return low + (int)lade_random_below(&dice, (uint64_t)(high - low + 1));
}

/* Number of luma samples for one chroma sample, horizontally and vertically. 0 means a grey image. */
static const int samplings[][2] = {{1, 1}, {2, 1}, {2, 2}, {1, 2}, {4, 1}, {0, 0}};
enum { SAMPLINGS = sizeof samplings / sizeof *samplings };

static struct lade__encoded jpeg_of(int width, int height, const int sampling[2], bool progressive, int restart) {
    struct lade_image image = sample_image(width, height, sampling[0] ? 3 : 1, (uint64_t)roll(0, 1000));
    struct jpeg_compress_struct enc;
    struct jpeg_error_mgr errors;
    unsigned char *data = NULL;
    unsigned long size = 0;
    enc.err = jpeg_std_error(&errors);
    jpeg_create_compress(&enc);
    jpeg_mem_dest(&enc, &data, &size);
    enc.image_width = (JDIMENSION)width;
    enc.image_height = (JDIMENSION)height;
    enc.input_components = image.channels;
    enc.in_color_space = image.channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(&enc);
    jpeg_set_quality(&enc, 90, TRUE);
    if (sampling[0]) {
        enc.comp_info[0].h_samp_factor = sampling[0];
        enc.comp_info[0].v_samp_factor = sampling[1];
    }
    if (progressive)
        jpeg_simple_progression(&enc);
    enc.restart_interval = (unsigned)restart;
    jpeg_start_compress(&enc, TRUE);
    for (int y = 0; y < height; y++) {
        JSAMPROW row = image.pixels + (size_t)y * image.stride;
        jpeg_write_scanlines(&enc, &row, 1);
    }
    jpeg_finish_compress(&enc);
    jpeg_destroy_compress(&enc);
    free(image.pixels);
    return (struct lade__encoded){data, size};
}

static struct lade_box random_box(int width, int height) {
    int w = roll(1, width), h = roll(1, height);
    return (struct lade_box){roll(0, width - w), roll(0, height - h), w, h};
}

static struct lade_image part_of(const struct lade_image *whole, const struct lade_box *box) {
    struct lade_image part = *whole;
    part.pixels += (size_t)box->y * whole->stride + (size_t)(box->x * whole->channels);
    part.width = box->width;
    part.height = box->height;
    return part;
}

/* Compares a random crop with the same part of the whole decoded image. */
static void check_crop(struct lade__encoded bytes, struct lade_decode_options options, const char *what) {
    struct lade_error err = {0};
    struct lade_image whole, out;
    ck_assert_msg(lade_image_decode(other, bytes.data, bytes.size, options.color_mode, NULL, &whole, &err) == LADE_OK,
                  "%s", err.message);
    options.crop = random_box(whole.width, whole.height);
    ck_assert_msg(lade_image_decode_resized(decoder, bytes.data, bytes.size, &options, &out, &err) == LADE_OK, "%s",
                  err.message);
    struct lade_image part = part_of(&whole, &options.crop), expect = copy_image(&out);
    ck_assert(options.target_size[0] || (out.width == part.width && out.height == part.height));
    ck_assert_int_eq(lade_image_resize(other, &part, &expect, options.interpolation, &err), LADE_OK);
    ck_assert_msg(same_image(&out, &expect), "%s, %d x %d: %d x %d at (%d, %d)", what, whole.width, whole.height,
                  part.width, part.height, options.crop.x, options.crop.y);
    free(expect.pixels);
}

START_TEST(a_crop_of_a_jpeg_equals_the_part_of_the_whole) {
    for (int k = 0; k < (check_under_valgrind() ? 6 : 24); k++) {
        bool progressive = k % 3 == 2;
        char what[64];
        struct lade__encoded bytes =
            jpeg_of(roll(1, 200), roll(1, 200), samplings[_i], progressive, k % 4 == 3 ? roll(1, 9) : 0);
        snprintf(what, sizeof what, "%dx%d%s", samplings[_i][0], samplings[_i][1], progressive ? ", progressive" : "");
        struct lade_decode_options options = {.color_mode = (enum lade_color_mode)(k % 3)};
        if (k % 2) {
            options.interpolation = (enum lade_interpolation)roll(0, LADE_INTERPOLATION_COUNT - 1);
            options.target_size[0] = roll(1, 60);
            options.target_size[1] = roll(1, 60);
        }
        for (int i = 0; i < 4; i++)
            check_crop(bytes, options, what);
        free(bytes.data);
    }
}
END_TEST

START_TEST(a_crop_of_a_png_equals_the_part_of_the_whole) {
    for (int k = 0; k < 40; k++) {
        struct lade__encoded bytes = sample_png(roll(1, 90), roll(1, 90), (int[]){1, 3, 4}[k % 3]);
        struct lade_decode_options options = {.color_mode = (enum lade_color_mode)roll(0, 2),
                                              .target_size = {roll(1, 50), roll(1, 50)},
                                              .interpolation = (enum lade_interpolation)(k % LADE_INTERPOLATION_COUNT)};
        check_crop(bytes, options, "PNG");
        lade_free(bytes.data);
    }
}
END_TEST

/* Computes torchvision's CenterCrop after Resize step by step. */
START_TEST(the_centre_of_a_resized_image) {
    struct lade_error err = {0};
    for (int k = 0; k < 100; k++) {
        int width = roll(1, 150), height = roll(1, 150), size = roll(20, 80);
        struct lade__encoded bytes = k % 2 ? jpeg_of(width, height, samplings[roll(0, SAMPLINGS - 1)], k % 3 == 0, 0)
                                           : sample_png(width, height, (int[]){1, 3, 4}[k % 3]);
        struct lade_decode_options options = {.color_mode = (enum lade_color_mode)(k % 3),
                                              .target_size = {roll(1, size), roll(1, size)},
                                              .interpolation = (enum lade_interpolation)_i,
                                              .crop_resize = size};
        struct lade_image whole, out;
        ck_assert_msg(lade_image_decode_resized(decoder, bytes.data, bytes.size, &options, &out, &err) == LADE_OK, "%s",
                      err.message);
        ck_assert_int_eq(lade_image_decode(other, bytes.data, bytes.size, options.color_mode, NULL, &whole, &err),
                         LADE_OK);
        int to_width = width <= height ? size : size * width / height;
        int to_height = width <= height ? size * height / width : size;
        struct lade_image resized = {NULL, to_width, to_height, whole.channels,
                                     (size_t)to_width * (size_t)whole.channels};
        resized.pixels = malloc(resized.stride * (size_t)to_height);
        ck_assert_int_eq(lade_image_resize(other, &whole, &resized, options.interpolation, &err), LADE_OK);
        struct lade_box centre = {(int)rint((to_width - out.width) / 2.), (int)rint((to_height - out.height) / 2.),
                                  out.width, out.height};
        struct lade_image part = part_of(&resized, &centre);
        ck_assert_msg(same_image(&out, &part), "%d x %d to %d, centre %d x %d, %s", width, height, size, out.width,
                      out.height, lade_interpolation_name(options.interpolation));
        free(resized.pixels);
        free(bytes.data);
    }
}
END_TEST

/* A crop that is decoded at a fraction of the size is similar to the exact crop. The mean difference is small. */
START_TEST(a_fast_crop_is_nearly_the_same) {
    struct lade_error err = {0};
    for (int k = 0; k < 20; k++) {
        struct lade__encoded bytes = jpeg_of(roll(200, 400), roll(200, 400), samplings[k % SAMPLINGS], k % 2, 0);
        struct lade_decode_options options = {.target_size = {16, 16},
                                              .interpolation = LADE_INTERPOLATION_BILINEAR,
                                              .crop = {roll(0, 60), roll(0, 60), roll(64, 140), roll(64, 140)}};
        struct lade_image exact, fast;
        ck_assert_int_eq(lade_image_decode_resized(decoder, bytes.data, bytes.size, &options, &exact, &err), LADE_OK);
        options.decode = LADE_DECODE_FAST;
        ck_assert_int_eq(lade_image_decode_resized(other, bytes.data, bytes.size, &options, &fast, &err), LADE_OK);
        ck_assert_int_eq(fast.width, 16);
        double sums[2] = {0};
        for (int i = 0; i < 16 * 16 * 3; i++) {
            sums[0] += exact.pixels[i];
            sums[1] += fast.pixels[i];
        }
        ck_assert_msg(fabs(sums[0] - sums[1]) / (16 * 16 * 3) < 4, "%g %g", sums[0], sums[1]);
        free(bytes.data);
    }
}
END_TEST

START_TEST(draws_are_inside_their_ranges) {
    const struct lade_crop_range ranges[] = {{{0}, {0}}, {{.2, .5}, {.5, 2}}, {{.3, .4}, {1, 1}}, {{.01, .02}, {3, 3}}};
    for (int k = 0; k < 4000; k++) {
        const struct lade_crop_range *r = &ranges[k % 4];
        int width = 300, height = k % 2 ? 300 : 200;
        double low = r->scale[1] > 0 ? r->scale[0] : .08, high = r->scale[1] > 0 ? r->scale[1] : 1;
        double narrow = r->ratio[1] > 0 ? r->ratio[0] : .75, wide = r->ratio[1] > 0 ? r->ratio[1] : 4. / 3;
        struct lade_box box;
        ck_assert_int_eq(lade_crop_check(r, NULL), LADE_OK);
        lade_crop_draw(r, &dice, height, width, &box);
        ck_assert(box.x >= 0 && box.y >= 0 && box.width >= 1 && box.height >= 1);
        ck_assert(box.x + box.width <= width && box.y + box.height <= height);
        double share = (double)box.width * box.height / (width * height), shape = (double)box.width / box.height;
        ck_assert_msg(share > low * .97 && share < high * 1.03, "%d: area %g", k, share);
        ck_assert_msg(shape > narrow * .93 && shape < wide * 1.07, "%d: shape %g", k, shape);
    }
}
END_TEST

/* The area, the logarithm of the aspect ratio and the position are uniform. */
START_TEST(draws_are_uniform) {
    enum { N = 10000 };
    const struct lade_crop_range range = {{.05, .25}, {.5, 2}};
    double area = 0, shape = 0, place = 0;
    for (int k = 0; k < N; k++) {
        struct lade_box box;
        lade_crop_draw(&range, &dice, 1000, 1000, &box);
        area += box.width * box.height / 1e6;
        shape += log((double)box.width / box.height);
        place += (double)box.x / (1000 - box.width) - (double)box.y / (1000 - box.height);
    }
    ck_assert_msg(fabs(area / N - .15) < .003, "%g", area / N);
    ck_assert_msg(fabs(shape / N) < .01, "%g", shape / N);
    ck_assert_msg(fabs(place / N) < .01, "%g", place / N);
}
END_TEST

START_TEST(the_centre_is_taken_if_no_draw_fits) {
    const struct lade_crop_range range = {{.9, 1}, {0}};
    struct lade_box box;
    lade_crop_draw(&range, &dice, 10, 400, &box); /* too wide */
    ck_assert(box.height == 10 && box.width == 13 && box.y == 0 && box.x == 193);
    lade_crop_draw(&range, &dice, 400, 9, &box); /* too high */
    ck_assert(box.width == 9 && box.height == 12 && box.x == 0 && box.y == 194);
    lade_crop_draw(&range, &dice, 1, 1, &box);
    ck_assert(box.width == 1 && box.height == 1);
}
END_TEST

/* The random parts for a seed must never change, because the same seed must give the same bytes in every version. */
START_TEST(draws_never_change) {
    const struct lade_crop_range range = {0};
    struct lade_random random;
    struct lade_box box;
    lade_random_init(&random, 1, 2, 3, LADE_RANDOM_CROP);
    lade_crop_draw(&range, &random, 375, 500, &box);
    ck_assert_msg(box.x == 50 && box.y == 44 && box.width == 224 && box.height == 230, "%d %d %d %d", box.x, box.y,
                  box.width, box.height);
}
END_TEST

START_TEST(an_error_names_the_argument) {
    struct lade__encoded bytes = sample_png(20, 10, 3);
    const struct {
        struct lade_decode_options options;
        const char *subject;
    } wrong[] = {
        {{.crop = {0, 0, 21, 5}}, "crop"},
        {{.crop = {15, 0, 10, 5}}, "crop"},
        {{.crop = {0, 0, 5, 0}}, "crop"},
        {{.crop = {0, -1, 5, 5}}, "crop"},
        {{.crop_resize = 30}, "crop_resize"},
        {{.crop_resize = 30, .target_size = {31, 8}}, "crop_resize"},
        {{.crop_resize = 30, .target_size = {8, 8}, .crop = {0, 0, 5, 5}}, "crop"},
        {{.keep_aspect_ratio = true, .target_size = {8, 8}, .crop = {0, 0, 5, 5}}, "crop"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct lade_error err = {0};
        struct lade_image out;
        ck_assert_int_eq(lade_image_decode_resized(decoder, bytes.data, bytes.size, &wrong[i].options, &out, &err),
                         LADE_EINVAL);
        ck_assert_str_eq(err.subject, wrong[i].subject);
        ck_assert_int_ne(err.message[0], '\0');
    }
    lade_free(bytes.data);
    const struct lade_crop_range ranges[] = {{{.5, .2}, {0}}, {{0, 1}, {0}}, {{.5, 1.1}, {0}}, {{NAN, 1}, {0}},
                                             {{0}, {2, 1}},   {{0}, {0, 1}}, {{0}, {1, 1e9}}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        struct lade_error err = {0};
        ck_assert_int_eq(lade_crop_check(&ranges[i], &err), LADE_EINVAL);
        ck_assert_str_eq(err.subject, i < 4 ? "crop_scale" : "crop_ratio");
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "crop");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, a_crop_of_a_jpeg_equals_the_part_of_the_whole, 0, SAMPLINGS);
    tcase_add_test(tcase, a_crop_of_a_png_equals_the_part_of_the_whole);
    tcase_add_loop_test(tcase, the_centre_of_a_resized_image, 0, LADE_INTERPOLATION_COUNT);
    tcase_add_test(tcase, a_fast_crop_is_nearly_the_same);
    tcase_add_test(tcase, draws_are_inside_their_ranges);
    tcase_add_test(tcase, draws_are_uniform);
    tcase_add_test(tcase, the_centre_is_taken_if_no_draw_fits);
    tcase_add_test(tcase, draws_never_change);
    tcase_add_test(tcase, an_error_names_the_argument);
}
