/* Tests of invalid files. Each invalid file is reported with its cause. The option on_error decides whether the file is
   left out or ends the flow. Invalid files do not change the values of valid samples. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

#include <fcntl.h>
#include <sys/resource.h>

static void check_fails(const struct lade_flow_options *o, int code, const char *file, const char *words) {
    struct lade_error err = {0};
    struct lade_batch *b = NULL;
    lade_flow *flow = tree_flow(o);
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), code);
    if (strlen(tree_path(file)) < sizeof err.subject)
        check_error(&err, code, tree_path(file));
    ck_assert_msg(strstr(err.message, words), "\"%s\" is not in: %s", words, err.message);
    lade_flow_free(flow);
}

static size_t read_all(const char *relative, unsigned char *bytes, size_t size) {
    FILE *f = fopen(tree_path(relative), "rb");
    size_t n = fread(bytes, 1, size, f);
    fclose(f);
    return n;
}

START_TEST(each_kind_of_invalid_file_is_reported_with_its_cause) {
    static unsigned char bytes[65536];
    struct lade_flow_options o = {.target_size = {8, 8}, .order = LADE_ORDER_SORTED};
    tree_classes(1, (int[]){3});

    size_t n = read_all("c0/002.jpg", bytes, sizeof bytes);
    tree_bytes("c0/bad.jpg", bytes, n * 2 / 3);
    check_fails(&o, LADE_EFORMAT, "c0/bad.jpg", "trunc");
    ck_assert_int_eq(unlink(tree_path("c0/bad.jpg")), 0);

    tree_bytes("c0/text.png", "dear reader, I am no picture", 28);
    check_fails(&o, LADE_EUNSUPPORTED, "c0/text.png", "text");
    ck_assert_int_eq(unlink(tree_path("c0/text.png")), 0);

    tree_bytes("c0/void.png", "", 0);
    check_fails(&o, LADE_EFORMAT, "c0/void.png", "empty");
    ck_assert_int_eq(unlink(tree_path("c0/void.png")), 0);

    n = read_all("c0/000.png", bytes, sizeof bytes);
    memcpy(bytes + 16, "\x00\x01\x86\xa0\x00\x01\x86\xa0", 8); /* IHDR: 100,000 x 100,000; its CRC is also wrong */
    tree_bytes("c0/huge.png", bytes, n);
    check_fails(&o, LADE_ELIMIT, "c0/huge.png", "100000");
    ck_assert_int_eq(unlink(tree_path("c0/huge.png")), 0);

    o.limits.max_file_bytes = 100;
    check_fails(&o, LADE_ELIMIT, "c0/002.jpg", "100");
    o.limits = (struct lade_image_limits){.max_pixels = 30};
    check_fails(&o, LADE_ELIMIT, "c0/000.png", "30");
}
END_TEST

START_TEST(files_that_change_after_the_scan_are_invalid) {
    struct lade_flow_options o = {.target_size = {8, 8}, .order = LADE_ORDER_SORTED};
    struct lade_error err = {0};
    struct lade_batch *b = NULL;
    tree_classes(1, (int[]){4});
    lade_flow *flow = tree_flow(&o);
    ck_assert_int_eq(unlink(tree_path("c0/001.png")), 0);
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_ENOENT);
    check_error(&err, LADE_ENOENT, tree_path("c0/001.png"));

    ck_assert_int_eq(mkfifo(tree_path("c0/001.png"), 0600), 0); /* the flow must not wait for a writer of the FIFO */
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_EUNSUPPORTED);
    check_error(&err, LADE_EUNSUPPORTED, tree_path("c0/001.png"));
    ck_assert_ptr_nonnull(strstr(err.message, "FIFO"));

    ck_assert_int_eq(unlink(tree_path("c0/001.png")), 0);
    tree_image("c0/001.png", 1); /* the file is valid again; the position of the flow has not changed, so the next
                                    call reads this file again */
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_OK);
    ck_assert_int_eq(b->n, 4);
    ck_assert_int_eq(b->step, 0);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

START_TEST(an_unreadable_file_is_reported) {
    tree_classes(1, (int[]){2});
    ck_assert_int_eq(chmod(tree_path("c0/001.png"), 0), 0);
    tree_as_nobody();
    check_fails(&(struct lade_flow_options){.target_size = {8, 8}}, LADE_EACCES, "c0/001.png", "Permission denied");
    tree_as_before();
}
END_TEST

/* Makes 12 samples. Samples 3, 4 and 9 are invalid. */
static void make_samples(void) {
    tree_classes(1, (int[]){12});
    tree_bytes("c0/003.png", "x", 1);
    tree_bytes("c0/004.png", "x", 1);
    tree_bytes("c0/009.png", "x", 1);
}

START_TEST(skip_shortens_a_batch_and_moves_no_sample) {
    struct lade_flow_options o = {
        .target_size = {8, 8}, .batch_size = 4, .order = LADE_ORDER_SORTED, .on_error = LADE_ERROR_SKIP};
    tree_classes(1, (int[]){12});
    lade_flow *good = tree_flow(&o);
    struct lade_batch *before[3];
    for (int k = 0; k < 3; k++)
        before[k] = tree_next(good);
    tree_bytes("c0/003.png", "x", 1);
    tree_bytes("c0/004.png", "x", 1);
    tree_bytes("c0/009.png", "x", 1);

    for (int workers = 1; workers < 4; workers++) {
        o.workers = workers;
        lade_flow *flow = tree_flow(&o);
        const int64_t expected[3][4] = {{0, 1, 2, -1}, {5, 6, 7, -1}, {8, 10, 11, -1}};
        for (int k = 0; k < 6; k++) {
            struct lade_batch *b = tree_next(flow), *was = before[k % 3];
            ck_assert_int_eq(b->n, 3);
            ck_assert_int_eq(b->x->shape[0], 3);
            ck_assert_int_eq(b->y->shape[0], 3);
            ck_assert_int_eq(b->step, k % 3);
            for (int64_t i = 0, j = 0; i < 3; i++, j++) {
                ck_assert_int_eq(b->indices[i], expected[k % 3][i]);
                while (was->indices[j] != b->indices[i])
                    j++;
                ck_assert_mem_eq((float *)lade_tensor_data(b->x) + i * 192, (float *)lade_tensor_data(was->x) + j * 192,
                                 192 * sizeof(float));
            }
            lade_batch_unref(b);
        }
        ck_assert_int_eq(lade_flow_invalid_count(flow), 3); /* a file that occurs in two epochs counts once */
        const int64_t samples[3] = {3, 4, 9}, steps[3] = {0, 1, 2};
        for (int i = 0; i < 3; i++) {
            struct lade_invalid_file bad;
            ck_assert_int_eq(lade_flow_invalid_file(flow, i, &bad), LADE_OK);
            ck_assert(bad.sample == samples[i] && bad.epoch == 0 && bad.step == steps[i] && bad.code < 0);
            ck_assert_ptr_nonnull(strstr(bad.cause, tree_root));
            ck_assert_ptr_nonnull(strstr(bad.cause, i == 0   ? "c0/003.png: "
                                                    : i == 1 ? "c0/004.png: "
                                                             : "c0/009.png: "));
        }
        struct lade_invalid_file none;
        ck_assert_int_eq(lade_flow_invalid_file(flow, 3, &none), LADE_EINVAL);
        ck_assert_int_eq(lade_flow_invalid_file(flow, -1, &none), LADE_EINVAL);
        lade_flow_free(flow);
    }
    for (int k = 0; k < 3; k++)
        lade_batch_unref(before[k]);
    lade_flow_free(good);
}
END_TEST

START_TEST(a_batch_of_invalid_files_has_no_rows) {
    struct lade_flow_options o = {
        .target_size = {8, 8}, .batch_size = 2, .order = LADE_ORDER_SORTED, .on_error = LADE_ERROR_SKIP};
    struct lade_digest d = {0};
    tree_classes(1, (int[]){6});
    tree_bytes("c0/002.jpg", "x", 1);
    tree_bytes("c0/003.png", "x", 1);
    lade_flow *flow = tree_flow(&o);
    for (int k = 0; k < 3; k++) {
        struct lade_batch *b = tree_next(flow);
        ck_assert_int_eq(b->step, k);
        ck_assert_int_eq(b->n, k == 1 ? 0 : 2);
        ck_assert_int_eq(b->x->shape[0], b->n);
        ck_assert_int_eq(lade_digest_add(&d, b), LADE_OK);
        lade_batch_unref(b);
    }
    lade_flow_free(flow);
}
END_TEST

START_TEST(fail_reports_the_first_invalid_file_for_any_number_of_workers) {
    struct lade_flow_options o = {.target_size = {8, 8}, .batch_size = 12, .order = LADE_ORDER_SORTED};
    struct lade_error err = {0};
    struct lade_batch *b;
    make_samples();
    for (int workers = 1; workers < 6; workers++) {
        o.workers = workers;
        lade_flow *flow = tree_flow(&o);
        for (int again = 0; again < 2; again++) {
            ck_assert_int_lt(lade_flow_next(flow, &b, &err), 0);
            check_error(&err, err.code, "c0/003.png");
        }
        ck_assert_int_lt(lade_flow_batch(flow, 3, 0, &b, &err), 0);
        check_error(&err, err.code, "c0/003.png");
        lade_flow_free(flow);
    }
}
END_TEST

START_TEST(too_many_invalid_files_end_the_flow) {
    struct lade_flow_options o = {
        .target_size = {8, 8}, .batch_size = 4, .order = LADE_ORDER_SORTED, .on_error = LADE_ERROR_SKIP};
    struct lade_error err = {0};
    struct lade_batch *b;
    make_samples();
    o.max_bad = 2;
    lade_flow *flow = tree_flow(&o);
    lade_batch_unref(tree_next(flow));
    lade_batch_unref(tree_next(flow));
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_ELIMIT);
    check_error(&err, LADE_ELIMIT, "max_bad");
    ck_assert_ptr_nonnull(strstr(err.message, "c0/009.png"));
    lade_flow_free(flow);
    o.max_bad = 3;
    flow = tree_flow(&o);
    for (int k = 0; k < 9; k++) /* three epochs have the same three invalid files */
        lade_batch_unref(tree_next(flow));
    lade_flow_free(flow);
}
END_TEST

START_TEST(a_fraction_of_invalid_files_ends_the_flow) {
    struct lade_flow_options o = {
        .target_size = {8, 8}, .batch_size = 4, .order = LADE_ORDER_SORTED, .on_error = LADE_ERROR_SKIP};
    struct lade_error err = {0};
    struct lade_batch *b;
    make_samples();
    o.max_bad_rate = .2; /* 2.4 of the 12 files, so two invalid files are allowed */
    lade_flow *flow = tree_flow(&o);
    lade_batch_unref(tree_next(flow));
    lade_batch_unref(tree_next(flow));
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_ELIMIT);
    check_error(&err, LADE_ELIMIT, "max_bad_rate");
    lade_flow_free(flow);
    o.max_bad_rate = .25;
    flow = tree_flow(&o);
    for (int k = 0; k < 9; k++)
        lade_batch_unref(tree_next(flow));
    lade_flow_free(flow);
}
END_TEST

START_TEST(replace_uses_a_valid_sample_of_the_class) {
    struct lade_flow_options o = {.target_size = {8, 8}, .batch_size = 5, .seed = 4, .on_error = LADE_ERROR_REPLACE};
    struct lade_digest first = {0};
    const int64_t bad[] = {3, 4, 9};
    tree_classes(2, (int[]){6, 6});
    tree_bytes("c0/003.png", "x", 1);
    tree_bytes("c0/004.png", "x", 1);
    tree_bytes("c1/003.png", "x", 1); /* sample 9 */
    for (int workers = 1; workers < 4; workers++) {
        o.workers = workers;
        struct lade_flow_options p = o;
        lade_flow *flow = tree_flow(&o);
        p.on_error = LADE_ERROR_SKIP;
        lade_flow *skipping = tree_flow(&p);
        struct lade_digest d = {0};
        for (int k = 0; k < 6; k++) {
            struct lade_batch *b = tree_next(flow), *s = tree_next(skipping);
            ck_assert_int_eq(b->n, k % 3 < 2 ? 5 : 2);
            int64_t j = 0;
            for (int64_t i = 0; i < b->n; i++) {
                const float *x = (const float *)lade_tensor_data(b->x) + i * 192;
                for (int m = 0; m < 3; m++)
                    ck_assert_int_ne(b->indices[i], bad[m]);
                if (j < s->n && b->indices[i] == s->indices[j]) /* the valid samples are at the same positions */
                    ck_assert_mem_eq(x, (const float *)lade_tensor_data(s->x) + 192 * j++, 192 * sizeof *x);
                ck_assert_float_eq(((const float *)lade_tensor_data(b->y))[2 * i],
                                   lade_flow_class_of(flow, b->indices[i]) == 0);
            }
            ck_assert_int_eq(j, s->n);
            ck_assert_int_eq(lade_digest_add(&d, b), LADE_OK);
            lade_batch_unref(b);
            lade_batch_unref(s);
        }
        ck_assert_int_eq(lade_flow_invalid_count(flow), 3);
        struct lade_invalid_file one;
        ck_assert_int_eq(lade_flow_invalid_file(flow, 0, &one), LADE_OK);
        ck_assert(one.sample == 3 || one.sample == 4 || one.sample == 9);
        first = workers == 1 ? d : first;
        ck_assert(d.low == first.low && d.high == first.high);
        lade_flow_free(flow);
        lade_flow_free(skipping);
    }
}
END_TEST

START_TEST(replace_uses_another_class_or_leaves_the_file_out) {
    struct lade_flow_options o = {.target_size = {8, 8}, .batch_size = 4, .on_error = LADE_ERROR_REPLACE};
    tree_classes(2, (int[]){2, 2});
    tree_bytes("c0/000.png", "x", 1);
    tree_bytes("c0/001.png", "x", 1);
    lade_flow *flow = tree_flow(&o);
    struct lade_batch *b = tree_next(flow);
    ck_assert_int_eq(b->n, 4);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(lade_flow_class_of(flow, b->indices[i]), 1); /* the label is the label of the sample that
                                                                         replaces the invalid file */
    lade_batch_unref(b);
    lade_flow_free(flow);
    tree_bytes("c1/000.jpg", "x", 1);
    tree_bytes("c1/001.png", "x", 1);
    flow = tree_flow(&o);
    b = tree_next(flow);
    ck_assert_int_eq(b->n, 0);
    ck_assert_int_eq(b->step, 0);
    ck_assert_int_eq(lade_flow_invalid_count(flow), 4);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

/* The error "too many open files" (EMFILE) belongs to the process and not to a file. After this error, on_error skip
   must not skip valid files. */
START_TEST(too_many_open_files_is_no_invalid_file) {
    struct lade_flow_options o = {.target_size = {8, 8}, .on_error = LADE_ERROR_SKIP, .workers = 1};
    struct lade_error err = {0};
    struct lade_batch *b;
    int taken[64], n = 0;
    tree_classes(1, (int[]){4});
    lade_flow *flow = tree_flow(&o);
    ck_assert_int_eq(lade_flow_batch(flow, 5, 0, &b, &err), LADE_OK);
    lade_batch_unref(b);
    struct rlimit limit;
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = 64;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    while (n < 64 && (taken[n] = open("/dev/null", O_RDONLY)) >= 0)
        n++;
    ck_assert_int_lt(n, 64);
    ck_assert_int_eq(lade_flow_batch(flow, 5, 0, &b, &err), LADE_ELIMIT);
    ck_assert_int_eq(lade_flow_invalid_count(flow), 0);
    while (n)
        close(taken[--n]);
    ck_assert_int_eq(lade_flow_batch(flow, 5, 0, &b, &err), LADE_OK);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow invalid files");
    tcase_add_test(tcase, each_kind_of_invalid_file_is_reported_with_its_cause);
    tcase_add_test(tcase, files_that_change_after_the_scan_are_invalid);
    tcase_add_test(tcase, an_unreadable_file_is_reported);
    tcase_add_test(tcase, skip_shortens_a_batch_and_moves_no_sample);
    tcase_add_test(tcase, a_batch_of_invalid_files_has_no_rows);
    tcase_add_test(tcase, fail_reports_the_first_invalid_file_for_any_number_of_workers);
    tcase_add_test(tcase, too_many_invalid_files_end_the_flow);
    tcase_add_test(tcase, too_many_open_files_is_no_invalid_file);
    tcase_add_test(tcase, a_fraction_of_invalid_files_ends_the_flow);
    tcase_add_test(tcase, replace_uses_a_valid_sample_of_the_class);
    tcase_add_test(tcase, replace_uses_another_class_or_leaves_the_file_out);
}
