/* Tests of generator expressions (PEP 289), one for each of the rules 47 to 54 of docs/python-parity.md. */
#include "support/rules.h"

#include <sys/resource.h>

genexpr_static(long, odd_squares, (i * i), in(i, n) if (i % 2), long, n)

START_TEST(rule_47_a_genexpr_is_a_generator_called_at_once) {
    gen_auto(long) g = odd_squares(6);
    ck_assert_int_eq(gen_state(g), LADE_GEN_CREATED);
    assert_next(g, 1);
    assert_next(g, 9);
    assert_next(g, 25);
    assert_ended(g);
    long long s = 0;
    for (long i = 0; i < 100; i++)
        s += i % 2 ? i * i : 0;
    ck_assert_int_eq(s, 166650);
    ck_assert_int_eq(sum(odd_squares(100)), s);
    ck_assert_int_eq(sum_of(long, (i * i), in(i, 100) if (i % 2)), s);
}
END_TEST

static lade_gen_owned(long) announced(lade_gen_owned(long) g) {
    trace("outermost ");
    return g;
}

static long touched(const char *what, long x) {
    trace("%s%ld ", what, x);
    return x;
}

genexpr_over_static(long, products, touched("e", (x * y)), each(x, outer) in(y, touched("n", x)), long, outer)

START_TEST(rule_48_the_outermost_iterable_is_evaluated_at_once_the_rest_lazily) {
    gen_auto(long) g = products(announced(odd_squares(4)));
    traced("outermost ");
    assert_next(g, 0);
    traced("n1 e0 ");
    assert_next(g, 0);
    traced("n9 e0 ");
    assert_next(g, 9);
    traced("e9 ");
}
END_TEST

START_TEST(rule_49_the_loop_variable_is_not_visible_outside) {
    long i = 17;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
    list_auto(long) l = list_of(long, i, in(i, 3));
#pragma GCC diagnostic pop
    ck_assert_int_eq(i, 17);
    ck_assert_int_eq(len(l), 3);
}
END_TEST

genexpr_static(long, plus, i + k, in(i, 3), long, k)
genexpr_static(long, plus_late, i + *k, in(i, 3), long *, k)

START_TEST(rule_50_captures_are_by_value_and_pointers_bind_late) {
    long k = 10;
    gen_auto(long) early = plus(k);
    gen_auto(long) late = plus_late(&k);
    k = 20;
    assert_items(early, "10 11 12");
    assert_items(late, "20 21 22");
}
END_TEST

genexpr_static(long, triangle, 10 * i + j, in(i, n)in(j, i), long, n)

START_TEST(rule_51_inner_iterables_may_use_outer_variables) {
    assert_items(triangle(4), "10 20 21 30 31 32");
    list_auto(long) l = list_of(long, 10 * i + j, in(i, 4)in(j, i));
    ck_assert_int_eq(len(l), 6);
    ck_assert_int_eq(l[5], 32);
    list_auto(long) temporaries = list_of(long, j *j, in(i, 3)in(j, i + 1, i + 2)); /* Python: for j in [i + 1] */
    ck_assert_int_eq(temporaries[0] + temporaries[1] + temporaries[2], 1 + 4 + 9);
}
END_TEST

static lade_gen_owned(long) made_in_a_function_that_is_over(void) {
    long n = 7;
    return odd_squares(n);
}

START_TEST(rule_52_a_genexpr_outlives_the_function_that_made_it) {
    gen_auto(long) g = made_in_a_function_that_is_over();
    char scratch[4096];
    memset(scratch, 0x5a, sizeof scratch);
    __asm__ volatile("" ::"r"(scratch) : "memory");
    assert_items(g, "1 9 25");
}
END_TEST

static long resident_kib(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

START_TEST(rule_53_reducers_hold_a_constant_number_of_items) {
    ck_assert_int_eq(sum(odd_squares(1000)), 166666500);
    long before = resident_kib();
    ck_assert_int_eq(count(odd_squares(10000000)), 5000000);
    ck_assert_int_ne(sum(odd_squares(2000000)), 0);
#ifdef LADE__SANITIZED
    /* In KiB. The limit allows for the memory of a sanitizer. A list of all items would need 40,000 KiB. */
    enum { ROOM = 8192 };
#else
    enum { ROOM = 1024 };
#endif
    ck_assert_int_lt(resident_kib() - before, ROOM);
}
END_TEST

struct pair {
    long i, square;
};
generator(struct pair, pairs, long, n)
{
    for (long i = 0; i < n; i++)
        yield((struct pair){i, i * i});
}

START_TEST(rule_54_an_item_lives_until_the_next_resume) {
    gen_auto(struct pair) g = pairs(3);
    struct pair *one = next(g);
    ck_assert_int_eq(one->i, 0);
    struct pair *two = next(g);
    ck_assert_ptr_eq(one, two); /* both items have the same address */
    ck_assert_int_eq(two->i, 1);
    struct pair kept = *two;
    (void)next(g);
    ck_assert_int_eq(kept.square, 1);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "PEP 289");
    tcase_add_test(tcase, rule_47_a_genexpr_is_a_generator_called_at_once);
    tcase_add_test(tcase, rule_48_the_outermost_iterable_is_evaluated_at_once_the_rest_lazily);
    tcase_add_test(tcase, rule_49_the_loop_variable_is_not_visible_outside);
    tcase_add_test(tcase, rule_50_captures_are_by_value_and_pointers_bind_late);
    tcase_add_test(tcase, rule_51_inner_iterables_may_use_outer_variables);
    tcase_add_test(tcase, rule_52_a_genexpr_outlives_the_function_that_made_it);
    tcase_add_test(tcase, rule_53_reducers_hold_a_constant_number_of_items);
    tcase_add_test(tcase, rule_54_an_item_lives_until_the_next_resume);
}
