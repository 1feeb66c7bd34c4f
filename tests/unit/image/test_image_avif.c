/* Tests that AVIF files are decoded to the same pixels as in Pillow, and that the header is read correctly. The files
   in tests/golden/avif contain the pixels that Pillow 13 decodes. Another version of libavif may round differently, so
   a difference of 1 is allowed. */
#include "support/invalid_images.h"

#include "image/codec/avif/container.h"

static const struct {
    const char *name;
    int channels, bits, orientation;
} cases[] = {
    {"420", 3, 8, 1},     {"422", 3, 8, 1},     {"444", 3, 8, 1},     {"grey", 1, 8, 1},    {"limited", 3, 8, 1},
    {"alpha", 4, 8, 1},   {"frames", 3, 8, 1},  {"turned2", 3, 8, 2}, {"turned3", 3, 8, 3}, {"turned4", 3, 8, 4},
    {"turned5", 3, 8, 5}, {"turned6", 3, 8, 6}, {"turned7", 3, 8, 7}, {"turned8", 3, 8, 8}, {"premultiplied", 4, 8, 1},
    {"rgb10", 3, 10, 1},  {"rgb12", 3, 12, 1},  {"rgba10", 4, 10, 1}, {"rgba12", 4, 12, 1},
};

static struct file *find_file(const char *name, const char *suffix) {
    char path[64];
    snprintf(path, sizeof path, "%s.%s", name, suffix);
    for (int i = 0; i < file_count; i++)
        if (!strcmp(files[i].name, path))
            return &files[i];
    ck_abort_msg("%s is missing", path);
}

/* Returns the pixels that Pillow decodes. */
static struct lade_image expected_pixels(const char *name, enum lade_color_mode mode) {
    struct file *file = find_file(name, "png");
    struct lade_image out;
    struct lade_error err;
    ck_assert_int_eq(attempt(file->bytes, file->n, mode, &out, &err), LADE_OK);
    return copy_image(&out);
}

/* This is a macro and not a function, because CHECK_SKIP() must return from the test. */
#define NEED_AVIF()                                        \
    do {                                                   \
        if (!lade_format_info(LADE_FORMAT_AVIF)->readable) \
            CHECK_SKIP("built without AVIF");              \
    } while (0)

START_TEST(the_pixels_equal_the_pixels_of_pillow) {
    enum lade_color_mode mode = cases[_i].channels == 4 ? LADE_COLOR_RGBA : LADE_COLOR_RGB;
    struct lade_image out;
    struct lade_error err;
    NEED_AVIF();
    struct lade_image pillow = expected_pixels(cases[_i].name, mode);
    struct file *file = find_file(cases[_i].name, "avif");
    ck_assert_msg(attempt(file->bytes, file->n, mode, &out, &err) == LADE_OK, "%s: %s", cases[_i].name, err.message);
    ck_assert_int_eq(out.width, pillow.width);
    ck_assert_int_eq(out.height, pillow.height);
    ck_assert_ptr_null(lade_decoder_warning(decoder));
    for (int y = 0; y < out.height; y++)
        for (int x = 0; x < out.width * out.channels; x++) {
            int is = out.pixels[(size_t)y * out.stride + (size_t)x];
            int must = pillow.pixels[(size_t)y * pillow.stride + (size_t)x];
            ck_assert_msg(abs(is - must) <= 1, "%s: row %d, sample %d is %d, not %d", cases[_i].name, y, x, is, must);
        }
    free(pillow.pixels);
}
END_TEST

/* lade reads the header without libavif. In a truncated file, lade must not read past the end. */
START_TEST(the_header_describes_the_image) {
    struct lade_image_info info = {.orientation = 1};
    struct lade_error err = {0};
    struct file *file = find_file(cases[_i].name, "avif");
    ck_assert(lade__avif_sniff(file->bytes, file->n));
    ck_assert_msg(lade__avif_read_info(file->bytes, file->n, &info, &err) == LADE_OK, "%s", err.message);
    ck_assert_int_eq(info.width, 38);
    ck_assert_int_eq(info.height, 23);
    ck_assert_int_eq(info.orientation, cases[_i].orientation);
    ck_assert_int_eq(info.bits, cases[_i].bits);
    ck_assert_int_eq(info.channels, cases[_i].channels);
    ck_assert_int_eq(lade__avif_is_sequence(file->bytes, file->n), !strcmp(cases[_i].name, "frames"));
    for (size_t n = 0; n < file->n; n++) { /* a sanitizer finds a read past the end of the copy */
        uint8_t *copy = malloc(n ? n : 1);
        memcpy(copy, file->bytes, n);
        lade__avif_sniff(copy, n);
        lade__avif_read_info(copy, n, &info, NULL);
        free(copy);
    }
}
END_TEST

/* Returns a pointer to the size in the property "ispe". The size follows the version and the flags of the property. */
static uint8_t *find_size(struct file *file) {
    for (size_t at = 0; at + 16 < file->n; at++)
        if (!memcmp(file->bytes + at, "ispe", 4))
            return file->bytes + at + 8;
    ck_abort_msg("there is no size");
}

START_TEST(a_wrong_size_is_an_error) {
    static const struct {
        const char *width;
        int status;
    } sizes[] = {{"\0\0\0\x26", LADE_OK},
                 {"\0\0\0\0", LADE_EFORMAT},
                 {"\xff\xff\xff\xff", LADE_EFORMAT},
                 {"\x7f\xff\xff\xff", LADE_ELIMIT},
                 {"\0\1\0\0", LADE_ELIMIT}};
    struct lade_image out;
    struct lade_error err;
    NEED_AVIF();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct file *file = find_file("420", "avif");
        memcpy(find_size(file), sizes[i].width, 4);
        ck_assert_msg(attempt(file->bytes, file->n, LADE_COLOR_RGB, &out, &err) == sizes[i].status, "%zu: %d, %s", i,
                      err.code, err.message);
    }
}
END_TEST

START_TEST(other_brands_are_not_avif) {
    static const struct {
        const char *bytes;
        size_t n;
        bool avif;
    } heads[] = {
        {"\0\0\0\x18"
         "ftypmif1\0\0\0\0mif1avif",
         24, true},
        {"\0\0\0\x18"
         "ftypmif1\0\0\0\0mif1heic",
         24, false},
        {"\0\0\0\x18"
         "ftypavis\0\0\0\0msf1miaf",
         24, true},
        {"\0\0\0\x14"
         "ftypmif1\0\0\0\0mif1avif",
         24, false},
        {"\0\0\0\x18"
         "ftypmif1\0\0\0\0mif1avi",
         23, false},
        {"\0\0\0\x08"
         "ftypmif1",
         12, false},
        {"\0\0\0\x18"
         "moovavif\0\0\0\0mif1avif",
         24, false},
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        ck_assert_msg(lade__avif_sniff((const uint8_t *)heads[i].bytes, heads[i].n) == heads[i].avif, "%zu", i);
}
END_TEST

/* ---- Damaged files ----------------------------------------------------------------------------------------------- */

START_TEST(a_truncated_file_is_an_error) {
    struct lade_image out;
    struct lade_error err;
    NEED_AVIF();
    for (int i = 0; i < file_count; i++)
        for (size_t n = (size_t)_i; strstr(files[i].name, ".avif") && n < files[i].n; n += 64)
            ck_assert_msg(attempt(files[i].bytes, n, LADE_COLOR_RGB, &out, &err) < 0, "%s, %zu bytes", files[i].name,
                          n);
}
END_TEST

START_TEST(a_flipped_bit_is_tolerated_or_an_error) {
    enum { FLIPS = 60 };
    struct lade_image out;
    struct lade_error err;
    int refused = 0;
    NEED_AVIF();
    for (int i = 0; i < file_count; i++)
        for (int k = 0; strstr(files[i].name, ".avif") && k < FLIPS; k++) {
            size_t at = (size_t)lade_random_below(&dice, files[i].n);
            uint8_t bit = (uint8_t)(1u << lade_random_below(&dice, 8));
            files[i].bytes[at] ^= bit;
            refused += attempt(files[i].bytes, files[i].n, (enum lade_color_mode)(k % 3), &out, &err) < 0;
            files[i].bytes[at] ^= bit;
        }
    ck_assert_int_gt(refused, 100);
}
END_TEST

/* lade_image_check() also decodes the second frame. */
START_TEST(each_frame_is_checked) {
    struct lade_error err = {0};
    NEED_AVIF();
    struct file *file = find_file("frames", "avif");
    ck_assert_int_eq(lade_image_check(decoder, file->bytes, file->n, NULL, &err), LADE_OK);
    ck_assert_ptr_null(lade_decoder_warning(decoder));
    size_t at = file->n - 2; /* the second frame begins with the last OBU that is a temporal delimiter */
    while (memcmp(file->bytes + at, "\x12\0", 2) != 0)
        at--;
    memset(file->bytes + at + 2, 0xff, 8);
    ck_assert_msg(lade_image_check(decoder, file->bytes, file->n, NULL, &err) == LADE_OK, "%s", err.message);
    ck_assert_ptr_nonnull(lade_decoder_warning(decoder));
    ck_assert_ptr_nonnull(strstr(lade_decoder_warning(decoder), "frame 2"));
}
END_TEST

static void setup(void) {
    image_folder = "avif";
    invalid_images_setup();
}

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "avif");
    tcase_add_checked_fixture(tcase, setup, invalid_images_teardown);
    tcase_add_loop_test(tcase, the_pixels_equal_the_pixels_of_pillow, 0, sizeof cases / sizeof *cases);
    tcase_add_loop_test(tcase, the_header_describes_the_image, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tcase, a_wrong_size_is_an_error);
    tcase_add_test(tcase, other_brands_are_not_avif);
    tcase_add_loop_test(tcase, a_truncated_file_is_an_error, 0, 8);
    tcase_add_test(tcase, each_frame_is_checked);
    tcase_add_test(tcase, a_flipped_bit_is_tolerated_or_an_error);
}
