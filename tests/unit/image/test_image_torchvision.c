/*
 * Tests that augmentations with torchvision's names give the same results as torchvision for the same drawn values. The
 * results of torchvision are lines of tests/golden/torchvision.txt, in the format that torchvision_reference.py
 * describes.
 */
#include "image/augment/trivial.h"
#include "support/decoder_case.h"
#include "support/image_samples.h"
#include "source_dir.h"

#include <math.h>

/* The arguments of a line. */
struct job {
    char kind[16];
    double a, b, c, d, v;
    int height, width, channels, seed;
};

static const char *read_job(const char *line, struct job *j) {
    int skip = 0;
    ck_assert_int_eq(sscanf(line, "%15s %lf %lf %lf %lf %lf %d %d %d %d %n", j->kind, &j->a, &j->b, &j->c, &j->d, &j->v,
                            &j->height, &j->width, &j->channels, &j->seed, &skip),
                     10);
    return line + skip;
}

/* Converts a factor to a field of struct lade_transform, in which LADE_OFF means the factor 0. */
static double factor(double value) {
    return value == 0 ? LADE_OFF : value;
}

static struct lade_transform transform_of(const struct job *j) {
    if (strcmp(j->kind, "jitter") == 0)
        return (struct lade_transform){.brightness = factor(j->a),
                                       .contrast = (float)factor(j->b),
                                       .saturation = (float)factor(j->c),
                                       .hue = (float)j->d};
    if (strcmp(j->kind, "erase") == 0)
        return (struct lade_transform){
            .erasing = {(uint16_t)j->b, (uint16_t)j->a, (uint16_t)j->d, (uint16_t)j->c, (float)j->v}};
    if (strcmp(j->kind, "trivial") == 0) {
        struct lade_transform t = {.fill_mode = LADE_FILL_NEAREST};
        lade__trivial_add((int)j->a, (int)j->b, j->c != 0, j->height, j->width, &t);
        return t;
    }
    struct lade_transform crop = {.ty = j->b - j->a, .tx = j->c - j->a};
    const char *mode = strcmp(j->kind, "edge") == 0        ? "nearest"
                       : strcmp(j->kind, "symmetric") == 0 ? "reflect"
                                                           : j->kind;
    ck_assert_int_eq(lade_fill_mode_from_name(mode, &crop.fill_mode, NULL), LADE_OK);
    return crop;
}

static void check_line(const char *line) {
    struct job j = {0}; /* valgrind reports a strcmp() that the compiler has replaced by a comparison of all bytes */
    const char *results = read_job(line, &j);
    struct lade_transform t = transform_of(&j);
    int n = j.height * j.width * j.channels;
    uint8_t pixels[400];
    float got[400];
    /* torchvision computes positions in single precision, and lade rounds positions */
    double tolerance = strcmp(j.kind, "trivial") == 0 ? 0.05 : 2e-3;
    struct lade_image in = {pixels, j.width, j.height, j.channels, (size_t)(j.width * j.channels)};
    ck_assert_int_le(n, 400);
    for (int i = 0; i < n; i++)
        pixels[i] = (uint8_t)(i * i * 7 + i * j.seed + i / 5);
    ck_assert_int_eq(lade_image_to_tensor(decoder, &in, &t, NULL, got, NULL), LADE_OK);
    for (int i = 0; i < n; i++) {
        char *end;
        double want = strtod(results, &end);
        ck_assert_ptr_ne(end, results);
        ck_assert_msg(fabs((double)got[i] - want) < tolerance, "%.60s: value %d is %g, not %g", line, i, (double)got[i],
                      want);
        results = end;
    }
}

START_TEST(stored_results_of_torchvision) {
    FILE *f = fopen(LADE_SOURCE_DIR "/tests/golden/torchvision.txt", "r");
    ck_assert_ptr_nonnull(f);
    char *line = NULL;
    size_t room = 0;
    int lines = 0;
    for (; getline(&line, &room, f) > 0; lines++)
        if (line[0] != '#')
            check_line(line);
    free(line);
    fclose(f);
    ck_assert_int_gt(lines, 200);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = decoder_case(suite, "torchvision");
    tcase_add_test(tcase, stored_results_of_torchvision);
}
