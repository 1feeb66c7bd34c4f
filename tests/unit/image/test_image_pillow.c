/*
 * Tests that decoded and resized pixels are equal to Pillow's pixels. The pixels are compared with stored results
 * (tests/golden/images.txt). If there is a python3 that has Pillow, random images and sizes are also compared with
 * Pillow itself. Both kinds of results are lines in the format that tests/golden/pillow_reference.py describes.
 */
#include "support/decoder_case.h"
#include "support/image_samples.h"
#include "support/jpeg_maker.h"
#include "support/png_maker.h"
#include "support/python_pillow.h"
#include "source_dir.h"

#include "image/codec/codec.h"

#include <unistd.h>

enum { RANDOM_IMAGES = 60, SIZES_EACH = 6, ROUNDS_OF_KINDS = 3, KINDS = 140 };

static struct lade__encoded read_file(const char *path) {
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "%s is missing", path);
    struct lade__encoded bytes = {malloc(1 << 20), 0};
    bytes.size = fread(bytes.data, 1, 1 << 20, f);
    fclose(f);
    return bytes;
}

static int hex(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* Compares pixels with a line, which contains the pixels in hexadecimal or their checksum. */
static void check_pixels(const char *line, int skip, const uint8_t *pixels, size_t n) {
    const char *given = line + skip;
    if (!strncmp(given, "crc32:", 6)) {
        ck_assert_msg(png_crc(pixels, n) == strtoul(given + 6, NULL, 16), "%.*s: other pixels", skip, line);
        return;
    }
    ck_assert_msg(strspn(given, "0123456789abcdef") == 2 * n, "%.*s: %zu bytes, not %zu", skip, line, n,
                  strlen(given) / 2);
    for (size_t i = 0; i < n; i++) {
        int want = hex(given[2 * i]) << 4 | hex(given[2 * i + 1]);
        ck_assert_msg(pixels[i] == want, "%.*s: byte %zu of %zu is %d, not %d", skip, line, i, n, pixels[i], want);
    }
}

/* Returns true if this build leaves out the format of the file. */
static bool left_out(const char *name) {
    enum lade_format format;
    const char *dot = strrchr(name, '.');
    return lade_format_from_name(dot + 1, &format, NULL) == LADE_OK && !lade_format_info(format)->readable;
}

/* Decodes and resizes an image with the settings of the line, and compares the result with the pixels of the line. */
static void check_line(const char *folder, const char *line) {
    char name[128], mode[16], filter[16], path[512];
    struct lade_decode_options options = {0};
    struct lade_error err = {0};
    int keep, exif, skip;
    ck_assert_int_eq(sscanf(line, "%127s %15s %d %d %15s %d %d %n", name, mode, &options.target_size[0],
                            &options.target_size[1], filter, &keep, &exif, &skip),
                     7);
    if (left_out(name)) {
        printf("skipped: %s: its format is not in this build\n", name);
        return;
    }
    ck_assert_int_eq(lade_color_mode_from_name(mode, &options.color_mode, &err), LADE_OK);
    ck_assert_int_eq(lade_interpolation_from_name(filter, &options.interpolation, &err), LADE_OK);
    options.keep_aspect_ratio = keep;
    options.exif_orientation = exif;
    options.clip_grey = true;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    struct lade__encoded bytes = read_file(path);
    struct lade_image out;
    ck_assert_msg(lade_image_decode_resized(decoder, bytes.data, bytes.size, &options, &out, &err) == LADE_OK, "%s: %s",
                  name, err.message);
    check_pixels(line, skip, out.pixels, out.stride * (size_t)out.height);
    free(bytes.data);
}

static int check_lines(const char *folder, const char *results) {
    FILE *f = fopen(results, "r");
    ck_assert_msg(f != NULL, "%s is missing", results);
    char *line = NULL;
    size_t room = 0;
    int lines = 0;
    while (getline(&line, &room, f) > 0)
        if (line[0] != '#') {
            check_line(folder, line);
            lines++;
        }
    free(line);
    fclose(f);
    return lines;
}

START_TEST(stored_results_of_pillow) {
    int lines = check_lines(LADE_SOURCE_DIR "/tests/golden/images", LADE_SOURCE_DIR "/tests/golden/images.txt");
    ck_assert_int_gt(lines, 5 * KINDS);
}
END_TEST

/* ---- Comparison with Pillow -------------------------------------------------------------------------------------- */

static struct lade_random dice;

static int roll(int low, int high) {
    return low + (int)lade_random_below(&dice, (uint64_t)(high - low + 1));
}

static void save(const char *folder, const char *name, struct lade__encoded bytes) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes.data, 1, bytes.size, f), bytes.size);
    ck_assert_int_eq(fclose(f), 0);
    lade_free(bytes.data);
}

static void write_jobs(const char *folder) {
    char path[512], name[32];
    snprintf(path, sizeof path, "%s/jobs", folder);
    FILE *jobs = fopen(path, "w");
    ck_assert_ptr_nonnull(jobs);
    for (int i = 0; i < RANDOM_IMAGES; i++) {
        int width = roll(1, 120), height = roll(1, 120), channels = (int[]){1, 3, 4}[i % 3];
        bool jpeg = channels != 4 && i % 2;
        snprintf(name, sizeof name, "%d.%s", i, jpeg ? "jpg" : "png");
        save(folder, name,
             jpeg ? sample_jpeg(width, height, channels, i % 4 == 1) : sample_png(width, height, channels));
        for (int k = 0; k < SIZES_EACH; k++) {
            int to_height = roll(1, 100), to_width = roll(1, 100);
            /* Pillow returns no useful result for a crop without pixels */
            bool keep = k == 0 && width * to_height >= to_width && height * to_width >= to_height;
            fprintf(jobs, "%s/%s %s %d %d %s %d 0\n", folder, name, lade_color_mode_name((enum lade_color_mode)(k % 3)),
                    to_height, to_width, lade_interpolation_name((enum lade_interpolation)roll(0, 5)), keep);
        }
    }
    ck_assert_int_eq(fclose(jobs), 0);
}

/* Runs the jobs of the folder in Pillow, compares the results, and removes the folder. */
static void run_jobs(const char *python, const char *folder, int count) {
    char results[512];
    must_run("%s -BW ignore " LADE_SOURCE_DIR "/tests/golden/pillow_reference.py %s/jobs %s/results", python, folder,
             folder);
    snprintf(results, sizeof results, "%s/results", folder);
    ck_assert_int_eq(check_lines("", results), count);
    must_run("rm -r %s", folder);
}

START_TEST(pillow_side_by_side) {
    char folder[] = "/tmp/lade-test-pillow-XXXXXX";
    const char *python = python_or_skip("");
    if (!python)
        return;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    lade_random_init(&dice, 29, 0, 0, LADE_RANDOM_USER);
    write_jobs(folder);
    run_jobs(python, folder, RANDOM_IMAGES * SIZES_EACH);
}
END_TEST

/* Tests the kinds of JPEG that Pillow reads but does not write. */
START_TEST(every_jpeg_side_by_side) {
    char folder[] = "/tmp/lade-test-pillow-XXXXXX", name[64], path[512];
    const char *python = python_or_skip("");
    if (!python)
        return;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/jobs", folder);
    FILE *jobs = fopen(path, "w");
    ck_assert_ptr_nonnull(jobs);
    for (int i = 0; i < 3 * JPEG_KINDS; i++) {
        static const char *const modes[] = {"rgb", "grayscale", "rgba"};
        const struct jpeg_kind *kind = &jpeg_kinds[i % JPEG_KINDS];
        snprintf(name, sizeof name, "%d-%s.jpg", i, kind->name);
        save(folder, name, make_jpeg(kind, 7 + 31 * (i / JPEG_KINDS), 50 - 13 * (i / JPEG_KINDS)));
        fprintf(jobs, "%s/%s %s 0 0 nearest 0 0\n", folder, name, modes[i / JPEG_KINDS]);
    }
    ck_assert_int_eq(fclose(jobs), 0);
    run_jobs(python, folder, 3 * JPEG_KINDS);
}
END_TEST

START_TEST(every_kind_side_by_side) {
    char folder[] = "/tmp/lade-test-pillow-XXXXXX";
    const char *python = python_or_skip("9.4.");
    if (!python)
        return;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    must_run("%s -B " LADE_SOURCE_DIR "/tests/golden/make_images.py %s 7 %d", python, folder, ROUNDS_OF_KINDS);
    run_jobs(python, folder, ROUNDS_OF_KINDS * KINDS);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = decoder_case(suite, "pillow");
    tcase_add_test(tcase, stored_results_of_pillow);
    tcase_add_test(tcase, pillow_side_by_side);
    tcase_add_test(tcase, every_jpeg_side_by_side);
    tcase_add_test(tcase, every_kind_side_by_side);
}
