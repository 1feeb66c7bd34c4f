/* Tests images with samples of 16 bits: decoding, resizing, and writing to a slot. Resized values are compared with the
   values of Pillow in tests/golden/bits16.txt; bits16_reference.py describes the format of this file. */
#include "support/decoder_case.h"
#include "source_dir.h"

#include <stdlib.h>
#include <string.h>

static size_t read_file(const char *name, uint8_t *bytes, size_t most) {
    char path[512];
    snprintf(path, sizeof path, LADE_SOURCE_DIR "/tests/golden/images/%s", name);
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "%s", path);
    size_t n = fread(bytes, 1, most, f);
    fclose(f);
    return n;
}

/* Makes a PGM with the values of bits16_reference.py. Returns its size. */
static size_t make_pgm(int height, int width, unsigned seed, bool narrow, uint8_t *bytes) {
    size_t n = (size_t)sprintf((char *)bytes, "P5 %d %d 65535\n", width, height);
    for (unsigned i = 0; i < (unsigned)(height * width); i++) {
        unsigned v = (i * i * 397 + i * seed) % 65536;
        v = narrow ? v / 2 + 16384 : v;
        bytes[n++] = (uint8_t)(v >> 8);
        bytes[n++] = (uint8_t)v;
    }
    return n;
}

static struct lade_image16 decode(const uint8_t *bytes, size_t n, const struct lade_decode_options *options) {
    struct lade_image16 image;
    struct lade_error err = {0};
    ck_assert_msg(lade_image_decode16(decoder, bytes, n, options, &image, &err) == LADE_OK, "%s", err.message);
    return image;
}

static void check_error(const struct lade_error *err, int code, const char *subject) {
    ck_assert_int_eq(err->code, code);
    ck_assert_str_eq(err->subject, subject);
    ck_assert(*err->message);
}

/* ---- Decoding ---------------------------------------------------------------------------------------------------- */

/* A decode to 8 bits and a decode to 16 bits must agree. An 8-bit grey value is the 16-bit value divided by 257 and
   rounded. An 8-bit colour value is the high byte of the 16-bit value. */
START_TEST(decodes_to_16_and_to_8_bits_agree) {
    static const struct {
        const char *name;
        bool grey;
    } files[] = {{"grey16.png", true},  {"grey16.tif", true},   {"grey16mm.tif", true}, {"grey16rows.tif", true},
                 {"5-65535.pgm", true}, {"2-65535.pgm", true},  {"rgb16.png", false},   {"rgba16.png", false},
                 {"rgb16.tif", false},  {"rgb16mm.tif", false}, {"rgba16.tif", false}};
    uint8_t bytes[1 << 15];
    size_t n = read_file(files[_i].name, bytes, sizeof bytes);
    const char *suffix = strrchr(files[_i].name, '.');
    struct lade_decode_options options = {.color_mode = files[_i].grey ? LADE_COLOR_GRAYSCALE : LADE_COLOR_RGBA};
    if (strcmp(suffix, ".tif") == 0 && !lade_format_info(LADE_FORMAT_TIFF)->readable)
        CHECK_SKIP("built without TIFF");
    for (int turned = 0; turned < 2; turned++) {
        struct lade_image small;
        options.exif_orientation = turned;
        ck_assert_int_eq(lade_image_decode_resized(decoder, bytes, n, &options, &small, NULL), LADE_OK);
        size_t samples = (size_t)small.width * (size_t)small.channels * (size_t)small.height;
        uint8_t *copy = malloc(samples);
        memcpy(copy, small.pixels, samples);
        struct lade_image16 image = decode(bytes, n, &options);
        bool low_bits = false;
        ck_assert(image.width == small.width && image.height == small.height && image.channels == small.channels);
        for (size_t i = 0; i < samples; i++) {
            unsigned v = image.pixels[i];
            ck_assert_uint_eq(files[_i].grey ? (v + 128) / 257 : v >> 8, copy[i]);
            low_bits |= v % 257 != 0;
        }
        ck_assert(low_bits);
        free(copy);
    }
}
END_TEST

START_TEST(files_with_8_bits_are_multiplied_by_257) {
    static const uint8_t pgm[] = "P5 3 1 255\n\0\x80\xff";
    struct lade_image16 image = decode(pgm, sizeof pgm - 1, NULL);
    ck_assert_int_eq(image.channels, 3);
    for (int i = 0; i < 9; i++)
        ck_assert_uint_eq(image.pixels[i], i < 3 ? 0 : i < 6 ? 0x8080 : 65535);
}
END_TEST

START_TEST(the_maximum_of_a_pgm_is_white) {
    static const uint8_t pgm[] = "P5 4 1 300\n\0\0\0\x96\1\x2c\xff\xff";
    struct lade_image16 image = decode(pgm, sizeof pgm - 1, NULL);
    static const uint16_t expected[] = {0, 32768, 65535, 65535};
    for (int i = 0; i < 4; i++)
        ck_assert_uint_eq(image.pixels[3 * i], expected[i]);
}
END_TEST

START_TEST(grey_becomes_rgb_and_rgba) {
    uint8_t bytes[256];
    size_t n = make_pgm(3, 5, 9, false, bytes);
    for (int mode = 0; mode < LADE_COLOR_MODE_COUNT; mode++) {
        struct lade_decode_options options = {.color_mode = (enum lade_color_mode)mode};
        struct lade_image16 image = decode(bytes, n, &options);
        for (unsigned i = 0; i < 15; i++)
            for (int c = 0; c < image.channels; c++)
                ck_assert_uint_eq(image.pixels[(int)i * image.channels + c],
                                  c == 3 ? 65535 : (i * i * 397 + i * 9) % 65536);
    }
}
END_TEST

/* Colours are weighted by alpha in the same way as with 8 bits. */
START_TEST(alpha_weights_the_colours) {
    uint8_t bytes[1 << 15];
    size_t n = read_file("rgba16.png", bytes, sizeof bytes);
    struct lade_decode_options options = {
        .color_mode = LADE_COLOR_RGBA, .target_size = {4, 5}, .interpolation = LADE_INTERPOLATION_BILINEAR};
    struct lade_image small;
    ck_assert_int_eq(lade_image_decode_resized(decoder, bytes, n, &options, &small, NULL), LADE_OK);
    uint8_t copy[80];
    memcpy(copy, small.pixels, sizeof copy);
    struct lade_image16 image = decode(bytes, n, &options);
    for (int i = 0; i < 80; i++) /* with 8 bits, a value is rounded several times, so a difference of 2 is allowed */
        ck_assert_int_le(abs(image.pixels[i] / 257 - copy[i]), 2);
}
END_TEST

START_TEST(limits_and_options_are_checked) {
    uint8_t bytes[256];
    size_t n = make_pgm(3, 5, 9, false, bytes);
    struct lade_image16 image;
    struct lade_error err = {0};
    struct lade_decode_options clip = {.clip_grey = true}, few = {.limits.max_pixels = 14};
    ck_assert_int_eq(lade_image_decode16(decoder, bytes, n, &clip, &image, &err), LADE_EINVAL);
    check_error(&err, LADE_EINVAL, "clip_grey");
    ck_assert_int_eq(lade_image_decode16(decoder, bytes, n, &few, &image, &err), LADE_ELIMIT);
    check_error(&err, LADE_ELIMIT, "max_pixels");
    ck_assert_int_eq(lade_image_decode16(decoder, bytes, n - 1, NULL, &image, NULL), LADE_EFORMAT);
}
END_TEST

/* ---- Resizing ---------------------------------------------------------------------------------------------------- */

static void check_line(const char *line) {
    char filter[16];
    int height, width, skip = 0;
    unsigned seed;
    uint8_t bytes[2048];
    struct lade_decode_options options = {.color_mode = LADE_COLOR_GRAYSCALE};
    ck_assert_int_eq(sscanf(line, "%15s %d %d %d %d %u %n", filter, &height, &width, &options.target_size[0],
                            &options.target_size[1], &seed, &skip),
                     6);
    ck_assert_int_eq(lade_interpolation_from_name(filter, &options.interpolation, NULL), LADE_OK);
    bool narrow = strcmp(filter, "bicubic") == 0 || strcmp(filter, "lanczos") == 0;
    struct lade_image16 image = decode(bytes, make_pgm(height, width, seed, narrow, bytes), &options);
    char *at = (char *)line + skip;
    for (int i = 0; i < options.target_size[0] * options.target_size[1]; i++)
        ck_assert_int_le(labs(strtol(at, &at, 10) - image.pixels[i]), 1);
}

START_TEST(resized_values_equal_pillow) {
    char line[4096];
    int lines = 0;
    FILE *f = fopen(LADE_SOURCE_DIR "/tests/golden/bits16.txt", "r");
    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f))
        if (line[0] != '#') {
            check_line(line);
            lines++;
        }
    fclose(f);
    ck_assert_int_eq(lines, 24);
}
END_TEST

/* A large reduction adds up many weights, and each weight is rounded. White must stay white. */
START_TEST(white_stays_white) {
    struct lade_decode_options options = {.target_size = {2, 3}, .interpolation = (enum lade_interpolation)_i};
    static const char header[] = "P5 900 700 65535\n";
    size_t size = strlen(header) + (size_t)900 * 700 * 2;
    uint8_t *bytes = malloc(size);
    memset(bytes, 0xff, size);
    memcpy(bytes, header, strlen(header));
    struct lade_image16 image = decode(bytes, size, &options);
    for (int i = 0; i < 18; i++)
        ck_assert_uint_eq(image.pixels[i], 65535);
    free(bytes);
}
END_TEST

/* ---- Into the slot ----------------------------------------------------------------------------------------------- */

static const struct lade_output as_16 = {.uint16 = true},
                                planes_16 = {.uint16 = true, .data_format = LADE_CHANNELS_FIRST};

/* Makes an image of 4 x 3 pixels with @channels channels. */
static struct lade_image16 make_image(uint16_t *pixels, int channels) {
    for (unsigned i = 0; i < 12u * (unsigned)channels; i++)
        pixels[i] = (uint16_t)(i * i * 397 + 12345);
    return (struct lade_image16){pixels, 4, 3, channels, 4 * (size_t)channels};
}

static void to_tensor(const struct lade_image16 *in, const struct lade_transform *t, const struct lade_output *output,
                      void *slot) {
    struct lade_error err = {0};
    ck_assert_msg(lade_image16_to_tensor(decoder, in, t, output, slot, &err) == LADE_OK, "%s", err.message);
}

START_TEST(a_slot_gets_all_16_bits) {
    uint16_t pixels[48], slot[48];
    float floats[48];
    uint8_t bytes[48];
    for (int channels = 1; channels <= 4; channels += channels == 1 ? 2 : 1) {
        struct lade_image16 in = make_image(pixels, channels);
        int n = 12 * channels;
        to_tensor(&in, NULL, &as_16, slot);
        ck_assert_mem_eq(slot, pixels, (size_t)n * sizeof *slot);
        to_tensor(&in, NULL, &planes_16, slot);
        for (int i = 0; i < n; i++)
            ck_assert_uint_eq(slot[i % channels * 12 + i / channels], pixels[i]);
        to_tensor(&in, NULL, NULL, floats);
        to_tensor(&in, NULL, &(struct lade_output){.uint8 = true}, bytes);
        for (int i = 0; i < n; i++) {
            ck_assert(floats[i] == (float)(pixels[i] / 257.0));
            ck_assert_uint_eq(bytes[i], (pixels[i] + 128) / 257);
        }
    }
}
END_TEST

START_TEST(transforms_work_on_16_bits) {
    uint16_t pixels[48], slot[48];
    struct lade_image16 in = make_image(pixels, 3);
    to_tensor(&in, &(struct lade_transform){.flip_horizontal = true, .flip_vertical = true}, &as_16, slot);
    for (int i = 0; i < 36; i++)
        ck_assert_uint_eq(slot[i], pixels[(11 - i / 3) * 3 + i % 3]);
    to_tensor(&in, &(struct lade_transform){.tx = 1, .fill_mode = LADE_FILL_CONSTANT, .cval = 2}, &as_16, slot);
    for (int i = 0; i < 36; i++)
        ck_assert_uint_eq(slot[i], i / 3 % 4 == 3 ? 514 : pixels[i + 3]);
    to_tensor(&in, &(struct lade_transform){.tx = 0.5, .interpolation_order = 1}, &as_16, slot);
    for (int i = 0; i < 36; i++)
        if (i / 3 % 4 < 3)
            ck_assert_int_le(abs(slot[i] - (pixels[i] + pixels[i + 3] + 1) / 2), 1);
    to_tensor(&in, &(struct lade_transform){.brightness = 0.5, .erasing = {1, 1, 2, 1, 3}}, &as_16, slot);
    for (int i = 0; i < 36; i++)
        if (i / 3 == 5 || i / 3 == 6)
            ck_assert_uint_eq(slot[i], 3 * 257);
        else
            ck_assert_int_le(abs(slot[i] - (pixels[i] + 1) / 2), 1);
}
END_TEST

/* An image whose values are 257 * n must have the same result as the image with 8 bits whose values are n. */
START_TEST(equal_images_have_equal_results) {
    uint16_t wide[48];
    uint8_t narrow[48];
    float a[48], b[48];
    struct lade_transform t = {
        .theta = 20, .zx = 0.8, .zy = 0.9, .contrast = 1.2f, .interpolation_order = _i ? 1 : LADE_OFF};
    struct lade_image in = {narrow, 4, 4, 3, 12};
    struct lade_image16 in16 = {wide, 4, 4, 3, 12};
    for (int i = 0; i < 48; i++)
        wide[i] = (uint16_t)(257 * (narrow[i] = (uint8_t)(i * 37)));
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &t, NULL, a, NULL), LADE_OK);
    to_tensor(&in16, &t, NULL, b);
    for (int i = 0; i < 48; i++)
        ck_assert_float_eq_tol(a[i], b[i], 1e-4f);
    uint16_t slot[48];
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, NULL, &as_16, slot, NULL), LADE_OK);
    ck_assert_mem_eq(slot, wide, sizeof slot);
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &t, &planes_16, slot, NULL), LADE_OK);
    for (int i = 0; i < 48; i++)
        ck_assert_int_le(abs(slot[i % 3 * 16 + i / 3] - (int)(a[i] * 257 + 0.5f)), 1);
}
END_TEST

START_TEST(wrong_arguments_are_refused) {
    uint16_t pixels[48], slot[48];
    struct lade_image16 in = make_image(pixels, 3), tight = in;
    struct lade_error err = {0};
    tight.stride = 11;
    ck_assert_int_eq(lade_image16_to_tensor(decoder, &tight, NULL, NULL, slot, NULL), LADE_EINVAL);
    ck_assert_int_eq(lade_image16_to_tensor(decoder, NULL, NULL, NULL, slot, NULL), LADE_EINVAL);
    ck_assert_int_eq(
        lade_image16_to_tensor(decoder, &in, &(struct lade_transform){.quirks = LADE_QUIRKS_KERAS3}, NULL, slot, &err),
        LADE_EINVAL);
    check_error(&err, LADE_EINVAL, "quirks");
    const struct lade_output wrong[] = {{.uint8 = true, .uint16 = true},
                                        {.uint16 = true, .rescale = 0.5f},
                                        {.uint16 = true, .samplewise_center = true}};
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(lade_image16_to_tensor(decoder, &in, NULL, &wrong[i], slot, &err), LADE_EINVAL);
        check_error(&err, LADE_EINVAL, (const char *[]){"uint16", "rescale", "samplewise_center"}[i]);
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = decoder_case(suite, "image_bits16");
    tcase_add_loop_test(tcase, decodes_to_16_and_to_8_bits_agree, 0, 11);
    tcase_add_test(tcase, files_with_8_bits_are_multiplied_by_257);
    tcase_add_test(tcase, the_maximum_of_a_pgm_is_white);
    tcase_add_test(tcase, grey_becomes_rgb_and_rgba);
    tcase_add_test(tcase, alpha_weights_the_colours);
    tcase_add_test(tcase, limits_and_options_are_checked);
    tcase_add_test(tcase, resized_values_equal_pillow);
    tcase_add_loop_test(tcase, white_stays_white, 0, LADE_INTERPOLATION_COUNT);
    tcase_add_test(tcase, a_slot_gets_all_16_bits);
    tcase_add_test(tcase, transforms_work_on_16_bits);
    tcase_add_loop_test(tcase, equal_images_have_equal_results, 0, 2);
    tcase_add_test(tcase, wrong_arguments_are_refused);
}
