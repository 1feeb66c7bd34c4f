/* Tests of saved states. A state can be saved after every batch, and can be resumed only by a flow that has the same
   batches. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

static char *state_of(lade_flow *flow) {
    struct lade_error err = {0};
    char *state = NULL;
    ck_assert_msg(lade_flow_state(flow, &state, &err) == LADE_OK, "%s", err.message);
    return state;
}

START_TEST(a_flow_resumed_at_any_batch_has_the_same_bytes) {
    struct lade_flow_options o = {.target_size = {5, 5}, .batch_size = 4, .seed = 6, .horizontal_flip = true};
    tree_classes(2, (int[]){7, 6});
    enum { BATCHES = 9 }; /* two epochs of 4 batches, and the first batch of the third epoch */
    struct lade_digest rest[BATCHES + 1];
    for (int k = 0; k <= BATCHES; k++) {
        lade_flow *flow = tree_flow(&o), *other = tree_flow(&o);
        tree_digest(flow, k);
        char *state = state_of(flow);
        rest[k] = tree_digest(flow, BATCHES - k);
        ck_assert_int_eq(lade_flow_resume(other, state, NULL), LADE_OK);
        char *same = state_of(other);
        ck_assert_str_eq(state, same);
        struct lade_digest d = tree_digest(other, BATCHES - k);
        ck_assert(d.low == rest[k].low && d.high == rest[k].high);
        ck_assert_int_eq(lade_flow_resume(flow, state, NULL), LADE_OK); /* moves the flow back to the saved position */
        d = tree_digest(flow, BATCHES - k);
        ck_assert(d.low == rest[k].low && d.high == rest[k].high);
        lade_free(state);
        lade_free(same);
        lade_flow_free(flow);
        lade_flow_free(other);
    }
}
END_TEST

START_TEST(the_end_of_an_epoch_is_the_start_of_the_next) {
    tree_classes(1, (int[]){5});
    lade_flow *flow = tree_flow(&(struct lade_flow_options){.target_size = {4, 4}, .batch_size = 2});
    char *state = state_of(flow);
    ck_assert_ptr_nonnull(strstr(state, "\"epoch\":0,\"position\":0"));
    lade_free(state);
    tree_digest(flow, 2);
    state = state_of(flow);
    ck_assert_ptr_nonnull(strstr(state, "\"epoch\":0,\"position\":4"));
    lade_free(state);
    tree_digest(flow, 1);
    state = state_of(flow);
    ck_assert_ptr_nonnull(strstr(state, "\"epoch\":1,\"position\":0"));
    lade_free(state);
    lade_flow_free(flow);
}
END_TEST

/* Checks that a flow with the options @o rejects @state with this error, and then starts at its first batch. */
static void check_refused(const struct lade_flow_options *o, const char *state, int code, const char *subject) {
    struct lade_error err = {0};
    lade_flow *flow = tree_flow(o);
    ck_assert_int_eq(lade_flow_resume(flow, state, &err), code);
    check_error(&err, code, subject);
    struct lade_batch *b = tree_next(flow);
    ck_assert(b->epoch == 0 && b->step == 0);
    lade_batch_unref(b);
    lade_flow_free(flow);
}

#define WITH(...) (&(struct lade_flow_options){.target_size = {5, 5}, __VA_ARGS__})

START_TEST(a_state_with_another_option_is_refused) {
    tree_classes(2, (int[]){6, 6});
    lade_flow *flow = tree_flow(WITH(.batch_size = 4, .seed = 1));
    tree_digest(flow, 2);
    char *state = state_of(flow);
    lade_flow_free(flow);
    check_refused(WITH(.batch_size = 4, .seed = 2), state, LADE_EMISMATCH, "seed");
    check_refused(WITH(.batch_size = 5, .seed = 1), state, LADE_EMISMATCH, "batch_size");
    check_refused(&(struct lade_flow_options){.target_size = {5, 6}, .batch_size = 4, .seed = 1}, state, LADE_EMISMATCH,
                  "target_size");
#define OTHER(...) WITH(.batch_size = 4, .seed = 1, __VA_ARGS__)
    check_refused(OTHER(.color_mode = LADE_COLOR_RGBA), state, LADE_EMISMATCH, "color_mode");
    check_refused(OTHER(.class_mode = LADE_CLASS_SPARSE), state, LADE_EMISMATCH, "class_mode");
    check_refused(OTHER(.interpolation = LADE_INTERPOLATION_BILINEAR), state, LADE_EMISMATCH, "interpolation");
    check_refused(OTHER(.keep_aspect_ratio = true), state, LADE_EMISMATCH, "keep_aspect_ratio");
    check_refused(OTHER(.decode = LADE_DECODE_FAST), state, LADE_EMISMATCH, "decode");
    check_refused(OTHER(.dtype = LADE_UINT8), state, LADE_EMISMATCH, "dtype");
    check_refused(OTHER(.data_format = LADE_CHANNELS_FIRST), state, LADE_EMISMATCH, "data_format");
    check_refused(OTHER(.rescale = .5f), state, LADE_EMISMATCH, "rescale");
    check_refused(OTHER(.horizontal_flip = true), state, LADE_EMISMATCH, "horizontal_flip");
    check_refused(OTHER(.vertical_flip = true), state, LADE_EMISMATCH, "vertical_flip");
    check_refused(OTHER(.width_shift_range = .1), state, LADE_EMISMATCH, "width_shift_range");
    check_refused(OTHER(.height_shift_range = .1), state, LADE_EMISMATCH, "height_shift_range");
    check_refused(OTHER(.shift_unit = LADE_SHIFT_PIXELS), state, LADE_EMISMATCH, "shift_unit");
    check_refused(OTHER(.fill_mode = LADE_FILL_WRAP), state, LADE_EMISMATCH, "fill_mode");
    check_refused(OTHER(.cval = 3), state, LADE_EMISMATCH, "cval");
    check_refused(OTHER(.order = LADE_ORDER_SORTED), state, LADE_EMISMATCH, "order");
    check_refused(OTHER(.validation_split = .5, .subset = LADE_SUBSET_TRAINING), state, LADE_EMISMATCH,
                  "validation_split");
    check_refused(OTHER(.split = LADE_SPLIT_SEEDED), state, LADE_EMISMATCH, "split");
    lade_free(state);
}
END_TEST

START_TEST(options_that_do_not_change_batches_may_differ) {
    tree_classes(2, (int[]){6, 6});
    lade_flow *flow = tree_flow(WITH(.batch_size = 4));
    tree_digest(flow, 2);
    char *state = state_of(flow);
    lade_flow_free(flow);
    flow = tree_flow(WITH(.batch_size = 4, .workers = 3, .rank = 1, .world = 2, .on_error = LADE_ERROR_SKIP,
                          .max_bad = 7, .limits = {.max_pixels = 10000}));
    ck_assert_int_eq(lade_flow_resume(flow, state, NULL), LADE_OK);
    struct lade_batch *b = tree_next(flow);
    ck_assert(b->epoch == 0 && b->step == 2 && b->n == 2);
    lade_batch_unref(b);
    lade_flow_free(flow);
    lade_free(state);
}
END_TEST

/* Earlier versions of lade had fewer options. If a state does not contain an option, this option had its default
   when the state was saved. */
START_TEST(an_option_that_the_state_lacks_has_its_default) {
    static const char option[] = "\"fill_mode\":\"nearest\",";
    struct lade_flow_options *o = WITH(.batch_size = 4), *other = WITH(.batch_size = 4, .fill_mode = LADE_FILL_WRAP);
    tree_classes(2, (int[]){6, 6});
    lade_flow *flow = tree_flow(o);
    char *state = state_of(flow), *at = strstr(state, option);
    ck_assert_ptr_nonnull(at);
    memmove(at, at + strlen(option), strlen(at + strlen(option)) + 1);
    ck_assert_int_eq(lade_flow_resume(flow, state, NULL), LADE_OK);
    check_refused(other, state, LADE_EMISMATCH, "fill_mode");
    lade_flow_free(flow);
    lade_free(state);
}
END_TEST

START_TEST(a_state_with_other_files_is_refused) {
    struct lade_flow_options *o = WITH(.batch_size = 4);
    tree_classes(3, (int[]){4, 4, 4});
    lade_flow *flow = tree_flow(o);
    char *state = state_of(flow);
    lade_flow_free(flow);
    ck_assert_int_eq(rename(tree_path("c1/000.png"), tree_path("c1/0000.png")), 0);
    check_refused(o, state, LADE_EMISMATCH, "c1");
    ck_assert_int_eq(rename(tree_path("c1/0000.png"), tree_path("c1/000.png")), 0);
    tree_image("c2/999.png", 1);
    check_refused(o, state, LADE_EMISMATCH, "c2");
    ck_assert_int_eq(unlink(tree_path("c2/999.png")), 0);
    ck_assert_int_eq(rename(tree_path("c2"), tree_path("d2")), 0);
    check_refused(o, state, LADE_EMISMATCH, "d2");
    ck_assert_int_eq(rename(tree_path("d2"), tree_path("c2")), 0);
    tree_folder("e");
    tree_image("e/a.png", 1);
    check_refused(o, state, LADE_EMISMATCH, "e");
    lade_free(state);
}
END_TEST

START_TEST(texts_that_are_not_states_are_refused) {
    struct lade_flow_options *o = WITH(.batch_size = 4);
    tree_classes(1, (int[]){6});
    lade_flow *flow = tree_flow(o);
    char *state = state_of(flow), *p, broken[4096];
    lade_flow_free(flow);
    check_refused(o, "", LADE_EFORMAT, "");
    check_refused(o, "[1, 2", LADE_EFORMAT, "");
    check_refused(o, "[]", LADE_EFORMAT, "");
    check_refused(o, "{\"lade_flow\": 1}", LADE_EFORMAT, "");
    check_refused(o, "{\"lade_flow\": 2}", LADE_EMISMATCH, "");
    const char *const from[] = {"\"position\":0", "\"position\":0", "\"position\":0", "\"epoch\":0", "\"epoch\":0"};
    const char *const to[] = {"\"position\":3", "\"position\":-4", "\"position\":8", "\"epoch\":-1",
                              "\"epoch\":4294967296"};
    for (int i = 0; i < 5; i++) {
        p = strstr(state, from[i]);
        snprintf(broken, sizeof broken, "%.*s%s%s", (int)(p - state), state, to[i], p + strlen(from[i]));
        check_refused(o, broken, LADE_EFORMAT, "");
    }
    lade_free(state);
}
END_TEST

/* Resumes a flow in a generator function, whose stack has 64 KiB. */
lade_generator_static(int, resume_in_a_body, lade_flow *, flow, const char *, state, struct lade_error *, err) {
    lade_yield(lade_flow_resume(flow, state, err));
}

START_TEST(deep_nesting_is_refused_on_the_stack_of_a_generator) {
    enum { LEVELS = 2000 };
    struct lade_error err = {0};
    char state[2 * LEVELS + 1];
    memset(state, '[', LEVELS);
    memset(state + LEVELS, ']', LEVELS);
    state[2 * LEVELS] = '\0';
    tree_classes(1, (int[]){6});
    lade_flow *flow = tree_flow(WITH(.batch_size = 4));
    lade_gen(int) body = resume_in_a_body(flow, state, &err);
    int *status = lade_next(body);
    ck_assert(status && *status == LADE_EFORMAT);
    check_error(&err, LADE_EFORMAT, "");
    lade_gen_free(body);
    lade_flow_free(flow);
    check_refused(WITH(.batch_size = 4), state, LADE_EFORMAT, "");
}
END_TEST

START_TEST(names_that_are_not_utf8_can_be_saved) {
    tree_folder("caf\xe9");
    tree_image("caf\xe9/\xff.png", 1);
    lade_flow *flow = tree_flow(WITH(.batch_size = 4));
    char *state = state_of(flow);
    ck_assert_ptr_nonnull(strstr(state, "caf\\\\xe9"));
    ck_assert_int_eq(lade_flow_resume(flow, state, NULL), LADE_OK);
    lade_free(state);
    lade_flow_free(flow);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow state");
    tcase_add_test(tcase, a_flow_resumed_at_any_batch_has_the_same_bytes);
    tcase_add_test(tcase, the_end_of_an_epoch_is_the_start_of_the_next);
    tcase_add_test(tcase, a_state_with_another_option_is_refused);
    tcase_add_test(tcase, options_that_do_not_change_batches_may_differ);
    tcase_add_test(tcase, an_option_that_the_state_lacks_has_its_default);
    tcase_add_test(tcase, a_state_with_other_files_is_refused);
    tcase_add_test(tcase, texts_that_are_not_states_are_refused);
    tcase_add_test(tcase, deep_nesting_is_refused_on_the_stack_of_a_generator);
    tcase_add_test(tcase, names_that_are_not_utf8_can_be_saved);
}
