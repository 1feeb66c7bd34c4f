/* Tests of .npy files: writing and reading, the variants that NumPy writes, and errors for damaged or unsupported
   files. */
#include <lade/tensor.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/check_main.h"

static char path[64];

static void begin(void) {
    strcpy(path, "/tmp/lade-npy-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void end(void) {
    unlink(path);
}

/* Writes a file with this version and header, and with @elements bytes of value 1. */
static void write_file(int version, const char *dict, size_t elements) {
    size_t n = strlen(dict);
    FILE *f = fopen(path, "wb");
    fwrite("\x93NUMPY", 1, 6, f);
    putc(version, f);
    putc(0, f);
    for (int i = 0; i < (version == 1 ? 2 : 4); i++)
        putc((int)(n >> 8 * i & 0xff), f);
    fwrite(dict, 1, n, f);
    while (elements--)
        putc(1, f);
    ck_assert_int_eq(fclose(f), 0);
}

START_TEST(every_dtype_is_written_and_read) {
    const int64_t shapes[4][3] = {{2, 3, 4}, {5}, {0}, {0, 7}};
    const int ndims[4] = {3, 1, 0, 2};
    for (int d = 0; d < LADE_DTYPE_COUNT; d++)
        for (int k = 0; k < 4; k++) {
            struct lade_error err = {0};
            struct lade_tensor *t = lade_tensor_new((enum lade_dtype)d, ndims[k], shapes[k]);
            memset(lade_tensor_data(t), 0x41 + d, lade_tensor_bytes(t));
            ck_assert_int_eq(lade_tensor_write_npy(t, path, &err), LADE_OK);
            struct lade_tensor *u = lade_tensor_map_npy(path, &err);
            ck_assert_msg(u != NULL, "%s", err.message);
            ck_assert(u->dtype == t->dtype && u->dl.ndim == ndims[k]);
            ck_assert_mem_eq(u->shape, t->shape, sizeof u->shape);
            if (lade_tensor_bytes(t))
                ck_assert_mem_eq(lade_tensor_data(u), lade_tensor_data(t), lade_tensor_bytes(t));
            ck_assert_uint_eq((uintptr_t)lade_tensor_data(u) % 64, 0);
            lade_tensor_unref(u);
            lade_tensor_unref(t);
        }
}
END_TEST

/* The spaces align the elements, because write_file() does not pad the header. */
#define PAD "                                \n"

START_TEST(headers_of_all_versions_and_orders_of_keys_are_read) {
    static const char *const dicts[] = {
        ("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }" PAD),
        "{\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"|u1\"}",
        "{'descr': '<u1', 'fortran_order': False, 'shape': ( 2 , 3 ,)}\n",
        "  {'descr': '=u1', 'fortran_order': False, 'shape': (2, 3)}  \n",
    };
    for (int version = 1; version < 4; version++)
        for (size_t i = 0; i < sizeof dicts / sizeof *dicts; i++) {
            struct lade_error err = {0};
            write_file(version, dicts[i], 6);
            struct lade_tensor *t = lade_tensor_map_npy(path, &err);
            ck_assert_msg(t != NULL, "%s", err.message);
            ck_assert(t->dl.ndim == 2 && t->shape[0] == 2 && t->shape[1] == 3 && t->dtype == LADE_UINT8);
            lade_tensor_unref(t);
        }
    /* fortran_order has no effect on an array with one dimension. */
    write_file(1, "{'descr': '|i1', 'fortran_order': True, 'shape': (6,), }", 6);
    struct lade_tensor *t = lade_tensor_map_npy(path, NULL);
    ck_assert_ptr_nonnull(t);
    lade_tensor_unref(t);
}
END_TEST

START_TEST(damaged_or_unsupported_files_give_an_error) {
    const struct {
        const char *dict;
        size_t elements;
        int code;
        const char *value; /* part of the message */
    } rows[] = {
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }", 5, LADE_EFORMAT, "5 bytes"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }", 7, LADE_EFORMAT, "6"},
        {"{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", 6, LADE_EUNSUPPORTED, ""},
        {"{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", 4, LADE_EUNSUPPORTED, ""},
        {"{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", 8, LADE_EUNSUPPORTED, "\"<c8\""},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", 4, LADE_EFORMAT, ""},
        {"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", 4, LADE_EUNSUPPORTED, "\"|O\""},
        {"{'descr': '', 'fortran_order': False, 'shape': (1,), }", 4, LADE_EUNSUPPORTED, "\"\""},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952, 2), }", 8, LADE_EFORMAT, ""},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 4, LADE_EFORMAT, ""},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 4, LADE_EFORMAT, ""},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (,), }", 4, LADE_EFORMAT, ""},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1 1), }", 4, LADE_EFORMAT, ""},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }", 1, LADE_EUNSUPPORTED, "8"},
        {"{'descr': '<f4', 'fortran_order': False}", 4, LADE_EFORMAT, ""},
        {"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", 4, LADE_EFORMAT, ""},
        {"{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", 4, LADE_EFORMAT, ""},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", 4, LADE_EFORMAT, ""},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} + {}", 4, LADE_EFORMAT, ""},
        {"['descr']", 4, LADE_EFORMAT, ""},
        {"", 4, LADE_EFORMAT, ""},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", 8, LADE_EFORMAT, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lade_error err = {0};
        write_file(1, rows[i].dict, rows[i].elements);
        ck_assert_msg(!lade_tensor_map_npy(path, &err), "%s is accepted", rows[i].dict);
        ck_assert_msg(err.code == rows[i].code && strstr(err.message, rows[i].value) && !strcmp(err.subject, path),
                      "%s: %d %s (%s)", rows[i].dict, err.code, err.message, err.subject);
    }
}
END_TEST

START_TEST(a_file_grows_row_by_row) {
    struct lade_error err = {0};
    lade_npy_writer *w = lade_npy_create(path, LADE_INT32, 2, (int64_t[]){0, 3}, &err);
    ck_assert_msg(w != NULL, "%s", err.message);
    for (int k = 0; k < 5; k++) {
        struct lade_tensor *t = lade_tensor_new(LADE_INT32, 2, (int64_t[]){k, 3});
        for (int i = 0; i < 3 * k; i++)
            ((int32_t *)lade_tensor_data(t))[i] = 100 * k + i;
        ck_assert_int_eq(lade_npy_append(w, t, &err), LADE_OK);
        lade_tensor_unref(t);
    }
    struct lade_tensor *other = lade_tensor_new(LADE_INT32, 2, (int64_t[]){3, 2});
    ck_assert_int_eq(lade_npy_append(w, other, &err), LADE_EINVAL);
    lade_tensor_unref(other);
    ck_assert_int_eq(lade_npy_finish(w, &err), LADE_OK);
    struct lade_tensor *t = lade_tensor_map_npy(path, &err);
    ck_assert_msg(t != NULL, "%s", err.message);
    ck_assert(t->shape[0] == 10 && t->shape[1] == 3);
    ck_assert_int_eq(((int32_t *)lade_tensor_data(t))[29], 411);
    lade_tensor_unref(t);
    w = lade_npy_create(path, LADE_UINT8, 1, (int64_t[]){7}, &err);
    ck_assert_int_eq(lade_npy_finish(w, &err), LADE_OK);
    t = lade_tensor_map_npy(path, &err);
    ck_assert(t && t->dl.ndim == 1 && t->shape[0] == 0);
    lade_tensor_unref(t);
    ck_assert_int_eq(unlink(path), 0);
    lade_npy_abort(lade_npy_create(path, LADE_UINT8, 1, (int64_t[]){7}, &err));
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert_ptr_null(lade_npy_create(path, LADE_UINT8, 0, NULL, &err));
    ck_assert_ptr_null(lade_npy_create("/no/such/x.npy", LADE_UINT8, 1, (int64_t[]){7}, &err));
    ck_assert_int_eq(err.code, LADE_ENOENT);
    ck_assert_str_eq(err.subject, "/no/such/x.npy");
    w = lade_npy_create("/dev/full", LADE_UINT8, 1, (int64_t[]){0}, &err);
    ck_assert_int_lt(w ? lade_npy_finish(w, &err) : err.code, 0);
}
END_TEST

static int64_t rows_of_the_file(void) {
    struct lade_error err = {0};
    struct lade_tensor *t = lade_tensor_map_npy(path, &err);
    ck_assert_msg(t != NULL, "%s", err.message);
    int64_t rows = t->shape[0];
    lade_tensor_unref(t);
    return rows;
}

START_TEST(an_earlier_file_is_kept_until_the_new_file_is_complete) {
    struct lade_error err = {0};
    struct lade_tensor *t = lade_tensor_new(LADE_UINT8, 1, (int64_t[]){3});
    ck_assert_int_eq(lade_tensor_write_npy(t, path, &err), LADE_OK);
    lade_npy_writer *w = lade_npy_create(path, LADE_UINT8, 1, (int64_t[]){0}, &err);
    ck_assert_msg(w != NULL, "%s", err.message);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(lade_npy_append(w, t, &err), LADE_OK);
    ck_assert_int_eq(rows_of_the_file(), 3);
    ck_assert_ptr_null(lade_npy_create(path, LADE_UINT8, 1, (int64_t[]){0}, &err)); /* the first writer has the lock */
    ck_assert_int_eq(err.code, LADE_EBUSY);
    ck_assert_str_eq(err.subject, path);
    lade_npy_abort(w);
    ck_assert_int_eq(rows_of_the_file(), 3);
    w = lade_npy_create(path, LADE_UINT8, 1, (int64_t[]){0}, &err);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(lade_npy_append(w, t, &err), LADE_OK);
    ck_assert_int_eq(lade_npy_finish(w, &err), LADE_OK);
    ck_assert_int_eq(rows_of_the_file(), 6);
    lade_tensor_unref(t);
}
END_TEST

START_TEST(other_files_are_refused) {
    struct lade_error err = {0};
    write_file(4, "{}", 0);
    ck_assert_ptr_null(lade_tensor_map_npy(path, &err));
    ck_assert(err.code == LADE_EUNSUPPORTED && strstr(err.message, "4.0"));
    ck_assert_str_eq(err.subject, path);
    ck_assert_int_eq(truncate(path, 9), 0);
    ck_assert_ptr_null(lade_tensor_map_npy(path, &err));
    ck_assert_int_eq(err.code, LADE_EFORMAT);
    ck_assert_int_eq(truncate(path, 0), 0);
    ck_assert_ptr_null(lade_tensor_map_npy(path, &err));
    ck_assert_int_eq(err.code, LADE_EFORMAT);
    ck_assert_ptr_null(lade_tensor_map_npy("/tmp", &err));
    ck_assert_int_eq(err.code, LADE_EUNSUPPORTED);
    ck_assert_ptr_null(lade_tensor_map_npy("/no/such/file.npy", &err));
    ck_assert_int_eq(err.code, LADE_ENOENT);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *cases = check_case(suite, "npy");
    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, every_dtype_is_written_and_read);
    tcase_add_test(cases, headers_of_all_versions_and_orders_of_keys_are_read);
    tcase_add_test(cases, damaged_or_unsupported_files_give_an_error);
    tcase_add_test(cases, a_file_grows_row_by_row);
    tcase_add_test(cases, an_earlier_file_is_kept_until_the_new_file_is_complete);
    tcase_add_test(cases, other_files_are_refused);
}
