/*
 * Tests that each combinator and each reducer follows these rules. A combinator takes no item from its source before a
 * consumer requests an item. Combinators and reducers take only the items that they need. An owned source is always
 * closed and freed. A named source can still be used after the combinator or reducer has ended. An error of the source
 * is reported with its message.
 */
#include "support/rules.h"

enum { MY_ERROR = -1000, FAILS_AFTER = 9 };

static int asked, closed;

static void count_closed(const int *unused) {
    (void)unused;
    closed++;
}

/* The source of all tests. Yields 0, 1, 2, ... If @fails is not 0, fails after FAILS_AFTER items. */
generator(long, watched, int, fails)
{
    __attribute__((unused)) lade_cleanup(count_closed) int open = 1;
    for (long i = 0; !fails || i < FAILS_AFTER; i++) {
        asked++;
        yield(i);
    }
    lade_fail_status(MY_ERROR, "broken after %d", FAILS_AFTER);
}

struct pair {
    long a, b;
};
static bool is_odd(long x) {
    return x % 2;
}
static bool is_below_three(long x) {
    return x < 3;
}
static bool is_below_thousand(long x) {
    return x < 1000;
}
static long twice(long x) {
    return 2 * x;
}
static void paired(const long *x, struct pair *result) {
    *result = (struct pair){*x, *x};
}
static long larger(long a, long b) {
    return a > b ? a : b;
}
static bool has_odd(const struct pair *p) {
    return p->b % 2;
}

/* Lists all combinators. The arguments of X are a call with the source S, and the number of items of S that the
   combinator needs for its first item. */
#define ALL_OVER(X, S)                                    \
    X(take(S, 100), 1)                                    \
    X(drop(S, 2), 3)                                      \
    X(step(S, 3), 1)                                      \
    X(filter(is_odd, S), 2)                               \
    X(filter(has_odd, map_to(struct pair, paired, S)), 2) \
    X(take_while(is_below_thousand, S), 1)                \
    X(drop_while(is_below_three, S), 4)                   \
    X(map(twice, S), 1)                                   \
    X(map_to(struct pair, paired, S), 1)                  \
    X(accumulate(S), 1)                                   \
    X(accumulate_by(larger, S), 1)                        \
    X(cycle(S), 1)                                        \
    X(shuffle(S, 3, 1), 4)                                \
    X(window(S, 3), 3)                                    \
    X(pairwise(S), 2)                                     \
    X(batched(S, 4), 4)                                   \
    X(chain(S, range(3)), 1)                              \
    X(chain(range(0), S), 1)                              \
    X(interleave(S, range(3)), 1)                         \
    X(merge(range(1000, 1003), S), 1)                     \
    X(zip(struct pair, S, count_from(0, 1)), 1)           \
    X(zip(struct pair, count_from(0, 1), S), 1)           \
    X(enumerate(struct pair, S), 1)                       \
    X(parallel_map(twice, S, 1), 2)                       \
    X(take(map(twice, filter(is_odd, drop(step(S, 3), 1))), 9), 4)

/* Lists the combinators that accept only owned sources. */
#define ALL_OVER_OWNED(X, S) \
    ALL_OVER(X, S)           \
    X(doubled(S), 1)         \
    X(sums(S), 1)            \
    X(lade_gen_stack(S, 1 << 18), 1)

genexpr_over_static(long, doubled, 2 * x, each(x, g), long, g)

generator_over_static(long, sums, long, source) {
    long total = 0;
    for_each (x, source)
        yield(total += x);
}

#define named_as(expression) gen_auto(lade__item(expression)) g = expression

#define OWNED(expression, needs)                                                                \
    {                                                                                           \
        asked = closed = 0;                                                                     \
        {                                                                                       \
            named_as(expression);                                                               \
            ck_assert_int_eq(gen_state(g), LADE_GEN_CREATED);                                   \
        }                                                                                       \
        ck_assert_msg(!asked && !closed, "%s ran before an item was requested", #expression);   \
        {                                                                                       \
            named_as(expression);                                                               \
            ck_assert_msg(next(g) != NULL, "%s yields no item", #expression);                   \
            ck_assert_msg(asked == (needs), "%s requested %d items", #expression, asked);       \
            ck_assert_int_eq(closed, 0);                                                        \
            ck_assert_int_eq(gen_close(g), LADE_OK);                                            \
            ck_assert_msg(closed == 1, "%s closed its source %d times", #expression, closed);   \
        }                                                                                       \
        {                                                                                       \
            named_as(expression);                                                               \
            ck_assert_ptr_nonnull(next(g));                                                     \
            ck_assert_ptr_null(gen_throw(g, MY_ERROR, "thrown"));                               \
            ck_assert_ptr_nonnull(gen_error(g));                                                \
            ck_assert_str_eq(gen_error(g)->message, "thrown");                                  \
            ck_assert_msg(closed == 2, "%s closed its source %d times", #expression, closed);   \
        }                                                                                       \
        for_each (x, expression)                                                                \
            break;                                                                              \
        ck_assert_int_eq(closed, 3);                                                            \
        ck_assert_int_eq(count(take(expression, 2)), 2); /* take() closes `expression` early */ \
        ck_assert_msg(closed == 4, "%s closed its source %d times", #expression, closed);       \
    }

START_TEST(an_owned_source_starts_late_and_is_always_closed) {
    ALL_OVER_OWNED(OWNED, watched(0))
    ck_assert_int_eq(unhandled, 0);
}
END_TEST

#define NAMED(expression, needs)                                                        \
    {                                                                                   \
        asked = closed = 0;                                                             \
        gen_auto(long) source = watched(0);                                             \
        {                                                                               \
            named_as(expression);                                                       \
            ck_assert_ptr_nonnull(next(g));                                             \
            ck_assert_int_eq(asked, needs);                                             \
        }                                                                               \
        ck_assert_msg(!closed, "%s closed a source that it had borrowed", #expression); \
        ck_assert_int_eq(gen_state(source), LADE_GEN_SUSPENDED);                        \
        assert_next(source, asked - 1);                                                 \
        for_each (x, expression)                                                        \
            break;                                                                      \
        ck_assert_int_eq(closed, 0);                                                    \
        ck_assert_int_eq(count(take(expression, 1)), 1);                                \
        ck_assert_int_eq(closed, 0);                                                    \
        ck_assert_ptr_nonnull(next(source));                                            \
    }

START_TEST(a_named_source_continues_afterwards){ALL_OVER(NAMED, source)} END_TEST

#define FAILING(expression, needs)                                                        \
    {                                                                                     \
        closed = 0;                                                                       \
        struct lade_error err = {0};                                                      \
        (void)lade_count(expression, &err); /* takes all items at once */                 \
        ck_assert_msg(err.code == MY_ERROR, "%s: status %d", #expression, err.code);      \
        ck_assert_str_eq(err.message, "broken after 9");                                  \
        ck_assert_int_eq(closed, 1);                                                      \
        named_as(expression); /* the loop takes single items */                           \
        long items = 0;                                                                   \
        while (next(g))                                                                   \
            items++;                                                                      \
        ck_assert_msg(items > 0, "%s: the items before the error are lost", #expression); \
        ck_assert_ptr_nonnull(gen_error(g));                                              \
        ck_assert_str_eq(gen_error(g)->message, "broken after 9");                        \
        ck_assert_ptr_null(next(g));                                                      \
        ck_assert_ptr_null(gen_error(g));                                                 \
        ck_assert_int_eq(closed, 2);                                                      \
    }

    START_TEST(an_error_of_a_source_follows_its_items) {
    ALL_OVER_OWNED(FAILING, watched(1))
    FAILING(prefetch(watched(1), 3), 1)
    ck_assert_int_eq(unhandled, 0);
}
END_TEST

generator_static(lade_gen_owned(long), ranges, lade_gen(long), source)
{
    for_each (x, source)
        yield(range(x, x + 1));
}

START_TEST(flat_closes_the_inner_and_the_outer_generator) {
    asked = closed = 0;
    gen_auto(long) source = watched(0);
    {
        gen_auto(long) g = flat(ranges(source));
        ck_assert_int_eq(asked, 0);
        assert_next(g, 0);
        ck_assert_int_eq(asked, 1);
    }
    ck_assert_int_eq(gen_state(source), LADE_GEN_SUSPENDED);
    assert_next(source, 1);
    gen_auto(long) failing = watched(1);
    struct lade_error err = {0};
    ck_assert_int_eq(lade_count(flat(ranges(failing)), &err), 0);
    ck_assert_int_eq(err.code, MY_ERROR);
}
END_TEST

START_TEST(prefetch_runs_ahead_by_its_argument) {
    asked = closed = 0;
    gen_auto(long) g = prefetch(watched(0), 4);
    ck_assert_int_eq(asked, 0);
    for (long i = 0; i < 100; i++)
        assert_next(g, i);
    gen_close(g); /* joins the thread, so that its counters can be read */
    ck_assert_int_eq(closed, 1);
    ck_assert_int_le(asked, 100 + 4 + 1); /* the ring of prefetch is full, and its thread has taken one more item */
}
END_TEST

/* ---- Reducers ---------------------------------------------------------------------------------------------------- */

static long added(long a, long b) {
    return a + b;
}

static long added_one(long x) {
    return x + 1;
}
static int none(long x) {
    return x < 0;
}
static const char *digit(long x) {
    static char text[2];
    text[0] = (char)('0' + x % 10);
    return text;
}

/* Lists all reducers, as calls with a source S and an error argument E. */
#define ALL_REDUCERS(X, S, E)                               \
    X(lade_sum(S, E))                                       \
    X(lade_min(S, E))                                       \
    X(lade_max(S, E))                                       \
    X(lade_count(S, E))                                     \
    X(lade_all(map(added_one, S), E))                       \
    X(lade_any(map(none, S), E))                            \
    X(lade_reduce(added, S, 0L, E))                         \
    X(lade_nth(S, 100, -1L, E))                             \
    X(lade_last(S, -1L, E))                                 \
    X(len(lade_list(S, E)))                                 \
    X(len(lade_tuple(S, E)))                                \
    X(len(lade_set(S, E)))                                  \
    X(len(lade_array(S, E)))                                \
    X(len(lade_sample(S, 3, 1, E)))                         \
    X(len(lade_dict(map_to(struct pair, paired, S), a, E))) \
    X(len(lade_strings(map(digit, S), E)))

#define REDUCED(expression)                                                                                     \
    {                                                                                                           \
        struct lade_error err = {0};                                                                            \
        asked = closed = 0;                                                                                     \
        (void)(expression);                                                                                     \
        ck_assert_msg(err.code == MY_ERROR, "%s: status %d", #expression, err.code);                            \
        ck_assert_str_eq(err.message, "broken after 9");                                                        \
        ck_assert_msg(asked == FAILS_AFTER && closed == 1, "%s: %d items, closed %d times", #expression, asked, \
                      closed);                                                                                  \
    }

START_TEST(an_error_of_a_source_is_reported_by_each_reducer) {
    ALL_REDUCERS(REDUCED, watched(1), &err)
    ck_assert_int_eq(unhandled, 0);
}
END_TEST

/* If a reducer takes all items of its source, the state of the source is LADE_GEN_DONE. If the reducer stops early, the
   source can continue. */
START_TEST(a_named_source_after_reducers) {
    gen_auto(long) source = take(watched(0), 10);
    ck_assert_int_eq(first(source, -1), 0);
    ck_assert(any(source));
    ck_assert_int_eq(nth(source, 2, -1), 4);
    ck_assert_int_eq(gen_state(source), LADE_GEN_SUSPENDED);
    ck_assert_int_eq(reduce(added, source, 0L), 5 + 6 + 7 + 8 + 9);
    ck_assert_int_eq(gen_state(source), LADE_GEN_DONE);
    ck_assert_int_eq(sum(source), 0);
    ck_assert_int_eq(first(source, -1), -1);
    list_auto(long) l = list(source);
    ck_assert_int_eq(len(l), 0);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "life of sources");
    tcase_add_test(tcase, an_owned_source_starts_late_and_is_always_closed);
    tcase_add_test(tcase, a_named_source_continues_afterwards);
    tcase_add_test(tcase, an_error_of_a_source_follows_its_items);
    tcase_add_test(tcase, flat_closes_the_inner_and_the_outer_generator);
    tcase_add_test(tcase, prefetch_runs_ahead_by_its_argument);
    tcase_add_test(tcase, an_error_of_a_source_is_reported_by_each_reducer);
    tcase_add_test(tcase, a_named_source_after_reducers);
}
