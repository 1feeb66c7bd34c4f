/* Tests the functions of itertools on small inputs. itertools.py is the same program in Python. */
#include "parity.h"

#include <lade/short_itertools.h>

struct tally {
    const char *word;
    long n;
};

static const char *const words[] = {"apple", "fig", "kiwi", "fig", "pear", "date", "fig", "plum", "apple"};

static long length(const char *s) {
    return (long)strlen(s);
}
static long last_digit(long x) {
    return x % 10;
}
static long negated(const struct tally *t) {
    return -t->n;
}
static bool is_odd(long x) {
    return x % 2;
}
static bool is_long(const char *s) {
    return strlen(s) > 3;
}
static bool falls(const long *a, const long *b) {
    return *a > *b;
}

/* Prints the lists or tuples of g, one per line. */
#define show(what, g)    \
    do {                 \
        title(what);     \
        for_each (x_, g) \
            print(x_);   \
    } while (0)

/* Prints the lists of each partition, one partition per line. */
#define show_parts(what, g)          \
    do {                             \
        title(what);                 \
        for_each (parts_, g) {       \
            say("%zu", len(parts_)); \
            for_each (x_, parts_)    \
                print(x_);           \
        }                            \
    } while (0)

#define fruits() from_array(words, (long)(sizeof words / sizeof *words))
#define digits() list_of(long, i *i % 7, in(i, 12))

static void sorting(void) {
    print(sorted(fruits()));
    print(sorted(digits()));
    print(sorted_by(length, fruits()));
    print(sorted_by(last_digit, map(last_digit, range(95, 115, 3))));
    print(reversed(fruits()));
    print(reversed(range(5)));
    print(reversed(range(0)));
    print(min_by(length, fruits()));
    print(max_by(length, fruits()));
    list_auto(struct tally) d = counter(struct tally, word, n, fruits());
    for_each (t, d)
        say("%s %ld", t.word, t.n);
    for_each (t, take(sorted_by(negated, d), 2))
        say("%s %ld", t.word, t.n);
    print(dict_get(d, word, "fig")->n);
}

static void groups(void) {
    show("groupby", groupby(digits()));
    show("groupby key", groupby(is_odd, digits()));
    show("groupby length", groupby(length, sorted_by(length, fruits())));
    show("split_at", split_at(is_odd, digits()));
    show("split_before", split_before(is_odd, digits()));
    show("split_after", split_after(is_odd, digits()));
    show("split_when", split_when(falls, digits()));
    show("split words", split_before(is_long, fruits()));
    show("split nothing", split_at(is_odd, range(0)));
    print(list(unique_everseen(fruits())));
    print(list(unique_everseen(length, fruits())));
    print(list(unique_everseen(digits())));
    print(list(unique_justseen(sorted(digits()))));
    print(list(unique_justseen(is_odd, digits())));
    print(count(unique_everseen(map(last_digit, range(100000)))));
}

static void combined(void) {
    show("product", product(range(2), range(3), range(5, 7)));
    show("product empty", product(range(2), range(0)));
    show("product repeat", product_repeat(from_array(words, 2), 3));
    show("product repeat 0", product_repeat(range(3), 0));
    show("permutations", permutations(range(3)));
    show("permutations of 2", permutations(from_array(words, 4), 2));
    show("permutations of 0", permutations(range(2), 0));
    show("permutations of too many", permutations(range(2), 3));
    show("permutations of nothing", permutations(range(0)));
    show("combinations", combinations(range(5), 3));
    show("combinations of 0", combinations(range(5), 0));
    show("combinations of too many", combinations(range(2), 3));
    show("with replacement", combinations_with_replacement(range(3), 2));
    show("with replacement of nothing", combinations_with_replacement(range(0), 2));
    show("powerset", powerset(range(4)));
    print(count(permutations(range(8), 5)));
    print(count(combinations(range(20), 6)));
    long total = 0;
    for_each (p, permutations(range(7)))
        total = (total * 31 + p[0] * 7 + p[3] * 3 + p[6]) % 1000003;
    print(total);
}

static void partitioned(void) {
    show("distinct", distinct_permutations(list_of(long, i *i % 3, in(i, 5))));
    show("distinct 2", distinct_permutations(fruits(), 2));
    show("distinct 0", distinct_permutations(range(3), 0));
    show("distinct of too many", distinct_permutations(range(2), 3));
    show("distinct of nothing", distinct_permutations(range(0)));
    print(count(distinct_permutations(list_of(long, i % 3, in(i, 9)), 6)));
    show("circular_shifts", circular_shifts(from_array(words, 4)));
    show("circular_shifts of nothing", circular_shifts(range(0)));
    show_parts("partitions", partitions(from_array(words, 4)));
    show_parts("partitions of nothing", partitions(range(0)));
    show_parts("partitions of one", partitions(range(1)));
    show_parts("set_partitions", set_partitions(range(5)));
    show_parts("set_partitions 3", set_partitions(from_array(words, 5), 3));
    show_parts("set_partitions of too many", set_partitions(range(2), 3));
    show_parts("set_partitions of nothing", set_partitions(range(0)));
    print(count(set_partitions(range(9))));
    print(count(set_partitions(range(8), 4)));
    print(count(partitions(range(12))));
}

static void others(void) {
    print(list(numeric_range(3)));
    print(list(numeric_range(1, 2.5, 0.25)));
    print(list(numeric_range(0, 1, 0.1)));
    print(list(numeric_range(2, -1, -0.5)));
    print(list(numeric_range(2, -1)));
    print(list(filterfalse(is_odd, range(9))));
    print(list(compress(fruits(), map(is_odd, range(7)))));
    print(list(compress(range(9), list_of(int, i % 3, in(i, 20)))));
    print(list(intersperse(0, range(1, 5))));
    print(list(intersperse(0, range(0))));
    print(list(prepend("start", fruits())));
    print(list(take(prepend(-1, count_from(0, 2)), 4)));
}

struct numbered {
    long i;
    const char *word;
};

static bool is_below(const long *x, const long *limit) {
    return *x < *limit;
}
static void shifted(const long *x, double *result, const double *by) {
    *result = (double)*x + *by;
}
static long weighted(long total, long x, const long *weight) {
    return total * *weight + x;
}
static int by_last_digit(const long *a, const long *b) {
    return (int)(*a % 10 - *b % 10);
}

static void contexts(void) {
    long limit = 4, weight = 10;
    double by = 0.5;
    print(list(filter_with(is_below, &limit, digits())));
    print(list(take_while_with(is_below, &limit, range(9))));
    print(list(drop_while_with(is_below, &limit, chain(range(6), range(3)))));
    print(list(map_with(double, shifted, &by, range(4))));
    print(reduce_with(weighted, &weight, range(1, 6), 0L));
}

generator_over_2_static(double, alternating, long, a, double, b, long, n) {
    for_each (x, a) {
        yield((double)(x * n));
        double *y = next(b);
        if (!y)
            return;
        yield(*y);
    }
}

static void several(void) {
    enum { SOURCES = 20 };
    gen_owned(long) gens[SOURCES];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < SOURCES; i++)
            gens[i] = range(i, 3 * i, 1 + i % 4);
        print(list(round == 0   ? chain_all(gens, SOURCES)
                   : round == 1 ? interleave_all(gens, SOURCES)
                                : merge_all(gens, SOURCES)));
    }
    print(list(chain_all(gens, 0)));
    print(list(merge_by(by_last_digit, list_of(long, 10 - i, in(i, 9) if (i)), range(20, 25))));
    for_each (x, enumerate_from(struct numbered, 5, from_array(words, 3)))
        say("%ld %s", x.i, x.word);
    for_each (x, zip_longest(struct numbered, ((struct numbered){-1, "-"}), range(2), from_array(words, 4)))
        say("%ld %s", x.i, x.word);
    for_each (x, zip_longest(struct numbered, ((struct numbered){-1, "-"}), range(3), from_array(words, 1)))
        say("%ld %s", x.i, x.word);
    print(list(alternating(range(4), numeric_range(2), 10L)));
}

static void looking_ahead(void) {
    gen_auto(long) p = peekable(range(6));
    print(*peek(p));
    print(*peek(p));
    print(*next(p));
    print(spy(p, 3));
    print(*next(p));
    put_back(p, 70L);
    print(*peek(p));
    print(spy(p, 99));
    print(list(p));
    print(peek(p) ? 1 : 0);
    gen_auto(long) s = seekable(range(6));
    for (int i = 0; i < 3; i++)
        print(*next(s));
    seek(s, 1);
    print(spy(s, 99));
    seek(s, 5);
    print(*next(s));
    seek(s, 0);
    print(*peek(s));
    seek(s, 99);
    print(peek(s) ? 1 : 0);
    seek(s, 2);
    print(list(s));
}

int main(void) {
    parity_begin();
    sorting();
    groups();
    combined();
    partitioned();
    others();
    contexts();
    several();
    looking_ahead();
}
