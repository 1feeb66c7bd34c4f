/* Tests of sample weights: their effect on a run and on a score, and invalid weights. */
#include "support/train_run.h"

enum { BATCH = 12, STEPS = 3 };

static const float none[BATCH] = {0};
static const float ones[BATCH] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const float some[BATCH] = {2, 0, 1, .5f, 1, 3, 0, 1, 1, .25f, 2, 1};

/* Trains a new net on @toy. Returns the last metrics, and stores the predictions of the net in @out. */
static struct lade_metrics run(const char *spec, struct toy *toy, const struct lade_fit_options *options,
                               float out[TOY_PREDICTIONS]) {
    lade_net *net = toy_net(spec, 1);
    struct lade_metrics last = toy_run(net, toy, options);
    toy_predict(net, out);
    toy_close(toy);
    lade_net_free(net);
    return last;
}

START_TEST(weights_change_a_run) {
    struct toy toys[3];
    static const float *const weights[] = {NULL, ones, some};
    float out[3][TOY_PREDICTIONS];
    struct lade_metrics m[3];
    struct lade_fit_options fit = {.optimizer = {LADE_ADAM, .lr = .01f}, .accumulate = _i};
    for (int i = 0; i < 3; i++) {
        toys[i] = (struct toy){.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1, .weights = weights[i]};
        m[i] = run("dense 8, relu, dense 3", &toys[i], &fit, out[i]);
    }
    ck_assert_mem_eq(out[0], out[1], sizeof out[0]);
    ck_assert(m[0].loss == m[1].loss && m[0].accuracy == m[1].accuracy && m[0].samples == m[1].samples);
    ck_assert_mem_ne(out[0], out[2], sizeof out[0]);
    ck_assert_int_eq(m[2].samples, m[0].samples);
    ck_assert_double_ne(m[0].loss, m[2].loss);
}
END_TEST

/* A batch whose weights are all 0 has the same effect as an empty batch: it does not change the parameters, the
 * running means, or the random numbers of dropout. */
START_TEST(a_batch_of_weight_zero_changes_nothing) {
    static const char spec[] = "dense 8, batchnorm, relu, dropout 0.5, dense 3";
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1, .weights = none};
    float before[TOY_PREDICTIONS], after[TOY_PREDICTIONS];
    lade_net *net = toy_net(spec, 1);
    toy_predict(net, before);
    lade_net_free(net);
    struct lade_fit_options fit = {.optimizer = {LADE_ADAM}, .accumulate = _i ? LADE_FULL_BATCH : 0};
    struct lade_metrics m = run(spec, &toy, &fit, after);
    ck_assert_mem_eq(before, after, sizeof after);
    ck_assert(m.epoch_end && m.step == STEPS && m.samples == 0 && isnan(m.loss) && isnan(m.accuracy));
}
END_TEST

/* Accumulated batches with weights make the same update as one large batch with these weights. */
START_TEST(weights_accumulate) {
    float small[TOY_PREDICTIONS], large[TOY_PREDICTIONS], weights[2 * BATCH];
    memcpy(weights, some, sizeof some);
    memcpy(weights + BATCH, some, sizeof some);
    struct lade_fit_options fit = {.optimizer = {LADE_SGD, .lr = .5f}, .accumulate = 2};
    struct toy halves = {.arms = 3, .batch = BATCH, .steps = 4, .seed = 1, .whole = true, .weights = some},
               whole = {.arms = 3, .batch = 2 * BATCH, .steps = 2, .seed = 1, .whole = true, .weights = weights};
    struct lade_metrics a = run("dense 8, relu, dense 3", &halves, &fit, small);
    fit.accumulate = 0;
    struct lade_metrics b = run("dense 8, relu, dense 3", &whole, &fit, large);
    for (int i = 0; i < TOY_PREDICTIONS; i++)
        ck_assert_float_eq_tol(small[i], large[i], 1e-5f);
    ck_assert_double_eq_tol(a.loss, b.loss, 1e-5);
}
END_TEST

/* In a score, the sample weights change the loss, but not the accuracy. The test computes the loss from the predictions
   and compares both values. */
START_TEST(a_score_is_weighted) {
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = 1, .seed = 1, .whole = true, .weights = some}, plain = toy,
               nothing = toy;
    lade_net *net = toy_net("dense 8, relu, dense 3", 1);
    struct lade_score score, unweighted, nil;
    struct lade_batch *b;
    plain.weights = NULL;
    nothing.weights = none;
    ck_assert_int_eq(lade_net_evaluate(net, toy_source(&toy), 0, &score, NULL), LADE_OK);
    ck_assert_int_eq(lade_net_evaluate(net, toy_source(&plain), 0, &unweighted, NULL), LADE_OK);
    ck_assert_int_eq(lade_net_evaluate(net, toy_source(&nothing), 0, &nil, NULL), LADE_OK);
    toy_close(&toy);
    toy_close(&plain);
    toy_close(&nothing);
    struct toy same = {.arms = 3, .batch = BATCH, .steps = 1, .seed = 1, .whole = true};
    float p[BATCH * 3], out[TOY_PREDICTIONS];
    double loss = 0, weight = 0;
    ck_assert_int_eq(toy_next(&same, &b, NULL), LADE_OK);
    ck_assert_int_eq(lade_net_predict(net, b->x, p, NULL), LADE_OK);
    for (int i = 0; i < BATCH; i++)
        for (int j = 0; j < 3; j++)
            if (((float *)lade_tensor_data(b->y))[3 * i + j] == 1) {
                loss -= (double)some[i] * log((double)p[3 * i + j]);
                weight += (double)some[i];
            }
    lade_batch_unref(b);
    toy_close(&same);
    ck_assert_double_eq_tol(score.loss, loss / weight, 1e-6);
    ck_assert_double_ne(score.loss, unweighted.loss);
    ck_assert_double_eq(score.accuracy, unweighted.accuracy);
    ck_assert_int_eq(score.samples, BATCH);
    ck_assert(nil.samples == BATCH && isnan(nil.loss) && nil.accuracy == unweighted.accuracy);

    /* A validation whose weights are all 0 is not an error. */
    struct toy train = {.arms = 3, .batch = BATCH, .steps = 1, .seed = 1};
    nothing = (struct toy){.arms = 3, .batch = BATCH, .steps = 1, .weights = none};
    struct lade_metrics m = run("dense 3", &train, &(struct lade_fit_options){.validation = toy_source(&nothing)}, out);
    ck_assert(isnan(m.val_loss) && m.val_accuracy >= 0);
    toy_close(&nothing);
    lade_net_free(net);
}
END_TEST

/* ---- Invalid weights --------------------------------------------------------------------------------------------- */

static struct lade_error refused(struct lade_source source) {
    struct lade_error same = {0};
    struct lade_score score;
    lade_net *net = toy_net("dense 3", 1);
    struct lade_error err = toy_run_to_error(net, source, NULL, NULL);
    lade_net_evaluate(net, source, 1, &score, &same);
    ck_assert_int_eq(err.code, same.code);
    lade_net_free(net);
    return err;
}

START_TEST(invalid_weights_are_refused) {
    static const float wrong[] = {-1, NAN, INFINITY};
    float weights[BATCH];
    memcpy(weights, some, sizeof some);
    weights[7] = wrong[_i];
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = 1, .seed = 1, .whole = true, .weights = weights};
    struct lade_error err = refused(toy_source(&toy));
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, "sample_weight");
    ck_assert_msg(strstr(err.message, "sample 7 "), "%s", err.message);
    toy_close(&toy);
}
END_TEST

static int misshapen;

/* Returns batches whose weights have the wrong dtype, shape or length. */
static int misshapen_next(void *ctx, struct lade_batch **out, struct lade_error *err) {
    int status = toy_next(ctx, out, err);
    struct lade_tensor **w = &(*out)->sample_weight;
    lade_tensor_unref(*w);
    *w = misshapen == 0   ? lade_tensor_new(LADE_UINT8, 1, (int64_t[]){BATCH})
         : misshapen == 1 ? lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){BATCH, 1})
                          : lade_tensor_new(LADE_FLOAT32, 1, (int64_t[]){BATCH - 1});
    return status;
}

START_TEST(weights_of_another_shape_are_refused) {
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = 1, .seed = 1, .whole = true, .weights = ones};
    struct lade_source source = toy_source(&toy);
    source.next = misshapen_next;
    misshapen = _i;
    struct lade_error err = refused(source);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, "sample_weight");
    toy_close(&toy);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "weights");
    tcase_add_loop_test(tcase, weights_change_a_run, 1, check_under_valgrind() ? 2 : 3);
    tcase_add_loop_test(tcase, a_batch_of_weight_zero_changes_nothing, 0, 2);
    if (!check_under_valgrind()) /* oneDNN needs seconds to compile a kernel under valgrind */
        tcase_add_test(tcase, weights_accumulate);
    tcase_add_test(tcase, a_score_is_weighted);
    tcase_add_loop_test(tcase, invalid_weights_are_refused, 0, 3);
    tcase_add_loop_test(tcase, weights_of_another_shape_are_refused, 0, 3);
}
