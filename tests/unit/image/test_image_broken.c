/*
 * Invalid files of every format: truncated, with changed bits, with impossible sizes, or made to take much memory or
 * time. No codec may crash, hang or print, every error must have a message, and limits must hold. The valid files are
 * those of tests/golden.
 */
#include "support/image_samples.h"
#include "support/png_maker.h"

#include "image/codec/codec.h"

#include <dirent.h>
#include <malloc.h>
#include <unistd.h>

enum { MOST_FILES = 200, MOST_BYTES = 1 << 16, MOST_PIXELS = 1 << 16, CUTS = 20, FLIPS = 30 };

static struct file {
    char name[64];
    uint8_t *bytes;
    size_t n;
} files[MOST_FILES];
static int file_count;

static lade_decoder *decoder;
static struct lade_random dice;
static int output; /* the file that stderr is redirected to */

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static void read_files(void) {
    DIR *folder = opendir(LADE_SOURCE_DIR "/tests/golden/images");
    ck_assert_ptr_nonnull(folder);
    for (struct dirent *e; (e = readdir(folder));) {
        struct file *file = &files[file_count];
        char path[512];
        if (e->d_name[0] == '.')
            continue;
        snprintf(file->name, sizeof file->name, "%.63s", e->d_name);
        snprintf(path, sizeof path, LADE_SOURCE_DIR "/tests/golden/images/%s", e->d_name);
        FILE *f = fopen(path, "rb");
        ck_assert_ptr_nonnull(f);
        file->bytes = malloc(MOST_BYTES);
        file->n = fread(file->bytes, 1, MOST_BYTES, f);
        fclose(f);
        ck_assert_int_lt(++file_count, MOST_FILES);
    }
    closedir(folder);
    qsort(files, (size_t)file_count, sizeof *files, by_name);
}

static void setup(void) {
    read_files();
    decoder = lade_decoder_new();
    ck_assert_ptr_nonnull(decoder);
    lade_random_init(&dice, 31, 0, 0, LADE_RANDOM_USER);
    FILE *nowhere = tmpfile();
    ck_assert_ptr_nonnull(nowhere);
    output = fileno(nowhere);
    fflush(stdout);
    fflush(stderr);
    dup2(output, STDERR_FILENO);
}

static void teardown(void) {
    fflush(stderr);
    ck_assert_msg(lseek(output, 0, SEEK_END) == 0, "something was printed");
    lade_decoder_free(decoder);
    for (int i = 0; i < file_count; i++)
        free(files[i].bytes);
    file_count = 0;
}

/* Decodes a copy of the exact size, so that a sanitizer finds a read past the end. */
static int attempt(const uint8_t *bytes, size_t n, enum lade_color_mode mode, struct lade_image *out,
                   struct lade_error *err) {
    struct lade_image_limits limits = {.max_pixels = MOST_PIXELS};
    struct lade_image_info info;
    uint8_t *copy = malloc(n ? n : 1);
    memcpy(copy, bytes, n);
    *err = (struct lade_error){0};
    int probed = lade_image_probe(copy, n, &info, NULL);
    int rc = lade_image_decode(decoder, copy, n, mode, &limits, out, err);
    free(copy);
    ck_assert_int_eq(rc, err->code);
    if (rc == LADE_OK) {
        ck_assert_int_eq(probed, LADE_OK);
        ck_assert_int_le(out->width * out->height, MOST_PIXELS);
    } else {
        ck_assert_msg(rc == LADE_EFORMAT || rc == LADE_EUNSUPPORTED || rc == LADE_ELIMIT, "%d: %s", rc, err->message);
        ck_assert_uint_gt(strlen(err->message), 10);
    }
    return rc;
}

static bool readable(const struct file *file) {
    enum lade_format format;
    return lade_format_from_name(strrchr(file->name, '.') + 1, &format, NULL) == LADE_OK &&
           lade_format_info(format)->readable;
}

/* ---- Cut short --------------------------------------------------------------------------------------------------- */

/* A text that ends with a number is still valid if that number is truncated. */
static bool ends_with_number(const struct file *file) {
    return !strncmp(file->name, "2-", 2) || !strncmp(file->name, "3-", 2);
}

static void check_cut(const struct file *file, size_t n, const struct lade_image *whole) {
    struct lade_image out;
    struct lade_error err;
    if (attempt(file->bytes, n, LADE_COLOR_RGBA, &out, &err) == LADE_OK)
        ck_assert_msg(ends_with_number(file) || same_image(&out, whole), "%s, %zu of %zu bytes: other pixels",
                      file->name, n, file->n);
    else if (n > 64 && !strstr(err.message, "TIFF: ")) /* its directory may be anywhere */
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

/* Truncates at every byte, so also at every marker, chunk, block and directory entry. */
START_TEST(a_file_may_end_at_any_byte) {
    static const char *const names[] = {
        "420.jpg",  "rgba8.png",   "exif6.png", "lossyalpha.webp", "animation.webp", "rle8.bmp", "smalltransparent.gif",
        "rgba.tif", "_lzwrgb.tif", "6-300.ppm"};
    for (int i = 0; i < file_count; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (!strcmp(files[i].name, names[k]) && readable(&files[i])) {
                struct lade_image whole = whole_image(&files[i]);
                for (size_t n = 0; n < files[i].n; n++)
                    check_cut(&files[i], n, &whole);
                free(whole.pixels);
            }
}
END_TEST

/* ---- Changed ----------------------------------------------------------------------------------------------------- */

START_TEST(a_flipped_bit_is_tolerated_or_an_error) {
    struct lade_image out;
    struct lade_error err;
    int refused = 0;
    for (int i = 0; i < file_count; i++)
        for (int k = 0; k < FLIPS; k++) {
            size_t most = k % 2 && files[i].n > 60 ? 60 : files[i].n; /* half of the flips are in the header */
            size_t at = (size_t)lade_random_below(&dice, most);
            uint8_t old = files[i].bytes[at];
            files[i].bytes[at] ^= (uint8_t)(1u << lade_random_below(&dice, 8));
            refused += attempt(files[i].bytes, files[i].n, (enum lade_color_mode)(k % 3), &out, &err) < 0;
            files[i].bytes[at] = old;
        }
    ck_assert_int_gt(refused, 100);
}
END_TEST

/* Replaces each of the first hundred bytes by 0, by 255, and by one more and one less: impossible sizes, counts and
   offsets. */
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

/* ---- Limits ------------------------------------------------------------------------------------------------------ */

static size_t allowed; /* number of allocations that succeed */
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
    struct lade_decode_options options = {
        .target_size = {5, 6}, .interpolation = LADE_INTERPOLATION_BILINEAR, .exif_orientation = true};
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

/* ---- Made to do harm --------------------------------------------------------------------------------------------- */

/* Writes a deflate stream of zeros. Each match of 258 bytes takes 13 bits. */
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

static size_t held, most_held; /* allocated bytes now, and their maximum */

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

/* An image of 8 x 8 pixels whose data unpacks to a hundred thousand times as much. */
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
    ck_assert_uint_le(most_held, 20 << 20); /* libspng's limit on text, and some more */
    ck_assert_uint_eq(held, 0);
    free(bomb.data);
    free(z.data);
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

/* Decodes a little-endian TIFF with these entries: tag, type, count, value. The pixels are arbitrary bytes of the
   file. */
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
        {279, LONG, 1, 0xffffffff, LADE_OK},       /* libtiff detects the wrong number and computes it */
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
        int rc = try_tiff((const uint32_t(*)[4])entries, GREY, 8, &err); /* the next directory is the same one */
        ck_assert_msg(rc == changes[i].status, "tag %u of %u: %d, not %d: %s", changes[i].tag, changes[i].value, rc,
                      changes[i].status, err.message);
    }
}
END_TEST

/* Tiles of 16 million pixels for an image of 16 pixels. */
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
    TCase *tcase = check_case(suite, "broken");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_truncated_file_is_an_error_or_complete);
    tcase_add_test(tcase, a_file_may_end_at_any_byte);
    tcase_add_test(tcase, a_flipped_bit_is_tolerated_or_an_error);
    tcase_add_test(tcase, a_wrong_header_is_an_error);
    tcase_add_test(tcase, an_error_does_not_change_the_next_image);
    tcase_add_test(tcase, a_limit_holds_before_anything_is_allocated);
    tcase_add_test(tcase, out_of_memory_is_an_error_without_leaks);
    tcase_add_loop_test(tcase, a_zip_bomb_is_not_unpacked, 0, 2);
    tcase_add_test(tcase, other_bytes_are_not_images);
    tcase_add_test(tcase, an_invalid_tiff_directory_is_an_error);
    tcase_add_test(tcase, the_limit_holds_for_tiff_tiles);
}
