/* Tests of errors in generators: delegates that fail, reducers over generators that fail, errors at the end of a scope,
   errors that a body catches, and wrong calls. */
#include "support/rules.h"

#include <sys/mman.h>
#include <sys/resource.h>

enum { MY_ERROR = -1000 };

/* ---- Unhandled errors -------------------------------------------------------------------------------------------- */

generator(long, fails_when_closed)
{
    if (try_yield(1))
        lade_fail_status(MY_ERROR, "while closing");
}

START_TEST(reading_no_error_does_not_handle_a_later_one) {
    {
        gen_auto(long) g = fails_when_closed();
        assert_next(g, 1);
        ck_assert_ptr_null(gen_error(g)); /* no error yet */
    }
    traced("unhandled(while closing) ");
    {
        gen_auto(long) g = fails_when_closed();
        ck_assert_ptr_null(gen_send(g, 1)); /* this call fails, and the test does not read its error */
        assert_next(g, 1);
        gen_close(g);
    }
    traced("unhandled(cannot send to fails_when_closed before its first yield: call next() once) ");
}
END_TEST

static lade_gen(long) itself;

generator(long, misuses_itself)
{ ck_assert_ptr_null(next(itself)); /* the call fails, no code reads its error, and the body ends */ }

START_TEST(a_misuse_from_inside_survives_the_end) {
    gen_auto(long) g = misuses_itself();
    itself = g;
    assert_ended(g);
    traced("unhandled(generator already executing: misuses_itself) ");
}
END_TEST

generator(long, loops_over, lade_gen(long), g)
{
    for_each (x, g)
        yield(x);
}

START_TEST(closing_a_loop_leaves_a_borrowed_generator_alone) {
    gen(long) borrowed = fails_when_closed();
    gen_auto(long) g = loops_over(borrowed);
    assert_next(g, 1);
    gen_free(borrowed); /* gen_close(g) ends the loop over `borrowed`, but must not use this freed generator */
    gen_close(g);
    traced("unhandled(while closing) ");
}
END_TEST

/* ---- Values and errors that pass through a delegation ------------------------------------------------------------ */

generator(long, catches_stop)
{
    yield(0);
    int status = try_yield(1);
    trace("%s ", lade_status_name(status));
    yield(2);
    gen_return(7);
}

generator(long, delegates, lade_gen(long), g)
{
    finally("~outer");
    long result = yield_from(g);
    trace("result %ld ", result);
}

generator(long, delegates_owned)
{ yield_from(catches_stop()); }

START_TEST(a_thrown_stop_reaches_the_delegate_as_itself) {
    gen_auto(long) owned = delegates_owned();
    assert_next(owned, 0);
    assert_next(owned, 1);
    ck_assert_int_eq(*gen_throw(owned, LADE_STOP, "stop"), 2);
    traced("LADE_STOP ");
    gen_auto(long) sub = catches_stop();
    assert_next(sub, 0);
    gen_auto(long) g = delegates(sub);
    assert_next(g, 1);
    ck_assert_int_eq(*gen_throw(g, LADE_STOP, "stop"), 2);
    traced("LADE_STOP ");
    assert_ended(g);
    traced("result 7 ~outer ");
}
END_TEST

START_TEST(a_delegate_that_had_ended_gives_no_result) {
    gen_auto(long) sub = catches_stop();
    assert_items(sub, "0 1 2");
    ck_assert_int_eq(*gen_result(sub), 7);
    traced("LADE_OK ");
    gen_auto(long) g = delegates(sub);
    assert_ended(g);
    traced("result 0 ~outer ");
}
END_TEST

generator(long, fails_at_once)
{
    lade_fail_status(MY_ERROR, "at once");
    yield(1);
}

generator(long, touches)
{
    trace("touched ");
    yield(1);
}

generator(long, goes_on_after_an_error, lade_gen(long), named)
{
    for_each (x, fails_at_once()) /* the error of the loop ends this body at its next yield */
        trace("%ld ", x);
    if (named)
        yield_from(named);
    else
        yield_from(touches());
    trace("not here ");
}

START_TEST(no_delegation_begins_with_an_error_in_flight) {
    struct lade_error err = {0};
    ck_assert_int_eq(lade_sum(goes_on_after_an_error(NULL), &err), 0);
    ck_assert_str_eq(err.message, "at once");
    gen_auto(long) g = goes_on_after_an_error(NULL);
    ck_assert_ptr_null(next(g));
    ck_assert_int_eq(gen_error(g)->code, MY_ERROR);
    traced("");
    gen_auto(long) other = catches_stop();
    assert_next(other, 0);
    gen_auto(long) h = goes_on_after_an_error(other);
    ck_assert_ptr_null(next(h));
    ck_assert_int_eq(gen_error(h)->code, MY_ERROR);
    assert_next(other, 1); /* the error has not changed `other` */
    traced("");
}
END_TEST

/* ---- A delegate that yields although it is being closed ---------------------------------------------------------- */

generator(long, stubborn, int, times)
{
    finally("~inner");
    for (long i = 1;; i++) {
        int status = try_yield(i);
        if (status)
            trace("%s ", lade_status_name(status));
        if (status && !times--)
            return;
    }
}

generator(long, outer_of_stubborn, int, times)
{
    finally("~outer");
    yield_from(stubborn(times));
    trace("not here ");
}

START_TEST(a_yield_of_a_closed_delegate_is_an_error_of_its_delegator) {
    gen_auto(long) polite = outer_of_stubborn(0); /* its delegate catches LADE_EXIT, and ends */
    assert_next(polite, 1);
    ck_assert_int_eq(gen_close(polite), LADE_OK);
    traced("LADE_EXIT ~inner ~outer ");
    gen_auto(long) g = outer_of_stubborn(1); /* its delegate yields once more, which raises an error */
    assert_next(g, 1);
    ck_assert_int_eq(gen_close(g), LADE_ERUNTIME);
    ck_assert_int_eq(gen_state(g), LADE_GEN_DONE);
    traced("LADE_EXIT LADE_ERUNTIME ~inner ~outer ");
    gen_auto(long) thrown = outer_of_stubborn(1);
    assert_next(thrown, 1);
    ck_assert_ptr_null(gen_throw(thrown, LADE_EXIT, "exit"));
    ck_assert_int_eq(gen_error(thrown)->code, LADE_ERUNTIME);
    traced("LADE_EXIT LADE_ERUNTIME ~inner ~outer ");
    /* The delegate of `caught` yields once more, and catches the error of this yield. */
    gen_auto(long) caught = outer_of_stubborn(2);
    assert_next(caught, 1);
    ck_assert_int_eq(gen_close(caught), LADE_ERUNTIME);
    ck_assert_int_eq(gen_state(caught), LADE_GEN_SUSPENDED);
    traced("LADE_EXIT LADE_ERUNTIME ");
    ck_assert_int_eq(gen_close(caught), LADE_OK);
    traced("LADE_EXIT ~inner ~outer ");
}
END_TEST

START_TEST(a_started_delegate_yields_while_it_is_closed) {
    gen_auto(long) sub = stubborn(1);
    assert_next(sub, 1);
    gen_auto(long) g = delegates(sub);
    assert_next(g, 2);
    ck_assert_int_eq(gen_close(g), LADE_ERUNTIME);
    ck_assert_int_eq(gen_state(g), LADE_GEN_DONE);
    ck_assert_int_eq(gen_state(sub), LADE_GEN_SUSPENDED); /* as in Python, the delegate has yielded and is suspended */
    traced("LADE_EXIT ~outer ");
    ck_assert_int_eq(gen_close(sub), LADE_OK);
    traced("LADE_EXIT ~inner ");
}
END_TEST

START_TEST(a_reducer_that_stops_early_closes_delegates_the_same_way) {
    struct lade_error err = {0};
    ck_assert(lade_any(outer_of_stubborn(0), &err));
    ck_assert_int_eq(err.code, LADE_OK);
    traced("LADE_EXIT ~inner ~outer ");
    ck_assert(!lade_any(outer_of_stubborn(1), &err));
    ck_assert_int_eq(err.code, LADE_ERUNTIME);
    traced("LADE_EXIT LADE_ERUNTIME ~inner ~outer ");
}
END_TEST

/* ---- Bodies that raise LADE_EXIT, which normally means that a generator is closed -------------------------------- */

generator(long, raises_exit)
{
    yield(1);
    lade_fail_status(LADE_EXIT, "by itself");
}

START_TEST(an_exit_that_a_body_raises_itself_is_an_error) {
    struct lade_error err = {0};
    lade_sum(raises_exit(), &err);
    ck_assert_int_eq(err.code, LADE_EXIT);
    err.code = 0;
    ck_assert_ptr_null(lade_list(raises_exit(), &err));
    ck_assert_int_eq(err.code, LADE_EXIT);
    err.code = 0;
    for_each (x, raises_exit(), &err)
        ck_assert_int_eq(x, 1);
    ck_assert_int_eq(err.code, LADE_EXIT);
    err.code = 0;
    ck_assert(lade_any(raises_exit(), &err)); /* any() stops before the error occurs */
    ck_assert_int_eq(err.code, LADE_OK);
}
END_TEST

/* ---- Errors that a body catches ---------------------------------------------------------------------------------- */

generator(long, fails_after_one)
{
    yield(0);
    lade_fail_status(MY_ERROR, "inside");
}

/* Yields 1, 3, 4, ..., n. try_yield(2) does not yield, but returns the error that has ended the loop. */
generator(long, catches, long, n)
{
    yield(1);
    for_each (x, fails_after_one())
        (void)x;
    if (try_yield(2) != MY_ERROR)
        lade_fail("the next yield did not raise the error of the loop");
    for (long i = 3; i <= n; i++)
        yield(i);
}

generator(long, delegates_and_catches, long, n)
{ yield_from(lade_take(catches(n), n)); }

/* Checks that the items are 1 to n in order, except 2. */
static void check_caught(const long *items, long n) {
    ck_assert_ptr_nonnull(items);
    ck_assert_int_eq(len((long *)(uintptr_t)items), n - 1);
    for (long i = 0; i < n - 1; i++)
        ck_assert_int_eq(items[i], i ? i + 2 : 1);
}

START_TEST(an_error_that_a_body_catches_leaves_no_trace_in_the_window) {
    for (long n = 3; n < 2000; n = n * 3 / 2) {
        list_auto(long) items = list(catches(n));
        check_caught(items, n);
        list_auto(long) taken = list(lade_take(catches(n), n));
        check_caught(taken, n);
        list_auto(long) delegated = list(delegates_and_catches(n));
        check_caught(delegated, n);
        ck_assert_int_eq(lade_sum(catches(n)), n * (n + 1) / 2 - 2);
        ck_assert_int_eq(lade_count(catches(n)), n - 1);
    }
    assert_items(catches(6), "1 3 4 5 6");
    assert_items(delegates_and_catches(6), "1 3 4 5 6");
}
END_TEST

/* The error of the loop is not caught, so it ends the body at the next yield. */
generator(long, does_not_catch)
{
    finally("left");
    yield(1);
    for_each (x, fails_after_one())
        (void)x;
    yield(2);
    trace("never ");
}

START_TEST(an_error_that_a_body_does_not_catch_ends_it_at_the_next_yield) {
    gen_auto(long) g = does_not_catch();
    assert_next(g, 1);
    ck_assert_ptr_null(next(g));
    ck_assert_int_eq(gen_error(g)->code, MY_ERROR);
    traced("left ");
    struct lade_error err = {0};
    ck_assert_int_eq(lade_sum(does_not_catch(), &err), 0);
    ck_assert_int_eq(err.code, MY_ERROR);
    traced("left ");
}
END_TEST

/* ---- Wrong calls on a generator that has already yielded items --------------------------------------------------- */

static int freed;
static void count_free(int *unused) {
    (void)unused;
    freed++;
}

generator(long, holds, long, n)
{
    __attribute__((unused)) lade_cleanup(count_free) int held = 1;
    for (long i = 0; i < n; i++)
        yield(i);
}

generator(long, resumes_itself_later)
{
    yield(1);
    for (long i = 2; i < 4; i++) {
        ck_assert_int_eq(gen_state(itself), LADE_GEN_RUNNING);
        ck_assert_ptr_null(next(itself));
        ck_assert_int_eq(gen_error(itself)->code, LADE_ESTATE);
        ck_assert_int_eq(gen_close(itself), LADE_ESTATE);
        yield(i);
    }
}

START_TEST(a_body_cannot_be_entered_while_it_runs) {
    gen_auto(long) g = resumes_itself_later();
    itself = g;
    assert_next(g, 1);
    assert_next(g, 2);
    ck_assert_int_eq(gen_state(g), LADE_GEN_SUSPENDED);
    assert_next(g, 3);
    assert_ended(g);
}
END_TEST

generator(long, delegates_to, lade_gen(long), g)
{ yield_from(g); }

START_TEST(a_delegate_belongs_to_its_delegator) {
    gen_auto(long) inner = holds(4);
    assert_next(inner, 0);
    gen_auto(long) outer = delegates_to(inner);
    for (long i = 1; i < 3; i++) {
        assert_next(outer, i);
        ck_assert_int_eq(gen_state(inner), LADE_GEN_DELEGATED);
        ck_assert_ptr_null(next(inner));
        ck_assert_int_eq(gen_error(inner)->code, LADE_ESTATE);
    }
    assert_next(outer, 3);
    assert_ended(outer);
    ck_assert_int_eq(gen_state(inner), LADE_GEN_DONE);
}
END_TEST

/* ---- No memory for a stack --------------------------------------------------------------------------------------- */

/* Limits the address space of the process to 1 MiB, and stores the earlier limit in *before. Returns false if the limit
   has no effect, for example in an emulator. */
static bool no_more_address_space(rlim_t *before) {
    struct rlimit limit;
    getrlimit(RLIMIT_AS, &limit);
    *before = limit.rlim_cur;
    limit.rlim_cur = 1 << 20;
    setrlimit(RLIMIT_AS, &limit);
    void *room = mmap(NULL, 1 << 28, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED)
        return true;
    munmap(room, 1 << 28);
    return false;
}

static void address_space_again(rlim_t before) {
    struct rlimit limit;
    getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = before;
    setrlimit(RLIMIT_AS, &limit);
}

START_TEST(a_stack_that_cannot_be_allocated_is_an_error) {
#ifdef LADE__SANITIZED
    CHECK_SKIP("sanitizers need more address space than the limit of this test");
#endif
    if (check_under_valgrind())
        CHECK_SKIP("valgrind needs more address space than the limit of this test");
    rlim_t before;
    gen_auto(long) g = lade_gen_stack(holds(3), 1 << 28);
    struct lade_error err = {0};
    if (!no_more_address_space(&before)) {
        address_space_again(before);
        CHECK_SKIP("RLIMIT_AS has no effect here");
    }
    long *none = next(g);
    long long sum = lade_sum(lade_gen_stack(lade_drop(holds(3), 1), 1 << 28), &err);
    address_space_again(before);
    ck_assert_ptr_null(none);
    ck_assert_int_eq(gen_error(g)->code, LADE_ENOMEM);
    ck_assert_int_eq(gen_state(g), LADE_GEN_CREATED); /* the generator can still be started */
    assert_next(g, 0);
    ck_assert_int_eq(sum, 0);
    ck_assert_int_eq(err.code, LADE_ENOMEM); /* a leak checker reports an error if the source was not freed */
    ck_assert_int_eq(freed, 0);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = rules_case(suite, "errors");
    tcase_add_test(tcase, reading_no_error_does_not_handle_a_later_one);
    tcase_add_test(tcase, a_misuse_from_inside_survives_the_end);
    tcase_add_test(tcase, closing_a_loop_leaves_a_borrowed_generator_alone);
    tcase_add_test(tcase, a_thrown_stop_reaches_the_delegate_as_itself);
    tcase_add_test(tcase, a_delegate_that_had_ended_gives_no_result);
    tcase_add_test(tcase, no_delegation_begins_with_an_error_in_flight);
    tcase_add_test(tcase, a_yield_of_a_closed_delegate_is_an_error_of_its_delegator);
    tcase_add_test(tcase, a_started_delegate_yields_while_it_is_closed);
    tcase_add_test(tcase, a_reducer_that_stops_early_closes_delegates_the_same_way);
    tcase_add_test(tcase, an_exit_that_a_body_raises_itself_is_an_error);
    tcase_add_test(tcase, an_error_that_a_body_catches_leaves_no_trace_in_the_window);
    tcase_add_test(tcase, an_error_that_a_body_does_not_catch_ends_it_at_the_next_yield);
    tcase_add_test(tcase, a_body_cannot_be_entered_while_it_runs);
    tcase_add_test(tcase, a_delegate_belongs_to_its_delegator);
    tcase_add_test(tcase, a_stack_that_cannot_be_allocated_is_an_error);
}
