/* Tests of lade_gen_stack(), lade_call_with_stack() and lade_set_stack_size(), which request larger stacks. */
#include "support/rules.h"

enum { MUCH = 700 * 1024 };

/* Calls itself n times. The result depends on each frame, so the compiler cannot remove the recursion. */
static __attribute__((noinline)) long deep_sum(long n) {
    volatile char room[1024];
    memset((char *)room, (int)n, sizeof room);
    return n ? deep_sum(n - 1) + room[512] % 2 : 0;
}

static void use_much(void *ctx) {
    *(long *)ctx = deep_sum(MUCH / 2048) + 1;
}

generator(long, calls_with_stack)
{
    long found = 0;
    struct lade_error err = {0};
    yield(1);
    if (lade_call_with_stack(MUCH, use_much, &found, &err))
        lade_fail_with(&err);
    yield(found);
}

START_TEST(a_call_may_ask_for_stack) {
    long expected = 0;
    ck_assert_int_eq(lade_call_with_stack(MUCH, use_much, &expected, NULL), LADE_OK);
    ck_assert_int_gt(expected, 1);
    gen_auto(long) g = calls_with_stack(); /* the generator has a stack of 64 KiB, and calls the function on a larger
                                              stack */
    assert_next(g, 1);
    assert_next(g, expected);
    assert_ended(g);
    ck_assert_int_eq(lade_last(calls_with_stack(), 0), expected);
}
END_TEST

generator(long, needs_much)
{
    long found;
    use_much(&found);
    yield(found);
}

static lade_gen_owned(long) needs_much_and_says_so(void) {
    return lade_gen_stack(needs_much(), MUCH + 64 * 1024);
}

generator(long, delegates)
{ yield_from(needs_much_and_says_so()); }

START_TEST(a_generator_may_ask_for_stack) {
    long expected;
    use_much(&expected);
    gen_auto(long) g = needs_much_and_says_so();
    assert_next(g, expected);
    assert_ended(g);
    gen_auto(long) through = delegates(); /* the stack of the delegator is too small, so the delegate runs on another
                                             stack */
    assert_next(through, expected);
    ck_assert_int_eq(sum(delegates()), expected);
}
END_TEST

START_TEST(stack_sizes_have_bounds) {
    ck_assert_int_eq(lade_set_stack_size(1000), LADE_EINVAL);
    ck_assert_int_eq(lade_set_stack_size((size_t)2 << 30), LADE_EINVAL);
    ck_assert_int_eq(lade_set_stack_size((size_t)1 << 20), LADE_OK);
    long expected;
    use_much(&expected);
    gen_auto(long) g = needs_much();
    assert_next(g, expected);
    lade_release_stacks();
    assert_ended(g);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "stacks");
    tcase_add_test(tcase, a_call_may_ask_for_stack);
    tcase_add_test(tcase, a_generator_may_ask_for_stack);
    tcase_add_test(tcase, stack_sizes_have_bounds);
}
