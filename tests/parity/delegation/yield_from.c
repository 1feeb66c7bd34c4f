/* Tests delegation (PEP 380): the effects of next, send, throw and close on a delegator and on its delegate.
   yield_from.py is the same program in Python. */
#include "parity.h"

typedef gen_owned(long) maker(void);

static void say_items(gen_owned(long) g) {
    for_each (x, g)
        say("item %ld", x);
}

static void show_nexts(gen(long) g, int n) {
    while (n--)
        show_next(g);
}

/* ---- The delegators ---------------------------------------------------------------------------------------------- */

generator(long, starts, maker *, sub)
{
    say("g1 starts");
    yield_from(sub());
    say("g1 ends");
}

generator(long, with_finally, maker *, sub)
{
    finally("g1 ends");
    say("g1 starts");
    yield_from(sub());
}

generator(long, around, maker *, sub)
{
    finally("g1 ends");
    say("g1 starts");
    long x = yield(10);
    if (x)
        say("g1 got %ld", x);
    long r = yield_from(sub());
    say(r ? "g1 has %ld" : "g1 has None", r);
    x = yield(11);
    if (x)
        say("g1 got %ld", x);
    say("g1 goes on");
}

/* ---- The delegates ----------------------------------------------------------------------------------------------- */

generator(long, one_item)
{
    say("g2 starts");
    yield(42);
    say("g2 ends");
}

generator(long, fails_at_once)
{
    finally("g2 ends");
    say("g2 starts");
    lade_fail_status(SPAM, "at once");
}

generator(long, two_items)
{
    finally("g2 ends");
    say("g2 starts");
    long x = yield(20);
    if (x)
        say("g2 got %ld", x);
    x = yield(21);
    if (x)
        say("g2 got %ld", x);
    say("g2 goes on");
}

generator(long, fails_in_between)
{
    finally("g2 ends");
    say("g2 starts");
    yield(20);
    lade_fail_status(SPAM, "in between");
}

generator(long, fails_on_send)
{
    say("g2 starts");
    long x = yield(20);
    say("g2 got %ld", x);
    lade_fail_status(SPAM, "sent for");
}

generator(long, fails_on_close)
{
    say("g2 starts");
    int status = try_yield(20);
    if (!status)
        status = try_yield(21);
    say("g2 ends");
    lade_fail_status(EGGS, "on close");
}

static void show_next_and_send(void) {
    title("the first next goes to the delegate");
    say_items(starts(one_item));
    title("the delegate raises an error at its first next");
    gen_auto(long) at_once = with_finally(fails_at_once);
    show_nexts(at_once, 2);
    title("items before, from and after the delegate");
    say_items(around(two_items));
    title("the delegate raises an error after its first item");
    gen_auto(long) between = around(fails_in_between);
    show_nexts(between, 4);

    title("values are sent to the delegate");
    gen_auto(long) g = around(two_items);
    show_next(g);
    for (long value = 1; value < 6; value++)
        show_send(g, value);
    title("the delegate raises an error when a value is sent");
    gen_auto(long) sent = around(fails_on_send);
    show_next(sent);
    for (long value = 1; value < 4; value++)
        show_send(sent, value);
}

static void show_close_and_throw(void) {
    title("close closes the delegate");
    gen_auto(long) g = around(two_items);
    show_nexts(g, 2);
    show_close(g);
    show_next(g);
    title("the delegate raises an error when it is closed");
    gen_auto(long) failing = around(fails_on_close);
    show_nexts(failing, 2);
    show_close(failing);
    show_next(failing);
    title("an error is thrown into the delegate");
    gen_auto(long) thrown = around(two_items);
    show_nexts(thrown, 2);
    show_throw(thrown, SPAM, "thrown");
    show_next(thrown);
}

/* ---- Results ----------------------------------------------------------------------------------------------------- */

generator(long, returning, const long *, value)
{
    yield(20);
    if (value)
        gen_return(*value);
}

generator(long, asks_for_results)
{
    const long values[] = {1, 0, -101};
    for (int i = -1; i < 3; i++) {
        long result = yield_from(returning(i < 0 ? NULL : &values[i]));
        say("g1 has %ld", result);
    }
}

/* ---- Combinators, which are generators without a generator function ---------------------------------------------- */

generator(long, over_range, long, n)
{
    finally("g1 ends");
    say("g1 starts");
    yield_from(lade_range(n));
    say("g1 goes on");
}

static void show_range(void) {
    title("the delegate is a range: next, close, throw");
    say_items(over_range(3));
    gen_auto(long) closed = over_range(3);
    show_next(closed);
    show_close(closed);
    gen_auto(long) thrown = over_range(10);
    show_nexts(thrown, 5);
    show_throw(thrown, SPAM, "thrown");
    show_next(thrown);
    gen_auto(long) none = over_range(0);
    show_next(none);
}

/* ---- Loops of delegations ---------------------------------------------------------------------------------------- */

static gen(long) me;

generator(long, loop_two)
{
    say("g2 starts");
    yield(2);
    say("g2 delegates to g1");
    yield_from(me);
    say("not here");
}

generator(long, loop_one)
{
    say("g1 starts");
    yield(1);
    say("g1 delegates to g2");
    yield_from(loop_two());
    say("not here");
}

generator(long, to_itself)
{
    yield(1);
    yield_from(me);
}

static void show_cycles(void) {
    title("two generators that delegate to each other");
    gen_auto(long) g = loop_one();
    me = g;
    show_nexts(g, 4);
    title("a generator that delegates to itself");
    gen_auto(long) h = to_itself();
    me = h;
    show_nexts(h, 3);
}

/* ---- Throws that are caught -------------------------------------------------------------------------------------- */

generator(long, saves)
{
    say("g2 starts");
    int status = try_yield(20);
    if (!status)
        status = try_yield(21);
    if (status == SPAM) {
        say("g2 caught Spam");
        yield(22);
        yield(23);
    } else if (status) {
        lade_fail_status(status, "not saved");
    }
}

generator(long, catches_and_returns, long, value)
{
    if (try_yield(20) == SPAM)
        say("g2 caught Spam");
    gen_return(value);
}

generator(long, hands_on, long, value)
{
    long result = yield_from(catches_and_returns(value));
    say("g1 has %ld", result);
    yield(result);
}

generator(long, exit_returns)
{
    say("g2 starts");
    if (try_yield(20) == LADE_EXIT)
        return;
}

generator(long, exit_yields)
{
    say("g2 starts");
    if (try_yield(20) == LADE_EXIT)
        yield(21);
}

generator(long, exit_fails)
{
    say("g2 starts");
    if (try_yield(20) == LADE_EXIT)
        lade_fail_status(EGGS, "on exit");
}

generator(long, empty)
{
    if (0)
        yield(0);
}

static void show_caught(void) {
    title("the delegate catches an error that is thrown");
    gen_auto(long) g = around(saves);
    show_nexts(g, 2);
    show_throw(g, SPAM, "thrown");
    for_each (x, g)
        say("item %ld", x);

    title("the delegate catches an error that is thrown, and ends with a result");
    const long values[] = {2, -101};
    for (int i = 0; i < 2; i++) {
        gen_auto(long) h = hands_on(values[i]);
        show_next(h);
        show_throw(h, SPAM, " ");
        show_next(h);
    }

    title("GeneratorExit in a delegate that returns, yields or raises an error");
    maker *const subs[] = {exit_returns, exit_yields, exit_fails};
    for (int i = 0; i < 3; i++) {
        gen_auto(long) thrown = with_finally(subs[i]);
        show_next(thrown);
        show_throw(thrown, LADE_EXIT, "exit");
        show_next(thrown);
        gen_auto(long) closed = with_finally(subs[i]);
        show_next(closed);
        show_close(closed);
        show_next(closed);
    }

    title("an empty delegate");
    gen_auto(long) none = starts(empty);
    show_next(none);
}

/* ---- States ------------------------------------------------------------------------------------------------------ */

generator(long, runs_two)
{
    yield(1);
    say("%s", state_name(gen_state(me)));
    show_next(me);
    yield(2);
}

generator(long, runs_one)
{
    yield(0);
    yield_from(runs_two());
    yield(3);
}

static void looks_back(int *unused) {
    (void)unused;
    say("%s", state_name(gen_state(me)));
    show_next(me);
}

generator(long, closing_looks_back)
{
    __attribute__((unused)) lade_cleanup(looks_back) int at_the_end = 0;
    yield(1);
}

static const char *name_of_delegate(gen(long) g) {
    return gen_delegate(g) ? lade_gen_name(gen_delegate(g)) : "none";
}

generator(long, delegate_a)
{ yield(1); }

generator(long, delegator_b)
{
    say("%s", name_of_delegate(me));
    /* delegate_a() does not print the name of the delegate, because Python returns the name only while the delegator is
       suspended */
    yield_from(delegate_a());
    say("%s", name_of_delegate(me));
    yield(2);
}

static void show_states(void) {
    title("delegators are running while their delegates run");
    gen_auto(long) g = runs_one();
    me = g;
    show_nexts(g, 5);
    gen_auto(long) h = runs_one();
    me = h;
    show_next(h);
    for (int i = 0; i < 4; i++)
        show_send(h, 42);
    gen_auto(long) looking = with_finally(closing_looks_back);
    me = looking;
    show_next(looking);
    show_close(looking);

    title("the delegate of a generator");
    gen_auto(long) b = delegator_b();
    me = b;
    say("%s %s", state_name(gen_state(b)), name_of_delegate(b));
    for (int i = 0; i < 3; i++) {
        show_next(b);
        say("%s %s", state_name(gen_state(b)), name_of_delegate(b));
    }
}

/* ---- Three generators in a chain, a delegate that is used twice, and 150 generators in a chain ------------------- */

generator(long, innermost)
{
    finally("innermost ends");
    yield(1);
}

generator(long, inner)
{
    finally("inner ends");
    long other = yield(0);
    say("inner knows of %ld", other);
    yield_from(innermost());
}

generator(long, outermost, gen(long), sub)
{
    finally("outermost ends");
    yield(9);
    yield_from(sub);
}

generator(long, twice, gen(long), g)
{
    yield_from(g);
    say("again");
    yield_from(g);
}

generator(long, deep, int, n)
{
    if (n) {
        long x = yield_from(deep(n - 1));
        gen_return(x + 1);
    }
    long x = yield(0);
    long y = yield(x * 2);
    gen_return(y);
}

static void show_chains(void) {
    title("three generators that delegate in a chain");
    gen_auto(long) sub = inner();
    gen_auto(long) g = outermost(sub);
    show_nexts(g, 2);
    show_send(g, 5);
    show_close(g);
    show_next(sub);

    title("one delegate is used twice");
    gen_auto(long) shared = one_item();
    show_list("twice", twice(shared));

    title("a chain of 150 delegates");
    gen_auto(long) down = deep(150);
    show_next(down);
    show_send(down, 21);
    show_send(down, 100);
    gen_auto(long) thrown = deep(150);
    show_next(thrown);
    show_throw(thrown, SPAM, "deep down");
}

int main(void) {
    parity_begin();
    show_next_and_send();
    show_close_and_throw();
    title("the results of delegates");
    say_items(asks_for_results());
    show_range();
    show_cycles();
    show_caught();
    show_states();
    show_chains();
    return 0;
}
