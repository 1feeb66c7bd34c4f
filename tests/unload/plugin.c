/*
 * A plugin that uses generators. host.c loads it with dlopen().
 */
#include <lade/gen.h>

lade_generator(long, counts, long, n)
{
    for (long i = 1; i <= n; i++)
        lade_yield(i);
}

__attribute__((visibility("default"))) long plugin_run(long generators);

/* Starts @generators generators and pulls the first item of each. Then drains one more generator. Returns the sum of
   all these items, or -1 on an error. */
long plugin_run(long generators) {
    enum { MOST = 100 };
    lade_gen(long) g[MOST];
    long total = 0, started = 0;
    for (; started < generators && started < MOST; started++) {
        g[started] = counts(3);
        const long *item = lade_next(g[started]);
        total = item && total >= 0 ? total + *item : -1;
    }
    lade_for_each (x, counts(3))
        total += total < 0 ? 0 : x;
    for (long i = 0; i < started; i++)
        lade_gen_free(g[i]);
    return total;
}
