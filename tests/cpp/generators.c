/* Defines the generators of generators.h. */
#include "generators.h"

#include <lade/short_iter.h>

generator(long, c_count, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i);
}

static void count_closed(int **closed) {
    ++**closed;
}

generator(long, c_closing, int *, closed)
{
    lade_cleanup(count_closed) int *mine = closed;
    for (long i = 0;; i++)
        yield(i);
}

generator(struct c_point, c_points, long, n)
{
    for (long i = 0; i < n; i++)
        yield((struct c_point){i, -i});
}

generator(long, c_failing, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i);
    struct lade_error err;
    lade_error_set_subject(&err, LADE_EIO, "disk", "no space");
    lade_fail_with(&err);
}

generator(long, c_echo)
{
    long total = 0;
    for (long sent; (sent = yield(total)) >= 0;)
        total += sent;
    gen_return(-1);
}

generator(long, c_catching)
{ yield(try_yield(1)); }

static long twice(long x) {
    return 2 * x;
}

generator(long, c_doubled, gen_owned(long), from)
{
    yield_from(map(twice, from));
    yield(-1);
}

int c_sum_status(gen_owned(long) g, long *total, struct lade_error *err) {
    err->code = 0;
    *total = (long)sum(g, err);
    return err->code;
}
