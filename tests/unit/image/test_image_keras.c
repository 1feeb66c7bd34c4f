/*
 * Tests that lade computes the same values as Keras 3 if quirks is LADE_QUIRKS_KERAS3. The results are compared with
 * stored results (tests/golden/keras.txt). If $LADE_KERAS_PYTHON or python3 is a Python that has Keras, random images
 * and parameters are also compared with Keras itself. Both kinds of results are lines in the format that
 * tests/golden/keras_reference.py describes.
 */
#include "support/image_samples.h"
#include "source_dir.h"

#include <math.h>
#include <unistd.h>

enum { RANDOM_JOBS = 300 };

static lade_decoder *decoder;
/* values: number of compared values before standardisation. different: number of these values that differ by more than
   0.001. */
static long values, different;
static double most;

static void setup(void) {
    decoder = lade_decoder_new();
    ck_assert_ptr_nonnull(decoder);
}

static void teardown(void) {
    lade_decoder_free(decoder);
}

struct job {
    int seed, height, width, channels, order, flip_horizontal, flip_vertical;
    char format[8], fill[16], channel_shift[32], brightness[32], rescale[32];
    struct lade_transform transform;
    int center, std, feature_center, feature_std;
};

static double number(const char *text) {
    return strcmp(text, "none") == 0 ? 0 : atof(text);
}

/* Reads the parameters from a line. Returns a pointer to the results in the line. */
static const char *read_job(const char *line, struct job *j) {
    struct lade_transform *t = &j->transform;
    int skip;
    *j = (struct job){0};
    ck_assert_int_eq(
        sscanf(line, "%d %d %d %d %7s %15s %f %d %lf %lf %lf %lf %lf %lf %31s %31s %d %d %31s %d %d %d %d %n", &j->seed,
               &j->height, &j->width, &j->channels, j->format, j->fill, &t->cval, &j->order, &t->theta, &t->tx, &t->ty,
               &t->shear, &t->zx, &t->zy, j->channel_shift, j->brightness, &j->flip_horizontal, &j->flip_vertical,
               j->rescale, &j->center, &j->std, &j->feature_center, &j->feature_std, &skip),
        23);
    ck_assert_int_eq(lade_fill_mode_from_name(j->fill, &t->fill_mode, NULL), LADE_OK);
    t->quirks = LADE_QUIRKS_KERAS3;
    t->interpolation_order = j->order ? 1 : LADE_OFF;
    t->channel_shift_intensity[0] = number(j->channel_shift);
    t->brightness = number(j->brightness);
    t->flip_horizontal = j->flip_horizontal;
    t->flip_vertical = j->flip_vertical;
    return line + skip;
}

static struct lade_image image_of(const struct job *j) {
    struct lade_image in = {.width = j->width, .height = j->height, .channels = j->channels};
    int n = j->height * j->width * j->channels;
    in.stride = (size_t)(j->width * j->channels);
    in.pixels = malloc((size_t)n);
    for (int i = 0; i < n; i++)
        in.pixels[i] = (uint8_t)(i * i * 7 + i * j->seed + i / 5);
    return in;
}

static int hex(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static float read_float(const char *digits) {
    uint32_t bits = 0;
    float v;
    for (int i = 0; i < 4; i++)
        bits |= (uint32_t)(hex(digits[2 * i]) << 4 | hex(digits[2 * i + 1])) << 8 * i;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* Checks values before standardisation. The values have the scale 0..255 and may differ from the
   values of Keras by at most 1. Counts the values that differ. */
static void check_moved(const char *line, const float *got, size_t n, const char *digits) {
    for (size_t i = 0; i < n; i++) {
        double apart = fabs((double)got[i] - (double)read_float(digits + 8 * i));
        ck_assert_msg(apart <= 1, "%.90s: value %zu is %g, not %g", line, i, (double)got[i],
                      (double)read_float(digits + 8 * i));
        values++;
        different += apart > 1e-3;
        most = fmax(most, apart);
    }
}

/* Returns true for an image of one colour. Keras divides the rounding error of the mean of such an image by 10^-6, so
   that the result is random. */
static bool constant(const char *digits, size_t n) {
    for (size_t i = 1; i < n; i++)
        if (memcmp(digits, digits + 8 * i, 8) != 0)
            return false;
    return true;
}

/* Checks values after standardisation. The values may differ from the values of Keras by at most 10^-5 of the largest
   value. The values are checked only if the values before standardisation are the same. */
static void check_done(const char *line, const float *got, size_t n, const char *digits) {
    double range = 0;
    for (size_t i = 0; i < n; i++)
        range = fmax(range, fabs((double)read_float(digits + 8 * i)));
    for (size_t i = 0; i < n; i++) {
        double want = (double)read_float(digits + 8 * i);
        ck_assert_msg(fabs((double)got[i] - want) <= 1e-5 * fmax(range, 1e-3),
                      "%.90s: standardized, value %zu is %.9g, not %.9g", line, i, (double)got[i], want);
    }
}

static void check_line(const char *line) {
    struct job j;
    struct lade_error err = {0};
    const char *digits = read_job(line, &j);
    struct lade_image in = image_of(&j);
    size_t n = in.stride * (size_t)in.height;
    ck_assert_uint_eq(strspn(digits, "0123456789abcdef"), 8 * n);

    struct lade_output plain = {.data_format = strcmp(j.format, "first") == 0}, all = plain;
    struct lade_stats stats = {.channels = j.channels};
    all.rescale = (float)number(j.rescale);
    all.samplewise_center = j.center;
    all.samplewise_std_normalization = j.std;
    all.featurewise_center = j.feature_center;
    all.featurewise_std_normalization = j.feature_std;
    all.stats = &stats;
    for (int c = 0; c < j.channels; c++) {
        stats.mean[c] = (100 + 10 * c) * (all.rescale != 0 ? (double)all.rescale : 1);
        stats.std[c] = (50 + 5 * c) * (all.rescale != 0 ? (double)all.rescale : 1);
    }
    float *got = malloc(n * sizeof *got);
    long before = different;
    ck_assert_msg(lade_image_to_tensor(decoder, &in, &j.transform, &plain, got, &err) == LADE_OK, "%s", err.message);
    check_moved(line, got, n, digits);
    ck_assert_msg(lade_image_to_tensor(decoder, &in, &j.transform, &all, got, &err) == LADE_OK, "%s", err.message);
    if (different == before && !constant(digits, n))
        check_done(line, got, n, digits + 8 * n + 1);
    free(got);
    free(in.pixels);
}

static int check_lines(const char *results) {
    FILE *f = fopen(results, "r");
    ck_assert_msg(f != NULL, "%s is missing", results);
    char *line = NULL;
    size_t room = 0;
    int lines = 0;
    while (getline(&line, &room, f) > 0)
        if (line[0] != '#') {
            check_line(line);
            lines++;
        }
    free(line);
    fclose(f);
    printf("%s: %ld values are compared with Keras 3, %ld differ by more than 0.001, the largest difference is %g of "
           "255\n",
           results, values, different, most);
    return lines;
}

START_TEST(stored_results_of_keras) {
    ck_assert_int_gt(check_lines(LADE_SOURCE_DIR "/tests/golden/keras.txt"), 100);
    ck_assert_int_eq(different, 0);
}
END_TEST

/* ---- Comparison with Keras --------------------------------------------------------------------------------------- */

static struct lade_random dice;

static int roll(int low, int high) {
    return low + (int)lade_random_below(&dice, (uint64_t)(high - low + 1));
}

static double between(double low, double high) {
    return lade_random_uniform(&dice, low, high);
}

/* Returns a python3 that has Keras 3 with ImageDataGenerator, or NULL. */
static const char *find_python(void) {
    const char *pythons[] = {getenv("LADE_KERAS_PYTHON"), "python3"};
    for (size_t i = 0; i < 2; i++) {
        char command[600];
        if (!pythons[i])
            continue;
        snprintf(
            command, sizeof command,
            "KERAS_BACKEND=numpy %s -c 'import scipy; from keras.src.legacy.preprocessing import image' 2>/dev/null",
            pythons[i]);
        if (system(command) == 0)
            return pythons[i];
    }
    return NULL;
}

static void write_number(FILE *f, double v, bool there) {
    if (there)
        fprintf(f, " %.17g", v);
    else
        fprintf(f, " none");
}

static void write_job(FILE *f, int seed) {
    int height = roll(1, 40), width = roll(0, 2) ? roll(1, 40) : height;
    fprintf(f, "%d %d %d %d %s %s %d %d", seed, height, width, (int[]){1, 3, 4}[roll(0, 2)],
            roll(0, 1) ? "last" : "first", lade_fill_mode_name((enum lade_fill_mode)roll(0, 3)),
            (int[]){0, 100, 255, 300, -20}[roll(0, 4)], roll(0, 1));
    write_number(f, roll(0, 1) ? between(-180, 180) : 0, true);
    write_number(f, roll(0, 1) ? between(-width, width) : roll(-2, 2), true);
    write_number(f, roll(0, 1) ? between(-height, height) : roll(-2, 2), true);
    write_number(f, roll(0, 1) ? between(-40, 40) : 0, true);
    write_number(f, roll(0, 1) ? between(0.5, 2) : 1, true);
    write_number(f, roll(0, 1) ? between(0.5, 2) : 1, true);
    write_number(f, between(-80, 80), roll(0, 1));
    write_number(f, roll(0, 3) ? between(0.1, 2) : 1, roll(0, 1));
    fprintf(f, " %d %d", roll(0, 1), roll(0, 1));
    write_number(f, 1 / 255., roll(0, 1));
    fprintf(f, " %d %d %d %d\n", roll(0, 1), roll(0, 1), roll(0, 1), roll(0, 1));
}

START_TEST(keras_side_by_side) {
    const char *python = find_python();
    if (!python)
        CHECK_SKIP("no python3 with Keras 3 and SciPy; set LADE_KERAS_PYTHON to the path of one");
    char folder[] = "/tmp/lade-test-keras-XXXXXX", jobs[300], results[300], command[1200];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(jobs, sizeof jobs, "%s/jobs", folder);
    snprintf(results, sizeof results, "%s/results", folder);
    lade_random_init(&dice, 31, 0, 0, LADE_RANDOM_USER);
    FILE *f = fopen(jobs, "w");
    ck_assert_ptr_nonnull(f);
    for (int k = 0; k < RANDOM_JOBS; k++)
        write_job(f, k);
    ck_assert_int_eq(fclose(f), 0);
    snprintf(command, sizeof command, "%s -B " LADE_SOURCE_DIR "/tests/golden/keras_reference.py %s %s", python, jobs,
             results);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(check_lines(results), RANDOM_JOBS);
    ck_assert_int_le(different, values / 10000);
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "keras");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, stored_results_of_keras);
    tcase_add_test(tcase, keras_side_by_side);
}
