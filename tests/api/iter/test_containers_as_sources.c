/* Tests that each consumer and each combinator also takes a container instead of a generator. */
#include "support/rules.h"

struct pair {
    long a;
    const char *b;
};

static bool is_odd(long x) {
    return x % 2;
}
static long twice(long x) {
    return 2 * x;
}
static long add(long a, long b) {
    return a + b;
}

generator(long, from_a_list)
{
    list_auto(long) l = list(range(3));
    yield_from(l);
    yield_from(list(range(2)));
}

START_TEST(a_container_in_a_variable_is_read_and_kept) {
    list_auto(long) l = list(range(6));
    assert_items(l, "0 1 2 3 4 5");
    assert_items(filter(is_odd, l), "1 3 5");
    assert_items(chain(l, range(2), l), "0 1 2 3 4 5 0 1 0 1 2 3 4 5");
    ck_assert_int_eq(sum(l), 15);
    ck_assert_int_eq(max(l), 5);
    ck_assert_int_eq(count(l), 6);
    ck_assert_int_eq(first(l, 9), 0);
    ck_assert_int_eq(reduce(add, l, 100), 115);
    tuple_auto(long) t = tuple(map(twice, l));
    assert_items(t, "0 2 4 6 8 10");
    list_auto(long) s = set(t);
    assert_items(s, "0 2 4 6 8 10");
    list_auto(double) d = list_of(double, i / 2.0, in(i, 3));
    ck_assert_double_eq(sum(d), 1.5);
}
END_TEST

START_TEST(a_temporary_container_is_freed) {
    assert_items(list(range(3)), "0 1 2");
    assert_items(take(list(list(tuple(range(9)))), 2), "0 1");
    for_each (x, list(range(9)))
        if (x == 3)
            break;
    gen(long) never_started = take(list(range(3)), 2);
    ck_assert_int_eq(gen_free(never_started), LADE_OK);
    ck_assert_int_eq(sum(set_of(long, i % 4, in(i, 100))), 6);
    assert_items(from_a_list(), "0 1 2 0 1");
}
END_TEST

START_TEST(containers_of_structs_and_strings) {
    list_auto(const char *) names = list_of(const char *, i ? "one" : "zero", in(i, 2));
    list_auto(struct pair) pairs = list(zip(struct pair, range(5), names));
    for_each (p, pairs)
        trace("%ld=%s ", p.a, p.b);
    for_each (p, dict(list(pairs), a))
        trace("%ld=%s ", p.a, p.b);
    for_each (name, names)
        trace("%s ", name);
    for_each (c, list(from_string("xy")))
        trace("%c ", c);
    traced("0=zero 1=one 0=zero 1=one zero one x y ");
}
END_TEST

START_TEST(a_container_is_pulled_drained_and_large) {
    list_auto(long) l = list(range(100000));
    gen_auto(long) g = take(l, 3);
    assert_next(g, 0);
    assert_next(g, 1);
    assert_next(g, 2);
    assert_ended(g);
    ck_assert_int_eq(sum(l), 4999950000);
    ck_assert_int_eq(count(filter(is_odd, l)), 50000);
}
END_TEST

START_TEST(an_empty_container_and_null_have_no_items) {
    list_auto(long) none = list(range(0));
    assert_items(none, "");
    long *failed = NULL;
    ck_assert_int_eq(sum(failed), 0);
    ck_assert_int_eq(unhandled, 0);
}
END_TEST

START_TEST(another_pointer_is_an_error) {
    _Alignas(16) long numbers[8] = {1, 2, 3, 4};
    for (int at = 1; at < 4; at++) {
        struct lade_error err = {0};
        ck_assert_int_eq(sum(numbers + at, &err), 0);
        ck_assert_int_eq(err.code, LADE_EINVAL);
        ck_assert_ptr_nonnull(strstr(err.message, "from_array"));
    }
    assert_items(from_array(numbers, 4), "1 2 3 4");
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "containers as generators");
    tcase_add_test(tcase, a_container_in_a_variable_is_read_and_kept);
    tcase_add_test(tcase, a_temporary_container_is_freed);
    tcase_add_test(tcase, containers_of_structs_and_strings);
    tcase_add_test(tcase, a_container_is_pulled_drained_and_large);
    tcase_add_test(tcase, an_empty_container_and_null_have_no_items);
    tcase_add_test(tcase, another_pointer_is_an_error);
}
