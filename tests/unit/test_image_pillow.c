/*
 * The same bytes as Pillow: stored results (tests/golden/images.txt), and Pillow itself side by side on random images
 * and sizes, where there is a python3 with it. Both come as lines of tests/golden/pillow_reference.py.
 */
#include "image_samples.h"

#include <jpeglib.h>
#include <unistd.h>

#define QUOTE(x)  #x
#define STRING(x) QUOTE(x)

enum { RANDOM_IMAGES = 60, SIZES_EACH = 6 };

static lade_decoder *decoder;

static void setup(void) {
    decoder = lade_decoder_new();
    ck_assert_ptr_nonnull(decoder);
}

static void teardown(void) {
    lade_decoder_free(decoder);
}

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

/* One line: decode and resize as it says and hold the pixels against its own. */
static void check_line(const char *folder, const char *line) {
    char name[128], mode[16], filter[16], path[512];
    struct lade_decode_options options = {0};
    struct lade_error err = {0};
    int keep, skip;
    ck_assert_int_eq(sscanf(line, "%127s %15s %d %d %15s %d %n", name, mode, &options.target_size[0],
                            &options.target_size[1], filter, &keep, &skip),
                     6);
    ck_assert_int_eq(lade_color_mode_from_name(mode, &options.color_mode, &err), LADE_OK);
    ck_assert_int_eq(lade_interpolation_from_name(filter, &options.interpolation, &err), LADE_OK);
    options.keep_aspect_ratio = keep;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    struct lade__encoded bytes = read_file(path);
    struct lade_image out;
    ck_assert_msg(lade_image_decode_resized(decoder, bytes.data, bytes.size, &options, &out, &err) == LADE_OK, "%s: %s",
                  name, err.message);
    size_t n = out.stride * (size_t)out.height;
    const char *pixels = line + skip;
    ck_assert_msg(strspn(pixels, "0123456789abcdef") == 2 * n, "%.*s: %zu bytes, not %zu", skip, line, n,
                  strlen(pixels) / 2);
    for (size_t i = 0; i < n; i++) {
        int want = hex(pixels[2 * i]) << 4 | hex(pixels[2 * i + 1]);
        ck_assert_msg(out.pixels[i] == want, "%.*s: byte %zu is %d, not %d", skip, line, i, out.pixels[i], want);
    }
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
    ck_assert_int_gt(lines, 150);
}
END_TEST

/* ---- Pillow itself ----------------------------------------------------------------------------------------------- */

static struct lade_random dice;

static int roll(int low, int high) {
    return low + (int)lade_random_below(&dice, (uint64_t)(high - low + 1));
}

/* A python3 that has Pillow on our libjpeg; NULL: none. */
static const char *find_python(void) {
    static const char *const pythons[] = {"/usr/bin/python3", "python3"};
    for (size_t i = 0; i < sizeof pythons / sizeof *pythons; i++) {
        char command[300];
        snprintf(
            command, sizeof command,
            "%s -c 'from PIL import features as f; exit(f.version_feature(\"libjpeg_turbo\") != \"%s\")' 2>/dev/null",
            pythons[i], STRING(LIBJPEG_TURBO_VERSION));
        if (system(command) == 0)
            return pythons[i];
    }
    return NULL;
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
            /* Pillow makes nothing sensible of a crop without pixels */
            bool keep = k == 0 && width * to_height >= to_width && height * to_width >= to_height;
            fprintf(jobs, "%s/%s %s %d %d %s %d\n", folder, name, lade_color_mode_name((enum lade_color_mode)(k % 3)),
                    to_height, to_width, lade_interpolation_name((enum lade_interpolation)roll(0, 5)), keep);
        }
    }
    ck_assert_int_eq(fclose(jobs), 0);
}

START_TEST(pillow_side_by_side) {
    const char *python = find_python();
    if (!python) {
        printf("skipped: no python3 with Pillow on libjpeg-turbo %s (Debian: python3-pil)\n",
               STRING(LIBJPEG_TURBO_VERSION));
        return;
    }
    char folder[] = "/tmp/lade-test-pillow-XXXXXX", command[600], results[512];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    lade_random_init(&dice, 29, 0, 0, LADE_RANDOM_USER);
    write_jobs(folder);
    snprintf(results, sizeof results, "%s/results", folder);
    snprintf(command, sizeof command, "%s -B " LADE_SOURCE_DIR "/tests/golden/pillow_reference.py %s/jobs %s", python,
             folder, results);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(check_lines("", results), RANDOM_IMAGES * SIZES_EACH);
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("image/pillow");
    TCase *tcase = tcase_create("pillow");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, stored_results_of_pillow);
    tcase_add_test(tcase, pillow_side_by_side);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
