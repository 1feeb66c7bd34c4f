/* Tests that lade can decode the image files that it has written. If a file cannot be written, the error must have a
   message, and no file must remain. */
#include <lade/image.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/check_main.h"

static char folder[] = "/tmp/lade-test-XXXXXX";
static char path[64];
static uint8_t pixels[4 * 64 * 64];

static void setup(void) {
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/image", folder);
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(i * i / 7);
}

static void teardown(void) {
    unlink(path);
    rmdir(folder);
}

static enum lade_format written[LADE_FORMAT_COUNT], lossless[LADE_FORMAT_COUNT];
static int written_count, lossless_count;

static void find_formats(void) {
    for (int i = LADE_FORMAT_UNKNOWN + 1; i < LADE_FORMAT_COUNT; i++) {
        enum lade_format format = (enum lade_format)i;
        if (lade_format_info(format)->writable)
            written[written_count++] = format;
        if (lade_format_info(format)->writable && format != LADE_FORMAT_JPEG)
            lossless[lossless_count++] = format;
    }
}

static int write_image(enum lade_format format, const char *to, const struct lade_image *image,
                       struct lade_error *err) {
    *err = (struct lade_error){0};
    return lade_image_write(to, image, format, 90, err);
}

static struct lade_image read_back(lade_decoder *decoder, enum lade_color_mode mode, enum lade_format format) {
    static uint8_t bytes[100000];
    FILE *f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    struct lade_error err = {0};
    struct lade_image_info info;
    struct lade_image out;
    ck_assert_int_eq(lade_image_probe(bytes, n, &info, &err), LADE_OK);
    ck_assert_int_eq((int)info.format, (int)format);
    ck_assert_msg(lade_image_decode(decoder, bytes, n, mode, NULL, &out, &err) == LADE_OK, "%s", err.message);
    return out;
}

/* The image has 51 columns, so that some formats must pad its rows. */
START_TEST(a_lossless_format_keeps_every_bit) {
    enum lade_format format = lossless[_i];
    static const enum lade_color_mode modes[] = {
        [1] = LADE_COLOR_GRAYSCALE, [3] = LADE_COLOR_RGB, [4] = LADE_COLOR_RGBA};
    lade_decoder *decoder = lade_decoder_new();
    struct lade_error err;
    for (int channels = 1; channels <= 4; channels++) {
        struct lade_image image = {pixels, 51, 64, channels, 4 * 64};
        if (channels == 2 || (channels == 4 && !lade_format_info(format)->writes_alpha)) {
            ck_assert_int_eq(write_image(format, path, &image, &err), LADE_EINVAL);
            ck_assert(channels == 2 || strstr(err.message, "alpha"));
            continue;
        }
        ck_assert_int_eq(write_image(format, path, &image, &err), LADE_OK);
        struct lade_image out = read_back(decoder, modes[channels], format);
        ck_assert_int_eq(out.width, 51);
        ck_assert_int_eq(out.height, 64);
        for (int y = 0; y < 64; y++)
            ck_assert_int_eq(memcmp(out.pixels + (size_t)y * out.stride, pixels + y * 4 * 64, (size_t)(51 * channels)),
                             0);
    }
    lade_decoder_free(decoder);
}
END_TEST

START_TEST(jpeg_changes_pixels_by_at_most_4) {
    lade_decoder *decoder = lade_decoder_new();
    struct lade_error err;
    for (int channels = 1; channels <= 3; channels += 2) {
        struct lade_image image = {pixels, 64, 64, channels, (size_t)(64 * channels)};
        for (int i = 0; i < 64 * 64 * channels; i++)
            pixels[i] = (uint8_t)(i / channels / 32);
        ck_assert_int_eq(write_image(LADE_FORMAT_JPEG, path, &image, &err), LADE_OK);
        struct lade_image out =
            read_back(decoder, channels == 1 ? LADE_COLOR_GRAYSCALE : LADE_COLOR_RGB, LADE_FORMAT_JPEG);
        for (int i = 0; i < 64 * 64 * channels; i++)
            ck_assert_int_le(abs(out.pixels[i] - pixels[i]), 4);
    }
    lade_decoder_free(decoder);
}
END_TEST

START_TEST(impossible_images_are_errors) {
    struct lade_error err = {0};
    struct lade_image rgba = {pixels, 8, 8, 4, 32}, empty = {pixels, 0, 8, 3, 24}, rgb = {pixels, 8, 8, 3, 24};
    ck_assert_int_eq(lade_image_write(path, &rgba, LADE_FORMAT_JPEG, 0, &err), LADE_EINVAL);
    ck_assert_ptr_nonnull(strstr(err.message, "alpha"));
    ck_assert_int_eq(lade_image_write(path, &rgb, LADE_FORMAT_JPEG, 101, &err), LADE_EINVAL);
    ck_assert_ptr_nonnull(strstr(err.message, "101"));
    ck_assert_int_eq(lade_image_write(path, &empty, LADE_FORMAT_PNG, 0, &err), LADE_EINVAL);
    ck_assert_int_eq(lade_image_write(NULL, &rgb, LADE_FORMAT_PNG, 0, &err), LADE_EINVAL);
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(a_full_disk_is_an_error_and_the_device_is_not_removed) {
    struct lade_image image = {pixels, 64, 64, 3, 192};
    struct lade_error err;
    struct stat st;
    if (access("/dev/full", W_OK) != 0)
        CHECK_SKIP("no /dev/full");
    ck_assert_int_eq(write_image(written[_i], "/dev/full", &image, &err), LADE_EIO);
    ck_assert_ptr_nonnull(strstr(err.message, "/dev/full"));
    ck_assert_ptr_nonnull(strstr(err.message, "No space left"));
    ck_assert_int_eq(stat("/dev/full", &st), 0);
}
END_TEST

/* The test sets a limit on the size of files. The limit has the effect of a full disk, and any user can set one. */
START_TEST(a_partial_file_is_removed) {
    struct lade_image image = {pixels, 64, 64, 4, 256};
    struct rlimit before, tiny;
    struct lade_error err;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    tiny = before;
    tiny.rlim_cur = 100;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &tiny), 0);
    int rc = write_image(LADE_FORMAT_PNG, path, &image, &err);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0); /* the test framework also writes files */
    ck_assert_int_eq(rc, LADE_ELIMIT);
    ck_assert_ptr_nonnull(strstr(err.message, path));
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(the_error_has_the_cause) {
    struct lade_image image = {pixels, 8, 8, 3, 24};
    struct lade_error err;
    char missing[80];
    snprintf(missing, sizeof missing, "%s/no/such/image.png", folder);
    ck_assert_int_eq(write_image(written[_i], missing, &image, &err), LADE_ENOENT);
    ck_assert_ptr_nonnull(strstr(err.message, missing));
    ck_assert_int_lt(write_image(written[_i], folder, &image, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.message, "directory"));
    if (geteuid() == 0)
        CHECK_SKIP("root may write to every directory");
    ck_assert_int_eq(chmod(folder, 0500), 0);
    ck_assert_int_eq(write_image(written[_i], path, &image, &err), LADE_EACCES);
    ck_assert_int_eq(chmod(folder, 0700), 0);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "write");
    find_formats();
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, a_lossless_format_keeps_every_bit, 0, lossless_count);
    tcase_add_test(tcase, jpeg_changes_pixels_by_at_most_4);
    tcase_add_test(tcase, impossible_images_are_errors);
    tcase_add_loop_test(tcase, a_full_disk_is_an_error_and_the_device_is_not_removed, 0, written_count);
    tcase_add_test(tcase, a_partial_file_is_removed);
    tcase_add_loop_test(tcase, the_error_has_the_cause, 0, written_count);
}
