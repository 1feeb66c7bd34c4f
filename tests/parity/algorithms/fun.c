/* Tests generators that use other generators: a recursive sieve, Hamming numbers in three ways, and Fibonacci numbers
   that are computed from their own sequence. fun.py is the same program in Python. */
#include "parity.h"

/* Evaluates to the next item of g. If g has ended, returns from the body. */
#define NEXT_OR_END(g)         \
    __extension__({            \
        long *item_ = next(g); \
        if (!item_)            \
            return;            \
        *item_;                \
    })

static void say_first(gen(long) g, int n) {
    printf("[");
    for (int i = 0; i < n; i++)
        printf("%s%ld", i ? ", " : "", *next(g));
    puts("]");
}

static void say_first_of(gen_owned(long) owned, int n) {
    gen_auto(long) g = owned;
    say_first(g, n);
}

generator(long, ints_from, long, i)
{
    for (;; i++)
        yield(i);
}

generator(long, without_multiples, long, n, gen(long), ints)
{
    gen_auto(long) owned = ints;
    for_each (i, owned)
        if (i % n)
            yield(i);
}

generator(long, sieve, gen(long), ints)
{
    gen_auto(long) owned = ints;
    long prime = NEXT_OR_END(owned);
    yield(prime);
    gen(long) rest = owned;
    owned = NULL;
    yield_from(sieve(without_multiples(prime, rest)));
}

generator(long, sieve_by_loop, gen(long), ints)
{
    gen_auto(long) owned = ints;
    long prime = NEXT_OR_END(owned);
    yield(prime);
    gen(long) rest = owned;
    owned = NULL;
    for_each (p, sieve_by_loop(without_multiples(prime, rest)))
        yield(p);
}

generator(long, times, long, n, gen(long), g)
{
    gen_auto(long) owned = g;
    for_each (i, owned)
        yield(n * i);
}

generator(long, merged, gen(long), g, gen(long), h)
{
    gen_auto(long) owned_g = g;
    gen_auto(long) owned_h = h;
    long a = NEXT_OR_END(owned_g), b = NEXT_OR_END(owned_h);
    for (;;) {
        long low = a < b ? a : b;
        yield(low);
        if (a == low)
            a = NEXT_OR_END(owned_g);
        if (b == low)
            b = NEXT_OR_END(owned_h);
    }
}

generator(long, hamming)
{
    yield(1);
    yield_from(merged(merged(times(2, hamming()), times(3, hamming())), times(5, hamming())));
}

/* Stores the items of a generator, so that several readers can read them from the start. The source itself is one of
   the readers. */
struct lazy {
    gen(long) source;
    long kept[256];
    int n;
};

static long lazy_at(struct lazy *l, int i) {
    while (i >= l->n) {
        long item = *next(l->source);
        l->kept[l->n++] = item;
    }
    return l->kept[i];
}

generator(long, reader, struct lazy *, l)
{
    for (int i = 0;; i++)
        yield(lazy_at(l, i));
}

generator(long, hamming_of, struct lazy *, l)
{
    yield(1);
    yield_from(merged(merged(times(2, reader(l)), times(3, reader(l))), times(5, reader(l))));
}

generator(long, add, gen(long), g, gen(long), h)
{
    gen_auto(long) owned_g = g;
    gen_auto(long) owned_h = h;
    for (;;) {
        long a = NEXT_OR_END(owned_g);
        yield(a + NEXT_OR_END(owned_h));
    }
}

generator(long, tail, gen(long), g)
{
    gen_auto(long) owned = g;
    (void)NEXT_OR_END(owned);
    yield_from(owned);
}

generator(long, fibonacci_of, struct lazy *, l, long, a, long, b)
{
    yield(a);
    yield(b);
    yield_from(add(reader(l), tail(reader(l))));
}

/* The source reads from generators that tee() makes of the source itself. Such references form a cycle, and C has no
   garbage collector for cycles. So the caller owns these generators. */
generator(long, times_borrowed, long, n, gen(long), g)
{
    for_each (i, g)
        yield(n * i);
}

generator(long, hamming_of_tees, const lade_gen(long) *, tees)
{
    yield(1);
    yield_from(merged(times_borrowed(2, tees[0]), merged(times_borrowed(3, tees[1]), times_borrowed(5, tees[2]))));
}

static void show_tee(void) {
    lade_gen(long) tees[4] = {0};
    gen(long) source = hamming_of_tees(tees);
    if (tee(gen_move(source), 4, tees))
        return;
    for (int i = 0; i < 5; i++)
        say_first(tees[3], 15);
    gen_close(source); /* must come before gen_free(), because the source reads from these generators */
    for (int i = 0; i < 4; i++)
        gen_free(tees[i]);
}

int main(void) {
    parity_begin();
    title("first_n");
    say_first_of(ints_from(5), 7);
    say_first_of(without_multiples(3, ints_from(1)), 6);
    title("a recursive sieve");
    say_first_of(sieve(ints_from(2)), 20);
    say_first_of(sieve_by_loop(ints_from(2)), 20);
    title("times and merge");
    say_first_of(times(10, ints_from(1)), 10);
    say_first_of(merged(times(2, ints_from(1)), times(3, ints_from(1))), 12);

    title("Hamming numbers, with a separate sequence for each factor");
    gen_auto(long) own = hamming();
    for (int i = 0; i < 3; i++)
        say_first(own, 15);

    title("Hamming numbers, with one list that stores the items");
    struct lazy lazy = {0};
    lazy.source = hamming_of(&lazy);
    for (int i = 0; i < 5; i++) {
        printf("[");
        for (int j = 0; j < 15; j++)
            printf("%s%ld", j ? ", " : "", lazy_at(&lazy, 15 * i + j));
        puts("]");
    }
    gen_free(lazy.source);

    title("Fibonacci numbers, computed from the same sequence without its first item");
    struct lazy fib = {0};
    fib.source = fibonacci_of(&fib, 1, 2);
    say_first_of(reader(&fib), 17);
    gen_free(fib.source);

    title("Hamming numbers, with tee");
    show_tee();
    return 0;
}
