/* Tests of the option restore_best_weights: the net and the checkpoint have the parameters of the best epoch. */
#include "support/train_run.h"

#include <string.h>

enum { STEPS = 4, EPOCHS = 8 };

/* A run whose learning rate is so high that later epochs are often worse than earlier epochs. */
struct run {
    bool keeps; /* the option restore_best_weights */
    const char *checkpoint, *resume;
    int epochs;
    int stop_after; /* number of epochs after which the loop ends with break; 0: no break */
    bool by_loss;   /* the option best_by_loss */
    uint64_t seed;  /* 0 .. 19; changes the first parameters of the net */
};

struct result {
    float predictions[TOY_PREDICTIONS]; /* predictions of the net after the run */
    float at[EPOCHS][TOY_PREDICTIONS];  /* predictions of the net at the end of each epoch */
    struct lade_metrics last;
    double val_loss[EPOCHS];
};

static void run(const struct run *run, struct result *out) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = STEPS, .seed = 1},
               test = {.arms = 3, .batch = 50, .steps = 2, .seed = 9};
    struct lade_error err = {0};
    lade_net *net = toy_net("dense 8, batchnorm, relu, dense 3", 1 + run->seed);
    struct lade_fit_options fit = {.optimizer = {LADE_ADAM, .lr = .5f},
                                   .epochs = run->epochs,
                                   .validation = toy_source(&test),
                                   .checkpoint = run->checkpoint,
                                   .resume = run->resume,
                                   .restore_best_weights = run->keeps,
                                   .best_by_loss = run->by_loss};
    lade_for_each (m, lade_fit(net, toy_source(&toy), &fit), &err) {
        toy_predict(net, out->at[m->epoch]);
        out->last = *m;
        out->val_loss[m->epoch] = m->val_loss;
        if (m->epoch + 1 == run->stop_after)
            break;
    }
    ck_assert_msg(err.code == LADE_OK, "%s", err.message);
    toy_predict(net, out->predictions);
    toy_close(&toy);
    toy_close(&test);
    lade_net_free(net);
}

static bool same(const float *a, const float *b) {
    return memcmp(a, b, sizeof(float) * TOY_PREDICTIONS) == 0;
}

static void load_predictions(const char *path, float out[TOY_PREDICTIONS]) {
    struct lade_error err = {0};
    lade_net *net = lade_net_load(path, 1, &err);
    ck_assert_msg(net != NULL, "%s", err.message);
    toy_predict(net, out);
    lade_net_free(net);
}

START_TEST(the_net_and_the_file_are_the_best_epoch) {
    struct result kept = {0}, last = {0};
    float file[TOY_PREDICTIONS];
    run(&(struct run){.keeps = true, .checkpoint = toy_path, .epochs = EPOCHS}, &kept);
    run(&(struct run){.epochs = EPOCHS}, &last);
    int best = kept.last.best_epoch;
    ck_assert_int_eq(best, last.last.best_epoch);
    ck_assert_msg(best >= 0 && best < EPOCHS - 1, "the last epoch is the best, so this test tests nothing");
    ck_assert(same(kept.at[EPOCHS - 1], last.at[EPOCHS - 1])); /* training itself is the same */
    ck_assert(same(last.predictions, last.at[EPOCHS - 1]));
    ck_assert(same(kept.predictions, last.at[best]));
    ck_assert(!same(kept.predictions, last.predictions));
    load_predictions(toy_path, file);
    ck_assert(same(file, last.at[best]));
}
END_TEST

/* The lowest loss and the highest accuracy may be in the same epoch, and this depends on the CPU. So the test tries
   seeds until the two epochs differ. */
START_TEST(the_lowest_loss_can_decide) {
    bool differs = false;
    for (uint64_t seed = 0; seed < 20 && !differs; seed++) {
        struct result by_loss = {0}, by_accuracy = {0};
        run(&(struct run){.keeps = true, .by_loss = true, .epochs = EPOCHS, .seed = seed}, &by_loss);
        run(&(struct run){.keeps = true, .epochs = EPOCHS, .seed = seed}, &by_accuracy);
        int lowest = 0;
        for (int i = 1; i < EPOCHS; i++)
            lowest = by_loss.val_loss[i] < by_loss.val_loss[lowest] ? i : lowest;
        ck_assert_int_eq(by_loss.last.best_epoch, lowest);
        ck_assert(same(by_loss.predictions, by_loss.at[lowest]));
        differs = by_accuracy.last.best_epoch != lowest;
    }
    ck_assert_msg(differs, "both rules always choose the same epoch, so this test tests nothing");
}
END_TEST

/* The checkpoint also contains the last parameters, so a finished or stopped run can be continued. */
START_TEST(a_resumed_run_continues_from_the_last_epoch) {
    struct result whole = {0}, part = {0}, rest = {0};
    run(&(struct run){.keeps = true, .checkpoint = toy_path, .epochs = EPOCHS}, &whole);
    for (int stop = 1; stop < EPOCHS; stop++) {
        run(&(struct run){.keeps = true, .checkpoint = toy_other_path, .epochs = EPOCHS, .stop_after = stop}, &part);
        ck_assert(same(part.predictions, whole.at[part.last.best_epoch]));
        struct run resumed = {true, toy_other_path, toy_other_path, EPOCHS, 0};
        run(&resumed, &rest);
        ck_assert_int_eq(rest.last.best_epoch, whole.last.best_epoch);
        ck_assert(same(rest.at[EPOCHS - 1], whole.at[EPOCHS - 1]));
        ck_assert(same(rest.predictions, whole.predictions));
        ck_assert(toy_same_files(toy_path, toy_other_path));
    }
}
END_TEST

/* A run may be resumed with another value of the option. */
START_TEST(the_option_may_change_on_resume) {
    struct result whole = {0}, part = {0}, rest = {0};
    run(&(struct run){.epochs = EPOCHS}, &whole);
    for (int keeps = 0; keeps < 2; keeps++) {
        run(&(struct run){keeps, toy_path, NULL, EPOCHS, 5}, &part);
        run(&(struct run){!keeps, toy_path, toy_path, EPOCHS, 0}, &rest);
        ck_assert(same(rest.at[EPOCHS - 1], whole.at[EPOCHS - 1]));
        ck_assert(same(rest.predictions, whole.at[keeps ? EPOCHS - 1 : rest.last.best_epoch]));
        /* Without the option, the first run does not store the parameters of its earlier epochs. */
        ck_assert(keeps || rest.last.best_epoch >= 4);
    }
}
END_TEST

START_TEST(without_validation_the_last_epoch_is_kept) {
    struct toy toy = {.arms = 3, .batch = 16, .steps = STEPS, .seed = 1};
    float end[TOY_PREDICTIONS], after[TOY_PREDICTIONS];
    lade_net *net = toy_net("dense 3", 1);
    struct lade_fit_options fit = {.epochs = 2, .restore_best_weights = true};
    lade_for_each (m, lade_fit(net, toy_source(&toy), &fit)) {
        ck_assert_int_eq(m->best_epoch, -1);
        toy_predict(net, end);
    }
    toy_predict(net, after);
    ck_assert(same(end, after));
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "best");
    tcase_add_checked_fixture(tcase, toy_make_files, toy_remove_files);
    tcase_add_test(tcase, the_net_and_the_file_are_the_best_epoch);
    tcase_add_test(tcase, the_lowest_loss_can_decide);
    tcase_add_test(tcase, a_resumed_run_continues_from_the_last_epoch);
    tcase_add_test(tcase, the_option_may_change_on_resume);
    tcase_add_test(tcase, without_validation_the_last_epoch_is_kept);
}
