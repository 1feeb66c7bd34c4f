/* EXPECT: yield: the value and the items of this generator must both be structs, or neither */
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
