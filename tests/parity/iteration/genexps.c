/* Tests generator expressions and comprehensions (PEP 289): nesting, the time of evaluation, and the scope of
   variables. genexps.py is the same program in Python. In C, an expression that is stored in a variable is defined at
   file scope. Other expressions are written where they are used. */
#include "parity.h"

static void say_bool(int truth) {
    say("%s", truth ? "True" : "False");
}

static long touched(long x) {
    say("touched %ld", x);
    return x;
}

static void show_comprehensions(void) {
    title("a loop with a condition");
    print(sum_of(long, i *i, in(i, 100) if (i & 1)));
    print(list_of(long, i *i, in(i, 11) if (i <= 5)));
    print(tuple_of(long, i <= 5 ? i * i : 1, in(i, 11)));
    print(set_of(long, i *j, in(i, 4)in(j, 4)));

    title("nested loops");
    print(list_of(long, 10 * i + j, in(i, 3)in(j, 4)));
    print(list_of(long, 10 * i + j, in(i, 4)in(j, i)));
    print(list_of(long, 100 * i + 10 * j + k, in(i, 3) if (i != 1) in(j, i, 3)in(k, j) if (k + j > 1)));

    title("a name for an intermediate value");
    print(list_of(long, j *j, in(i, 4)in(j, i + 1, i + 2)));
    print(list_of(long, j *k, in(i, 4)in(j, i + 1, i + 2) in(k, j + 1, j + 2)));

    title("the loop variable is local to the expression");
    {
        long i = 20;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
        print(sum_of(long, i *i, in(i, 100)));
#pragma GCC diagnostic pop
        print(i);
    }
}

genexpr_static(long, squares, (i * i), in(i, n), long, n);

static void show_like_any_other(void) {
    title("a generator expression is used like any other generator");
    gen_auto(long) g = squares(3);
    say("%s", state_name(gen_state(g)));
    for (int i = 0; i < 5; i++)
        show_next(g);
    show_list("after the end", g);
    show_list("again", squares(4));
    gen_auto(long) left = squares(4);
    for_each (x, left) {
        say("item %ld", x);
        break;
    }
    show_list("the rest", left);
    gen_auto(long) thrown = squares(4);
    show_next(thrown);
    show_throw(thrown, SPAM, "thrown");
    show_next(thrown);
    gen_auto(long) closed = squares(4);
    show_next(closed);
    show_close(closed);
    show_next(closed);
    print(sum(squares(10)));
    print(max(squares(10)));
    say_bool(any(squares(10)));
    say_bool(all(squares(10)));
}

genexpr_static(long, pairs_below, 10 * i + j, in(i, 3)in(j, limit) if (j <= n - 1), long, limit, long, n);

static gen_owned(long) pairs_of(long n) {
    long limit = n + 1;
    return pairs_below(limit, n);
}

static long announced(long n) {
    say("iterable of %ld", n);
    return n;
}

genexpr_static(long, touches, touched(i) * 10 + j, in(i, n)in(j, touched(i + 1)), long, n);
genexpr_static(long, scaled, i **box, in(i, 4), const long *, box);

static void show_when(void) {
    title("an expression can be used after the function that made it has returned");
    show_list("pairs_of", pairs_of(4));
    show_list("pairs_of", pairs_of(2));

    title("the outermost iterable is evaluated at once");
    long n = 3;
    gen_auto(long) g = touches(announced(n));
    n = 1;
    say("nothing was touched");
    for (int i = 0; i < 3; i++)
        show_next(g);

    title("a variable that is captured by reference is read when the expression runs");
    long box = 2;
    gen_auto(long) late = scaled(&box);
    show_next(late);
    show_next(late);
    box = 100;
    show_next(late);
    box = 7;
    show_next(late);
    show_next(late);
}

generator(long, counts, long, n)
{
    finally("counts ends");
    for (long i = 0; i < n; i++) {
        say("counts %ld", i);
        yield(i);
    }
}

genexpr_static(long, doubled, 2 * x, each(x, gen_move(g)), gen(long), g);
genexpr_static(long, one_more, y + 1, each(y, gen_move(g)), gen(long), g);
genexpr_static(long, sums, x + y, each(x, counts(n)) each(y, counts(x)), long, n);

static gen(long) me;

static long asks(long x) {
    show_next(me);
    return x;
}

genexpr_static(long, asking, asks(i), in(i, 2));

/* In C, a generator expression cannot raise an error, so this is a generator function. */
generator(long, divided)
{
    const long by[] = {5, 0, 2};
    for (int i = 0; i < 3; i++) {
        if (!by[i])
            lade_fail_status(SPAM, "by zero");
        yield(10 / by[i]);
    }
}

genexpr_static(long, running, gen_state(me) == LADE_GEN_RUNNING, in(i, 2));
genexpr_static(const char *, nothings, (const char *)NULL, in(i, 10));

generator(long, passed_on, long, n)
{
    for_each (x, squares(n))
        yield(x);
}

static void show_sources(void) {
    title("an expression over another generator");
    gen_auto(long) g = doubled(counts(3));
    show_next(g);
    show_next(g);
    show_close(g);
    gen_auto(long) h = doubled(one_more(counts(2)));
    for (int i = 0; i < 3; i++)
        show_next(h);
    show_list("nested", sums(2));

    title("an expression cannot be resumed while it runs");
    gen_auto(long) itself = asking();
    me = itself;
    show_next(itself);
    show_next(itself);
    show_next(itself);

    title("an error in an expression");
    gen_auto(long) failing = divided();
    show_next(failing);
    show_next(failing);
    show_next(failing);

    title("the state of a running expression");
    gen_auto(long) flag = running();
    me = flag;
    say("%s", state_name(gen_state(flag)));
    show_next(flag);
    say("%s", state_name(gen_state(flag)));

    title("None is an item");
    print((long)len(list(nothings())));

    title("an expression returns to its most recent caller");
    gen_auto(long) r = squares(5);
    show_next(r);
    for_each (x, r)
        say("caller %ld", x);
    show_list("passed on", passed_on(5));
}

static void show_searches(void) {
    title("any, all, min, max and count of a comprehension; any and all stop early");
    say_bool(any_of(touched(i) > 1, in(i, 10)));
    say_bool(all_of(touched(i) < 1, in(i, 10)));
    print(min_of(long, (i - 3) * (i - 3), in(i, 10), -1));
    print(max_of(long, i * 7 % 10, in(i, 10), -1));
    print(max_of(long, i, in(i, 0), -1));
    print((long)count_of(in(i, 10) if (i % 3 == 0)));
}

int main(void) {
    parity_begin();
    show_comprehensions();
    show_like_any_other();
    show_when();
    show_sources();
    show_searches();
    return 0;
}
