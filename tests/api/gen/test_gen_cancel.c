/*
 * Tests of pthread_cancel() and pthread_exit() while a generator function runs. After such a call, the generator has
 * ended with an error, and another thread can free the generator.
 */
#include "support/rules.h"

#include <pthread.h>
#include <unistd.h>

/* Returns the reason why the tests of this file cannot run. Returns NULL if they can run. */
static const char *obstacle(void) {
#ifdef LADE__SANITIZED
    return "AddressSanitizer cannot unwind a stack while the thread ends";
#elif defined(LADE_FORCE_UCONTEXT)
    return "unwinding does not continue after the portable stack switch";
#elif !defined(__GLIBC__)
    return "only glibc unwinds the stack of a canceled thread";
#else
    return check_under_valgrind() ? "valgrind reports the source of a canceled generator as a leak" : NULL;
#endif
}

static pthread_barrier_t inside;

generator(long, waits, long, how)
{
    yield(1);
    if (how)
        pthread_exit(&inside);
    pthread_barrier_wait(&inside);
    for (;;)
        pause(); /* a cancellation point */
    yield(2);
}

generator_over(long, passes_on, long, source) {
    for (long *p; (p = next(source));)
        yield(*p);
}

generator(long, delegates, long, how)
{ yield_from(waits(how)); }

static void *pull(void *handle) {
    gen(long) g = *(gen(long) *)handle;
    while (next(g))
        ;
    return handle;
}

static void *drain(void *handle) {
    gen(long) g = *(gen(long) *)handle;
    return sum(g) ? handle : NULL;
}

/* Runs `consume` on a new thread, which ends while the generator runs. If @how is 0, this function cancels the thread.
   Otherwise, the generator function calls pthread_exit(). Frees the generator. */
static void end_thread(void *(*consume)(void *), lade_gen_owned(long) owned, int how) {
    gen(long) g = owned;
    pthread_t thread;
    void *result = NULL;
    ck_assert_int_eq(pthread_create(&thread, NULL, consume, &g), 0);
    if (!how) {
        pthread_barrier_wait(&inside);
        ck_assert_int_eq(pthread_cancel(thread), 0);
    }
    ck_assert_int_eq(pthread_join(thread, &result), 0);
    ck_assert_ptr_eq(result, how ? &inside : PTHREAD_CANCELED);
    ck_assert_int_eq(gen_state(g), LADE_GEN_DONE);
    ck_assert_ptr_null(next(g));
    ck_assert_int_eq(gen_free(g), LADE_OK);
}

static void end_threads(int how) {
    lade_set_unhandled_hook(count_unhandled, NULL);
    for (int i = 0; i < 3; i++) {
        end_thread(pull, waits(how), how);
        end_thread(pull, delegates(how), how);
        end_thread(pull, passes_on(passes_on(waits(how))), how);
        end_thread(pull, take(waits(how), 10), how);
        end_thread(drain, waits(how), how);
        end_thread(drain, delegates(how), how);
        end_thread(drain, passes_on(waits(how)), how);
    }
}

START_TEST(a_cancelled_thread_ends_its_generators) {
    if (obstacle())
        CHECK_SKIP("%s", obstacle());
    pthread_barrier_init(&inside, NULL, 2);
    end_threads(0);
}
END_TEST

START_TEST(pthread_exit_ends_the_generators_of_a_thread) {
    if (obstacle())
        CHECK_SKIP("%s", obstacle());
    end_threads(1);
}
END_TEST

static long resident_pages(void) {
    long all, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fscanf(f, "%ld %ld", &all, &resident), 2);
    fclose(f);
    return resident;
}

START_TEST(the_stacks_of_cancelled_threads_are_used_again) {
    if (obstacle())
        CHECK_SKIP("%s", obstacle());
    lade_set_unhandled_hook(count_unhandled, NULL);
    end_thread(pull, passes_on(waits(1)), 1);
    long before = resident_pages();
    for (int i = 0; i < 1000; i++)
        end_thread(pull, passes_on(waits(1)), 1);
    ck_assert_int_lt(resident_pages() - before, 1000);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "cancel");
    tcase_add_test(tcase, a_cancelled_thread_ends_its_generators);
    tcase_add_test(tcase, pthread_exit_ends_the_generators_of_a_thread);
    tcase_add_test(tcase, the_stacks_of_cancelled_threads_are_used_again);
}
