/*
 * Tests files that were made to need much memory or time, and files whose headers describe impossible images.
 */
#include "support/invalid_images.h"
#include "support/jpeg_maker.h"
#include "support/png_maker.h"

#include "image/decoder.h"

#include <malloc.h>

/* ---- Malicious files --------------------------------------------------------------------------------------------- */

/* Returns a deflate stream of zeros. In the stream, 13 bits stand for 258 bytes. */
static struct png_maker zeros(size_t megabytes) {
    struct png_maker z = {0};
    uint64_t acc = 0;
    int have = 0;
    png_bytes(&z, "\x78\x01", 2);
#define PUT(value, bits) (acc |= (uint64_t)(value) << have, have += (bits))
    PUT(3, 3);    /* the last block, with fixed codes */
    PUT(0x0c, 8); /* a literal 0; the bits of a code are in reverse order */
    for (size_t i = 0; i < megabytes * 4096; i++) {
        PUT(0xa3, 8); /* length 258 */
        PUT(0, 5);    /* distance 1 */
        while (have >= 8) {
            png_bytes(&z, &(uint8_t){(uint8_t)acc}, 1);
            acc >>= 8;
            have -= 8;
        }
    }
    png_bytes(&z, &(uint8_t){(uint8_t)acc}, 1);
    return z;
}

static size_t held, most_held; /* held: number of bytes that are allocated now; most_held: the maximum of `held` */

static void *weighed_resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    held -= p ? malloc_usable_size(p) : 0;
    p = realloc(p, size);
    held += malloc_usable_size(p);
    most_held = held > most_held ? held : most_held;
    return p;
}

static void weighed_release(void *ctx, void *p) {
    (void)ctx;
    held -= p ? malloc_usable_size(p) : 0;
    free(p);
}

/* The image has 8 x 8 pixels, but its data or its comments unpack to many megabytes. */
START_TEST(a_zip_bomb_is_not_unpacked) {
    struct png_maker bomb, z = zeros(_i ? 1 : 8);
    struct lade_image out;
    struct lade_error err;
    png_start(&bomb, 8, 8, 8, 2, 0);
    if (_i) {
        struct png_maker profile = {0};
        png_bytes(&profile, "bomb\0\0", 6);
        png_bytes(&profile, z.data, z.size);
        for (int k = 0; k < 50; k++)
            png_chunk(&bomb, "zTXt", profile.data, profile.size);
        free(profile.data);
    }
    png_chunk(&bomb, "IDAT", z.data, z.size);
    png_end(&bomb);
    lade_decoder_free(decoder);
    lade_set_allocator(&(struct lade_allocator){weighed_resize, weighed_release, NULL});
    decoder = lade_decoder_new();
    attempt(bomb.data, bomb.size, LADE_COLOR_RGB, &out, &err);
    lade_decoder_free(decoder);
    lade_set_allocator(NULL);
    decoder = lade_decoder_new();
    ck_assert_uint_gt(most_held, 1000);
    ck_assert_uint_le(most_held, 20 << 20); /* the limit that lade sets for comments in libspng, and some more memory */
    ck_assert_uint_eq(held, 0);
    free(bomb.data);
    free(z.data);
}
END_TEST

/* Decodes with all allocations counted, and returns the status. Sets most_held. */
static int weighed_decode(const void *bytes, size_t n, const struct lade_decode_options *options) {
    struct lade_image out;
    held = most_held = 0;
    lade_set_allocator(&(struct lade_allocator){weighed_resize, weighed_release, NULL});
    lade_decoder *weighed = lade_decoder_new();
    int rc = lade_image_decode_resized(weighed, bytes, n, options, &out, NULL);
    lade_decoder_free(weighed);
    lade_set_allocator(NULL);
    ck_assert_uint_eq(held, 0);
    return rc;
}

/* The tables of a resize grow with the sides of the image, although the file is small. */
START_TEST(a_long_side_is_refused_before_anything_is_allocated) {
    static const char *const files_of[] = {"P6 178956970 1 255 ", "P6 1 178956970 255 ", "P5 65536 1 255 ",
                                           "P4 1 65536 "};
    for (size_t i = 0; i < sizeof files_of / sizeof *files_of; i++)
        for (int filter = 0; filter < LADE_INTERPOLATION_COUNT; filter++) {
            struct lade_decode_options options = {.target_size = {8, 8},
                                                  .interpolation = (enum lade_interpolation)filter};
            ck_assert_int_eq(weighed_decode(files_of[i], strlen(files_of[i]), &options), LADE_ELIMIT);
            ck_assert_uint_le(most_held, sizeof(lade_decoder) + 64);
        }
}
END_TEST

/* Checks the limit that image.h states for the memory of the tables and the window of a resize. */
START_TEST(the_longest_side_takes_little_memory) {
    for (int tall = 0; tall < 2; tall++)
        for (int filter = 0; filter < LADE_INTERPOLATION_COUNT; filter++) {
            struct lade_image line = sample_image(tall ? 1 : 65535, tall ? 65535 : 1, 3, 1);
            struct lade__encoded png;
            struct lade_decode_options options = {.target_size = {224, 224},
                                                  .interpolation = (enum lade_interpolation)filter};
            ck_assert_int_eq(lade__encode_png(&line, 0, &png, NULL), LADE_OK);
            ck_assert_int_eq(weighed_decode(png.data, png.size, &options), LADE_OK);
            ck_assert_msg(most_held < 8 << 20, "%zu bytes", most_held);
            lade_free(png.data);
            free(line.pixels);
        }
}
END_TEST

/* libjpeg visits all pixels for each scan, so a small file with many scans is slow. */
START_TEST(the_number_of_scans_is_limited) {
    enum { SIDE = 64, PIXELS = SIDE * SIDE };
    struct lade__encoded few =
        make_jpeg(&(struct jpeg_kind){.channels = 1, .stored = JCS_GRAYSCALE, .h = 1, .v = 1, .scans = 10}, SIDE, SIDE);
    struct lade__encoded many =
        make_jpeg(&(struct jpeg_kind){.channels = 1, .stored = JCS_GRAYSCALE, .h = 1, .v = 1, .scans = 20}, SIDE, SIDE);
    struct lade_decode_options options = {.limits.max_pixels = PIXELS};
    ck_assert_int_eq(weighed_decode(few.data, few.size, &options), LADE_OK);
    ck_assert_int_eq(weighed_decode(many.data, many.size, &options), LADE_ELIMIT);
    options.limits.max_pixels = 2 * PIXELS;
    ck_assert_int_eq(weighed_decode(many.data, many.size, &options), LADE_OK);
    lade_free(few.data);
    lade_free(many.data);
}
END_TEST

#define TEXT(s) (const uint8_t *)(s), sizeof(s) - 1

START_TEST(other_bytes_are_not_images) {
    static const struct {
        const uint8_t *bytes;
        size_t n;
        int status;
    } cases[] = {
        {TEXT(""), LADE_EFORMAT},
        {TEXT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), LADE_EUNSUPPORTED},
        {TEXT("<!DOCTYPE html><title>404</title>"), LADE_EUNSUPPORTED},
        {TEXT("P6\n99999999999 2 255\n"), LADE_EFORMAT},
        {TEXT("P6\n4294967297 2 255\n"), LADE_EFORMAT},
        {TEXT("P6\n-3 2 255\n"), LADE_EFORMAT},
        {TEXT("P5\n3 2 0\n123456"), LADE_EFORMAT},
        {TEXT("P5\n3 2 65536\n123456"), LADE_EFORMAT},
        {TEXT("P2\n2 1 9\n3 10\n"), LADE_EFORMAT},
        {TEXT("P1\n2 1\n0 2\n"), LADE_EFORMAT},
        {TEXT("P4\n2147483647 2147483647\n"), LADE_ELIMIT},
        {TEXT("P6 #"), LADE_EFORMAT},
    };
    struct lade_image out;
    struct lade_error err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(attempt(cases[i].bytes, cases[i].n, LADE_COLOR_RGB, &out, &err) == cases[i].status, "%zu: %s", i,
                      err.message);
}
END_TEST

/* Decodes a little-endian TIFF that has the given entries (tag, type, count, value). Arbitrary bytes of the file are
   the pixels. */
static int try_tiff(const uint32_t entries[][4], int count, uint32_t next, struct lade_error *err) {
    struct png_maker file = {0};
    struct lade_image out;
    uint16_t words = (uint16_t)count;
    png_bytes(&file, "II*\0\x08\0\0\0", 8);
    png_bytes(&file, &words, 2);
    for (int i = 0; i < count; i++) {
        uint16_t head[2] = {(uint16_t)entries[i][0], (uint16_t)entries[i][1]};
        png_bytes(&file, head, 4);
        png_bytes(&file, &entries[i][2], 8);
    }
    png_bytes(&file, &next, 4);
    int rc = attempt(file.data, file.size, LADE_COLOR_RGB, &out, err);
    free(file.data);
    return rc;
}

START_TEST(an_invalid_tiff_directory_is_an_error) {
    enum { SHORT = 3, LONG = 4, GREY = 9 };
    static const struct {
        uint32_t tag, type, count, value;
        int status;
    } changes[] = {
        {256, LONG, 1, 4, LADE_OK},
        {256, LONG, 1, 0, LADE_EFORMAT},
        {256, LONG, 1, 0x7fffffff, LADE_ELIMIT},
        {257, LONG, 1, 0xffffffff, LADE_EFORMAT},
        {257, LONG, 0xffffffff, 0xfffffff0, LADE_EFORMAT},
        {258, SHORT, 1, 65535, LADE_EUNSUPPORTED},
        {258, SHORT, 1, 0, LADE_EFORMAT},
        {277, SHORT, 1, 65535, LADE_EUNSUPPORTED},
        {277, SHORT, 1, 0, LADE_EFORMAT},
        {278, LONG, 1, 0, LADE_EFORMAT},
        {278, LONG, 1, 0xffffffff, LADE_OK},
        {273, LONG, 1, 0xfffffff0, LADE_EFORMAT},
        {273, LONG, 0x7fffffff, 8, LADE_EFORMAT},
        {279, LONG, 1, 0xffffffff, LADE_OK},       /* libtiff detects the wrong number and computes the right number */
        {259, SHORT, 1, 34925, LADE_EUNSUPPORTED}, /* LZMA */
        {259, SHORT, 1, 6, LADE_EUNSUPPORTED},     /* old-style JPEG */
        {259, SHORT, 1, 7, LADE_EFORMAT},          /* JPEG, but the data is not JPEG */
        {259, SHORT, 1, 8, LADE_EFORMAT},
        {259, SHORT, 1, 60000, LADE_EUNSUPPORTED},
        {262, SHORT, 1, 8, LADE_EUNSUPPORTED},
        {262, SHORT, 1, 3, LADE_EFORMAT},
    };
    uint32_t good[GREY][4] = {{256, LONG, 1, 4},  {257, LONG, 1, 4},  {258, SHORT, 1, 8},
                              {259, SHORT, 1, 1}, {262, SHORT, 1, 1}, {273, LONG, 1, 8},
                              {277, SHORT, 1, 1}, {278, LONG, 1, 4},  {279, LONG, 1, 16}};
    struct lade_error err;
    if (!lade_format_info(LADE_FORMAT_TIFF)->readable)
        CHECK_SKIP("built without TIFF");
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        uint32_t entries[GREY][4];
        memcpy(entries, good, sizeof entries);
        for (int k = 0; k < GREY; k++)
            if (entries[k][0] == changes[i].tag)
                memcpy(entries[k], &changes[i], sizeof entries[k]);
        int rc = try_tiff((const uint32_t(*)[4])entries, GREY, 8, &err); /* the next directory is the same directory */
        ck_assert_msg(rc == changes[i].status, "tag %u of %u: %d, not %d: %s", changes[i].tag, changes[i].value, rc,
                      changes[i].status, err.message);
    }
}
END_TEST

/* The image has 16 pixels, but its tiles have 4 billion pixels. */
START_TEST(the_limit_holds_for_tiff_tiles) {
    static const uint32_t entries[][4] = {{256, 4, 1, 4}, {257, 4, 1, 4}, {258, 3, 1, 8},     {259, 3, 1, 1},
                                          {262, 3, 1, 1}, {277, 3, 1, 1}, {322, 4, 1, 65520}, {323, 4, 1, 65520},
                                          {324, 4, 1, 8}, {325, 4, 1, 16}};
    struct lade_error err;
    if (!lade_format_info(LADE_FORMAT_TIFF)->readable)
        CHECK_SKIP("built without TIFF");
    ck_assert_int_eq(try_tiff(entries, 10, 0, &err), LADE_ELIMIT);
    ck_assert_ptr_nonnull(strstr(err.message, "65520 x 65520"));
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "hostile");
    tcase_add_checked_fixture(tcase, invalid_images_setup, invalid_images_teardown);
    tcase_add_loop_test(tcase, a_zip_bomb_is_not_unpacked, 0, 2);
    tcase_add_test(tcase, a_long_side_is_refused_before_anything_is_allocated);
    tcase_add_test(tcase, the_longest_side_takes_little_memory);
    tcase_add_test(tcase, the_number_of_scans_is_limited);
    tcase_add_test(tcase, other_bytes_are_not_images);
    tcase_add_test(tcase, an_invalid_tiff_directory_is_an_error);
    tcase_add_test(tcase, the_limit_holds_for_tiff_tiles);
}
