/* The team: every part once, whoever does it; it sleeps, it ends, it may be asked from another thread. */
#include "train/net/thread_pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/check_main.h"

#define PARTS 100

struct counts {
    int done[PARTS];
    int at_once, most_at_once;
};

static void count(void *ctx, int part) {
    struct counts *c = ctx;
    __atomic_add_fetch(&c->done[part], 1, __ATOMIC_RELAXED);
}

START_TEST(every_part_is_done_once) {
    struct lade__thread_pool *team = lade__thread_pool_new(_i);
    for (int parts = 0; parts <= PARTS; parts += parts < 5 ? 1 : 19) {
        struct counts c = {0};
        lade__thread_pool_run(team, parts, count, &c);
        for (int i = 0; i < PARTS; i++)
            ck_assert_int_eq(c.done[i], i < parts);
    }
    lade__thread_pool_free(team);
    lade__thread_pool_free(NULL);
}
END_TEST

START_TEST(what_a_part_wrote_is_seen_after) {
    struct lade__thread_pool *team = lade__thread_pool_new(3);
    int plain[PARTS]; /* no atomics: a race would be one that a sanitizer sees */
    for (int round = 0; round < 300; round++) {
        struct counts c;
        memset(&c, 0, sizeof c);
        lade__thread_pool_run(team, 7, count, &c);
        for (int i = 0; i < 7; i++)
            plain[i] = c.done[i];
        for (int i = 0; i < 7; i++)
            ck_assert_int_eq(plain[i], 1);
    }
    lade__thread_pool_free(team);
}
END_TEST

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
    struct lade__thread_pool *team = lade__thread_pool_new(3);
    struct counts c = {0};
    lade__thread_pool_run(team, 3, meet, &c); /* each waits for the others */
    ck_assert_int_eq(c.most_at_once, 3);
    lade__thread_pool_free(team);
}
END_TEST

static void *run_elsewhere(void *ctx) {
    struct counts c = {0};
    lade__thread_pool_run(ctx, 4, count, &c);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(c.done[i], 1);
    return NULL;
}

START_TEST(callers_may_change) {
    struct lade__thread_pool *team = lade__thread_pool_new(2);
    for (int i = 0; i < 20; i++) {
        pthread_t thread;
        ck_assert_int_eq(pthread_create(&thread, NULL, run_elsewhere, team), 0);
        pthread_join(thread, NULL);
    }
    lade__thread_pool_free(team);
}
END_TEST

START_TEST(waiting_takes_no_processor_time) {
    struct lade__thread_pool *team = lade__thread_pool_new(4);
    struct counts c = {0};
    lade__thread_pool_run(team, 4, count, &c);
    struct timespec begin, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    double used = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) * 1e-9;
    ck_assert_msg(used < 0.05, "%g seconds", used);
    lade__thread_pool_free(team);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "team");
    tcase_add_loop_test(tcase, every_part_is_done_once, 1, 6);
    tcase_add_test(tcase, what_a_part_wrote_is_seen_after);
    tcase_add_test(tcase, parts_run_at_the_same_time);
    tcase_add_test(tcase, callers_may_change);
    tcase_add_test(tcase, waiting_takes_no_processor_time);
}
