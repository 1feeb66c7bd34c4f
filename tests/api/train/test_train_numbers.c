/* Tests of runs with a number that is NaN or infinite. The run ends with an error that names the epoch, the step and
   the sample, and writes no checkpoint after the error. */
#include "support/train_run.h"

#include <string.h>
#include <unistd.h>

enum { BATCH = 20, STEPS = 4 };

static char *const good = toy_path, *const bad = toy_other_path;

static struct lade_error run(const char *spec, int threads, struct toy *toy, const struct lade_fit_options *options) {
    struct lade_error err = {0};
    lade_net *net = toy_net_on(spec, 1, threads);
    lade_for_each (m, lade_fit(net, toy_source(toy), options), &err) {
        ck_assert(isfinite(m->loss));
    }
    toy_close(toy);
    lade_net_free(net);
    return err;
}

/* ---- Samples ----------------------------------------------------------------------------------------------------- */

static const struct {
    const char *spec;
    struct lade_fit_options fit;
    const char *what; /* the beginning of the message */
} cases[] = {
    {"dense 16, relu, dense 3", {.optimizer = {LADE_SGD}}, "the gradient is not finite"},
    {"dense 16, relu, dense 3", {.optimizer = {LADE_SGD, .momentum = .9f}}, "the gradient is not finite"},
    {"dense 16, relu, dense 3",
     {.optimizer = {LADE_SGD, .momentum = .9f, .nesterov = true}, .clipvalue = .1f},
     "the gradient is not finite"},
    {"dense 16, relu, dense 3", {.optimizer = {LADE_ADAGRAD}}, "the gradient is not finite"},
    {"dense 16, relu, dense 3", {.optimizer = {LADE_RMSPROP}}, "the gradient is not finite"},
    {"dense 16, relu, dense 3",
     {.optimizer = {LADE_RMSPROP, .momentum = .9f}, .global_clipnorm = 1},
     "the gradient is not finite"},
    {"dense 16, relu, dense 3", {.optimizer = {LADE_ADAM}, .clipvalue = .1f}, "the gradient is not finite"},
    {"dense 16, relu, dense 3", {.optimizer = {LADE_ADAMW}, .global_clipnorm = .1f}, "the gradient is not finite"},
    {"dense 16, relu, dense 3", {.accumulate = 2}, "the gradient is not finite"},
    {"dense 16, relu, dense 3", {.accumulate = 2, .global_clipnorm = 1}, "the gradient is not finite"},
    {"dense 16, relu, dense 3", {.accumulate = LADE_FULL_BATCH}, "the gradient is not finite"},
    {"dense 16, batchnorm, relu, dense 3", {.optimizer = {LADE_SGD}}, "the loss is "},
    {"batchnorm, relu, dense 3", {.global_clipnorm = 1}, "the loss is "},
    {"dense 16, tanh, dense 3", {.optimizer = {LADE_SGD}}, "the loss is "},
    {"dense 16, tanh, dense 3", {.global_clipnorm = 1}, "the loss is "},
    {"dense 16, batchnorm, sigmoid, dense 3", {.optimizer = {LADE_SGD}}, "the loss is "},
};
#define CASES ((int)(sizeof cases / sizeof *cases))

START_TEST(the_error_names_a_sample_with_nan) {
    if (check_under_valgrind() && _i != 11)
        CHECK_SKIP("under valgrind, oneDNN needs seconds to compile each kernel");
    int threads = 1 + _i % 2;
    struct lade_fit_options fit = cases[_i].fit;
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1}, nan_call = toy;
    fit.checkpoint = good;
    struct lade_error err = run(cases[_i].spec, threads, &toy, &fit);
    ck_assert_msg(err.code == LADE_OK, "%s", err.message);
    nan_call.nan_call = STEPS + 3;
    fit.checkpoint = bad;
    fit.epochs = 3;
    err = run(cases[_i].spec, threads, &nan_call, &fit);
    ck_assert_int_eq(err.code, LADE_ENUMERIC);
    ck_assert_int_eq(nan_call.calls, STEPS + 3);
    ck_assert_msg(strncmp(err.message, cases[_i].what, strlen(cases[_i].what)) == 0 &&
                      strstr(err.message, "epoch 2, step 3 of 4") && strstr(err.message, "sample 42 "),
                  "%s", err.message);
    ck_assert_msg(toy_same_files(good, bad), "the checkpoint has changed since the end of the first epoch");
}
END_TEST

/* With the option global_clipnorm, the gradient is checked before a parameter changes. */
START_TEST(clipping_by_norm_keeps_the_parameters) {
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1, .nan_call = 3};
    struct lade_error err = {0};
    float before[TOY_PREDICTIONS] = {0}, after[TOY_PREDICTIONS];
    lade_net *net = toy_net("dense 16, relu, dense 3", 1);
    struct lade_fit_options fit = {.global_clipnorm = 1, .yield_every = 1};
    lade_for_each (m, lade_fit(net, toy_source(&toy), &fit), &err) {
        toy_predict(net, before);
    }
    ck_assert_int_eq(err.code, LADE_ENUMERIC);
    toy_predict(net, after);
    ck_assert_mem_eq(before, after, sizeof after);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

static int64_t control_characters(void *ctx, int64_t index, char *buffer, size_t size) {
    (void)ctx;
    return snprintf(buffer, size, "\033[2J%lld%0100d", (long long)index, 0);
}

/* The names of samples may come from an attacker. In an error message, the control characters of these names are
   replaced, and long names are cut. */
START_TEST(control_characters_in_names_are_replaced) {
    for (int nan_call = check_under_valgrind(); nan_call < 2; nan_call++) {
        struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1, .nan_call = nan_call, .scale = 1e30f};
        struct lade_error err = {0};
        lade_net *net = toy_net("dense 16, relu, dense 3", 1);
        struct lade_source source = toy_source(&toy);
        source.sample_name = control_characters;
        struct lade_fit_options fit = {.optimizer = {.lr = 1e30f}};
        lade_for_each (m, lade_fit(net, source, &fit), &err) {
            (void)m;
        }
        ck_assert_int_eq(err.code, LADE_ENUMERIC);
        ck_assert_ptr_null(strchr(err.message, '\033'));
        ck_assert_msg(strstr(err.message, nan_call ? "sample ?[2J2000" : ": ?[2J000") != NULL, "%s", err.message);
        toy_close(&toy);
        lade_net_free(net);
    }
}
END_TEST

/* ---- Parameters and validation ----------------------------------------------------------------------------------- */

START_TEST(an_infinite_parameter_is_not_saved) {
    static const struct lade_optimizer optimizers[] = {
        {LADE_SGD, .lr = 3e38f}, {LADE_SGD, .lr = 3e38f, .momentum = .9f}, {LADE_RMSPROP, .lr = 3e38f}};
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = 1, .seed = 1, .scale = 100};
    struct lade_fit_options fit = {.optimizer = optimizers[_i], .checkpoint = bad};
    struct lade_error err = run("dense 3", 1, &toy, &fit);
    ck_assert_int_eq(err.code, LADE_ENUMERIC);
    ck_assert_msg(strstr(err.message, "parameter") && strstr(err.message, "epoch 1") && strstr(err.message, "3e+38") &&
                      strstr(err.message, ": 0, 1, 2, 3, ..."),
                  "%s", err.message);
    ck_assert_int_ne(access(bad, F_OK), 0);
}
END_TEST

START_TEST(a_validation_with_nan_is_not_saved) {
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1}, again = toy,
               test = {.arms = 3, .batch = 7, .steps = 2, .seed = 2}, nan_call = test;
    struct lade_fit_options fit = {.validation = toy_source(&test), .checkpoint = good};
    ck_assert_int_eq(run("dense 3", 1, &toy, &fit).code, LADE_OK);
    nan_call.nan_call = 3; /* call 3 is in the second epoch */
    fit = (struct lade_fit_options){.validation = toy_source(&nan_call), .checkpoint = bad, .epochs = 3};
    struct lade_error err = run("dense 3", 1, &again, &fit);
    ck_assert_int_eq(err.code, LADE_ENUMERIC);
    ck_assert_str_eq(err.subject, "validation");
    ck_assert_msg(strstr(err.message, "nan") && strstr(err.message, "epoch 2") && strstr(err.message, "0.01"), "%s",
                  err.message);
    ck_assert(toy_same_files(good, bad));
    toy_close(&test);
    toy_close(&nan_call);
}
END_TEST

/* A validation without samples is not an error, although it has no mean loss. */
START_TEST(a_validation_may_have_no_samples) {
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1}, none = {.arms = 3, .batch = 1, .steps = 1};
    struct lade_error err = run("dense 3", 1, &toy, &(struct lade_fit_options){.validation = toy_source(&none)});
    ck_assert_msg(err.code == LADE_OK, "%s", err.message);
    ck_assert_int_eq(none.calls, 1);
    toy_close(&none);
}
END_TEST

/* ---- Large gradients --------------------------------------------------------------------------------------------- */

/* A gradient is also clipped if the square of its norm is larger than FLT_MAX. */
START_TEST(a_large_gradient_is_clipped) {
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = 1, .seed = 1, .scale = 1e25f};
    lade_net *net = toy_net("dense 3", 1);
    float before[TOY_PREDICTIONS], after[TOY_PREDICTIONS];
    toy_predict(net, before);
    toy_run(net, &toy, &(struct lade_fit_options){.optimizer = {LADE_SGD, .lr = 1}, .global_clipnorm = 1});
    toy_predict(net, after);
    ck_assert_mem_ne(before, after, sizeof after);
    for (int i = 0; i < 6; i++)
        ck_assert_float_gt(after[i], 0);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "numbers");
    tcase_add_checked_fixture(tcase, toy_make_files, toy_remove_files);
    tcase_add_loop_test(tcase, the_error_names_a_sample_with_nan, 0, CASES);
    tcase_add_loop_test(tcase, clipping_by_norm_keeps_the_parameters, 0, check_under_valgrind() ? 0 : 1);
    tcase_add_test(tcase, control_characters_in_names_are_replaced);
    tcase_add_loop_test(tcase, an_infinite_parameter_is_not_saved, 0, check_under_valgrind() ? 1 : 3);
    tcase_add_test(tcase, a_validation_with_nan_is_not_saved);
    tcase_add_test(tcase, a_validation_may_have_no_samples);
    tcase_add_loop_test(tcase, a_large_gradient_is_clipped, 0, check_under_valgrind() ? 0 : 1);
}
