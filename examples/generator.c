/* Shows a generator and five ways to use it. */
#include <lade/lade.h>
#include <lade/short_iter.h>

generator(long, fib) {
    for (long a = 0, b = 1;; b += a, a = b - a)
        yield(a);
}

int main(void) {
    for_each (x, fib()) {
        if (x > 50)
            break; /* closes the generator */
        printf("%ld ", x);
    }
    puts("");
    gen_auto(long) g = fib(); /* closed and freed at the end of the scope */
    for (long *p; (p = next(g)) && *p < 5;) /* NULL at the end, and after an error */
        printf("%ld ", *p);
    puts("");
    print(list(take(fib(), 10)));
    printf("%lld\n", sum(take(fib(), 50)));
    print(tuple_of(double, x / 2.0, each(x, take(fib(), 8)) if (x % 2)));
}
