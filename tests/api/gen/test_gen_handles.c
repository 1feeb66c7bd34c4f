/* Tests of handles of generators that were freed or moved, of errors that no code has read, and of attributes of
   generator functions. */
#include "support/rules.h"

static long closed;

static void count_closed(const long *unused) {
    (void)unused;
    closed++;
}

generator(long, counts_its_end, long, n)
{
    __attribute__((unused)) lade_cleanup(count_closed) long end = 0;
    for (long i = 0; i < n; i++)
        yield(i);
}

/* ---- Handles ----------------------------------------------------------------------------------------------------- */

START_TEST(a_moved_variable_is_empty) {
    closed = 0;
    {
        gen_auto(long) g = counts_its_end(4);
        ck_assert_int_eq(sum(gen_move(g)), 6);
        ck_assert_ptr_null(g);
        gen_auto(long) other = counts_its_end(3); /* this generator may have the memory of the freed generator */
        assert_next(other, 0);
        ck_assert_ptr_null(next(g));
        ck_assert_int_eq(gen_close(g), LADE_OK);
        assert_next(other, 1);
    }
    ck_assert_int_eq(closed, 2);
}
END_TEST

START_TEST(a_freed_variable_is_empty) {
    struct {
        gen(long) g;
    } holder = {counts_its_end(4)};
    gen_auto(long) g = counts_its_end(4);
    assert_next(g, 0);
    ck_assert_int_eq(gen_free(g), LADE_OK);
    ck_assert_ptr_null(g);
    ck_assert_int_eq(gen_free(g), LADE_OK);
    ck_assert_int_eq(gen_free(holder.g), LADE_OK);
    ck_assert_ptr_null(holder.g);
}
END_TEST

/* Takes two items at each level of a recursion, and returns a number whose digits are these items. The function calls
   next() at different depths of the stack, and at each depth in two different lines. */
__attribute__((noinline)) static long digits(gen(long) g, int depth) {
    const long *first = next(g);
    long number = first ? *first * 10 : 0;
    if (depth)
        number += 100 * digits(g, depth - 1);
    const long *second = next(g);
    return second ? number + *second : number;
}

START_TEST(items_arrive_where_next_was_called) {
    gen_auto(long) g = counts_its_end(9);
    ck_assert_int_eq(digits(g, 2), 231405);
    ck_assert_int_eq(digits(g, 0), 67);
    assert_next(g, 8);
    ck_assert_int_eq(digits(g, 1), 0);
}
END_TEST

START_TEST(a_chain_is_built_in_one_variable) {
    gen_auto(long) g = range(100);
    for (int i = 0; i < 5; i++)
        g = drop(gen_move(g), 2);
    assert_items(take(gen_move(g), 3), "10 11 12");
    ck_assert_ptr_null(g);
}
END_TEST

#ifndef LADE__SANITIZED /* a sanitizer reports the use of freed memory */
static void check_stale(gen(long) stale) {
    struct lade_error err = {0};
    ck_assert_ptr_null(next(stale));
    ck_assert_ptr_null(gen_send(stale, 1));
    ck_assert_ptr_null(gen_throw(stale, LADE_EIO, "thrown"));
    ck_assert_int_eq(gen_error(stale)->code, LADE_ESTATE);
    ck_assert_int_eq(gen_close(stale), LADE_ESTATE);
    ck_assert_int_eq(gen_state(stale), LADE_GEN_DONE);
    for_each (x, stale, &err)
        ck_abort_msg("%ld", x);
    ck_assert_int_eq(err.code, LADE_ESTATE);
    err = (struct lade_error){0};
    ck_assert_int_eq(sum(stale, &err), 0);
    ck_assert_int_eq(err.code, LADE_ESTATE);
    err = (struct lade_error){0};
    ck_assert_int_eq(sum(take(stale, 2), &err), 0);
    ck_assert_int_eq(err.code, LADE_ESTATE);
    ck_assert_int_eq(gen_free(stale), LADE_ESTATE);
    ck_assert_ptr_nonnull(stale);
}

START_TEST(a_copy_of_a_freed_handle_is_refused) {
    if (check_under_valgrind())
        CHECK_SKIP("valgrind reports the use of freed memory");
    unhandled = 0;
    gen(long) g = counts_its_end(4), copy = g;
    assert_next(g, 0);
    gen_free(g);
    check_stale(copy);
    g = counts_its_end(4), copy = g;
    ck_assert_int_eq(sum(gen_move(g)), 6);
    check_stale(copy);
    g = counts_its_end(4), copy = g; /* this generator is freed before it starts */
    gen_free(g);
    check_stale(copy);
    ck_assert_int_eq(unhandled, 0);
}
END_TEST
#endif

/* ---- Errors that no caller read ---------------------------------------------------------------------------------- */

generator(long, never_ends)
{
    for (;;)
        (void)try_yield(1);
}

generator(long, fails)
{
    yield(1);
    lade_fail("failed");
}

START_TEST(the_hook_gets_an_error_once) {
    unhandled = 0;
    gen(long) g = never_ends();
    assert_next(g, 1);
    gen_free(g);
    ck_assert_int_eq(unhandled, 1);
    g = fails();
    assert_next(g, 1);
    ck_assert_ptr_null(next(g));
    ck_assert_ptr_null(next(g));
    gen_free(g);
    ck_assert_int_eq(unhandled, 2);
}
END_TEST

START_TEST(the_hook_gets_no_error_that_was_read) {
    unhandled = 0;
    gen(long) g = fails();
    assert_next(g, 1);
    ck_assert_ptr_null(next(g));
    ck_assert_int_eq(gen_error(g)->code, LADE_ERUNTIME);
    ck_assert_ptr_null(next(g));
    gen_free(g);
    g = never_ends();
    assert_next(g, 1);
    ck_assert_int_eq(gen_close(g), LADE_ERUNTIME);
    struct lade_error err = {0};
    for_each (x, fails(), &err)
        ck_assert_int_eq(x, 1);
    ck_assert_int_eq(err.code, LADE_ERUNTIME);
    ck_assert_int_eq(sum(fails(), &err), 0);
    ck_assert_int_eq(unhandled, 0);
    gen_free(g); /* closes the generator, which then fails a second time; no code reads this error */
    ck_assert_int_eq(unhandled, 1);
}
END_TEST

/* ---- Attributes -------------------------------------------------------------------------------------------------- */

__attribute__((visibility("default"))) generator(long, is_visible, long, n)
{ yield(n); }

__attribute__((visibility("hidden"))) lade_generator_over(long, is_hidden, long, source) {
    yield_from(source);
}

START_TEST(attributes_before_a_generator_function_apply_to_it) {
    ck_assert_int_eq(sum(is_hidden(is_visible(3))), 3);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "handles");
    tcase_add_test(tcase, a_moved_variable_is_empty);
    tcase_add_test(tcase, a_freed_variable_is_empty);
    tcase_add_test(tcase, items_arrive_where_next_was_called);
    tcase_add_test(tcase, a_chain_is_built_in_one_variable);
#ifndef LADE__SANITIZED
    tcase_add_test(tcase, a_copy_of_a_freed_handle_is_refused);
#endif
    tcase_add_test(tcase, the_hook_gets_an_error_once);
    tcase_add_test(tcase, the_hook_gets_no_error_that_was_read);
    tcase_add_test(tcase, attributes_before_a_generator_function_apply_to_it);
}
