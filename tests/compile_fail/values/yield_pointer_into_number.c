/* EXPECT: yield: the value is a pointer, but the items of this generator are no pointers */
#include <lade/gen.h>
#include <lade/short.h>

generator(long, values, long *, p)
{
#ifdef CORRECT
    yield(*p);
#else
    yield(p);
#endif
}
