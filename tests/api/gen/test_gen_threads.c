/* Tests of generators and threads. Any thread may resume a suspended generator. When the generator ends, any thread may
   use its stack for another generator. */
#include "support/rules.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 4 };
#ifdef LADE__SANITIZED
enum { ROUNDS = 200 };
#else
enum { ROUNDS = 2000 };
#endif

static void start_all(pthread_t *threads, void *(*f)(void *), void *arg) {
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, f, arg), 0);
}

static void join_all(const pthread_t *threads) {
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
}

/* ---- Moving ------------------------------------------------------------------------------------------------------ */

generator(long, squares, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i * i);
}

/* Uses features whose implementation could depend on the thread: a reducer on the same stack, and a generator with its
   own stack. */
generator(long, busy, long, i)
{
    gen_auto(long) own = squares(1000000);
    for (;; i++) {
        long long total = sum(squares(10));
        long *square = next(own);
        long x = i + (total == 285 ? 0 : -1000000) + (square ? 0 : -1000000);
        yield(x);
    }
}

generator(long, deep, long, depth)
{
    volatile char frame[512]; /* makes the frames large, so that a deep delegation needs more than one stack */
    frame[0] = (char)depth;
    if (depth)
        yield_from(deep(depth - 1));
    else
        yield_from(busy(0));
    (void)frame[0];
}

/* A generator that all threads use in turn. */
struct shared {
    pthread_mutex_t lock;
    gen(long) g;
    long taken;
};

static void *take_turns(void *arg) {
    struct shared *shared = arg;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&shared->lock);
        long *item = next(shared->g);
        ck_assert(item && *item == shared->taken);
        shared->taken++;
        pthread_mutex_unlock(&shared->lock);
    }
    return NULL;
}

static void all_take_turns(lade_gen_owned(long) owned) {
    struct shared shared = {PTHREAD_MUTEX_INITIALIZER, owned, 0};
    pthread_t threads[THREADS];
    start_all(threads, take_turns, &shared);
    join_all(threads);
    ck_assert_int_eq(shared.taken, THREADS * ROUNDS);
    ck_assert_int_eq(gen_free(shared.g), LADE_OK);
}

START_TEST(a_suspended_generator_moves_between_threads) {
    all_take_turns(busy(0));
}
END_TEST

START_TEST(a_chain_of_delegates_moves_between_threads) {
    all_take_turns(deep(200));
}
END_TEST

/* ---- Stacks that one thread takes and another returns ------------------------------------------------------------ */

struct handed {
    lade_gen(long) g[64];
    long sum;
};

static void *begin(void *arg) {
    struct handed *handed = arg;
    for (long i = 0; i < 64; i++) {
        handed->g[i] = squares(3 + i % 5);
        (void)next(handed->g[i]);
    }
    return NULL;
}

static void *end(void *arg) {
    struct handed *handed = arg;
    for (int i = 0; i < 64; i++) {
        if (i % 3)
            handed->sum += sum(handed->g[i]);
        else if (i % 2)
            gen_close(handed->g[i]);
        gen_free(handed->g[i]);
    }
    return NULL;
}

START_TEST(stacks_are_taken_by_one_thread_and_returned_by_another) {
    long sum_of_first = 0;
    for (int round = 0; round < ROUNDS / 50; round++) {
        struct handed handed = {.sum = 0};
        pthread_t thread;
        ck_assert_int_eq(pthread_create(&thread, NULL, begin, &handed), 0);
        ck_assert_int_eq(pthread_join(thread, NULL), 0); /* the thread has ended, and its generators are suspended */
        ck_assert_int_eq(pthread_create(&thread, NULL, end, &handed), 0);
        ck_assert_int_eq(pthread_join(thread, NULL), 0);
        ck_assert_int_gt(handed.sum, 0);
        if (!round)
            sum_of_first = handed.sum;
        ck_assert_int_eq(handed.sum, sum_of_first);
    }
}
END_TEST

/* ---- Many threads at the same time ------------------------------------------------------------------------------- */

static atomic_int failures;

static void *make_and_end(void *arg) {
    (void)arg;
    for (long i = 0; i < ROUNDS; i++) {
        gen_auto(long) g = squares(i % 7);
        long n = 0;
        while (next(g) && n < 4)
            n++;
        failures += sum(squares(20)) != 2470;
        failures += gen_error(g) != NULL;
        if (i % 100 == 0)
            lade_set_stack_size((size_t)1 << (15 + i / 100 % 4));
        if (i % 64 == 0)
            lade_release_stacks();
    }
    return NULL;
}

START_TEST(threads_do_not_disturb_each_other) {
    pthread_t threads[THREADS];
    start_all(threads, make_and_end, NULL);
    join_all(threads);
    ck_assert_int_eq(failures, 0);
}
END_TEST

generator(long, fails, long, code)
{
    yield(code);
    lade_fail_status((int)code, "error %ld", code);
}

static void *fail_and_look(void *arg) {
    const long code = -1000 - atomic_fetch_add((atomic_long *)arg, 1);
    char words[32];
    snprintf(words, sizeof words, "error %ld", code);
    for (int i = 0; i < ROUNDS; i++) {
        gen_auto(long) g = fails(code);
        (void)next(g);
        failures += next(g) != NULL;
        failures += gen_error(g)->code != code || strcmp(gen_error(g)->message, words) != 0;
        struct lade_error err = {0};
        (void)lade_sum(fails(code), &err);
        failures += err.code != code;
    }
    return NULL;
}

START_TEST(each_generator_has_its_own_error) {
    pthread_t threads[THREADS];
    atomic_long number = 0;
    start_all(threads, fail_and_look, &number);
    join_all(threads);
    ck_assert_int_eq(failures, 0);
}
END_TEST

/* Drains a generator (see lade/gen.h) on a thread with a small stack. The generator functions need more stack than the
   thread has, so the library runs some of these functions on other stacks. */
static void *drain_on_a_small_stack(void *arg) {
    *(long long *)arg = sum(lade_take(deep(300), 100));
    return NULL;
}

START_TEST(a_thread_with_a_small_stack) {
    pthread_attr_t attributes;
    pthread_t thread;
    long long total = 0;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 128 * 1024);
    ck_assert_int_eq(pthread_create(&thread, &attributes, drain_on_a_small_stack, &total), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
    ck_assert_int_eq(total, 4950);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "threads");
    tcase_add_test(tcase, a_suspended_generator_moves_between_threads);
    tcase_add_test(tcase, a_chain_of_delegates_moves_between_threads);
    tcase_add_test(tcase, stacks_are_taken_by_one_thread_and_returned_by_another);
    tcase_add_test(tcase, threads_do_not_disturb_each_other);
    tcase_add_test(tcase, each_generator_has_its_own_error);
    tcase_add_test(tcase, a_thread_with_a_small_stack);
}
