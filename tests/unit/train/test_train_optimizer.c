/* Compares optimizers and schedules with their formulas. */
#include "train/fit/optimizer.h"
#include "train/fit/schedule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

#define FLOATS 64
#define STEPS  100

/* The expected values were computed by hand from the formulas in lade/train/optimizer.h. The comments show the values
   of v, g or s in the first and in the second update. */
START_TEST(two_steps_by_hand) {
    static const struct {
        struct lade_optimizer options;
        double want[2]; /* p after two updates: p begins with 1, g is 0.5 and then -1 */
    } cases[] = {
        {{LADE_SGD, .lr = .1f}, {0.95, 1.05}},
        {{LADE_SGD, .lr = .1f, .momentum = .5f}, {0.95, 1.025}},                       /* v: 0.5, -0.75 */
        {{LADE_SGD, .lr = .1f, .momentum = .5f, .nesterov = true}, {0.925, 1.0625}},   /* g: 0.75, -1.375 */
        {{LADE_SGD, .lr = .1f, .weight_decay = .2f}, {0.93, 1.0114}},                  /* g: 0.7, -0.814 */
        {{LADE_SGD, .lr = .1f, .momentum = .5f, .weight_decay = .2f}, {0.93, 0.9764}}, /* v: 0.7, -0.464 */
        {{.kind = LADE_SGD}, {0.995, 1.005}},                                          /* the default lr, 0.01 */
        {{LADE_SGD, .lr = (float)LADE_OFF, .momentum = .5f}, {1, 1}},
        {{LADE_ADAGRAD, .lr = .1f}, {0.9, 0.9894427}},              /* s: 0.25, 1.25 */
        {{LADE_RMSPROP, .lr = .1f, .rho = .75f}, {0.8, 0.9835326}}, /* s: 0.0625, 0.296875 */
        {{LADE_RMSPROP, .lr = .1f, .rho = .75f, .momentum = .5f}, {0.8, 0.8835326}},
        {{LADE_ADAM, .lr = .1f, .beta_1 = .5f, .beta_2 = .5f}, {0.9, 0.9 + .1 * .5 / .8660254}},
        {{LADE_ADAM, .lr = .1f, .weight_decay = 2}, {0.9, 0.8134951}},
        {{LADE_ADAMW, .lr = .1f, .beta_1 = .5f, .beta_2 = .5f, .weight_decay = .5f},
         {0.85, 0.85 * .95 + .1 * .5 / .8660254}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade__optimizer o;
        _Alignas(64) float p[16] = {1}, g[16] = {0};
        struct lade__update update;
        ck_assert_int_eq(lade__optimizer_init(&o, &cases[i].options, 16, NULL), LADE_OK);
        for (int step = 0; step < 2; step++) {
            g[0] = step ? -1 : .5f;
            update = lade__optimizer_begin(&o, (double)o.options.lr, 1, INFINITY);
            lade__optimizer_apply(&o, &update, p, g, 0, 16);
            ck_assert_msg(fabs((double)p[0] - cases[i].want[step]) < 1e-6, "case %zu, step %d: %g, not %g", i, step,
                          (double)p[0], cases[i].want[step]);
        }
        for (int j = 1; j < 16; j++)
            ck_assert_float_eq(p[j], 0); /* a parameter that is 0 and has the gradient 0 stays 0 */
        lade__optimizer_release(&o);
    }
}
END_TEST

/* Computes update @t, counted from 1, with the formulas of torch.optim in double precision. */
static void reference_step(const struct lade_optimizer *o, double *p, double *s0, double *s1, const float *gradients,
                           int t) {
    double lr = (double)o->lr, decay = (double)o->weight_decay, epsilon = (double)o->epsilon, mu = (double)o->momentum;
    double rho = (double)o->rho, b1 = (double)o->beta_1, b2 = (double)o->beta_2;
    for (int i = 0; i < FLOATS; i++) {
        double g = (double)gradients[i];
        if (o->kind == LADE_ADAMW)
            p[i] -= lr * decay * p[i];
        else
            g += decay * p[i];
        if (o->kind == LADE_SGD && mu != 0) {
            s0[i] = t == 1 ? g : mu * s0[i] + g;
            g = o->nesterov ? g + mu * s0[i] : s0[i];
        } else if (o->kind == LADE_ADAGRAD) {
            s0[i] += g * g;
            g /= sqrt(s0[i]) + epsilon;
        } else if (o->kind == LADE_RMSPROP) {
            s0[i] = rho * s0[i] + (1 - rho) * g * g;
            g /= sqrt(s0[i]) + epsilon;
            if (mu != 0)
                g = s1[i] = mu * s1[i] + g;
        } else if (o->kind == LADE_ADAM || o->kind == LADE_ADAMW) {
            s0[i] = b1 * s0[i] + (1 - b1) * g;
            s1[i] = b2 * s1[i] + (1 - b2) * g * g;
            g = s0[i] / (1 - pow(b1, t)) / (sqrt(s1[i]) / sqrt(1 - pow(b2, t)) + epsilon);
        }
        p[i] -= lr * g;
    }
}

static const struct lade_optimizer settings[] = {
    {LADE_SGD, .lr = .05f},
    {LADE_SGD, .lr = .05f, .momentum = .9f},
    {LADE_SGD, .lr = .05f, .momentum = .9f, .nesterov = true},
    {LADE_SGD, .lr = .05f, .momentum = .9f, .nesterov = true, .weight_decay = 5e-4f},
    {LADE_SGD, .lr = .5f, .weight_decay = .01f},
    {LADE_ADAGRAD, .weight_decay = .01f},
    {LADE_ADAGRAD, .lr = .5f},
    {LADE_RMSPROP, .weight_decay = .01f},
    {LADE_RMSPROP, .momentum = .9f},
    {.kind = LADE_ADAM},
    {LADE_ADAM, .lr = .1f, .weight_decay = .1f, .beta_1 = .8f, .beta_2 = .99f, .epsilon = 1e-4f},
    {.kind = LADE_ADAMW},
    {LADE_ADAMW, .lr = .1f, .weight_decay = .1f},
};

START_TEST(a_hundred_steps_follow_the_formula) {
    struct lade__optimizer o;
    struct lade_random r;
    _Alignas(64) float p[FLOATS], g[FLOATS];
    double want[FLOATS], s0[FLOATS] = {0}, s1[FLOATS] = {0};
    lade_random_init(&r, 1, 0, 0, LADE_RANDOM_USER);
    for (int i = 0; i < FLOATS; i++)
        want[i] = (double)(p[i] = (float)lade_random_normal(&r));
    ck_assert_int_eq(lade__optimizer_init(&o, &settings[_i], FLOATS, NULL), LADE_OK);
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < FLOATS; i++)
            g[i] = (float)lade_random_normal(&r);
        struct lade__update update = lade__optimizer_begin(&o, (double)o.options.lr, 1, INFINITY);
        ck_assert(lade__optimizer_apply(&o, &update, p, g, 16, FLOATS)); /* in two parts */
        ck_assert(lade__optimizer_apply(&o, &update, p, g, 0, 16));
        reference_step(&o.options, want, s0, s1, g, step + 1);
    }
    double worst = 0;
    for (int i = 0; i < FLOATS; i++)
        worst = fmax(worst, fabs((double)p[i] - want[i]) / fmax(1, fabs(want[i])));
    ck_assert_msg(worst <= 1e-5, "the largest error is %g", worst);
    lade__optimizer_release(&o);
}
END_TEST

/* Every optimizer must report a gradient or a parameter that is not finite. In the last case, each number is finite,
   and only the sum of the parameters is infinite. */
START_TEST(numbers_that_are_not_finite_are_reported) {
    static const struct {
        float p, g, limit;
        bool finite;
    } cases[] = {
        {1, 1, INFINITY, true},          {1, NAN, INFINITY, false}, {1, INFINITY, INFINITY, false},
        {1, -INFINITY, INFINITY, false}, {1, NAN, .5f, false},      {1, INFINITY, .5f, true},
        {NAN, 0, INFINITY, false},       {INFINITY, 1, .5f, false}, {3e38f, 1, .5f, true}}; /* the sum is infinite */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int at = 0; at < 16; at += 5) {
            struct lade__optimizer o;
            _Alignas(64) float p[16] = {0}, g[16] = {0};
            p[at] = cases[i].p;
            p[15 - at] = cases[i].finite ? cases[i].p : 0;
            g[at] = cases[i].g;
            ck_assert_int_eq(lade__optimizer_init(&o, &settings[_i], 16, NULL), LADE_OK);
            struct lade__update update = lade__optimizer_begin(&o, .01, 1, cases[i].limit);
            ck_assert_msg(lade__optimizer_apply(&o, &update, p, g, 0, 16) == cases[i].finite, "case %zu at %d", i, at);
            lade__optimizer_release(&o);
        }
}
END_TEST

START_TEST(gradients_are_scaled_and_clamped) {
    struct lade__optimizer o;
    _Alignas(64) float p[16] = {0}, g[16] = {1, -1, 4, -4, NAN};
    ck_assert_int_eq(lade__optimizer_init(&o, &(struct lade_optimizer){.lr = 1}, 16, NULL), LADE_OK);
    struct lade__update update = lade__optimizer_begin(&o, 1, .5f, .75f);
    ck_assert(!lade__optimizer_apply(&o, &update, p, g, 0, 16));
    ck_assert_float_eq(p[0], -.5f);
    ck_assert_float_eq(p[1], .5f);
    ck_assert_float_eq(p[2], -.75f);
    ck_assert_float_eq(p[3], .75f);
    ck_assert(isnan(p[4]));
    lade__optimizer_release(&o);
}
END_TEST

START_TEST(only_needed_states_are_allocated) {
    static const struct {
        struct lade_optimizer options;
        bool states[2];
    } cases[] = {{{LADE_SGD}, {false, false}},
                 {{LADE_SGD, .momentum = .9f}, {true, false}},
                 {{LADE_ADAGRAD}, {true, false}},
                 {{LADE_RMSPROP}, {true, false}},
                 {{LADE_RMSPROP, .momentum = .9f}, {true, true}},
                 {{LADE_ADAM}, {true, true}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade__optimizer o;
        ck_assert_int_eq(lade__optimizer_init(&o, &cases[i].options, FLOATS, NULL), LADE_OK);
        for (int j = 0; j < 2; j++)
            ck_assert_int_eq(o.states[j] != NULL, cases[i].states[j]);
        lade__optimizer_release(&o);
        lade__optimizer_release(&o);
    }
}
END_TEST

START_TEST(invalid_options_are_named) {
    static const struct {
        struct lade_optimizer options;
        const char *subject;
    } cases[] = {{{LADE_ADAM, .beta_1 = 1}, "beta_1"},
                 {{LADE_ADAM, .beta_2 = -1}, "beta_2"},
                 {{LADE_RMSPROP, .rho = 1.5f}, "rho"},
                 {{LADE_ADAM, .epsilon = INFINITY}, "epsilon"},
                 {{LADE_ADAM, .momentum = .9f}, "momentum"},
                 {{LADE_SGD, .rho = .5f}, "rho"},
                 {{LADE_RMSPROP, .momentum = .9f, .nesterov = true}, "nesterov"},
                 {{LADE_SGD, .nesterov = true}, "nesterov"},
                 {{LADE_OPTIMIZER_COUNT}, "optimizer"},
                 {{(enum lade_optimizer_kind) - 1}, "optimizer"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade__optimizer o;
        struct lade_error err = {0};
        ck_assert_int_eq(lade__optimizer_init(&o, &cases[i].options, FLOATS, &err), LADE_EINVAL);
        ck_assert_str_eq(err.subject, cases[i].subject);
        ck_assert_ptr_null(o.states[0]);
    }
}
END_TEST

START_TEST(every_optimizer_is_described) {
    for (int i = 0; i < LADE_OPTIMIZER_COUNT; i++) {
        const struct lade_optimizer_info *info = lade_optimizer_info((enum lade_optimizer_kind)i);
        struct lade__optimizer with_zeros, with_defaults;
        int known = 0;
        ck_assert_int_eq(info->defaults.kind, i);
        for (int j = 0; j < LADE__HYPERPARAMETERS; j++)
            for (const char *const *name = info->hyperparameters; *name; name++)
                known += strcmp(*name, lade__hyperparameters[j].name) == 0;
        for (const char *const *name = info->hyperparameters; *name; name++)
            known--;
        ck_assert_msg(known == 0, "%s has a hyper-parameter that struct lade_optimizer does not have", info->name);
        ck_assert_int_eq(lade__optimizer_init(&with_zeros, &(struct lade_optimizer){info->defaults.kind}, 16, NULL), 0);
        ck_assert_int_eq(lade__optimizer_init(&with_defaults, &info->defaults, 16, NULL), LADE_OK);
        for (int j = 0; j < LADE__HYPERPARAMETERS; j++)
            ck_assert_double_eq(lade__hyperparameter_get(&with_zeros.options, j),
                                lade__hyperparameter_get(&with_defaults.options, j));
        lade__optimizer_release(&with_zeros);
        lade__optimizer_release(&with_defaults);
    }
    ck_assert_ptr_null(lade_optimizer_info(LADE_OPTIMIZER_COUNT));
    ck_assert_ptr_null(lade_optimizer_info((enum lade_optimizer_kind) - 1));
}
END_TEST

/* ---- Schedules --------------------------------------------------------------------------------------------------- */

START_TEST(factors_follow_the_formulas) {
    static const struct {
        struct lade_schedule options;
        int64_t step; /* number of the update, 0 to 99; an epoch has 10 updates */
        double want;
    } cases[] = {{{LADE_CONSTANT}, 99, 1},
                 {{LADE_CONSTANT, .warmup = 4}, 0, .25},
                 {{LADE_CONSTANT, .warmup = 4}, 3, 1},
                 {{LADE_CONSTANT, .warmup = 4}, 4, 1},
                 {{LADE_STEP, .epochs = 3}, 29, 1},
                 {{LADE_STEP, .epochs = 3}, 30, .1},
                 {{LADE_STEP, .epochs = 3, .factor = .5f}, 99, .125},
                 {{LADE_EXPONENTIAL}, 20, .95 * .95},
                 {{LADE_EXPONENTIAL, .factor = .5f}, 39, .125},
                 {{LADE_COSINE}, 0, 1},
                 {{LADE_COSINE}, 50, .5},
                 {{LADE_COSINE}, 25, .8535533905932737},
                 {{LADE_COSINE, .warmup = 20}, 9, .5},
                 {{LADE_COSINE, .warmup = 20}, 60, .5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade__schedule s;
        ck_assert_int_eq(lade__schedule_init(&s, &cases[i].options, 100, 10, NULL), LADE_OK);
        ck_assert_double_eq_tol(lade__schedule_rate(&s, 1, cases[i].step), cases[i].want, 1e-7);
    }
}
END_TEST

START_TEST(a_plateau_lowers_the_rate) {
    struct lade__schedule s;
    struct lade_schedule options = {LADE_PLATEAU, .epochs = 2, .factor = .5f};
    ck_assert_int_eq(lade__schedule_init(&s, &options, 100, 10, NULL), LADE_OK);
    static const double losses[] = {1, .9, .89999, .95, .91, .9, .9, .9, .8, NAN, .8, .8};
    static const double want[] = {1, 1, 1, 1, .5, .5, .5, .25, .25, .25, .25, .125};
    for (int i = 0; i < 12; i++) {
        lade__schedule_end_epoch(&s, 1, losses[i]);
        ck_assert_msg(lade__schedule_rate(&s, 1, i * 10) == want[i], "after epoch %d: %g", i,
                      lade__schedule_rate(&s, 1, i * 10));
    }
}
END_TEST

/* The learning rates are equal to the rates of torch.optim.lr_scheduler.ReduceLROnPlateau. With a patience of 0, each
   epoch after the first lowers the rate. */
START_TEST(a_plateau_has_limits) {
    static const struct {
        struct lade_schedule options;
        double lr, want[6];
    } cases[] = {
        {{LADE_PLATEAU, .epochs = 1, .factor = .1f, .min_lr = .02f}, 1, {1, 1, .1, .1, .02, .02}},
        {{LADE_PLATEAU, .epochs = 1, .factor = .1f, .min_lr = 2}, 1, {1, 1, 1, 1, 1, 1}},
        {{LADE_PLATEAU, .epochs = 1, .factor = .5f, .eps = .3f}, 1, {1, 1, .5, .5, .5, .5}},
        {{LADE_PLATEAU, .epochs = 1, .factor = .1f}, 1e-7, {1e-7, 1e-7, 1e-8, 1e-8, 1e-8, 1e-8}},
        {{LADE_PLATEAU, .epochs = 1, .factor = .1f, .eps = LADE_OFF}, 1e-7, {1e-7, 1e-7, 1e-8, 1e-8, 1e-9, 1e-9}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade__schedule s;
        ck_assert_int_eq(lade__schedule_init(&s, &cases[i].options, 100, 10, NULL), LADE_OK);
        for (int epoch = 0; epoch < 6; epoch++) {
            lade__schedule_end_epoch(&s, cases[i].lr, epoch ? 2 : 1);
            double rate = lade__schedule_rate(&s, cases[i].lr, 10 * epoch), want = cases[i].want[epoch];
            ck_assert_msg(fabs(rate - want) < 1e-6 * want, "case %zu, epoch %d: %g, not %g", i, epoch, rate, want);
        }
    }
    static const struct lade_schedule wrong[] = {
        {LADE_PLATEAU, .min_lr = -1}, {LADE_PLATEAU, .eps = (float)NAN}, {LADE_COSINE, .min_lr = .1f}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct lade__schedule s;
        struct lade_error err = {0};
        ck_assert_int_eq(lade__schedule_init(&s, &wrong[i], 100, 10, &err), LADE_EINVAL);
        ck_assert_str_eq(err.subject, i == 1 ? "schedule.eps" : "schedule.min_lr");
    }
}
END_TEST

/* The learning rate falls to 0 at the end of a cosine, and a factor may underflow. */
START_TEST(a_rate_may_be_zero) {
    struct lade__schedule s;
    ck_assert_int_eq(lade__schedule_init(&s, &(struct lade_schedule){LADE_COSINE}, 100, 10, NULL), LADE_OK);
    ck_assert(lade__schedule_rate(&s, 1, 99) > 0 && lade__schedule_rate(&s, 1, 100) == 0);
    struct lade_schedule steep = {LADE_EXPONENTIAL, .factor = 1e-30f};
    ck_assert_int_eq(lade__schedule_init(&s, &steep, 1000, 10, NULL), LADE_OK);
    ck_assert(lade__schedule_rate(&s, 1, 990) == 0);
}
END_TEST

START_TEST(every_schedule_is_described) {
    for (int i = 0; i < LADE_SCHEDULE_COUNT; i++) {
        const struct lade_schedule_info *info = lade_schedule_info((enum lade_schedule_kind)i);
        struct lade__schedule s;
        ck_assert_int_eq(info->defaults.kind, i);
        ck_assert_int_eq(lade__schedule_init(&s, &(struct lade_schedule){info->defaults.kind}, 100, 10, NULL), LADE_OK);
        ck_assert_int_eq(s.options.epochs, info->defaults.epochs);
        ck_assert_float_eq(s.options.factor, info->defaults.factor);
    }
    ck_assert_ptr_null(lade_schedule_info(LADE_SCHEDULE_COUNT));
}
END_TEST

START_TEST(invalid_schedules_are_named) {
    static const struct {
        struct lade_schedule options;
        const char *subject;
    } cases[] = {{{LADE_SCHEDULE_COUNT}, "schedule"},
                 {{LADE_STEP, .warmup = -1}, "warmup"},
                 {{LADE_STEP, .epochs = -1}, "schedule.epochs"},
                 {{LADE_STEP, .factor = 2}, "schedule.factor"},
                 {{LADE_STEP, .factor = NAN}, "schedule.factor"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade__schedule s;
        struct lade_error err = {0};
        ck_assert_int_eq(lade__schedule_init(&s, &cases[i].options, 100, 10, &err), LADE_EINVAL);
        ck_assert_str_eq(err.subject, cases[i].subject);
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "optimizer");
    tcase_add_test(tcase, two_steps_by_hand);
    tcase_add_loop_test(tcase, a_hundred_steps_follow_the_formula, 0, (int)(sizeof settings / sizeof *settings));
    tcase_add_loop_test(tcase, numbers_that_are_not_finite_are_reported, 0, (int)(sizeof settings / sizeof *settings));
    tcase_add_test(tcase, gradients_are_scaled_and_clamped);
    tcase_add_test(tcase, only_needed_states_are_allocated);
    tcase_add_test(tcase, invalid_options_are_named);
    tcase_add_test(tcase, every_optimizer_is_described);
    tcase_add_test(tcase, factors_follow_the_formulas);
    tcase_add_test(tcase, a_plateau_lowers_the_rate);
    tcase_add_test(tcase, a_plateau_has_limits);
    tcase_add_test(tcase, a_rate_may_be_zero);
    tcase_add_test(tcase, every_schedule_is_described);
    tcase_add_test(tcase, invalid_schedules_are_named);
}
