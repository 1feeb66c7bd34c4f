/* Tests of waits for a flow that end early: by a deadline, by lade_flow_cancel(), or by pthread_cancel(). The last
   test is about batches that the program holds. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"
#include "support/fork_child.h"

#include <pthread.h>

/* While the gate is closed, the workers wait in the preprocessing function pass_gate(). */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int closed, inside;
};

static int pass_gate(void *ctx, const struct lade_flow_sample *sample, struct lade_error *err) {
    struct gate *gate = ctx;
    (void)sample, (void)err;
    pthread_mutex_lock(&gate->lock);
    gate->inside++;
    pthread_cond_broadcast(&gate->changed);
    while (gate->closed)
        pthread_cond_wait(&gate->changed, &gate->lock);
    gate->inside--;
    pthread_mutex_unlock(&gate->lock);
    return LADE_OK;
}

static void set_gate(struct gate *gate, int closed) {
    pthread_mutex_lock(&gate->lock);
    gate->closed = closed;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

/* Waits until a worker is in pass_gate(). */
static void wait_inside(struct gate *gate) {
    pthread_mutex_lock(&gate->lock);
    while (!gate->inside)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static struct gate gate;

static void open_gate(void) {
    gate = (struct gate){PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};
}

static lade_flow *gated_flow_with(int workers) {
    tree_classes(2, (int[]){5, 6});
    open_gate();
    return tree_flow(&(struct lade_flow_options){.target_size = {4, 4},
                                                 .batch_size = 3,
                                                 .seed = 1,
                                                 .workers = workers,
                                                 .preprocessing_function = {pass_gate, &gate}});
}

static lade_flow *gated_flow(void) {
    return gated_flow_with(2);
}

static struct lade_digest digest_of_gated(int64_t steps) {
    struct lade_flow_options o = {.target_size = {4, 4}, .batch_size = 3, .seed = 1, .workers = 1};
    lade_flow *flow = tree_flow(&o);
    struct lade_digest d = tree_digest(flow, steps);
    lade_flow_free(flow);
    return d;
}

/* ---- Deadlines --------------------------------------------------------------------------------------------------- */

START_TEST(a_deadline_ends_the_wait_and_loses_nothing) {
    struct lade_error err = {0};
    struct lade_batch *b = NULL;
    lade_flow *flow = gated_flow();
    struct timespec past = {0}, soon;
    set_gate(&gate, 1);
    for (int i = 0; i < 4; i++) {
        double start = seconds_now();
        soon = time_in(i * 20);
        ck_assert_int_eq(lade_flow_next_until(flow, i ? &soon : &past, &b, &err), LADE_ETIMEDOUT);
        check_error(&err, LADE_ETIMEDOUT, "");
        ck_assert_double_ge(seconds_now() - start, i * 0.02 - 0.001);
        /* The limit of 20 s is large, because the machine may be busy. */
        ck_assert_double_lt(seconds_now() - start, i * 0.02 + 20);
    }
    set_gate(&gate, 0);
    ck_assert_int_eq(lade_flow_next_until(flow, &(struct timespec){0, 1000000000}, &b, &err), LADE_EINVAL);
    check_error(&err, LADE_EINVAL, "deadline");
    struct lade_digest expected = digest_of_gated(6), d = {0};
    for (int i = 0; i < 6; i++) {
        soon = time_in(30000);
        ck_assert_int_eq(lade_flow_next_until(flow, i % 2 ? &soon : NULL, &b, &err), LADE_OK);
        lade_digest_add(&d, b);
        lade_batch_unref(b);
    }
    ck_assert(d.low == expected.low && d.high == expected.high);
    lade_flow_free(flow);
}
END_TEST

START_TEST(a_batch_that_is_ready_needs_no_time) {
    struct lade_batch *b = NULL;
    struct timespec past = {0};
    lade_flow *flow = gated_flow();
    lade_batch_unref(tree_next(flow));
    int status = LADE_ETIMEDOUT;
    for (int i = 0; i < 10000 && status == LADE_ETIMEDOUT; i++) {
        usleep(1000);
        status = lade_flow_next_until(flow, &past, &b, NULL);
    }
    ck_assert_int_eq(status, LADE_OK);
    ck_assert(b->epoch == 0 && b->step == 1);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

/* ---- Cancellation ------------------------------------------------------------------------------------------------ */

enum call { NEXT, BATCH, FIT, GENERATOR, CALLS };

struct waiting {
    lade_flow *flow;
    enum call call;
    int status;
    double ended;
    pthread_t thread;
};

static int wait_for_generator(lade_flow *flow) {
    lade_gen_auto(struct lade_batch *) g = lade_flow_batches(flow);
    return lade_next(g) ? LADE_OK : lade_gen_error(g)->code;
}

static void *make_call(void *ctx) {
    struct waiting *w = ctx;
    struct lade_batch *b = NULL;
    if (w->call == NEXT)
        w->status = lade_flow_next(w->flow, &b, NULL);
    if (w->call == BATCH)
        w->status = lade_flow_batch(w->flow, 3, 1, &b, NULL);
    if (w->call == FIT)
        w->status = lade_flow_fit(w->flow, NULL);
    if (w->call == GENERATOR)
        w->status = wait_for_generator(w->flow);
    w->ended = seconds_now();
    lade_batch_unref(b);
    return NULL;
}

static struct waiting *begin_waiting(lade_flow *flow, enum call call) {
    static struct waiting w;
    w = (struct waiting){.flow = flow, .call = call, .status = 1};
    set_gate(&gate, 1);
    ck_assert_int_eq(pthread_create(&w.thread, NULL, make_call, &w), 0);
    wait_inside(&gate);
    return &w;
}

START_TEST(cancel_ends_each_wait_while_the_workers_hang) {
    struct lade_error err = {0};
    struct lade_batch *b = NULL;
    lade_flow *flow = gated_flow();
    struct waiting *w = begin_waiting(flow, (enum call)_i);
    struct timespec soon = time_in(20);
    double start = seconds_now();
    lade_flow_cancel(flow);
    pthread_join(w->thread, NULL);
    ck_assert_int_eq(w->status, LADE_ECANCELED);
    ck_assert_double_lt(w->ended - start, 20); /* usually 0.1 ms; the limit is large, because the machine may be busy */

    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_ECANCELED); /* the flow remains cancelled */
    ck_assert_int_eq(lade_flow_batch(flow, 0, 0, &b, &err), LADE_ECANCELED);
    ck_assert_int_eq(lade_flow_fit(flow, &err), LADE_ECANCELED);
    check_error(&err, LADE_ECANCELED, "");
    ck_assert_int_eq(lade_flow_wait_idle(flow, &soon, &err), LADE_ETIMEDOUT); /* a worker is still in pass_gate() */

    set_gate(&gate, 0);
    ck_assert_int_eq(lade_flow_wait_idle(flow, NULL, &err), LADE_OK);
    ck_assert_int_eq(gate.inside, 0);
    lade_flow_uncancel(flow);
    lade_flow_uncancel(flow);
    ck_assert_int_eq(lade_flow_wait_idle(flow, &soon, &err), LADE_ESTATE);
    if (w->call == FIT)
        ck_assert_int_eq(lade_flow_fit(flow, &err), LADE_OK);
    struct lade_digest expected = digest_of_gated(9), d = tree_digest(flow, 9);
    ck_assert(d.low == expected.low && d.high == expected.high);
    lade_flow_free(flow);
}
END_TEST

START_TEST(a_canceled_flow_continues_while_old_workers_hang) {
    lade_flow *flow = gated_flow(), *same;
    int64_t k = 0, in_epoch = lade_flow_steps(flow);
    for (int i = 0; i < 5; i++) {
        struct waiting *w = begin_waiting(flow, NEXT);
        lade_flow_cancel(flow);
        pthread_join(w->thread, NULL);
        k += w->status == LADE_OK; /* the wait can return a batch that was already complete */
        lade_flow_uncancel(flow);
        set_gate(&gate, 0);
        for (int j = 0; j < 2; j++, k++) {
            struct lade_batch *b = tree_next(flow);
            ck_assert_int_eq(b->epoch * in_epoch + b->step, k);
            lade_batch_unref(b);
        }
    }
    same = tree_flow(lade_flow_options_get(flow));
    tree_digest(same, k);
    struct lade_digest expected = tree_digest(same, 6), d = tree_digest(flow, 6);
    ck_assert(d.low == expected.low && d.high == expected.high);
    lade_flow_free(flow);
    lade_flow_free(same);
}
END_TEST

/* After lade_flow_fit() was cancelled, its worker can still run. The next call must wait for this worker, because a
   reader allows only one thread for each worker number. */
START_TEST(a_flow_waits_for_the_workers_of_a_canceled_fit) {
    struct lade_error err = {0};
    lade_flow *flow = gated_flow_with(1);
    struct waiting *w = begin_waiting(flow, FIT);
    lade_flow_cancel(flow);
    pthread_join(w->thread, NULL);
    ck_assert_int_eq(w->status, LADE_ECANCELED);
    lade_flow_uncancel(flow);
    begin_waiting(flow, (enum call)_i); /* this call waits for the old worker before it starts new workers */
    usleep(50000);
    pthread_mutex_lock(&gate.lock);
    int inside = gate.inside;
    pthread_mutex_unlock(&gate.lock);
    ck_assert_int_eq(inside, 1);
    lade_flow_cancel(flow);
    struct timespec soon = time_in(10);
    ck_assert_int_eq(lade_flow_wait_idle(flow, &soon, &err), LADE_ETIMEDOUT);
    set_gate(&gate, 0);
    pthread_join(w->thread, NULL);
    ck_assert_int_eq(lade_flow_wait_idle(flow, NULL, &err), LADE_OK);
    lade_flow_uncancel(flow);
    struct lade_batch *b = tree_next(flow);
    ck_assert(b->epoch == 0 && b->step == (w->call != BATCH && w->status == LADE_OK));
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

static int continue_after_fit(void *flow) {
    struct lade_batch *b;
    open_gate(); /* the child process does not have the worker that is in pass_gate() in the parent */
    lade_flow_cancel(flow);
    CHILD_ASSERT(lade_flow_wait_idle(flow, NULL, NULL) == LADE_OK);
    lade_flow_uncancel(flow);
    CHILD_ASSERT(lade_flow_next(flow, &b, NULL) == LADE_OK);
    lade_batch_unref(b);
    lade_flow_free(flow);
    return 0;
}

START_TEST(a_child_does_not_wait_for_the_workers_of_a_canceled_fit) {
    NEED_BUSY_FORK();
    lade_flow *flow = gated_flow();
    struct waiting *w = begin_waiting(flow, FIT);
    lade_flow_cancel(flow);
    pthread_join(w->thread, NULL);
    in_child(continue_after_fit, flow);
    set_gate(&gate, 0);
    lade_flow_free(flow);
}
END_TEST

/* The caller of lade_flow_cancel() and lade_flow_free() holds a lock that the preprocessing function needs. */
START_TEST(cancel_then_free_with_a_lock_of_the_user) {
    struct lade_error err = {0};
    lade_flow *flow = gated_flow();
    lade_batch_unref(tree_next(flow));
    pthread_mutex_lock(&gate.lock);
    lade_flow_cancel(flow); /* does not wait for a worker that waits for the lock */
    struct timespec soon = time_in(10);
    int status = lade_flow_wait_idle(flow, &soon, &err);
    pthread_mutex_unlock(&gate.lock);
    ck_assert(status == LADE_OK || status == LADE_ETIMEDOUT);
    ck_assert_int_eq(lade_flow_wait_idle(flow, NULL, &err), LADE_OK);
    pthread_mutex_lock(&gate.lock);
    lade_flow_free(flow);
    pthread_mutex_unlock(&gate.lock);
}
END_TEST

START_TEST(a_canceled_flow_can_be_freed_at_once) {
    lade_flow *flow = gated_flow();
    lade_flow_cancel(flow);
    lade_flow_free(flow);
    flow = tree_flow(&(struct lade_flow_options){.target_size = {4, 4}, .batch_size = 3});
    lade_batch_unref(tree_next(flow));
    lade_flow_cancel(flow);
    lade_flow_free(flow);
}
END_TEST

/* ---- pthread_cancel() -------------------------------------------------------------------------------------------- */

static void *call_until_canceled(void *ctx) {
    struct waiting *w = ctx;
    make_call(w);
    for (;;)
        pthread_testcancel();
    return NULL;
}

START_TEST(pthread_cancel_is_deferred) {
    void *result;
    lade_flow *flow = gated_flow();
    struct waiting w = {.flow = flow, .call = (enum call)_i, .status = 1};
    set_gate(&gate, 1);
    ck_assert_int_eq(pthread_create(&w.thread, NULL, call_until_canceled, &w), 0);
    wait_inside(&gate);
    ck_assert_int_eq(pthread_cancel(w.thread), 0);
    usleep(20000);
    set_gate(&gate, 0);
    ck_assert_int_eq(pthread_join(w.thread, &result), 0);
    ck_assert_ptr_eq(result, PTHREAD_CANCELED);
    ck_assert_int_eq(w.status, LADE_OK);
    struct lade_batch *b = tree_next(flow); /* the flow can still be used */
    ck_assert_int_eq(b->step, w.call == NEXT || w.call == GENERATOR);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

/* ---- Held batches ------------------------------------------------------------------------------------------------ */

START_TEST(the_ring_grows_if_held_is_grow) {
    struct lade_batch *held[100];
    struct lade_flow_counters c;
    struct lade_error err = {0};
    tree_classes(2, (int[]){5, 6});
    struct lade_flow_options o = {.target_size = {4, 4}, .batch_size = 3, .seed = 1, .held = LADE_HELD_GROW};
    lade_flow *flow = tree_flow(&o);
    o.held = LADE_HELD_REFUSE;
    lade_flow *same = tree_flow(&o);
    for (int i = 0; i < 100; i++)
        held[i] = tree_next(flow);
    for (int i = 0; i < 100; i++) {
        struct lade_batch *b = tree_next(same);
        ck_assert_mem_eq(lade_tensor_data(b->x), lade_tensor_data(held[i]->x), lade_tensor_bytes(b->x));
        lade_batch_unref(b);
    }
    lade_flow_counters(flow, &c);
    ck_assert_int_ge(c.ring, 100);
    for (int i = 0; i < 100; i++)
        lade_batch_unref(held[i]);
    lade_batch_unref(tree_next(flow));
    lade_flow_counters(flow, &c);
    ck_assert_int_le(c.ring, 32); /* slots that the workers have filled meanwhile are freed later */
    lade_flow_free(flow);
    lade_flow_free(same);
    o.held = (enum lade_held)7;
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, &o, &err));
    check_error(&err, LADE_EINVAL, "held");
    enum lade_held value;
    ck_assert_int_eq(lade_held_from_name("grow", &value, &err), LADE_OK);
    ck_assert(value == LADE_HELD_GROW && strcmp(lade_held_name(value), "grow") == 0);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "cancel");
    tcase_add_test(tcase, a_deadline_ends_the_wait_and_loses_nothing);
    tcase_add_test(tcase, a_batch_that_is_ready_needs_no_time);
    tcase_add_loop_test(tcase, cancel_ends_each_wait_while_the_workers_hang, 0, CALLS);
    tcase_add_test(tcase, a_canceled_flow_continues_while_old_workers_hang);
    tcase_add_loop_test(tcase, a_flow_waits_for_the_workers_of_a_canceled_fit, NEXT, BATCH + 1);
    tcase_add_test(tcase, a_child_does_not_wait_for_the_workers_of_a_canceled_fit);
    tcase_add_test(tcase, cancel_then_free_with_a_lock_of_the_user);
    tcase_add_test(tcase, a_canceled_flow_can_be_freed_at_once);
    tcase_add_loop_test(tcase, pthread_cancel_is_deferred, 0, CALLS);
    tcase_add_test(tcase, the_ring_grows_if_held_is_grow);
}
