/* Tests the decoding of JPEG files at an eighth of their size. The pixels are equal to the pixels of libjpeg, and
   unusual files are left to libjpeg. */
#include "support/decoder_case.h"
#include "support/image_samples.h"
#include "support/jpeg_maker.h"
#include "support/jpeg_two_ways.h"

enum { STRIP = 16 }; /* number of rows that are always decoded together */

static bool same_rows(const struct eighth *a, const struct eighth *b, int rows) {
    return a->width == b->width && a->height == b->height && a->channels == b->channels &&
           !memcmp(a->pixels, b->pixels, (size_t)a->width * (size_t)rows * (size_t)a->channels);
}

/* Decodes the first @rows rows at an eighth of the size with the public function, without a resize. Compares the rows
   with the result of libjpeg. If @rows is 0, compares all rows. */
static void check_product(const uint8_t *bytes, size_t n, int rows, const struct eighth *plain, const char *what) {
    struct lade_decode_options options = {.decode = LADE_DECODE_FAST};
    struct lade_image out;
    struct lade_error err = {0};
    if (plain->channels == 1)
        options.color_mode = LADE_COLOR_GRAYSCALE;
    options.target_size[0] = rows ? rows : plain->height;
    options.target_size[1] = plain->width;
    if (rows)
        options.crop = (struct lade_box){0, 0, 8 * plain->width, 8 * rows};
    int rc = lade_image_decode_resized(decoder, bytes, n, &options, &out, &err);
    ck_assert_msg((rc < 0) == (plain->outcome == BROKEN), "%s: libjpeg %d, lade %d %s", what, plain->outcome, rc,
                  err.message);
    if (rc < 0)
        return;
    ck_assert_msg(rows || (lade_decoder_warning(decoder) != NULL) == plain->warned, "%s: warning", what);
    struct lade_image want = {.pixels = plain->pixels,
                              .width = plain->width,
                              .height = options.target_size[0],
                              .channels = plain->channels,
                              .stride = (size_t)plain->width * (size_t)plain->channels};
    ck_assert_msg(same_image(&out, &want), "%s: other pixels", what);
}

/* Decodes with libjpeg alone, and with lade. If lade accepts a file, libjpeg must decode it to the same pixels without
   a warning. */
static enum eighth_outcome check_both(const uint8_t *bytes, size_t n, int rows, const char *what) {
    struct eighth plain = decode_eighth(BY_LIBJPEG, bytes, n, rows), ours = decode_eighth(BY_LADE, bytes, n, rows);
    if (ours.outcome == GOOD) {
        ck_assert_msg(plain.outcome == GOOD, "%s: the outcome of libjpeg is %d", what, plain.outcome);
        ck_assert_msg(same_rows(&ours, &plain, rows ? rows : plain.height), "%s: other pixels", what);
    }
    if (plain.channels == 1 || plain.channels == 3)
        check_product(bytes, n, rows, &plain, what);
    free(plain.pixels);
    free(ours.pixels);
    return ours.outcome;
}

enum content { NOISE, PHOTO, SMOOTH, FLAT, CONTENTS };

static struct lade_image picture(int width, int height, int channels, enum content content) {
    struct lade_image image = sample_image(width, height, channels, 10);
    struct lade_random random;
    lade_random_init(&random, (uint64_t)width, 0, 0, LADE_RANDOM_SYNTH);
    for (int y = 0; y < height && content != PHOTO; y++)
        for (int x = 0; x < width * channels; x++) {
            uint8_t *p = &image.pixels[(size_t)y * image.stride + (size_t)x];
            *p = content == NOISE    ? (uint8_t)(lade_random_u32(&random) & 1 ? 255 : lade_random_u32(&random))
                 : content == SMOOTH ? (uint8_t)(x / 5 + 2 * y / 3)
                                     : (uint8_t)(x % channels * 100);
        }
    return image;
}

/* Each row contains the number of channels, the horizontal and the vertical sampling factor. */
static const int sampling[][3] = {{1, 1, 1}, {1, 2, 2}, {3, 1, 1}, {3, 2, 1}, {3, 1, 2}, {3, 2, 2}};

static const struct {
    int width, height;
} sizes[] = {{8, 8}, {9, 15}, {16, 16}, {17, 33}, {64, 48}, {100, 75}, {255, 131}, {4099, 9}, {11, 4099}, {513, 260}};

START_TEST(plain_files_are_decoded_without_libjpeg) {
    static const int qualities[] = {1, 10, 35, 50, 75, 90, 96, 100};
    static const unsigned intervals[] = {0, 0, 1, 7};
    struct lade_random random;
    lade_random_init(&random, (uint64_t)_i, 0, 0, LADE_RANDOM_SYNTH);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes * CONTENTS; i++) {
        struct jpeg_kind kind = {.channels = sampling[_i][0], .h = sampling[_i][1], .v = sampling[_i][2]};
        kind.stored = kind.channels == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
        kind.quality = qualities[lade_random_below(&random, sizeof qualities / sizeof *qualities)];
        kind.optimized = lade_random_below(&random, 2);
        kind.restart_mcus = intervals[lade_random_below(&random, 4)];
        kind.restart_rows = lade_random_below(&random, 4) == 0;
        int width = sizes[i / CONTENTS].width, height = sizes[i / CONTENTS].height;
        struct lade_image image = picture(width, height, kind.channels, (enum content)(i % CONTENTS));
        struct lade__encoded bytes = encode_kind(&kind, &image);
        char what[128];
        snprintf(what, sizeof what, "%d x %d, content %zu, %d components %dx%d, quality %d%s, restarts %u", width,
                 height, i % CONTENTS, kind.channels, kind.h, kind.v, kind.quality, kind.optimized ? "o" : "",
                 kind.restart_rows ? 999 : kind.restart_mcus);
        ck_assert_msg(check_both(bytes.data, bytes.size, 0, what) == GOOD, "%s: declined", what);
        free(image.pixels);
        lade_free(bytes.data);
    }
}
END_TEST

START_TEST(other_kinds_are_left_to_libjpeg) {
    for (int i = 3; i < JPEG_KINDS; i++) {
        if (!strcmp(jpeg_kinds[i].name, "restarts"))
            continue;
        struct lade__encoded bytes = make_jpeg(&jpeg_kinds[i], 150, 90);
        ck_assert_msg(check_both(bytes.data, bytes.size, 0, jpeg_kinds[i].name) == ODD, "%s", jpeg_kinds[i].name);
        lade_free(bytes.data);
    }
}
END_TEST

/* Makes a file that has restart markers and its own Huffman tables. @i is an index of sampling[]. */
static struct lade__encoded small_file(int i, int width, int height) {
    struct jpeg_kind kind = {.channels = sampling[i][0],
                             .h = sampling[i][1],
                             .v = sampling[i][2],
                             .quality = i & 1 ? 97 : 60,
                             .restart_mcus = i & 1 ? 5 : 0,
                             .optimized = i & 2};
    kind.stored = kind.channels == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
    return make_jpeg(&kind, width, height);
}

/* A truncated file is never accepted, even if only its first rows are needed, because lade always reads a file to its
   end. */
START_TEST(a_file_may_end_at_any_byte) {
    struct lade__encoded bytes = small_file(_i, 16, 160);
    for (size_t n = 4; n < bytes.size; n++) {
        uint8_t *copy = malloc(n); /* of the exact size, so that a sanitizer finds a read past the end */
        char what[64];
        memcpy(copy, bytes.data, n);
        for (int rows = 0; rows <= STRIP; rows += STRIP) {
            snprintf(what, sizeof what, "%zu bytes of %zu, %d rows", n, bytes.size, rows);
            ck_assert_msg(check_both(copy, n, rows, what) != GOOD, "%s", what);
        }
        free(copy);
    }
    lade_free(bytes.data);
}
END_TEST

static size_t behind_frame(const struct lade__encoded *bytes) {
    size_t i = 0;
    while (bytes->data[i] != 0xff || (bytes->data[i + 1] & 0xfe) != 0xc0)
        i++;
    return i + 2 + bytes->data[i + 3];
}

START_TEST(any_byte_may_be_damaged) {
    struct lade__encoded bytes = small_file(_i, 96, 192);
    struct lade_random random;
    lade_random_init(&random, (uint64_t)_i, 0, 0, LADE_RANDOM_SYNTH);
    size_t from = behind_frame(&bytes);
    uint8_t *copy = malloc(bytes.size);
    int outcomes[3] = {0};
    for (int i = 0; i < 350; i++) {
        memcpy(copy, bytes.data, bytes.size);
        size_t at = from + lade_random_below(&random, bytes.size - from);
        /* Sets the byte to 0xff, or changes one bit. */
        unsigned by = i % 4 == 0 ? 255u & ~copy[at] : 1u << lade_random_below(&random, 8);
        copy[at] ^= (uint8_t)by;
        char what[64];
        snprintf(what, sizeof what, "byte %zu of %zu xor %x, %d rows", at, bytes.size, by, i % 3 ? 0 : STRIP);
        outcomes[check_both(copy, bytes.size, i % 3 == 0 ? STRIP : 0, what)]++;
    }
    ck_assert_int_gt(outcomes[ODD], 0);
    ck_assert_int_gt(outcomes[GOOD], 0);
    free(copy);
    lade_free(bytes.data);
}
END_TEST

/* Quantisers of 255 make values that are out of range. For such values, libjpeg's C code and its vector code give
   different results. */
START_TEST(values_out_of_range_are_left_to_libjpeg) {
    struct lade__encoded bytes = small_file(_i, 64, 64);
    for (size_t i = 0; i + 66 < bytes.size && bytes.data[i + 1] != 0xda; i++)
        if (bytes.data[i] == 0xff && bytes.data[i + 1] == 0xdb)
            memset(bytes.data + i + 5, 255, 64);
    ck_assert_int_eq(check_both(bytes.data, bytes.size, 0, "quantisers of 255"), ODD);
    lade_free(bytes.data);
}
END_TEST

START_TEST(only_the_end_may_follow_the_scan) {
    struct lade__encoded bytes = small_file(5, 90, 90);
    uint8_t *more = calloc(1, bytes.size + 8);
    memcpy(more, bytes.data, bytes.size);
    ck_assert_int_eq(check_both(more, bytes.size + 8, 0, "zeros after the end marker"), GOOD);
    memcpy(more + bytes.size - 2, "\x12\xff\xd9", 3);
    ck_assert_int_eq(check_both(more, bytes.size + 1, 0, "a data byte before the end marker"), ODD);
    memcpy(more + bytes.size - 2, "\xff\xff\xd9", 3);
    ck_assert_int_eq(check_both(more, bytes.size + 1, 0, "a fill byte before the end marker"), ODD);
    memcpy(more + bytes.size - 2, "\xff\xfe\0\2\xff\xd9", 6);
    ck_assert_int_eq(check_both(more, bytes.size + 4, 0, "a comment before the end marker"), ODD);
    free(more);
    lade_free(bytes.data);
}
END_TEST

/* If only a part of an image is decoded, its pixels are equal to the same part of the whole decoded image. */
START_TEST(a_part_equals_the_same_part_of_the_whole) {
    struct lade__encoded bytes = small_file(_i, 400, 304);
    struct eighth whole = decode_eighth(BY_LIBJPEG, bytes.data, bytes.size, 0);
    static const struct lade_box parts[] = {{0, 0, 50, 38}, {3, 5, 20, 11}, {17, 0, 1, 37}, {30, 30, 20, 7}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct lade_box p = parts[i];
        struct lade_decode_options options = {.decode = LADE_DECODE_FAST,
                                              .color_mode = whole.channels == 1 ? LADE_COLOR_GRAYSCALE : LADE_COLOR_RGB,
                                              .target_size = {p.height, p.width},
                                              .crop = {8 * p.x, 8 * p.y, 8 * p.width, 8 * p.height}};
        struct lade_image out;
        struct lade_error err = {0};
        ck_assert_msg(lade_image_decode_resized(decoder, bytes.data, bytes.size, &options, &out, &err) == LADE_OK, "%s",
                      err.message);
        size_t stride = (size_t)whole.width * (size_t)whole.channels;
        struct lade_image want = {.pixels = whole.pixels + (size_t)p.y * stride + (size_t)(p.x * whole.channels),
                                  .width = p.width,
                                  .height = p.height,
                                  .channels = whole.channels,
                                  .stride = stride};
        ck_assert_msg(same_image(&out, &want), "part %zu", i);
    }
    free(whole.pixels);
    lade_free(bytes.data);
}
END_TEST

START_TEST(fast_decoding_is_never_below_the_target) {
    struct lade_image photo = sample_image(800, 600, 3, 2), exact, fast;
    struct lade__encoded bytes;
    struct lade_error err = {0};
    for (int y = 0; y < 600; y++)
        for (int x = 0; x < 2400; x++)
            photo.pixels[(size_t)y * photo.stride + (size_t)x] = (uint8_t)(x / 12 + y / 12);
    ck_assert_int_eq(lade__jpeg_encode(&photo, 95, false, &bytes, &err), LADE_OK);
    struct lade_decode_options options = {.interpolation = LADE_INTERPOLATION_BILINEAR};
    static const int targets[][2] = {{75, 100}, {76, 100}, {150, 200}, {151, 201}, {300, 400}, {601, 90}, {1200, 900}};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        memcpy(options.target_size, targets[i], sizeof options.target_size);
        options.decode = LADE_DECODE_EXACT;
        ck_assert_int_eq(lade_image_decode_resized(decoder, bytes.data, bytes.size, &options, &exact, &err), LADE_OK);
        exact = copy_image(&exact);
        options.decode = LADE_DECODE_FAST;
        ck_assert_int_eq(lade_image_decode_resized(decoder, bytes.data, bytes.size, &options, &fast, &err), LADE_OK);
        ck_assert_int_eq(fast.height, targets[i][0]);
        ck_assert_int_eq(fast.width, targets[i][1]);
        long apart = 0;
        for (int y = 0; y < fast.height; y++)
            for (int x = 0; x < 3 * fast.width; x++)
                apart += labs(fast.pixels[(size_t)y * fast.stride + (size_t)x] -
                              (long)exact.pixels[(size_t)y * exact.stride + (size_t)x]);
        ck_assert_int_le(apart, 2L * fast.height * fast.width * 3); /* the mean difference may be 2 (of 255) */
        free(exact.pixels);
    }
    lade_free(bytes.data);
    free(photo.pixels);
}
END_TEST

void check_cases(Suite *suite) {
    enum { SAMPLINGS = sizeof sampling / sizeof *sampling };
    TCase *tcase = decoder_case(suite, "jpeg_eighth");
    tcase_add_loop_test(tcase, plain_files_are_decoded_without_libjpeg, 0, SAMPLINGS);
    tcase_add_test(tcase, other_kinds_are_left_to_libjpeg);
    tcase_add_loop_test(tcase, a_file_may_end_at_any_byte, 0, SAMPLINGS);
    tcase_add_loop_test(tcase, any_byte_may_be_damaged, 0, SAMPLINGS);
    tcase_add_loop_test(tcase, values_out_of_range_are_left_to_libjpeg, 0, SAMPLINGS);
    tcase_add_test(tcase, only_the_end_may_follow_the_scan);
    tcase_add_loop_test(tcase, a_part_equals_the_same_part_of_the_whole, 0, SAMPLINGS);
    tcase_add_test(tcase, fast_decoding_is_never_below_the_target);
}
