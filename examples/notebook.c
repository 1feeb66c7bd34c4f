/*
 * Contains C versions of the cells of a Python notebook about generators. docs/tutorial.md explains the code. A test
 * compares the output with the output of the same cells in Python.
 */
#include <lade/flow.h>
#include <lade/lade.h>
#include <lade/short_iter.h>
#include <stdlib.h>

static void cell(const char *title) {
    printf("# %s\n", title);
}

/* ---- An endless generator. It computes an item at each request, and keeps its variables between requests. ---- */

generator(long, fib) {
    long a = 0, b = 1;
    for (;;) {
        yield(b);
        long t = a + b;
        a = b;
        b = t;
    }
}

static void endless(void) {
    cell("the first 10 of an endless generator");
    gen_auto(long) g = fib();
    long *p;
    for (int i = 0; i < 10 && (p = next(g)); i++)
        printf("%ld ", *p);
    puts("");
}

/* ---- A generator that ends ---- */

generator(long, nsquared, long, n) {
    while (n > 0) {
        yield(n * n);
        n--;
    }
}

static void exhausted(void) {
    cell("a loop over a generator; afterwards it is exhausted");
    gen_auto(long) g = nsquared(10);
    for_each (x, g)
        printf("%ld ", x);
    puts("");
    for (int i = 0; i < 2; i++)
        puts(next(g) ? "an item" : "StopIteration");
}

/* ---- Sums. A list needs memory for all items, and a generator needs memory for one item. ---- */

static long peak_kib(void) {
    long kib = 0;
    for_each (line, lines("/proc/self/status"))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    return kib;
}

static void sums(void) {
    const long million = 1000000;
    cell("the sum of a million squares, as a generator and as a list");
    long before = peak_kib();
    printf("%lld\n", sum(nsquared(million)));
    long generator_kib = peak_kib() - before;
    list_auto(long) squares = list_of(long, i * i, in(i, 1, million + 1));
    printf("%lld\n", sum(from_array(squares, million)));
    long list_kib = peak_kib() - before;
    puts(list_kib > generator_kib + 4096 ? "the list took more memory" : "no difference");
    fprintf(stderr, "peak memory: %ld KiB more for the generator, %ld KiB for the list\n", generator_kib, list_kib);
}

/* ---- Generator expressions ---- */

genexpr(long, squares, i * i, in(i, n), long, n)

static void generator_expressions(void) {
    cell("(i**2 for i in range(11))");
    gen_auto(long) g = squares(11);
    long *p;
    for (int i = 0; i < 2 && (p = next(g)); i++)
        printf("%ld ", *p);
    for_each (x, g)
        printf("%ld ", x);
    puts("");
}

/* ---- Containers. Each container needs a new generator, because a consumed generator has no items. ---- */

static void containers(void) {
    cell("tuple, list and set of nsquared(10)");
    print(tuple(nsquared(10)));
    print(list(nsquared(10)));
    print(set(nsquared(10)));
}

/* ---- Comprehensions ---- */

static void comprehensions(void) {
    cell("a filter, a conditional value, two loops");
    print(list_of(long, i * i, in(i, 11) if (i <= 5)));
    print(list_of(long, i <= 5 ? i * i : 1, in(i, 11)));
    print(reshape(array_of(long, i < j ? i * i + j * j : i + j, in(i, 3) in(j, 3)), 3, 3));
}

/* ---- Delegation ---- */

generator(long, geom, long, n) {
    for (long a = 1; n--; a *= 2)
        yield(a);
}

generator(long, constant, long, n) {
    while (n--)
        yield(-1);
}

generator(long, master_sequence, long, n) {
    yield_from(take(fib(), n));
    yield_from(geom(n));
    yield_from(constant(n));
}

static void delegation(void) {
    cell("yield from three generators");
    list_auto(long) l = list(master_sequence(5));
    print(l);
    printf("%zu\n", len(l));
}

/* ---- A directory of images as a generator of batches that does not end ---- */

static int directory(const char *path) {
    cell("a directory of images");
    struct lade_error err = {0};
    struct lade_flow_options options = {.target_size = {32, 32}, .batch_size = 8, .seed = 1};
    lade_flow *flow = lade_flow_from_directory(path, &options, &err);
    if (flow) {
        gen_auto(struct lade_batch *) batches = lade_flow_batches(flow);
        for_each (b, take(batches, lade_flow_steps(flow) + 1), &err) /* an epoch, and the first batch of the next epoch */
            printf("epoch %ld step %ld: %ld images\n", (long)b->epoch, (long)b->step, (long)b->n);
    }
    lade_flow_free(flow);
    if (err.code)
        fprintf(stderr, "%s\n", err.message);
    return err.code != 0;
}

int main(int argc, char **argv) {
    lade_explain_overflow();
    endless();
    exhausted();
    sums();
    generator_expressions();
    containers();
    comprehensions();
    delegation();
    return argc > 1 ? directory(argv[1]) : EXIT_SUCCESS;
}
