/* Tests of prefetch and parallel_map in a child process, and in a thread that pthread_cancel() ends. Also tests that a
   child process can copy the strings that lade_first() returns. */
#include <lade/lade.h>

#include "support/fork_child.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

enum { NUMBERS = 200 };

static long square(long x) {
    return x * x;
}

static lade_gen_owned(long) squares(void) {
    return lade_parallel_map(square, lade_range(0, NUMBERS, 1), 3);
}

/* ---- parallel_map ------------------------------------------------------------------------------------------------ */

struct pulled {
    lade_gen(long) g;
    long next; /* the next expected item */
};

static int pull_the_rest(void *ctx) {
    struct pulled *p = ctx;
    for (long i = p->next; i < NUMBERS; i++) {
        const long *item = lade_next(p->g);
        CHILD_ASSERT(item && *item == i * i);
    }
    CHILD_ASSERT(!lade_next(p->g) && !lade_gen_error(p->g));
    CHILD_ASSERT(lade_gen_free(p->g) == LADE_OK);
    return 0;
}

START_TEST(parallel_map_continues_in_the_child) {
    NEED_THREADS_IN_CHILD();
    struct pulled p = {squares(), 0};
    for (; p.next < _i * 20; p.next++)
        ck_assert_int_eq(*lade_next(p.g), p.next * p.next);
    in_child(pull_the_rest, &p);
    ck_assert_int_eq(pull_the_rest(&p), 0);
}
END_TEST

static int slow;

static long slow_square(long x) {
    if (slow)
        usleep(1000);
    return x * x;
}

static int pull_the_rest_slowly(void *ctx) {
    slow = 1;
    return pull_the_rest(ctx);
}

/* The consumer takes the results that the parent had finished, before the new workers begin. The new workers must not
   call the function for the items of these results, because the memory of these items may contain later items. */
START_TEST(the_child_may_be_faster_than_its_workers) {
    NEED_THREADS_IN_CHILD();
    slow = 0;
    struct pulled p = {lade_parallel_map(slow_square, lade_range(0, NUMBERS, 1), 3), NUMBERS - 20};
    for (long i = 0; i < p.next; i++)
        ck_assert_int_eq(*lade_next(p.g), i * i);
    usleep(1000); /* the workers usually finish all items that are stored */
    for (int i = 0; i < 10; i++)
        in_child(pull_the_rest_slowly, &p);
    lade_gen_free(p.g);
}
END_TEST

static int only_free(void *ctx) {
    struct pulled *p = ctx;
    CHILD_ASSERT(lade_gen_free(p->g) == LADE_OK);
    return 0;
}

START_TEST(freeing_in_the_child_does_not_wait) {
    NEED_THREADS_IN_CHILD();
    struct pulled p = {_i ? squares() : lade_prefetch(lade_count_from(0, 1), 4), 0};
    ck_assert_ptr_nonnull(lade_next(p.g));
    for (int i = 0; i < 30; i++)
        in_child(only_free, &p);
    lade_gen_free(p.g);
}
END_TEST

/* ---- prefetch ---------------------------------------------------------------------------------------------------- */

static int pull_lost(void *ctx) {
    struct pulled *p = ctx;
    CHILD_ASSERT(!lade_next(p->g));
    CHILD_ASSERT(lade_gen_error(p->g)->code == LADE_ESTATE && *lade_gen_error(p->g)->message);
    CHILD_ASSERT(!lade_next(p->g));
    lade_gen_free(p->g);
    long sum = lade_sum(lade_take(lade_prefetch(lade_count_from(0, 1), 4), 10)); /* a new generator works */
    CHILD_ASSERT(sum == 45);
    return 0;
}

START_TEST(prefetch_is_an_error_in_the_child) {
    NEED_THREADS_IN_CHILD();
    struct pulled p = {lade_prefetch(lade_count_from(0, 1), 4), 0};
    ck_assert_int_eq(*lade_next(p.g), 0);
    in_child(pull_lost, &p);
    for (int i = 1; i < 10; i++)
        ck_assert_int_eq(*lade_next(p.g), i); /* the child has not changed the generator of the parent */
    lade_gen_free(p.g);
}
END_TEST

struct ended {
    struct pulled p;
    int *early; /* a child process sets *early to 1 if the source had not ended at the time of the fork */
};

static int pull_ended(void *ctx) {
    struct ended *e = ctx;
    struct pulled *p = &e->p;
    for (long i = 1; i < 5; i++) {
        const long *item = lade_next(p->g);
        if (!item && i == 1) {
            CHILD_ASSERT(lade_gen_error(p->g)->code == LADE_ESTATE);
            lade_gen_free(p->g);
            *e->early = 1;
            return 0;
        }
        CHILD_ASSERT(item && *item == i);
    }
    CHILD_ASSERT(!lade_next(p->g) && !lade_gen_error(p->g));
    lade_gen_free(p->g);
    return 0;
}

lade_generator_static(long, five_numbers) {
    for (long i = 0; i < 5; i++)
        lade_yield(i);
}

START_TEST(prefetch_of_a_source_that_has_ended_continues) {
    NEED_THREADS_IN_CHILD();
    struct ended e = {.p = {lade_prefetch(five_numbers(), 8), 0}};
    e.early = mmap(NULL, sizeof *e.early, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(e.early, MAP_FAILED);
    ck_assert_int_eq(*lade_next(e.p.g), 0);
    do { /* the thread may not have stored the end of the source yet; only a child process can detect this */
        usleep(1000);
        *e.early = 0;
        in_child(pull_ended, &e);
    } while (*e.early);
    munmap(e.early, sizeof *e.early);
    lade_gen_free(e.p.g);
}
END_TEST

/* ---- Strings that are never freed -------------------------------------------------------------------------------- */

enum { TEXT_SIZE = 1000 }; /* the allocator below recognises the allocations of the test by this size */
static long left;          /* number of allocations of TEXT_SIZE bytes before the allocation that waits for the gate */
static int reached, gate;

static void *resize_or_wait(void *ctx, void *p, size_t size) {
    (void)ctx;
    if (size == TEXT_SIZE && __atomic_fetch_sub(&left, 1, __ATOMIC_RELAXED) == 0) {
        __atomic_store_n(&reached, 1, __ATOMIC_RELEASE);
        while (!__atomic_load_n(&gate, __ATOMIC_ACQUIRE))
            usleep(1000);
    }
    return realloc(p, size);
}

static void release(void *ctx, void *p) {
    (void)ctx;
    free(p);
}

lade_generator_static(const char *, long_text, char, letter) {
    char text[TEXT_SIZE];
    memset(text, letter, sizeof text);
    text[sizeof text - 1] = '\0';
    lade_yield(text);
}

static void *first_text(void *letter) {
    return (void *)(uintptr_t)lade_first(long_text(*(const char *)letter), "");
}

static int another_text(void *letter) {
    const char *text = first_text(letter);
    CHILD_ASSERT(strlen(text) == TEXT_SIZE - 1 && *text == *(char *)letter);
    return 0;
}

/* The strings that lade_first() returns are in a table, and a monitor (a lock) protects the table. During the fork,
   another thread holds this monitor. The child must be able to use it. */
START_TEST(strings_are_kept_in_the_child) {
    NEED_THREADS_IN_CHILD();
    pthread_t thread;
    void *text;
    char letters[] = "ab";
    lade_set_allocator(&(struct lade_allocator){resize_or_wait, release, NULL});
    left = 1; /* lade_first() copies the string twice, and holds the monitor when it makes the second copy */
    ck_assert_int_eq(pthread_create(&thread, NULL, first_text, &letters[0]), 0);
    while (!__atomic_load_n(&reached, __ATOMIC_ACQUIRE))
        usleep(1000);
    in_child(another_text, &letters[1]);
    __atomic_store_n(&gate, 1, __ATOMIC_RELEASE);
    ck_assert_int_eq(pthread_join(thread, &text), 0);
    ck_assert_int_eq(*(char *)text, 'a');
}
END_TEST

/* ---- pthread_cancel() -------------------------------------------------------------------------------------------- */

static int open_gate, waits;

static long wait_for_gate(long x) {
    __atomic_store_n(&waits, 1, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&open_gate, __ATOMIC_ACQUIRE))
        usleep(1000);
    return x;
}

static void *pull_until_canceled(void *ctx) {
    struct pulled *p = ctx;
    const long *item = lade_next(p->g);
    p->next = item ? *item : -1;
    for (;;)
        pthread_testcancel();
    return NULL;
}

START_TEST(pthread_cancel_is_deferred) {
    pthread_t thread;
    void *result;
    struct pulled p = {_i ? lade_parallel_map(wait_for_gate, lade_count_from(3, 1), 2)
                          : lade_prefetch(lade_map(wait_for_gate, lade_count_from(3, 1)), 2),
                       0};
    open_gate = waits = 0;
    ck_assert_int_eq(pthread_create(&thread, NULL, pull_until_canceled, &p), 0);
    while (!__atomic_load_n(&waits, __ATOMIC_ACQUIRE))
        usleep(1000);
    ck_assert_int_eq(pthread_cancel(thread), 0);
    usleep(20000);
    __atomic_store_n(&open_gate, 1, __ATOMIC_RELEASE);
    ck_assert_int_eq(pthread_join(thread, &result), 0);
    ck_assert_ptr_eq(result, PTHREAD_CANCELED);
    ck_assert_int_eq(p.next, 3);
    ck_assert_int_eq(*lade_next(p.g), 4);
    ck_assert_int_eq(lade_gen_free(p.g), LADE_OK);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "fork");
    tcase_add_test(tcase, strings_are_kept_in_the_child); /* must be the first test if Check runs all tests in one
                                                             process */
    tcase_add_loop_test(tcase, parallel_map_continues_in_the_child, 0, 6);
    tcase_add_test(tcase, the_child_may_be_faster_than_its_workers);
    tcase_add_loop_test(tcase, freeing_in_the_child_does_not_wait, 0, 2);
    tcase_add_test(tcase, prefetch_is_an_error_in_the_child);
    tcase_add_test(tcase, prefetch_of_a_source_that_has_ended_continues);
    tcase_add_loop_test(tcase, pthread_cancel_is_deferred, 0, 2);
}
