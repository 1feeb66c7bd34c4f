/* Tests lade_image_check(): it accepts and refuses the same files as lade_image_decode(), and it reports defects of
   files that can be decoded. */
#include "support/invalid_images.h"
#include "support/png_maker.h"

struct bytes {
    uint8_t data[MOST_BYTES * 2];
    size_t n;
};

static void put(struct bytes *b, const void *data, size_t n) {
    ck_assert_uint_le(b->n + n, sizeof b->data);
    memcpy(b->data + b->n, data, n);
    b->n += n;
}

static const struct file *find_file(const char *name) {
    for (int i = 0; i < file_count; i++)
        if (!strcmp(files[i].name, name))
            return &files[i];
    ck_abort_msg("%s is missing", name);
}

/* Checks a copy of the bytes and returns the status. *defect is set to the first defect, or to NULL. */
static int check(const uint8_t *bytes, size_t n, const struct lade_image_limits *limits, const char **defect) {
    struct lade_error err = {0};
    uint8_t *copy = malloc(n ? n : 1);
    memcpy(copy, bytes, n);
    int rc = lade_image_check(decoder, copy, n, limits, &err);
    free(copy);
    ck_assert_int_eq(rc, err.code);
    *defect = lade_decoder_warning(decoder);
    return rc;
}

/* Checks that the file can be decoded, and that its first defect contains @words. */
static void check_defect(const struct bytes *b, const char *words) {
    const char *defect;
    ck_assert_int_eq(check(b->data, b->n, NULL, &defect), LADE_OK);
    ck_assert_msg(defect && strstr(defect, words), "\"%s\" is not in: %s", words, defect ? defect : "(no defect)");
}

static void check_sound(const struct bytes *b) {
    const char *defect;
    ck_assert_int_eq(check(b->data, b->n, NULL, &defect), LADE_OK);
    ck_assert_msg(!defect, "%s", defect);
}

START_TEST(valid_files_have_no_defects) {
    for (int i = 0; i < file_count; i++) {
        const char *defect;
        if (!readable(&files[i]))
            continue;
        if (!strcmp(files[i].name, "real.tif") || !strncmp(files[i].name, "signed", 6)) {
            /* The option clip_grey is needed to decode these files. */
            ck_assert_int_eq(check(files[i].bytes, files[i].n, NULL, &defect), LADE_EUNSUPPORTED);
            continue;
        }
        /* This file has no tag that describes its fourth sample. */
        bool sound = strcmp(files[i].name, "rgbsaid.tif") != 0;
        ck_assert_int_eq(check(files[i].bytes, files[i].n, NULL, &defect), LADE_OK);
        ck_assert_msg(sound == !defect, "%s: %s", files[i].name, defect);
    }
}
END_TEST

/* lade_image_check() returns the same status as a decode without a resize. */
START_TEST(the_check_and_the_decode_have_one_status) {
    for (int i = 0; i < file_count; i++)
        for (int k = 0; k < 20; k++) {
            struct file *file = &files[i];
            struct lade_image out;
            struct lade_error err = {0};
            const char *defect;
            size_t n = k % 2 ? (size_t)lade_random_below(&dice, file->n) : file->n;
            size_t at = (size_t)lade_random_below(&dice, file->n);
            uint8_t old = file->bytes[at];
            file->bytes[at] ^= k % 2 ? 0 : (uint8_t)lade_random_below(&dice, 256);
            int rc = lade_image_decode(decoder, file->bytes, n, LADE_COLOR_RGB, NULL, &out, &err);
            ck_assert_int_eq(check(file->bytes, n, NULL, &defect), rc);
            file->bytes[at] = old;
        }
}
END_TEST

START_TEST(data_after_the_end_is_a_defect) {
    static const char *const names[] = {"420.jpg",   "progressive.jpg", "rgb8.png", "exif6.png", "lossy.webp",
                                        "plain.gif", "rgb24.bmp",       "1.pbm",    "2-255.pgm", "6-300.ppm"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const struct file *file = find_file(names[k]);
        struct bytes b = {.n = 0};
        char where[32];
        if (!readable(file))
            continue;
        put(&b, file->bytes, file->n);
        put(&b, "tail", 4);
        snprintf(where, sizeof where, "4 bytes, at byte %zu", file->n);
        check_defect(&b, where);
        struct lade_image out; /* a decode does not report this defect */
        ck_assert_int_eq(lade_image_decode(decoder, b.data, b.n, LADE_COLOR_RGB, NULL, &out, NULL), LADE_OK);
        ck_assert_ptr_null(lade_decoder_warning(decoder));
    }
}
END_TEST

/* ---- Later images ------------------------------------------------------------------------------------------------ */

START_TEST(concatenated_images_are_checked) {
    static const char *const names[] = {"420.jpg", "6-255.ppm"};
    for (int k = 0; k < 2; k++) {
        const struct file *file = find_file(names[k]);
        struct bytes b = {.n = 0};
        put(&b, file->bytes, file->n);
        put(&b, "\0\0", 2); /* MPO pads images with zero bytes */
        put(&b, file->bytes, file->n);
        check_sound(&b);
        b.n -= file->n / 3;
        check_defect(&b, "image 2");
        check_defect(&b, "truncated");
    }
}
END_TEST

/* Appends the image descriptor and the pixels of a GIF. */
static void put_frame(struct bytes *b, const struct file *gif) {
    size_t at = 13 + (gif->bytes[10] & 0x80 ? (size_t)6 << (gif->bytes[10] & 7) : 0);
    while (gif->bytes[at] == '!')
        for (at += 2; gif->bytes[at++];)
            at += gif->bytes[at - 1];
    ck_assert_int_eq(gif->bytes[at], ',');
    put(b, gif->bytes + at, gif->n - 1 - at);
}

START_TEST(later_frames_of_a_gif_are_checked) {
    const struct file *gif = find_file("plain.gif");
    struct bytes b = {.n = 0};
    const char *defect;
    if (!readable(gif))
        return;
    put(&b, gif->bytes, gif->n - 1);
    check_defect(&b, "no trailer");
    size_t one = b.n;
    put_frame(&b, gif);
    size_t two = b.n;
    put(&b, ";", 1);
    check_sound(&b);
    put(&b, "x", 1);
    check_defect(&b, "data after the end");

    b.n = (one + two) / 2;
    check_defect(&b, "damaged after frame 1");
    b.n = one;
    put_frame(&b, gif);
    memset(b.data + (one + two) / 2, 0xff, (two - one) / 4);
    put(&b, ";", 1);
    ck_assert_int_eq(check(b.data, b.n, NULL, &defect), LADE_OK);
    ck_assert_ptr_nonnull(defect);

    b.n = one;
    for (int i = 0; i < 20; i++)
        put_frame(&b, gif);
    put(&b, ";", 1);
    check_sound(&b);
    /* max_pixels is the size of one frame. The later frames may have 8 * max_pixels pixels together, so only 8 of the
       20 later frames are checked. */
    struct lade_image_limits limits = {.max_pixels = 19 * 13};
    ck_assert_int_eq(check(b.data, b.n, &limits, &defect), LADE_OK);
    ck_assert(defect && strstr(defect, "max_pixels"));
}
END_TEST

START_TEST(later_frames_of_a_webp_are_checked) {
    const struct file *webp = find_file("animationalpha.webp");
    struct bytes b = {.n = 0};
    if (!readable(webp))
        return;
    put(&b, webp->bytes, webp->n);
    uint8_t *second = NULL;
    for (size_t at = 12; at + 8 < b.n; at += 8 + b.data[at + 4] + 256u * b.data[at + 5] + b.data[at + 4] % 2)
        if (!memcmp(b.data + at, "ANMF", 4))
            second = b.data + at;
    ck_assert_ptr_nonnull(second);
    memset(second + 8 + 16 + 8, 0xff, 40); /* the transparency of the last frame */
    check_defect(&b, "frame 2");
}
END_TEST

static void put_entry(struct bytes *b, unsigned tag, unsigned value) {
    uint8_t entry[12] = {(uint8_t)tag, (uint8_t)(tag >> 8), 4, 0, 1, 0, 0, 0};
    for (int i = 0; i < 4; i++)
        entry[8 + i] = (uint8_t)(value >> 8 * i);
    put(b, entry, sizeof entry);
}

/* Appends a directory for a page of 4 x 4 grey pixels at byte @pixels. @next is the offset of the next directory. */
static void put_page(struct bytes *b, unsigned pixels, unsigned compression, uint8_t next) {
    const unsigned entries[][2] = {{256, 4},      {257, 4}, {258, 8}, {259, compression}, {262, 1},
                                   {273, pixels}, {277, 1}, {278, 4}, {279, 16}};
    put(b, "\x09\0", 2);
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        put_entry(b, entries[i][0], entries[i][1]);
    put(b, (uint8_t[]){next, 0, 0, 0}, 4);
}

static void make_pages(struct bytes *b, unsigned pixels, unsigned compression, uint8_t last) {
    enum { PIXELS = 16, DIRECTORY = 2 + 9 * 12 + 4 };
    *b = (struct bytes){.n = 0};
    put(b, "II*\0\x18\0\0\0", 8);
    put(b, "0123456789abcdef", PIXELS);
    put_page(b, 8, 1, 8 + PIXELS + DIRECTORY);
    put_page(b, pixels, compression, last);
}

START_TEST(later_pages_of_a_tiff_are_checked) {
    static struct bytes b;
    if (!lade_format_info(LADE_FORMAT_TIFF)->readable)
        return;
    make_pages(&b, 8, 1, 0);
    check_sound(&b);
    make_pages(&b, 8000, 1, 0); /* the pixels are after the end of the file */
    check_defect(&b, "page 2");
    make_pages(&b, 8, 5, 0); /* the pixels are not LZW */
    check_defect(&b, "page 2");
    make_pages(&b, 8, 34925, 0); /* LZMA, which lade does not accept */
    check_defect(&b, "page 2");
    make_pages(&b, 8, 1, 8 + 16); /* the next page of the second page is the first page */
    const char *defect;
    ck_assert_int_eq(check(b.data, b.n, NULL, &defect), LADE_OK);
}
END_TEST

/* The directory of these files is at their end. In the cases with LADE_OK, the bytes that are cut off are not needed to
   find the pixels. */
START_TEST(a_damaged_directory_of_a_tiff_is_a_defect) {
    static const struct {
        const char *name;
        size_t lost;
        int status;
    } cuts[] = {{"rgb.tif", 1, LADE_OK},          {"rgb.tif", 10, LADE_OK},         {"turned5.tif", 2, LADE_OK},
                {"planarraw.tif", 2, LADE_OK},    {"white8.tif", 10, LADE_OK},      {"rgb.tif", 100, LADE_EFORMAT},
                {"grey16.tif", 10, LADE_EFORMAT}, {"_lzwrgb.tif", 10, LADE_EFORMAT}};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts && lade_format_info(LADE_FORMAT_TIFF)->readable; i++) {
        const struct file *file = find_file(cuts[i].name);
        struct lade_image out;
        struct lade_error err;
        const char *defect;
        ck_assert_int_eq(attempt(file->bytes, file->n, LADE_COLOR_RGBA, &out, &err), LADE_OK);
        struct lade_image whole = copy_image(&out);
        int rc = check(file->bytes, file->n - cuts[i].lost, NULL, &defect);
        ck_assert_msg(rc == cuts[i].status, "%s without %zu bytes: %d", cuts[i].name, cuts[i].lost, rc);
        ck_assert(rc < 0 || (defect && strstr(defect, "directory")));
        if (rc == LADE_OK) {
            ck_assert_int_eq(attempt(file->bytes, file->n - cuts[i].lost, LADE_COLOR_RGBA, &out, &err), LADE_OK);
            ck_assert(same_image(&out, &whole));
        }
        free(whole.pixels);
    }
}
END_TEST

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static size_t largest;

static void *measured_resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    largest = size > largest ? size : largest;
    return realloc(p, size);
}

static void measured_release(void *ctx, void *p) {
    (void)ctx;
    free(p);
}

START_TEST(no_pixels_are_stored) {
    struct lade_allocator measured = {measured_resize, measured_release, NULL};
    struct lade__encoded png = sample_png(1000, 1000, 3);
    lade_set_allocator(&measured);
    lade_decoder *fresh = lade_decoder_new();
    ck_assert_int_eq(lade_image_check(fresh, png.data, png.size, NULL, NULL), LADE_OK);
    ck_assert_uint_lt(largest, 200000);
    lade_decoder_free(fresh);
    lade_set_allocator(NULL);
    lade_free(png.data);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "check");
    tcase_add_checked_fixture(tcase, invalid_images_setup, invalid_images_teardown);
    tcase_add_test(tcase, valid_files_have_no_defects);
    tcase_add_test(tcase, the_check_and_the_decode_have_one_status);
    tcase_add_test(tcase, data_after_the_end_is_a_defect);
    tcase_add_test(tcase, concatenated_images_are_checked);
    tcase_add_test(tcase, later_frames_of_a_gif_are_checked);
    tcase_add_test(tcase, later_frames_of_a_webp_are_checked);
    tcase_add_test(tcase, later_pages_of_a_tiff_are_checked);
    tcase_add_test(tcase, a_damaged_directory_of_a_tiff_is_a_defect);
    tcase_add_test(tcase, no_pixels_are_stored);
}
