/* EXPECT: pointer from integer|integer to pointer conversion */
#include <lade/gen.h>
#include <lade/short.h>

generator(const char *, names)
{
#ifdef CORRECT
    yield("seven");
#else
    yield(7);
#endif
}
