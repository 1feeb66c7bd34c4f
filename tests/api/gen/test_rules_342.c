/* Tests of send, throw and close (PEP 342), one for each of the rules 14 to 32 of docs/python-parity.md. */
#include "support/rules.h"

generator(long, echo)
{
    long got = yield(0);
    for (;;) {
        trace("got %ld ", got);
        got = yield(got + 1);
    }
}

generator(long, running_sum)
{
    long total = 0;
    for (;;)
        total += yield(total);
}

START_TEST(rule_14_yield_is_an_expression) {
    gen_auto(long) g = echo();
    assert_next(g, 0);
    ck_assert_int_eq(*gen_send(g, 7), 8);
    assert_next(g, 1);
    traced("got 7 got 0 ");
}
END_TEST

START_TEST(rule_15_send_resumes_and_gives_the_next_item) {
    gen_auto(long) g = running_sum();
    assert_next(g, 0);
    ck_assert_int_eq(*gen_send(g, 10), 10);
    ck_assert_int_eq(*gen_send(g, 20), 30);
    ck_assert_int_eq(gen_close(g), LADE_OK);
    ck_assert_ptr_null(gen_send(g, 1));
    ck_assert_ptr_null(gen_error(g));
}
END_TEST

START_TEST(rule_16_send_to_a_generator_that_has_not_begun) {
    gen_auto(long) g = running_sum();
    ck_assert_ptr_null(gen_send(g, 3));
    ck_assert_int_eq(gen_error(g)->code, LADE_ESTATE);
    ck_assert_int_eq(gen_state(g), LADE_GEN_CREATED);
    assert_next(g, 0);
    ck_assert_int_eq(*gen_send(g, 3), 3);
}
END_TEST

START_TEST(rule_17_next_is_send_of_nothing) {
    gen_auto(long) g = running_sum();
    assert_next(g, 0);
    ck_assert_int_eq(*gen_send(g, 0), 0);
    assert_next(g, 0);
    ck_assert_int_eq(*gen_send(g, 4), 4);
    assert_next(g, 4);
}
END_TEST

enum { MY_ERROR = -1000, OTHER_ERROR = -1001 };

generator(long, catches)
{
    finally("finally");
    for (;;) {
        int status = try_yield(1);
        trace("caught %d ", status);
        if (status == LADE_EXIT)
            return;
        if (status == OTHER_ERROR)
            lade_fail_status(OTHER_ERROR, "raised again");
    }
}

generator(long, catches_nothing)
{
    finally("finally");
    yield(1);
    trace("not here ");
    yield(2);
}

START_TEST(rule_18_throw_raises_at_the_yield) {
    gen_auto(long) g = catches();
    assert_next(g, 1);
    ck_assert_int_eq(*gen_throw(g, MY_ERROR, "mine"), 1);
    traced("caught -1000 ");
    gen_auto(long) h = catches_nothing();
    assert_next(h, 1);
    ck_assert_ptr_null(gen_throw(h, MY_ERROR, "mine %d", 7));
    ck_assert_int_eq(gen_error(h)->code, MY_ERROR);
    ck_assert_str_eq(gen_error(h)->message, "mine 7");
    assert_ended(h);
    traced("finally ");
}
END_TEST

START_TEST(rule_19_a_caught_throw_leaves_the_generator_usable) {
    gen_auto(long) g = catches();
    assert_next(g, 1);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(*gen_throw(g, MY_ERROR, "again"), 1);
    assert_next(g, 1);
    ck_assert_ptr_null(gen_throw(g, OTHER_ERROR, "the end"));
    ck_assert_str_eq(gen_error(g)->message, "raised again");
    traced("caught -1000 caught -1000 caught -1000 caught 0 caught -1001 finally ");
}
END_TEST

START_TEST(rule_20_throw_before_the_start_runs_nothing) {
    gen_auto(long) g = catches();
    ck_assert_ptr_null(gen_throw(g, MY_ERROR, "early"));
    ck_assert_str_eq(gen_error(g)->message, "early");
    ck_assert_int_eq(gen_state(g), LADE_GEN_DONE);
    assert_ended(g);
    traced("");
}
END_TEST

START_TEST(rule_21_throw_into_a_finished_generator_comes_back) {
    gen_auto(long) g = catches_nothing();
    gen_close(g);
    ck_assert_ptr_null(gen_throw(g, MY_ERROR, "late"));
    ck_assert_int_eq(gen_error(g)->code, MY_ERROR);
    ck_assert_int_eq(gen_state(g), LADE_GEN_DONE);
    assert_ended(g);
}
END_TEST

START_TEST(rule_22_throw_of_what_is_no_error_is_refused) {
    gen_auto(long) g = catches();
    assert_next(g, 1);
    ck_assert_ptr_null(gen_throw(g, 0, "no error"));
    ck_assert_int_eq(gen_error(g)->code, LADE_EINVAL);
    ck_assert_int_eq(gen_state(g), LADE_GEN_SUSPENDED);
    assert_next(g, 1);
    traced("caught 0 ");
}
END_TEST

START_TEST(rule_23_close_raises_exit_and_swallows_it) {
    gen_auto(long) g = catches_nothing();
    assert_next(g, 1);
    ck_assert_int_eq(gen_close(g), LADE_OK);
    ck_assert_ptr_null(gen_error(g));
    ck_assert_int_eq(gen_state(g), LADE_GEN_DONE);
    gen_auto(long) h = catches();
    assert_next(h, 1);
    ck_assert_int_eq(gen_close(h), LADE_OK); /* the body catches LADE_EXIT and returns */
    traced("finally caught -100 finally ");
    gen_auto(long) i = catches_nothing();
    assert_next(i, 1);
    /* gen_throw() returns the error LADE_EXIT to its caller. (gen_close() would not return it.) */
    ck_assert_ptr_null(gen_throw(i, LADE_EXIT, "exit"));
    ck_assert_int_eq(gen_error(i)->code, LADE_EXIT);
}
END_TEST

START_TEST(rule_24_close_before_the_start_runs_nothing) {
    gen_auto(long) g = catches_nothing();
    ck_assert_int_eq(gen_close(g), LADE_OK);
    traced("");
    assert_ended(g);
}
END_TEST

START_TEST(rule_25_close_of_a_finished_generator_does_nothing) {
    gen_auto(long) g = catches_nothing();
    assert_next(g, 1);
    ck_assert_int_eq(gen_close(g), LADE_OK);
    traced("finally ");
    ck_assert_int_eq(gen_close(g), LADE_OK);
    gen(long) none = NULL;
    ck_assert_int_eq(gen_close(none), LADE_OK);
    traced("");
    gen_auto(long) exhausted = catches_nothing(), failed = catches_nothing();
    assert_items(exhausted, "1 2");
    traced("not here finally ");
    ck_assert_int_eq(gen_close(exhausted), LADE_OK);
    assert_next(failed, 1);
    ck_assert_ptr_null(gen_throw(failed, MY_ERROR, "mine"));
    ck_assert_int_eq(gen_error(failed)->code, MY_ERROR);
    traced("finally ");
    ck_assert_int_eq(gen_close(failed), LADE_OK);
    traced("");
}
END_TEST

generator(long, nested_cleanup)
{
    finally("outer");
    for (int i = 0;; i++) {
        finally("inner");
        yield(i);
    }
}

START_TEST(rule_26_close_runs_finally_innermost_first) {
    gen_auto(long) g = nested_cleanup();
    assert_next(g, 0);
    assert_next(g, 1);
    traced("inner ");
    gen_close(g);
    traced("inner outer ");
}
END_TEST

generator(long, ignores_exit)
{
    finally("finally");
    if (try_yield(1) == LADE_EXIT)
        yield(666);
    trace("after ");
}

START_TEST(rule_27_a_yield_while_closing_is_an_error) {
    gen_auto(long) g = ignores_exit();
    assert_next(g, 1);
    ck_assert_int_eq(gen_close(g), LADE_ERUNTIME);
    ck_assert_int_eq(gen_close(g), LADE_OK);
    traced("finally ");
    ck_assert_int_eq(gen_state(g), LADE_GEN_DONE);
}
END_TEST

generator(long, fails_while_closing)
{
    if (try_yield(1) == LADE_EXIT)
        lade_fail_status(MY_ERROR, "in finally");
}

START_TEST(rule_28_an_error_while_closing_reaches_the_closer) {
    gen_auto(long) g = fails_while_closing();
    assert_next(g, 1);
    ck_assert_int_eq(gen_close(g), MY_ERROR);
    ck_assert_str_eq(gen_error(g)->message, "in finally");
    ck_assert_int_eq(gen_close(g), LADE_OK);
}
END_TEST

generator(long, catches_errors_only)
{
    int status = try_yield(1);
    if (status < 0 && status > LADE_EXIT)
        trace("except Exception ");
    else
        trace("went by ");
}

START_TEST(rule_29_exit_is_no_ordinary_error) {
    gen_auto(long) g = catches_errors_only();
    assert_next(g, 1);
    gen_close(g);
    traced("went by ");
    gen_auto(long) h = catches_errors_only();
    assert_next(h, 1);
    ck_assert_ptr_null(gen_throw(h, LADE_EIO, "io"));
    ck_assert_ptr_null(gen_error(h)); /* the error was caught, and the body ended */
    traced("except Exception ");
}
END_TEST

generator(long, returns_when_closed)
{
    if (try_yield(1) == LADE_EXIT)
        gen_return(42);
    gen_return(7);
}

START_TEST(rule_30_close_gives_the_return_value) {
    gen_auto(long) g = returns_when_closed();
    assert_next(g, 1);
    ck_assert_ptr_null(gen_result(g));
    gen_close(g);
    ck_assert_int_eq(*gen_result(g), 42);
    gen_close(g);
    ck_assert_int_eq(*gen_result(g), 42); /* the second close keeps the result; in Python, close() then returns None */
    gen_auto(long) h = catches_nothing();
    assert_next(h, 1);
    gen_close(h);
    ck_assert_ptr_null(gen_result(h));
    gen_auto(long) i = returns_when_closed();
    assert_next(i, 1);
    assert_ended(i);
    ck_assert_int_eq(*gen_result(i), 7);
}
END_TEST

/* Returns the size of the virtual memory in MiB, or 0 if there is no /proc. */
static long address_space(void) {
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f) {
        ck_assert_int_eq(fscanf(f, "%ld", &pages), 1);
        fclose(f);
    }
    return pages / 256;
}

START_TEST(rule_31_close_gives_the_stack_back) {
    enum { ROUNDS = 5000 };
    lade_set_stack_size(1 << 20);
    long before = 0;
    for (int i = 0; i < ROUNDS; i++) {
        gen_auto(long) g = nested_cleanup();
        assert_next(g, 0);
        gen_close(g);
        trace_text[0] = '\0';
        if (i == ROUNDS / 10)
            before = address_space();
    }
    /* If the stacks were not returned to the pool, each stack would add 1 MiB. */
    ck_assert_int_lt(address_space() - before, ROUNDS / 10);
}
END_TEST

START_TEST(rule_32_the_end_of_the_scope_closes_and_errors_there_are_reported) {
    {
        gen_auto(long) g = catches_nothing();
        assert_next(g, 1);
    }
    traced("finally ");
    {
        gen_auto(long) g = fails_while_closing();
        assert_next(g, 1);
    }
    traced("unhandled(in finally) ");
    ck_assert_int_eq(unhandled, 1);
    {
        gen_auto(long) g = catches_nothing();
        assert_next(g, 1);
        ck_assert_ptr_null(gen_throw(g, MY_ERROR, "nobody asks"));
    }
    traced("finally unhandled(nobody asks) ");
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "PEP 342");
    tcase_add_test(tcase, rule_14_yield_is_an_expression);
    tcase_add_test(tcase, rule_15_send_resumes_and_gives_the_next_item);
    tcase_add_test(tcase, rule_16_send_to_a_generator_that_has_not_begun);
    tcase_add_test(tcase, rule_17_next_is_send_of_nothing);
    tcase_add_test(tcase, rule_18_throw_raises_at_the_yield);
    tcase_add_test(tcase, rule_19_a_caught_throw_leaves_the_generator_usable);
    tcase_add_test(tcase, rule_20_throw_before_the_start_runs_nothing);
    tcase_add_test(tcase, rule_21_throw_into_a_finished_generator_comes_back);
    tcase_add_test(tcase, rule_22_throw_of_what_is_no_error_is_refused);
    tcase_add_test(tcase, rule_23_close_raises_exit_and_swallows_it);
    tcase_add_test(tcase, rule_24_close_before_the_start_runs_nothing);
    tcase_add_test(tcase, rule_25_close_of_a_finished_generator_does_nothing);
    tcase_add_test(tcase, rule_26_close_runs_finally_innermost_first);
    tcase_add_test(tcase, rule_27_a_yield_while_closing_is_an_error);
    tcase_add_test(tcase, rule_28_an_error_while_closing_reaches_the_closer);
    tcase_add_test(tcase, rule_29_exit_is_no_ordinary_error);
    tcase_add_test(tcase, rule_30_close_gives_the_return_value);
    tcase_add_test(tcase, rule_31_close_gives_the_stack_back);
    tcase_add_test(tcase, rule_32_the_end_of_the_scope_closes_and_errors_there_are_reported);
}
