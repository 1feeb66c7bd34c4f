/* Optimisers against their formulas, in double and by hand. */
#include "train/optimizer.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FLOATS 64
#define STEPS  100

/* By hand, from the formulas in train.h. */
START_TEST(two_steps_by_hand) {
    static const struct {
        struct lade_optimizer options;
        double want[2]; /* p after each step, from p = 1, g = 0.5 and then g = -1 */
    } cases[] = {
        {{LADE_SGD, .lr = .1f}, {0.95, 1.05}},
        {{LADE_SGD, .lr = .1f, .momentum = .5f}, {0.95, 1.025}},                       /* v: 0.5, -0.75 */
        {{LADE_SGD, .lr = .1f, .momentum = .5f, .nesterov = true}, {0.925, 1.0625}},   /* 0.75; -1.375 */
        {{LADE_SGD, .lr = .1f, .weight_decay = .2f}, {0.93, 1.0114}},                  /* 0.7; -0.814 */
        {{LADE_SGD, .lr = .1f, .momentum = .5f, .weight_decay = .2f}, {0.93, 0.9764}}, /* v: 0.7, -0.464 */
        {{.kind = LADE_SGD}, {0.995, 1.005}},                                          /* lr 0.01 */
        {{LADE_SGD, .lr = (float)LADE_OFF, .momentum = .5f}, {1, 1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lade__optimizer o;
        _Alignas(64) float p[16] = {1}, g[16] = {0};
        ck_assert_int_eq(lade__optimizer_init(&o, &cases[i].options, 16, NULL), LADE_OK);
        for (int step = 0; step < 2; step++) {
            g[0] = step ? -1 : .5f;
            lade__optimizer_step(&o, p, g, (double)o.options.lr, 0, 16);
            ck_assert_msg(fabs((double)p[0] - cases[i].want[step]) < 1e-6, "case %zu, step %d: %g, not %g", i, step,
                          (double)p[0], cases[i].want[step]);
        }
        for (int j = 1; j < 16; j++)
            ck_assert_float_eq(p[j], 0); /* value and gradient 0 stay 0 */
        lade__optimizer_release(&o);
    }
}
END_TEST

/* torch.optim.SGD, written out in double: buf = g at first, then momentum * buf + g. */
static void reference_step(const struct lade_optimizer *o, double *p, double *v, const float *g, bool first) {
    for (int i = 0; i < FLOATS; i++) {
        double d = (double)g[i] + (double)o->weight_decay * p[i];
        if (o->momentum != 0) {
            v[i] = first ? d : (double)o->momentum * v[i] + d;
            d = o->nesterov ? d + (double)o->momentum * v[i] : v[i];
        }
        p[i] -= (double)o->lr * d;
    }
}

START_TEST(a_hundred_steps_follow_the_formula) {
    static const struct lade_optimizer cases[] = {
        {LADE_SGD, .lr = .05f},
        {LADE_SGD, .lr = .05f, .momentum = .9f},
        {LADE_SGD, .lr = .05f, .momentum = .9f, .nesterov = true},
        {LADE_SGD, .lr = .05f, .momentum = .9f, .nesterov = true, .weight_decay = 5e-4f},
        {LADE_SGD, .lr = .5f, .weight_decay = .01f},
    };
    const struct lade_optimizer *options = &cases[_i];
    struct lade__optimizer o;
    struct lade_random r;
    _Alignas(64) float p[FLOATS], g[FLOATS];
    double want[FLOATS], v[FLOATS];
    lade_random_init(&r, 1, 0, 0, LADE_RANDOM_USER);
    for (int i = 0; i < FLOATS; i++)
        want[i] = (double)(p[i] = (float)lade_random_normal(&r));
    ck_assert_int_eq(lade__optimizer_init(&o, options, FLOATS, NULL), LADE_OK);
    for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < FLOATS; i++)
            g[i] = (float)lade_random_normal(&r);
        lade__optimizer_step(&o, p, g, (double)options->lr, 16, FLOATS); /* in two pieces */
        lade__optimizer_step(&o, p, g, (double)options->lr, 0, 16);
        reference_step(options, want, v, g, step == 0);
    }
    double worst = 0;
    for (int i = 0; i < FLOATS; i++)
        worst = fmax(worst, fabs((double)p[i] - want[i]) / fmax(1, fabs(want[i])));
    ck_assert_msg(worst <= 1e-5, "off by %g", worst);
    lade__optimizer_release(&o);
}
END_TEST

START_TEST(memory_is_taken_for_momentum_only) {
    struct lade__optimizer o;
    ck_assert_int_eq(lade__optimizer_init(&o, &(struct lade_optimizer){.kind = LADE_SGD}, FLOATS, NULL), LADE_OK);
    ck_assert_ptr_null(o.velocity);
    lade__optimizer_release(&o);
    ck_assert_int_eq(lade__optimizer_init(&o, &(struct lade_optimizer){.momentum = .9f}, FLOATS, NULL), LADE_OK);
    ck_assert_ptr_nonnull(o.velocity);
    lade__optimizer_release(&o);
    lade__optimizer_release(&o);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("train optimizer");
    TCase *tcase = tcase_create("optimizer");
    tcase_add_test(tcase, two_steps_by_hand);
    tcase_add_loop_test(tcase, a_hundred_steps_follow_the_formula, 0, 5);
    tcase_add_test(tcase, memory_is_taken_for_momentum_only);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
