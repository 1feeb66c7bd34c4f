/* EXPECT: every argument needs a type and a name, 8 arguments at most */
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
