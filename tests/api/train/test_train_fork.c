/* Tests of nets and runs of lade_fit() in a child process, and of the cancellation of nets, trainers and runs. */
#define _GNU_SOURCE
#include "support/fork_child.h"
#include "support/train_run.h"

#include <pthread.h>

static struct toy toy_of(int64_t steps) {
    return (struct toy){.arms = 3, .batch = 32, .steps = steps, .seed = 1};
}

static const struct lade_fit_options sgd = {.optimizer = {LADE_SGD, .lr = .1f}, .epochs = 2, .yield_every = 1};

/* ---- fork -------------------------------------------------------------------------------------------------------- */

struct training {
    lade_net *net;
    lade_fit_run *run;
    struct toy toy;
    double loss; /* the loss of the last epoch */
};

static struct training begin(int threads) {
    const char *spec = check_under_valgrind() ? "dense 3" : "dense 64, relu, dense 64, relu, dense 3";
    return (struct training){.net = toy_net_on(spec, 1, threads), .toy = toy_of(10)};
}

/* Runs to the end and stores the loss of the last epoch. Returns 0 if there is no error. */
static int run_to_end(struct training *t) {
    struct lade_metrics *m;
    for (;;) {
        CHILD_ASSERT(lade_fit_next(t->run, &m, NULL) == LADE_OK);
        if (!m)
            break;
        t->loss = m->loss;
    }
    CHILD_ASSERT(lade_fit_close(t->run, NULL) == LADE_OK);
    return 0;
}

static double expected_loss;

static int continue_run(void *ctx) {
    struct training *t = ctx;
    struct toy validation = toy_of(3);
    struct lade_score score;
    CHILD_ASSERT(run_to_end(t) == 0);
    CHILD_ASSERT(t->loss == expected_loss);
    CHILD_ASSERT(lade_net_evaluate(t->net, toy_source(&validation), 0, &score, NULL) == LADE_OK);
    toy_close(&validation);
    lade_net_free(t->net);
    return 0;
}

START_TEST(a_run_continues_in_the_child) {
    NEED_THREADS_IN_CHILD();
    struct lade_metrics *m;
    struct training reference = begin(3), t = begin(3);
    struct lade_source source = toy_source(&reference.toy);
    reference.run = lade_fit_new(reference.net, &source, &sgd, NULL);
    ck_assert_int_eq(run_to_end(&reference), 0);
    expected_loss = reference.loss;
    source = toy_source(&t.toy);
    t.run = lade_fit_new(t.net, &source, &sgd, NULL);
    for (int i = 0; i < _i; i++)
        ck_assert_int_eq(lade_fit_next(t.run, &m, NULL), LADE_OK);
    in_child(continue_run, &t);
    in_child(continue_run, &t);
    ck_assert_int_eq(continue_run(&t), 0);
    lade_net_free(reference.net);
    toy_close(&t.toy);
    toy_close(&reference.toy);
}
END_TEST

static int free_run_and_net(void *ctx) {
    struct training *t = ctx;
    CHILD_ASSERT(lade_fit_close(t->run, NULL) == LADE_OK);
    lade_net_free(t->net);
    return 0;
}

START_TEST(freeing_in_the_child_does_not_wait) {
    struct lade_metrics *m;
    struct training t = begin(3);
    struct lade_source source = toy_source(&t.toy);
    t.run = lade_fit_new(t.net, &source, &sgd, NULL);
    ck_assert_int_eq(lade_fit_next(t.run, &m, NULL), LADE_OK);
    in_child(free_run_and_net, &t);
    free_run_and_net(&t);
    toy_close(&t.toy);
}
END_TEST

static int stop;

static void *predict_until_stop(void *net) {
    static float x[256 * 2], out[256 * 3];
    struct lade_tensor *t = lade_tensor_wrap(x, LADE_FLOAT32, 2, (int64_t[]){256, 2}, NULL, NULL);
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
        ck_assert_int_eq(lade_net_predict(net, t, out, NULL), LADE_OK);
    lade_tensor_unref(t);
    return NULL;
}

static int predict_once(void *net) {
    float x[2] = {1, 2}, out[3];
    struct lade_error err = {0};
    struct lade_tensor *t = lade_tensor_wrap(x, LADE_FLOAT32, 2, (int64_t[]){1, 2}, NULL, NULL);
    int status = lade_net_predict(net, t, out, &err);
    CHILD_ASSERT(status == LADE_OK || (status == LADE_ESTATE && err.message[0]));
    CHILD_ASSERT(status == LADE_OK || lade_net_save(net, "/tmp/never-written", &err) == LADE_ESTATE);
    lade_tensor_unref(t);
    lade_net_free(net);
    return 0;
}

START_TEST(forks_while_another_thread_computes) {
    NEED_BUSY_FORK();
    pthread_t thread;
    lade_net *net = toy_net_on(check_under_valgrind() ? "dense 3" : "dense 64, relu, dense 3", 1, 2);
    stop = 0;
    ck_assert_int_eq(pthread_create(&thread, NULL, predict_until_stop, net), 0);
    for (int i = 0; i < (check_under_valgrind() ? 3 : 30); i++)
        in_child(predict_once, net);
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    lade_net_free(net);
}
END_TEST

/* ---- Cancellation ------------------------------------------------------------------------------------------------ */

START_TEST(a_canceled_net_refuses_computations) {
    struct toy toy = toy_of(3);
    struct lade_score score;
    struct lade_error err = {0};
    float x[2] = {1, 2}, out[3];
    struct lade_tensor *t = lade_tensor_wrap(x, LADE_FLOAT32, 2, (int64_t[]){1, 2}, NULL, NULL);
    lade_net *net = toy_net(check_under_valgrind() ? "dense 3" : "dense 8, relu, dense 3", 1);
    lade_net_cancel(net);
    ck_assert_int_eq(lade_net_predict(net, t, out, &err), LADE_ECANCELED);
    ck_assert_str_eq(err.subject, "net");
    ck_assert_int_eq(lade_net_evaluate(net, toy_source(&toy), 0, &score, &err), LADE_ECANCELED);
    lade_trainer *trainer = lade_trainer_new(net, NULL, &err);
    struct lade_batch *b = toy_next_batch(&toy);
    ck_assert_int_eq(lade_trainer_backward(trainer, b, &err), LADE_ECANCELED);
    lade_net_uncancel(net);
    ck_assert_int_eq(lade_trainer_backward(trainer, b, &err), LADE_OK);
    ck_assert_int_eq(lade_trainer_update(trainer, &err), LADE_OK);
    ck_assert_int_eq(lade_net_predict(net, t, out, &err), LADE_OK);
    lade_batch_unref(b);
    lade_trainer_free(trainer);
    lade_tensor_unref(t);
    lade_net_free(net);
    toy_close(&toy);
}
END_TEST

struct long_call {
    lade_net *net;
    struct toy *toy;
    int status, started;
    double ended;
};

static void *evaluate_long(void *ctx) {
    struct long_call *c = ctx;
    struct lade_score score;
    __atomic_store_n(&c->started, 1, __ATOMIC_RELEASE);
    c->status = lade_net_evaluate(c->net, toy_source(c->toy), 1000000000, &score, NULL);
    c->ended = seconds_now();
    return NULL;
}

START_TEST(cancel_ends_an_evaluation) {
    pthread_t thread;
    struct toy toy = toy_of(3);
    struct long_call c = {.net = toy_net_on("dense 8, relu, dense 3", 1, 2), .toy = &toy};
    ck_assert_int_eq(pthread_create(&thread, NULL, evaluate_long, &c), 0);
    while (!__atomic_load_n(&c.started, __ATOMIC_ACQUIRE))
        usleep(1000);
    usleep(20000);
    double start = seconds_now();
    lade_net_cancel(c.net);
    pthread_join(thread, NULL);
    ck_assert_int_eq(c.status, LADE_ECANCELED);
    /* Usually a few milliseconds; the limit is large, because the machine may be busy. */
    ck_assert_double_lt(c.ended - start, 20);
    lade_net_free(c.net);
    toy_close(&toy);
}
END_TEST

START_TEST(a_canceled_run_continues) {
    struct lade_metrics *m;
    struct lade_error err = {0};
    struct training reference = begin(2), t = begin(2);
    struct lade_source source = toy_source(&reference.toy);
    reference.run = lade_fit_new(reference.net, &source, &sgd, NULL);
    ck_assert_int_eq(run_to_end(&reference), 0);
    source = toy_source(&t.toy);
    t.run = lade_fit_new(t.net, &source, &sgd, NULL);
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(lade_fit_next(t.run, &m, NULL), LADE_OK);
        lade_net_cancel(t.net);
        ck_assert_int_eq(lade_fit_next(t.run, &m, &err), LADE_ECANCELED);
        ck_assert_ptr_null(m);
        lade_net_uncancel(t.net);
    }
    ck_assert_int_eq(run_to_end(&t), 0);
    ck_assert(t.loss == reference.loss);
    lade_net_free(t.net);
    lade_net_free(reference.net);
    toy_close(&t.toy);
    toy_close(&reference.toy);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "fork");
    tcase_add_loop_test(tcase, a_run_continues_in_the_child, check_under_valgrind() ? 2 : 0, 3);
    tcase_add_test(tcase, freeing_in_the_child_does_not_wait);
    tcase_add_test(tcase, forks_while_another_thread_computes);
    tcase_add_test(tcase, a_canceled_net_refuses_computations);
    tcase_add_test(tcase, cancel_ends_an_evaluation);
    tcase_add_test(tcase, a_canceled_run_continues);
}
