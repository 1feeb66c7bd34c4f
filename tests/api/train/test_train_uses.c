/* Tests of wrong calls of the functions of trainers and runs: each wrong call returns an error. Also tests runs that
   are used without a generator. */
#include "support/train_run.h"

static struct toy data(void) {
    return (struct toy){.arms = 3, .batch = 12, .steps = 4, .seed = 1};
}

/* ---- Wrong calls ------------------------------------------------------------------------------------------------- */

START_TEST(a_wrong_order_is_refused) {
    struct toy toy = data();
    struct lade_error err = {0};
    lade_net *net = toy_net("dense 3", 1);
    lade_trainer *t = lade_trainer_new(net, &(struct lade_trainer_options){.accumulate = 2}, &err);
    struct lade_batch *b = toy_next_batch(&toy);
    ck_assert_error(lade_trainer_update(t, &err), &err, LADE_ESTATE, "");
    ck_assert_error(lade_trainer_complete(t, &err), &err, LADE_ESTATE, "");
    ck_assert_int_eq(lade_trainer_backward(t, b, NULL), LADE_OK);
    ck_assert_int_eq(lade_trainer_backward(t, b, NULL), LADE_OK);
    ck_assert_error(lade_trainer_backward(t, b, &err), &err, LADE_ESTATE, "accumulate");
    ck_assert_int_eq(lade_trainer_complete(t, NULL), LADE_OK);
    ck_assert_error(lade_trainer_backward(t, b, &err), &err, LADE_ESTATE, "");
    ck_assert_int_eq(lade_trainer_update(t, NULL), LADE_OK); /* the errors have changed nothing */
    ck_assert_error(lade_trainer_update(t, &err), &err, LADE_ESTATE, "");
    lade_batch_unref(b);
    lade_trainer_free(t);
    lade_net_free(net);
    toy_close(&toy);
}
END_TEST

START_TEST(a_batch_that_does_not_fit_is_refused) {
    struct toy toy = data(), pair = {.arms = 2, .batch = 12, .steps = 4, .seed = 1};
    struct lade_error err = {0};
    lade_net *net = lade_net_new("dense 3", 1, (int64_t[]){4}, NULL, NULL), *binary = toy_net("dense 1", 1);
    lade_trainer *t = lade_trainer_new(net, NULL, &err), *u = lade_trainer_new(binary, NULL, &err);
    struct lade_batch *b = toy_next_batch(&toy), *c = toy_next_batch(&pair);
    ck_assert_error(lade_trainer_backward(t, b, &err), &err, LADE_EINVAL, "x");
    ck_assert_error(lade_trainer_backward(u, b, &err), &err, LADE_EINVAL, "y");
    ck_assert_error(lade_trainer_update(t, &err), &err, LADE_ESTATE, "");
    ck_assert_int_eq(lade_trainer_backward(u, c, NULL), LADE_OK);
    lade_batch_unref(b);
    lade_batch_unref(c);
    lade_trainer_free(t);
    lade_trainer_free(u);
    lade_net_free(net);
    lade_net_free(binary);
    toy_close(&toy);
    toy_close(&pair);
}
END_TEST

START_TEST(a_net_has_only_one_trainer) {
    struct toy toy = data();
    struct lade_source source = toy_source(&toy);
    struct lade_error err = {0};
    lade_net *net = toy_net("dense 3", 1);
    lade_trainer *t = lade_trainer_new(net, NULL, &err);
    ck_assert_ptr_null(lade_trainer_new(net, NULL, &err));
    ck_assert_error(err.code, &err, LADE_ESTATE, "net");
    ck_assert_ptr_null(lade_fit_new(net, &source, NULL, &err));
    ck_assert_error(err.code, &err, LADE_ESTATE, "net");
    lade_trainer_free(t);
    {
        lade_gen_auto(struct lade_metrics *) run = lade_fit(net, source, NULL);
        ck_assert_ptr_nonnull(lade_next(run));
        err = toy_run_to_error(net, source, NULL, NULL);
        ck_assert_error(err.code, &err, LADE_ESTATE, "net");
        ck_assert_ptr_null(lade_trainer_new(net, NULL, &err));
        ck_assert_error(err.code, &err, LADE_ESTATE, "net");
    }
    ck_assert_ptr_null(lade_trainer_new(net, &(struct lade_trainer_options){.accumulate = -5}, &err));
    ck_assert_error(err.code, &err, LADE_EINVAL, "accumulate");
    toy_run(net, &toy, NULL); /* the run has ended and lade_trainer_new() has failed, so that no trainer uses the net */
    lade_net_free(net);
    toy_close(&toy);
}
END_TEST

START_TEST(a_freed_net_is_noticed) {
    struct toy toy = data();
    struct lade_source source = toy_source(&toy);
    struct lade_error err = {0};
    struct lade_metrics *m;
    struct lade_tensor *three = lade_tensor_new(LADE_FLOAT32, 1, (int64_t[]){3});
    struct lade_batch *b = toy_next_batch(&toy);
    lade_net *net = toy_net("dense 3", 1);
    lade_trainer *t = lade_trainer_new(net, &(struct lade_trainer_options){.accumulate = 2}, &err);
    ck_assert_int_eq(lade_trainer_backward(t, b, NULL), LADE_OK);
    lade_net_free(net);
    ck_assert_error(lade_trainer_backward(t, b, &err), &err, LADE_ESTATE, "net");
    ck_assert_error(lade_trainer_complete(t, &err), &err, LADE_ESTATE, "net");
    ck_assert_error(lade_trainer_update(t, &err), &err, LADE_ESTATE, "net");
    ck_assert_error(lade_trainer_get_gradient(t, "0.bias", three, &err), &err, LADE_ESTATE, "net");
    lade_trainer_zero_grad(t);
    lade_trainer_free(t);
    lade_trainer_free(NULL);

    net = toy_net("dense 3", 1);
    lade_fit_run *run =
        lade_fit_new(net, &source, &(struct lade_fit_options){.yield_every = 1, .checkpoint = toy_path}, &err);
    ck_assert_int_eq(lade_fit_next(run, &m, &err), LADE_OK);
    lade_net_free(net);
    if (_i) {
        ck_assert_error(lade_fit_next(run, &m, &err), &err, LADE_ESTATE, "net");
        ck_assert_int_eq(lade_fit_close(run, &err), LADE_OK);
    } else {
        ck_assert_error(lade_fit_close(run, &err), &err, LADE_ESTATE, "net"); /* no checkpoint was written */
    }
    lade_tensor_unref(three);
    lade_batch_unref(b);
    toy_close(&toy);
}
END_TEST

START_TEST(a_loss_that_is_not_finite_discards_the_gradient) {
    struct toy toy = {.arms = 3, .batch = 12, .steps = 8, .seed = 1, .nan_call = 3};
    struct lade_error err = {0};
    lade_net *net = toy_net("dense 8, tanh, dense 3", 1);
    lade_trainer *t = lade_trainer_new(net, &(struct lade_trainer_options){.accumulate = _i}, &err);
    float before[TOY_PREDICTIONS], after[TOY_PREDICTIONS];
    for (int step = 1; step <= 4; step++) {
        struct lade_batch *b = toy_next_batch(&toy);
        int status = lade_trainer_backward(t, b, &err);
        toy_predict(net, before);
        if (step == 3) {
            ck_assert_msg(strstr(err.message, "in update 3,") && strstr(err.message, "sample 26 "), "%s", err.message);
            ck_assert_error(status, &err, LADE_ENUMERIC, "");
            ck_assert_error(lade_trainer_update(t, &err), &err, LADE_ESTATE, "");
            toy_predict(net, after);
            ck_assert_mem_eq(before, after, sizeof after);
        } else {
            ck_assert_int_eq(status, LADE_OK);
            ck_assert_int_eq(lade_trainer_update(t, NULL), LADE_OK);
        }
        lade_batch_unref(b);
    }
    ck_assert_int_eq(lade_trainer_metrics(t)->updates, 3);
    lade_trainer_free(t);
    lade_net_free(net);
    toy_close(&toy);
}
END_TEST

/* With these weights, the loss of a batch is finite, but the weighted gradient is larger than FLT_MAX. */
START_TEST(a_gradient_that_is_not_finite_changes_nothing) {
    static const float ones[12] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    float after[2][TOY_PREDICTIONS];
    for (int failed = 0; failed < 2; failed++) {
        struct toy toy = {.arms = 3, .batch = 12, .steps = 8, .seed = 1, .weights = ones};
        struct lade_error err = {0};
        lade_net *net = toy_net("dense 8, tanh, dense 3", 1);
        lade_trainer *t = toy_trainer(net, &(struct lade_trainer_options){.accumulate = 2});
        struct lade_batch *b = toy_next_batch(&toy);
        if (failed) {
            float *weights = lade_tensor_data(b->sample_weight);
            for (int i = 0; i < 12; i++)
                weights[i] = 3e38f;
            ck_assert_error(lade_trainer_backward(t, b, &err), &err, LADE_ENUMERIC, "");
            memcpy(weights, ones, sizeof ones);
        }
        toy_check(lade_trainer_backward(t, b, &err), &err);
        toy_check(lade_trainer_update(t, &err), &err);
        toy_predict(net, after[failed]);
        lade_batch_unref(b);
        lade_trainer_free(t);
        lade_net_free(net);
        toy_close(&toy);
    }
    ck_assert_mem_eq(after[0], after[1], sizeof after[0]);
}
END_TEST

/* The message of a failed update counts updates from 1, like the messages about the batches of an update. */
START_TEST(messages_count_updates_from_one) {
    struct toy toy = {.arms = 3, .batch = 12, .steps = 1, .seed = 1, .scale = 100};
    struct lade_error err = {0};
    lade_net *net = toy_net("dense 3", 1);
    lade_trainer *t = toy_trainer(net, &(struct lade_trainer_options){.optimizer = {LADE_SGD, .lr = 3e38f}});
    toy_backward(t, &toy);
    int status = lade_trainer_update(t, &err);
    ck_assert_msg(strstr(err.message, "a parameter is not finite after the update in update 1,"), "%s", err.message);
    ck_assert_error(status, &err, LADE_ENUMERIC, "");
    lade_trainer_free(t);
    lade_net_free(net);
    toy_close(&toy);
}
END_TEST

START_TEST(options_of_a_trainer_are_checked) {
    static const float weights[] = {1, -1, 1};
    static const struct {
        struct lade_trainer_options options;
        const char *subject;
    } cases[] = {{{.optimizer = {.lr = -1}}, "lr"},
                 {{.schedule = {.warmup = -1}}, "warmup"},
                 {{.schedule = {LADE_COSINE}}, "updates_per_epoch"},
                 {{.schedule = {LADE_STEP}, .updates_per_epoch = -1}, "updates_per_epoch"},
                 {{.epochs = -1}, "epochs"},
                 {{.epochs = 3, .updates_per_epoch = INT64_MAX}, "epochs"},
                 {{.accumulate = -2}, "accumulate"},
                 {{.global_clipnorm = -1}, "global_clipnorm"},
                 {{.clipvalue = (float)NAN}, "clipvalue"},
                 {{.label_smoothing = 1}, "label_smoothing"},
                 {{.class_weight = weights}, "class_weight"}};
    lade_net *net = toy_net("dense 3", 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade_error err = {0};
        ck_assert_ptr_null(lade_trainer_new(net, &cases[i].options, &err));
        ck_assert_error(err.code, &err, LADE_EINVAL, cases[i].subject);
    }
    lade_net_free(net);
}
END_TEST

/* ---- A run without a generator ----------------------------------------------------------------------------------- */

START_TEST(a_run_returns_the_items_of_lade_fit) {
    struct toy toys[2] = {data(), data()};
    struct lade_fit_options options = {.epochs = 2, .yield_every = 3, .checkpoint = toy_path};
    struct lade_error err = {0};
    struct lade_metrics want[8], *m;
    int count = 0, at = 0;
    lade_net *net = toy_net("dense 3", 1), *other = toy_net("dense 3", 1);
    lade_for_each (item, lade_fit(net, toy_source(&toys[0]), &options), &err)
        want[count++] = *item;
    options.checkpoint = toy_other_path;
    struct lade_source source = toy_source(&toys[1]);
    lade_fit_run *run = lade_fit_new(other, &source, &options, &err);
    while (lade_fit_next(run, &m, &err) == LADE_OK && m) {
        ck_assert_int_lt(at, count);
        ck_assert(m->epoch == want[at].epoch && m->step == want[at].step && m->epoch_end == want[at].epoch_end);
        ck_assert_double_eq(m->loss, want[at++].loss);
    }
    ck_assert(at == count && count == 4 && m == NULL && err.code == LADE_OK);
    ck_assert_int_eq(lade_fit_next(run, &m, &err), LADE_OK); /* each call after the end sets m to NULL */
    ck_assert_ptr_null(m);
    ck_assert_int_eq(lade_fit_close(run, &err), LADE_OK);
    ck_assert_int_eq(lade_fit_close(NULL, NULL), LADE_OK);
    ck_assert(toy_same_files(toy_path, toy_other_path));
    for (int i = 0; i < 2; i++)
        toy_close(&toys[i]);
    lade_net_free(net);
    lade_net_free(other);
}
END_TEST

START_TEST(errors_and_the_end_of_a_run_differ) {
    struct toy toy = data();
    struct lade_source source = toy_source(&toy);
    struct lade_error err = {0};
    struct lade_metrics *m;
    lade_net *net = toy_net("dense 3", 1);
    ck_assert_ptr_null(lade_fit_new(net, &source, &(struct lade_fit_options){.epochs = -1}, &err));
    ck_assert_error(err.code, &err, LADE_EINVAL, "epochs");
    toy.broken = 6;
    lade_fit_run *run = lade_fit_new(net, &source, &(struct lade_fit_options){.epochs = 3}, &err);
    ck_assert_int_eq(lade_fit_next(run, &m, &err), LADE_OK);
    ck_assert(m && m->epoch_end);
    ck_assert_int_eq(lade_fit_next(run, &m, &err), LADE_EIO);
    ck_assert(m == NULL && err.code == LADE_EIO);
    ck_assert_error(lade_fit_next(run, &m, &err), &err, LADE_ESTATE, "");
    ck_assert_int_eq(lade_fit_close(run, NULL), LADE_OK);

    /* If a run is closed in the middle of an epoch, its checkpoint is written, and lade_fit_close() reports an
       invalid lr. */
    run = lade_fit_new(net, &source, &(struct lade_fit_options){.yield_every = 1, .checkpoint = toy_path}, &err);
    ck_assert_int_eq(lade_fit_next(run, &m, &err), LADE_OK);
    m->lr = -1;
    ck_assert_error(lade_fit_close(run, &err), &err, LADE_EINVAL, "lr");
    ck_assert_int_eq(access(toy_path, F_OK), 0);
    lade_net_free(net);
    toy_close(&toy);
}
END_TEST

static int fail_to_reduce(void *ctx, lade_trainer *t, struct lade_error *err) {
    (void)t;
    ++*(int *)ctx;
    return lade_error_set_subject(err, LADE_EUNSUPPORTED, "rank 3", "the connection is lost");
}

START_TEST(an_error_of_reduce_ends_the_run) {
    struct toy toy = data();
    int calls = 0;
    float before[TOY_PREDICTIONS], after[TOY_PREDICTIONS];
    lade_net *net = toy_net("dense 3", 1);
    toy_predict(net, before);
    struct lade_error err = toy_run_to_error(
        net, toy_source(&toy),
        &(struct lade_fit_options){.accumulate = 2, .reduce = fail_to_reduce, .reduce_ctx = &calls}, NULL);
    toy_predict(net, after);
    ck_assert_error(err.code, &err, LADE_EUNSUPPORTED, "rank 3");
    ck_assert(calls == 1 && toy.calls == 2);
    ck_assert_mem_eq(before, after, sizeof after);
    lade_net_free(net);
    toy_close(&toy);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *uses = check_case(suite, "uses");
    tcase_add_checked_fixture(uses, toy_make_files, toy_remove_files);
    tcase_add_test(uses, a_wrong_order_is_refused);
    tcase_add_test(uses, a_batch_that_does_not_fit_is_refused);
    tcase_add_test(uses, a_net_has_only_one_trainer);
    tcase_add_loop_test(uses, a_freed_net_is_noticed, 0, check_under_valgrind() ? 1 : 2);
    tcase_add_loop_test(uses, a_loss_that_is_not_finite_discards_the_gradient, 1, check_under_valgrind() ? 2 : 3);
    tcase_add_test(uses, a_gradient_that_is_not_finite_changes_nothing);
    tcase_add_test(uses, messages_count_updates_from_one);
    tcase_add_test(uses, options_of_a_trainer_are_checked);
    tcase_add_test(uses, a_run_returns_the_items_of_lade_fit);
    tcase_add_test(uses, errors_and_the_end_of_a_run_differ);
    tcase_add_test(uses, an_error_of_reduce_ends_the_run);
}
