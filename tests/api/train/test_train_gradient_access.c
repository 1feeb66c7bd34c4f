/* Tests of a program that calls the parts of a training step itself: backward, complete and update. Between these
   calls, the program reads and changes gradients, and uses the net. */
#include "support/train_run.h"

enum { BATCH = 24, STEPS = 8 };

static const char spec[] = "dense 40, batchnorm, relu, dropout 0.3, dense 30, relu, dense 3";

static lade_net *new_net(int threads) {
    return toy_net_on(spec, 3, threads);
}

static struct lade_tensor *tensor_of(const struct lade_parameter_info *p) {
    return lade_tensor_new(LADE_FLOAT32, p->ndim, p->shape);
}

static double norm_of_gradients(lade_net *net, const lade_trainer *t) {
    const struct lade_parameter_info *p;
    double sum = 0;
    for (int i = 0; (p = lade_net_parameter_info(net, i)); i++) {
        if (p->is_buffer)
            continue;
        struct lade_tensor *g = tensor_of(p);
        ck_assert_int_eq(lade_trainer_get_gradient(t, p->name, g, NULL), LADE_OK);
        for (int64_t j = 0; j < p->count; j++)
            sum += pow((double)((float *)lade_tensor_data(g))[j], 2);
        lade_tensor_unref(g);
    }
    return sqrt(sum);
}

static void scale_gradients(lade_net *net, lade_trainer *t, float factor) {
    const struct lade_parameter_info *p;
    for (int i = 0; (p = lade_net_parameter_info(net, i)); i++) {
        if (p->is_buffer)
            continue;
        struct lade_tensor *g = tensor_of(p);
        ck_assert_int_eq(lade_trainer_get_gradient(t, p->name, g, NULL), LADE_OK);
        for (int64_t j = 0; j < p->count; j++)
            ((float *)lade_tensor_data(g))[j] *= factor;
        ck_assert_int_eq(lade_trainer_set_gradient(t, p->name, g, NULL), LADE_OK);
        lade_tensor_unref(g);
    }
}

#define MOST_NORM .05

static int clip(void *ctx, lade_trainer *t, struct lade_error *err) {
    lade_net *net = ctx;
    /* The metrics of the most recent batch. The last batch of an epoch has only BATCH - 1 rows. */
    const struct lade_trainer_metrics *m = lade_trainer_metrics(t);
    (void)err;
    ck_assert(m->samples >= BATCH - 1 && m->weight == (double)m->samples && m->batches == 2);
    ck_assert_double_gt(m->loss, 0);
    scale_gradients(net, t, (float)fmin(1, MOST_NORM / (norm_of_gradients(net, t) + 1e-6)));
    return LADE_OK;
}

/* A program can clip gradients in its own loop, or in the function `reduce` of lade_fit(). In both cases, the
 * parameters are the same as with the option global_clipnorm. */
START_TEST(clipping_by_the_program_equals_global_clipnorm) {
    float own[TOY_PREDICTIONS], reduced[TOY_PREDICTIONS], built_in[TOY_PREDICTIONS], none[TOY_PREDICTIONS];
    struct lade_optimizer adam = {LADE_ADAM};
    for (int i = 0; i < 4; i++) {
        struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1};
        lade_net *net = new_net(_i);
        if (i == 0) {
            lade_trainer *t = toy_trainer(net, &(struct lade_trainer_options){.optimizer = adam, .accumulate = 2});
            for (int step = 1; step <= STEPS; step++) {
                toy_backward(t, &toy);
                if (step % 2 != 0)
                    continue;
                ck_assert_int_eq(lade_trainer_complete(t, NULL), LADE_OK);
                ck_assert_int_eq(clip(net, t, NULL), LADE_OK);
                ck_assert_int_eq(lade_trainer_update(t, NULL), LADE_OK);
            }
            lade_trainer_free(t);
        } else {
            toy_run(net, &toy,
                    &(struct lade_fit_options){.optimizer = adam,
                                               .accumulate = 2,
                                               .global_clipnorm = i == 2 ? (float)MOST_NORM : 0,
                                               .reduce = i == 1 ? clip : NULL,
                                               .reduce_ctx = net});
        }
        toy_predict(net, i == 0 ? own : i == 1 ? reduced : i == 2 ? built_in : none);
        lade_net_free(net);
        toy_close(&toy);
    }
    ck_assert_mem_eq(own, reduced, sizeof own);
    for (int i = 0; i < TOY_PREDICTIONS; i++)
        ck_assert_float_eq_tol(own[i], built_in[i], 1e-5f);
    ck_assert_mem_ne(own, none, sizeof own);
}
END_TEST

/* SGD with the learning rate 1 subtracts the gradient from the parameter. So the parameter shows whether the update has
   used the changed gradient. */
START_TEST(a_changed_gradient_is_applied) {
    static const float none[BATCH] = {0};
    struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1, .weights = _i ? none : NULL};
    lade_net *net = new_net(1);
    lade_trainer *t = toy_trainer(net, &(struct lade_trainer_options){.optimizer = {LADE_SGD, .lr = 1}});
    float before[3], after[3], gradient[3] = {.5f, -2, 0};
    struct lade_tensor *was = lade_tensor_wrap(before, LADE_FLOAT32, 1, (int64_t[]){3}, NULL, NULL);
    struct lade_tensor *is = lade_tensor_wrap(after, LADE_FLOAT32, 1, (int64_t[]){3}, NULL, NULL);
    struct lade_tensor *g = lade_tensor_wrap(gradient, LADE_FLOAT32, 1, (int64_t[]){3}, NULL, NULL);
    ck_assert_int_eq(lade_net_get_parameter(net, "6.bias", was, NULL), LADE_OK);
    toy_backward(t, &toy);
    ck_assert_int_eq(lade_trainer_complete(t, NULL), LADE_OK);
    ck_assert_int_eq(lade_trainer_set_gradient(t, "6.bias", g, NULL), LADE_OK);
    ck_assert_int_eq(lade_trainer_complete(t, NULL), LADE_OK); /* the second call changes nothing */
    ck_assert_int_eq(lade_trainer_update(t, NULL), LADE_OK);
    ck_assert_int_eq(lade_net_get_parameter(net, "6.bias", is, NULL), LADE_OK);
    for (int i = 0; i < 3; i++)
        ck_assert_float_eq(after[i], before[i] - gradient[i]);
    ck_assert_int_eq(lade_trainer_metrics(t)->updates, 1);
    lade_tensor_unref(was);
    lade_tensor_unref(is);
    lade_tensor_unref(g);
    lade_trainer_free(t);
    lade_net_free(net);
    toy_close(&toy);
}
END_TEST

/* Functions that use a net without training it have no effect on the training, even between backward and update. */
START_TEST(a_net_can_be_used_between_the_parts_of_a_step) {
    float plain[TOY_PREDICTIONS], used[TOY_PREDICTIONS];
    for (int use = 0; use < 2; use++) {
        struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1},
                   test = {.arms = 3, .batch = 50, .steps = 2, .seed = 2};
        struct lade_score score;
        lade_net *net = new_net(2);
        lade_trainer *t = toy_trainer(net, NULL);
        for (int step = 0; step < STEPS; step++) {
            toy_backward(t, &toy);
            if (use) {
                ck_assert_int_eq(lade_net_evaluate(net, toy_source(&test), 0, &score, NULL), LADE_OK);
                ck_assert_int_eq(lade_net_save(net, toy_path, NULL), LADE_OK);
                ck_assert_int_eq(lade_trainer_complete(t, NULL), LADE_OK);
                toy_predict(net, used);
            }
            ck_assert_int_eq(lade_trainer_update(t, NULL), LADE_OK);
        }
        toy_predict(net, use ? used : plain);
        lade_trainer_free(t);
        lade_net_free(net);
        toy_close(&toy);
        toy_close(&test);
    }
    ck_assert_mem_eq(plain, used, sizeof plain);
}
END_TEST

START_TEST(zero_grad_discards_the_batches) {
    float plain[TOY_PREDICTIONS], discarded[TOY_PREDICTIONS];
    for (int discard = 0; discard < 2; discard++) {
        struct toy toy = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 1},
                   other = {.arms = 3, .batch = BATCH, .steps = STEPS, .seed = 7};
        lade_net *net = toy_net("dense 8, relu, dense 3", 1); /* the net has no dropout, because dropout depends on
                                                                 the number of batches */
        lade_trainer *t = toy_trainer(net, &(struct lade_trainer_options){.accumulate = _i});
        for (int step = 0; step < STEPS; step++) {
            if (discard) {
                toy_backward(t, &other);
                if (step % 2)
                    ck_assert_int_eq(lade_trainer_complete(t, NULL), LADE_OK);
                lade_trainer_zero_grad(t);
                ck_assert_int_eq(lade_trainer_metrics(t)->batches, 0);
            }
            toy_backward(t, &toy);
            ck_assert_int_eq(lade_trainer_update(t, NULL), LADE_OK);
        }
        toy_predict(net, discard ? discarded : plain);
        lade_trainer_free(t);
        lade_net_free(net);
        toy_close(&toy);
        toy_close(&other);
    }
    ck_assert_mem_eq(plain, discarded, sizeof plain);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "gradient access");
    tcase_add_checked_fixture(tcase, toy_make_files, toy_remove_files);
    tcase_add_loop_test(tcase, clipping_by_the_program_equals_global_clipnorm, 1, check_under_valgrind() ? 2 : 4);
    tcase_add_loop_test(tcase, a_changed_gradient_is_applied, 0, 2);
    tcase_add_test(tcase, a_net_can_be_used_between_the_parts_of_a_step);
    tcase_add_loop_test(tcase, zero_grad_discards_the_batches, 1, 3);
}
