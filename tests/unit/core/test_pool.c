/* Tests of the thread pool, which runs the numbered parts of a computation. Each part runs once. The threads sleep
   while they wait. Signals are blocked in the threads. */
#include "base/pool.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "support/check_main.h"

#define PARTS 100

struct counts {
    int calls[PARTS];
    int at_once, most_at_once;
};

static void count(void *ctx, int part) {
    struct counts *c = ctx;
    __atomic_add_fetch(&c->calls[part], 1, __ATOMIC_RELAXED);
}

START_TEST(each_part_runs_once) {
    struct lade__pool *pool = lade__pool_new("lade-test", _i);
    for (int parts = 0; parts <= PARTS; parts += parts < 5 ? 1 : 19) {
        struct counts c = {0};
        lade__pool_run(pool, parts, count, &c);
        for (int i = 0; i < PARTS; i++)
            ck_assert_int_eq(c.calls[i], i < parts);
    }
    lade__pool_free(pool);
    lade__pool_free(NULL);
}
END_TEST

START_TEST(the_caller_sees_what_the_parts_wrote) {
    struct lade__pool *pool = lade__pool_new("lade-test", 2);
    int plain[PARTS];
    for (int round = 0; round < 300; round++) {
        struct counts c;
        memset(&c, 0, sizeof c);
        lade__pool_run(pool, 7, count, &c);
        for (int i = 0; i < 7; i++)
            plain[i] = c.calls[i]; /* not an atomic read, so that ThreadSanitizer finds a missing lock */
        for (int i = 0; i < 7; i++)
            ck_assert_int_eq(plain[i], 1);
    }
    lade__pool_free(pool);
}
END_TEST

/* Waits until three parts run at the same time, but at most two seconds. */
static void meet(void *ctx, int part) {
    struct counts *c = ctx;
    (void)part;
    int now = __atomic_add_fetch(&c->at_once, 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < 2000 && __atomic_load_n(&c->most_at_once, __ATOMIC_SEQ_CST) < 3; i++) {
        if (now > __atomic_load_n(&c->most_at_once, __ATOMIC_SEQ_CST))
            __atomic_store_n(&c->most_at_once, now, __ATOMIC_SEQ_CST);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

START_TEST(parts_run_at_the_same_time) {
    struct lade__pool *pool = lade__pool_new("lade-test", 2);
    struct counts c = {0};
    lade__pool_run(pool, 3, meet, &c); /* each part waits for the other two */
    ck_assert_int_eq(c.most_at_once, 3);
    lade__pool_free(pool);
}
END_TEST

static void *run_four(void *pool) {
    struct counts c = {0};
    lade__pool_run(pool, 4, count, &c);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(c.calls[i], 1);
    return NULL;
}

START_TEST(different_threads_may_use_a_pool_one_after_another) {
    struct lade__pool *pool = lade__pool_new("lade-test", 1);
    for (int i = 0; i < 20; i++) {
        pthread_t thread;
        ck_assert_int_eq(pthread_create(&thread, NULL, run_four, pool), 0);
        pthread_join(thread, NULL);
    }
    lade__pool_free(pool);
}
END_TEST

START_TEST(waiting_takes_no_processor_time) {
    struct lade__pool *pool = lade__pool_new("lade-test", 3);
    struct counts c = {0};
    lade__pool_run(pool, 4, count, &c);
    struct timespec begin, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    double used = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) * 1e-9;
    ck_assert_msg(used < 0.05, "the process used %g seconds of CPU time", used);
    lade__pool_free(pool);
}
END_TEST

/* ---- lade__pool_start() ------------------------------------------------------------------------------------------ */

START_TEST(start_calls_the_function_on_every_thread) {
    for (int i = 0; i < 50; i++) {
        struct lade__pool *pool = lade__pool_new("lade-test", 3);
        struct counts c = {0};
        struct lade_error err = {0};
        ck_assert_int_eq(lade__pool_start(pool, i ? count : meet, &c, &err), LADE_OK); /* meet() needs 3 threads */
        lade__pool_free(pool);
        for (int part = 0; part < PARTS; part++)
            ck_assert_int_eq(c.calls[part], i && part < 3);
        ck_assert_int_eq(c.most_at_once, i ? 0 : 3);
    }
}
END_TEST

/* Stores 1 in *ctx if signals are blocked in the calling thread, and 0 otherwise. */
static void look_for_blocked_signals(void *ctx, int part) {
    sigset_t mask;
    (void)part;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    *(int *)ctx = sigismember(&mask, SIGINT) && sigismember(&mask, SIGTERM) && sigismember(&mask, SIGALRM);
}

START_TEST(signals_are_blocked_in_the_threads_only) {
    struct lade__pool *pool = lade__pool_new("lade-test", 1);
    int blocked = 0, own = 1;
    ck_assert_int_eq(lade__pool_start(pool, look_for_blocked_signals, &blocked, NULL), LADE_OK);
    lade__pool_free(pool);
    look_for_blocked_signals(&own, 0);
    ck_assert_int_eq(blocked, 1);
    ck_assert_int_eq(own, 0);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "pool");
    tcase_add_loop_test(tcase, each_part_runs_once, 0, 6);
    tcase_add_test(tcase, the_caller_sees_what_the_parts_wrote);
    tcase_add_test(tcase, parts_run_at_the_same_time);
    tcase_add_test(tcase, different_threads_may_use_a_pool_one_after_another);
    tcase_add_test(tcase, waiting_takes_no_processor_time);
    tcase_add_test(tcase, start_calls_the_function_on_every_thread);
    tcase_add_test(tcase, signals_are_blocked_in_the_threads_only);
}
