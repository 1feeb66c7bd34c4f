/* prefetch and parallel_map in a child process, and in a thread that pthread_cancel() ends. Kept strings in a child
   process. */
#include <lade/lade.h>

#include "support/fork_child.h"

#include <pthread.h>
#include <string.h>

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
    CHILD_ASSERT(NO_THREADS_IN_CHILD || sum == 45);
    return 0;
}

START_TEST(prefetch_is_an_error_in_the_child) {
    NEED_THREADS_IN_CHILD();
    struct pulled p = {lade_prefetch(lade_count_from(0, 1), 4), 0};
    ck_assert_int_eq(*lade_next(p.g), 0);
    in_child(pull_lost, &p);
    for (int i = 1; i < 10; i++)
        ck_assert_int_eq(*lade_next(p.g), i); /* the parent is not affected */
    lade_gen_free(p.g);
}
END_TEST

static int pull_ended(void *ctx) {
    struct pulled *p = ctx;
    for (long i = 1; i < 5; i++) {
        const long *item = lade_next(p->g);
        CHILD_ASSERT(item && *item == i);
    }
    CHILD_ASSERT(!lade_next(p->g) && !lade_gen_error(p->g));
    lade_gen_free(p->g);
    return 0;
}

static int ended;

static void set_ended(int *unused) {
    (void)unused;
    __atomic_store_n(&ended, 1, __ATOMIC_RELEASE);
}

lade_generator_static(long, five_numbers) {
    lade_cleanup(set_ended) int unused = 0;
    for (long i = 0; i < 5; i++)
        lade_yield(i);
}

START_TEST(prefetch_of_a_source_that_has_ended_continues) {
    NEED_THREADS_IN_CHILD();
    struct pulled p = {lade_prefetch(five_numbers(), 8), 0};
    ck_assert_int_eq(*lade_next(p.g), 0);
    while (!__atomic_load_n(&ended, __ATOMIC_ACQUIRE))
        usleep(1000);
    usleep(20000); /* the thread needs time to store that the source has ended */
    in_child(pull_ended, &p);
    lade_gen_free(p.g);
}
END_TEST

/* ---- Strings that are never freed -------------------------------------------------------------------------------- */

enum { TEXT_SIZE = 1000 }; /* no other allocation has this size */
static long left;          /* the allocation of TEXT_SIZE bytes with this number waits for the gate */
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

/* The thread holds the monitor of the kept strings during the fork. Nothing else in this process has used a monitor. */
START_TEST(strings_are_kept_in_the_child) {
    NEED_THREADS_IN_CHILD();
    pthread_t thread;
    void *text;
    char letters[] = "ab";
    lade_set_allocator(&(struct lade_allocator){resize_or_wait, release, NULL});
    left = 1; /* lade_first() copies the string twice; the second copy is made inside of the monitor */
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
    tcase_add_test(tcase, strings_are_kept_in_the_child); /* must be the first test if Check does not fork */
    tcase_add_loop_test(tcase, parallel_map_continues_in_the_child, 0, 6);
    tcase_add_loop_test(tcase, freeing_in_the_child_does_not_wait, 0, 2);
    tcase_add_test(tcase, prefetch_is_an_error_in_the_child);
    tcase_add_test(tcase, prefetch_of_a_source_that_has_ended_continues);
    tcase_add_loop_test(tcase, pthread_cancel_is_deferred, 0, 2);
}
