/* Tests of the functions of itertools.h with sources that fail, with strings that are valid only until the next item,
   with owned sources, and with consumers that stop early. */
#include "support/rules.h"

#include <lade/short_itertools.h>

struct tally {
    double x;
    long n;
};

static bool is_odd(long x) {
    return x % 2;
}
static long last_digit(long x) {
    return x % 10;
}
static double half(long x) {
    return (double)x / 2;
}
static long length(const char *s) {
    return (long)strlen(s);
}

generator(long, nats)
{
    finally("~nats");
    for (long i = 0;; i++)
        yield(i);
}

generator(long, breaks)
{
    finally("~breaks");
    yield(1);
    yield(2);
    lade_fail_status(LADE_EFORMAT, "broken");
}

/* Yields strings that are valid only until the next item. */
generator(const char *, volatile_words, long, n)
{
    char word[8];
    for (long i = 0; i < n; i++) {
        snprintf(word, sizeof word, "w%ld", i / 2 % 3);
        yield(word);
        memset(word, 'x', sizeof word - 1);
    }
}

START_TEST(an_endless_source_is_read_as_far_as_needed) {
    assert_items(take(unique_everseen(map(last_digit, nats())), 4), "0 1 2 3");
    assert_items(take(unique_justseen(nats()), 2), "0 1");
    assert_items(take(filterfalse(is_odd, nats()), 3), "0 2 4");
    assert_items(take(intersperse(7, nats()), 4), "0 7 1 7");
    assert_items(take(prepend(7, nats()), 2), "7 0");
    assert_items(compress(nats(), range(3)), "1 2");
    traced("~nats ~nats ~nats ~nats ~nats ~nats ");
    for_each (l, groupby(nats())) {
        ck_assert_int_eq(len(l), 1);
        if (l[0] == 3)
            break;
    }
    for_each (l, split_at(is_odd, nats()))
        if (len(l))
            break;
    traced("~nats ~nats ");
}
END_TEST

#define make_and_free(expression)       \
    do {                                \
        __auto_type made_ = expression; \
        lade_gen_free(made_);           \
    } while (0)

START_TEST(a_combinator_that_never_starts_frees_its_source) {
    make_and_free(unique_everseen(nats()));
    make_and_free(groupby(nats()));
    make_and_free(permutations(take(nats(), 3)));
    make_and_free(product(nats(), list(range(3))));
    make_and_free(compress(nats(), nats()));
    make_and_free(intersperse(1, nats()));
    traced("");
}
END_TEST

START_TEST(an_error_of_the_source_is_passed_on) {
    struct lade_error err = {0};
#define ASSERT_BROKEN(expression)                 \
    do {                                          \
        err = (struct lade_error){0};             \
        (void)(expression);                       \
        ck_assert_int_eq(err.code, LADE_EFORMAT); \
        ck_assert_str_eq(err.message, "broken");  \
        traced("~breaks ");                       \
    } while (0)
    ASSERT_BROKEN(sorted(breaks(), &err));
    ASSERT_BROKEN(sorted_by(last_digit, breaks(), &err));
    ASSERT_BROKEN(reversed(breaks(), &err));
    ASSERT_BROKEN(min_by(last_digit, breaks(), &err));
    ASSERT_BROKEN(max_by(half, breaks(), &err));
    ASSERT_BROKEN(count(unique_everseen(breaks()), &err));
    ASSERT_BROKEN(count(unique_justseen(breaks()), &err));
    ASSERT_BROKEN(count(groupby(breaks()), &err));
    ASSERT_BROKEN(count(split_after(is_odd, breaks()), &err));
    ASSERT_BROKEN(count(permutations(breaks()), &err));
    ASSERT_BROKEN(count(product(range(3), breaks()), &err));
    ASSERT_BROKEN(count(compress(range(9), breaks()), &err));
    ASSERT_BROKEN(count(compress(breaks(), range(9)), &err));
    ASSERT_BROKEN(count(intersperse(1, breaks()), &err));
    ASSERT_BROKEN(count(prepend(1, breaks()), &err));
    ASSERT_BROKEN(count(filterfalse(is_odd, breaks()), &err));
}
END_TEST

START_TEST(no_item_is_an_error_of_min_by) {
    struct lade_error err = {0};
    ck_assert_int_eq(min_by(last_digit, range(0), &err), 0);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    ck_assert_int_eq(count(numeric_range(0, 1, 0), &err), 0);
    ck_assert_int_eq(err.code, LADE_EINVAL);
}
END_TEST

START_TEST(strings_are_copied_where_they_are_kept) {
    ck_assert_int_eq(count(unique_everseen(volatile_words(100))), 3);
    ck_assert_int_eq(count(unique_justseen(volatile_words(12))), 6);
    for_each (word, unique_everseen(length, volatile_words(9)))
        trace("%s ", word);
    for_each (l, take(groupby(volatile_words(9)), 3))
        trace("%zu*%s/%s ", len(l), l[0], l[1]);
    traced("w0 2*w0/w0 2*w1/w1 2*w2/w2 ");
}
END_TEST

START_TEST(equal_floating_keys) {
    double zero = 0, values[] = {0.0, -0.0, zero / zero, -(zero / zero), 1.5, 1.5, 2};
    ck_assert_int_eq(count(unique_everseen(from_array(values, 7))), 4);
    list_auto(struct tally) d = counter(struct tally, x, n, from_array(values, 7));
    ck_assert_int_eq(len(d), 4);
    ck_assert_int_eq(dict_get(d, x, 1.5)->n, 2);
    ck_assert_int_eq(dict_get(d, x, 0)->n, 2);
    ck_assert_ptr_null(dict_get(d, x, 7));
    list_auto(struct tally) none = counter(struct tally, x, n, from_array(values, 0));
    ck_assert_int_eq(len(none), 0);
}
END_TEST

START_TEST(many_different_keys) {
    ck_assert_int_eq(count(unique_everseen(chain(range(100000), range(50000)))), 100000);
    ck_assert_int_eq(count(unique_everseen(half, range(70000))), 70000);
}
END_TEST

generator(double, halves)
{
    yield(0.5);
    yield(0.25);
}

static double add_times(double total, double x, const double *factor) {
    return total + *factor * x;
}

START_TEST(reduce_with_has_the_type_of_its_function) {
    const double factor = 3;
    double total = reduce_with(add_times, &factor, halves(), 0);
    ck_assert_double_eq(total, 2.25);
    struct lade_error err = {0};
    total = reduce_with(add_times, &factor, halves(), 1, &err);
    ck_assert_double_eq(total, 3.25);
    ck_assert_int_eq(err.code, 0);
}
END_TEST

START_TEST(sorting_is_stable) {
    list_auto(long) l = sorted_by(last_digit, list_of(long, i * 7 % 50, in(i, 50)));
    for (size_t i = 1; i < len(l); i++)
        ck_assert(last_digit(l[i - 1]) <= last_digit(l[i]));
    assert_items(take(l, 5), "0 20 40 10 30"); /* the unsorted list begins with 0 7 14 21 28 35 42 49 6 13 20 */
    ck_assert_int_eq(min_by(last_digit, l), 0);
    ck_assert_int_eq(max_by(last_digit, l), l[45]);
}
END_TEST

START_TEST(tuples_are_containers) {
    long total = 0;
    for_each (t, permutations(range(4), 2)) {
        ck_assert_int_eq(len(t), 2);
        total += sum(t);
    }
    ck_assert_int_eq(total, 36);
    gen_auto(const long *) g = combinations(range(3), 2);
    const long **p = next(g);
    ck_assert_int_eq((*p)[1], 1);
    p = next(g);
    ck_assert_int_eq((*p)[1], 2);
    ck_assert_int_eq(gen_close(g), LADE_OK);
    ck_assert_int_eq(count(combinations(range(3), -1)), 1);
    ck_assert_int_eq(count(product(range(3))), 3);
}
END_TEST

START_TEST(a_peekable_generator) {
    gen_auto(long) p = peekable(breaks());
    ck_assert_int_eq(*peek(p), 1);
    ck_assert_int_eq(len(spy(p, 9)), 2); /* spy() keeps the error for a later next() */
    assert_next(p, 1);
    ck_assert_int_eq(put_back(p, 8), LADE_OK);
    assert_next(p, 8);
    assert_next(p, 2);
    ck_assert_ptr_null(next(p));
    ck_assert_int_eq(gen_error(p)->code, LADE_EFORMAT);
    ck_assert_int_eq(put_back(p, 8), LADE_ESTATE);
    ck_assert_ptr_null(peek(p));
    traced("~breaks ");

    gen_auto(long) other = nats();
    ck_assert_ptr_null(peek(other));
    ck_assert_int_eq(gen_error(other)->code, LADE_EINVAL);
    struct lade_error err = {0};
    ck_assert_ptr_null(spy(other, 2, &err));
    ck_assert_int_eq(err.code, LADE_EINVAL);

    gen_auto(long) closed = peekable(nats());
    ck_assert_int_eq(*peek(closed), 0);
    gen_close(closed);
    traced("~nats ");
}
END_TEST

START_TEST(a_seekable_generator) {
    gen_auto(long) p = seekable(breaks());
    assert_next(p, 1);
    ck_assert_int_eq(seek(p, 0), LADE_OK);
    ck_assert_int_eq(*peek(p), 1);
    ck_assert_int_eq(len(spy(p, 9)), 2); /* spy() keeps the error for a later next() */
    ck_assert_int_eq(seek(p, 9), LADE_OK);
    ck_assert_ptr_null(peek(p));
    ck_assert_int_eq(seek(p, -1), LADE_EINVAL);
    ck_assert_int_eq(put_back(p, 8L), LADE_EINVAL);
    ck_assert_int_eq(seek(p, 1), LADE_OK);
    assert_next(p, 2);
    ck_assert_ptr_null(next(p));
    ck_assert_int_eq(gen_error(p)->code, LADE_EFORMAT);
    ck_assert_int_eq(seek(p, 0), LADE_ESTATE);
    ck_assert_ptr_null(peek(p));
    traced("~breaks ");

    gen_auto(long) p2 = peekable(range(3));
    ck_assert_int_eq(seek(p2, 0), LADE_EINVAL);
    {
        gen_auto(long) other = range(3);
        ck_assert_int_eq(seek(other, 0), LADE_ESTATE);
        ck_assert_int_eq(put_back(other, 1L), LADE_ESTATE);
    }
    traced(""); /* the function has returned the status, so the error is not unhandled */

    gen_auto(const char *) words = seekable(volatile_words(6));
    ck_assert_str_eq(*next(words), "w0");
    ck_assert_int_eq(seek(words, 5), LADE_OK);
    ck_assert_str_eq(*next(words), "w2");
    ck_assert_int_eq(seek(words, 2), LADE_OK);
    ck_assert_str_eq(*next(words), "w1");
    int rounds = 0;
    seek(words, 0);
    for_each (word, words) { /* the body of the loop may call seek() */
        trace("%s ", word);
        if (!*peek(words) || (!strcmp(word, "w1") && rounds++ == 1))
            break;
        if (!strcmp(word, "w1") && rounds == 1)
            seek(words, 0);
    }
    traced("w0 w0 w1 w0 w0 w1 ");
    gen_auto(long) closed = seekable(nats());
    seek(closed, 1000);
    assert_next(closed, 1000);
    gen_close(closed);
    ck_assert_int_eq(seek(closed, 0), LADE_ESTATE);
    traced("~nats ");
}
END_TEST

START_TEST(partitions_are_lists_of_lists) {
    long sum_of_all = 0;
    for_each (parts, take(set_partitions(range(100), 40), 50))
        for_each (part, parts)
            sum_of_all += sum(part);
    ck_assert_int_eq(sum_of_all, 50 * 4950);
    for_each (parts, take(partitions(volatile_words(5)), 3)) {
        for_each (part, parts)
            trace("%zu*%s ", len(part), part[0]);
        trace("| ");
    }
    traced("5*w0 | 1*w0 4*w0 | 2*w0 3*w1 | ");
    struct lade_error err = {0};
    ck_assert_int_eq(count(set_partitions(nats(), 0), &err), 0);
    ck_assert_int_eq(err.code, LADE_EINVAL);
    err = (struct lade_error){0};
    ck_assert_int_eq(count(partitions(breaks()), &err), 0);
    ck_assert_int_eq(err.code, LADE_EFORMAT);
    err = (struct lade_error){0};
    ck_assert_int_eq(count(distinct_permutations(breaks()), &err), 0);
    ck_assert_int_eq(err.code, LADE_EFORMAT);
    traced("~breaks ~breaks ");
    make_and_free(set_partitions(nats()));
    make_and_free(distinct_permutations(nats(), 2));
    make_and_free(circular_shifts(nats()));
    make_and_free(seekable(nats()));
    ck_assert_int_eq(count(distinct_permutations(range(3), -1)), 1);
    for_each (t, take(distinct_permutations(volatile_words(6)), 2))
        trace("%s%s%s%s%s%s ", t[0], t[1], t[2], t[3], t[4], t[5]);
    traced("w0w0w1w1w2w2 w0w0w1w2w1w2 ");
}
END_TEST

START_TEST(arrays_of_generators_are_owned_or_borrowed) {
    gen_owned(long) owned[3] = {nats(), nats(), nats()};
    assert_items(take(merge_all(owned, 3), 4), "0 0 0 1");
    traced("~nats ~nats ~nats ");
    gen_auto(long) a = range(3);
    gen_auto(long) b = range(5, 9);
    gen(long) borrowed[2] = {a, b};
    assert_items(take(interleave_all(borrowed, 2), 3), "0 5 1");
    assert_items(chain_all(borrowed, 2), "2 6 7 8");
    gen_owned(long) never[2] = {nats(), range(3)};
    make_and_free(chain_all(never, 2));
    traced("");
    struct lade_error err = {0};
    gen_owned(long) broken[2] = {nats(), breaks()};
    ck_assert_int_eq(count(merge_all(broken, 2), &err), 0);
    ck_assert_int_eq(err.code, LADE_EFORMAT);
    traced("~breaks ~nats ");
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "itertools");
    tcase_add_test(tcase, an_endless_source_is_read_as_far_as_needed);
    tcase_add_test(tcase, a_combinator_that_never_starts_frees_its_source);
    tcase_add_test(tcase, an_error_of_the_source_is_passed_on);
    tcase_add_test(tcase, no_item_is_an_error_of_min_by);
    tcase_add_test(tcase, strings_are_copied_where_they_are_kept);
    tcase_add_test(tcase, equal_floating_keys);
    tcase_add_test(tcase, many_different_keys);
    tcase_add_test(tcase, reduce_with_has_the_type_of_its_function);
    tcase_add_test(tcase, sorting_is_stable);
    tcase_add_test(tcase, tuples_are_containers);
    tcase_add_test(tcase, a_peekable_generator);
    tcase_add_test(tcase, a_seekable_generator);
    tcase_add_test(tcase, partitions_are_lists_of_lists);
    tcase_add_test(tcase, arrays_of_generators_are_owned_or_borrowed);
}
