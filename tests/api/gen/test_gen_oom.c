/*
 * Tests of generators when there is no memory. A scenario is a function that makes many allocations. The test calls the
 * scenario once for each of these allocations: in call n, allocation n fails. The result must be an error, and never a
 * crash, a leak or a wrong result without an error. Then the test repeats all calls, but in call n, allocation n and
 * all later allocations fail.
 */
#include "support/rules.h"

#include <lade/itertools.h>
#include <pthread.h>

enum { MY_ERROR = -1000, NEVER = 1 << 30 };

/* ---- The allocator ----------------------------------------------------------------------------------------------- */

/* The allocator needs a lock, because prefetch and parallel_map allocate on other threads. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long until_failure, failed, live;
static int for_good;

static void *resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    pthread_mutex_lock(&lock);
    int fails = until_failure == 0 || (for_good && until_failure < 0);
    until_failure--;
    failed += fails;
    void *q = fails ? NULL : realloc(p, size);
    live += q && !p;
    pthread_mutex_unlock(&lock);
    return q;
}

static void release(void *ctx, void *p) {
    (void)ctx;
    pthread_mutex_lock(&lock);
    live -= p != NULL;
    pthread_mutex_unlock(&lock);
    free(p);
}

/* ---- The scenario ------------------------------------------------------------------------------------------------ */

/* The number of errors that functions have returned, or have passed to the hook for unhandled errors. */
static long reported;

static void count_reported(const struct lade_error *err, void *ctx) {
    (void)err;
    (void)ctx;
    reported++;
}

generator(long, numbers, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i);
    gen_return(n);
}

generator(long, delegates, long, n)
{
    long result = yield_from(numbers(n));
    yield(result);
}

generator(long, catches, long, n)
{
    for (long i = 0; i < n; i++) {
        int status = try_yield(i);
        if (status == LADE_EXIT)
            return;
        if (status)
            yield(-i);
    }
}

generator(long, fails, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i);
    lade_fail_status(MY_ERROR, "after %ld", n);
}

generator_over(long, doubled, long, source) {
    for_each (x, source)
        yield(2 * x);
}

generator(const char *, words)
{
    yield("one");
    yield("two");
    yield("one");
}

struct row {
    long id;
    const char *word;
};

generator(struct row, rows)
{
    yield((struct row){2, "two"});
    yield((struct row){1, "one"});
}

generator(lade_gen_owned(long), generators)
{
    yield(numbers(2));
    yield(delegates(1));
}

static bool is_odd(long x) {
    return x % 2;
}

static long square(long x) {
    return x * x;
}

static long add(long a, long b) {
    return a + b;
}

/* Evaluates an expression that may store an error in `err`. The value must be @expected, or the error must be
   LADE_ENOMEM or LADE_ERUNTIME. */
#define STEP(expected, ...)                                                                                           \
    do {                                                                                                              \
        lade_release_stacks(); /* so that new generators must allocate their frames */                                \
        struct lade_error err = {0};                                                                                  \
        const long long got_ = (long long)(__VA_ARGS__);                                                              \
        if (err.code) {                                                                                               \
            reported++;                                                                                               \
            ck_assert_msg(err.code == LADE_ENOMEM || err.code == LADE_ERUNTIME, "line %d: %d %s", __LINE__, err.code, \
                          err.message);                                                                               \
        } else {                                                                                                      \
            ck_assert_msg(got_ == (expected), "line %d: wrong value %lld", __LINE__, got_);                           \
        }                                                                                                             \
    } while (0)

/* Requests each item with next(). Returns the sum of the items, or stores the error in *err. */
static long pulled(lade_gen_owned(long) owned, struct lade_error *err) {
    gen_auto(long) g = owned;
    long total = 0;
    for (long *p; (p = next(g));)
        total += *p;
    if (gen_error(g))
        *err = *gen_error(g);
    return total;
}

static long looped(lade_gen_owned(long) owned, struct lade_error *err) {
    long total = 0;
    for_each (x, owned, err)
        total += x;
    return total;
}

static void generators_by_hand(void) {
    STEP(10, pulled(numbers(5), &err));
    STEP(15, pulled(delegates(5), &err));
    STEP(10, looped(numbers(5), &err));
    STEP(20, looped(doubled(numbers(5)), &err));
    gen_auto(long) g = catches(5);
    long *item = next(g), *thrown = NULL, *sent = NULL;
    if (item) {
        thrown = gen_throw(g, MY_ERROR, "caught there"); /* without memory, the error has no message */
        ck_assert(thrown && *thrown == 0);
        sent = gen_send(g, 7);
        ck_assert(sent && *sent == 1);
        ck_assert_int_eq(gen_close(g), LADE_OK);
    } else {
        ck_assert_ptr_nonnull(gen_error(g));
        reported++;
    }
    struct lade_error err = {0};
    (void)pulled(fails(3), &err);
    ck_assert(err.code == MY_ERROR || err.code == LADE_ENOMEM);
    reported += err.code == LADE_ENOMEM;
    err.code = 0;
    (void)lade_sum(fails(3), &err);
    ck_assert(err.code == MY_ERROR || err.code == LADE_ENOMEM);
    reported += err.code == LADE_ENOMEM;
    lade_gen_owned(long) never_begun = doubled(doubled(numbers(3)));
    gen(long) named = never_begun;
    reported += !named;
    gen_free(named);
}

static void containers(void) {
    STEP(45, lade_sum(numbers(10), &err));
    STEP(9, lade_max(numbers(10), &err));
    STEP(300, len(lade_list(numbers(300), &err)));
    STEP(2, len(lade_set(words(), &err)));
    STEP(3, len(lade_strings(words(), &err)));
    STEP(2, len(lade_dict(rows(), id, &err)));
    STEP(100, len(lade_array(delegates(99), &err)));
    /* list_of() has no error argument. Its error is passed to count_reported(), the hook for unhandled errors. */
    list_auto(long) l = list_of(long, i, in(i, 100));
    ck_assert(!l || len(l) == 100);
    static const char *const texts[] = {"one", "two", "three"};
    list_auto(const char *) copies = list_of(const char *, texts[i], in(i, 3));
    ck_assert(!copies || (len(copies) == 3 && !strcmp(copies[2], "three")));
    lade_container_free(lade_reshape(lade_array(numbers(6)), 2, 3));
    struct lade_tensor *t = lade_to_tensor(lade_array(numbers(6)));
    reported += !t;
    lade_tensor_unref(t);
}

struct two {
    long a, b;
};

static void combinators(void) {
    STEP(3, lade_sum(take(numbers(10), 3), &err));
    STEP(1 + 3 + 5, lade_sum(filter(is_odd, drop(step(lade_range(10), 1), 1)), &err) - 16);
    STEP(14, pulled(map(square, numbers(4)), &err));
    STEP(0 + 1 + 3, lade_sum(accumulate(numbers(3)), &err));
    STEP(0 + 1 + 3, lade_sum(accumulate_by(add, numbers(3)), &err));
    STEP(6, lade_sum(take_while(is_odd, drop_while(is_odd, chain(numbers(2), numbers(3)))), &err) + 6);
    STEP(3, lade_count(flat(generators()), &err) - 1);
    STEP(7, lade_count(take(cycle(numbers(3)), 7), &err));
    STEP(45, lade_sum(shuffle(numbers(10), 4, 1), &err));
    STEP(8, lade_count(window(numbers(10), 3), &err));
    STEP(2, lade_count(batched(words(), 2), &err));
    STEP(4, lade_count(batched(numbers(10), 3), &err));
    STEP(20, lade_count(interleave(numbers(10), numbers(10)), &err));
    STEP(90, pulled(merge(numbers(10), numbers(10)), &err));
    STEP(10, lade_count(zip(struct two, numbers(10), numbers(12)), &err));
    STEP(10, lade_count(enumerate(struct two, numbers(10)), &err));
    STEP(6, lade_sum(lade_repeat(2L, 3), &err));
    lade_gen(long) tees[3];
    if (tee(numbers(20), 3, tees)) {
        reported++;
        ck_assert(!tees[0] && !tees[1] && !tees[2]);
    } else {
        STEP(190, lade_sum(tees[1], &err));
        STEP(190, lade_sum(tees[0], &err));
        for (int i = 0; i < 3; i++)
            gen_free(tees[i]);
    }
}

static void threads(void) {
    STEP(45, lade_sum(prefetch(numbers(10), 3), &err));
    STEP(285, lade_sum(parallel_map(square, numbers(10), 2), &err));
    STEP(1, lade_sum(take(parallel_map(square, numbers(10), 2), 2), &err));
}

/* ---- A failure of each allocation -------------------------------------------------------------------------------- */

static void sweep(void (*scenario)(void), long at_least) {
    lade_set_allocator(&(struct lade_allocator){resize, release, NULL});
    lade_set_unhandled_hook(count_reported, NULL);
    for (for_good = 0; for_good < 2; for_good++) {
        long n = 0;
        do {
            until_failure = n;
            failed = reported = live = 0;
            scenario();
            until_failure = NEVER;
            lade_release_stacks();
            ck_assert_msg(!live, "allocation %ld: %ld blocks are left", n, live);
            n++;
        } while (failed && n < 10000);
        ck_assert_int_eq(reported, 0); /* in the last call of the scenario, no allocation failed */
        ck_assert_msg(n > at_least, "the scenario makes only %ld allocations", n);
    }
}

START_TEST(out_of_memory_while_running_generators) {
    sweep(generators_by_hand, 10);
}
END_TEST

/* Strings that reduce() returns are never freed, and equal strings share memory. So each call needs other strings,
   because otherwise reduce() would not allocate. */
generator(const char *, texts, long, round)
{
    char text[16];
    for (int i = 0; i < 3; i++) {
        snprintf(text, sizeof text, "%ld/%d", round, i);
        yield(text);
    }
}

static const char *later(const char *a, const char *b) {
    return strcmp(a, b) < 0 ? b : a;
}

static const char *later_in(const char *a, const char *b, const long *calls) {
    (void)calls;
    return later(a, b);
}

START_TEST(out_of_memory_in_reduce_of_strings) {
    lade_set_allocator(&(struct lade_allocator){resize, release, NULL});
    lade_set_unhandled_hook(count_reported, NULL);
    for (for_good = 0; for_good < 2; for_good++)
        for (int form = 0; form < 3; form++) {
            long n = 0;
            do {
                const long round = (for_good * 3 + form) * 1000 + n;
                struct lade_error err = {0};
                lade_release_stacks();
                until_failure = n;
                failed = reported = 0;
                const char *text = form == 0   ? reduce(later, texts(round), "", &err)
                                   : form == 1 ? reduce(later, texts(round), "")
                                               : lade_reduce_with(later_in, &round, texts(round), "", &err);
                until_failure = NEVER;
                char expected[16];
                snprintf(expected, sizeof expected, "%ld/2", round);
                ck_assert_msg(err.code == LADE_ENOMEM || reported || (text && !strcmp(text, expected)),
                              "form %d, allocation %ld: \"%s\" without an error", form, n, text ? text : "NULL");
                n++;
            } while (failed);
            ck_assert_int_gt(n, 5);
        }
}
END_TEST

START_TEST(out_of_memory_while_collecting) {
    sweep(containers, 25);
}
END_TEST

START_TEST(out_of_memory_in_combinators) {
    sweep(combinators, 40);
}
END_TEST

START_TEST(out_of_memory_with_threads) {
    sweep(threads, 10);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "out of memory");
    tcase_add_test(tcase, out_of_memory_while_running_generators);
    tcase_add_test(tcase, out_of_memory_while_collecting);
    tcase_add_test(tcase, out_of_memory_in_reduce_of_strings);
    tcase_add_test(tcase, out_of_memory_in_combinators);
    tcase_add_test(tcase, out_of_memory_with_threads);
}
