/* Tests of the options of a flow: wrong options, the defaults, the descriptions, and the names of enum values. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

#include <math.h>

static void check_refused(const struct lade_flow_options *o, const char *name) {
    struct lade_error err = {0};
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, o, &err));
    check_error(&err, LADE_EINVAL, name);
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, o, NULL));
}

START_TEST(wrong_options_are_named) {
    tree_classes(3, (int[]){2, 2, 2});
    check_refused(&(struct lade_flow_options){.target_size = {0, 224}}, "target_size");
    check_refused(&(struct lade_flow_options){.target_size = {224, 65536}}, "target_size");
    check_refused(&(struct lade_flow_options){.target_size = {-1, 5}}, "target_size");
    check_refused(&(struct lade_flow_options){.batch_size = -1}, "batch_size");
    check_refused(&(struct lade_flow_options){.batch_size = INT64_MAX}, "batch_size");
    check_refused(&(struct lade_flow_options){.workers = -2}, "workers");
    check_refused(&(struct lade_flow_options){.workers = 100000}, "workers");
    check_refused(&(struct lade_flow_options){.rank = 1}, "rank");
    check_refused(&(struct lade_flow_options){.rank = -1, .world = 3}, "rank");
    check_refused(&(struct lade_flow_options){.world = -3}, "world");
    check_refused(&(struct lade_flow_options){.max_bad = -1}, "max_bad");
    check_refused(&(struct lade_flow_options){.max_bad_rate = 1.5}, "max_bad_rate");
    check_refused(&(struct lade_flow_options){.max_bad_rate = (double)NAN}, "max_bad_rate");
    check_refused(&(struct lade_flow_options){.class_mode = LADE_CLASS_RAW}, "class_mode");
    check_refused(&(struct lade_flow_options){.class_weights = (double[]){1, 2, 3}}, "class_weights");
    check_refused(&(struct lade_flow_options){.validation_split = 1}, "validation_split");
    check_refused(&(struct lade_flow_options){.validation_split = -.5}, "validation_split");
    check_refused(&(struct lade_flow_options){.validation_split = (double)NAN}, "validation_split");
    check_refused(&(struct lade_flow_options){.subset = LADE_SUBSET_TRAINING}, "subset");
    check_refused(&(struct lade_flow_options){.validation_split = .1, .subset = LADE_SUBSET_VALIDATION},
                  "validation_split");
    check_refused(&(struct lade_flow_options){.class_mode = LADE_CLASS_BINARY}, "class_mode");
    check_refused(&(struct lade_flow_options){.class_mode = LADE_CLASS_MODE_COUNT}, "class_mode");
    check_refused(&(struct lade_flow_options){.dtype = LADE_INT8}, "dtype");
    check_refused(&(struct lade_flow_options){.interpolation = LADE_INTERPOLATION_COUNT}, "interpolation");
    check_refused(&(struct lade_flow_options){.color_mode = LADE_COLOR_MODE_COUNT}, "color_mode");
    check_refused(&(struct lade_flow_options){.on_error = (enum lade_error_policy) - 1}, "on_error");
    check_refused(&(struct lade_flow_options){.dtype = LADE_UINT8, .rescale = .5f}, "rescale");
    check_refused(&(struct lade_flow_options){.rescale = INFINITY}, "rescale");
    check_refused(&(struct lade_flow_options){.width_shift_range = -1}, "width_shift_range");
    check_refused(&(struct lade_flow_options){.crop = LADE_CROP_RANDOM, .crop_scale = {.5, .2}}, "crop_scale");
    check_refused(&(struct lade_flow_options){.crop = LADE_CROP_RANDOM, .crop_ratio = {0, 1}}, "crop_ratio");
    check_refused(&(struct lade_flow_options){.crop = LADE_CROP_CENTER, .crop_resize = 200}, "crop_resize");
    check_refused(&(struct lade_flow_options){.crop = LADE_CROP_CENTER, .keep_aspect_ratio = true}, "crop");
    check_refused(&(struct lade_flow_options){.cval = NAN}, "cval");
    check_refused(&(struct lade_flow_options){.classes = (const char *const[]){"c9", "c9", NULL}, .batch_size = -7},
                  "batch_size"); /* options are checked before the directory is opened */
}
END_TEST

START_TEST(options_are_returned_with_their_defaults) {
    tree_classes(3, (int[]){2, 2, 2});
    lade_flow *flow = lade_flow_from_directory(tree_root, &(struct lade_flow_options){.rotation_range = 5}, NULL);
    const struct lade_flow_options *o = lade_flow_options_get(flow);
    ck_assert(o->target_size[0] == 256 && o->target_size[1] == 256 && o->batch_size == 32 && o->rotation_range == 5);
    ck_assert(o->world == 1 && o->workers >= 1 && o->crop_scale[0] == 0.08 && o->interpolation_order == 1);
    ck_assert_str_eq(o->classes[0], "c0");
    ck_assert_ptr_null(o->classes[3]);
    lade_flow *again = lade_flow_from_directory(tree_root, o, NULL);
    struct lade_digest a = {0}, b = {0};
    struct lade_batch *one, *other;
    ck_assert_int_eq(lade_flow_next(flow, &one, NULL), LADE_OK);
    ck_assert_int_eq(lade_flow_next(again, &other, NULL), LADE_OK);
    ck_assert_int_eq(lade_digest_add(&a, one), LADE_OK);
    ck_assert_int_eq(lade_digest_add(&b, other), LADE_OK);
    ck_assert(a.low == b.low && a.high == b.high);
    lade_batch_unref(one);
    lade_batch_unref(other);
    lade_flow_free(again);
    lade_flow_free(flow);
}
END_TEST

START_TEST(each_option_has_a_description) {
    int options = 0, random = 0;
    for (const struct lade_option_info *o; (o = lade_flow_option_info(options)); options++) {
        ck_assert(o->name && o->section && o->description);
        ck_assert_uint_le(o->offset + o->size, sizeof(struct lade_flow_options));
        random += o->random;
    }
    ck_assert_int_gt(options, 50);
    ck_assert_int_gt(random, 8);
}
END_TEST

/* Checks that each value of an enum has a name, and that this name is converted to the same value. */
#define CHECK_WORDS(noun, count)                                                              \
    for (int i = 0; i < count; i++) {                                                         \
        enum lade_##noun value;                                                               \
        const char *word = lade_##noun##_name((enum lade_##noun)i);                           \
        ck_assert_str_ne(word, "unknown");                                                    \
        ck_assert(lade_##noun##_from_name(word, &value, NULL) == LADE_OK && (int)value == i); \
    }                                                                                         \
    ck_assert_str_eq(lade_##noun##_name((enum lade_##noun)99), "unknown")

START_TEST(names_are_converted_both_ways) {
    struct lade_error err = {0};
    enum lade_class_mode mode;
    enum lade_crop crop;
    CHECK_WORDS(class_mode, LADE_CLASS_MODE_COUNT);
    CHECK_WORDS(order, LADE_ORDER_COUNT);
    CHECK_WORDS(subset, LADE_SUBSET_COUNT);
    CHECK_WORDS(split, LADE_SPLIT_COUNT);
    CHECK_WORDS(crop, LADE_CROP_COUNT);
    CHECK_WORDS(error_policy, LADE_ERROR_POLICY_COUNT);
    ck_assert(lade_crop_from_name("centre", &crop, &err) == LADE_OK && crop == LADE_CROP_CENTER);
    ck_assert(lade_class_mode_from_name("multi_output", &mode, &err) == LADE_OK && mode == LADE_CLASS_RAW);
    ck_assert_int_eq(lade_class_mode_from_name("onehot", &mode, &err), LADE_EINVAL);
    ck_assert_str_eq(err.subject, "class_mode");
    for (int i = 0; i < LADE_CLASS_MODE_COUNT; i++)
        ck_assert_ptr_nonnull(strstr(err.message, lade_class_mode_name((enum lade_class_mode)i)));
}
END_TEST

START_TEST(the_last_batch_can_be_left_out) {
    tree_classes(2, (int[]){4, 4});
    check_refused(&(struct lade_flow_options){.batch_size = 9, .drop_last = true}, "drop_last");
    struct lade_flow_options o = {.target_size = {4, 4}, .batch_size = 3, .drop_last = true};
    lade_flow *flow = tree_flow(&o), *all = NULL;
    struct lade_error err = {0};
    char *state = NULL;
    ck_assert_int_eq(lade_flow_steps(flow), 2);
    ck_assert_int_eq(lade_flow_samples(flow), 8);
    for (int k = 0; k < 5; k++) {
        struct lade_batch *b = tree_next(flow);
        ck_assert(b->n == 3 && b->epoch == k / 2 && b->step == k % 2);
        lade_batch_unref(b);
    }
    ck_assert_int_eq(lade_flow_state(flow, &state, &err), LADE_OK);
    ck_assert_int_eq(lade_flow_resume(flow, state, &err), LADE_OK);
    o.drop_last = false;
    all = tree_flow(&o);
    ck_assert_int_eq(lade_flow_resume(all, state, &err), LADE_EMISMATCH);
    check_error(&err, LADE_EMISMATCH, "drop_last");
    lade_free(state);
    lade_flow_free(flow);
    lade_flow_free(all);
    o = (struct lade_flow_options){
        .batch_size = 8, .drop_last = true, .world = 2, .rank = 1}; /* 8 samples fill one batch of both ranks */
    flow = tree_flow(&o);
    ck_assert_int_eq(lade_flow_steps(flow), 1);
    lade_flow_free(flow);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow options");
    tcase_add_test(tcase, wrong_options_are_named);
    tcase_add_test(tcase, options_are_returned_with_their_defaults);
    tcase_add_test(tcase, each_option_has_a_description);
    tcase_add_test(tcase, names_are_converted_both_ways);
    tcase_add_test(tcase, the_last_batch_can_be_left_out);
}
