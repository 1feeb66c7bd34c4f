/*
 * Tests of readers that fail or return wrong results. Each error must have a status and the name of the sample as its
 * subject.
 */
#define _GNU_SOURCE /* nftw */
#include "support/reader_storage.h"

/* ---- Wrong results ----------------------------------------------------------------------------------------------- */

static int64_t fails(lade_reader_buffer *b, struct lade_error *err) {
    (void)b;
    return lade_error_set(err, LADE_EACCES, "this sample is secret");
}

static int64_t fails_without_a_message(lade_reader_buffer *b, struct lade_error *err) {
    (void)b, (void)err;
    return LADE_ENOENT;
}

static int64_t returns_no_status(lade_reader_buffer *b, struct lade_error *err) {
    (void)b, (void)err;
    return -5000;
}

static int64_t returns_a_large_negative_number(lade_reader_buffer *b, struct lade_error *err) {
    (void)b, (void)err;
    return INT64_MIN + 1;
}

static int64_t returns_exit(lade_reader_buffer *b, struct lade_error *err) {
    (void)b, (void)err;
    return LADE_EXIT;
}

static int64_t reserves_a_negative_size(lade_reader_buffer *b, struct lade_error *err) {
    return lade_reader_reserve(b, -1, err) ? 0 : err->code;
}

static int64_t lends_a_negative_size(lade_reader_buffer *b, struct lade_error *err) {
    return lade_reader_lend(b, "", -1, err);
}

static int64_t reads_less(lade_reader_buffer *b, struct lade_error *err) {
    char *bytes = lade_reader_reserve(b, 100, err);
    memset(bytes, 0, 100);
    return 60;
}

static int64_t reads_more(lade_reader_buffer *b, struct lade_error *err) {
    char *bytes = lade_reader_reserve(b, 100, err);
    memset(bytes, 0, 100);
    return 101;
}

static int64_t reserves_nothing(lade_reader_buffer *b, struct lade_error *err) {
    (void)b, (void)err;
    return 50;
}

static int64_t is_too_large(lade_reader_buffer *b, struct lade_error *err) {
    return lade_reader_reserve(b, 5001, err) ? 5001 : err->code;
}

static int64_t lends_too_much(lade_reader_buffer *b, struct lade_error *err) {
    (void)err;
    return lade_reader_lend(b, "", 5001, NULL);
}

static int64_t is_empty(lade_reader_buffer *b, struct lade_error *err) {
    return lade_reader_reserve(b, 0, err) ? 0 : err->code;
}

static int64_t is_no_image(lade_reader_buffer *b, struct lade_error *err) {
    return lade_reader_lend(b, "not a picture", 13, err) == LADE_OK ? 13 : err->code;
}

static int64_t has_no_memory(lade_reader_buffer *b, struct lade_error *err) {
    (void)b;
    return lade_error_set(err, LADE_ENOMEM, "no memory");
}

static int64_t loses_the_connection(lade_reader_buffer *b, struct lade_error *err) {
    lade_reader_end_flow(b);
    return lade_error_set(err, LADE_EIO, "the connection is lost");
}

static const struct {
    int64_t (*wrong)(lade_reader_buffer *buffer, struct lade_error *err);
    int status;
    bool ends_the_flow;
    const char *word; /* a part of the message */
} results[] = {
    {fails, LADE_EACCES, false, "secret"},
    {fails_without_a_message, LADE_ENOENT, false, ""},
    {returns_no_status, LADE_ERUNTIME, false, "-5000"},
    {returns_a_large_negative_number, LADE_ERUNTIME, false, "-9223372036854775807"},
    {returns_exit, LADE_ERUNTIME, false, "-100"},
    {reserves_a_negative_size, LADE_EINVAL, false, "-1"},
    {lends_a_negative_size, LADE_EINVAL, false, "-1"},
    {reads_less, LADE_EIO, false, "60"},
    {reads_more, LADE_EIO, false, "101"},
    {reserves_nothing, LADE_EIO, false, "50"},
    {is_too_large, LADE_ELIMIT, false, "5001"},
    {lends_too_much, LADE_ELIMIT, false, ""},
    {is_empty, LADE_EFORMAT, false, ""},
    {is_no_image, LADE_EUNSUPPORTED, false, ""},
    {has_no_memory, LADE_ENOMEM, true, ""},
    {loses_the_connection, LADE_EIO, true, "connection"},
};

/* Opens a flow whose reader returns results[@number] for sample WRONG, and reads the first batch. Sample WRONG is in
 * the second batch. */
static lade_flow *open_wrong(struct storage *s, int number, enum lade_error_policy on_error) {
    struct lade_flow_options o = small;
    fill(s);
    s->wrong = results[number].wrong;
    o.limits.max_file_bytes = 5000;
    o.on_error = on_error;
    struct lade_reader r = reader_of(s);
    lade_flow *flow = open_flow(&r, &o);
    lade_batch_unref(tree_next(flow));
    return flow;
}

START_TEST(a_wrong_result_is_an_error_with_the_name_of_the_sample) {
    struct storage s;
    struct lade_error err = {0};
    struct lade_batch *b = NULL;
    lade_flow *flow = open_wrong(&s, _i, LADE_ERROR_FAIL);
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), results[_i].status);
    check_error(&err, results[_i].status, "disk/sample 5");
    ck_assert_msg(strstr(err.message, results[_i].word) != NULL, "%s", err.message);
    lade_flow_free(flow);
    ck_assert_int_eq(s.closed, 1);
}
END_TEST

START_TEST(skip_leaves_out_a_sample_but_not_a_broken_storage) {
    struct storage s;
    struct lade_error err = {0};
    struct lade_batch *b = NULL;
    lade_flow *flow = open_wrong(&s, _i, LADE_ERROR_SKIP);
    int status = lade_flow_next(flow, &b, &err);
    ck_assert_int_eq(status, results[_i].ends_the_flow ? results[_i].status : LADE_OK);
    if (status == LADE_OK) {
        ck_assert_int_eq(b->n, 3);
        ck_assert_int_eq(b->indices[1], WRONG + 1);
        lade_batch_unref(b);
    }
    ck_assert_int_eq(lade_flow_invalid_count(flow), status == LADE_OK);
    lade_flow_free(flow);
}
END_TEST

/* Fails for sample WRONG. */
static int rejects(void *ctx, const struct lade_flow_sample *sample, struct lade_error *err) {
    (void)ctx;
    return sample->index == WRONG ? lade_error_set(err, LADE_EINVAL, "rejected") : LADE_OK;
}

/* A crop that is not inside its image ends the flow with LADE_EINVAL. If the reader or the
   preprocessing_function returns LADE_EINVAL, the flow skips only this sample. */
START_TEST(skip_leaves_out_a_sample_of_a_plan_with_crops) {
    struct lade_flow_options o = small;
    struct storage s;
    struct lade_error err = {0};
    struct lade_box crops[3] = {{0, 0, 2, 2}, {0, 0, 2, 2}, {0, 0, 2, 2}};
    struct lade_plan plan = {.n = 3, .samples = (int64_t[]){1, WRONG, 2}, .crops = crops};
    fill(&s);
    o.crop = LADE_CROP_RANDOM;
    o.on_error = LADE_ERROR_SKIP;
    if (_i)
        o.preprocessing_function.call = rejects;
    else
        s.wrong = lends_a_negative_size;
    struct lade_reader r = reader_of(&s);
    lade_flow *flow = open_flow(&r, &o);
    ck_assert_int_eq(lade_flow_submit(flow, &plan, &err), LADE_OK);
    struct lade_batch *b = tree_next(flow);
    ck_assert_int_eq(b->n, 2);
    ck_assert_int_eq(lade_flow_invalid_count(flow), 1);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

START_TEST(pixels_must_have_the_size_of_their_shape) {
    struct lade_flow_options o = {.workers = 1, .batch_size = 4, .order = LADE_ORDER_SORTED};
    struct storage s;
    struct lade_error err = {0};
    struct lade_batch *b = NULL;
    fill(&s);
    s.size = 27;
    s.wrong = is_no_image;
    struct lade_reader r = reader_of(&s);
    r.dtype = LADE_UINT8;
    r.shape[0] = r.shape[1] = r.shape[2] = 3;
    lade_flow *flow = open_flow(&r, &o);
    lade_batch_unref(tree_next(flow));
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_EFORMAT);
    check_error(&err, LADE_EFORMAT, "disk/sample 5");
    lade_flow_free(flow);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "reader errors");
    int count = sizeof results / sizeof *results;
    tcase_add_loop_test(tcase, a_wrong_result_is_an_error_with_the_name_of_the_sample, 0, count);
    tcase_add_loop_test(tcase, skip_leaves_out_a_sample_but_not_a_broken_storage, 0, count);
    tcase_add_loop_test(tcase, skip_leaves_out_a_sample_of_a_plan_with_crops, 0, 2);
    tcase_add_test(tcase, pixels_must_have_the_size_of_their_shape);
}
