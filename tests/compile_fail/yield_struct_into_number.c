/* EXPECT: yield: a struct where this generator has a number or pointer, or the other way round */
#include <lade/gen.h>
#include <lade/short.h>

struct point {
    int x, y;
};

generator(int, abscissas, struct point, p)
{
#ifdef CORRECT
    yield(p.x);
#else
    yield(p);
#endif
}
