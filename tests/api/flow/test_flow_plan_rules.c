/*
 * Tests of the rules of plans: wrong fields, the largest number of waiting plans, invalid files, and the relation to
 * epochs, saved states, cancellation and fork().
 */
#define _GNU_SOURCE /* nftw */
#include <math.h>

#include "support/flow_tree.h"
#include "support/fork_child.h"

static const struct lade_flow_options small = {
    .target_size = {4, 4}, .batch_size = 4, .workers = 2, .order = LADE_ORDER_SORTED};

/* Makes a flow of 10 samples in two classes. */
static lade_flow *make_flow(const struct lade_flow_options *o) {
    tree_classes(2, (int[]){6, 4});
    return tree_flow(o);
}

/* Submits a plan of one sample whose batch has the number @step. */
static int submit(lade_flow *flow, int64_t sample, int64_t step, struct lade_error *err) {
    return lade_flow_submit(flow, &(struct lade_plan){.n = 1, .samples = &sample, .epoch = 77, .step = step}, err);
}

/* Checks that the next batch is the batch of a plan that submit() submitted. */
static void expect_plan(lade_flow *flow, int64_t sample, int64_t step) {
    struct lade_batch *b = tree_next(flow);
    ck_assert(b->n == 1 && b->epoch == 77);
    ck_assert_int_eq(b->indices[0], sample);
    ck_assert_int_eq(b->step, step);
    lade_batch_unref(b);
}

/* Checks that the next batch is batch @step of @epoch of the flow. */
static void expect_epoch(lade_flow *flow, int64_t epoch, int64_t step) {
    struct lade_batch *b = tree_next(flow);
    ck_assert_int_eq(b->epoch, epoch);
    ck_assert_int_eq(b->step, step);
    ck_assert_int_eq(b->indices[0], step * 4);
    lade_batch_unref(b);
}

/* ---- Wrong fields ------------------------------------------------------------------------------------------------ */

static const int64_t good[4] = {0, 9, 3, 3}, negative[4] = {0, 1, -1, 2}, large[4] = {0, 1, 2, 10};
static const struct lade_box boxes[4] = {{0, 0, 3, 3}, {0, 0, 3, 3}, {0, 0, 3, 3}, {0, 0, 3, 3}};
static const struct lade_box empty_box[4] = {{0, 0, 3, 3}, {0, 0, 0, 3}, {0, 0, 3, 3}, {0, 0, 3, 3}};
static const struct lade_transform not_a_number[4] = {{0}, {.zy = (double)NAN}};
static const struct lade_transform wrong_width[4] = {{0}, {.zx = (double)NAN}};
static const struct lade_transform wrong_brightness[4] = {{0}, {.brightness = -(double)INFINITY}};
static const struct lade_transform infinite[4] = {{0}, {.channel_shift_intensity = {0, (double)INFINITY}}};
static const struct lade_transform wrong_mode[4] = {{0}, {.fill_mode = LADE_FILL_MODE_COUNT}};
static const struct lade_transform wrong_quirks[4] = {{0}, {.quirks = (enum lade_quirks) - 1}};
static const struct lade_transform wrong_cval[4] = {{0}, {.cval = NAN}};
static const struct lade_transform far_away[4] = {{0}, {.tx = 1e12}};

static const struct {
    struct lade_plan plan;
    const char *subject;
} wrong_plans[] = {
    {{.n = -1, .samples = good}, "n"},
    {{.n = 5, .samples = good}, "n"},
    {{.n = 4}, "samples"},
    {{.n = 4, .samples = negative}, "samples"},
    {{.n = 4, .samples = large}, "samples"},
    {{.n = 4, .samples = good, .epoch = -1}, "epoch"},
    {{.n = 4, .samples = good, .epoch = INT64_C(1) << 32}, "epoch"},
    {{.n = 4, .samples = good, .step = -1}, "step"},
    {{.n = 4, .samples = good, .position = -1}, "position"},
    {{.n = 4, .samples = good, .position = INT64_MAX}, "position"},
    {{.n = 4, .samples = good, .reserved = {1}}, "reserved"},
    {{.n = 4, .samples = good, .crops = boxes}, "crops"}, /* crops need .crop = LADE_CROP_RANDOM */
    {{.n = 4, .samples = good, .transforms = not_a_number}, "zy"},
    {{.n = 4, .samples = good, .transforms = wrong_width}, "zx"},
    {{.n = 4, .samples = good, .transforms = wrong_brightness}, "brightness"},
    {{.n = 4, .samples = good, .transforms = infinite}, "channel_shift_intensity"},
    {{.n = 4, .samples = good, .transforms = wrong_mode}, "fill_mode"},
    {{.n = 4, .samples = good, .transforms = wrong_quirks}, "quirks"},
    {{.n = 4, .samples = good, .transforms = wrong_cval}, "cval"},
    {{.n = 4, .samples = good, .transforms = far_away}, "transform"},
};

START_TEST(a_wrong_field_is_refused_with_its_name) {
    struct lade_error err = {0};
    lade_flow *flow = make_flow(&small);
    for (size_t i = 0; i < sizeof wrong_plans / sizeof *wrong_plans; i++) {
        ck_assert_int_eq(lade_flow_submit(flow, &wrong_plans[i].plan, &err), LADE_EINVAL);
        check_error(&err, LADE_EINVAL, wrong_plans[i].subject);
        ck_assert_int_eq(lade_flow_submit(flow, &wrong_plans[i].plan, NULL), LADE_EINVAL);
    }
    expect_epoch(flow, 0, 0); /* no plan was added */
    lade_flow_free(flow);
}
END_TEST

START_TEST(crops_must_be_inside_the_image) {
    struct lade_flow_options o = small;
    struct lade_plan plan = {.n = 4, .samples = good, .crops = empty_box};
    struct lade_box outside[4];
    struct lade_error err = {0};
    struct lade_batch *b;
    o.crop = LADE_CROP_RANDOM;
    o.on_error = LADE_ERROR_SKIP;
    lade_flow *flow = make_flow(&o);
    ck_assert_int_eq(lade_flow_submit(flow, &plan, &err), LADE_EINVAL);
    check_error(&err, LADE_EINVAL, "crops");
    memcpy(outside, boxes, sizeof outside);
    outside[1].width = 1000;
    plan.crops = outside;
    ck_assert_int_eq(lade_flow_submit(flow, &plan, &err), LADE_OK);
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_EINVAL);
    check_error(&err, LADE_EINVAL, "c1/003.png");
    ck_assert_int_eq(lade_flow_invalid_count(flow), 0);
    plan.crops = boxes;
    ck_assert_int_eq(lade_flow_submit(flow, &plan, &err), LADE_OK);
    b = tree_next(flow);
    ck_assert_int_eq(b->n, 4);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

START_TEST(floats_cannot_be_transformed) {
    struct lade_flow_options o = {.class_mode = LADE_CLASS_NONE, .workers = 1};
    struct lade_tensor *x = lade_tensor_new(LADE_FLOAT32, 4, (int64_t[]){10, 2, 2, 1});
    struct lade_transform transforms[4] = {{0}};
    struct lade_plan plan = {.n = 4, .samples = good, .transforms = transforms};
    struct lade_error err = {0};
    lade_flow *flow = lade_flow_from_arrays(x, NULL, NULL, &o, &err);
    ck_assert_int_eq(lade_flow_submit(flow, &plan, &err), LADE_EINVAL);
    check_error(&err, LADE_EINVAL, "transforms");
    lade_flow_free(flow);
    lade_tensor_unref(x);
}
END_TEST

START_TEST(a_plan_needs_statistics) {
    struct lade_flow_options o = small;
    struct lade_error err = {0};
    o.featurewise_center = true;
    lade_flow *flow = make_flow(&o);
    ck_assert_int_eq(submit(flow, 1, 0, &err), LADE_ESTATE);
    ck_assert_int_eq(lade_flow_fit(flow, &err), LADE_OK);
    ck_assert_int_eq(submit(flow, 1, 0, &err), LADE_OK);
    expect_plan(flow, 1, 0);
    lade_flow_free(flow);
}
END_TEST

/* ---- The largest number of plans --------------------------------------------------------------------------------- */

START_TEST(at_most_64_plans_wait) {
    struct lade_error err = {0};
    lade_flow *flow = make_flow(&small);
    for (int k = 0; k < LADE_MAX_PLANS; k++)
        ck_assert_int_eq(submit(flow, k % 10, k, &err), LADE_OK);
    ck_assert_int_eq(submit(flow, 0, 0, &err), LADE_EBUSY);
    for (int k = 0; k < 200; k++) {
        expect_plan(flow, k % 10, k);
        ck_assert_int_eq(submit(flow, (k + LADE_MAX_PLANS) % 10, k + LADE_MAX_PLANS, &err), LADE_OK);
        ck_assert_int_eq(submit(flow, 0, 0, &err), LADE_EBUSY);
    }
    lade_flow_free(flow); /* also frees the plans that wait */
}
END_TEST

START_TEST(an_empty_plan_gives_an_empty_batch) {
    struct lade_error err = {0};
    lade_flow *flow = make_flow(&small);
    ck_assert_int_eq(lade_flow_submit(flow, &(struct lade_plan){.step = 5}, &err), LADE_OK);
    struct lade_batch *b = tree_next(flow);
    ck_assert(b->n == 0 && b->step == 5);
    lade_batch_unref(b);
    expect_epoch(flow, 0, 0);
    lade_flow_free(flow);
}
END_TEST

/* ---- Invalid files ----------------------------------------------------------------------------------------------- */

START_TEST(an_invalid_file_finishes_its_plan) {
    struct lade_flow_options o = small;
    struct lade_error err = {0};
    struct lade_batch *b;
    tree_classes(2, (int[]){6, 4});
    tree_bytes("c0/001.png", "no image", 8);
    lade_flow *flow = tree_flow(&o);
    ck_assert_int_eq(submit(flow, 1, 0, &err), LADE_OK);
    ck_assert_int_eq(submit(flow, 3, 1, &err), LADE_OK);
    ck_assert_int_lt(lade_flow_next(flow, &b, &err), 0);
    check_error(&err, err.code, "c0/001.png");
    expect_plan(flow, 3, 1);
    lade_flow_free(flow);
    o.on_error = LADE_ERROR_SKIP;
    flow = tree_flow(&o);
    struct lade_plan plan = {.n = 4, .samples = (int64_t[]){5, 1, 1, 7}, .epoch = 3};
    ck_assert_int_eq(lade_flow_submit(flow, &plan, &err), LADE_OK);
    b = tree_next(flow);
    ck_assert(b->n == 2 && b->indices[0] == 5 && b->indices[1] == 7);
    ck_assert_int_eq(lade_flow_invalid_count(flow), 1);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

/* ---- Epochs, states, cancellation, fork -------------------------------------------------------------------------- */

START_TEST(plans_do_not_move_the_position) {
    struct lade_error err = {0};
    char *state;
    lade_flow *flow = make_flow(&small);
    expect_epoch(flow, 0, 0);
    ck_assert_int_eq(submit(flow, 7, 0, &err), LADE_OK);
    ck_assert_int_eq(submit(flow, 8, 1, &err), LADE_OK);
    expect_plan(flow, 7, 0);
    ck_assert_int_eq(lade_flow_state(flow, &state, &err), LADE_OK);
    expect_plan(flow, 8, 1);
    expect_epoch(flow, 0, 1);
    expect_epoch(flow, 0, 2);
    expect_epoch(flow, 1, 0);
    ck_assert_int_eq(submit(flow, 9, 2, &err), LADE_OK);
    ck_assert_int_eq(lade_flow_resume(flow, state, &err), LADE_OK); /* discards the plan */
    expect_epoch(flow, 0, 1);
    lade_free(state);
    lade_flow_free(flow);
}
END_TEST

START_TEST(a_generator_delivers_plans) {
    struct lade_error err = {0};
    int64_t expected[] = {0, 100, 1, 101, 2, 102, 0}, count = 0;
    lade_flow *flow = make_flow(&small);
    lade_for_each (b, lade_flow_batches(flow), &err) {
        ck_assert_int_eq(b->step, expected[count]);
        if (++count == 7)
            break;
        if (b->epoch != 77)
            ck_assert_int_eq(submit(flow, 5, 100 + b->step, &err), LADE_OK);
    }
    ck_assert_int_eq(err.code, 0);
    lade_flow_free(flow);
}
END_TEST

START_TEST(the_end_of_a_cancellation_discards_plans) {
    struct lade_error err = {0};
    lade_flow *flow = make_flow(&small);
    expect_epoch(flow, 0, 0);
    for (int k = 0; k < 20; k++)
        ck_assert_int_eq(submit(flow, 2, k, &err), LADE_OK);
    expect_plan(flow, 2, 0);
    lade_flow_cancel(flow);
    ck_assert_int_eq(submit(flow, 2, 20, &err), LADE_ECANCELED);
    lade_flow_uncancel(flow);
    expect_epoch(flow, 0, 1);
    ck_assert_int_eq(submit(flow, 6, 21, &err), LADE_OK);
    expect_plan(flow, 6, 21);
    lade_flow_free(flow);
}
END_TEST

static int read_in_child(void *ctx) {
    lade_flow *flow = ctx;
    struct lade_error err = {0};
    struct lade_batch *b;
    CHILD_ASSERT(lade_flow_next(flow, &b, &err) == LADE_OK && b->epoch == 0 && b->step == 0);
    lade_batch_unref(b);
    CHILD_ASSERT(submit(flow, 6, 21, &err) == LADE_OK);
    CHILD_ASSERT(lade_flow_next(flow, &b, &err) == LADE_OK && b->epoch == 77 && b->step == 21);
    lade_batch_unref(b);
    lade_flow_free(flow);
    return 0;
}

START_TEST(a_child_process_has_no_plans) {
    NEED_THREADS_IN_CHILD();
    struct lade_error err = {0};
    lade_flow *flow = make_flow(&small);
    for (int k = 0; k < 20; k++)
        ck_assert_int_eq(submit(flow, 2, k, &err), LADE_OK);
    expect_plan(flow, 2, 0);
    in_child(read_in_child, flow);
    expect_plan(flow, 2, 1);
    lade_flow_free(flow);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "rules of plans");
    tcase_add_test(tcase, a_wrong_field_is_refused_with_its_name);
    tcase_add_test(tcase, crops_must_be_inside_the_image);
    tcase_add_test(tcase, floats_cannot_be_transformed);
    tcase_add_test(tcase, a_plan_needs_statistics);
    tcase_add_test(tcase, at_most_64_plans_wait);
    tcase_add_test(tcase, an_empty_plan_gives_an_empty_batch);
    tcase_add_test(tcase, an_invalid_file_finishes_its_plan);
    tcase_add_test(tcase, plans_do_not_move_the_position);
    tcase_add_test(tcase, a_generator_delivers_plans);
    tcase_add_test(tcase, the_end_of_a_cancellation_discards_plans);
    tcase_add_test(tcase, a_child_process_has_no_plans);
}
