/* Tests of simple generators (PEP 255), one for each of the rules 1 to 13 of docs/python-parity.md. */
#include "support/rules.h"

generator(long, announce, long, n)
{
    trace("start(%ld) ", n);
    yield(n);
    trace("between ");
    yield(n + 1);
    trace("end ");
}

START_TEST(rule_01_calling_binds_the_arguments_and_runs_nothing) {
    long n = 5;
    gen_auto(long) g = announce(n);
    n = 99;
    traced("");
    ck_assert_int_eq(gen_state(g), LADE_GEN_CREATED);
    assert_next(g, 5);
    traced("start(5) ");
}
END_TEST

START_TEST(rule_02_next_runs_to_the_next_yield_and_freezes) {
    gen_auto(long) g = announce(1);
    gen_auto(long) h = announce(10);
    assert_next(g, 1);
    assert_next(h, 10);
    assert_next(g, 2);
    traced("start(1) start(10) between ");
    ck_assert_int_eq(gen_state(g), LADE_GEN_SUSPENDED);
    assert_next(h, 11);
    assert_ended(h);
    assert_ended(g);
    traced("between end end ");
}
END_TEST

generator(long, returns_early, long, n)
{
    for (long i = 0;; i++) {
        if (i == n)
            return;
        yield(i);
    }
}

START_TEST(rule_03_return_or_the_end_of_the_body_ends) {
    assert_items(returns_early(3), "0 1 2");
    assert_items(returns_early(0), "");
    gen_auto(long) g = announce(3);
    assert_next(g, 3);
    assert_next(g, 4);
    assert_ended(g);
}
END_TEST

START_TEST(rule_04_an_exhausted_generator_stays_exhausted) {
    gen_auto(long) g = returns_early(1);
    assert_next(g, 0);
    for (int i = 0; i < 3; i++)
        assert_ended(g);
    ck_assert_int_eq(gen_state(g), LADE_GEN_DONE);
    assert_items(g, "");
}
END_TEST

generator(long, divides, long, by)
{
    yield(1);
    if (!by)
        lade_fail("division of %d by zero", 1);
    yield(1 / by);
}

START_TEST(rule_05_an_error_reaches_the_caller_once_and_ends) {
    gen_auto(long) g = divides(0);
    assert_next(g, 1);
    ck_assert_ptr_null(next(g));
    ck_assert_ptr_nonnull(gen_error(g));
    ck_assert_int_eq(gen_error(g)->code, LADE_ERUNTIME);
    ck_assert_str_eq(gen_error(g)->message, "division of 1 by zero");
    assert_ended(g);
    ck_assert_int_eq(unhandled, 0);
}
END_TEST

static lade_gen(long) self_reference;

generator(long, resumes_itself)
{
    long *item = next(self_reference);
    trace("%s %s ", item ? "item" : "NULL", gen_error(self_reference)->message);
    yield(1);
    yield(2);
}

generator(long, resumes, lade_gen(long) *, other)
{
    long *item = next(*other);
    yield(item ? *item : -1);
}

START_TEST(rule_06_resuming_a_running_generator_is_an_error) {
    gen_auto(long) g = resumes_itself();
    self_reference = g;
    assert_next(g, 1);
    traced("NULL generator already executing: resumes_itself ");
    assert_next(g, 2);
    gen(long) a, b;
    a = resumes(&b);
    b = resumes(&a); /* a resumes b, and b resumes a, which is running */
    assert_next(a, -1);
    ck_assert_int_eq(gen_free(a), LADE_OK);
    ck_assert_int_eq(gen_free(b), LADE_OK);
    /* The body of b has not read the error of its call of next(). */
    traced("unhandled(generator already executing: resumes) ");
}
END_TEST

generator(long, who_resumes)
{
    yield(1);
    yield(2);
    yield(3);
}

generator(long, asks, lade_gen(long), g)
{
    for (long *p; (p = next(g));)
        yield(*p * 10);
}

START_TEST(rule_07_a_generator_returns_to_its_most_recent_caller) {
    gen_auto(long) g = who_resumes();
    gen_auto(long) through = asks(g);
    assert_next(g, 1);
    assert_next(through, 20);
    assert_next(g, 3);
    assert_ended(through);
}
END_TEST

START_TEST(rule_08_a_generator_is_its_own_iterator) {
    gen_auto(long) g = who_resumes();
    for_each (x, g) {
        ck_assert_int_eq(x, 1);
        break;
    }
    assert_items(g, "2 3");
}
END_TEST

generator(long, looks_at_itself)
{
    trace("state %d ", (int)gen_state(self_reference));
    yield_from(who_resumes());
}

START_TEST(rule_09_the_state_and_the_delegate_can_be_asked) {
    gen_auto(long) g = looks_at_itself();
    self_reference = g;
    ck_assert_int_eq(gen_state(g), LADE_GEN_CREATED);
    ck_assert_ptr_null(gen_delegate(g));
    assert_next(g, 1);
    ck_assert_int_eq(LADE_GEN_RUNNING, 2);
    traced("state 2 ");
    ck_assert_int_eq(gen_state(g), LADE_GEN_SUSPENDED);
    ck_assert_ptr_nonnull(gen_delegate(g));
    ck_assert_str_eq(lade_gen_name(gen_delegate(g)), "who_resumes");
    ck_assert_int_eq(gen_state(gen_delegate(g)), LADE_GEN_DELEGATED);
    assert_next(g, 2);
    assert_next(g, 3);
    assert_ended(g);
    ck_assert_ptr_null(gen_delegate(g));
    ck_assert_int_eq(gen_state(g), LADE_GEN_DONE);
}
END_TEST

generator(const char *, nothings, int, n)
{
    while (n--)
        yield((const char *)NULL);
}

START_TEST(rule_10_null_and_zero_are_ordinary_items) {
    int n = 0;
    for_each (item, nothings(4)) {
        ck_assert_ptr_null(item);
        n++;
    }
    ck_assert_int_eq(n, 4);
    ck_assert_int_eq(lade_count(nothings(4)), 4);
    ck_assert_int_eq(lade_len(list(nothings(4))), 4);
}
END_TEST

START_TEST(rule_11_a_generator_has_one_owner) {
    /* Generators cannot be copied. Both variables refer to the same generator. */
    gen(long) g = who_resumes(), same = g;
    assert_next(g, 1);
    assert_next(same, 2);
    assert_next(g, 3);
    gen_free(g);
    /* tee makes independent generators. gen_move() makes tee the owner of the source. */
    gen(long) moved = who_resumes(), copies[2];
    assert_next(moved, 1);
    ck_assert_int_eq(tee(gen_move(moved), 2, copies), LADE_OK);
    assert_items(copies[0], "2 3");
    assert_items(copies[1], "2 3");
    gen_free(copies[0]);
    gen_free(copies[1]);
}
END_TEST

generator(long, crosses_yields)
{ /* an example of PEP 255, which yields 1 2 4 5 8 9 10 11 */
    yield(1);
    for (int pass = 0; pass < 1; pass++) {
        yield(2);
        if (pass == 0)
            goto handler;
        yield(3);
    }
handler:
    yield(4);
    yield(5);
    do {
        if (1)
            break;
        yield(6);
    } while (0);
    switch (8) {
    case 8:
        yield(8);
    }
    yield(9);
    yield(10);
    yield(11);
}

START_TEST(rule_12_control_flow_may_cross_yields) {
    assert_items(crosses_yields(), "1 2 4 5 8 9 10 11");
}
END_TEST

generator(long, returns_inside_try)
{
    finally("finally");
    yield(1);
    if (1)
        return;
    yield(2);
}

generator(long, raises_inside_try)
{
    finally("finally");
    yield(1);
    lade_fail_status(LADE_STOP, "StopIteration by hand");
}

/* Does the same as this Python code: try: yield from g; except Exception: yield 22 */
generator(long, catches_all_of, lade_gen(long), g)
{
    struct lade_error err = {0};
    for_each (x, g, &err)
        yield(x);
    if (err.code)
        yield(22);
}

START_TEST(rule_13_return_runs_finally) {
    gen_auto(long) g = returns_inside_try();
    assert_next(g, 1);
    traced("");
    assert_ended(g);
    traced("finally ");
    gen_auto(long) returns = returns_inside_try(), raises = raises_inside_try();
    assert_items(catches_all_of(returns), "1"); /* a return is not an error, so no 22 follows */
    assert_items(catches_all_of(raises), "1 22");
    traced("finally finally ");
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "PEP 255");
    tcase_add_test(tcase, rule_01_calling_binds_the_arguments_and_runs_nothing);
    tcase_add_test(tcase, rule_02_next_runs_to_the_next_yield_and_freezes);
    tcase_add_test(tcase, rule_03_return_or_the_end_of_the_body_ends);
    tcase_add_test(tcase, rule_04_an_exhausted_generator_stays_exhausted);
    tcase_add_test(tcase, rule_05_an_error_reaches_the_caller_once_and_ends);
    tcase_add_test(tcase, rule_06_resuming_a_running_generator_is_an_error);
    tcase_add_test(tcase, rule_07_a_generator_returns_to_its_most_recent_caller);
    tcase_add_test(tcase, rule_08_a_generator_is_its_own_iterator);
    tcase_add_test(tcase, rule_09_the_state_and_the_delegate_can_be_asked);
    tcase_add_test(tcase, rule_10_null_and_zero_are_ordinary_items);
    tcase_add_test(tcase, rule_11_a_generator_has_one_owner);
    tcase_add_test(tcase, rule_12_control_flow_may_cross_yields);
    tcase_add_test(tcase, rule_13_return_runs_finally);
}
