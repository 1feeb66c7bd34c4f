/* Tests that each error and each result belongs to one generator and does not depend on the state of the caller (PEP
   342, PEP 479). exceptions.py is the same program in Python. */
#include "parity.h"

generator(long, keeps_it)
{
    int caught = try_yield(1);
    if (caught != SPAM)
        return;
    say("caught Spam");
    yield(2);
    say("still there");
    yield(3);
    lade_fail_status(caught, "kept");
}

generator(long, fails_and_recovers)
{
    yield(1);
    int raised = EGGS;
    if (raised == EGGS)
        say("caught Eggs");
    yield(2);
    yield(3);
}

generator(long, a_few)
{
    for (long i = 0; i < 3; i++)
        yield(i);
}

generator(long, outer)
{
    for_each (i, a_few())
        yield(i);
    say("outer's handler ends");
}

generator(long, fails_after, long, n, const char *, words)
{
    for (long i = 0; i < n; i++)
        yield(i);
    lade_fail_status(SPAM, "%s", words);
}

generator(long, echo)
{
    long sent = yield(1);
    gen_return(sent);
}

generator(long, through_one)
{
    long result = yield_from(echo());
    gen_return(result);
}

generator(long, through_two)
{
    long result = yield_from(through_one());
    gen_return(result);
}

generator(long, returns, const long *, value)
{
    yield(1);
    if (!value)
        return;
    gen_return(*value);
}

generator(long, stops)
{
    yield(1);
    lade_fail_status(LADE_STOP, "by hand");
    yield(2);
}

/* A function returns a status. Only a body can raise an error. */
static int helper(void) {
    return LADE_STOP;
}

generator(long, by_a_helper)
{
    int status = helper();
    if (status)
        lade_fail_status(status, "helper");
    yield(status);
}

/* In Python, next(empty) raises StopIteration. In C, next(empty) returns NULL, so the body raises LADE_STOP itself. */
generator(long, takes_from_an_empty_one)
{
    gen_auto(long) empty = a_few();
    for_each (i, empty)
        (void)i;
    long *item = next(empty);
    if (!item)
        lade_fail_status(LADE_STOP, "empty");
    yield(*item);
}

generator(long, catches_stop)
{
    int status = try_yield(1);
    if (status == LADE_STOP)
        say("caught StopIteration");
    yield(2);
}

generator(long, delegates)
{ yield_from(catches_stop()); }

generator(long, delegates_twice)
{ yield_from(delegates()); }

static void show_own_errors(void) {
    title("an error that was caught belongs to the generator that caught it");
    gen_auto(long) keeper = keeps_it();
    show_next(keeper);
    show_throw(keeper, SPAM, "kept");
    show_next(keeper);
    show_next(keeper);
    show_next(keeper);

    title("a caller that handles an error calls a generator that raises an error");
    gen_auto(long) troubled = fails_and_recovers();
    show_next(troubled);
    struct lade_error error = {0};
    lade_error_set(&error, SPAM, "the caller's");
    show_next(troubled);
    say_error("the caller has", &error);
    show_next(troubled);
    show_next(troubled);

    title("a loop over a generator, in an except clause, in a loop");
    lade_error_set(&error, EGGS, "outside");
    for_each (i, outer())
        say("item %ld", i);
    say_error("outside", &error);

    title("two generators that raise errors, called in turn");
    gen_auto(long) g = fails_after(1, "first");
    gen_auto(long) h = fails_after(2, "second");
    show_next(g);
    show_next(h);
    show_next(g);
    show_next(h);
    show_next(g);
    show_next(h);
    show_next(h);

    title("an error of the generator in a loop");
    for_each (i, fails_after(2, "in a loop"), &error)
        say("item %ld", i);
    say_error("loop", &error);
}

static void show_results(void) {
    title("a generator that returns the value that was sent");
    gen(long) echoes[] = {echo(), through_one(), through_two()};
    for (int i = 0; i < 3; i++) {
        show_next(echoes[i]);
        show_send(echoes[i], 2);
        show_next(echoes[i]);
        gen_free(echoes[i]);
    }

    title("results: none, zero, and the number of an exception");
    const long values[] = {0, 7, LADE_STOP};
    for (int i = -1; i < 3; i++) {
        gen_auto(long) g = returns(i < 0 ? NULL : &values[i]);
        show_next(g);
        show_next(g);
        show_next(g);
    }
}

static void show_stop(void) {
    title("StopIteration that leaves a body becomes RuntimeError (PEP 479)");
    gen_auto(long) g = stops();
    show_next(g);
    show_next(g);
    show_next(g);
    show_list("in a list", stops());
    gen_auto(long) helped = by_a_helper();
    show_next(helped);
    show_next(helped);
    gen_auto(long) empty = takes_from_an_empty_one();
    show_next(empty);

    title("StopIteration that is thrown into a generator");
    gen(long)
        catchers[] = {catches_stop(), catches_stop(), delegates(), delegates(), delegates_twice(), delegates_twice()};
    for (int i = 0; i < 6; i++) {
        show_next(catchers[i]);
        if (i % 2)
            show_next(catchers[i]);
        show_throw(catchers[i], LADE_STOP, "stop");
        show_next(catchers[i]);
        gen_free(catchers[i]);
    }
}

int main(void) {
    parity_begin();
    show_own_errors();
    show_results();
    show_stop();
    return 0;
}
