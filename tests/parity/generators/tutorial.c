/* Tests simple generators: the end of a generator, return inside try, and the caller of a generator. tutorial.py is the
   same program in Python. */
#include "parity.h"

generator(long, two)
{
    yield(1);
    yield(2);
}

generator(long, one_then_return)
{
    yield(1);
    if (1)
        return;
    yield(2);
}

generator(long, count_to, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i);
}

generator(long, passed_on, long, n)
{
    for_each (i, count_to(n))
        yield(i);
}

/* An exception that is raised and caught in one body is ordinary control flow in C. */
generator(long, return_in_try)
{
    if (1)
        return;
    yield(1);
}

generator(long, stop_in_try)
{
    int raised = LADE_STOP;
    if (raised)
        yield(42);
}

generator(long, return_in_finally)
{
    finally("finally");
    yield(1);
    if (1)
        return;
    yield(2);
}

static gen_owned(long) creator(void) {
    gen(long) r = count_to(5);
    say("creator %ld", *next(r));
    return gen_move(r);
}

generator(long, twelve)
{
    int raised = 0;
    yield(12);
    raised = SPAM;
    if (raised == SPAM)
        yield(666);
    else if (raised)
        yield(13);
}

generator(long, each_turn)
{
    for (long i = 0; i < 3; i++)
        yield(i); /* a cleanup function cannot yield, so the body yields at the end of each turn */
}

generator(long, empty)
{
    if (0)
        yield(0);
}

int main(void) {
    parity_begin();
    title("the items in a loop, and with next");
    for_each (i, two())
        say("loop %ld", i);
    gen_auto(long) g = two();
    show_next(g);
    show_next(g);
    title("after the end of its body, or after return, a generator has ended");
    show_next(g);
    gen_auto(long) h = one_then_return();
    show_next(h);
    show_next(h);
    show_next(h);

    title("except catches an exception, but not return");
    show_list("return", return_in_try());
    show_list("raise", stop_in_try());
    title("finally runs on return");
    show_list("finally", return_in_finally());

    title("a generator returns to its most recent caller");
    for_each (i, creator())
        say("caller %ld", i);

    title("generators call generators");
    show_list("count_to", count_to(5));
    show_list("passed_on", passed_on(5));
    title("an exception in a nested try is caught where it should be");
    show_list("twelve", twelve());
    title("a yield at the end of each turn of a loop");
    gen_auto(long) turns = each_turn();
    for (int i = 0; i < 4; i++)
        show_next(turns);
    title("a generator that yields nothing");
    show_list("empty", empty());
    return 0;
}
