/*
 * Helpers for tests that decode invalid images. The tests change the bytes of the valid image files of tests/golden.
 * The fixture invalid_images_setup() loads these files and redirects stderr, so that the tests can check that the
 * library prints nothing.
 */
#ifndef LADE_TESTS_INVALID_IMAGES_H
#define LADE_TESTS_INVALID_IMAGES_H

#include "support/image_samples.h"
#include "source_dir.h"

#include <dirent.h>
#include <unistd.h>

enum { MOST_FILES = 200, MOST_BYTES = 1 << 16, MOST_PIXELS = 1 << 16 };

static struct file {
    char name[64];
    uint8_t *bytes;
    size_t n;
} files[MOST_FILES];
static int file_count;

/* The folder of tests/golden whose files are loaded. AVIF files are in the folder "avif" and not in "images", because
   dav1d, which decodes AVIF, prints messages about damaged data. */
static const char *image_folder = "images";

static lade_decoder *decoder;
static struct lade_random dice;
static int output; /* descriptor of the file to which stderr is redirected */

static inline int by_name(const void *a, const void *b) {
    return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static inline void read_files(void) {
    char path[512];
    snprintf(path, sizeof path, LADE_SOURCE_DIR "/tests/golden/%s", image_folder);
    DIR *folder = opendir(path);
    ck_assert_ptr_nonnull(folder);
    for (struct dirent *e; (e = readdir(folder));) {
        struct file *file = &files[file_count];
        if (e->d_name[0] == '.')
            continue;
        snprintf(file->name, sizeof file->name, "%.63s", e->d_name);
        snprintf(path, sizeof path, LADE_SOURCE_DIR "/tests/golden/%s/%s", image_folder, e->d_name);
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

static inline void invalid_images_setup(void) {
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

static inline void invalid_images_teardown(void) {
    fflush(stderr);
    ck_assert_msg(!strcmp(image_folder, "avif") || lseek(output, 0, SEEK_END) == 0,
                  "the library has printed something to stderr");
    lade_decoder_free(decoder);
    for (int i = 0; i < file_count; i++)
        free(files[i].bytes);
    file_count = 0;
}

/* Probes and decodes a copy of the bytes. Returns the status of the decoder, and checks that each error has an allowed
   status and a message. The copy is a heap block of exactly @n bytes, so that a sanitizer finds a read past the end of
   the copy. */
static inline int attempt(const uint8_t *bytes, size_t n, enum lade_color_mode mode, struct lade_image *out,
                          struct lade_error *err) {
    struct lade_image_limits limits = {.max_pixels = MOST_PIXELS};
    struct lade_image_info info;
    uint8_t *copy = malloc(n ? n : 1);
    memcpy(copy, bytes, n);
    *err = (struct lade_error){0};
    int probed = lade_image_probe(copy, n, &info, NULL);
    struct lade_decode_options options = {.color_mode = mode, .limits = limits, .clip_grey = true};
    int rc = lade_image_decode_resized(decoder, copy, n, &options, out, err);
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

/* Returns true if this build of lade can read the format of the file. */
static inline bool readable(const struct file *file) {
    enum lade_format format;
    return lade_format_from_name(strrchr(file->name, '.') + 1, &format, NULL) == LADE_OK &&
           lade_format_info(format)->readable;
}

#endif
