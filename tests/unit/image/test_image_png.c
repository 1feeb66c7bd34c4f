/* Tests every colour type and bit depth of PNG, also interlaced, by the formulas of the specification and of Pillow. A
   damaged file is an error. */
#include "support/decoder_case.h"
#include "support/image_samples.h"
#include "support/png_maker.h"

static const struct {
    const char *what;
    int width;
    uint8_t bits, color_type;
    const char *samples;
    size_t n;
    const char *plte;
    size_t plte_size;
    const char *trns;
    size_t trns_size;
    uint8_t expect[LADE_COLOR_MODE_COUNT][16]; /* rgb, grayscale, rgba */
} kinds[] = {
    {"1-bit grey, tRNS 1",
     4,
     1,
     0,
     PNG_BYTES("\x50"),
     NULL,
     0,
     PNG_BYTES("\0\1"),
     {{0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255},
      {0, 255, 0, 255},
      {0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255, 255, 0}}},
    {"2-bit grey",
     4,
     2,
     0,
     PNG_BYTES("\x1b"),
     NULL,
     0,
     NULL,
     0,
     {{0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255},
      {0, 85, 170, 255},
      {0, 0, 0, 255, 85, 85, 85, 255, 170, 170, 170, 255, 255, 255, 255, 255}}},
    {"4-bit grey, tRNS 11",
     2,
     4,
     0,
     PNG_BYTES("\x1b"),
     NULL,
     0,
     PNG_BYTES("\0\x0b"),
     {{17, 17, 17, 187, 187, 187}, {17, 187}, {17, 17, 17, 255, 187, 187, 187, 0}}},
    {"16-bit grey, divided by 257; tRNS 256",
     4,
     16,
     0,
     PNG_BYTES("\0\7\0\xff\1\0\xff\xff"),
     NULL,
     0,
     PNG_BYTES("\1\0"),
     {{0, 0, 0, 1, 1, 1, 1, 1, 1, 255, 255, 255},
      {0, 1, 1, 255},
      {0, 0, 0, 255, 1, 1, 1, 255, 1, 1, 1, 0, 255, 255, 255, 255}}},
    {"16-bit grey",
     2,
     16,
     0,
     PNG_BYTES("\0\7\1\0"),
     NULL,
     0,
     NULL,
     0,
     {{0, 0, 0, 1, 1, 1}, {0, 1}, {0, 0, 0, 255, 1, 1, 1, 255}}},
    {"8-bit RGB, tRNS",
     2,
     8,
     2,
     PNG_BYTES("\1\2\3\4\5\6"),
     NULL,
     0,
     PNG_BYTES("\0\4\0\5\0\6"),
     {{1, 2, 3, 4, 5, 6}, {2, 5}, {1, 2, 3, 255, 4, 5, 6, 0}}},
    {"16-bit RGB, high bytes; tRNS",
     2,
     16,
     2,
     PNG_BYTES("\1\xff\2\0\3\0\1\0\2\0\3\0"),
     NULL,
     0,
     PNG_BYTES("\1\0\2\0\3\0"),
     {{1, 2, 3, 1, 2, 3}, {2, 2}, {1, 2, 3, 255, 1, 2, 3, 0}}},
    {"2-bit palette, tRNS for two",
     4,
     2,
     3,
     PNG_BYTES("\x1b"),
     PNG_BYTES("abcdefghijkl"),
     PNG_BYTES("\0\x80"),
     {{"abcdefghijkl"},
      {98, 101, 104, 107},
      {'a', 'b', 'c', 0, 'd', 'e', 'f', 128, 'g', 'h', 'i', 255, 'j', 'k', 'l', 255}}},
    {"8-bit grey and alpha",
     2,
     8,
     4,
     PNG_BYTES("\1\2\3\4"),
     NULL,
     0,
     NULL,
     0,
     {{1, 1, 1, 3, 3, 3}, {1, 3}, {1, 1, 1, 2, 3, 3, 3, 4}}},
    {"16-bit grey and alpha, high bytes",
     1,
     16,
     4,
     PNG_BYTES("\1\xff\3\xff"),
     NULL,
     0,
     NULL,
     0,
     {{1, 1, 1}, {1}, {1, 1, 1, 3}}},
    {"8-bit RGBA", 1, 8, 6, PNG_BYTES("\1\2\3\4"), NULL, 0, NULL, 0, {{1, 2, 3}, {2}, {1, 2, 3, 4}}},
    {"16-bit RGBA", 1, 16, 6, PNG_BYTES("\1\xff\2\xff\3\xff\4\xff"), NULL, 0, NULL, 0, {{1, 2, 3}, {2}, {1, 2, 3, 4}}},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

START_TEST(every_kind_has_the_right_pixels) {
    struct png_maker png =
        png_one_row(kinds[_i].width, kinds[_i].bits, kinds[_i].color_type, kinds[_i].samples, kinds[_i].n,
                    kinds[_i].plte, kinds[_i].plte_size, kinds[_i].trns, kinds[_i].trns_size);
    struct lade_image_info info;
    struct lade_error err = {0};
    ck_assert_int_eq(lade_image_probe(png.data, png.size, &info, &err), LADE_OK);
    ck_assert_int_eq(info.bits, kinds[_i].bits);
    ck_assert_int_eq(info.width, kinds[_i].width);
    for (int mode = 0; mode < LADE_COLOR_MODE_COUNT; mode++) {
        struct lade_image out;
        ck_assert_msg(lade_image_decode(decoder, png.data, png.size, (enum lade_color_mode)mode, NULL, &out, &err) ==
                          LADE_OK,
                      "%s: %s", kinds[_i].what, err.message);
        for (int i = 0; i < out.width * out.channels; i++)
            ck_assert_msg(out.pixels[i] == kinds[_i].expect[mode][i], "%s, mode %d, byte %d: %d, not %d",
                          kinds[_i].what, mode, i, out.pixels[i], kinds[_i].expect[mode][i]);
    }
    free(png.data);
}
END_TEST

START_TEST(a_decode_returns_the_encoded_image) {
    static const int sizes[][2] = {{1, 1}, {7, 5}, {33, 17}, {300, 40}};
    for (int channels = 1; channels <= 4; channels++) {
        if (channels == 2)
            continue;
        static const enum lade_color_mode modes[] = {
            [1] = LADE_COLOR_GRAYSCALE, [3] = LADE_COLOR_RGB, [4] = LADE_COLOR_RGBA};
        struct lade_image image = sample_image(sizes[_i][0], sizes[_i][1], channels, 9), out;
        struct lade__encoded bytes;
        struct lade_error err = {0};
        ck_assert_int_eq(lade__encode_png(&image, 0, &bytes, &err), LADE_OK);
        ck_assert_int_eq(lade_image_decode(decoder, bytes.data, bytes.size, modes[channels], NULL, &out, &err),
                         LADE_OK);
        ck_assert(same_image(&image, &out));
        lade_free(bytes.data);
        free(image.pixels);
    }
}
END_TEST

/* Makes a PNG of an image that has @bytes bytes a pixel. The PNG is interlaced: it has the seven passes of Adam7. */
static struct png_maker interlaced(const struct lade_image *image, uint8_t bits, uint8_t color_type, int bytes) {
    static const int x0[] = {0, 4, 0, 2, 0, 1, 0}, y0[] = {0, 0, 4, 0, 2, 0, 1};
    static const int dx[] = {8, 8, 4, 4, 2, 2, 1}, dy[] = {8, 8, 8, 4, 4, 2, 2};
    struct png_maker png, rows = {0};
    for (int pass = 0; pass < 7; pass++)
        for (int y = y0[pass]; y < image->height && x0[pass] < image->width; y += dy[pass]) {
            png_bytes(&rows, "\0", 1);
            for (int x = x0[pass]; x < image->width; x += dx[pass])
                png_bytes(&rows, image->pixels + (size_t)y * image->stride + (size_t)(x * bytes), (size_t)bytes);
        }
    png_start(&png, (uint32_t)image->width, (uint32_t)image->height, bits, color_type, 1);
    png_idat(&png, rows.data, rows.size);
    png_end(&png);
    free(rows.data);
    return png;
}

START_TEST(interlaced_images_have_the_same_pixels) {
    struct lade_error err = {0};
    struct lade_image out, small, again;
    for (int size = 1; size < 20; size++) {
        struct lade_image image = sample_image(size, 21 - size, 3, 6);
        struct png_maker png = interlaced(&image, 8, 2, 3);
        ck_assert_msg(lade_image_decode(decoder, png.data, png.size, LADE_COLOR_RGB, NULL, &out, &err) == LADE_OK, "%s",
                      err.message);
        ck_assert(same_image(&image, &out));

        struct lade_decode_options options = {.target_size = {5, 6}, .interpolation = LADE_INTERPOLATION_BICUBIC};
        ck_assert_int_eq(lade_image_decode_resized(decoder, png.data, png.size, &options, &small, &err), LADE_OK);
        small = copy_image(&small);
        again = copy_image(&small);
        ck_assert_int_eq(lade_image_resize(decoder, &image, &again, LADE_INTERPOLATION_BICUBIC, &err), LADE_OK);
        ck_assert(same_image(&small, &again));
        free(again.pixels);
        free(small.pixels);
        free(png.data);
        free(image.pixels);
    }
}
END_TEST

START_TEST(interlaced_16_bit_grey_has_the_same_pixels) {
    struct lade_error err = {0};
    struct lade_image out;
    uint8_t samples[9 * 9 * 2];
    for (int i = 0; i < 81; i++) {
        samples[2 * i] = i % 3 == 0;
        samples[2 * i + 1] = (uint8_t)(i * 3);
    }
    struct lade_image image = {samples, 9, 9, 1, 18};
    struct png_maker png = interlaced(&image, 16, 0, 2);
    ck_assert_msg(lade_image_decode(decoder, png.data, png.size, LADE_COLOR_GRAYSCALE, NULL, &out, &err) == LADE_OK,
                  "%s", err.message);
    for (int i = 0; i < 81; i++)
        ck_assert_int_eq(out.pixels[i], ((i % 3 == 0) * 256 + i * 3 + 128) / 257);
    free(png.data);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = decoder_case(suite, "png");
    tcase_add_loop_test(tcase, every_kind_has_the_right_pixels, 0, KINDS);
    tcase_add_loop_test(tcase, a_decode_returns_the_encoded_image, 0, 4);
    tcase_add_test(tcase, interlaced_images_have_the_same_pixels);
    tcase_add_test(tcase, interlaced_16_bit_grey_has_the_same_pixels);
}
