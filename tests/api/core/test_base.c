/* Tests of status codes, errors, the hook for unhandled errors, and memory. */
#include <lade/base.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/check_main.h"

START_TEST(the_version_equals_the_version_of_the_headers) {
    char expected[32];
    snprintf(expected, sizeof expected, "%d.%d.%d", LADE_VERSION_MAJOR, LADE_VERSION_MINOR, LADE_VERSION_PATCH);
    ck_assert_str_eq(lade_version(), expected);
}
END_TEST

START_TEST(every_status_has_its_own_name_and_text) {
#define STATUS_ROW(name, value, text) {name, value, #name, text},
    static const struct {
        int code, pinned;
        const char *name, *text;
    } rows[] = {LADE_STATUS_MAP(STATUS_ROW)};
    int count = (int)(sizeof rows / sizeof *rows);
    for (int i = 0; i < count; i++) {
        ck_assert_int_eq(rows[i].code, rows[i].pinned);
        ck_assert_str_eq(lade_status_name(rows[i].code), rows[i].name);
        ck_assert_str_eq(lade_status_text(rows[i].code), rows[i].text);
        for (int j = 0; j < i; j++)
            ck_assert_str_ne(rows[i].text, rows[j].text);
    }
    ck_assert_int_eq(LADE_OK, 0);
    ck_assert_int_eq(LADE_ENUMERIC, -13);
    ck_assert_str_eq(lade_status_name(-77), "LADE_UNKNOWN");
    ck_assert_str_eq(lade_status_text(1), "unknown status");
}
END_TEST

START_TEST(error_set_fills_and_returns_the_code) {
    struct lade_error err = {0};
    ck_assert_int_eq(lade_error_set(&err, LADE_EIO, "%s: %d", "a.jpg", 7), LADE_EIO);
    ck_assert_int_eq(err.code, LADE_EIO);
    ck_assert_str_eq(err.message, "a.jpg: 7");
    ck_assert_int_eq(lade_error_set(NULL, LADE_EFORMAT, "dropped"), LADE_EFORMAT);
}
END_TEST

START_TEST(an_error_has_a_subject_for_programs) {
    struct lade_error err = {0};
    ck_assert_int_eq(
        lade_error_set_subject(&err, LADE_EINVAL, "batch_size", "batch_size must be positive, it is %d", -1),
        LADE_EINVAL);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, "batch_size");
    ck_assert_str_eq(err.message, "batch_size must be positive, it is -1");
    lade_error_set(&err, LADE_EIO, "another error");
    ck_assert_str_eq(err.subject, "");
    ck_assert_int_eq(lade_error_set_subject(&err, LADE_EIO, NULL, "x"), LADE_EIO);
    ck_assert_str_eq(err.subject, "");
    ck_assert_int_eq(lade_error_set_subject(NULL, LADE_EIO, "x", "discarded"), LADE_EIO);
}
END_TEST

START_TEST(a_subject_may_be_taken_from_the_error_that_is_replaced) {
    struct lade_error err = {0};
    lade_error_set_subject(&err, LADE_EIO, "out.npy", "disk full");
    lade_error_set_subject(&err, err.code, err.subject, "%s: %s", err.subject, err.message);
    ck_assert_str_eq(err.subject, "out.npy");
    ck_assert_str_eq(err.message, "out.npy: disk full");
    lade_error_set_subject(&err, err.code, err.subject + 4, "the suffix");
    ck_assert_str_eq(err.subject, "npy");
}
END_TEST

START_TEST(a_long_subject_is_cut_at_a_character) {
    struct lade_error err = {0};
    char exact[sizeof err.subject], text[sizeof err.subject + 8];
    memset(exact, 'x', sizeof exact - 1);
    exact[sizeof exact - 1] = 0;
    lade_error_set_subject(&err, LADE_EIO, exact, "x");
    ck_assert_str_eq(err.subject, exact);

    /* The euro sign has three bytes; each shift moves the cut to another byte of the sign. */
    for (int shift = 0; shift < 3; shift++) {
        memset(text, 'x', (size_t)shift);
        for (size_t i = (size_t)shift; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "\xe2\x82\xac", 4);
        lade_error_set_subject(&err, LADE_EIO, text, "x");
        size_t kept = strlen(err.subject);
        ck_assert_uint_eq((kept - (size_t)shift) % 3, 0);
        ck_assert_uint_ge(kept, sizeof err.subject - 1 - 2);
        ck_assert_int_eq(memcmp(err.subject, text, kept), 0);
    }
}
END_TEST

START_TEST(error_set_may_quote_the_message_it_replaces) {
    struct lade_error err = {0};
    lade_error_set(&err, LADE_EIO, "disk full");
    lade_error_set(&err, err.code, "out.npy: %s", err.message);
    ck_assert_str_eq(err.message, "out.npy: disk full");
}
END_TEST

START_TEST(error_set_cuts_at_a_character) {
    struct lade_error err = {0};
    char exact[sizeof err.message], text[sizeof err.message + 8];
    memset(exact, 'x', sizeof exact - 1);
    exact[sizeof exact - 1] = 0;
    lade_error_set(&err, LADE_EIO, "%s", exact);
    ck_assert_str_eq(err.message, exact);

    /* The euro sign has three bytes; each shift moves the cut to another byte of the sign. */
    for (int shift = 0; shift < 3; shift++) {
        memset(text, 'x', (size_t)shift);
        for (size_t i = (size_t)shift; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "\xe2\x82\xac", 4);
        lade_error_set(&err, LADE_EIO, "%s", text);
        size_t kept = strlen(err.message) - 3;
        ck_assert_str_eq(err.message + kept, "...");
        ck_assert_uint_eq((kept - (size_t)shift) % 3, 0);
        ck_assert_uint_ge(kept, sizeof err.message - 4 - 2);
        ck_assert_int_eq(memcmp(err.message, text, kept), 0);
    }
}
END_TEST

START_TEST(errno_becomes_a_status_and_a_message) {
    static const struct {
        int errno_value, code;
    } rows[] = {{ENOMEM, LADE_ENOMEM}, {ENOENT, LADE_ENOENT}, {ENOTDIR, LADE_ENOENT}, {EACCES, LADE_EACCES},
                {EPERM, LADE_EACCES},  {EMFILE, LADE_ELIMIT}, {EBUSY, LADE_EBUSY},    {ENOSYS, LADE_EUNSUPPORTED},
                {ENOSPC, LADE_EIO},    {99999, LADE_EIO}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lade_error err = {0};
        ck_assert_int_eq(lade_error_from_errno(&err, rows[i].errno_value, "x", "cannot open %s", "x"), rows[i].code);
        ck_assert_int_eq(err.code, rows[i].code);
        char expected[256];
        snprintf(expected, sizeof expected, "cannot open x: %s", strerror(rows[i].errno_value));
        ck_assert_str_eq(err.message, expected);
        ck_assert_str_eq(err.subject, "x");
    }
    ck_assert_int_eq(lade_error_from_errno(NULL, ENOENT, NULL, "x"), LADE_ENOENT);
}
END_TEST

static int sum_of_weights;

static void add_weight(const struct lade_error *err, void *ctx) {
    sum_of_weights += *(int *)ctx;
    ck_assert_str_eq(err->message, "lost");
}

START_TEST(the_hook_is_called_with_unhandled_errors) {
    struct lade_error err = {LADE_EIO, "lost"};
    int weight = 5;
    lade_unhandled_hook *standard = lade_set_unhandled_hook(add_weight, &weight);
    lade_unhandled(&err);
    ck_assert_int_eq(sum_of_weights, 5);
    ck_assert(lade_set_unhandled_hook(NULL, NULL) == add_weight);
    ck_assert(lade_set_unhandled_hook(NULL, NULL) == standard);
}
END_TEST

START_TEST(the_default_hook_prints_one_line) {
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    int kept = dup(2);
    dup2(ends[1], 2);
    lade_unhandled(&(struct lade_error){LADE_EIO, "lost"});
    dup2(kept, 2);
    close(kept);
    close(ends[1]);
    char line[256] = "";
    ck_assert_int_gt(read(ends[0], line, sizeof line - 1), 0);
    close(ends[0]);
    ck_assert_str_eq(line, "lade: unhandled error: lost\n");
}
END_TEST

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

START_TEST(sizes_of_zero_and_overflow) {
    void *p = lade_alloc(0);
    ck_assert_ptr_nonnull(p);
    void *q = lade_realloc(p, 0, 8);
    ck_assert_ptr_nonnull(q);
    ck_assert_ptr_null(lade_realloc(q, SIZE_MAX / 2, 3));
    ck_assert_ptr_null(lade_calloc(SIZE_MAX / 2, 3));
    ck_assert_ptr_null(lade_alloc_aligned(SIZE_MAX - 8));
    lade_free(q);
    lade_free(NULL);
    lade_free_aligned(NULL);
}
END_TEST

START_TEST(aligned_memory_is_aligned) {
    for (size_t size = 0; size < 300; size += 7) {
        unsigned char *p = lade_alloc_aligned(size);
        ck_assert_ptr_nonnull(p);
        ck_assert_uint_eq((uintptr_t)p % 64, 0);
        memset(p, 0xa5, size);
        lade_free_aligned(p);
    }
}
END_TEST

struct counted {
    int live, calls, fail_at;
};

static void *counted_resize(void *ctx, void *p, size_t size) {
    struct counted *c = ctx;
    ck_assert_uint_gt(size, 0);
    if (++c->calls == c->fail_at)
        return NULL;
    c->live += !p;
    return realloc(p, size);
}

static void counted_release(void *ctx, void *p) {
    ((struct counted *)ctx)->live--;
    free(p);
}

START_TEST(all_memory_comes_from_the_allocator) {
    struct counted c = {0};
    lade_set_allocator(&(struct lade_allocator){counted_resize, counted_release, &c});
    char *a = lade_alloc(10), *b = lade_calloc(3, 5), *d = lade_strdup("words"), *e = lade_alloc_aligned(100);
    for (int i = 0; i < 15; i++)
        ck_assert_int_eq(b[i], 0);
    a[9] = 'k';
    a = lade_realloc(a, 100, 10);
    ck_assert_str_eq(d, "words");
    ck_assert_int_eq(c.live, 4);
    ck_assert_int_eq(c.calls, 5);
    c.fail_at = 6;
    ck_assert_ptr_null(lade_realloc(a, 1000, 10));
    ck_assert_int_eq(a[9], 'k'); /* the failed call has not changed the block */
    c.fail_at = 7;
    ck_assert_ptr_null(lade_calloc(1, 1));
    c.fail_at = 8;
    ck_assert_ptr_null(lade_strdup("x"));
    c.fail_at = 9;
    ck_assert_ptr_null(lade_alloc_aligned(1));
    lade_free(a);
    lade_freep(&b);
    ck_assert_ptr_null(b);
    lade_freep(&b);
    lade_free(d);
    lade_free_aligned(e);
    ck_assert_int_eq(c.live, 0);
    lade_set_allocator(NULL);
    lade_free(lade_alloc(1));
    ck_assert_int_eq(c.calls, 9);
}
END_TEST

START_TEST(cleanup_runs_on_every_exit_from_the_scope) {
    struct counted c = {0};
    lade_set_allocator(&(struct lade_allocator){counted_resize, counted_release, &c});
    for (int i = 0; i < 3; i++) {
        lade_cleanup(lade_freep) char *p = lade_strdup("x");
        lade_cleanup(lade_fclose) FILE *none = NULL;
        ck_assert_ptr_null(none);
        if (i == 0)
            continue;
        if (p[0] == 'x' && i == 1)
            break;
    }
    ck_assert_int_eq(c.calls, 2);
    ck_assert_int_eq(c.live, 0);
    FILE *f = tmpfile();
    ck_assert_ptr_nonnull(f);
    lade_fclose(&f);
    ck_assert_ptr_null(f);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "base");
    tcase_add_test(tcase, the_version_equals_the_version_of_the_headers);
    tcase_add_test(tcase, every_status_has_its_own_name_and_text);
    tcase_add_test(tcase, error_set_fills_and_returns_the_code);
    tcase_add_test(tcase, an_error_has_a_subject_for_programs);
    tcase_add_test(tcase, a_subject_may_be_taken_from_the_error_that_is_replaced);
    tcase_add_test(tcase, a_long_subject_is_cut_at_a_character);
    tcase_add_test(tcase, error_set_may_quote_the_message_it_replaces);
    tcase_add_test(tcase, error_set_cuts_at_a_character);
    tcase_add_test(tcase, errno_becomes_a_status_and_a_message);
    tcase_add_test(tcase, the_hook_is_called_with_unhandled_errors);
    tcase_add_test(tcase, the_default_hook_prints_one_line);
    tcase_add_test(tcase, sizes_of_zero_and_overflow);
    tcase_add_test(tcase, aligned_memory_is_aligned);
    tcase_add_test(tcase, all_memory_comes_from_the_allocator);
    tcase_add_test(tcase, cleanup_runs_on_every_exit_from_the_scope);
}
