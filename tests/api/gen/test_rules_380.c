/*
 * Tests of delegation (PEP 380) and of StopIteration inside generators (PEP 479), one for each of the rules 33 to 46 of
 * docs/python-parity.md. A delegator is a generator that calls yield_from(). The generator that it passes to
 * yield_from() is the delegate. lade/gen.h explains the terms owned, named and drained.
 *
 * The tests use all three implementations of delegation. An owned delegate runs on the stack of its delegator. A named
 * delegate that was started before has its own stack. If sum() or another reducer drains the delegator, the delegator
 * runs on the caller's stack.
 */
#include "support/rules.h"

enum { MY_ERROR = -1000, OTHER_ERROR = -1001 };

/* ---- A delegate, and delegators with an owned and with a named delegate ------------------------------------------ */

generator(long, inner)
{
    finally("~inner");
    for (long i = 1; i <= 3; i++) {
        long got = yield(i);
        if (got)
            trace("inner got %ld ", got);
    }
    gen_return(77);
}

generator(long, in_place)
{
    finally("~outer");
    long result = yield_from(inner());
    trace("result %ld ", result);
    yield(100);
}

generator(long, by_handle, lade_gen(long), g)
{
    finally("~outer");
    long result = yield_from(g);
    trace("result %ld ", result);
    yield(100);
}

/* Takes the first item of g, so that g is started. Returns a generator that delegates to g. */
static lade_gen(long) started;
static lade_gen_owned(long) suspended(lade_gen(long) g) {
    started = g;
    (void)next(started);
    return by_handle(started);
}

START_TEST(rule_33_items_go_straight_to_the_caller) {
    assert_items(in_place(), "1 2 3 100");
    traced("~inner result 77 ~outer ");
    gen_auto(long) g = inner();
    assert_items(suspended(g), "2 3 100");
    traced("~inner result 77 ~outer ");
    ck_assert_int_eq(gen_state(g), LADE_GEN_DONE);
    ck_assert_int_eq(sum(in_place()), 106);
    traced("~inner result 77 ~outer ");
}
END_TEST

START_TEST(rule_34_send_is_forwarded) {
    gen_auto(long) g = in_place();
    assert_next(g, 1);
    ck_assert_int_eq(*gen_send(g, 5), 2);
    assert_next(g, 3);
    traced("inner got 5 ");
    gen_auto(long) sub = inner();
    gen_auto(long) h = suspended(sub);
    assert_next(h, 2);
    ck_assert_int_eq(*gen_send(h, 6), 3);
    ck_assert_int_eq(*gen_send(h, 7), 100);
    traced("inner got 6 inner got 7 ~inner result 77 ");
}
END_TEST

generator(long, catcher)
{
    finally("~inner");
    for (long i = 1;; i++) {
        int status = try_yield(i);
        if (status == LADE_EXIT)
            return;
        if (status == OTHER_ERROR)
            lade_fail_status(OTHER_ERROR, "came through");
        if (status)
            trace("caught %d ", status);
    }
}

generator(long, outer_of_catcher)
{
    finally("~outer");
    yield_from(catcher());
    trace("not here ");
}

static void throw_goes_to_the_delegate(lade_gen(long) g, long first) {
    assert_next(g, first);
    ck_assert_int_eq(*gen_throw(g, MY_ERROR, "x"), first + 1);
    traced("caught -1000 ");
    ck_assert_ptr_null(gen_throw(g, OTHER_ERROR, "y"));
    ck_assert_str_eq(gen_error(g)->message, "came through");
    traced("~inner ~outer ");
}

START_TEST(rule_35_throw_is_forwarded) {
    gen_auto(long) g = outer_of_catcher();
    throw_goes_to_the_delegate(g, 1);
    gen_auto(long) sub = catcher();
    gen_auto(long) h = suspended(sub);
    throw_goes_to_the_delegate(h, 2);
}
END_TEST

START_TEST(rule_36_close_goes_from_the_innermost_outwards) {
    gen_auto(long) g = in_place();
    assert_next(g, 1);
    ck_assert_int_eq(gen_close(g), LADE_OK);
    traced("~inner ~outer ");
    gen_auto(long) sub = inner();
    gen_auto(long) h = suspended(sub);
    assert_next(h, 2);
    ck_assert_int_eq(gen_close(h), LADE_OK);
    traced("~inner ~outer ");
    ck_assert_int_eq(gen_state(sub), LADE_GEN_DONE);
    /* lade_first() runs the generator on the caller's stack, and closes the generator after one item. */
    ck_assert_int_eq(lade_first(in_place(), 0), 1);
    traced("~inner ~outer ");
}
END_TEST

generator(long, fails_in_finally)
{
    if (try_yield(1) == LADE_EXIT)
        lade_fail_status(MY_ERROR, "in finally");
}

generator(long, outer_of_failing)
{
    finally("~outer");
    yield_from(fails_in_finally());
}

START_TEST(rule_37_an_error_from_closing_the_delegate_is_raised_in_the_delegator) {
    gen_auto(long) g = outer_of_failing();
    assert_next(g, 1);
    ck_assert_int_eq(gen_close(g), MY_ERROR);
    ck_assert_str_eq(gen_error(g)->message, "in finally");
    traced("~outer ");
}
END_TEST

generator(long, returns_on_exit)
{
    if (try_yield(1) == LADE_EXIT)
        gen_return(5);
}

generator(long, outer_of_returning)
{
    finally("~outer");
    long result = yield_from(returns_on_exit());
    trace("not here %ld ", result);
    yield(result);
}

generator(long, yields_on_exit)
{
    if (try_yield(1) == LADE_EXIT)
        yield(666);
}

generator(long, outer_of_yielding)
{
    finally("~outer");
    yield_from(yields_on_exit());
    trace("not here ");
}

START_TEST(rule_38_exit_stays_raised_when_the_delegate_returns) {
    gen_auto(long) g = outer_of_returning();
    assert_next(g, 1);
    ck_assert_int_eq(gen_close(g), LADE_OK);
    traced("~outer ");
    gen_auto(long) thrown = outer_of_returning();
    assert_next(thrown, 1);
    ck_assert_ptr_null(gen_throw(thrown, LADE_EXIT, "exit"));
    ck_assert_int_eq(gen_error(thrown)->code, LADE_EXIT);
    traced("~outer ");
    gen_auto(long) h = outer_of_yielding();
    assert_next(h, 1);
    ck_assert_int_eq(gen_close(h), LADE_ERUNTIME);
    ck_assert_int_eq(gen_close(h), LADE_OK);
    traced("~outer ");
}
END_TEST

generator(long, no_items)
{
    if (0)
        yield(0);
    gen_return(9);
}

generator(long, collects_results)
{
    long first = yield_from(inner());
    long second = yield_from(no_items());
    long third = yield_from(lade_take(inner(), 1)); /* take() has no result, so the value is 0 */
    yield(first);
    yield(second);
    yield(third);
}

START_TEST(rule_39_the_result_is_the_value_of_the_expression) {
    assert_items(collects_results(), "1 2 3 1 77 9 0");
    trace_text[0] = '\0';
    gen_auto(long) g = no_items();
    assert_ended(g);
    ck_assert_int_eq(*gen_result(g), 9);
}
END_TEST

generator(long, outer_of_combinator)
{
    finally("~outer");
    yield_from(lade_drop(inner(), 1));
    yield(100);
}

START_TEST(rule_40_anything_that_yields_can_be_delegated_to) {
    assert_items(outer_of_combinator(), "2 3 100");
    traced("~inner ~outer ");
    gen_auto(long) g = outer_of_combinator();
    assert_next(g, 2);
    ck_assert_ptr_null(gen_throw(g, MY_ERROR, "x")); /* a combinator cannot catch an error */
    ck_assert_int_eq(gen_error(g)->code, MY_ERROR);
    traced("~inner ~outer ");
    gen_auto(long) h = outer_of_combinator();
    assert_next(h, 2);
    ck_assert_int_eq(*gen_send(h, 5), 3); /* the value is lost; Python raises AttributeError */
    assert_next(h, 100);
    traced("~inner ");
}
END_TEST

generator(long, empty)
{
    if (0)
        yield(0);
}

generator(long, outer_of_empty)
{
    long result = yield_from(empty());
    yield(result + 1);
}

START_TEST(rule_41_an_empty_delegate_is_over_at_once) {
    assert_items(outer_of_empty(), "1");
    ck_assert_int_eq(sum(outer_of_empty()), 1);
}
END_TEST

START_TEST(rule_42_closing_the_delegator_finishes_the_delegate_even_if_shared) {
    gen_auto(long) shared = inner();
    assert_next(shared, 1);
    {
        gen_auto(long) g = by_handle(shared);
        assert_next(g, 2);
        ck_assert_ptr_null(next(shared)); /* next() is an error during a delegation */
        ck_assert_int_eq(gen_error(shared)->code, LADE_ESTATE);
        ck_assert_int_eq(gen_close(shared), LADE_ESTATE);
        ck_assert_int_eq(gen_error(shared)->code, LADE_ESTATE);
        assert_next(g, 3);
    }
    assert_ended(shared);
    traced("~inner ~outer ");
}
END_TEST

generator(long, inlined)
{
    yield(0);
    for (int i = 1; i <= 3; i++) {
        int status = try_yield(i);
        if (status == MY_ERROR) {
            trace("E ");
            yield(-i);
        }
        if (status == LADE_EXIT)
            return;
    }
    yield(9);
}

generator(long, moved_out)
{
    for (int i = 1; i <= 3; i++) {
        int status = try_yield(i);
        if (status == MY_ERROR) {
            trace("E ");
            yield(-i);
        }
        if (status == LADE_EXIT)
            return;
    }
}

generator(long, refactored)
{
    yield(0);
    yield_from(moved_out());
    yield(9);
}

/* Makes five calls. Each digit of @script in base 4 selects a call: next, send, throw or close. Adds the results of the
   calls to the trace. */
static void play(lade_gen_owned(long) owned, int script) {
    gen_auto(long) g = owned;
    for (int i = 0; i < 5; i++, script /= 4) {
        long *item = NULL;
        int closed = 0;
        switch (script % 4) {
        case 0:
            item = next(g);
            break;
        case 1:
            item = gen_send(g, 3);
            break;
        case 2:
            item = gen_throw(g, MY_ERROR, "x");
            break;
        default:
            closed = gen_close(g);
        }
        trace("%ld/%d/%d ", item ? *item : -99, closed, gen_error(g) ? gen_error(g)->code : 0);
    }
}

START_TEST(rule_43_code_moved_behind_yield_from_behaves_as_before) {
    for (int script = 0; script < 4 * 4 * 4 * 4 * 4; script++) {
        play(inlined(), script);
        char expected[sizeof trace_text];
        strcpy(expected, trace_text);
        trace_text[0] = '\0';
        play(refactored(), script);
        traced(expected);
    }
}
END_TEST

generator(long, deep_chain, long, depth, long, n)
{
    if (depth)
        yield_from(deep_chain(depth - 1, n));
    else
        for (long i = 0; i < n; i++)
            yield(i);
}

#ifdef LADE__SANITIZED
enum { DEPTH = 5000 }; /* the call stack of ThreadSanitizer has 65,536 frames */
#else
enum { DEPTH = 100000 };
#endif

START_TEST(rule_44_a_chain_of_any_depth) {
    ck_assert_int_eq(sum(deep_chain(DEPTH, 100)), 4950);
    gen_auto(long) g = deep_chain(DEPTH, 100);
    long total = 0;
    for (long *p; (p = next(g));)
        total += *p;
    ck_assert_int_eq(total, 4950);
    gen_auto(long) half_way = deep_chain(DEPTH, 100);
    assert_next(half_way, 0); /* when the scope ends, gen_auto closes all bodies of the chain */
}
END_TEST

generator(long, raises_stop)
{
    yield(1);
    lade_fail_status(LADE_STOP, "StopIteration by mistake");
}

START_TEST(rule_45_stop_leaking_from_a_body_becomes_a_runtime_error) {
    gen_auto(long) g = raises_stop();
    assert_next(g, 1);
    ck_assert_ptr_null(next(g));
    ck_assert_int_eq(gen_error(g)->code, LADE_ERUNTIME);
    assert_ended(g);
    struct lade_error err = {0};
    ck_assert_int_eq(lade_sum(raises_stop(), &err), 0);
    ck_assert_int_eq(err.code, LADE_ERUNTIME);
}
END_TEST

START_TEST(rule_46_stop_thrown_and_not_caught_becomes_a_runtime_error) {
    gen_auto(long) g = inner();
    assert_next(g, 1);
    ck_assert_ptr_null(gen_throw(g, LADE_STOP, "stop"));
    ck_assert_int_eq(gen_error(g)->code, LADE_ERUNTIME);
    assert_ended(g);
    gen_auto(long) h = in_place();
    assert_next(h, 1);
    ck_assert_ptr_null(gen_throw(h, LADE_STOP, "stop"));
    ck_assert_int_eq(gen_error(h)->code, LADE_ERUNTIME);
    traced("~inner ~inner ~outer ");
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "PEP 380");
    tcase_add_test(tcase, rule_33_items_go_straight_to_the_caller);
    tcase_add_test(tcase, rule_34_send_is_forwarded);
    tcase_add_test(tcase, rule_35_throw_is_forwarded);
    tcase_add_test(tcase, rule_36_close_goes_from_the_innermost_outwards);
    tcase_add_test(tcase, rule_37_an_error_from_closing_the_delegate_is_raised_in_the_delegator);
    tcase_add_test(tcase, rule_38_exit_stays_raised_when_the_delegate_returns);
    tcase_add_test(tcase, rule_39_the_result_is_the_value_of_the_expression);
    tcase_add_test(tcase, rule_40_anything_that_yields_can_be_delegated_to);
    tcase_add_test(tcase, rule_41_an_empty_delegate_is_over_at_once);
    tcase_add_test(tcase, rule_42_closing_the_delegator_finishes_the_delegate_even_if_shared);
    tcase_add_test(tcase, rule_43_code_moved_behind_yield_from_behaves_as_before);
    tcase_add_test(tcase, rule_44_a_chain_of_any_depth);
    tcase_add_test(tcase, rule_45_stop_leaking_from_a_body_becomes_a_runtime_error);
    tcase_add_test(tcase, rule_46_stop_thrown_and_not_caught_becomes_a_runtime_error);
}
