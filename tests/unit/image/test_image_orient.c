/* Tests that the Exif orientation is found in every file format that has Exif data, that images are turned as Pillow
   turns them, and that invalid data is ignored. */
#include "support/decoder_case.h"
#include "support/exif_maker.h"
#include "support/image_samples.h"
#include "support/png_maker.h"

#include "image/codec/metadata.h"
#include "image/color/orient.h"

enum { WIDTH = 37, HEIGHT = 21 };

static int exif_orientation(const uint8_t *exif, size_t n) {
    return lade__metadata_orientation(&(struct lade__metadata){.exif = {exif, n}});
}

/* Pixel (x, y) of the upright image is pixel (*sx, *sy) of the stored image. Sets *sx and *sy as the Exif standard
   defines them. */
static void source_of(int orientation, int x, int y, int width, int height, int *sx, int *sy) {
    int across = orientation >= 5 ? y : x, down = orientation >= 5 ? x : y;
    *sx = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8 ? width - 1 - across : across;
    *sy = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7 ? height - 1 - down : down;
}

/* Returns the upright image, which is made pixel by pixel from the stored image. */
static struct lade_image turned(const struct lade_image *in, int orientation) {
    bool swaps = orientation >= 5;
    struct lade_image out = {
        .width = swaps ? in->height : in->width, .height = swaps ? in->width : in->height, .channels = in->channels};
    out.stride = (size_t)out.width * (size_t)out.channels;
    out.pixels = malloc(out.stride * (size_t)out.height);
    for (int y = 0; y < out.height; y++)
        for (int x = 0; x < out.width; x++) {
            int sx, sy;
            source_of(orientation, x, y, in->width, in->height, &sx, &sy);
            memcpy(out.pixels + (size_t)y * out.stride + (size_t)(x * out.channels),
                   in->pixels + (size_t)sy * in->stride + (size_t)(sx * in->channels), (size_t)out.channels);
        }
    return out;
}

static struct lade__encoded with_orientation(bool jpeg, int orientation) {
    struct lade__encoded plain = jpeg ? sample_jpeg(WIDTH, HEIGHT, 3, false) : sample_png(WIDTH, HEIGHT, 3);
    struct png_maker file = {0};
    uint8_t exif[64];
    size_t n = make_exif(exif, orientation, jpeg);
    png_bytes(&file, plain.data, jpeg ? 2 : 33);
    if (jpeg) {
        png_bytes(&file, (uint8_t[]){0xff, 0xe1, 0, (uint8_t)(n + 2)}, 4);
        png_bytes(&file, exif, n);
    } else {
        png_chunk(&file, "eXIf", exif, n);
    }
    png_bytes(&file, plain.data + (jpeg ? 2 : 33), plain.size - (jpeg ? 2 : 33));
    lade_free(plain.data);
    return (struct lade__encoded){file.data, file.size};
}

/* Tests images with and without a resize, in every colour mode and from every file format that has Exif data. */
START_TEST(an_image_is_turned_first) {
    static const int targets[][2] = {{0, 0}, {10, 15}, {HEIGHT, WIDTH}, {WIDTH, HEIGHT}, {50, 9}};
    int orientation = _i % 8 + 1;
    struct lade__encoded file = with_orientation(_i < 8, orientation);
    struct lade_error err = {0};
    struct lade_image_info info;
    ck_assert_int_eq(lade_image_probe(file.data, file.size, &info, &err), LADE_OK);
    ck_assert_int_eq(info.orientation, orientation);
    ck_assert_int_eq(info.width, WIDTH);
    for (int mode = 0; mode < LADE_COLOR_MODE_COUNT; mode++)
        for (size_t i = 0; i < 2 * sizeof targets / sizeof *targets; i++) {
            struct lade_decode_options options = {.color_mode = (enum lade_color_mode)mode,
                                                  .interpolation = LADE_INTERPOLATION_BICUBIC,
                                                  .keep_aspect_ratio = i % 2};
            struct lade_image out, stored;
            ck_assert_int_eq(lade_image_decode_resized(decoder, file.data, file.size, &options, &stored, &err),
                             LADE_OK);
            ck_assert_int_eq(stored.width, WIDTH); /* not turned without the option */
            struct lade_image upright = turned(&stored, orientation), copy;
            memcpy(options.target_size, targets[i / 2], sizeof options.target_size);
            options.exif_orientation = true;
            ck_assert_int_eq(lade_image_decode_resized(decoder, file.data, file.size, &options, &out, &err), LADE_OK);
            copy = copy_image(&out);
            if (options.target_size[0] && !options.keep_aspect_ratio) {
                struct lade_image resized = copy_image(&out);
                ck_assert_int_eq(lade_image_resize(decoder, &upright, &resized, LADE_INTERPOLATION_BICUBIC, &err),
                                 LADE_OK);
                ck_assert(same_image(&copy, &resized));
                free(resized.pixels);
            } else if (!options.target_size[0]) {
                ck_assert(same_image(&copy, &upright));
            }
            free(copy.pixels);
            free(upright.pixels);
        }
    free(file.data);
}
END_TEST

/* Fast decoding scales a JPEG down while it is decoded. The scale is chosen for the upright image, not for the stored
   image. */
START_TEST(fast_decoding_uses_the_upright_sides) {
    struct lade__encoded file = with_orientation(true, 6);
    struct lade_error err = {0};
    struct lade_image out;
    struct lade_decode_options options = {
        .target_size = {WIDTH / 2, HEIGHT / 2}, .decode = LADE_DECODE_FAST, .exif_orientation = true};
    ck_assert_int_eq(lade_image_decode_resized(decoder, file.data, file.size, &options, &out, &err), LADE_OK);
    ck_assert_int_eq(out.height, WIDTH / 2);
    ck_assert_int_eq(out.width, HEIGHT / 2);
    free(file.data);
}
END_TEST

START_TEST(exif_is_found_in_either_byte_order) {
    uint8_t exif[64];
    for (int orientation = 1; orientation <= 8; orientation++) {
        ck_assert_int_eq(exif_orientation(exif, make_exif(exif, orientation, true)), orientation);
        ck_assert_int_eq(exif_orientation(exif, make_exif(exif, orientation, false)), orientation);
    }
    static const uint8_t little[] = "II*\0\x08\0\0\0\2\0\0\1\4\0\1\0\0\0\5\0\0\0\x12\1\3\0\1\0\0\0\6\0\0\0";
    ck_assert_int_eq(exif_orientation(little, sizeof little), 6);
    static const uint8_t big[] = "MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\1"
                                 "\1\x12\0\3\0\0\0\0\0\0\0\1\0\3\0\0\0\0\0\0";
    ck_assert_int_eq(exif_orientation(big, sizeof big), 3);
}
END_TEST

/* Tests data that is truncated at any byte, has one changed byte, or has an invalid orientation. The result is always a
   valid orientation, and no byte outside of the data is read. */
START_TEST(invalid_data_is_upright) {
    uint8_t exif[64];
    size_t n = make_exif(exif, 6, true);
    for (size_t cut = 0; cut < n; cut++) {
        uint8_t *copy = malloc(cut ? cut : 1);
        memcpy(copy, exif, cut);
        ck_assert_int_eq(exif_orientation(copy, cut), cut < 26 ? 1 : exif_orientation(exif, cut));
        free(copy);
    }
    for (size_t at = 0; at < n; at++)
        for (int value = 0; value < 256; value++) {
            uint8_t *copy = malloc(n);
            memcpy(copy, exif, n);
            copy[at] = (uint8_t)value;
            int orientation = exif_orientation(copy, n);
            ck_assert(orientation >= 1 && orientation <= 8);
            free(copy);
        }
    for (int orientation = 9; orientation < 256; orientation += 7)
        ck_assert_int_eq(exif_orientation(exif, make_exif(exif, orientation, true)), 1);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = decoder_case(suite, "orient");
    tcase_add_loop_test(tcase, an_image_is_turned_first, 0, 16);
    tcase_add_test(tcase, fast_decoding_uses_the_upright_sides);
    tcase_add_test(tcase, exif_is_found_in_either_byte_order);
    tcase_add_test(tcase, invalid_data_is_upright);
}
