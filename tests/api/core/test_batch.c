/* Tests that a batch is released exactly once, by the thread that drops the last reference. */
#include <lade/batch.h>

#include <pthread.h>
#include <stdlib.h>

#include "support/check_main.h"

static int released;

static void release(struct lade_batch *b, void *ctx) {
    ck_assert_ptr_eq(ctx, &released);
    ck_assert_int_eq(b->n, 3);
    released++;
}

START_TEST(the_last_unref_releases_the_batch) {
    struct lade_batch b = {.n = 3, .refs = 1, .release = release, .release_ctx = &released};
    ck_assert_ptr_eq(lade_batch_ref(&b), &b);
    lade_batch_unref(&b);
    ck_assert_int_eq(released, 0);
    lade_batch_unref(&b);
    ck_assert_int_eq(released, 1);
    lade_batch_unref(NULL);
}
END_TEST

static void *ref_and_unref(void *ctx) {
    for (int i = 0; i < 20000; i++)
        lade_batch_unref(lade_batch_ref(ctx));
    lade_batch_unref(ctx);
    return NULL;
}

START_TEST(references_may_be_counted_on_many_threads) {
    enum { THREADS = 4 };
    struct lade_batch b = {.n = 3, .refs = THREADS + 1, .release = release, .release_ctx = &released};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, ref_and_unref, &b), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(released, 0);
    lade_batch_unref(&b);
    ck_assert_int_eq(released, 1);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "batch");
    tcase_add_test(tcase, the_last_unref_releases_the_batch);
    tcase_add_test(tcase, references_may_be_counted_on_many_threads);
}
