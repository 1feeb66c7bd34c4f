/*
 * Tests of the fields of struct lade_reader. A wrong field is an error with the field or the sample as its subject, and
 * the reader is closed exactly once.
 */
#define _GNU_SOURCE /* nftw */
#include "support/fork_child.h"
#include "support/reader_storage.h"

/* ---- Wrong fields ------------------------------------------------------------------------------------------------ */

static int no_label(void *ctx, int64_t i, struct lade_reader_label *label, struct lade_error *err) {
    (void)ctx, (void)label;
    return i == WRONG ? lade_error_set(err, LADE_EIO, "the table is gone") : LADE_OK;
}

static int some_classes(void *ctx, int64_t i, struct lade_reader_label *label, struct lade_error *err) {
    (void)ctx, (void)err;
    label->class_name = i == WRONG ? NULL : "all";
    return LADE_OK;
}

static int empty_class(void *ctx, int64_t i, struct lade_reader_label *label, struct lade_error *err) {
    (void)ctx, (void)err;
    label->class_name = i == WRONG ? "" : "all";
    return LADE_OK;
}

static int wrong_weight(void *ctx, int64_t i, struct lade_reader_label *label, struct lade_error *err) {
    ck_assert_float_eq(label->weight, 1);
    if (i == WRONG)
        label->weight = -1;
    return label_of(ctx, i, label, err) ? LADE_EIO : LADE_OK;
}

static int wrong_value(void *ctx, int64_t i, struct lade_reader_label *label, struct lade_error *err) {
    ck_assert_float_eq(label->values[1], 0);
    label->values[1] = i == WRONG ? 1 / (float)(i - WRONG) : 1;
    return label_of(ctx, i, label, err);
}

static const struct {
    struct lade_reader fields;
    int status;
    const char *subject;
} wrong_fields[] = {
    {{.samples = 0}, LADE_EINVAL, "samples"},
    {{.samples = INT64_MAX}, LADE_EINVAL, "samples"},
    {{.samples = SAMPLES, .columns = -1}, LADE_EINVAL, "columns"},
    {{.samples = SAMPLES, .weighted = true}, LADE_EINVAL, "label"},
    {{.samples = SAMPLES, .reserved = {[7] = 1}}, LADE_EINVAL, "reserved"},
    {{.samples = SAMPLES, .shape = {3, 3, 2}}, LADE_EINVAL, "storage"},
    {{.samples = SAMPLES, .shape = {3, 3, 3}, .dtype = LADE_INT32}, LADE_EINVAL, "storage"},
    {{.samples = SAMPLES, .shape = {4, 4, 3}, .dtype = LADE_UINT8}, LADE_EINVAL, "target_size"},
    {{.samples = SAMPLES, .label = no_label}, LADE_EIO, "disk/sample 5"},
    {{.samples = SAMPLES, .label = some_classes}, LADE_EINVAL, "disk/sample 5"},
    {{.samples = SAMPLES, .label = empty_class}, LADE_EINVAL, "disk/sample 5"},
    {{.samples = SAMPLES, .label = wrong_weight, .weighted = true}, LADE_EINVAL, "disk/sample 5"},
    {{.samples = SAMPLES, .label = wrong_value, .columns = 2}, LADE_EINVAL, "disk/sample 5"},
    {{.samples = SAMPLES}, LADE_EINVAL, "class_mode"}, /* no labels, but class_mode is categorical */
};

START_TEST(a_wrong_field_is_an_error_with_its_name) {
    struct storage s;
    struct lade_error err = {0};
    fill(&s);
    struct lade_reader r = wrong_fields[_i].fields, usual = reader_of(&s);
    r.source = usual.source;
    r.root = usual.root;
    r.read = usual.read;
    r.name = usual.name;
    r.close = usual.close;
    r.ctx = &s;
    ck_assert_ptr_null(lade_flow_from_reader(&r, &small, &err));
    check_error(&err, wrong_fields[_i].status, wrong_fields[_i].subject);
    ck_assert_int_eq(s.closed, 1);
    ck_assert_ptr_null(lade_flow_from_reader(&r, &small, NULL));
    ck_assert_int_eq(s.closed, 2);
}
END_TEST

START_TEST(functions_and_source_must_be_set) {
    struct storage s;
    struct lade_error err = {0};
    fill(&s);
    struct lade_reader r = reader_of(&s);
    r.read = NULL;
    ck_assert_ptr_null(lade_flow_from_reader(&r, &small, &err));
    check_error(&err, LADE_EINVAL, "read");
    r = reader_of(&s);
    r.source = NULL;
    ck_assert_ptr_null(lade_flow_from_reader(&r, &small, &err));
    check_error(&err, LADE_EINVAL, "source");
    struct lade_flow_options wrong = {.batch_size = -1};
    r = reader_of(&s);
    ck_assert_ptr_null(lade_flow_from_reader(&r, &wrong, &err));
    check_error(&err, LADE_EINVAL, "batch_size");
    ck_assert_int_eq(s.closed, 3);
}
END_TEST

/* ---- Open, names and hints --------------------------------------------------------------------------------------- */

START_TEST(open_can_fail_and_is_called_again) {
    struct storage s;
    struct lade_error err = {0};
    struct lade_batch *b;
    fill(&s);
    s.open_status = LADE_EBUSY;
    struct lade_reader r = reader_of(&s);
    lade_flow *flow = open_flow(&r, &small);
    ck_assert_int_eq(s.opened, 0);
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_EBUSY);
    check_error(&err, LADE_EBUSY, "storage");
    lade_batch_unref(tree_next(flow));
    lade_batch_unref(tree_next(flow));
    ck_assert_int_eq(s.opened, 2);
    lade_flow_free(flow);
    ck_assert_int_eq(s.closed, 1);
}
END_TEST

struct storage_and_flow {
    struct storage storage;
    lade_flow *flow;
};

static int read_in_child(void *ctx) {
    struct storage_and_flow *f = ctx;
    struct lade_error err = {0};
    for (int i = 0; i < 2; i++) {
        struct lade_batch *b;
        CHILD_ASSERT(lade_flow_next(f->flow, &b, &err) == LADE_OK);
        lade_batch_unref(b);
    }
    CHILD_ASSERT(f->storage.opened == 2);
    lade_flow_free(f->flow);
    CHILD_ASSERT(f->storage.closed == 1);
    return 0;
}

START_TEST(open_is_called_again_in_a_child_process) {
    NEED_THREADS_IN_CHILD();
    struct storage_and_flow f;
    fill(&f.storage);
    struct lade_reader r = reader_of(&f.storage);
    f.flow = open_flow(&r, &small);
    lade_batch_unref(tree_next(f.flow));
    ck_assert_int_eq(f.storage.opened, 1);
    in_child(read_in_child, &f);
    lade_batch_unref(tree_next(f.flow));
    ck_assert_int_eq(f.storage.opened, 1);
    lade_flow_free(f.flow);
}
END_TEST

START_TEST(a_reader_without_names_has_numbers) {
    struct storage s;
    char name[32];
    fill(&s);
    struct lade_reader r = reader_of(&s);
    r.name = NULL;
    lade_flow *flow = open_flow(&r, &small);
    ck_assert_int_eq(lade_flow_filename(flow, 11, name, sizeof name), 11);
    ck_assert_str_eq(name, "storage[11]");
    lade_flow_free(flow);
}
END_TEST

START_TEST(hints_are_given_for_later_samples) {
    struct lade_flow_options o = small;
    struct storage s;
    fill(&s);
    struct lade_reader r = reader_of(&s);
    r.ahead = hint;
    r.samples = 200;
    lade_flow *flow = open_flow(&r, &o);
    tree_digest(flow, lade_flow_steps(flow));
    int hints = __atomic_load_n(&s.hints, __ATOMIC_RELAXED);
    ck_assert_msg(hints > 80 && hints <= 200, "%d hints", hints); /* no hint is for a sample of the next epoch */
    lade_flow_free(flow);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "reader fields");
    tcase_add_loop_test(tcase, a_wrong_field_is_an_error_with_its_name, 0, sizeof wrong_fields / sizeof *wrong_fields);
    tcase_add_test(tcase, functions_and_source_must_be_set);
    tcase_add_test(tcase, open_can_fail_and_is_called_again);
    tcase_add_test(tcase, open_is_called_again_in_a_child_process);
    tcase_add_test(tcase, a_reader_without_names_has_numbers);
    tcase_add_test(tcase, hints_are_given_for_later_samples);
}
