/* EXPECT: yield: the value and the items must both be structs, or both be numbers or pointers */
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
