/* Tests of the functions that read and set parameters, buffers and gradients by name, and of the names of classes. */
#include "support/train_run.h"

static struct toy data(void) {
    return (struct toy){.arms = 3, .batch = 12, .steps = 4, .seed = 1};
}

/* ---- Names ------------------------------------------------------------------------------------------------------- */

START_TEST(parameters_have_the_names_and_shapes_of_pytorch) {
    static const struct {
        const char *name;
        int ndim;
        int64_t shape[4];
        bool is_buffer;
    } want[] = {{"0.weight", 4, {6, 2, 3, 3}, false}, {"0.bias", 1, {6}, false},
                {"1.weight", 1, {6}, false},          {"1.bias", 1, {6}, false},
                {"1.running_mean", 1, {6}, true},     {"1.running_var", 1, {6}, true},
                {"4.weight", 2, {5, 24}, false},      {"4.bias", 1, {5}, false}};
    enum { COUNT = sizeof want / sizeof *want };
    lade_net *net =
        lade_net_new("conv 6 3 groups 2, batchnorm, relu, flatten, dense 5", 3, (int64_t[]){4, 4, 4}, NULL, NULL);
    int64_t trainable = 0;
    for (int i = 0; i < COUNT; i++) {
        const struct lade_parameter_info *p = lade_net_parameter_info(net, i);
        ck_assert_ptr_nonnull(p);
        ck_assert_str_eq(p->name, want[i].name);
        ck_assert_int_eq(p->ndim, want[i].ndim);
        int64_t count = 1;
        for (int j = 0; j < p->ndim; j++) {
            ck_assert_int_eq(p->shape[j], want[i].shape[j]);
            count *= p->shape[j];
        }
        ck_assert_int_eq(p->count, count);
        ck_assert_int_eq(p->is_buffer, want[i].is_buffer);
        trainable += p->is_buffer ? 0 : count;
    }
    ck_assert_int_eq(trainable, lade_net_info(net)->parameters);
    ck_assert_ptr_null(lade_net_parameter_info(net, COUNT));
    ck_assert_ptr_null(lade_net_parameter_info(net, -1));
    lade_net_free(net);
}
END_TEST

/* After a program has copied all parameters and buffers from one net to another net, both nets are equal. */
START_TEST(all_parameters_can_be_copied) {
    static const char spec[] = "dense 8, batchnorm, relu, dense 3";
    struct toy toy = data();
    lade_net *from = toy_net(spec, 1), *to = toy_net(spec, 2);
    toy_run(from, &toy, NULL); /* this run also changes the buffers */
    float want[TOY_PREDICTIONS], have[TOY_PREDICTIONS];
    toy_predict(from, want);
    toy_predict(to, have);
    ck_assert_mem_ne(have, want, sizeof have);
    const struct lade_parameter_info *p;
    for (int i = 0; (p = lade_net_parameter_info(from, i)); i++) {
        struct lade_tensor *values = lade_tensor_new(LADE_FLOAT32, p->ndim, p->shape);
        ck_assert_int_eq(lade_net_get_parameter(from, p->name, values, NULL), LADE_OK);
        ck_assert_int_eq(lade_net_set_parameter(to, p->name, values, NULL), LADE_OK);
        lade_tensor_unref(values);
    }
    toy_predict(to, have);
    ck_assert_mem_eq(have, want, sizeof have);
    toy_close(&toy);
    lade_net_free(from);
    lade_net_free(to);
}
END_TEST

/* If a parameter is changed between two items of lade_fit(), the next step uses the new value. */
START_TEST(a_parameter_can_be_changed_during_a_run) {
    struct toy toy = data();
    lade_net *net = toy_net("dense 3", 1);
    struct lade_fit_options options = {.optimizer = {LADE_SGD, .lr = (float)LADE_OFF}, .yield_every = 1};
    struct lade_tensor *bias = lade_tensor_new(LADE_FLOAT32, 1, (int64_t[]){3});
    double losses[4];
    lade_for_each (m, lade_fit(net, toy_source(&toy), &options)) {
        losses[m->step - 1] = m->loss * (double)m->samples;
        if (m->step == 2) {
            ((float *)lade_tensor_data(bias))[0] = 50;
            ck_assert_int_eq(lade_net_set_parameter(net, "0.bias", bias, NULL), LADE_OK);
        }
    }
    ck_assert_double_lt(losses[1] - losses[0], 5 * 12);
    ck_assert_double_gt(losses[2] - losses[1], 10 * 12);
    lade_tensor_unref(bias);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

/* The rectifier changes NaN to 0, so the outputs alone do not show the NaN. */
START_TEST(a_net_with_nan_cannot_predict) {
    struct toy toy = data();
    struct lade_error err = {0};
    lade_net *net = toy_net("dense 3, relu, dense 3", 1);
    struct lade_tensor *bias = lade_tensor_new(LADE_FLOAT32, 1, (int64_t[]){3});
    struct lade_batch *b = toy_next_batch(&toy);
    float *out = calloc((size_t)b->n * 3, sizeof *out);
    struct lade_score score;
    static const float wrong[] = {NAN, INFINITY, -INFINITY};
    memset(lade_tensor_data(bias), 0, lade_tensor_bytes(bias));
    for (int i = 0; i < 3; i++) {
        ((float *)lade_tensor_data(bias))[1] = wrong[i];
        ck_assert_int_eq(lade_net_set_parameter(net, "0.bias", bias, NULL), LADE_OK);
        ck_assert_error(lade_net_predict(net, b->x, out, &err), &err, LADE_ENUMERIC, "0.bias");
        ck_assert_error(lade_net_evaluate(net, toy_source(&toy), 1, &score, &err), &err, LADE_ENUMERIC, "0.bias");
    }
    ((float *)lade_tensor_data(bias))[1] = 1;
    ck_assert_int_eq(lade_net_set_parameter(net, "0.bias", bias, NULL), LADE_OK);
    ck_assert_int_eq(lade_net_predict(net, b->x, out, &err), LADE_OK);
    free(out);
    lade_batch_unref(b);
    lade_tensor_unref(bias);
    toy_close(&toy);
    lade_net_free(net);
}
END_TEST

START_TEST(wrong_names_and_tensors_are_refused) {
    struct toy toy = data();
    struct lade_error err = {0};
    lade_net *net = toy_net("dense 8, batchnorm, dense 3", 1);
    lade_trainer *t = lade_trainer_new(net, NULL, &err);
    struct lade_batch *b = toy_next_batch(&toy);
    struct lade_tensor *good = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){8, 2}),
                       *turned = lade_tensor_new(LADE_FLOAT32, 2, (int64_t[]){2, 8}),
                       *flat = lade_tensor_new(LADE_FLOAT32, 1, (int64_t[]){16}),
                       *doubles = lade_tensor_new(LADE_FLOAT64, 2, (int64_t[]){8, 2}),
                       *eight = lade_tensor_new(LADE_FLOAT32, 1, (int64_t[]){8});
    ck_assert_int_eq(lade_trainer_backward(t, b, NULL), LADE_OK);
    ck_assert_error(lade_trainer_get_gradient(t, "0.weight", good, &err), &err, LADE_ESTATE, "0.weight");
    ck_assert_error(lade_trainer_set_gradient(t, "0.weight", good, &err), &err, LADE_ESTATE, "0.weight");
    ck_assert_int_eq(lade_trainer_complete(t, NULL), LADE_OK);
    const struct {
        const char *name;
        struct lade_tensor *tensor;
        int code;
    } cases[] = {{"0.weights", good, LADE_ENOENT}, {"", good, LADE_ENOENT},
                 {"3.bias", good, LADE_ENOENT},    {"0.weight", turned, LADE_EINVAL},
                 {"0.weight", flat, LADE_EINVAL},  {"0.weight", doubles, LADE_EINVAL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *name = cases[i].name;
        struct lade_tensor *x = cases[i].tensor;
        ck_assert_error(lade_net_get_parameter(net, name, x, &err), &err, cases[i].code, name);
        ck_assert_error(lade_net_set_parameter(net, name, x, &err), &err, cases[i].code, name);
        ck_assert_error(lade_trainer_get_gradient(t, name, x, &err), &err, cases[i].code, name);
        ck_assert_error(lade_trainer_set_gradient(t, name, x, &err), &err, cases[i].code, name);
    }
    ck_assert_int_eq(lade_net_get_parameter(net, "1.running_mean", eight, NULL), LADE_OK);
    ck_assert_error(lade_trainer_get_gradient(t, "1.running_mean", eight, &err), &err, LADE_EINVAL, "1.running_mean");
    ck_assert_int_eq(lade_trainer_get_gradient(t, "0.weight", good, NULL), LADE_OK);
    ck_assert_int_eq(lade_trainer_update(t, NULL), LADE_OK);
    ck_assert_error(lade_trainer_get_gradient(t, "0.weight", good, &err), &err, LADE_ESTATE, "0.weight");
    lade_tensor_unref(good);
    lade_tensor_unref(turned);
    lade_tensor_unref(flat);
    lade_tensor_unref(doubles);
    lade_tensor_unref(eight);
    lade_batch_unref(b);
    lade_trainer_free(t);
    lade_net_free(net);
    toy_close(&toy);
}
END_TEST

START_TEST(class_names_can_be_set_later) {
    static const char *const names[] = {"one", "two", "three"}, *const latin[] = {"a", "b\xe9", "c"};
    struct lade_error err = {0};
    lade_net *net = toy_net("dense 3", 1);
    ck_assert_int_eq(lade_net_set_class_names(net, names, 3, NULL), LADE_OK);
    ck_assert_error(lade_net_set_class_names(net, names, 2, &err), &err, LADE_EINVAL, "class_names");
    ck_assert_error(lade_net_set_class_names(net, latin, 3, &err), &err, LADE_EINVAL, "class_names");
    ck_assert_str_eq(lade_net_info(net)->class_names[2], "three"); /* the call failed, so the names have not changed */
    ck_assert_int_eq(lade_net_set_class_names(net, NULL, 0, NULL), LADE_OK);
    ck_assert(!lade_net_info(net)->class_names && lade_net_info(net)->class_names_count == 0);
    lade_net_free(net);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "parameters");
    tcase_add_test(tcase, parameters_have_the_names_and_shapes_of_pytorch);
    tcase_add_test(tcase, all_parameters_can_be_copied);
    tcase_add_test(tcase, a_parameter_can_be_changed_during_a_run);
    tcase_add_test(tcase, a_net_with_nan_cannot_predict);
    tcase_add_test(tcase, wrong_names_and_tensors_are_refused);
    tcase_add_test(tcase, class_names_can_be_set_later);
}
