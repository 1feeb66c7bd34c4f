/* Tests all ways to close a generator, and the code that its body runs when it is closed. close.py is the same program
   in Python. */
#include "parity.h"

generator(long, plain)
{
    yield(1);
    say("not here");
    gen_return(9);
}

generator(long, returns_when_closed)
{
    if (try_yield(1) == LADE_EXIT) {
        say("returns");
        gen_return(0);
    }
}

generator(long, raises_when_closed)
{
    (void)try_yield(1);
    lade_fail("whatever happens");
}

generator(long, nested)
{
    finally("outer");
    yield(1);
    {
        finally("middle");
        yield(2);
        finally("inner");
        yield(3);
    }
}

generator(long, delegates, gen(long), g, int, owned, const char *, name)
{
    finally(name);
    if (owned)
        yield_from(gen_move(g));
    else
        yield_from(g);
}

static gen(long) me;

generator(long, closes_itself)
{
    if (gen_close(me))
        say_error("inside", gen_error(me));
    yield(1);
}

static void by_break(void) {
    for_each (x, nested()) {
        say("item %ld", x);
        if (x == 2)
            break;
    }
    say("after the loop");
}

static void by_return(void) {
    for_each (x, nested()) {
        say("item %ld", x);
        if (x == 3)
            return;
    }
}

static int by_error(void) {
    for_each (x, nested()) {
        say("item %ld", x);
        if (x == 1)
            goto error;
    }
    return LADE_OK;
error:
    return SPAM;
}

static void close_after(gen_owned(long) owned, int steps) {
    gen_auto(long) g = owned;
    for (int i = 0; i < steps; i++)
        show_next(g);
    show_close(g);
    show_close(g);
}

static void close_after_and_ask(gen_owned(long) owned, int steps) {
    gen_auto(long) g = owned;
    for (int i = 0; i < steps; i++)
        show_next(g);
    show_close(g);
    show_close(g);
    show_next(g);
}

static void show_ways_to_close(void) {
    title("closing a generator that prints nothing");
    for (int steps = 0; steps < 3; steps++)
        close_after_and_ask(plain(), steps);
    title("closing a generator that returns when it is closed");
    for (int steps = 0; steps < 3; steps++)
        close_after_and_ask(returns_when_closed(), steps);

    title("closing a generator that raises an error when it is closed");
    gen_auto(long) owned = raises_when_closed();
    show_close(owned);
    close_after_and_ask(raises_when_closed(), 1);

    title("the finally blocks that were entered run, from the innermost to the outermost");
    for (int steps = 0; steps < 5; steps++)
        close_after(nested(), steps);
}

static void show_loops(void) {
    title("leaving a loop closes the generator of the loop");
    by_break();
    by_return();
    if (by_error() == SPAM)
        say("caught Spam");

    title("leaving a loop over a variable does not close its generator");
    gen_auto(long) g = nested();
    for_each (x, g) {
        say("item %ld", x);
        break;
    }
    say("%s", state_name(gen_state(g)));
    for_each (x, g)
        say("item %ld", x);
    say("%s", state_name(gen_state(g)));

    title("a generator that closes itself gets an error");
    gen_auto(long) itself = closes_itself();
    me = itself;
    show_next(itself);
    show_close(itself);
}

/* In C, a delegator that was not started does not free the generators in its arguments. So each delegator below is
   started, or variables own its generators. */
static void show_delegation(void) {
    title("closing a delegator closes its delegates, the innermost first");
    gen_auto(long) g = delegates(delegates(nested(), 1, "one"), 1, "two");
    show_next(g);
    show_next(g);
    show_close(g);
    show_next(g);
    gen_auto(long) innermost = nested();
    gen_auto(long) inner = delegates(innermost, 0, "one");
    gen_auto(long) outer = delegates(inner, 0, "two");
    show_close(outer);

    title("a delegate is also closed if a variable refers to it");
    gen_auto(long) shared = nested();
    show_next(shared);
    gen_auto(long) h = delegates(shared, 0, "one");
    show_next(h);
    show_close(h);
    say("%s", state_name(gen_state(shared)));
    show_next(shared);
}

int main(void) {
    parity_begin();
    show_ways_to_close();
    show_loops();
    show_delegation();
    return 0;
}
