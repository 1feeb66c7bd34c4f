/* Tests send, throw and close (PEP 342), by which a generator and its caller pass values to each other. coroutine.py is
   the same program in Python. */
#include "parity.h"

generator(long, prints_what_it_gets)
{
    long got = yield(1);
    say("got %ld", got);
    yield(2);
}

struct seen {
    int n;
    long value[8];
};

static void say_seen(const struct seen *seen) {
    printf("[");
    for (int i = 0; i < seen->n; i++)
        printf("%s%ld", i ? ", " : "", seen->value[i]);
    puts("]");
}

generator(long, running_sum, struct seen *, seen)
{
    for (long total = 0; total < 200;) {
        total += yield(total);
        seen->value[seen->n++] = total;
    }
}

generator(long, catches_spam)
{
    for (;;) {
        int status = try_yield(0);
        if (status == SPAM)
            say("caught Spam");
        else if (status)
            lade_fail_status(status, "ends it");
        else
            say("went on");
    }
}

generator(long, raises_again)
{
    if (try_yield(1) == SPAM) {
        say("again");
        lade_fail_status(SPAM, "twice");
    }
}

generator(long, exiting)
{
    if (try_yield(1) == LADE_EXIT)
        say("exiting");
}

generator(long, in_finally)
{
    finally("finally");
    yield(1);
}

generator(long, not_for_exit, const char *, words)
{
    finally("finally");
    int status = try_yield(1);
    if (is_exception(status))
        say("except");
    else if (status)
        lade_fail_status(status, "%s", words);
}

generator(long, ignores)
{
    if (try_yield(1) == LADE_EXIT)
        yield(2);
}

generator(long, fails_in_close)
{
    if (try_yield(1) == LADE_EXIT)
        lade_fail_status(EGGS, "fie!");
}

/* C does not define the order in which operands are evaluated, so this function has separate statements. */
generator(long, stores, long *, d)
{
    long at = yield(10);
    d[at] = 27;
    at = yield(11);
    d[at] = 27;
}

generator(long, adds)
{
    long sum = yield(1);
    sum += 10 * yield(2);
    sum += 100 * yield(3);
    gen_return(sum);
}

generator(long, averager)
{
    long number = 0, total = 0, average = 0;
    for (;;) {
        total += yield(average);
        average = total / ++number;
    }
}

generator(long, splitter, lade_gen(long) *, parts, int, n)
{
    for (;;) {
        long value = yield(0);
        for (int i = 0; i < n; i++)
            gen_send(parts[i], value);
    }
}

generator(long, printer, int, number)
{
    for (;;) {
        long value = yield(0);
        say("printer %d has %ld", number, value);
    }
}

static void show_send_and_throw(void) {
    title("sending a value");
    gen_auto(long) g = prints_what_it_gets();
    show_next(g);
    show_send(g, 42);
    show_next(g);

    title("sending to a generator that has not started");
    gen_auto(long) owned = prints_what_it_gets();
    show_send(owned, 7);
    say("%s", state_name(gen_state(owned)));
    show_next(owned);

    title("the sum of all values that were sent");
    struct seen seen = {0};
    gen_auto(long) total = running_sum(&seen);
    show_next(total);
    const long values[] = {10, 10, 10, 170, 5};
    for (int i = 0; i < 5; i++) {
        show_send(total, values[i]);
        say_seen(&seen);
    }

    title("errors that are caught, and one that is not");
    gen_auto(long) catcher = catches_spam();
    show_next(catcher);
    show_throw(catcher, SPAM, "xyz");
    show_throw(catcher, SPAM, " ");
    show_send(catcher, 1);
    show_throw(catcher, EGGS, "ends it");
    say("%s", state_name(gen_state(catcher)));
    show_send(catcher, 2);
    title("an error thrown into a generator that has ended, and into one that has not started");
    show_throw(catcher, SPAM, "late");
    show_next(catcher);
    gen_auto(long) early = catches_spam();
    show_throw(early, SPAM, "early");
    say("%s", state_name(gen_state(early)));
    show_next(early);

    title("only an exception can be thrown");
    gen_auto(long) whole = catches_spam();
    show_next(whole);
    show_throw(whole, 0, "nothing");
    say("%s", state_name(gen_state(whole)));
    show_send(whole, 3);

    title("an error that is caught and raised again");
    gen_auto(long) again = raises_again();
    show_next(again);
    show_throw(again, SPAM, "twice");
    show_next(again);
}

static void show_closing(void) {
    title("closing a generator");
    gen_auto(long) g = exiting();
    show_next(g);
    show_close(g);
    show_close(g);
    show_next(g);
    gen_auto(long) owned = exiting();
    show_close(owned);
    gen_auto(long) total = running_sum(NULL);
    show_close(total);
    show_close(total);

    title("the end of a variable closes its generator");
    {
        gen_auto(long) named = in_finally();
        show_next(named);
    }
    {
        gen_auto(long) named = not_for_exit("");
        show_next(named);
    }
    gen_auto(long) fatal = not_for_exit("above Exception");
    show_next(fatal);
    show_throw(fatal, FATAL, "above Exception");
    gen_auto(long) eggs = not_for_exit("");
    show_next(eggs);
    show_throw(eggs, EGGS, "below it");

    title("a generator that yields when it is closed");
    gen_auto(long) stubborn = ignores();
    show_next(stubborn);
    show_close(stubborn);
    say("%s", state_name(gen_state(stubborn)));
    show_close(stubborn);
    say("%s", state_name(gen_state(stubborn)));
    {
        gen_auto(long) named = ignores();
        show_next(named);
    }

    title("an error that is raised while a generator is closed");
    gen_auto(long) failing = fails_in_close();
    show_next(failing);
    show_close(failing);
    show_close(failing);
    {
        gen_auto(long) named = fails_in_close();
        show_next(named);
    }
}

static void show_expressions(void) {
    title("the yields in an expression run from left to right");
    long data[] = {1, 2};
    gen_auto(long) g = stores(data);
    show_next(g);
    say("[%ld, %ld]", data[0], data[1]);
    show_send(g, 0);
    say("[%ld, %ld]", data[0], data[1]);
    show_send(g, 1);
    say("[%ld, %ld]", data[0], data[1]);
    gen_auto(long) sum_of_three = adds();
    show_next(sum_of_three);
    for (long value = 4; value < 7; value++)
        show_send(sum_of_three, value);

    title("sent values reach the right generator");
    gen_auto(long) average = averager();
    show_next(average);
    const long values[] = {10, 30, 5};
    for (int i = 0; i < 3; i++)
        show_send(average, values[i]);
    gen(long) printers[3];
    for (int i = 0; i < 3; i++) {
        printers[i] = printer(i);
        next(printers[i]);
    }
    gen_auto(long) split = splitter(printers, 3);
    show_next(split);
    show_send(split, 8);
    show_send(split, 9);
    for (int i = 0; i < 3; i++)
        gen_free(printers[i]);
}

int main(void) {
    parity_begin();
    show_send_and_throw();
    show_closing();
    show_expressions();
    return 0;
}
