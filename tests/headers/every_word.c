/*
 * Uses most names that short_iter.h defines. This file is compiled with many warnings as errors, and is not linked.
 */
#include <lade/lade.h>

#include <lade/short_iter.h>

#undef step /* this file defines a function with this name */

struct pair {
    long a, b;
};
struct point {
    int x, y;
};

int step(int x);
int step(int x) {
    return x + 1;
}

static bool odd(long x) {
    return (x & 1) != 0;
}
static long inc(long x) {
    return x + 1;
}
static long add(long a, long b) {
    return a + b;
}
static void second(const long *const *window, long *result) {
    *result = (*window)[1];
}

generator(long, numbers, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i);
}
generator(struct point *, points)
{
    struct point local = {1, 2};
    yield(&local);
}
generator(const char *, words)
{
    char buffer[8] = "word";
    auto_cleanup(freep) char *unused = NULL;
    yield(buffer);
}
generator(char *, texts)
{
    char buffer[8] = "text";
    yield(buffer);
}
generator(long, nested, size_t, n)
{
    yield_from(numbers((long)n));
    yield_from(range(3));
    (void)try_yield(4);
    if (n > 100)
        fail("%zu is too many", n);
    gen_return(5);
}
generator_over(long, doubled, long, source) {
    for_each (x, source)
        yield(2 * x);
}
genexpr(long, squares, i *i, in(i, n) if (i % 2 == 1), long, n)
generator_static(long, hidden)
{ yield(1); }

void consume(void);
void consume(void) {
    gen_auto(long) g = nested(3);
    gen_auto(long) never_used = NULL;
    list_auto(int) ints = list_of(int, (int)i, in(i, 5));
    size_t n = len(ints);
    int plain[3] = {1, 2, 3};
    const long constant[2] = {1, 2};
    long *p = next(g);
    print(p ? *p : 0);
    for_each (x, range((long)n))
        print(x);
    for_each (x, from_array(ints, (long)len(ints)))
        print(x);
    print(sum(from_array(plain)) + (long long)sum(from_array(constant)));
    print(list(take(map(inc, filter(odd, chain(numbers(3), chain(numbers(4), range(2))))), 10)));
    print(tuple(merge(merge(numbers(2), numbers(3)), interleave(numbers(2), range(2)))));
    print(set(drop(take_while(odd, drop_while(odd, accumulate(accumulate_by(add, doubled(squares(9)))))), 1)));
    print(count(zip(struct pair, numbers(3), numbers(3))));
    print(list(map_to(long, second, pairwise(numbers(3)))));
    print(max(cycle(take(shuffle(numbers(3), 2, 1), 1))) > 1 ? any(hidden()) : all(hidden()));
    (void)step(1);
}
