/* EXPECT: yield: a floating-point value would lose its fraction; cast it to the integer type of the items */
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
