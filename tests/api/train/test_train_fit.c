/* Tests of lade_fit(): training, metrics, runs that end early, errors, and released memory. */
#include "support/train_run.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct lade_optimizer nesterov = {LADE_SGD, .lr = .1f, .momentum = .9f, .nesterov = true};

START_TEST(a_net_learns_spirals) {
    static const struct {
        int arms;
        bool sparse;
        const char *spec;
    } cases[] = {{3, false, "dense 48, relu, dense 48, relu, dense 3"},
                 {3, true, "dense 48, relu, dense 48, relu, dense 3"},
                 {2, false, "dense 48, relu, dense 48, relu, dense 1"}};
    struct toy train = {.arms = cases[_i].arms, .sparse = cases[_i].sparse, .batch = 32, .steps = 100, .seed = 1};
    struct toy test = {.arms = cases[_i].arms, .sparse = cases[_i].sparse, .batch = 50, .steps = 8, .seed = 2};
    lade_net *net = toy_net(cases[_i].spec, 3);
    struct lade_score before, after;

    ck_assert_int_eq(lade_net_evaluate(net, toy_source(&test), 0, &before, NULL), LADE_OK);
    struct lade_metrics m = toy_run(
        net, &train, &(struct lade_fit_options){.optimizer = nesterov, .epochs = 6, .validation = toy_source(&test)});
    ck_assert_int_eq(lade_net_evaluate(net, toy_source(&test), 0, &after, NULL), LADE_OK);
    ck_assert_int_eq(after.samples, 8 * 50 - 1);
    ck_assert_double_lt(before.accuracy, 0.75);
    ck_assert_double_gt(after.accuracy, 0.95);
    ck_assert_double_gt(m.val_accuracy, 0.95);
    ck_assert_double_lt(after.loss, before.loss / 4);
    toy_close(&train);
    toy_close(&test);
    lade_net_free(net);
}
END_TEST

START_TEST(metrics_have_the_epoch_and_the_step) {
    struct toy toy = {.arms = 3, .batch = 10, .steps = 5, .seed = 1, .empty = 2},
               test = {.arms = 3, .batch = 4, .steps = 2};
    lade_net *net = toy_net("dense 3", 1);
    struct lade_fit_options options = {
        .optimizer = nesterov, .epochs = 2, .yield_every = 2, .validation = toy_source(&test)};
    static const struct {
        int epoch, step;
        bool end;
        int samples;
    } want[] = {{0, 2, false, 20}, {0, 4, false, 30}, {0, 5, true, 39},
                {1, 2, false, 20}, {1, 4, false, 30}, {1, 5, true, 39}};
    size_t i = 0;
    struct lade_error err = {0};
    lade_for_each (m, lade_fit(net, toy_source(&toy), &options), &err) {
        ck_assert_uint_lt(i, sizeof want / sizeof *want);
        ck_assert_int_eq(m->epoch, want[i].epoch);
        ck_assert_int_eq(m->epochs, 2);
        ck_assert_int_eq(m->step, want[i].step);
        ck_assert_int_eq(m->steps, 5);
        ck_assert_int_eq(m->samples, want[i].samples);
        ck_assert_int_eq(m->epoch_end, want[i].end);
        ck_assert(isfinite(m->loss) && m->loss > 0);
        ck_assert(m->accuracy >= 0 && m->accuracy <= 1);
        ck_assert(want[i].end ? isfinite(m->val_loss) : isnan(m->val_loss));
        ck_assert(want[i].end ? m->val_accuracy >= 0 && m->val_accuracy <= 1 : isnan(m->val_accuracy));
        ck_assert(m->seconds > 0 && m->wait_seconds > 0 && m->wait_seconds <= m->seconds);
        ck_assert_double_eq_tol(m->images_per_s, (double)m->samples / m->seconds, 1e-6 * m->images_per_s);
        ck_assert_float_eq((float)m->lr, .1f);
        i++;
    }
    ck_assert_int_eq(err.code, LADE_OK);
    ck_assert_uint_eq(i, sizeof want / sizeof *want);
    ck_assert_int_eq(toy.calls, 10);
    ck_assert_int_eq(test.calls, 4);
    toy_close(&toy);
    toy_close(&test);
    lade_net_free(net);
}
END_TEST

/* The loss and the accuracy of an epoch are means over its samples, and not over its batches. If the net does not
 * change during the epoch, an evaluation of the same samples has the same result. */
START_TEST(loss_and_accuracy_are_means_over_samples) {
    struct toy toy = {.arms = 3, .batch = 7, .steps = 4, .seed = 5}, same = toy;
    lade_net *net = toy_net("dense 8, relu, dense 3", 1);
    struct lade_score score;
    struct lade_metrics m =
        toy_run(net, &toy, &(struct lade_fit_options){.optimizer = {LADE_SGD, .lr = (float)LADE_OFF}});
    ck_assert_int_eq(lade_net_evaluate(net, toy_source(&same), 0, &score, NULL), LADE_OK);
    ck_assert_int_eq(m.samples, 27);
    ck_assert_int_eq(score.samples, 27);
    ck_assert_double_eq(m.lr, 0);
    ck_assert_double_eq_tol(m.loss, score.loss, 1e-7);
    ck_assert_double_eq(m.accuracy, score.accuracy);
    toy_close(&toy);
    toy_close(&same);
    lade_net_free(net);
}
END_TEST

static void train_and_predict(uint64_t net_seed, uint64_t data_seed, int threads, float out[TOY_PREDICTIONS]) {
    struct toy toy = {.arms = 3, .batch = 40, .steps = 20, .seed = data_seed};
    struct lade_net_options options = {.seed = net_seed, .threads = threads};
    lade_net *net = lade_net_new("dense 300, relu, dense 500, relu, dense 3", 1, (int64_t[]){2}, &options, NULL);
    toy_run(net, &toy, &(struct lade_fit_options){.optimizer = nesterov});
    toy_predict(net, out);
    toy_close(&toy);
    lade_net_free(net);
}

START_TEST(same_seed_same_bytes) {
    int threads = _i;
    if (check_under_valgrind() && threads != 2)
        CHECK_SKIP("under valgrind, oneDNN needs seconds to compile each kernel");
    float a[TOY_PREDICTIONS], b[TOY_PREDICTIONS], other_net[TOY_PREDICTIONS], other_data[TOY_PREDICTIONS];
    train_and_predict(1, 1, threads, a);
    train_and_predict(1, 1, threads, b);
    train_and_predict(2, 1, threads, other_net);
    train_and_predict(1, 2, threads, other_data);
    ck_assert_mem_eq(a, b, sizeof a);
    ck_assert_mem_ne(a, other_net, sizeof a);
    ck_assert_mem_ne(a, other_data, sizeof a);
}
END_TEST

START_TEST(the_number_of_threads_changes_only_rounding) {
    if (check_under_valgrind())
        CHECK_SKIP("under valgrind, oneDNN needs seconds to compile each kernel");
    float a[TOY_PREDICTIONS], b[TOY_PREDICTIONS];
    train_and_predict(1, 1, 1, a);
    train_and_predict(1, 1, 3, b);
    for (int i = 0; i < TOY_PREDICTIONS; i++)
        ck_assert_float_eq_tol(a[i], b[i], 2e-3f);
}
END_TEST

START_TEST(an_assigned_lr_changes_the_next_steps) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1};
    lade_net *net = toy_net("dense 3", 1);
    struct lade_fit_options options = {.optimizer = {LADE_SGD, .lr = .5f}, .epochs = 3, .yield_every = 1};
    float before[TOY_PREDICTIONS], after[TOY_PREDICTIONS];
    int i = 0;
    lade_for_each (m, lade_fit(net, toy_source(&toy), &options)) {
        toy_predict(net, after);
        if (i > 0 && i <= 4) /* in steps 1 to 4, the learning rate is 0; these steps belong to two epochs */
            ck_assert_mem_eq(before, after, sizeof after);
        if (i > 4)
            ck_assert_mem_ne(before, after, sizeof after);
        memcpy(before, after, sizeof after);
        m->lr = i < 4 ? 0 : 0.25;
        i++;
    }
    ck_assert_int_eq(i, 9);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

/* If the loop sets the learning rate to 0 and later to 0.2, the schedule does not change these values. */
START_TEST(lr_can_be_switched_off_and_on) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1};
    lade_net *net = toy_net("dense 3", 1);
    struct lade_fit_options options = {
        .optimizer = {LADE_SGD, .lr = .4f}, .schedule = {LADE_EXPONENTIAL, .factor = .5f}, .epochs = 5};
    double shown[5];
    lade_for_each (m, lade_fit(net, toy_source(&toy), &options)) {
        shown[m->epoch] = m->lr;
        m->lr = m->epoch == 1 ? 0 : m->epoch == 3 ? 0.2 : m->lr;
    }
    ck_assert_double_eq_tol(shown[1], .1, 1e-7);
    ck_assert_double_eq(shown[2], 0);
    ck_assert_double_eq(shown[3], 0);
    ck_assert_double_eq(shown[4], .2);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

static void count_errors(const struct lade_error *err, void *count) {
    *(int *)count += err->code == LADE_EINVAL;
}

/* If an invalid learning rate is assigned just before the generator is closed, the hook for unhandled errors gets the
 * error. The checkpoint is still written. */
START_TEST(an_invalid_lr_at_the_end_loses_no_checkpoint) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1};
    lade_net *net = toy_net("dense 3", 1);
    char path[] = "/tmp/lade-test-XXXXXX";
    close(mkstemp(path));
    unlink(path);
    int unhandled = 0;
    lade_set_unhandled_hook(count_errors, &unhandled);
    lade_for_each (m,
                   lade_fit(net, toy_source(&toy), &(struct lade_fit_options){.yield_every = 1, .checkpoint = path})) {
        m->lr = (double)NAN;
        break;
    }
    lade_set_unhandled_hook(NULL, NULL);
    ck_assert_int_eq(unhandled, 1);
    ck_assert_int_eq(unlink(path), 0);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

START_TEST(an_invalid_lr_is_refused) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1};
    lade_net *net = toy_net("dense 3", 1);
    struct lade_error err = {0};
    int yields = 0;
    lade_for_each (m, lade_fit(net, toy_source(&toy), &(struct lade_fit_options){.yield_every = 1}), &err) {
        m->lr = _i ? -1 : (double)NAN;
        yields++;
    }
    ck_assert_int_eq(yields, 1);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, "lr");
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

START_TEST(break_stops_the_run) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1};
    lade_net *net = toy_net("dense 3", 1);
    lade_for_each (m, lade_fit(net, toy_source(&toy), &(struct lade_fit_options){.epochs = 100})) {
        if (m->epoch == 1)
            break;
    }
    ck_assert_int_eq(toy.calls, 6);
    lade_gen_auto(struct lade_metrics *) ignored = lade_fit(net, toy_source(&toy), NULL);
    ck_assert_ptr_nonnull(ignored);
    ck_assert_int_eq(toy.calls, 6); /* lade_fit() does nothing before the first item is requested */
    lade_gen_auto(struct lade_metrics *) begun = lade_fit(net, toy_source(&toy), NULL);
    ck_assert_ptr_nonnull(lade_next(begun));
    ck_assert_int_eq(toy.calls, 9);
    toy_close(&toy);
    ck_assert_int_eq(lade_gen_free(begun), LADE_OK);
    begun = NULL;
    lade_net_free(net);
}
END_TEST

/* Trains for 2 epochs of @steps batches, and stores the predictions of the net in @out. */
static void short_run(struct lade_fit_options options, int64_t batch, int64_t steps, float out[TOY_PREDICTIONS]) {
    struct toy toy = {.arms = 3, .batch = batch, .steps = steps, .seed = 1, .whole = true};
    lade_net *net = toy_net("dense 8, relu, dense 3", 1);
    options.epochs = 2;
    toy_run(net, &toy, &options);
    toy_predict(net, out);
    toy_close(&toy);
    lade_net_free(net);
}

/* If several small batches are accumulated to one update, this update is equal to an update with one large batch. */
START_TEST(accumulated_batches_equal_a_large_batch) {
    if (check_under_valgrind())
        CHECK_SKIP("under valgrind, oneDNN needs seconds to compile each kernel");
    float large[TOY_PREDICTIONS], small[TOY_PREDICTIONS], full[TOY_PREDICTIONS], single[TOY_PREDICTIONS];
    struct lade_fit_options options = {.optimizer = nesterov, .global_clipnorm = .1f};
    short_run(options, 32, 2, large);
    options.accumulate = 4;
    short_run(options, 8, 8, small);
    for (int i = 0; i < TOY_PREDICTIONS; i++)
        ck_assert_float_eq_tol(large[i], small[i], 1e-5f);
    options.accumulate = LADE_FULL_BATCH;
    short_run(options, 8, 8, full);
    options.accumulate = 0;
    short_run(options, 64, 1, single);
    for (int i = 0; i < TOY_PREDICTIONS; i++)
        ck_assert_float_eq_tol(full[i], single[i], 1e-5f);
    ck_assert_mem_ne(full, small, sizeof full);
}
END_TEST

/* The last batches of an epoch also make an update: 8 batches with accumulate = 3 make updates of 3, 3 and 2
   batches. */
START_TEST(the_last_batches_of_an_epoch_make_an_update) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 8, .seed = 1};
    lade_net *net = toy_net("dense 3", 1);
    float before[TOY_PREDICTIONS], after[TOY_PREDICTIONS];
    int step = 0;
    lade_for_each (m, lade_fit(net, toy_source(&toy), &(struct lade_fit_options){.yield_every = 1, .accumulate = 3})) {
        toy_predict(net, after);
        if (++step == 3 || step == 6 || step == 8)
            ck_assert_mem_ne(before, after, sizeof after);
        else if (step > 1)
            ck_assert_mem_eq(before, after, sizeof after);
        memcpy(before, after, sizeof after);
        ck_assert_int_eq(m->step, step);
    }
    ck_assert_int_eq(step, 8);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

START_TEST(clipping_limits_an_update) {
    static const struct {
        struct lade_fit_options options;
        double most; /* estimate of the largest change of the parameters in one update with the learning rate 1 */
    } cases[] = {{{.optimizer = {.lr = 1}, .global_clipnorm = 1e-3f}, 1e-3},
                 {{.optimizer = {.lr = 1}, .clipvalue = 1e-4f}, 1e-4 * 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct toy toy = {.arms = 3, .batch = 16, .steps = 1, .seed = 1};
        lade_net *net = toy_net("dense 3", 1);
        /* The samples are the zero vector and two unit vectors. */
        struct lade_tensor *x = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){3, 2});
        float *in = lade_tensor_data(x), before[9], after[9];
        in[2] = in[5] = 1;
        ck_assert_int_eq(lade_net_predict(net, x, before, NULL), LADE_OK);
        toy_run(net, &toy, &cases[i].options);
        ck_assert_int_eq(lade_net_predict(net, x, after, NULL), LADE_OK);
        double most = 0;
        for (int j = 0; j < 9; j++)
            most = fmax(most, fabs(log((double)after[j]) - log((double)before[j])));
        ck_assert_double_lt(most, 4 * cases[i].most);
        ck_assert_double_gt(most, cases[i].most / 10);
        lade_tensor_unref(x);
        toy_close(&toy);
        lade_net_free(net);
    }
}
END_TEST

START_TEST(schedules_change_lr) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 4, .seed = 1};
    lade_net *net = toy_net("dense 3", 1);
    struct lade_fit_options options = {
        .optimizer = {.lr = .5f}, .schedule = {LADE_STEP, .warmup = 2, .factor = .1f}, .epochs = 3, .yield_every = 1};
    /* want[i] is the learning rate of the step after item i. (The step before item 0 has the learning rate 0.25,
       because of the warmup.) After item 5, the loop assigns 0.02, and after item 8, the loop returns to the
       schedule. */
    static const double want[] = {.5, .5, .5, .05, .05, .05, .02, .02, .02, .005, .005, .0005};
    int i = 0;
    lade_for_each (m, lade_fit(net, toy_source(&toy), &options)) {
        ck_assert_msg(fabs(m->lr - want[i]) < 1e-8, "item %d: the learning rate is %g, not %g", i, m->lr, want[i]);
        if (++i == 6)
            m->lr = .02;
        if (i == 9)
            m->lr = LADE_SCHEDULED_LR;
    }
    ck_assert_int_eq(i, 12);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

START_TEST(every_optimizer_learns) {
    if (check_under_valgrind())
        CHECK_SKIP("under valgrind, oneDNN needs seconds to compile each kernel");
    struct toy toy = {.arms = 3, .batch = 32, .steps = 60, .seed = 1};
    struct lade_optimizer optimizers[] = {{LADE_SGD, .lr = .1f, .momentum = .9f},
                                          {LADE_ADAGRAD, .lr = .05f},
                                          {LADE_RMSPROP, .lr = .005f},
                                          {LADE_ADAM, .lr = .01f},
                                          {LADE_ADAMW, .lr = .01f}};
    lade_net *net = toy_net("dense 48, relu, dense 48, relu, dense 3", 3);
    struct lade_metrics m = toy_run(net, &toy, &(struct lade_fit_options){.optimizer = optimizers[_i], .epochs = 6});
    ck_assert_msg(m.accuracy > 0.9, "%g", m.accuracy);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

/* A class with weight 0 is not learned. */
START_TEST(class_weights_change_the_result) {
    if (check_under_valgrind())
        CHECK_SKIP("under valgrind, oneDNN needs seconds to compile each kernel");
    struct toy toy = {.arms = 3, .batch = 32, .steps = 20, .seed = 1};
    lade_net *net = toy_net("dense 16, relu, dense 3", 3);
    toy_run(net, &toy,
            &(struct lade_fit_options){.optimizer = nesterov, .epochs = 5, .class_weight = (const float[]){1, 0, 1}});
    float out[TOY_PREDICTIONS];
    toy_predict(net, out);
    for (int i = 0; i < 25; i++)
        ck_assert_float_lt(out[3 * i + 1], .2f);
    toy_close(&toy);
    lade_net_free(net);
    net = lade_net_new("dense 3", 1, (int64_t[]){2}, &(struct lade_net_options){.loss = LADE_MEAN_SQUARED_ERROR}, NULL);
    struct lade_error err =
        toy_run_to_error(net, toy_source(&toy), &(struct lade_fit_options){.label_smoothing = .1f}, NULL);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, "label_smoothing");
    lade_net_free(net);
}
END_TEST

START_TEST(an_infinite_loss_stops_the_run) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 30, .seed = 1, .scale = 1e15f};
    lade_net *net = toy_net("dense 8, relu, dense 3", 1);
    struct lade_error err = toy_run_to_error(
        net, toy_source(&toy), &(struct lade_fit_options){.optimizer = {LADE_SGD, .lr = 1e20f}, .epochs = 2}, NULL);
    ck_assert_int_eq(err.code, LADE_ENUMERIC);
    ck_assert_msg(strstr(err.message, "epoch 1") && strstr(err.message, " of 30") && strstr(err.message, "1e+20"), "%s",
                  err.message);
    char samples[64];
    snprintf(samples, sizeof samples, ": %lld, %lld, ", (long long)(toy.step - 1) * 16,
             (long long)(toy.step - 1) * 16 + 1);
    ck_assert_msg(strstr(err.message, samples) != NULL, "the message '%s' does not contain '%s'", err.message, samples);
    struct lade_source named = toy_source(&toy); /* a source with names of samples */
    named.sample_name = toy_sample_name;
    err = toy_run_to_error(net, named, &(struct lade_fit_options){.optimizer = {LADE_SGD, .lr = 1e20f}, .epochs = 2},
                           NULL);
    ck_assert_msg(strstr(err.message, ": point ") != NULL, "%s", err.message);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

START_TEST(errors_of_the_source_are_returned) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1, .broken = 5},
               test = {.arms = 3, .batch = 16, .steps = 3, .broken = 2};
    lade_net *net = toy_net("dense 3", 1);
    struct lade_error err = toy_run_to_error(net, toy_source(&toy), &(struct lade_fit_options){.epochs = 3}, NULL);
    ck_assert_int_eq(err.code, LADE_EIO);
    ck_assert_str_eq(err.message, "toy: the disk is gone");
    err = toy_run_to_error(net, toy_source(&toy), &(struct lade_fit_options){.validation = toy_source(&test)}, NULL);
    ck_assert_int_eq(err.code, LADE_EIO);
    toy_close(&toy);
    toy_close(&test);
    lade_net_free(net);
}
END_TEST

START_TEST(options_are_checked) {
    static const float weights[] = {1, -1, 1}, nothing[] = {0, 0, 0};
    static const struct {
        struct lade_fit_options options;
        const char *subject;
    } cases[] = {
        {{.epochs = -1}, "epochs"},
        {{.steps_per_epoch = -2}, "steps_per_epoch"},
        {{.validation_steps = -2}, "validation_steps"},
        {{.yield_every = -3}, "yield_every"},
        {{.optimizer = {.lr = -1}}, "lr"},
        {{.optimizer = {.lr = INFINITY}}, "lr"},
        {{.optimizer = {.lr = NAN}}, "lr"},
        {{.optimizer = {.momentum = 1}}, "momentum"},
        {{.optimizer = {.momentum = -.5f}}, "momentum"},
        {{.optimizer = {.weight_decay = -1}}, "weight_decay"},
        {{.optimizer = {.nesterov = true}}, "nesterov"},
        {{.optimizer = {.kind = LADE_OPTIMIZER_COUNT}}, "optimizer"},
        {{.schedule = {.warmup = -1}}, "warmup"},
        {{.accumulate = -2}, "accumulate"},
        {{.checkpoint_every = -2}, "checkpoint_every"},
        {{.clipvalue = -1}, "clipvalue"},
        {{.global_clipnorm = NAN}, "global_clipnorm"},
        {{.label_smoothing = 1}, "label_smoothing"},
        {{.class_weight = weights}, "class_weight"},
        {{.class_weight = nothing}, "class_weight"},
        {{.epochs = 3, .steps_per_epoch = INT64_MAX, .accumulate = 2}, "epochs"},
        {{.checkpoint = "no such folder/net.safetensors"}, "no such folder/net.safetensors"},
    };
    struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1};
    lade_net *net = toy_net("dense 3", 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade_error err = toy_run_to_error(net, toy_source(&toy), &cases[i].options, NULL);
        ck_assert_int_eq(err.code, i == sizeof cases / sizeof *cases - 1 ? LADE_ENOENT : LADE_EINVAL);
        ck_assert_str_eq(err.subject, cases[i].subject);
    }
    ck_assert_int_eq(toy.calls, 0);
    lade_net_free(net);
}
END_TEST

/* If accumulate is larger than the number of steps of an epoch, each epoch makes one update. */
START_TEST(accumulate_may_be_larger_than_an_epoch) {
    float all[TOY_PREDICTIONS], more[TOY_PREDICTIONS];
    for (int i = 0; i < 2; i++) {
        struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1};
        lade_net *net = toy_net("dense 3", 1);
        toy_run(net, &toy, &(struct lade_fit_options){.epochs = 2, .accumulate = i ? INT64_MAX : LADE_FULL_BATCH});
        toy_predict(net, i ? more : all);
        toy_close(&toy);
        lade_net_free(net);
    }
    ck_assert_mem_eq(all, more, sizeof all);
}
END_TEST

/* LADE_OFF means 0, also for options whose default is 0. */
START_TEST(every_hyperparameter_can_be_off) {
    float plain[TOY_PREDICTIONS], off[TOY_PREDICTIONS];
    for (int i = 0; i < 2; i++) {
        struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1};
        lade_net *net = toy_net("dense 3", 1);
        struct lade_fit_options options = {.optimizer = {LADE_SGD}};
        if (i)
            options.optimizer.momentum = options.optimizer.weight_decay = LADE_OFF;
        toy_run(net, &toy, &options);
        toy_predict(net, i ? off : plain);
        toy_close(&toy);
        lade_net_free(net);
    }
    ck_assert_mem_eq(plain, off, sizeof plain);
}
END_TEST

START_TEST(a_source_that_does_not_fit_is_refused) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1};
    lade_net *net = toy_net("dense 4, relu, dense 3", 1);
    struct lade_source good = toy_source(&toy), s = good;
    s.sample_ndim = 3;
    memcpy(s.sample_shape, (int64_t[]){28, 28, 1}, 3 * sizeof(int64_t));
    struct lade_error err = toy_run_to_error(net, s, NULL, NULL);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, "source");
    ck_assert_msg(strstr(err.message, "28x28x1"), "%s", err.message);

    s = good;
    s.classes = 10;
    err = toy_run_to_error(net, s, NULL, NULL);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, "source");
    ck_assert_msg(strstr(err.message, "dense 10"), "%s", err.message);

    s = good;
    s.classes = 0;
    err = toy_run_to_error(net, s, NULL, NULL);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, "source");

    s = good;
    s.steps = 0;
    ck_assert_int_eq(toy_run_to_error(net, s, NULL, NULL).code, LADE_EINVAL);

    s = good;
    s.classes = 4;
    err = toy_run_to_error(net, good, &(struct lade_fit_options){.validation = s}, NULL);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_str_eq(err.subject, "validation");
    ck_assert_int_eq(toy.calls, 0);
    lade_net_free(net);
}
END_TEST

/* ---- Checkpoints ------------------------------------------------------------------------------------------------- */

static void ck_assert_saved(lade_net *net) {
    struct lade_error err = {0};
    lade_net *loaded = lade_net_load(toy_path, 1, &err);
    ck_assert_msg(loaded != NULL, "%s", err.message);
    float now[TOY_PREDICTIONS], then[TOY_PREDICTIONS];
    toy_predict(net, now);
    toy_predict(loaded, then);
    ck_assert_mem_eq(now, then, sizeof now);
    lade_net_free(loaded);
}

START_TEST(a_checkpoint_is_written_after_epochs_and_at_the_end) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1};
    lade_net *net = toy_net("dense 8, relu, dense 3", 1);
    struct lade_fit_options options = {.epochs = 4, .yield_every = 1, .checkpoint = toy_path};
    lade_for_each (m, lade_fit(net, toy_source(&toy), &options)) {
        if (m->epoch == 0 && m->step < 3)
            ck_assert_int_ne(access(toy_path, F_OK), 0);
        if (m->epoch_end)
            ck_assert_saved(net);
        if (m->epoch == 1 && m->step == 2)
            break;
    }
    ck_assert_saved(net);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

START_TEST(an_error_keeps_the_last_checkpoint) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1, .broken = 5};
    lade_net *net = toy_net("dense 8, relu, dense 3", 1);
    struct lade_fit_options options = {.epochs = 4, .checkpoint = toy_path};
    struct lade_error err = {0};
    float at_epoch[TOY_PREDICTIONS], now[TOY_PREDICTIONS], saved[TOY_PREDICTIONS];
    lade_for_each (m, lade_fit(net, toy_source(&toy), &options), &err) {
        ck_assert_int_eq(m->epoch, 0);
        toy_predict(net, at_epoch);
    }
    ck_assert_int_eq(err.code, LADE_EIO);
    toy_predict(net, now);
    ck_assert_mem_ne(now, at_epoch, sizeof now);
    lade_net *loaded = lade_net_load(toy_path, 1, NULL);
    toy_predict(loaded, saved);
    ck_assert_mem_eq(saved, at_epoch, sizeof saved);
    lade_net_free(loaded);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

START_TEST(a_checkpoint_that_cannot_be_written_stops_the_run) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = 3, .seed = 1};
    lade_net *net = toy_net("dense 8, relu, dense 3", 1);
    struct lade_error err = toy_run_to_error(net, toy_source(&toy),
                                             &(struct lade_fit_options){.epochs = 4, .checkpoint = "/dev/full"}, NULL);
    ck_assert_int_eq(err.code, LADE_EIO);
    ck_assert_str_eq(err.subject, "/dev/full");
    ck_assert_int_eq(toy.calls, 3);
    struct stat st;
    ck_assert(stat("/dev/full", &st) == 0 && S_ISCHR(st.st_mode));
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "fit");
    tcase_add_loop_test(tcase, a_net_learns_spirals, 0, 3);
    tcase_add_test(tcase, metrics_have_the_epoch_and_the_step);
    tcase_add_test(tcase, loss_and_accuracy_are_means_over_samples);
    tcase_add_loop_test(tcase, same_seed_same_bytes, 1, 4);
    tcase_add_test(tcase, the_number_of_threads_changes_only_rounding);
    tcase_add_test(tcase, an_assigned_lr_changes_the_next_steps);
    tcase_add_test(tcase, lr_can_be_switched_off_and_on);
    tcase_add_test(tcase, an_invalid_lr_at_the_end_loses_no_checkpoint);
    tcase_add_loop_test(tcase, an_invalid_lr_is_refused, 0, 2);
    tcase_add_test(tcase, break_stops_the_run);
    tcase_add_test(tcase, accumulated_batches_equal_a_large_batch);
    tcase_add_test(tcase, the_last_batches_of_an_epoch_make_an_update);
    tcase_add_test(tcase, clipping_limits_an_update);
    tcase_add_test(tcase, schedules_change_lr);
    tcase_add_loop_test(tcase, every_optimizer_learns, 0, 5);
    tcase_add_test(tcase, class_weights_change_the_result);
    tcase_add_test(tcase, an_infinite_loss_stops_the_run);
    tcase_add_test(tcase, errors_of_the_source_are_returned);
    tcase_add_test(tcase, options_are_checked);
    tcase_add_test(tcase, accumulate_may_be_larger_than_an_epoch);
    tcase_add_test(tcase, every_hyperparameter_can_be_off);
    tcase_add_test(tcase, a_source_that_does_not_fit_is_refused);
    TCase *files = check_case(suite, "checkpoints");
    tcase_add_checked_fixture(files, toy_make_files, toy_remove_files);
    tcase_add_test(files, a_checkpoint_is_written_after_epochs_and_at_the_end);
    tcase_add_test(files, an_error_keeps_the_last_checkpoint);
    tcase_add_test(files, a_checkpoint_that_cannot_be_written_stops_the_run);
}
