/* A plugin that is linked with the static library of lade. The plugin must export only plugin_run(). */
#include <lade/lade.h>
#include <lade/short.h>

generator_static(long, squares, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i * i);
}

__attribute__((visibility("default"))) long plugin_run(long n);
long plugin_run(long n) {
    long total = 0;
    for_each (x, squares(n))
        total += x;
    return total;
}
