/*
 * Tests invalid files. The tests make these files from the valid files of tests/golden: they truncate the files or
 * change bytes. No codec may crash, hang or print. Every error must have a message, and the limits on pixels and memory
 * must not be exceeded.
 */
#include "support/invalid_images.h"

enum { CUTS = 20, FLIPS = 30 };

/* ---- Truncated files --------------------------------------------------------------------------------------------- */

/* Returns true for text files that end with a number. Such a file is still valid if the number is truncated. */
static bool ends_with_number(const struct file *file) {
    return !strncmp(file->name, "2-", 2) || !strncmp(file->name, "3-", 2);
}

static void check_cut(const struct file *file, size_t n, const struct lade_image *whole) {
    struct lade_image out;
    struct lade_error err;
    if (attempt(file->bytes, n, LADE_COLOR_RGBA, &out, &err) == LADE_OK)
        ck_assert_msg(ends_with_number(file) || same_image(&out, whole), "%s, %zu of %zu bytes: other pixels",
                      file->name, n, file->n);
    else if (n > 64 && !strstr(err.message, "TIFF: ")) /* the directory of a TIFF file may be anywhere */
        ck_assert_msg(strstr(err.message, "truncated") || strstr(err.message, "damaged"), "%s, %zu bytes: %s",
                      file->name, n, err.message);
}

static struct lade_image whole_image(const struct file *file) {
    struct lade_image out;
    struct lade_error err;
    ck_assert_msg(attempt(file->bytes, file->n, LADE_COLOR_RGBA, &out, &err) == LADE_OK, "%s: %s", file->name,
                  err.message);
    return copy_image(&out);
}

START_TEST(a_truncated_file_is_an_error_or_complete) {
    for (int i = 0; i < file_count; i++) {
        if (!readable(&files[i]))
            continue;
        struct lade_image whole = whole_image(&files[i]);
        for (int k = 0; k < CUTS; k++)
            check_cut(&files[i], (size_t)lade_random_below(&dice, files[i].n), &whole);
        free(whole.pixels);
    }
}
END_TEST

/* Truncates each file at every byte, and therefore in every marker, chunk, block and directory entry. Under valgrind,
   truncates at every seventh byte, because valgrind is slow. */
START_TEST(a_file_may_end_at_any_byte) {
    static const char *const names[] = {
        "420.jpg",  "rgba8.png",   "exif6.png", "lossyalpha.webp", "animation.webp", "rle8.bmp", "smalltransparent.gif",
        "rgba.tif", "_lzwrgb.tif", "6-300.ppm"};
    const size_t step = check_under_valgrind() ? 7 : 1;
    for (int i = 0; i < file_count; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (!strcmp(files[i].name, names[k]) && readable(&files[i])) {
                struct lade_image whole = whole_image(&files[i]);
                for (size_t n = 0; n < files[i].n; n += step)
                    check_cut(&files[i], n, &whole);
                free(whole.pixels);
            }
}
END_TEST

/* ---- Changed bytes ----------------------------------------------------------------------------------------------- */

START_TEST(a_flipped_bit_is_tolerated_or_an_error) {
    struct lade_image out;
    struct lade_error err;
    int refused = 0;
    for (int i = 0; i < file_count; i++)
        for (int k = 0; k < FLIPS; k++) {
            size_t most = k % 2 && files[i].n > 60 ? 60 : files[i].n; /* half of the changed bits are in the header */
            size_t at = (size_t)lade_random_below(&dice, most);
            uint8_t old = files[i].bytes[at];
            files[i].bytes[at] ^= (uint8_t)(1u << lade_random_below(&dice, 8));
            refused += attempt(files[i].bytes, files[i].n, (enum lade_color_mode)(k % 3), &out, &err) < 0;
            files[i].bytes[at] = old;
        }
    ck_assert_int_gt(refused, 100);
}
END_TEST

/* Replaces each of the first hundred bytes by 0, by 255, by its value plus 1 and by its value minus 1. This makes
   impossible sizes, counts and offsets. */
START_TEST(a_wrong_header_is_an_error) {
    struct lade_image out;
    struct lade_error err;
    for (int i = 0; i < file_count; i++) {
        size_t n = files[i].n < 100 ? files[i].n : 100;
        for (size_t at = (size_t)(i % 5); at < n; at += 5) {
            uint8_t old = files[i].bytes[at];
            const uint8_t values[] = {0, 255, (uint8_t)(old + 1), (uint8_t)(old - 1)};
            files[i].bytes[at] = values[(at + (size_t)i) % 4];
            attempt(files[i].bytes, files[i].n, LADE_COLOR_RGB, &out, &err);
            files[i].bytes[at] = old;
        }
    }
}
END_TEST

START_TEST(an_error_does_not_change_the_next_image) {
    struct lade_image out;
    struct lade_error err;
    for (int i = 0; i < file_count; i++) {
        if (!readable(&files[i]))
            continue;
        struct lade_image whole = whole_image(&files[i]);
        attempt(files[i].bytes, files[i].n / 2, LADE_COLOR_RGBA, &out, &err);
        attempt(files[(i * 7) % file_count].bytes, files[(i * 7) % file_count].n / 2, LADE_COLOR_RGBA, &out, &err);
        ck_assert_int_eq(attempt(files[i].bytes, files[i].n, LADE_COLOR_RGBA, &out, &err), LADE_OK);
        ck_assert(same_image(&out, &whole));
        free(whole.pixels);
    }
}
END_TEST

/* ---- Every size -------------------------------------------------------------------------------------------------- */

/* Decodes the file with many options. The status must not depend on the options. */
static void check_all_sizes(const char *name, const uint8_t *bytes, size_t n) {
    static const struct lade_decode_options options[] = {
        {.target_size = {0, 0}},
        {.target_size = {1, 1}},
        {.target_size = {8, 8}},
        {.target_size = {32, 32}},
        {.target_size = {256, 256}},
        {.target_size = {8, 8}, .decode = LADE_DECODE_FAST},
        {.target_size = {8, 8}, .interpolation = LADE_INTERPOLATION_BILINEAR},
        {.target_size = {5, 30}, .keep_aspect_ratio = true},
        {.target_size = {8, 8}, .crop_resize = 9},
        {.target_size = {8, 30}, .pad_to_aspect_ratio = true},
        {.target_size = {4, 4}, .crop = {0, 0, 1, 1}},
        {.target_size = {8, 8}, .exif_orientation = true},
    };
    int first = 0;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        struct lade_image out;
        struct lade_error err = {0};
        int rc = lade_image_decode_resized(decoder, bytes, n, &options[i], &out, &err);
        first = i == 0 ? rc : first;
        ck_assert_msg(rc == first, "%s, options %zu: status %d, but %d for the whole image: %s", name, i, rc, first,
                      err.message);
    }
}

START_TEST(a_file_is_invalid_for_every_size_or_for_none) {
    for (int i = 0; i < file_count; i++)
        for (int k = 0; k < 6; k++)
            check_all_sizes(files[i].name, files[i].bytes, (size_t)lade_random_below(&dice, files[i].n));
    for (int i = 0; i < file_count; i++)
        for (int k = 0; k < 6; k++) {
            uint8_t *bytes = malloc(files[i].n);
            size_t from = (size_t)lade_random_below(&dice, files[i].n);
            memcpy(bytes, files[i].bytes, files[i].n);
            for (size_t at = from; at < from + (1u << k) && at < files[i].n; at++)
                bytes[at] = (uint8_t)lade_random_u32(&dice);
            check_all_sizes(files[i].name, bytes, files[i].n);
            free(bytes);
        }
    for (int k = 0; k < 60; k++) {
        struct lade__encoded jpeg = sample_jpeg(180, 120, 3, k % 4 == 3);
        size_t at = (size_t)lade_random_below(&dice, jpeg.size - 600) + 600; /* after the header */
        for (size_t i = at; k % 2 && i < at + 64 && i < jpeg.size; i++)
            jpeg.data[i] = (uint8_t)lade_random_u32(&dice);
        check_all_sizes("a JPEG", jpeg.data, k % 2 ? jpeg.size : at);
        lade_free(jpeg.data);
    }
}
END_TEST

/* Puts markers and bytes that look like markers into the image data. The rows that a crop does not need are not always
   decoded, but the markers between them must have the same effect. */
START_TEST(markers_have_the_same_effect_for_every_size) {
    static const struct {
        size_t n;
        uint8_t bytes[6];
    } markers[] = {{2, {0xff, 0xd0}},       {2, {0xff, 0xd9}}, {3, {0xff, 0xff, 0x00}},
                   {3, {0xff, 0xff, 0xd9}}, {2, {0xff, 0x01}}, {4, {0xff, 0xfe, 0x00, 0x02}},
                   {2, {0xff, 0xc4}},       {2, {0xff, 0xda}}, {2, {0xff, 0xc0}},
                   {2, {0xff, 0xf0}},       {2, {0xff, 0xff}}, {6, {0xff, 0xd0, 0xff, 0xd1, 0xff, 0xd2}},
                   {4, {0xff, 0xdd, 0, 4}}, {2, {0xff, 0xd8}}};
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
        for (int k = 0; k < 12; k++) {
            struct lade__encoded jpeg = sample_jpeg(180, 120, 3, false);
            size_t low = jpeg.size / 4, at = low + (size_t)lade_random_below(&dice, jpeg.size - low - 4);
            size_t n = markers[i].n < jpeg.size - at ? markers[i].n : jpeg.size - at;
            memcpy(jpeg.data + at, markers[i].bytes, n);
            char name[64];
            snprintf(name, sizeof name, "marker %zu at byte %zu", i, at);
            check_all_sizes(name, jpeg.data, k % 3 == 2 ? jpeg.size - 2 : jpeg.size);
            lade_free(jpeg.data);
        }
}
END_TEST

/* ---- Limits ------------------------------------------------------------------------------------------------------ */

static size_t allowed; /* number of allocations that can still succeed */
static size_t asked;

static void *counted_resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    return asked++ < allowed ? realloc(p, size) : NULL;
}

static void counted_release(void *ctx, void *p) {
    (void)ctx;
    free(p);
}

START_TEST(a_limit_holds_before_anything_is_allocated) {
    struct lade_allocator counted = {counted_resize, counted_release, NULL};
    struct lade_image_limits limits = {.max_pixels = 10};
    lade_set_allocator(&counted);
    allowed = SIZE_MAX;
    for (int i = 0; i < file_count; i++) {
        struct lade_image out;
        struct lade_error err = {0};
        lade_decoder *fresh = lade_decoder_new();
        asked = 0;
        if (readable(&files[i]))
            ck_assert_int_eq(lade_image_decode(fresh, files[i].bytes, files[i].n, LADE_COLOR_RGB, &limits, &out, &err),
                             LADE_ELIMIT);
        ck_assert_uint_eq(asked, 0);
        lade_decoder_free(fresh);
    }
    lade_set_allocator(NULL);
}
END_TEST

START_TEST(out_of_memory_is_an_error_without_leaks) {
    struct lade_allocator counted = {counted_resize, counted_release, NULL};
    struct lade_decode_options options = {.target_size = {5, 6},
                                          .interpolation = LADE_INTERPOLATION_BILINEAR,
                                          .exif_orientation = true,
                                          .clip_grey = true};
    lade_set_allocator(&counted);
    for (int i = 0; i < file_count; i++) {
        int rc = LADE_ENOMEM;
        for (size_t most = 1; readable(&files[i]) && rc < 0; most++) {
            struct lade_image out;
            struct lade_error err = {0};
            asked = 0;
            allowed = most;
            lade_decoder *fresh = lade_decoder_new();
            ck_assert_ptr_nonnull(fresh);
            rc = lade_image_decode_resized(fresh, files[i].bytes, files[i].n, &options, &out, &err);
            ck_assert_msg(rc == LADE_OK || rc == LADE_ENOMEM, "%s: %s", files[i].name, err.message);
            lade_decoder_free(fresh);
        }
    }
    lade_set_allocator(NULL);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "broken");
    tcase_add_checked_fixture(tcase, invalid_images_setup, invalid_images_teardown);
    tcase_add_test(tcase, a_truncated_file_is_an_error_or_complete);
    tcase_add_test(tcase, a_file_may_end_at_any_byte);
    tcase_add_test(tcase, a_flipped_bit_is_tolerated_or_an_error);
    tcase_add_test(tcase, a_wrong_header_is_an_error);
    tcase_add_test(tcase, an_error_does_not_change_the_next_image);
    tcase_add_test(tcase, a_file_is_invalid_for_every_size_or_for_none);
    tcase_add_test(tcase, markers_have_the_same_effect_for_every_size);
    tcase_add_test(tcase, a_limit_holds_before_anything_is_allocated);
    tcase_add_test(tcase, out_of_memory_is_an_error_without_leaks);
}
