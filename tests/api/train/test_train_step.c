/* Tests of a program that calls the parts of a training step (backward, complete and update) in its own loop. The
   trained net has the same bytes as with lade_fit(). */
#include "support/train_run.h"

enum { BATCH = 24, STEPS = 8, EPOCHS = 3 };

static const char spec[] = "dense 40, batchnorm, relu, dropout 0.3, dense 30, relu, dense 3";

static lade_net *new_net(int threads) {
    return toy_net_on(spec, 3, threads);
}

/* ---- The same bytes as lade_fit() -------------------------------------------------------------------------------- */

static const float class_weight[] = {1, 2, .5f};

static const struct lade_trainer_options recipes[] = {
    {.optimizer = {LADE_SGD, .lr = .05f}},
    {.optimizer = {LADE_SGD, .lr = .05f, .momentum = .9f, .nesterov = true, .weight_decay = .01f},
     .schedule = {LADE_COSINE, .warmup = 3},
     .global_clipnorm = .1f},
    {.optimizer = {LADE_ADAM}, .schedule = {LADE_STEP, .factor = .5f}, .accumulate = 3, .clipvalue = .05f},
    {.optimizer = {LADE_ADAM},
     .schedule = {LADE_PLATEAU, .epochs = 1, .factor = .1f},
     .accumulate = LADE_FULL_BATCH,
     .global_clipnorm = .2f,
     .class_weight = class_weight},
    {.optimizer = {LADE_ADAMW},
     .schedule = {LADE_EXPONENTIAL, .factor = .7f, .warmup = 2},
     .accumulate = 2,
     .label_smoothing = .1f},
};
#define RECIPES ((int)(sizeof recipes / sizeof *recipes))

/* Returns the data of a test. Kind 0: there are no weights. Kind 1: there are no weights, and one batch of each
   epoch has no rows. Kind 2: all rows have the weight 0. Kind 3: the weights of the rows differ. */
static struct toy data(int kind) {
    static const float none[BATCH] = {0};
    static const float some[BATCH] = {2, 0, 1, .5f, 1, 3, 0, 1, 1, .25f, 2, 1, 7, .1f};
    return (struct toy){.arms = 3,
                        .batch = BATCH,
                        .steps = STEPS,
                        .seed = 1,
                        .empty = kind == 1 ? 2 : 0,
                        .weights = kind == 2   ? none
                                   : kind == 3 ? some
                                               : NULL};
}

/* Trains a net in a loop that calls the parts of a step. If @complete is true, also calls lade_trainer_complete()
   before each update. This call must not change the result. */
static void train(lade_net *net, const struct lade_trainer_options *recipe, int kind, bool complete) {
    struct lade_error err = {0};
    struct toy toy = data(kind);
    struct lade_trainer_options options = *recipe;
    int64_t batches = options.accumulate == LADE_FULL_BATCH ? STEPS : options.accumulate ? options.accumulate : 1;
    options.epochs = EPOCHS;
    options.updates_per_epoch = (STEPS + batches - 1) / batches;
    lade_trainer *t = toy_trainer(net, &options);
    const struct lade_trainer_metrics *m = lade_trainer_metrics(t);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
        double loss = 0, weight = 0;
        for (int step = 1; step <= STEPS; step++) {
            toy_backward(t, &toy);
            m = lade_trainer_metrics(t);
            loss += m->weight > 0 ? m->weight * m->loss : 0;
            weight += m->weight;
            if (step % batches != 0 && step != STEPS)
                continue;
            if (complete)
                toy_check(lade_trainer_complete(t, &err), &err);
            toy_check(lade_trainer_update(t, &err), &err);
        }
        lade_trainer_end_epoch(t, loss / weight);
    }
    lade_trainer_free(t);
    toy_close(&toy);
}

static void fit(lade_net *net, const struct lade_trainer_options *o, int kind) {
    struct toy toy = data(kind);
    toy_run(net, &toy,
            &(struct lade_fit_options){.optimizer = o->optimizer,
                                       .schedule = o->schedule,
                                       .epochs = EPOCHS,
                                       .accumulate = o->accumulate,
                                       .global_clipnorm = o->global_clipnorm,
                                       .clipvalue = o->clipvalue,
                                       .label_smoothing = o->label_smoothing,
                                       .class_weight = o->class_weight});
    toy_close(&toy);
}

START_TEST(a_loop_trains_to_the_same_bytes_as_fit) {
    for (int i = 0; i < RECIPES; i++)
        for (int kind = 0; kind < (check_under_valgrind() ? 1 : 4); kind++)
            for (int complete = 0; complete < 2; complete++) {
                lade_net *a = new_net(_i), *b = new_net(_i);
                fit(a, &recipes[i], kind);
                train(b, &recipes[i], kind, complete);
                ck_assert_int_eq(lade_net_save(a, toy_path, NULL), LADE_OK);
                ck_assert_int_eq(lade_net_save(b, toy_other_path, NULL), LADE_OK);
                ck_assert_msg(toy_same_files(toy_path, toy_other_path), "recipe %d, data %d: the nets differ", i, kind);
                lade_net_free(a);
                lade_net_free(b);
            }
}
END_TEST

/* ---- Metrics and learning rate ----------------------------------------------------------------------------------- */

START_TEST(metrics_describe_the_last_batch) {
    struct toy toy = data(0), same = toy;
    struct lade_score score;
    lade_net *net = toy_net("dense 8, relu, dense 3", 1);
    lade_trainer *t =
        toy_trainer(net, &(struct lade_trainer_options){.optimizer = {LADE_SGD, .lr = .25f}, .accumulate = 2});
    toy_backward(t, &toy);
    ck_assert_int_eq(lade_net_evaluate(net, toy_source(&same), 1, &score, NULL), LADE_OK);
    const struct lade_trainer_metrics *m = lade_trainer_metrics(t);
    ck_assert_int_eq(m->samples, BATCH);
    ck_assert_double_eq(m->weight, BATCH);
    ck_assert_double_eq_tol(m->loss, score.loss, 1e-6);
    ck_assert_double_eq(m->accuracy, score.accuracy);
    ck_assert(m->batches == 1 && m->updates == 0);
    ck_assert_double_eq(m->lr, .25);
    toy_backward(t, &toy);
    ck_assert_int_eq(lade_trainer_update(t, NULL), LADE_OK);
    m = lade_trainer_metrics(t);
    ck_assert(m->batches == 0 && m->updates == 1);
    lade_trainer_free(t);
    lade_net_free(net);
    toy_close(&toy);
    toy_close(&same);
}
END_TEST

START_TEST(a_new_lr_stays_until_the_schedule_is_selected) {
    struct toy toy = data(0);
    lade_net *net = toy_net("dense 3", 1);
    lade_trainer *t = toy_trainer(net, &(struct lade_trainer_options){.optimizer = {LADE_SGD, .lr = .4f},
                                                                      .schedule = {LADE_EXPONENTIAL, .factor = .5f},
                                                                      .updates_per_epoch = 2});
    static const double want[] = {.4, .4, .2, .2, 1, 1, 1, .05};
    for (int i = 0; i < 8; i++) {
        if (i == 4)
            ck_assert_int_eq(lade_trainer_set_lr(t, 1, NULL), LADE_OK);
        if (i == 7)
            ck_assert_int_eq(lade_trainer_set_lr(t, LADE_SCHEDULED_LR, NULL), LADE_OK);
        ck_assert_double_eq_tol(lade_trainer_metrics(t)->lr, want[i], 1e-7);
        toy_backward(t, &toy);
        ck_assert_int_eq(lade_trainer_update(t, NULL), LADE_OK);
    }
    static const double wrong[] = {-1, (double)NAN, (double)INFINITY};
    for (int i = 0; i < 3; i++) {
        struct lade_error err = {0};
        ck_assert_int_eq(lade_trainer_set_lr(t, wrong[i], &err), LADE_EINVAL);
        ck_assert_str_eq(err.subject, "lr");
    }
    lade_trainer_free(t);
    lade_net_free(net);
    toy_close(&toy);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "step");
    tcase_add_checked_fixture(tcase, toy_make_files, toy_remove_files);
    tcase_add_loop_test(tcase, a_loop_trains_to_the_same_bytes_as_fit, 1, check_under_valgrind() ? 2 : 4);
    tcase_add_test(tcase, metrics_describe_the_last_batch);
    tcase_add_test(tcase, a_new_lr_stays_until_the_schedule_is_selected);
}
