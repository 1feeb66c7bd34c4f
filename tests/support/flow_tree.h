/*
 * Makes small directory trees of images for the tests of flows. The pixels of an image are a function of its number, so
 * a test can compute the pixels that it expects.
 */
#ifndef TESTS_FLOW_TREE_H
#define TESTS_FLOW_TREE_H

#include <lade/flow.h>

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/check_main.h"

static char tree_root[256]; /* the directory of the running test */

/* Returns the path of a file or directory in tree_root. The fourth call after this call overwrites the path. */
static inline char *tree_path(const char *relative) {
    static char paths[4][4400];
    static int turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", tree_root, relative);
    return path;
}

/* Checks that the status is @code, that the message is not empty, and that the subject ends with @subject. If @subject
   is "", the subject must be empty. If @subject is NULL, the subject is not checked. */
static inline void check_error(const struct lade_error *err, int code, const char *subject) {
    size_t n = strlen(err->subject), m = subject ? strlen(subject) : 0;
    bool same = !subject || (m ? n >= m && strcmp(err->subject + n - m, subject) == 0 : n == 0);

    ck_assert_msg(err->code == code, "status %d instead of %d: %s", err->code, code, err->message);
    ck_assert_msg(same, "subject \"%s\" instead of \"%s\": %s", err->subject, subject, err->message);
    ck_assert_msg(*err->message, "the error has no message");
}

static inline void tree_begin(void) {
    const char *tmp = getenv("TMPDIR");
    snprintf(tree_root, sizeof tree_root, "%s/lade-flow-XXXXXX", tmp ? tmp : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(tree_root));
}

static inline int tree_remove_one(const char *path, const struct stat *s, int type, struct FTW *ftw) {
    (void)s, (void)type, (void)ftw;
    return remove(path);
}

static inline void tree_end(void) {
    nftw(tree_root, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void tree_folder(const char *relative) {
    ck_assert_int_eq(mkdir(tree_path(relative), 0755), 0);
}

static inline void tree_bytes(const char *relative, const void *bytes, size_t n) {
    FILE *f = fopen(tree_path(relative), "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

/* Returns the value of a pixel's channel in the image with this number. The value depends on the number and on the
   position, so a test detects a pixel of the wrong image or the wrong position. */
static inline uint8_t tree_pixel(int number, int y, int x, int channel) {
    return (uint8_t)(number * 37 + y * 11 + x * 5 + channel * 80);
}

/* Writes an image of @height x @width pixels. If lade cannot write the format of the suffix, the file contains a
   JPEG. */
static inline void tree_image_sized(const char *relative, int number, int height, int width) {
    struct lade_error err = {0};
    uint8_t *pixels = malloc((size_t)(height * width * 3));
    struct lade_image image = {pixels, width, height, 3, (size_t)width * 3};
    enum lade_format format = lade_format_from_path(relative);
    bool writable = format && lade_format_info(format)->writable;

    for (int i = 0; i < height * width * 3; i++)
        pixels[i] = tree_pixel(number, i / 3 / width, i / 3 % width, i % 3);
    int status = lade_image_write(tree_path(relative), &image, writable ? format : LADE_FORMAT_JPEG, 90, &err);
    ck_assert_msg(status == LADE_OK, "%s", err.message);
    free(pixels);
}

static inline void tree_image(const char *relative, int number) {
    tree_image_sized(relative, number, 8, 8);
}

/*
 * Makes class folders c0, c1, ... Folder ci has counts[i] images. The files of c0 are c0/000.png, c0/001.png,
 * c0/002.jpg, and so on. The images of all classes are numbered from 0, and the number of an image determines its
 * pixels. Every third image is a JPEG. The images have about 8 x 8 pixels.
 */
static inline void tree_classes(int classes, const int *counts) {
    char name[64];
    int number = 0;

    for (int c = 0; c < classes; c++) {
        snprintf(name, sizeof name, "c%d", c);
        tree_folder(name);
        for (int i = 0; i < counts[c]; i++, number++) {
            snprintf(name, sizeof name, "c%d/%03d.%s", c, i, number % 3 == 2 ? "jpg" : "png");
            tree_image_sized(name, number, 6 + number % 5, 6 + number % 4);
        }
    }
}

/* If the process runs as root, changes its user to nobody, because root may read every file. tree_as_before() changes
   the user back to root. */
static inline void tree_as_nobody(void) {
    if (getuid() == 0) {
        ck_assert_int_eq(chmod(tree_root, 0755), 0);
        ck_assert_int_eq(seteuid(65534), 0);
    }
}

static inline void tree_as_before(void) {
    ck_assert_int_eq(seteuid(getuid()), 0);
}

static inline lade_flow *tree_flow(const struct lade_flow_options *options) {
    struct lade_error err = {0};
    lade_flow *flow = lade_flow_from_directory(tree_root, options, &err);
    ck_assert_msg(flow != NULL, "%s", err.message);
    return flow;
}

static inline struct lade_batch *tree_next(lade_flow *flow) {
    struct lade_error err = {0};
    struct lade_batch *b = NULL;
    int status = lade_flow_next(flow, &b, &err);
    ck_assert_msg(status == LADE_OK, "%s", err.message);
    return b;
}

/* Returns the digest of the next @steps batches. */
static inline struct lade_digest tree_digest(lade_flow *flow, int64_t steps) {
    struct lade_digest d = {0};
    for (; steps > 0; steps--) {
        struct lade_batch *b = tree_next(flow);
        ck_assert_int_eq(lade_digest_add(&d, b), LADE_OK);
        lade_batch_unref(b);
    }
    return d;
}

/* Adds a test case. An empty directory, tree_root, is made before each test of the case, and removed after the test. */
static inline TCase *tree_case(Suite *suite, const char *name) {
    TCase *tcase = check_case(suite, name);
    tcase_add_checked_fixture(tcase, tree_begin, tree_end);
    return tcase;
}

#endif
