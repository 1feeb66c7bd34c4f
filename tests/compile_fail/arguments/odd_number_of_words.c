/* EXPECT: every argument needs a type and a name; at most 8 arguments */
#include <lade/gen.h>
#include <lade/short.h>

#ifdef CORRECT
generator(long, ones, int, n)
#else
generator(long, ones, n)
#endif
{
    while (n--)
        yield(1);
}
