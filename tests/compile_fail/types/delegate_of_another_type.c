/* EXPECT: yield_from: the two generators have items of different types */
#include <lade/gen.h>
#include <lade/short.h>

generator(long, longs)
{ yield(1); }

generator(double, doubles)
{ yield(1); }

generator(double, delegates)
{
#ifdef CORRECT
    yield_from(doubles());
#else
    yield_from(longs());
#endif
}
