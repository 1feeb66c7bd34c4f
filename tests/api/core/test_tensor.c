/* Tests of tensors: shapes, references, views, DLPack types, .npy files, and printing. The printed text is compared
   with NumPy if NumPy is installed. */
#define _GNU_SOURCE
#include <lade/tensor.h>

#include <locale.h>
#include <math.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/check_main.h"

#define SHAPE(...)                                                                 \
    (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), (const int64_t[]) { \
        __VA_ARGS__                                                                \
    }

START_TEST(dtypes_have_sizes_and_numpys_names) {
    static const struct {
        enum lade_dtype dtype;
        size_t size;
        const char *name;
        int code;
    } rows[] = {{LADE_FLOAT32, 4, "float32", kDLFloat}, {LADE_UINT8, 1, "uint8", kDLUInt},
                {LADE_INT8, 1, "int8", kDLInt},         {LADE_INT16, 2, "int16", kDLInt},
                {LADE_UINT16, 2, "uint16", kDLUInt},    {LADE_INT32, 4, "int32", kDLInt},
                {LADE_UINT32, 4, "uint32", kDLUInt},    {LADE_INT64, 8, "int64", kDLInt},
                {LADE_UINT64, 8, "uint64", kDLUInt},    {LADE_FLOAT64, 8, "float64", kDLFloat}};
    ck_assert_int_eq((int)(sizeof rows / sizeof *rows), LADE_DTYPE_COUNT);
    for (int i = 0; i < LADE_DTYPE_COUNT; i++) {
        ck_assert_uint_eq(lade_dtype_size(rows[i].dtype), rows[i].size);
        ck_assert_str_eq(lade_dtype_name(rows[i].dtype), rows[i].name);
        DLDataType d = lade_dtype_dlpack(rows[i].dtype);
        ck_assert_int_eq(d.code, rows[i].code);
        ck_assert_int_eq(d.bits, (int)rows[i].size * 8);
        ck_assert_int_eq(d.lanes, 1);
    }
    ck_assert_uint_eq(lade_dtype_size(LADE_DTYPE_COUNT), 0);
    ck_assert_str_eq(lade_dtype_name((enum lade_dtype)99), "unknown");
    ck_assert_int_eq(lade_dtype_dlpack((enum lade_dtype)99).bits, 0);
}
END_TEST

START_TEST(a_new_tensor_is_zero_aligned_and_described) {
    struct lade_tensor *t = lade_tensor_new(LADE_FLOAT32, SHAPE(2, 3, 4));
    ck_assert_ptr_nonnull(t);
    ck_assert_int_eq(lade_tensor_count(t), 24);
    ck_assert_uint_eq(lade_tensor_bytes(t), 96);
    ck_assert_uint_eq((uintptr_t)lade_tensor_data(t) % 64, 0);
    const float *v = lade_tensor_data(t);
    for (int i = 0; i < 24; i++)
        ck_assert_float_eq(v[i], 0);
    ck_assert_int_eq(t->dl.ndim, 3);
    ck_assert_ptr_eq(t->dl.shape, t->shape);
    ck_assert_int_eq(t->shape[2], 4);
    ck_assert_ptr_null(t->dl.strides);
    ck_assert_int_eq(t->dl.device.device_type, kDLCPU);
    ck_assert_ptr_eq(lade_tensor_ref(t), t);
    lade_tensor_unref(t);
    lade_tensor_unref(t);
    lade_tensor_unref(NULL);
}
END_TEST

START_TEST(impossible_shapes_are_refused) {
    ck_assert_ptr_null(lade_tensor_new(LADE_FLOAT32, SHAPE(2, -1)));
    ck_assert_ptr_null(lade_tensor_new(LADE_FLOAT32, -1, NULL));
    ck_assert_ptr_null(lade_tensor_new(LADE_FLOAT32, 2, NULL));
    ck_assert_ptr_null(lade_tensor_new(LADE_FLOAT32, SHAPE(1, 1, 1, 1, 1, 1, 1, 1, 1)));
    ck_assert_ptr_null(lade_tensor_new(LADE_DTYPE_COUNT, SHAPE(2)));
    ck_assert_ptr_null(lade_tensor_new(LADE_UINT8, SHAPE(INT64_MAX, 3)));
    ck_assert_ptr_null(lade_tensor_new(LADE_FLOAT64, SHAPE(INT64_MAX / 4)));
    int x = 0;
    ck_assert_ptr_null(lade_tensor_wrap(NULL, LADE_INT32, SHAPE(1), NULL, NULL));
    ck_assert_ptr_null(lade_tensor_wrap(&x, LADE_INT32, SHAPE(-1), NULL, NULL));
}
END_TEST

START_TEST(empty_tensors_and_scalars_are_allowed) {
    struct lade_tensor *scalar = lade_tensor_new(LADE_INT64, 0, NULL);
    ck_assert_int_eq(lade_tensor_count(scalar), 1);
    ck_assert_uint_eq(lade_tensor_bytes(scalar), 8);
    struct lade_tensor *empty = lade_tensor_new(LADE_INT64, SHAPE(INT64_MAX, 0, INT64_MAX));
    ck_assert_ptr_nonnull(empty);
    ck_assert_int_eq(lade_tensor_count(empty), 0);
    ck_assert_uint_eq(lade_tensor_bytes(empty), 0);
    lade_tensor_unref(scalar);
    lade_tensor_unref(empty);
}
END_TEST

static void count_release(void *ctx) {
    ++*(int *)ctx;
}

START_TEST(wrapped_memory_is_released_with_the_last_reference) {
    int64_t data[6] = {0, 1, 2, 3, 4, 5};
    int released = 0;
    struct lade_tensor *t = lade_tensor_wrap(data, LADE_INT64, SHAPE(6), count_release, &released);
    struct lade_tensor *view = lade_tensor_reshape(t, SHAPE(2, -1));
    ck_assert_ptr_nonnull(view);
    ck_assert_int_eq(view->shape[1], 3);
    ck_assert_ptr_eq(lade_tensor_data(view), data);
    struct lade_tensor *again = lade_tensor_reshape(view, SHAPE(3, 2, 1));
    lade_tensor_unref(t);
    lade_tensor_unref(view);
    ck_assert_int_eq(released, 0);
    lade_tensor_unref(again);
    ck_assert_int_eq(released, 1);
    lade_tensor_unref(lade_tensor_wrap(data, LADE_INT64, SHAPE(6), NULL, NULL)); /* there is no release function */
}
END_TEST

START_TEST(reshape_follows_numpy) {
    struct lade_tensor *t = lade_tensor_new(LADE_UINT8, SHAPE(4, 6));
    static const struct {
        int ndim;
        int64_t shape[9];
        int good;
    } rows[] = {{1, {24}, 1},    {1, {-1}, 1},           {3, {2, -1, 2}, 1}, {2, {5, 5}, 0}, {2, {-1, -1}, 0},
                {2, {-1, 7}, 0}, {2, {-2, -12}, 0},      {2, {0, -1}, 0},    {0, {0}, 0},    {-1, {0}, 0},
                {2, {24, 1}, 1}, {2, {INT64_MAX, 3}, 0}, {9, {1}, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lade_tensor *view = lade_tensor_reshape(t, rows[i].ndim, rows[i].shape);
        ck_assert_msg((view != NULL) == rows[i].good, "row %zu", i);
        if (view)
            ck_assert_int_eq(lade_tensor_count(view), 24);
        lade_tensor_unref(view);
    }
    lade_tensor_unref(t);
    struct lade_tensor *empty = lade_tensor_new(LADE_UINT8, SHAPE(0, 3));
    ck_assert_ptr_null(lade_tensor_reshape(empty, SHAPE(0, -1))); /* NumPy also refuses this shape, because -1 could
                                                                     be any number */
    struct lade_tensor *view = lade_tensor_reshape(empty, SHAPE(7, -1));
    ck_assert_int_eq(view->shape[1], 0);
    lade_tensor_unref(view);
    lade_tensor_unref(empty);
}
END_TEST

/* ---- Printing ---------------------------------------------------------------------------------------------------- */

static char *printed(const struct lade_tensor *t) {
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    ck_assert_int_eq(lade_tensor_print(t, f), LADE_OK);
    fclose(f);
    return text;
}

static void expect_print(struct lade_tensor *t, const char *expected) {
    char *text = printed(t);
    ck_assert_str_eq(text, expected);
    free(text);
    lade_tensor_unref(t);
}

static struct lade_tensor *doubles(int n, const double *v) {
    int64_t size = n;
    return lade_tensor_wrap((void *)v, LADE_FLOAT64, 1, &size, NULL, NULL);
}

START_TEST(prints_like_numpy) {
    int64_t count[24];
    for (int i = 0; i < 24; i++)
        count[i] = i;
    expect_print(lade_tensor_wrap(count, LADE_INT64, SHAPE(2, 3, 4), NULL, NULL), "[[[ 0  1  2  3]\n"
                                                                                  "  [ 4  5  6  7]\n"
                                                                                  "  [ 8  9 10 11]]\n"
                                                                                  "\n"
                                                                                  " [[12 13 14 15]\n"
                                                                                  "  [16 17 18 19]\n"
                                                                                  "  [20 21 22 23]]]\n");
    expect_print(doubles(3, (double[]){1, 2.5, 1000}), "[   1.     2.5 1000. ]\n");
    expect_print(doubles(2, (double[]){1e-5, 1}), "[1.e-05 1.e+00]\n");
    expect_print(doubles(2, (double[]){1e-100, 1}), "[1.e-100 1.e+000]\n");
    expect_print(doubles(3, (double[]){NAN, 1, INFINITY}), "[nan  1. inf]\n");
    expect_print(doubles(2, (double[]){NAN, -INFINITY}), "[ nan -inf]\n");
    expect_print(doubles(3, (double[]){1. / 3, 1e-3, 123456.789}), "[3.33333333e-01 1.00000000e-03 1.23456789e+05]\n");
    expect_print(doubles(3, (double[]){-0.0, 0, 5e-9}), "[-0.e+00  0.e+00  5.e-09]\n");
    expect_print(lade_tensor_new(LADE_FLOAT32, SHAPE(0)), "[]\n");
    expect_print(lade_tensor_new(LADE_FLOAT32, SHAPE(1, 1, 1)), "[[[0.]]]\n");
    double third = 1. / 3;
    expect_print(lade_tensor_wrap(&third, LADE_FLOAT64, 0, NULL, NULL, NULL), "0.3333333333333333\n");
}
END_TEST

START_TEST(large_tensors_are_summarised_and_long_rows_wrapped) {
    struct lade_tensor *t = lade_tensor_new(LADE_INT32, SHAPE(1001));
    for (int i = 0; i < 1001; i++)
        ((int32_t *)lade_tensor_data(t))[i] = i;
    expect_print(t, "[   0    1    2 ...  998  999 1000]\n");

    float seventh[7];
    for (int i = 0; i < 7; i++)
        seventh[i] = (float)i / 6;
    expect_print(lade_tensor_wrap(seventh, LADE_FLOAT32, SHAPE(7), NULL, NULL),
                 "[0.         0.16666667 0.33333334 0.5        0.6666667  0.8333333\n 1.        ]\n");
}
END_TEST

START_TEST(the_decimal_point_does_not_depend_on_the_locale) {
    const char *comma = setlocale(LC_NUMERIC, "de_DE.UTF-8");
    expect_print(doubles(2, (double[]){1.5, 0.123456789012}), "[1.5        0.12345679]\n");
    setlocale(LC_NUMERIC, "C");
    if (!comma)
        CHECK_SKIP_PART("no locale with a decimal comma");
}
END_TEST

START_TEST(printing_to_a_full_disk_is_an_error) {
    FILE *f = fopen("/dev/full", "w");
    if (!f) {
        CHECK_SKIP("no /dev/full");
    }
    setvbuf(f, NULL, _IONBF, 0);
    struct lade_tensor *t = lade_tensor_new(LADE_FLOAT32, SHAPE(3));
    ck_assert_int_eq(lade_tensor_print(t, f), LADE_EIO);
    lade_tensor_unref(t);
    fclose(f);
}
END_TEST

/* ---- .npy files, and comparison with NumPy ----------------------------------------------------------------------- */

static char folder[64], path[128];

static void make_folder(void) {
    strcpy(folder, "/tmp/lade-tensor-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/t.npy", folder);
}

static void remove_folder(void) {
    unlink(path);
    rmdir(folder);
}

START_TEST(npy_has_the_documented_layout) {
    struct lade_tensor *t = lade_tensor_new(LADE_UINT8, SHAPE(3));
    memcpy(lade_tensor_data(t), "abc", 3);
    struct lade_error err = {0};
    ck_assert_int_eq(lade_tensor_write_npy(t, path, &err), LADE_OK);
    lade_tensor_unref(t);
    char text[256] = "";
    FILE *f = fopen(path, "rb");
    size_t size = fread(text, 1, sizeof text, f);
    fclose(f);
    ck_assert_uint_eq(size, 128 + 3); /* the header needs more than 64 bytes, and is padded to a multiple of 64 */
    ck_assert_int_eq(memcmp(text, "\x93NUMPY\x01\x00", 8), 0);
    ck_assert_uint_eq(((unsigned)(unsigned char)text[8] + 10) % 64, 0);
    ck_assert_ptr_nonnull(strstr(text + 10, "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }"));
    ck_assert_int_eq(memcmp(text + size - 4, "\nabc", 4), 0);
}
END_TEST

START_TEST(npy_failures_name_the_path_and_leave_nothing) {
    struct lade_tensor *t = lade_tensor_new(LADE_FLOAT32, SHAPE(1000));
    struct lade_error err = {0};
    ck_assert_int_eq(lade_tensor_write_npy(t, "/nonexistent/t.npy", &err), LADE_ENOENT);
    ck_assert_str_eq(err.subject, "/nonexistent/t.npy");
    if (access("/dev/full", W_OK) == 0) {
        ck_assert_int_eq(lade_tensor_write_npy(t, "/dev/full", &err), LADE_EIO);
        ck_assert_str_eq(err.subject, "/dev/full");
        ck_assert_ptr_nonnull(strstr(err.message, strerror(ENOSPC)));
        ck_assert_int_eq(access("/dev/full", F_OK), 0); /* /dev/full was not removed, because it is not a regular
                                                           file */
    } else {
        CHECK_SKIP_PART("no /dev/full");
    }
    lade_tensor_unref(t);
}
END_TEST

START_TEST(a_partial_npy_is_removed) {
    struct lade_tensor *t = lade_tensor_new(LADE_FLOAT32, SHAPE(100000));
    struct lade_error err = {0};
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {4096, RLIM_INFINITY};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_int_lt(lade_tensor_write_npy(t, path, &err), 0);
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert_int_ne(access(path, F_OK), 0);
    char temporary[sizeof path + 4];
    snprintf(temporary, sizeof temporary, "%s.tmp", path);
    ck_assert_int_ne(access(temporary, F_OK), 0);
    lade_tensor_unref(t);
}
END_TEST

/* Returns the name of a Python interpreter that has NumPy, or NULL. */
static const char *numpy_python(void) {
    static const char *const candidates[] = {"python3", "/usr/bin/python3"};
    for (int i = 0; i < 2; i++) {
        char command[64];
        snprintf(command, sizeof command, "%s -c 'import numpy' 2>/dev/null", candidates[i]);
        if (system(command) == 0)
            return candidates[i];
    }
    return NULL;
}

static void fill(struct lade_tensor *t, struct lade_random *r, int style) {
    int64_t n = lade_tensor_count(t);
    for (int64_t i = 0; i < n; i++) {
        double v = lade_random_normal(r);
        switch (style) {
        case 0:
            break;
        case 1:
            v = floor(v * 10);
            break;
        case 2:
            v = v * pow(10, lade_random_uniform(r, -20, 20));
            break;
        case 3:
            v = lade_random_below(r, 9) == 0 ? (v < 0 ? -INFINITY : NAN) : v * 300;
            break;
        case 4:
            v = fabs(v) + 1e-3 * (double)lade_random_below(r, 3);
            break;
        default:
            v = floor(v * 8) / 8 * 1e6;
        }
        if (t->dtype == LADE_FLOAT32)
            ((float *)t->dl.data)[i] = (float)v;
        else if (t->dtype == LADE_FLOAT64)
            ((double *)t->dl.data)[i] = v;
        else
            for (size_t byte = 0, size = lade_dtype_size(t->dtype); byte < size; byte++)
                ((unsigned char *)t->dl.data)[(size_t)i * size + byte] = (unsigned char)lade_random_u32(r);
    }
}

/* Writes random tensors of all dtypes, many shapes and six kinds of numbers. NumPy must read these tensors and print
   the same text. */
START_TEST(numpy_reads_and_prints_the_same) {
    const char *python = numpy_python();
    if (!python)
        CHECK_SKIP("no python3 with numpy");
    static const int64_t shapes[][5] = {{1, 7},       {1, 40},      {1, 1001},       {2, 3, 5},
                                        {2, 40, 60},  {3, 2, 3, 4}, {4, 2, 1, 3, 2}, {3, 12, 9, 11},
                                        {2, 2, 2000}, {0},          {1, 1},          {2, 7, 0}};
    enum { SHAPES = sizeof shapes / sizeof *shapes, STYLES = 6 };
    char script[256], command[512];
    snprintf(script, sizeof script, "%s/show.py", folder);
    FILE *f = fopen(script, "w");
    fputs("import sys, numpy\nfor i in range(int(sys.argv[2])):\n    print(numpy.load(f'{sys.argv[1]}/{i}.npy'))\n", f);
    fclose(f);

    char *ours = NULL;
    size_t ours_size = 0;
    FILE *out = open_memstream(&ours, &ours_size);
    struct lade_random r;
    lade_random_init(&r, 1, 0, 0, LADE_RANDOM_USER);
    int count = 0;
    for (int s = 0; s < SHAPES; s++)
        for (int d = 0; d < LADE_DTYPE_COUNT; d++)
            for (int style = 0; style < (d == LADE_FLOAT32 || d == LADE_FLOAT64 ? STYLES : 1); style++) {
                struct lade_tensor *t = lade_tensor_new((enum lade_dtype)d, (int)shapes[s][0], shapes[s] + 1);
                fill(t, &r, style);
                char file[128];
                snprintf(file, sizeof file, "%s/%d.npy", folder, count++);
                ck_assert_int_eq(lade_tensor_write_npy(t, file, NULL), LADE_OK);
                ck_assert_int_eq(lade_tensor_print(t, out), LADE_OK);
                lade_tensor_unref(t);
            }
    fclose(out);

    snprintf(command, sizeof command, "%s %s %s %d", python, script, folder, count);
    FILE *p = popen(command, "r");
    char line[512];
    const char *at = ours;
    int lines = 0;
    while (fgets(line, sizeof line, p)) {
        size_t length = strlen(line);
        ck_assert_msg(strncmp(at, line, length) == 0, "line %d: NumPy\n%slade\n%.*s\n", lines, line, (int)length + 20,
                      at);
        at += length;
        lines++;
    }
    ck_assert_int_eq(pclose(p), 0);
    ck_assert_int_gt(lines, 1000);
    ck_assert_int_eq(*at, 0);
    free(ours);
    snprintf(command, sizeof command, "rm %s/*.npy %s", folder, script);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "tensor");
    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_add_test(tcase, dtypes_have_sizes_and_numpys_names);
    tcase_add_test(tcase, a_new_tensor_is_zero_aligned_and_described);
    tcase_add_test(tcase, impossible_shapes_are_refused);
    tcase_add_test(tcase, empty_tensors_and_scalars_are_allowed);
    tcase_add_test(tcase, wrapped_memory_is_released_with_the_last_reference);
    tcase_add_test(tcase, reshape_follows_numpy);
    tcase_add_test(tcase, prints_like_numpy);
    tcase_add_test(tcase, large_tensors_are_summarised_and_long_rows_wrapped);
    tcase_add_test(tcase, the_decimal_point_does_not_depend_on_the_locale);
    tcase_add_test(tcase, printing_to_a_full_disk_is_an_error);
    tcase_add_test(tcase, npy_has_the_documented_layout);
    tcase_add_test(tcase, npy_failures_name_the_path_and_leave_nothing);
    tcase_add_test(tcase, a_partial_npy_is_removed);
    tcase_add_test(tcase, numpy_reads_and_prints_the_same);
}
