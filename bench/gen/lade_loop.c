/*
 * Defines the loops over the generators of lade. With -DBENCH_ONE_FILE, this file also includes the generators, for the
 * reason given in cxx_loop.cpp.
 */
#include "bench.h"
#ifdef BENCH_ONE_FILE
#include "lade_body.c"
#else
#include "lade_body.h"
#endif

#include <lade/short_iter.h>

#include <stdlib.h>

static long drain(long n, long depth) {
    (void)depth;
    return sum(squares(n));
}

static long fill(long n, long depth) {
    (void)depth;
    list_auto(long) l = list(squares(n));
    return l ? l[n - 1] + (long)len(l) : -1;
}

static long pull(long n, long depth) {
    (void)depth;
    long total = 0;
    gen_auto(long) g = squares(n);
    for (long *p; (p = next(g));)
        total += *p;
    return total;
}

static long loop(long n, long depth) {
    (void)depth;
    long total = 0;
    for_each (x, squares(n))
        total += x;
    return total;
}

static long delegate_drain(long n, long depth) {
    return sum(nested(n, depth));
}

static long delegate_pull(long n, long depth) {
    long total = 0;
    gen_auto(long) g = nested(n, depth);
    for (long *p; (p = next(g));)
        total += *p;
    return total;
}

static long create_drain(long n, long depth) {
    (void)depth;
    long total = 0;
    for (long i = 0; i < n; i++)
        total += sum(squares(i & 3));
    return total;
}

static long create_pull(long n, long depth) {
    (void)depth;
    long total = 0;
    for (long i = 0; i < n; i++) {
        gen_auto(long) g = squares(i & 3);
        for (long *p; (p = next(g));)
            total += *p;
    }
    return total;
}

typedef gen(long) handle;

static handle *kept;
static long closed;

static long live_open(long n, long depth) {
    (void)depth;
    long total = 0;
    kept = calloc((size_t)n, sizeof *kept);
    for (long i = 0; kept && i < n; i++) {
        kept[i] = ones(&closed);
        const long *p = next(kept[i]);
        if (!p) {
            fprintf(stderr, "generator %ld: %s\n", i, gen_error(kept[i])->message);
            exit(1);
        }
        total += *p;
    }
    return total;
}

static long live_close(long n, long depth) {
    (void)depth;
    for (long i = 0; i < n; i++)
        gen_free(kept[i]);
    free(kept);
    return closed;
}

const struct bench_row bench_rows[] = {
    {"drain", drain},
    {"fill", fill},
    {"pull", pull},
    {"each", loop},
    {"delegate_drain", delegate_drain},
    {"delegate_pull", delegate_pull},
    {"create_drain", create_drain},
    {"create_pull", create_pull},
    {"live_open", live_open},
    {"live_close", live_close},
    {NULL, NULL},
};
