/*
 * Defines the generators of lade.
 */
#include "lade_body.h"

#include <lade/short.h>

generator(long, squares, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i * i);
}

generator(long, nested, long, n, long, depth)
{
    if (depth)
        yield_from(nested(n, depth - 1));
    else
        for (long i = 0; i < n; i++)
            yield(i * i);
}

static void count_closed(long **closed) {
    ++**closed;
}

generator(long, ones, long *, closed)
{
    lade_cleanup(count_closed) long *mine = closed;
    for (;;)
        yield(1);
}
