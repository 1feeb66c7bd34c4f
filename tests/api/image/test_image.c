/* Tests of the functions of lade/image.h: names, formats, limits, and an image that is written to a file, decoded and
   stored in a batch. */
#include <lade/image.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/check_main.h"

START_TEST(names_are_converted_both_ways) {
    struct lade_error err = {0};
#define BOTH_WAYS(noun, count, first)                                                                              \
    for (int i = first; i < count; i++) {                                                                          \
        enum lade_##noun value;                                                                                    \
        ck_assert_int_eq(lade_##noun##_from_name(lade_##noun##_name((enum lade_##noun)i), &value, &err), LADE_OK); \
        ck_assert_int_eq((int)value, i);                                                                           \
    }                                                                                                              \
    ck_assert_str_eq(lade_##noun##_name((enum lade_##noun)99), "unknown")
    BOTH_WAYS(format, LADE_FORMAT_COUNT, 1);
    BOTH_WAYS(color_mode, LADE_COLOR_MODE_COUNT, 0);
    BOTH_WAYS(interpolation, LADE_INTERPOLATION_COUNT, 0);
    BOTH_WAYS(fill_mode, LADE_FILL_MODE_COUNT, 0);
    BOTH_WAYS(shift_unit, LADE_SHIFT_UNIT_COUNT, 0);
    BOTH_WAYS(quirks, LADE_QUIRKS_COUNT, 0);
    BOTH_WAYS(data_format, LADE_DATA_FORMAT_COUNT, 0);
    BOTH_WAYS(decode, LADE_DECODE_COUNT, 0);
    enum lade_format format;
    ck_assert_int_eq(lade_format_from_name("jpg", &format, &err), LADE_OK);
    ck_assert_int_eq((int)format, LADE_FORMAT_JPEG);
    ck_assert_int_eq(lade_color_mode_channels(LADE_COLOR_RGBA), 4);
    ck_assert_int_eq(lade_color_mode_channels((enum lade_color_mode)7), 0);
}
END_TEST

START_TEST(the_error_lists_the_known_names) {
    struct lade_error err = {0};
    enum lade_interpolation value = LADE_INTERPOLATION_BOX;
    ck_assert_int_eq(lade_interpolation_from_name("cubic", &value, &err), LADE_EINVAL);
    ck_assert_int_eq((int)value, LADE_INTERPOLATION_BOX);
    ck_assert_str_eq(err.subject, "interpolation");
    ck_assert_ptr_nonnull(strstr(err.message, "cubic"));
    for (int i = 0; i < LADE_INTERPOLATION_COUNT; i++)
        ck_assert_ptr_nonnull(strstr(err.message, lade_interpolation_name((enum lade_interpolation)i)));
    ck_assert_int_eq(lade_interpolation_from_name(NULL, &value, NULL), LADE_EINVAL);
}
END_TEST

#define BYTES(s) s, sizeof(s) - 1

static const struct {
    const char *bytes;
    size_t n;
    int status;
    const char *says;
} not_images[] = {
    {BYTES(""), LADE_EFORMAT, "empty"},
    {BYTES("<html><head>404 Not Found"), LADE_EUNSUPPORTED, "text: \"<html><head>404"},
    {BYTES("caf\xc3\xa9 menu\n"), LADE_EUNSUPPORTED, "text: \"caf\xc3\xa9 menu"},
    {BYTES("\0\0\0\34ftypheic"), LADE_EUNSUPPORTED, "HEIC"},
    {BYTES("P7\nWIDTH 3\n"), LADE_EUNSUPPORTED, "PAM"},
    {BYTES("BM\1\2\3\4\0\0\0\0\66\0\0\0"), LADE_EFORMAT, "BMP: truncated"},
    {BYTES("BM\1\2\3\4\0\0\0\0\66\0\0\0\50\0\0\0\1\0"), LADE_EFORMAT, "BMP: truncated"},
    {BYTES("P6 3 "), LADE_EFORMAT, "PNM: truncated"},
    {BYTES("P6 3 x 255 "), LADE_EFORMAT, "byte 5 is not a digit"},
    {BYTES("%PDF-1.4"), LADE_EUNSUPPORTED, "PDF"},
    {BYTES("PK\3\4...."), LADE_EUNSUPPORTED, "ZIP"},
    {BYTES("\0\0\0\0\0\0"), LADE_EUNSUPPORTED, "zero bytes"},
    {BYTES("\x01\x02\x03\xfe"), LADE_EUNSUPPORTED, "01 02 03 fe"},
    {BYTES("\xff\xd8\xff"), LADE_EFORMAT, "truncated"},
    {BYTES("\xff\xd8\xff\xe0\0\4\0\0\xff\xd9"), LADE_EFORMAT, "no frame header"},
    {BYTES("\xff\xd8\xff\xdb\0\1\0\0\xff\xd9"), LADE_EFORMAT, "at byte 4 has a length of 1"},
    {BYTES("\x89PNG\r\n\x1a\n"), LADE_EFORMAT, "truncated"},
};

START_TEST(the_error_describes_a_file_that_is_not_an_image) {
    struct lade_image_info info = {.width = 77};
    struct lade_error err = {0};
    ck_assert_int_eq(lade_image_probe(not_images[_i].bytes, not_images[_i].n, &info, &err), not_images[_i].status);
    ck_assert_msg(strstr(err.message, not_images[_i].says) != NULL, "\"%s\" does not contain \"%s\"", err.message,
                  not_images[_i].says);
    ck_assert_int_eq(info.width, 77);

    lade_decoder *decoder = lade_decoder_new();
    struct lade_image out;
    ck_assert_int_eq(
        lade_image_decode(decoder, not_images[_i].bytes, not_images[_i].n, LADE_COLOR_RGB, NULL, &out, &err),
        not_images[_i].status);
    lade_decoder_free(decoder);
}
END_TEST

/* Stores the bytes of a small image file in @bytes, which has space for @room bytes. Returns the size of the file. */
static size_t sample_file(bool png, int width, int height, uint8_t *bytes, size_t room) {
    struct lade_error err = {0};
    char path[] = "/tmp/lade-test-XXXXXX";
    uint8_t pixels[3 * 20 * 30];
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(i * 7);
    struct lade_image image = {pixels, width, height, 3, 60};
    close(mkstemp(path));
    ck_assert_int_eq(lade_image_write(path, &image, png ? LADE_FORMAT_PNG : LADE_FORMAT_JPEG, 0, &err), 0);
    FILE *f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    size_t n = fread(bytes, 1, room, f);
    fclose(f);
    unlink(path);
    return n;
}

/* ---- Limits ------------------------------------------------------------------------------------------------------ */

static size_t allocations;

static void *counted_resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    allocations++;
    return realloc(p, size);
}

static void counted_release(void *ctx, void *p) {
    (void)ctx;
    free(p);
}

static const uint8_t huge_png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\x86\xa0\0\1\x86\xa0\x08\2\0\0\0\0\0\0\0";
static const uint8_t huge_jpeg[] = "\xff\xd8\xff\xc0\0\x11\x08\xff\xdc\xff\xdc\3\1\x22\0\2\x11\1\3\x11\1";

START_TEST(a_huge_size_is_an_error_before_any_allocation) {
    struct lade_allocator counted = {counted_resize, counted_release, NULL};
    struct lade_error err = {0};
    struct lade_image_info info;
    struct lade_image out;
    lade_set_allocator(&counted);
    lade_decoder *decoder = lade_decoder_new();
    allocations = 0;
    ck_assert_int_eq(lade_image_probe(huge_png, sizeof huge_png - 1, &info, &err), LADE_OK);
    ck_assert_int_eq(info.width, 100000);
    ck_assert_int_eq(info.height, 100000);
    ck_assert_int_eq(lade_image_decode(decoder, huge_png, sizeof huge_png - 1, LADE_COLOR_RGB, NULL, &out, &err),
                     LADE_ELIMIT);
    ck_assert_ptr_nonnull(strstr(err.message, "100000 x 100000"));
    ck_assert_ptr_nonnull(strstr(err.message, "178956970"));
    ck_assert_str_eq(err.subject, "max_pixels");
    ck_assert_int_eq(lade_image_decode(decoder, huge_jpeg, sizeof huge_jpeg - 1, LADE_COLOR_RGB, NULL, &out, &err),
                     LADE_ELIMIT);
    ck_assert_ptr_nonnull(strstr(err.message, "65500 x 65500"));
    ck_assert_uint_eq(allocations, 0);
    lade_decoder_free(decoder);
    lade_set_allocator(NULL);
}
END_TEST

START_TEST(limits_can_be_set) {
    struct lade_error err = {0};
    struct lade_image out;
    struct lade_image_limits tight = {.max_file_bytes = 10};
    lade_decoder *decoder = lade_decoder_new();
    ck_assert_int_eq(lade_image_decode(decoder, huge_png, sizeof huge_png - 1, LADE_COLOR_RGB, &tight, &out, &err),
                     LADE_ELIMIT);
    ck_assert_str_eq(err.subject, "max_file_bytes");

    uint8_t bytes[1000];
    size_t n = sample_file(true, 3, 2, bytes, sizeof bytes);
    struct lade_image_limits five = {.max_pixels = 5}, six = {.max_pixels = 6},
                             none = {UINT64_MAX, UINT64_MAX, UINT64_MAX};
    ck_assert_int_eq(lade_image_decode(decoder, bytes, n, LADE_COLOR_RGB, &five, &out, &err), LADE_ELIMIT);
    ck_assert_int_eq(lade_image_decode(decoder, bytes, n, LADE_COLOR_RGB, &six, &out, &err), LADE_OK);
    ck_assert_int_eq(lade_image_decode(decoder, bytes, n, LADE_COLOR_RGB, &none, &out, &err), LADE_OK);
    lade_decoder_free(decoder);
}
END_TEST

/* The number of allocations that can still succeed. All later allocations fail. The error must then be LADE_ENOMEM, and
   the sanitizers check that nothing leaks. */
static size_t allocations_left;

static void *failing_resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    if (allocations_left == 0)
        return NULL;
    allocations_left--;
    return realloc(p, size);
}

START_TEST(out_of_memory_is_an_error) {
    struct lade_allocator failing = {failing_resize, counted_release, NULL};
    struct lade_error err = {0};
    uint8_t bytes[10000];
    size_t n = sample_file(_i, 20, 30, bytes, sizeof bytes);
    struct lade_image out;
    struct lade_decode_options options = {
        .color_mode = LADE_COLOR_RGBA, .target_size = {11, 13}, .interpolation = LADE_INTERPOLATION_LANCZOS};
    float slot[11 * 13 * 4];
    lade_set_allocator(&failing);
    bool done = false;
    for (size_t budget = 0; !done && budget < 200; budget++) {
        allocations_left = budget;
        lade_decoder *decoder = lade_decoder_new();
        if (!decoder)
            continue;
        int rc = lade_image_decode_resized(decoder, bytes, n, &options, &out, &err);
        if (rc == LADE_OK)
            rc = lade_image_to_tensor(decoder, &out, NULL, NULL, slot, &err);
        ck_assert_msg(rc == LADE_OK || rc == LADE_ENOMEM, "%d: %s", rc, err.message);
        done = rc == LADE_OK;
        lade_decoder_free(decoder);
    }
    ck_assert(done);
    lade_set_allocator(NULL);
}
END_TEST

/* ---- Options ----------------------------------------------------------------------------------------------------- */

START_TEST(an_error_names_the_option) {
    static const struct {
        struct lade_decode_options options;
        const char *says;
    } cases[] = {
        {{.target_size = {0, 5}}, "target_size"},
        {{.target_size = {-1, 5}}, "target_size"},
        {{.color_mode = (enum lade_color_mode)9}, "color_mode"},
        {{.interpolation = (enum lade_interpolation)9}, "interpolation"},
        {{.decode = (enum lade_decode)9}, "decode"},
    };
    struct lade_error err = {0};
    struct lade_image out;
    lade_decoder *decoder = lade_decoder_new();
    ck_assert_int_eq(lade_image_decode_resized(decoder, huge_png, 33, &cases[_i].options, &out, &err), LADE_EINVAL);
    ck_assert_str_eq(err.subject, cases[_i].says);
    ck_assert_int_eq(lade_image_decode(NULL, huge_png, 33, LADE_COLOR_RGB, NULL, &out, &err), LADE_EINVAL);
    ck_assert_int_eq(lade_image_decode(decoder, huge_png, 33, LADE_COLOR_RGB, NULL, NULL, &err), LADE_EINVAL);
    ck_assert_int_eq(lade_image_decode(decoder, NULL, 33, LADE_COLOR_RGB, NULL, &out, &err), LADE_EINVAL);
    lade_decoder_free(decoder);
    lade_decoder_free(NULL);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "image");
    tcase_add_test(tcase, names_are_converted_both_ways);
    tcase_add_test(tcase, the_error_lists_the_known_names);
    tcase_add_loop_test(tcase, the_error_describes_a_file_that_is_not_an_image, 0,
                        sizeof not_images / sizeof *not_images);
    tcase_add_test(tcase, a_huge_size_is_an_error_before_any_allocation);
    tcase_add_test(tcase, limits_can_be_set);
    tcase_add_loop_test(tcase, out_of_memory_is_an_error, 0, 2);
    tcase_add_loop_test(tcase, an_error_names_the_option, 0, 5);
}
