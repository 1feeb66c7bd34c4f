/* Checks that denormal numbers become 0 while a net is computed. After the computation, the calling thread must have
   its earlier floating-point mode. */
#include "train/net/net.h"

#include <fenv.h>

#include <lade/train.h>

#include "support/check_main.h"

enum { SAMPLES = 64, INPUTS = 8, OUTPUTS = 4 };

/* Trains a net for one step. The first input of the net is denormal, so the gradient of the input's weights must be 0.
 * Then computes predictions with two rounding modes of the thread, and compares them. */
static void train_and_predict(int threads) {
    struct lade_error err = {0};
    lade_net *net = lade_net_new("dense 16, relu, dense 4", 1, (int64_t[]){INPUTS},
                                 &(struct lade_net_options){.threads = threads, .seed = 1}, &err);
    ck_assert_msg(net != NULL, "%s", err.message);
    lade_trainer *t = lade_trainer_new(net, &(struct lade_trainer_options){.optimizer = {LADE_ADAM, .lr = .01f}}, &err);
    ck_assert_msg(t != NULL, "%s", err.message);
    struct lade_batch b = {.n = SAMPLES,
                           .x = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){SAMPLES, INPUTS}),
                           .y = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){SAMPLES, 1})};
    float *x = lade_tensor_data(b.x), *y = lade_tensor_data(b.y), nearest[SAMPLES * OUTPUTS], upward[SAMPLES * OUTPUTS];
    for (int i = 0; i < SAMPLES * INPUTS; i++)
        x[i] = i % INPUTS == 0 ? 1e-39f : (float)(i * 37 % 101) / 101;
    for (int i = 0; i < SAMPLES; i++)
        y[i] = (float)(i % OUTPUTS);
    ck_assert_int_eq(lade_trainer_backward(t, &b, &err), LADE_OK);
    ck_assert_int_eq(lade_trainer_complete(t, &err), LADE_OK);
    struct lade_tensor *gradient = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){16, INPUTS});
    ck_assert_int_eq(lade_trainer_get_gradient(t, "0.weight", gradient, &err), LADE_OK);
    for (int i = 0; i < 16; i++)
        ck_assert_float_eq(((float *)lade_tensor_data(gradient))[i * INPUTS], 0);
    ck_assert_int_eq(lade_trainer_update(t, &err), LADE_OK);
    ck_assert_int_eq(lade_net_predict(net, b.x, nearest, &err), LADE_OK);
    ck_assert_int_eq(fesetround(FE_UPWARD), 0);
    ck_assert_int_eq(lade_net_predict(net, b.x, upward, &err), LADE_OK);
    ck_assert_int_eq(fegetround(), FE_UPWARD);
    ck_assert_int_eq(fesetround(FE_TONEAREST), 0);
    ck_assert_mem_eq(nearest, upward, sizeof nearest);
    lade_tensor_unref(gradient);
    lade_tensor_unref(b.x);
    lade_tensor_unref(b.y);
    lade_trainer_free(t);
    lade_net_free(net);
}

START_TEST(the_mode_of_the_program_has_no_effect_and_is_restored) {
    volatile float small = 1e-39f;
    if (check_under_valgrind())
        CHECK_SKIP("valgrind does not implement denormal numbers and rounding modes");
    for (int threads = 1; threads <= 2; threads++) {
        ck_assert_int_eq(feclearexcept(FE_ALL_EXCEPT), 0);
        train_and_predict(threads);
        ck_assert_int_eq(fegetround(), FE_TONEAREST);
        ck_assert(small * 1.5f > 0); /* the test can compute with denormal numbers */
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "denormals");
    tcase_add_test(tcase, the_mode_of_the_program_has_no_effect_and_is_restored);
}
