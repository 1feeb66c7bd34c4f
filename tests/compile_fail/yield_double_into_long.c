/* EXPECT: yield: a floating value would be cut to the integers of this generator; cast it if you mean it */
#include <lade/gen.h>
#include <lade/short.h>

generator(long, halves, double, x)
{
#ifdef CORRECT
    yield((long)(x / 2));
#else
    yield(x / 2);
#endif
}
