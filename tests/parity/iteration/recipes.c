/* Tests combinations of lade's functions that do the same as recipes of itertools and functions of more-itertools.
   docs/itertools.md lists the recipes. recipes.py is the same program in Python. */
#include "parity.h"

#include <lade/short_itertools.h>

struct pair {
    long i, x;
};
struct product_of {
    long a, b;
};

static bool is_odd(long x) {
    return x % 2;
}
static bool is_small(long x) {
    return x < 3;
}
static long square(long x) {
    return x * x;
}
static bool has_four(const struct pair *p) {
    return p->x == 4;
}
static long index_of(const struct pair *p) {
    return p->i;
}
static void difference_of(const long *const *two, long *result) {
    *result = (*two)[1] - (*two)[0];
}
static bool gap(const long *a, const long *b) {
    return *b != *a + 1;
}
static long doubled(long so_far, long unused) {
    (void)unused;
    return 2 * so_far;
}
static double horner(double so_far, double coefficient, const double *x) {
    return so_far * *x + coefficient;
}
static long second_of(const struct pair *p) {
    return p->x;
}
static void three_times(const long *x, gen_owned(long) * result) {
    *result = repeat(*x, 3);
}

#define digits() list_of(long, i *i % 7, in(i, 12))
#define BOOL(x)  puts((x) ? "True" : "False")

static void recipes(void) {
    list_auto(long) l = digits();
    const long n = (long)len(l);
    print(list(take(map(square, count_from(3, 1)), 4)));
    print(list(take(cycle(l), 2 * n)));
    print(reversed(take(reversed(l), 3)));
    gen_auto(long) g = range(9);
    print(count(take(g, 4)));
    print(list(g));
    print(nth(l, 2, -1L));
    print(nth(l, 99, -1L));
    print(count(filter(is_odd, l)));
    print(first(filter(is_odd, l), 77L));
    print(first(filter(is_odd, range(0)), 77L));
    BOOL(count(take(groupby(l), 2)) < 2);
    BOOL(count(take(groupby(repeat(4L, 5)), 2)) < 2);
    BOOL(count(take(groupby(range(0)), 2)) < 2);
    print(list(unique_justseen(sorted(l))));
    for_each (w, window(l, 10))
        print(list(from_array(w, 10)));
    for_each (b, batched(l, 5))
        print(b);
    print(list(interleave(range(3), range(10, 12), range(20, 26))));
    print(list(filterfalse(is_odd, l)));
    print(list(filter(is_odd, l)));
    print(list(map(index_of, filter(has_four, enumerate(struct pair, l)))));
    print(sum_of(long, x *x, each(x, l)));
    print(sum_of(long, p.a *p.b, each(p, zip(struct product_of, l, range(n)))));
    list_auto(double) c = list_of(double, i + 0.5, in(i, 4));
    double x = 2;
    print(reduce_with(horner, &x, c, 0.0));
}

static void cutting(void) {
    list_auto(long) l = digits();
    const long n = (long)len(l), steps[] = {1, 2, 3, 7, 8, 20};
    print(last(take(l, 5), -1L));
    print(last(take(l, 99), -1L));
    BOOL(count(take(filter(is_odd, l), 5)) == 4);
    BOOL(count(take(filter(is_odd, l), 3)) == 2);
    BOOL(count(unique_everseen(l)) == (long long)len(l));
    BOOL(count(unique_everseen(range(9))) == 9);
    BOOL(all_of(l[i - 1] <= l[i], in(i, 1, n)));
    print(min(l));
    print(max(l));
    print(list_of(long, i, in(i, n) if (is_odd(l[i]))));
    print(reversed(list_of(long, i, in(i, n) if (is_odd(l[i])))));
    print(list(drop_while(is_small, l)));
    print(reversed(drop_while(is_small, reversed(l))));
    print(reversed(drop_while(is_small, reversed(drop_while(is_small, l)))));
    print(list(take(chain(l, repeat(-1L)), 15)));
    print(list(take(chain(range(3), repeat(2L)), 6)));
    print(list(flat(map_to(gen_owned(long), three_times, range(4)))));
    for_each (run, groupby(sorted(l)))
        say("%ld %zu", run[0], len(run));
    for_each (run, split_when(gap, from_array(steps)))
        print(run);
    for_each (group, groupby(is_odd, sorted_by(is_odd, l)))
        print(group);
    for_each (t, counter(struct pair, x, i, l))
        if (t.i > 1)
            say("%ld", t.x);
    print(list(map(second_of, sorted_by(index_of, zip(struct pair, l, range(n))))));
    print(list(map_to(long, difference_of, pairwise(l))));
    print(list(take(accumulate_by(doubled, repeat(3L)), 6)));
    print(list(chain(l, repeat(9L, 1))));
    for_each (p, zip(struct product_of, l, drop(l, 2)))
        say("%ld %ld", p.a, p.b);
    for (long i = 0; i < 3; i++)
        print(list(step(drop(l, i), 3)));
    for_each (cut, combinations(range(4), 2))
        print(list(from_array(l + cut[0], cut[1] - cut[0])));
    gen_auto(long) p = peekable(range(4));
    for (bool first_one = true; peek(p); first_one = false) {
        long item = *next(p);
        say("%d %d %ld", first_one, !peek(p), item);
    }
}

int main(void) {
    parity_begin();
    recipes();
    cutting();
}
